package model

import "github.com/kcheck/kcheck/explore"

// Action is one named rule of the model. Its guard only reads; its effect never asks whether it should run. The comment
// of the variable that holds an action is its documentation: `kcheck explain` and the reports print it.
type Action struct {
	Name  string
	Actor string // who acts; "" is the broker of the binding
	Class explore.Class
	Fault FaultKind // where Class is explore.Fault
	Over  Domain
	// Applies says whether the action can happen at all under the configuration and budget; nil is always.
	Applies func(m *Model) bool
	// Ready is the part of the guard that does not depend on the binding, asked once for all; nil is always.
	Ready func(m *Model, s *State) bool
	Guard func(m *Model, s *State, b Binding) bool
	// Choices is the number of outcomes of a nondeterministic effect, numbered by Binding.Choice; nil is one.
	Choices func(m *Model, s *State, b Binding) int
	Effect  func(m *Model, s *State, b Binding)
	// Text tells a step in Kafka's words: {b} is the broker, {m} the message, {l} the leader of the broker's epoch.
	Text string
	// Detail adds what a step decided beyond its binding; nil adds nothing.
	Detail func(m *Model, pre *State, b Binding, post *State) string
}

// Domain is what the parameters of an action range over.
type Domain uint8

// The domains of actions.
const (
	Once Domain = iota
	PerMessage
	PerBroker
	PerMessageAndBroker
	PerGhost
	PerGhostAndBroker
	PerProcess
	PerProcessAndBroker
	PerTransaction
	PerTransactionAndBroker
)

// Binding gives the parameters of an action a value.
type Binding struct {
	Msg, Broker, Ghost int // -1 where the action has no such parameter; Ghost also counts processes and transactional.ids
	Choice             int
}

// group is an action with its bindings, which have consecutive transition ids.
type group struct {
	*Action
	first    explore.TransitionID
	bindings []Binding
}

// actions lists every action in the order of their transition ids.
func actions() []*Action {
	return append([]*Action{
		&ProducerSends, &LeaderAppends, &ProducerReceivesAck, &LeaderRefuses, &LeaderRefusesAfterAppend,
		&LeaderRefusesSequence, &SendIsLost, &RequestTimesOut, &ProducerGivesUp, &LateRequestArrives,
		&FollowerFetches, &FollowerTruncates, &LeaderExpandsISR,
		&ControllerFencesFollower, &ControllerElectsLeader, &ControllerTakesLeaderOffline, &BrokerLearns,
		&BrokerRestarts, &PartitionHeals,
		&ConsumerPolls, &ConsumerProcesses, &ConsumerCommits, &ConsumerResets, &OldMemberProcesses,
		&SendMeetsFullQueue, &BrokersAnswerAgain,
		&RequestIsLost, &ResponseIsLost, &RequestIsDelayed, &SendIsRefused, &ProducerCrashes,
		&BrokerCrashes, &BrokerLosesPower, &AllBrokersLosePower, &BrokerLosesDisk, &BrokerShutsDown,
		&LeaderMoves, &ReplicaLags, &LeaderIsCutOff, &BrokersAreSlow, &ConsumerCrashes, &ProcessingThrows, &PartitionIsReassigned, &CommittedOffsetIsLost,
		&RecordsAreDeleted, &PartitionIsAdded,
	}, outputActions()...)
}

// bind lists the bindings of a domain in this scope.
func (m *Model) bind(d Domain) []Binding {
	msgs, brokers, ghosts := []int{-1}, []int{-1}, []int{-1}
	if d == PerMessage || d == PerMessageAndBroker {
		msgs = upTo(m.c.Scope.Messages)
	}
	if d == PerBroker || d == PerMessageAndBroker || d == PerGhostAndBroker || d == PerProcessAndBroker ||
		d == PerTransactionAndBroker {
		brokers = upTo(m.n)
	}
	if d == PerGhost || d == PerGhostAndBroker {
		ghosts = upTo(maxGhosts)
	}
	if d == PerProcess || d == PerProcessAndBroker {
		ghosts = upTo(m.members())
	}
	if d == PerTransaction || d == PerTransactionAndBroker {
		ghosts = upTo(m.ids())
	}
	var all []Binding
	for _, g := range ghosts {
		for _, msg := range msgs {
			for _, b := range brokers {
				all = append(all, Binding{Msg: msg, Broker: b, Ghost: g})
			}
		}
	}
	return all
}

func upTo(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}
