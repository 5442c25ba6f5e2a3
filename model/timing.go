package model

import "github.com/kcheck/kcheck/explore"

// Timing is how long the step of an action takes, where a question gives times to steps; see package risk.
type Timing struct {
	// Step names the mean time: "fetch". Actions that are one thing to a clock share one. A fault has none: how often it
	// happens is in the entry of its kind.
	Step string `registry:"optional"`
	// Chosen says that one occurrence is one of a broker that is chosen: who is elected. Otherwise each broker has its
	// own, and a client has one for all brokers that it may take for the leader.
	Chosen bool `registry:"optional"`
}

// Per is what the rate of a kind of fault is a rate of.
type Per uint8

// What rates are of.
const (
	PerBrokerYear    Per = iota + 1 // of a broker, in a year
	PerClusterYear                  // of all brokers together, in a year
	PerPartitionYear                // of a partition, in a year
	PerMemberYear                   // of a process or of a group, in a year
	PerRequest                      // the probability that it happens to one request
	PerMessageTried                 // the probability that it happens to one message
)

// Rate is how the occurrences of a kind of fault are counted in time.
type Rate struct {
	Per Per
	// With names the step in whose place a fault of a request or message happens: "produce".
	With string `registry:"optional"`
}

// timedActions are steps that only a question with times has.
var timedActions = []*Action{pageCacheIsWritten}

var pageCacheIsWritten = &Action{
	Name: "PageCacheIsWritten", Actor: ActorBroker, Area: AreaReplication, Over: PerBroker, Time: Timing{Step: "flush"},
	Doc: Doc{
		Summary: "PageCacheIsWritten is the operating system writing what a broker has appended to disk.",
		Guard:   "The broker runs and something of its log is not on disk yet; the question has times.",
		Effect:  "The whole log is on disk.",
		Abstracts: "Without times this is no step: what survives a loss of power is chosen at the restart. All of the log is " +
			"written at once.",
		Sources: []string{
			"Linux, Documentation/admin-guide/sysctl/vm.rst: dirty_expire_centisecs, dirty_writeback_centisecs",
			"UnifiedLog.flush",
		},
	},
	Applies: func(m *Model) bool { return m.c.Timed && m.tracksDisk },
	Guard: func(m *Model, s *State, b Binding) bool {
		return s.alive(b.Broker) && s.flushed(b.Broker) < s.logLen(b.Broker)
	},
	Effect: func(m *Model, s *State, b Binding) { s.setFlushed(b.Broker, s.logLen(b.Broker)) },
	Text:   "the log of {broker} is written to disk",
	Causes: anyConfiguration,
	Route:  Route{From: "{broker}", Label: "page cache written"},
	Forced: Forced{Unforceable, "the operating system decides when it writes"},
}

// Occurrence identifies what happens in a transition, as a clock sees it: transitions with the same Occurrence in a state
// are one event, of which the outcome is left open.
type Occurrence struct {
	Fault                bool
	Kind                 FaultKind // where it is a fault
	Step                 string    // where it is not
	Message, Broker, Who int       // -1 where it makes no difference
}

// Occurrence tells what happens in a transition. With a name of a step that is empty, the action has no time.
func (m *Model) Occurrence(id explore.TransitionID) Occurrence {
	a, b := m.binding(id)
	o := Occurrence{Step: a.Time.Step, Message: b.Msg, Broker: b.Broker, Who: b.Slot}
	if a.Class == explore.Fault {
		o.Fault, o.Kind, o.Step = true, a.Fault, ""
	}
	if a.Time.Chosen || a.Area == AreaClients {
		o.Broker = -1
	}
	return o
}

// Unprompted says that a transition has the producer send a message for the first time to a newer leader than it needs to: one
// that it knew before still takes itself for the leader, so that nothing refuses the message and no connection breaks. A client
// asks for metadata in such a state only since what it has is old.
//
// Kafka: Metadata.timeToNextUpdate (metadata.max.age.ms); Sender.completeBatch asks for metadata upon InvalidMetadataException,
// which NOT_ENOUGH_REPLICAS is not, NetworkClient.processDisconnection when a connection breaks.
func (m *Model) Unprompted(s *State, id explore.TransitionID) bool {
	a, b := m.binding(id)
	if a != leaderAppends || s.phase(b.Msg) != Queued {
		return false
	}
	for o := 0; o < m.n; o++ {
		if s.actsAsLeader(o) && s.known() <= s.epochOf(o) && s.epochOf(o) < s.epochOf(b.Broker) {
			return true
		}
	}
	return false
}

// AskWhoLeads has a producer that sends nothing ask who leads since what it knows is old, and tells whether that is news: it then
// knows the newest broker that takes itself for the leader, where [Model.Refresh] leaves it with the oldest.
//
// Kafka: Metadata.timeToNextUpdate (metadata.max.age.ms).
func (m *Model) AskWhoLeads(s *State) bool {
	newest := s.known()
	for b := 0; b < m.n; b++ {
		if s.actsAsLeader(b) {
			newest = max(newest, s.epochOf(b))
		}
	}
	news := newest > s.known()
	s.setKnown(newest)
	return news
}

// LostDisk says that a broker is down because it has lost its disk.
func (m *Model) LostDisk(s *State, b int) bool {
	return !s.alive(b) && s.hasFlag(b, flagPower) && !s.hasFlag(b, flagDirty)
}

// Settled says that the producer has no message left that it may yet send, or that it waits for.
func (m *Model) Settled(s *State) bool { return m.producerDone(s) }

// CaughtUp says that no record is processed any more unless something happens: the group has read all there is, has nothing in
// hand and has committed it, no member that has lost the partition still works, and no late commit sets the group back.
func (m *Model) CaughtUp(s *State) bool {
	if !m.consumer {
		return true
	}
	for b := 0; b < m.n; b++ {
		if s.logLen(b) > m.consumerPosition(s) {
			return false
		}
	}
	return m.hand(s) == 0 && m.cons(s, cUncommittedShift, 1) == 0 && m.oldHand(s) == 0 && !m.hasLateCommit(s)
}

// TakesWrites says that a message sent now would be taken by a broker without anything happening first.
func (m *Model) TakesWrites(s *State) bool {
	l := m.leader(s)
	return l >= 0 && s.alive(l) && s.actsAsLeader(l) && s.epochOf(l) == s.epoch() && !s.control(ctlSlowShift) &&
		m.hasEnoughReplicas(s, l)
}

// Ranked replaces s by the representative of the states that differ from it in what no rule can tell apart, as [Model.Canonical]
// does, but leaves brokers in their order: brokers that differ in name alone are not one.
func (m *Model) Ranked(s *State) { m.rank(s) }

// Refresh has the producer know what it knows of leaders when it has sent a while ago, and nothing now: a client goes on
// with a broker as long as that takes itself for the leader, and asks for metadata when it is refused.
//
// Kafka: Metadata.requestUpdate upon NOT_LEADER_OR_FOLLOWER or a disconnection; metadata.max.age.ms.
func (m *Model) Refresh(s *State) {
	oldest := epochs
	for b := 0; b < m.n; b++ {
		if s.actsAsLeader(b) {
			oldest = min(oldest, s.epochOf(b))
		}
	}
	if oldest < epochs {
		s.setKnown(max(s.known(), oldest))
	}
}
