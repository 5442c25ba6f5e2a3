package repair

import (
	"slices"
	"strconv"
	"strings"

	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// Change is one setting changed.
type Change struct {
	Key    string         `json:"key"` // with its part
	From   string         `json:"from"`
	To     string         `json:"to"`
	Source string         `json:"source"` // where the old value comes from
	Cost   kafkaconf.Cost `json:"-"`

	at      formats.Position // of the old value, where it is written in a file
	setting int              // index into the lattice
	implied []implied        // what changes along with it
}

// implied is a setting that Kafka changes along with another.
type implied struct {
	key, value string
	cost       kafkaconf.Cost
}

// flag is the change as --set takes it.
func (c *Change) flag() string { return c.Key + "=" + c.To }

// key is the setting without its part.
func (c *Change) key() string {
	_, key, _ := strings.Cut(c.Key, ".")
	return key
}

// part is the part that the setting is in.
func (c *Change) part() kafkaconf.Part {
	part, _, _ := strings.Cut(c.Key, ".")
	return kafkaconf.Part(part)
}

// candidates lists the changes of single settings that a configuration allows, in the order of the lattice. Changes that
// make no difference to the model on their own, in a setting that Kafka does not read in this version, are left out.
func candidates(request kafkaconf.Request, resolved *kafkaconf.Resolved, o Options) []Change {
	kind := kafkaconf.Sink
	if resolved.Config.App.OutputKafka {
		kind = kafkaconf.Transfer
	}
	var all []Change
	for i := range settings {
		s := &settings[i]
		e := find(s, resolved.Effective)
		if s.Only != kafkaconf.Any && s.Only != kind {
			continue
		}
		from, key, source, at := "", s.Names[0], "default", formats.Position{}
		switch {
		case e != nil:
			from, key, source, at = e.Value, e.Name(), e.Source, e.At
			if !e.Given && e.Part != kafkaconf.Controller && sharedKey(s.Names[0]) {
				key = s.Names[0]
			}
		case s.Names[0] != "producer.transactional.id" && s.Names[0] != "topic.flush.messages":
			continue // this client or version has no such setting
		}
		for _, p := range s.Prices {
			c := Change{Key: key, From: from, To: wordFor(resolved, key, p.Value), Source: source, Cost: p.Cost, at: at, setting: i}
			if !strings.EqualFold(c.To, from) && allowed(c.part(), o.Parts) && (o.flips || !fewerReplicas(&c)) && matters(request, resolved, &c) {
				all = append(all, c)
			}
		}
	}
	return all
}

// wordFor is a value as the client that reads the setting writes it.
func wordFor(resolved *kafkaconf.Resolved, name, value string) string {
	client := resolved.Config.Prod.Client
	if strings.HasPrefix(name, string(kafkaconf.Consumer)) || strings.HasPrefix(name, string(kafkaconf.Downstream)) {
		client = resolved.Config.Cons.Client
	}
	return kafkaconf.WordFor(client, name, value)
}

// sharedKey says that topics and servers both have the setting; a default of the server is changed for the topic alone.
func sharedKey(name string) bool {
	return strings.HasPrefix(name, "topic.") && name != "topic.replication.factor"
}

// fewerReplicas says that a change takes copies away: that is no repair, whatever it does to a guarantee.
func fewerReplicas(c *Change) bool {
	if c.key() != "replication.factor" && c.key() != "default.replication.factor" {
		return false
	}
	from, errFrom := strconv.Atoi(c.From)
	to, errTo := strconv.Atoi(c.To)
	return errFrom == nil && errTo == nil && to < from
}

func allowed(p kafkaconf.Part, parts []kafkaconf.Part) bool {
	return len(parts) == 0 || slices.Contains(parts, p)
}

// matters says that the change alone can be read, and makes another model or is refused alone: then it may still be of
// use together with others.
func matters(request kafkaconf.Request, resolved *kafkaconf.Resolved, c *Change) bool {
	after, err := kafkaconf.Load(with(request, []Change{*c}))
	problems := kafkaconf.ProblemsOf(after, err)
	if after == nil {
		return onlyContradicts(problems)
	}
	c.imply(resolved, after)
	return len(after.Refused) > 0 || after.Config != resolved.Config
}

// imply notes what Kafka changes along with a setting, such as the default of acks with enable.idempotence=true, and adds
// what that costs.
func (c *Change) imply(before, after *kafkaconf.Resolved) {
	for i := range settings {
		was, is := find(&settings[i], before.Effective), find(&settings[i], after.Effective)
		if i == c.setting || was == nil || is == nil || was.Value == is.Value {
			continue
		}
		for _, p := range settings[i].Prices {
			if p.Value == is.Value || wordFor(after, is.Name(), p.Value) == is.Value {
				c.implied = append(c.implied, implied{is.Name(), is.Value, p.Cost})
			}
		}
	}
}

// onlyContradicts says that what is wrong is how settings fit together, which a further change can mend.
func onlyContradicts(problems kafkaconf.Problems) bool {
	for _, p := range problems {
		if p.Severity == kafkaconf.Failure && !p.Contradiction {
			return false
		}
	}
	return true
}

// with is the request with changes made.
func with(request kafkaconf.Request, changes []Change) kafkaconf.Request {
	request.Set = slices.Clone(request.Set)
	for i := range changes {
		request.Set = append(request.Set, changes[i].flag())
	}
	return request
}

// cost is the total cost of a set of changes.
func cost(changes []Change) int {
	n := 0
	for i := range changes {
		n += changes[i].Cost.Total()
		for _, along := range changes[i].implied {
			n += along.cost.Total() - along.cost.Effort // nobody has to write it
		}
	}
	return n
}
