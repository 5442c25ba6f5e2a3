package verdict

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model"
)

// Danger is a setting of which every guide to Kafka warns, and which a budget under which the guarantee holds cannot put to
// the test.
type Danger struct {
	Key   string `json:"key"` // with its part
	Value string `json:"value"`
	Text  string `json:"text"` // what can happen, in Kafka's words
	// Faults is a budget with which it can.
	Faults map[string]int `json:"faults"`
}

// danger is an entry of the list of such settings.
type danger struct {
	keys  []string // its names; of several that a result has, the first that was read counts
	is    func(c *model.Config, value string) bool
	text  string
	needs func(c *model.Config) model.Budget // the fewest faults
}

// lags is a budget in which so many replicas are left in the in-sync set, and then something happens to each of them.
func lags(c *model.Config, left int, then model.FaultKind) (b model.Budget) {
	b[model.ReplicaLag] = uint8(max(0, c.Topic.Replicas-left))
	b[then] = uint8(left)
	return b
}

func once(kind model.FaultKind) func(*model.Config) model.Budget {
	return func(*model.Config) (b model.Budget) {
		b[kind] = 1
		return b
	}
}

// Sources: Kafka's documentation of each setting and its chapter on availability and durability guarantees.
var dangers = []danger{
	{
		keys: []string{"topic.unclean.leader.election.enable", "broker.unclean.leader.election.enable", "controller.unclean.leader.election.enable"},
		is: func(c *model.Config, _ string) bool {
			return c.Topic.UncleanElection && c.B.HonoursUnclean && c.Topic.Replicas > 1
		},
		text: "a replica that is not in the in-sync set may become leader, and what only the in-sync replicas have is then truncated",
		needs: func(c *model.Config) model.Budget {
			return lags(c, min(c.Topic.MinISR, c.Topic.Replicas-1), model.BrokerCrash)
		},
	},
	{
		keys: []string{"topic.min.insync.replicas", "broker.min.insync.replicas", "controller.min.insync.replicas"},
		is: func(c *model.Config, _ string) bool {
			return c.Topic.MinISR == 1 && c.Topic.Replicas > 1 && c.Prod.Acks == model.AcksAll
		},
		text:  "with acks=all a write is acknowledged by the leader alone once its followers have left the in-sync set; that copy may be lost",
		needs: func(c *model.Config) model.Budget { return lags(c, 1, model.DiskLoss) },
	},
	{
		keys:  []string{"broker.offsets.topic.replication.factor"},
		is:    func(_ *model.Config, value string) bool { return value == "1" },
		text:  "the group's committed offsets are on one broker: when it is lost they are gone, and auto.offset.reset decides where the group goes on",
		needs: once(model.OffsetLost),
	},
	{
		keys: []string{"topic.retention.ms", "broker.log.retention.ms", "broker.log.retention.minutes", "broker.log.retention.hours"},
		is: func(_ *model.Config, value string) bool {
			return len(value) > 0 && value != "-1" && value[0] != '-'
		},
		text:  "records are deleted when they are that old, also those that a group which was away for longer has not read",
		needs: once(model.Retention),
	},
}

// dangersOf lists the dangerous settings that the budget of a question does not put to the test. Settings that nobody wrote
// are not among them, but for min.insync.replicas, whose default is the danger.
func dangersOf(q *Question) []Danger {
	var list []Danger
	c := &q.Config
	for i := range dangers {
		d := &dangers[i]
		at := slices.IndexFunc(q.Settings, func(s Setting) bool {
			return slices.Contains(d.keys, s.Key) && d.is(c, s.Value) && (s.Origin == Given || s.Key == "topic.min.insync.replicas" && s.Read)
		})
		needs := d.needs(c)
		if at < 0 || within(needs, c) {
			continue
		}
		s := q.Settings[at]
		list = append(list, Danger{s.Key, s.Value, d.text, faultsOf(needs)})
	}
	return list
}

// faultsOf names a set of faults.
func faultsOf(b model.Budget) map[string]int {
	counts := make([]int, len(b))
	for kind, n := range b {
		counts[kind] = int(n)
	}
	return faultMap(counts)
}

// within says that a budget allows a set of faults.
func within(set model.Budget, c *model.Config) bool {
	for kind, n := range set {
		if n > c.Faults[kind] {
			return false
		}
	}
	return c.Faults.HasAny() || set.Total() <= c.MostFaults()
}

// Sentence says what a danger is and how to see it, in a sentence.
func (d *Danger) Sentence() string {
	return fmt.Sprintf("%s=%s: %s; --faults %s lets it happen", shortName(d.Key), Readable(d.Key, d.Value), d.Text, flagOf(d.Faults))
}

// flagOf writes a set of faults as --faults takes it.
func flagOf(set map[string]int) string {
	var parts []string
	for _, kind := range model.FaultKinds(nil) {
		if n := set[kind.String()]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s=%d", kind, n))
		}
	}
	return strings.Join(parts, ",")
}
