package model

import (
	"sync"

	"github.com/kcheck/kcheck/explore"
)

// Step is one transition between two states as data: all that programs need to know of it. Sentences are made from it and
// never read.
type Step struct {
	Action  string
	Actor   string // producer, consumer, controller, network ..., or the name of a broker
	Params  Params
	Outcome string // one of the action's outcomes; "" where it has one alone
	Changes []Change
}

// Params are the parameters of a step: what it was about, and what was decided in it. Those that do not apply are zero,
// or nil where 0 means something. Which ones an action gives is in its Doc.
type Params struct {
	// Message is the message of the step: sent, appended, acknowledged, processed. With app.output: kafka it is the input
	// message whose output is sent.
	Message MessageID `json:"message,omitempty"`
	// Messages are those of a step about several: polled, lost on one connection, read downstream.
	Messages []MessageID `json:"messages,omitempty"`
	// Broker is the broker that acts or that the step is about: in a fetch the follower, in an election the new leader.
	Broker BrokerID `json:"broker,omitempty"`
	// Leader is the broker at the other end: from which a follower fetches, which answers the producer.
	Leader BrokerID `json:"leader,omitempty"`
	// Member is the member of the consumer group whose process or consumer acts, where there can be two.
	Member Member `json:"member,omitempty"`
	// Transaction numbers the transactional.id where there can be several, from 1 in the order of their first use.
	Transaction int `json:"transaction,omitempty"`
	// Offset is the offset of a record that was appended or processed, of a log's new end, or of a position, as the Doc of
	// the action says.
	Offset *int `json:"offset,omitempty"`
	// Committed is the offset that a step commits beside its other doing.
	Committed *int `json:"committed,omitempty"`
	// HighWatermark is the high watermark that a fetch results in.
	HighWatermark *int `json:"high_watermark,omitempty"`
	// Epoch is a leader epoch. Epochs are counted from 0 at the beginning of the run, or, where more are alive at once than
	// a state can tell apart, ranked anew.
	Epoch *int `json:"epoch,omitempty"`
	// Delivery is how often the records of a share group's poll were delivered, this time included; the most of them.
	Delivery int `json:"delivery,omitempty"`
}

// Member is a member of the consumer group.
type Member string

// The members.
const (
	MemberOwner  Member = "owner"    // has the partition
	MemberFormer Member = "former"   // has lost the partition and still works
	MemberFirst  Member = "member-1" // of a share group
	MemberSecond Member = "member-2" // of a share group
)

// Outcome is one way in which a step of an action can end, where there are several.
type Outcome struct {
	Word  string // in results: "unclean"
	Text  string // what the sentence of the step goes on with
	Label string // of the signal, where it differs from that of the action
	// Back says that the signal runs the other way than that of the action.
	Back bool
}

// Step tells a transition between two states as data.
func (m *Model) Step(pre *State, id explore.TransitionID, post *State) Step {
	a, b := m.binding(id)
	s := Step{Action: a.Name, Actor: a.Actor, Params: m.boundParams(a, b)}
	if a.Actor == ActorBroker {
		s.Actor = brokerID(b.Broker).String()
	}
	if a.Result != nil {
		s.Outcome = a.Result(m, pre, b, post, &s.Params)
	}
	s.Changes = changes(m.View(pre).Parts(), m.View(post).Parts())
	return s
}

// boundParams are the parameters that the binding of a transition gives.
func (m *Model) boundParams(a *Action, b Binding) Params {
	var p Params
	if b.Msg >= 0 {
		p.Message = messageID(b.Msg)
	}
	if b.Broker >= 0 {
		p.Broker = brokerID(b.Broker)
	}
	switch a.Over {
	case PerProcess, PerProcessAndBroker:
		p.Member = [...]Member{MemberOwner, MemberFormer}[b.Slot]
	case PerMember:
		p.Member = shareMember(b.Slot)
	case PerTransaction, PerTransactionAndBroker:
		p.Transaction = m.transactionParam(b.Slot)
	}
	return p
}

// shareMember is the name of a share group's member.
func shareMember(slot int) Member { return [...]Member{MemberFirst, MemberSecond}[slot] }

// transactionParam is a transactional.id as a parameter: 0 where there is one alone.
func (m *Model) transactionParam(id int) int {
	if m.ids() == 1 {
		return 0
	}
	return id + 1
}

// changes lists what differs between two states, part by part, in a fixed order.
func changes(before, after []Part) []Change {
	all := []Change{}
	for i, p := range before {
		if q := after[i]; !p.Is.Equal(q.Is) {
			all = append(all, Change{p.What, p.Kind, p.Is, q.Is})
		}
	}
	return all
}

// Actions lists the registry of actions, in the order of the transition ids.
func Actions() []Action {
	all := make([]Action, len(registry))
	for i, a := range registry {
		all[i] = *a
	}
	return all
}

// ActionNamed is the entry of an action in the registry; the zero value for a name that no action has.
func ActionNamed(name string) Action {
	if a := byName()[name]; a != nil {
		return *a
	}
	return Action{}
}

// IsFault says that a step of the action is an occurrence of the kind of fault in the field Fault.
func (a Action) IsFault() bool { return a.Class == explore.Fault }

var byName = sync.OnceValue(func() map[string]*Action {
	all := make(map[string]*Action, len(registry))
	for _, a := range registry {
		all[a.Name] = a
	}
	return all
})

// OutcomeNamed is the entry of one of the action's outcomes; the zero value for a word that is none.
func (a Action) OutcomeNamed(word string) Outcome {
	for _, o := range a.Outcomes {
		if o.Word == word {
			return o
		}
	}
	return Outcome{}
}

// binding finds the action and binding of a transition.
func (m *Model) binding(id explore.TransitionID) (*Action, Binding) {
	g := m.byID[id]
	return g.Action, g.bindings[id-g.first]
}

// at is an offset or an epoch as a parameter.
func at(n int) *int { return &n }

// appended is the outcome of a produce request that a leader took.
func appended(pre *State, b int, post *State, p *Params) string {
	if post.logLen(b) == pre.logLen(b) {
		return "remembered"
	}
	p.Offset = at(pre.logLen(b))
	return "appended"
}

// leaderIn is the broker that leads an epoch, or where that is not known any more, the newest one.
func (m *Model) leaderIn(s *State, e int) BrokerID {
	l := m.leaderOf(s, e)
	if l < 0 {
		l = m.leaderOf(s, s.epoch())
	}
	return brokerID(max(l, 0))
}
