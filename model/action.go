package model

import (
	"slices"
	"strings"

	"github.com/kcheck/kcheck/explore"
)

// Action is one named rule of the model, and everything that is said or done with it: its guard only reads, its effect
// never asks whether it should run. [New] refuses a model with an
// action that has an empty field, unless the field is optional, and a test names them all.
type Action struct {
	Name  string
	Actor string // who acts: producer, consumer, network ...; [ActorBroker] is the broker of the binding
	Area  Area
	Class explore.Class `registry:"optional"`
	Fault FaultKind     `registry:"optional"` // where Class is explore.Fault
	Over  Domain
	Time  Timing `registry:"optional"`
	Doc   Doc
	// Applies says whether the action can happen at all under the configuration and budget; nil is always.
	Applies func(m *Model) bool `registry:"optional"`
	// Ready is the part of the guard that does not depend on the binding, asked once for all; nil is always.
	Ready func(m *Model, s *State) bool `registry:"optional"`
	Guard func(m *Model, s *State, b Binding) bool
	// Choices is the number of outcomes of a nondeterministic effect, numbered by Binding.Choice; nil is one.
	Choices func(m *Model, s *State, b Binding) int `registry:"optional"`
	Effect  func(m *Model, s *State, b Binding)
	// Hastened says which shortcut may take the step of this action without its being counted.
	Hastened Hastened `registry:"optional"`
	// Text tells a step in Kafka's words, with its parameters by their names in JSON: {broker}, {message}, {leader}. What
	// stands in brackets is left out where a parameter in it is not given.
	Text string
	// Outcomes are the ways in which a step can end, where there are several.
	Outcomes []Outcome `registry:"optional"`
	// Result fills in the parameters of a step beyond its binding and returns the word of its outcome; nil adds nothing.
	Result func(m *Model, pre *State, b Binding, post *State, p *Params) string `registry:"optional"`
	// Causes are the settings that make a step possible, the decisive one first; anyConfiguration where none does.
	Causes []Cause
	Route  Route
	// Silent says that the settings of a step say nothing about why a run breaks: any run takes it, or it only says why
	// a broker that could have helped may not.
	Silent bool `registry:"optional"`
	Forced Forced
}

// ActorBroker is the actor of a step that the broker of its binding takes, ActorBrokers that of one that all of them take.
const (
	ActorBroker  = "broker"
	ActorBrokers = "brokers"
)

// Area is the part of the system that an action belongs to.
type Area uint8

// The areas.
const (
	AreaClients     Area = iota + 1 // producer and consumer of the followed partition
	AreaReplication                 // brokers and controller: of the followed partition, or of an output partition that can fail
	AreaProcess                     // the process of app.output: kafka, its coordinator and the readers of its output
)

// Doc is the documentation of an action, in full sentences: `kcheck explain` and the reports print it.
type Doc struct {
	Summary   string   // begins with the name of the action
	Guard     string   // when it can happen
	Effect    string   // what it does
	Abstracts string   // what it leaves out of what Kafka does
	Sources   []string // the Kafka classes, documentation and KIPs that it follows
}

// Source is the sources in one line.
func (d Doc) Source() string { return strings.Join(d.Sources, "; ") + "." }

// Hastened says that a shortcut takes steps of an action at once. The names in After are the actions after which there
// are such steps; without one every run has them.
type Hastened struct {
	By    Shortcuts
	After []string
}

// Route says between which lanes of a sequence diagram a step sends what, with the parameters of Action.Text;
// {member} is then the lane of its process.
type Route struct {
	From  string
	To    string `registry:"optional"` // "" for what concerns From alone
	Label string
	Lost  bool `registry:"optional"` // it never arrives, or only after its sender has stopped waiting
}

// Forced says whether `kcheck reproduce` can make a step happen on a cluster of real brokers; Why is the reason where it
// cannot, or not always.
type Forced struct {
	How Forcing
	Why string `registry:"optional"` // only of what is Steady
}

// Forcing is how well a step can be forced.
type Forcing uint8

// The ways of forcing.
const (
	Steady      Forcing = iota + 1 // whenever its guard holds
	Unsteady                       // in a given trace, but not at any moment of a random run
	Unforceable                    // never
)

var steady = Forced{How: Steady}

// Domain is what the parameters of an action range over.
type Domain uint8

// The domains of actions.
const (
	Once Domain = iota + 1
	PerMessage
	PerBroker
	PerMessageAndBroker
	PerLateRequest
	PerLateRequestAndBroker
	PerProcess
	PerProcessAndBroker
	PerTransaction
	PerTransactionAndBroker
	PerMember // of a share group
)

// Binding gives the parameters of an action a value.
type Binding struct {
	Msg, Broker int // -1 where the action has no such parameter
	// Slot is the late request, the process, the transactional.id or the member that the action is about, as its domain
	// says; else -1.
	Slot   int
	Choice int
}

// boundAction is an action with its bindings, which have consecutive transition ids.
type boundAction struct {
	*Action
	first    explore.TransitionID
	bindings []Binding
	overlap  Bound // on the brokers that are away after it
}

// registry has every action in the order of the transition ids.
var registry = slices.Concat(
	stepsFirst(producerActions, replicationActions, controllerActions, brokerActions, timedActions, consumerActions, poisonActions, queueActions,
		networkActions, brokerFaultActions, groupActions, commitFaultActions,
		handoverActions, restartActions, recreatedActions, shareMemberActions, shareLeaderActions, shareFaultActions, shareApplicationActions),
	stepsFirst(processActions, outputActions, transactionActions, coordinatorActions, lateActions, lateMarkerActions,
		lateOffsetsActions, downstreamActions, outputFaultActions, markerFaultActions, offsetsFaultActions, processFaultActions, inputRecreatedActions,
		inputPoisonActions, offsetFaultActions, inputHandoverActions, processRestartActions, preparedActions, outageActions),
)

// stepsFirst joins lists of actions: those that are no faults, then the faults in the order of their kinds.
func stepsFirst(lists ...[]*Action) []*Action {
	all := slices.Concat(lists...)
	slices.SortStableFunc(all, func(a, b *Action) int { return faultOrder(a) - faultOrder(b) })
	return all
}

func faultOrder(a *Action) int {
	if a.Class != explore.Fault {
		return -1
	}
	return int(a.Fault)
}

// concerns says that the action belongs to the system that the question is about. With app.output: kafka that is the
// process, the coordinator and, where they can fail, the replicas of the output partition.
func (m *Model) concerns(a *Action) bool {
	if !m.output {
		return a.Area != AreaProcess
	}
	return a.Area == AreaProcess || a.Area == AreaReplication && !m.reliable
}

// bind lists the bindings of a domain in this scope.
func (m *Model) bind(d Domain) []Binding {
	none := []int{-1}
	msgs, brokers, slots := none, none, none
	switch d {
	case PerMessage, PerMessageAndBroker:
		msgs = upTo(m.c.Scope.Messages)
	case PerLateRequest, PerLateRequestAndBroker:
		slots = upTo(maxLateRequests)
	case PerProcess, PerProcessAndBroker:
		slots = upTo(m.members())
	case PerTransaction, PerTransactionAndBroker:
		slots = upTo(m.ids())
	case PerMember:
		slots = upTo(m.shareMembers())
	}
	switch d {
	case PerBroker, PerMessageAndBroker, PerLateRequestAndBroker, PerProcessAndBroker, PerTransactionAndBroker:
		brokers = upTo(m.n)
	}
	var all []Binding
	for _, slot := range slots {
		for _, msg := range msgs {
			for _, b := range brokers {
				all = append(all, Binding{Msg: msg, Broker: b, Slot: slot})
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
