package model

import (
	"fmt"
	"math/bits"

	"github.com/kcheck/kcheck/explore"
)

// Model is the transition system of one configuration. It implements [explore.Model], [explore.Canonicalizer] and
// [explore.Sizer] and is safe for concurrent use.
type Model struct {
	c           Config
	n           int // replicas
	minISR      int // effective min.insync.replicas
	groups      []boundAction
	transitions []explore.Transition
	byID        []*boundAction

	msgBits, incBits, entryBits uint
	entryMask                   uint64
	perWord                     int                // records in the first word of a log
	wLog2                       int                // the second words of the logs, or 0
	recordEpochs                uint64             // of a log word, the leader epochs of its records
	records                     [maxLog + 2]uint64 // of a log word, by number, the first records
	epochBits                   uint               // of the producer epoch inside an incarnation
	logCap                      int
	tracksDisk                  bool // the budget has a fault that loses unflushed records
	spent                       bool // no fault can happen any more
	consumer                    bool // the question sees the consumer
	exposed                     bool // the question is about records that consumers could read
	plainRecords                bool // the leader epoch of a record only tells it from others at its offset
	dropsUncommitted            bool // the library hands out no record whose commit failed
	wCons, wExposed, wKept      int
	wDone                       int  // the word that counts what was processed, where something does; else 0
	wOnce                       int  // 0 where repetitions are not told from records that are read again
	deposedReturn               bool // the budget suffices for a leader to be deposed and to lead again
	words                       int

	short Shortcuts

	outputSystem
	shareSystem
}

// New flattens the actions that apply to a configuration into transitions. The error names the limit that the
// configuration is beyond.
func New(c Config) (*Model, error) {
	if err := c.validate(); err != nil {
		return nil, err
	}
	drops := c.App.Commit == CommitAuto && c.B.CommitsBeforeHandingOut
	if drops {
		c.App.Commit = CommitBeforeProcessing
	}
	m := &Model{c: c, n: c.Topic.Replicas, minISR: c.Topic.MinISR, dropsUncommitted: drops}
	if c.B.EffectiveMinISR {
		m.minISR = min(m.minISR, m.n)
	}
	m.layOut()
	m.chooseShortcuts()
	f := c.Faults
	m.tracksDisk = f.Where(func(f Fault) bool { return f.Loses == LosesUnflushed }) > 0
	for _, a := range registry {
		if !m.concerns(a) || a.Class == explore.Fault && f[a.Fault] == 0 || a.Applies != nil && !a.Applies(m) {
			continue
		}
		if err := checkComplete(a.Name); err != nil {
			return nil, err
		}
		g := boundAction{Action: a, first: explore.TransitionID(len(m.transitions)), bindings: m.bind(a.Over)}
		if a.Class == explore.Fault && faults[a.Fault].Takes != TakesNone {
			g.overlap = c.Bounds.Overlap
		}
		for _, b := range g.bindings {
			m.transitions = append(m.transitions, explore.Transition{
				Action: a.Name, Binding: b.String(), Class: a.Class, Fault: int(a.Fault)})
		}
		m.groups = append(m.groups, g)
	}
	m.byID = make([]*boundAction, len(m.transitions))
	for i := range m.groups {
		for j := range m.groups[i].bindings {
			m.byID[int(m.groups[i].first)+j] = &m.groups[i]
		}
	}
	return m, nil
}

// layOut decides how wide the records of a log are and which words the state has.
func (m *Model) layOut() {
	c := &m.c
	if c.App.OutputKafka {
		m.layOutOutput()
		return
	}
	m.msgBits = uint(bits.Len(uint(c.Scope.Messages - 1)))
	if c.Prod.Idempotent {
		if c.Scope.Messages > 1 || c.App.ResendOnError {
			m.epochBits = 2
		}
		m.incBits = m.epochBits + min(2, uint(bits.Len(uint(c.startsOfProducer()))))
	}
	m.entryBits = m.msgBits + 3 + m.incBits
	m.entryMask = 1<<m.entryBits - 1
	for i := uint(0); (i+1)*m.entryBits <= 64; i++ {
		m.recordEpochs |= 7 << (i*m.entryBits + m.msgBits)
	}
	m.layOutRecords()
	m.logCap = min(maxLog, 64/int(m.entryBits))
	m.share = c.Sees&SeesConsumer != 0 && c.App.Share != ShareNone
	m.consumer = c.Sees&SeesConsumer != 0 && !m.share
	m.exposed = c.Sees&SeesExposed != 0
	m.plainRecords = !m.consumer && c.B.FencesByEpoch && !c.Topic.OldFormat
	m.words = wBrokers + 2*m.n
	m.layOutKept()
	if m.consumer {
		m.wCons, m.wDone, m.words = m.words, m.words+1, m.words+2
	}
	if m.share {
		m.layOutShare()
	}
	if m.consumer && c.Sees&SeesRepeats != 0 && c.App.Effect == EffectOncePerRecord {
		m.wOnce, m.words = m.words, m.words+1
	}
	if m.exposed {
		m.wExposed, m.words = m.words, m.words+2
	}
}

// startsOfProducer is how often the producer's process can be started anew with messages in it.
func (c *Config) startsOfProducer() int {
	n := int(c.Faults[ProducerCrash])
	if c.App.ExitOnStop {
		n += int(c.Faults[AppRestart])
	}
	return n
}

// validate checks the limits of the model.
func (c *Config) validate() error {
	switch {
	case c.Topic.Replicas < 1 || c.Topic.Replicas > MaxReplicas:
		return fmt.Errorf("replication.factor is %d; the model covers 1 to %d", c.Topic.Replicas, MaxReplicas)
	case c.Scope.Messages < 1 || c.Scope.Messages > MaxMessages:
		return fmt.Errorf("scope.messages is %d; the model covers 1 to %d", c.Scope.Messages, MaxMessages)
	case c.Topic.MinISR < 1:
		return fmt.Errorf("min.insync.replicas is %d; Kafka requires at least 1", c.Topic.MinISR)
	case c.Prod.MaxInFlight < 1:
		return fmt.Errorf("max.in.flight.requests.per.connection is %d; Kafka requires at least 1", c.Prod.MaxInFlight)
	}
	if err := c.validateShare(); err != nil {
		return err
	}
	for i, n := range c.Faults {
		if n > MaxOccurrences && n != Any {
			return fmt.Errorf("faults: %s is %d; the model covers up to %d", FaultKind(i), n, MaxOccurrences)
		}
		if err := checkComplete(FaultKind(i).String()); n > 0 && err != nil {
			return err
		}
	}
	return nil
}

// Config is the configuration that the model was made for. [New] makes the same model of it again.
func (m *Model) Config() Config {
	c := m.c
	if m.dropsUncommitted {
		c.App.Commit = CommitAuto
	}
	return c
}

// Initial appends the one initial state: all replicas alive, in sync and empty, the first broker leading.
func (m *Model) Initial(dst []State) []State {
	var s State
	s.setLeader(0, true)
	for b := 0; b < m.n; b++ {
		s.setISR(b, 0)
		s.setFetchPosition(b, 0)
	}
	s.setLeaderOf(0, 0)
	s.setFetchPosition(0, positionUnknown)
	if m.c.Topic.OldFormat {
		s.setFlag(0, flagEverLed)
	}
	if m.consumer {
		m.initConsumer(&s)
	}
	m.initShare(&s)
	if m.takes(SendsAtOnce) {
		for i := range m.c.Scope.Messages {
			s.setPhase(i, Queued)
		}
	}
	m.initOutput(&s)
	return append(dst, s)
}

// Transitions describes every transition by id.
func (m *Model) Transitions() []explore.Transition { return m.transitions }

// StateSize is the number of leading bytes of a state that can be other than zero.
func (m *Model) StateSize() int { return 8 * m.words }

// Successors adds a successor of s for every enabled transition and every outcome of it.
func (m *Model) Successors(s *State, out *explore.Out[State]) {
	first := m.restarting(s)
	for i := range m.groups {
		g := &m.groups[i]
		if first >= 0 && g.Action != brokerRestarts {
			continue
		}
		if g.Class == explore.Fault && !out.Wants(g.first) || g.Ready != nil && !g.Ready(m, s) {
			continue
		}
		for j := range g.bindings {
			if g.Guard(m, s, g.bindings[j]) && (first < 0 || first == g.bindings[j].Broker) {
				m.take(s, g, j, out)
			}
		}
	}
}

// take adds a successor for every outcome of an action whose guard holds for its j-th binding.
func (m *Model) take(s *State, g *boundAction, j int, out *explore.Out[State]) {
	b, n := g.bindings[j], 1
	if g.overlap != Unbounded && !m.hasRoom(s, b.Broker, g.overlap) {
		return
	}
	if g.Choices != nil {
		n = g.Choices(m, s, b)
	}
	for b.Choice = 0; b.Choice < n; b.Choice++ {
		next := out.Add(g.first + explore.TransitionID(j))
		g.Effect(m, next, b)
		m.takeShortcuts(next)
		if m.exposed {
			m.noteExposed(next)
		}
	}
}

// BoundHit says whether a limit of the model was hit in s: a log is full, or more leader epochs or producer epochs are
// alive at once than a state can tell apart. Such a state is not explored further and the verdict cannot be `holds`.
func (m *Model) BoundHit(s *State) bool { return s.control(ctlBoundShift) }

// String writes a binding as steps show it: "m1, b2".
func (b Binding) String() string {
	switch {
	case b.Msg >= 0 && b.Broker >= 0:
		return fmt.Sprintf("m%d, b%d", b.Msg+1, b.Broker+1)
	case b.Msg >= 0:
		return fmt.Sprintf("m%d", b.Msg+1)
	case b.Broker >= 0:
		return fmt.Sprintf("b%d", b.Broker+1)
	}
	return ""
}
