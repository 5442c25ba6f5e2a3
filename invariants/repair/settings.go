package repair

import (
	"slices"

	"github.com/kcheck/kcheck/model/kafkaconf"
)

// Setting is a setting that a repair may change, under the names that it has in different clients and parts.
type Setting struct {
	Names  []string // with part; the first is where it goes when nobody has given it
	Values []Value
	// Only says for which kind of configuration the setting matters at all.
	Only Kind
}

// Kind is a kind of configuration.
type Kind uint8

// The kinds.
const (
	Any      Kind = iota
	Transfer      // with app.output: kafka
	Sink          // with app.output: none
)

// Value is a value that a setting may be changed to, and what that costs.
type Value struct {
	Text string
	Cost Cost
}

// Cost is what a change costs, by ranks from 0 to 3 that the table in costs.md explains, and in words.
type Cost struct {
	Effort, Latency, Throughput int
	Risk                        int // what protection the value gives up, beyond the guarantees asked for
	Text                        string
	Source                      string
}

// Total is the rank by which changes are compared.
func (c Cost) Total() int { return c.Effort + c.Latency + c.Throughput + c.Risk }

// Settings is the lattice: every setting that may be changed, and every value that it may be changed to, in a fixed
// order.
func Settings() []Setting { return slices.Clone(settings) }

// The settings that have names of their own in the clients' dialects take the dialect's word for a value.
var words = map[string]map[string]string{
	"producer.request.required.acks":         {"all": "-1"},
	"producer.queue.enqueue.timeout.ms":      {"9223372036854775807": "-1"},
	"consumer.auto.commit.enable":            {},
	"topic.replication.factor":               {},
	"broker.log.flush.interval.messages":     {},
	"broker.unclean.leader.election.enable":  {},
	"controller.min.insync.replicas":         {},
	"broker.default.replication.factor":      {},
	"producer.message.send.max.retries":      {"2147483647": "10000000"},
	"consumer.auto.offset.reset (scala-0.8)": {"earliest": "smallest", "latest": "largest"},
}

// textFor is the value as a setting of that name takes it.
func (v Value) textFor(name string, scala bool) string {
	if scala && name == "consumer.auto.offset.reset" {
		name += " (scala-0.8)"
	}
	if word, found := words[name][v.Text]; found {
		return word
	}
	return v.Text
}

// find is the effective setting behind one of the names; nil where the configuration has none.
func (s *Setting) find(effective []kafkaconf.EffectiveSetting) *kafkaconf.EffectiveSetting {
	for i := range effective {
		if e := &effective[i]; e.Read && slices.Contains(s.Names, e.Name()) {
			return e
		}
	}
	return nil
}
