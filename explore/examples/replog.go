package examples

import (
	"fmt"
	"math/bits"

	"github.com/kcheck/kcheck/explore"
)

// ReplicatedLog is a small replicated log in the manner of Kafka: a leader
// appends messages, followers fetch, the in-sync set shrinks and grows, the
// controller elects, processes crash. It shows how a model is made fast: the
// state is some words; the actions of a broker are grouped by its role, so that
// those of other roles are passed over together; a guard reads the parent and
// answers for all values of the action's parameter at once; an effect changes
// the copy in the caller's buffer.
type ReplicatedLog struct {
	Brokers, Messages, Attempts, Epochs, Crashes int

	roles [3][]logAction // by role
	table explore.Table
}

// LogState is a state of ReplicatedLog. Each broker is a word:
//
//	[ entries 8 x 6 bits | high watermark 4 | log end 4 | epoch 4 | .. | alive 1 ]
//
// and an entry is [ epoch 3 | message 3 ].
type LogState struct {
	Broker [3]uint64
	// Control is [ acked, a bit a message | attempts, 2 bits a message |
	// crashes 4 | ISR 4 | epoch 4 | leader + 1, 4 ].
	Control uint64
}

// logAction is an action of a broker b with a parameter x.
type logAction struct {
	// guard returns the set of x for which the action is enabled.
	guard  func(m *ReplicatedLog, s *LogState, b int) uint
	effect func(m *ReplicatedLog, s *LogState, b, x int)
	ids    [3]explore.TransitionID // by broker, of the action with x = 0
}

// The roles of a broker.
const (
	leads = iota
	follows
	down
)

const (
	entryBits  = 6
	maxEntries = 8
)

func (s *LogState) alive(b int) bool   { return s.Broker[b]&1 != 0 }
func (s *LogState) epoch(b int) int    { return int(s.Broker[b] >> 4 & 15) }
func (s *LogState) end(b int) int      { return int(s.Broker[b] >> 8 & 15) }
func (s *LogState) high(b int) int     { return int(s.Broker[b] >> 12 & 15) }
func (s *LogState) leader() int        { return int(s.Control&15) - 1 }
func (s *LogState) current() int       { return int(s.Control >> 4 & 15) }
func (s *LogState) isr() uint          { return uint(s.Control >> 8 & 15) }
func (s *LogState) crashes() int       { return int(s.Control >> 12 & 15) }
func (s *LogState) attempts(x int) int { return int(s.Control >> (16 + 2*x) & 3) }
func (s *LogState) acked() uint        { return uint(s.Control >> 32) }

func (s *LogState) entry(b, i int) uint64 { return s.Broker[b] >> (16 + entryBits*i) & 63 }

// setField sets bits of a word.
func setField(w *uint64, shift, width int, v uint64) {
	mask := uint64(1)<<width - 1
	*w = *w&^(mask<<shift) | v<<shift
}

// role returns the role of a broker.
func (s *LogState) role(b int) int {
	switch {
	case !s.alive(b):
		return down
	case s.leader() == b:
		return leads
	}
	return follows
}

// cut drops what a log has behind its first n entries.
func (s *LogState) cut(b, n int) {
	s.Broker[b] &= 1<<(16+entryBits*n) - 1
	setField(&s.Broker[b], 8, 4, uint64(n))
}

// NewReplicatedLog returns the model with its actions bound to brokers and
// messages.
func NewReplicatedLog(messages, attempts, epochs, crashes int) *ReplicatedLog {
	m := &ReplicatedLog{Brokers: 3, Messages: messages, Attempts: attempts, Epochs: epochs, Crashes: crashes}
	m.add("Append", messages, canAppend, appends, leads)
	m.add("Ack", messages, canAck, acks, leads)
	m.add("AdvanceHighWatermark", 1, canAdvance, advances, leads)
	m.add("Shrink", m.Brokers, canShrink, shrinks, leads)
	m.add("Expand", m.Brokers, canExpand, expands, leads)
	m.add("Fetch", 1, canFetch, fetches, follows)
	m.add("Elect", 1, canElect, elects, follows)
	m.add("Crash", 1, canCrash, crashesNow, leads, follows)
	m.add("Restart", 1, canRestart, restarts, down)
	return m
}

// add enters an action, whose parameter has n values, for some roles.
func (m *ReplicatedLog) add(name string, n int, guard func(*ReplicatedLog, *LogState, int) uint, effect func(*ReplicatedLog, *LogState, int, int), roles ...int) {
	a := logAction{guard: guard, effect: effect}
	for b := range m.Brokers {
		a.ids[b] = explore.TransitionID(len(m.table))
		for x := range n {
			m.table.Add(name, fmt.Sprintf("b%d, %d", b+1, x+1))
		}
	}
	for _, r := range roles {
		m.roles[r] = append(m.roles[r], a)
	}
}

// Transitions implements explore.Model.
func (m *ReplicatedLog) Transitions() []explore.Transition { return m.table }

// Initial implements explore.Model.
func (m *ReplicatedLog) Initial(dst []LogState) []LogState {
	s := LogState{Control: 1 | 1<<4 | 7<<8}
	for b := range m.Brokers {
		s.Broker[b] = 1 | 1<<4
	}
	return append(dst, s)
}

// Successors implements explore.Model.
func (m *ReplicatedLog) Successors(s *LogState, out *explore.Out[LogState]) {
	for b := range m.Brokers {
		actions := m.roles[s.role(b)]
		for i := range actions {
			a := &actions[i]
			for enabled := a.guard(m, s, b); enabled != 0; enabled &= enabled - 1 {
				x := bits.TrailingZeros(enabled)
				a.effect(m, out.Add(a.ids[b]+explore.TransitionID(x)), b, x)
			}
		}
	}
}

// when is the answer of a guard for an action without a parameter.
func when(enabled bool) uint {
	if enabled {
		return 1
	}
	return 0
}

func canAppend(m *ReplicatedLog, s *LogState, b int) (enabled uint) {
	if s.end(b) == maxEntries {
		return 0
	}
	for x := range m.Messages {
		if s.attempts(x) < m.Attempts {
			enabled |= 1 << x
		}
	}
	return enabled &^ s.acked()
}

func appends(_ *ReplicatedLog, s *LogState, b, x int) {
	n := s.end(b)
	setField(&s.Broker[b], 16+entryBits*n, entryBits, uint64(s.epoch(b))<<3|uint64(x+1))
	setField(&s.Broker[b], 8, 4, uint64(n+1))
	setField(&s.Control, 16+2*x, 2, uint64(s.attempts(x)+1))
}

func canAck(_ *ReplicatedLog, s *LogState, b int) (enabled uint) {
	for i := range s.high(b) {
		enabled |= 1 << (s.entry(b, i) & 7) >> 1
	}
	return enabled &^ s.acked()
}

func acks(_ *ReplicatedLog, s *LogState, _, x int) { s.Control |= 1 << (32 + x) }

// matching returns how many entries of a follower agree with the leader's.
// Behind the end of a log all bits are zero.
func (s *LogState) matching(l, f int) int {
	differ := (s.Broker[l] ^ s.Broker[f]) >> 16
	return min(bits.TrailingZeros64(differ)/entryBits, s.end(l), s.end(f))
}

func canFetch(_ *ReplicatedLog, s *LogState, b int) uint {
	l := s.leader()
	return when(s.alive(l) && s.Broker[l] != s.Broker[b])
}

func fetches(_ *ReplicatedLog, s *LogState, b, _ int) {
	l := s.leader()
	n := s.matching(l, b)
	if n < s.end(l) {
		setField(&s.Broker[b], 16+entryBits*n, entryBits, s.entry(l, n))
		n++
	}
	s.cut(b, n)
	setField(&s.Broker[b], 4, 4, uint64(s.epoch(l)))
	setField(&s.Broker[b], 12, 4, uint64(min(n, s.high(l))))
}

func canAdvance(_ *ReplicatedLog, s *LogState, b int) uint {
	return when(s.replicated(b) > s.high(b))
}

// replicated returns how many entries the whole in-sync set has.
func (s *LogState) replicated(l int) int {
	n := s.end(l)
	for f := range s.Broker {
		if s.isr()>>f&1 != 0 && f != l {
			n = min(n, s.matching(l, f))
		}
	}
	return n
}

func advances(_ *ReplicatedLog, s *LogState, b, _ int) {
	setField(&s.Broker[b], 12, 4, uint64(s.replicated(b)))
}

func canShrink(_ *ReplicatedLog, s *LogState, b int) (enabled uint) {
	for others := s.isr() &^ (1 << b); others != 0; others &= others - 1 {
		if f := bits.TrailingZeros(others); s.matching(b, f) < s.end(b) {
			enabled |= 1 << f
		}
	}
	return enabled
}

func shrinks(_ *ReplicatedLog, s *LogState, _, x int) {
	setField(&s.Control, 8, 4, uint64(s.isr()&^(1<<x)))
}

func canExpand(m *ReplicatedLog, s *LogState, b int) (enabled uint) {
	for others := (1<<m.Brokers - 1) &^ s.isr(); others != 0; others &= others - 1 {
		if f := bits.TrailingZeros(others); f != b && s.alive(f) && s.matching(b, f) >= s.high(b) {
			enabled |= 1 << f
		}
	}
	return enabled
}

func expands(_ *ReplicatedLog, s *LogState, _, x int) {
	setField(&s.Control, 8, 4, uint64(s.isr()|1<<x))
}

func canCrash(m *ReplicatedLog, s *LogState, _ int) uint { return when(s.crashes() < m.Crashes) }

func crashesNow(_ *ReplicatedLog, s *LogState, b, _ int) {
	s.Broker[b] &^= 1
	setField(&s.Control, 12, 4, uint64(s.crashes()+1))
	if s.isr() != 1<<b {
		setField(&s.Control, 8, 4, uint64(s.isr()&^(1<<b)))
	}
}

func canRestart(*ReplicatedLog, *LogState, int) uint { return 1 }

func restarts(_ *ReplicatedLog, s *LogState, b, _ int) {
	s.Broker[b] |= 1
	s.cut(b, s.high(b)) // what was not committed is lost
}

func canElect(m *ReplicatedLog, s *LogState, b int) uint {
	return when(s.isr()>>b&1 != 0 && !s.alive(s.leader()) && s.current() < m.Epochs)
}

func elects(_ *ReplicatedLog, s *LogState, b, _ int) {
	e := uint64(s.current() + 1)
	setField(&s.Control, 4, 4, e)
	setField(&s.Control, 0, 4, uint64(b+1))
	setField(&s.Broker[b], 4, 4, e)
}

// Kept says that no message is lost that was acknowledged, as long as there is
// a leader.
func (m *ReplicatedLog) Kept(s *LogState) bool {
	l := s.leader()
	if l < 0 || !s.alive(l) {
		return true
	}
	for x := range m.Messages {
		found := s.acked()>>x&1 == 0
		for i := 0; i < s.end(l) && !found; i++ {
			found = s.entry(l, i)&7 == uint64(x+1)
		}
		if !found {
			return false
		}
	}
	return true
}
