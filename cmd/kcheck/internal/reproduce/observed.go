package reproduce

import (
	"strconv"

	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// observed is the part of a state of the model that a result shows, by name: "b1.log".
type observed map[string]model.Value

// apply changes the state as a step does.
func (o observed) apply(s *verdict.Step) {
	for _, c := range s.Changes {
		o[c.What] = c.To
	}
}

// has says whether the model follows a part of the state.
func (o observed) has(name string) bool {
	_, followed := o[name]
	return followed
}

// number is the value of an offset or count; not ok where it is none, or a word, or not followed.
func (o observed) number(name string) (n int, ok bool) {
	v := o[name]
	if v.Number == nil {
		return 0, false
	}
	return *v.Number, true
}

// phase is where a message stands in the producer.
func (o observed) phase(m model.MessageID) string { return o[m.String()].Word }

// is says whether a message stands in a phase.
func (o observed) is(m model.MessageID, phase model.Phase) bool { return o.phase(m) == phase.String() }

// leader is the broker that the controller made leader; 0 for none.
func (o observed) leader() int { return int(o["leader"].Broker) }

// isr is the in-sync set, in order.
func (o observed) isr() []int {
	set := []int{}
	for _, b := range o["isr"].Brokers {
		set = append(set, int(b))
	}
	return set
}

// role is what a broker takes itself for.
func (o observed) role(b int) model.Role {
	if r := o[ofBroker(b, "role")].Role; r != nil {
		return *r
	}
	return model.Role{}
}

// log is a broker's log; not followed where the model does not say it.
func (o observed) log(b int) (log []model.Entry, followed bool) {
	name := ofBroker(b, "log")
	return o[name].Log, o.has(name)
}

// ofBroker names a part of a broker's state.
func ofBroker(b int, part string) string { return "b" + strconv.Itoa(b) + "." + part }

// phaseChange is what a step changed of a message's phase, in the words of [model.Phase].
type phaseChange struct {
	message  model.MessageID
	from, to string
}

// phaseChanges are the changes of messages' phases in a step, in the order of the messages.
func phaseChanges(s *verdict.Step) []phaseChange {
	var all []phaseChange
	for _, c := range s.Changes {
		var m model.MessageID
		if c.Kind == model.KindPhase && m.UnmarshalText([]byte(c.What)) == nil {
			all = append(all, phaseChange{m, c.From.Word, c.To.Word})
		}
	}
	return all
}
