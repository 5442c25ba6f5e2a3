package examples

import (
	"fmt"
	"math/bits"

	"github.com/kcheck/kcheck/explore"
)

// ReplicatedLog is a small replicated log in the manner of Kafka: a leader
// appends messages, followers fetch, the in-sync set shrinks and grows, the
// controller elects, processes crash. It shows how a model is made fast: the
// state is some words, actions are in groups that are passed over together,
// guards read the parent, effects change the copy in the caller's buffer.
type ReplicatedLog struct {
	Brokers, Messages, Attempts, Epochs, Crashes int

	groups []logGroup
	table  table
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

// logGroup is what a broker can do in some role, if it is in that role.
type logGroup struct {
	ready   func(s *LogState, b int) bool
	b       int
	first   explore.TransitionID
	actions []logAction
}

// logAction is an action with its binding: a guard that only reads, and an
// effect that runs on the copy of the state in the caller's buffer.
type logAction struct {
	guard  func(m *ReplicatedLog, s *LogState, b, x int) bool
	effect func(m *ReplicatedLog, s *LogState, b, x int)
	x      int
}

const entryBits = 6

func (s *LogState) alive(b int) bool   { return s.Broker[b]&1 != 0 }
func (s *LogState) epoch(b int) int    { return int(s.Broker[b] >> 4 & 15) }
func (s *LogState) end(b int) int      { return int(s.Broker[b] >> 8 & 15) }
func (s *LogState) high(b int) int     { return int(s.Broker[b] >> 12 & 15) }
func (s *LogState) leader() int        { return int(s.Control&15) - 1 }
func (s *LogState) current() int       { return int(s.Control >> 4 & 15) }
func (s *LogState) isr() int           { return int(s.Control >> 8 & 15) }
func (s *LogState) crashes() int       { return int(s.Control >> 12 & 15) }
func (s *LogState) attempts(x int) int { return int(s.Control >> (16 + 2*x) & 3) }
func (s *LogState) acked(x int) bool   { return s.Control>>(32+x)&1 != 0 }

func (s *LogState) entry(b, i int) uint64 { return s.Broker[b] >> (16 + entryBits*i) & 63 }

// setField sets bits of a word.
func setField(w *uint64, shift, width int, v uint64) {
	mask := uint64(1)<<width - 1
	*w = *w&^(mask<<shift) | v<<shift
}

func (s *LogState) leads(b int) bool {
	return s.leader() == b && s.alive(b)
}

// cut drops what a log has behind its first n entries.
func (s *LogState) cut(b, n int) {
	s.Broker[b] &= 1<<(16+entryBits*n) - 1
	setField(&s.Broker[b], 8, 4, uint64(n))
}

func (s *LogState) down(b int) bool { return !s.alive(b) }

// NewReplicatedLog returns the model with its actions bound to brokers and
// messages.
func NewReplicatedLog(messages, attempts, epochs, crashes int) *ReplicatedLog {
	m := &ReplicatedLog{Brokers: 3, Messages: messages, Attempts: attempts, Epochs: epochs, Crashes: crashes}
	for b := range m.Brokers {
		m.group((*LogState).leads, b)
		m.add("Append", messages, canAppend, appends)
		m.add("Ack", messages, canAck, acks)
		m.add("AdvanceHighWatermark", 1, canAdvance, advances)
		m.add("Shrink", m.Brokers, canShrink, shrinks)
		m.add("Expand", m.Brokers, canExpand, expands)
		m.group((*LogState).alive, b)
		m.add("Fetch", 1, canFetch, fetches)
		m.add("Crash", 1, canCrash, crashesNow)
		m.add("Elect", 1, canElect, elects)
		m.group((*LogState).down, b)
		m.add("Restart", 1, canRestart, restarts)
	}
	return m
}

// group begins a group of actions of a broker.
func (m *ReplicatedLog) group(ready func(*LogState, int) bool, b int) {
	m.groups = append(m.groups, logGroup{ready: ready, b: b, first: explore.TransitionID(len(m.table))})
}

// add binds an action to all values of its parameter.
func (m *ReplicatedLog) add(name string, n int, guard func(*ReplicatedLog, *LogState, int, int) bool, effect func(*ReplicatedLog, *LogState, int, int)) {
	g := &m.groups[len(m.groups)-1]
	for x := range n {
		m.table.add(name, fmt.Sprintf("b%d, %d", g.b+1, x+1))
		g.actions = append(g.actions, logAction{guard, effect, x})
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
func (m *ReplicatedLog) Successors(s *LogState, dst []explore.Successor[LogState]) []explore.Successor[LogState] {
	for i := range m.groups {
		g := &m.groups[i]
		if !g.ready(s, g.b) {
			continue
		}
		for j := range g.actions {
			a := &g.actions[j]
			if a.guard(m, s, g.b, a.x) {
				dst = append(dst, explore.Successor[LogState]{State: *s, ID: g.first + explore.TransitionID(j)})
				a.effect(m, &dst[len(dst)-1].State, g.b, a.x)
			}
		}
	}
	return dst
}

func canAppend(m *ReplicatedLog, s *LogState, b, x int) bool {
	return s.attempts(x) < m.Attempts && s.end(b) < 8 && !s.acked(x)
}

func appends(_ *ReplicatedLog, s *LogState, b, x int) {
	n := s.end(b)
	setField(&s.Broker[b], 16+entryBits*n, entryBits, uint64(s.epoch(b))<<3|uint64(x+1))
	setField(&s.Broker[b], 8, 4, uint64(n+1))
	setField(&s.Control, 16+2*x, 2, uint64(s.attempts(x)+1))
}

func canAck(_ *ReplicatedLog, s *LogState, b, x int) bool {
	if s.acked(x) {
		return false
	}
	for i := range s.high(b) {
		if s.entry(b, i)&7 == uint64(x+1) {
			return true
		}
	}
	return false
}

func acks(_ *ReplicatedLog, s *LogState, _, x int) { s.Control |= 1 << (32 + x) }

// matching returns how many entries of a follower agree with the leader's.
// Behind the end of a log all bits are zero.
func (s *LogState) matching(l, f int) int {
	differ := (s.Broker[l] ^ s.Broker[f]) >> 16
	return min(bits.TrailingZeros64(differ)/entryBits, s.end(l), s.end(f))
}

func canFetch(_ *ReplicatedLog, s *LogState, b, _ int) bool {
	l := s.leader()
	return l != b && s.alive(l) && s.Broker[l] != s.Broker[b]
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

func canAdvance(_ *ReplicatedLog, s *LogState, b, _ int) bool {
	return s.replicated(b) > s.high(b)
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

func canShrink(_ *ReplicatedLog, s *LogState, b, x int) bool {
	return x != b && s.isr()>>x&1 != 0 && s.matching(b, x) < s.end(b)
}

func shrinks(_ *ReplicatedLog, s *LogState, _, x int) {
	setField(&s.Control, 8, 4, uint64(s.isr()&^(1<<x)))
}

func canExpand(_ *ReplicatedLog, s *LogState, b, x int) bool {
	return x != b && s.isr()>>x&1 == 0 && s.alive(x) && s.matching(b, x) >= s.high(b)
}

func expands(_ *ReplicatedLog, s *LogState, _, x int) {
	setField(&s.Control, 8, 4, uint64(s.isr()|1<<x))
}

func canCrash(m *ReplicatedLog, s *LogState, b, _ int) bool {
	return s.crashes() < m.Crashes
}

func crashesNow(_ *ReplicatedLog, s *LogState, b, _ int) {
	s.Broker[b] &^= 1
	setField(&s.Control, 12, 4, uint64(s.crashes()+1))
	if s.isr() != 1<<b {
		setField(&s.Control, 8, 4, uint64(s.isr()&^(1<<b)))
	}
}

func canRestart(*ReplicatedLog, *LogState, int, int) bool { return true }

func restarts(_ *ReplicatedLog, s *LogState, b, _ int) {
	s.Broker[b] |= 1
	s.cut(b, s.high(b)) // what was not committed is lost
}

func canElect(m *ReplicatedLog, s *LogState, b, _ int) bool {
	l := s.leader()
	return s.isr()>>b&1 != 0 && l != b && !s.alive(l) && s.current() < m.Epochs
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
		found := !s.acked(x)
		for i := 0; i < s.end(l) && !found; i++ {
			found = s.entry(l, i)&7 == uint64(x+1)
		}
		if !found {
			return false
		}
	}
	return true
}
