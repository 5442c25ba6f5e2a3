package examples

import (
	"fmt"

	"github.com/kcheck/kcheck/explore"
)

// LamportMutex is Lamport's distributed mutual exclusion with logical clocks as
// in LamportMutex.tla of the TLA+ examples, for three processes.
type LamportMutex struct {
	// MaxClock bounds the clocks.
	MaxClock int

	actions explore.Table

	request, enter, exit, receiveRequest, receiveAck, receiveRelease explore.TransitionID
}

const peers = 3

// Clocks is a state of LamportMutex.
type Clocks struct {
	Clock [peers]uint8
	Crit  uint8               // set of processes in the critical section
	Req   [peers][peers]uint8 // clock of the request of q that p knows, 0 if none
	Ack   [peers]uint8        // set of processes that acknowledged p's request
	// Network holds for each process the channels to the next and to the one
	// after that.
	Network [peers][peers - 1]queue
}

// A message is the clock of a request, or one of these.
const (
	ackMessage = 14
	relMessage = 15
)

// NewLamportMutex returns the model.
func NewLamportMutex(maxClock int) *LamportMutex {
	m := &LamportMutex{MaxClock: maxClock}
	var pairs []string
	for i := range peers * (peers - 1) {
		p := i / (peers - 1)
		pairs = append(pairs, fmt.Sprintf("%d, %d", p+1, (p+1+i%(peers-1))%peers+1))
	}
	t := &m.actions
	m.request = t.Each("Request", "1", "2", "3")
	m.enter = t.Each("Enter", "1", "2", "3")
	m.exit = t.Each("Exit", "1", "2", "3")
	m.receiveRequest = t.Each("ReceiveRequest", pairs...)
	m.receiveAck = t.Each("ReceiveAck", pairs...)
	m.receiveRelease = t.Each("ReceiveRelease", pairs...)
	return m
}

// Transitions implements explore.Model.
func (m *LamportMutex) Transitions() []explore.Transition { return m.actions }

// Initial implements explore.Model.
func (m *LamportMutex) Initial(dst []Clocks) []Clocks {
	return append(dst, Clocks{Clock: [peers]uint8{1, 1, 1}})
}

// offset is the place of q among the others, as p sees them.
func offset(p, q int) int { return (q-p+peers)%peers - 1 }

// channel returns the queue of messages from p to q.
func (s *Clocks) channel(p, q int) *queue { return &s.Network[p][offset(p, q)] }

func (s *Clocks) broadcast(p, msg int) {
	for i, q := range s.Network[p] {
		s.Network[p][i] = q.push(msg)
	}
}

// Successors implements explore.Model.
func (m *LamportMutex) Successors(s *Clocks, out *explore.Out[Clocks]) {
	x := expansion[Clocks]{s, out}
	for p := range peers {
		if s.Req[p][p] == 0 {
			to := x.take(m.request, p)
			to.Req[p][p], to.Ack[p] = s.Clock[p], 1<<p
			to.broadcast(p, int(s.Clock[p]))
		}
		if s.mayEnter(p) {
			x.take(m.enter, p).Crit |= 1 << p
		}
		if s.Crit>>p&1 != 0 {
			to := x.take(m.exit, p)
			to.Crit, to.Req[p][p], to.Ack[p] = s.Crit&^(1<<p), 0, 0
			to.broadcast(p, relMessage)
		}
		for q := range peers {
			if q != p {
				m.receive(&x, p, q)
			}
		}
	}
	constrain(s, out.Added(), m.within)
}

// receive lets p receive a message of q.
func (m *LamportMutex) receive(x *expansion[Clocks], p, q int) {
	i, s := p*(peers-1)+offset(p, q), x.from
	channel := *s.channel(q, p)
	var to *Clocks
	switch msg := channel.head(); msg {
	case 0:
		return
	case ackMessage:
		to = x.take(m.receiveAck, i)
		to.Ack[p] |= 1 << q
	case relMessage:
		to = x.take(m.receiveRelease, i)
		to.Req[p][q] = 0
	default:
		to = x.take(m.receiveRequest, i)
		to.Req[p][q] = uint8(msg)
		to.Clock[p] = max(s.Clock[p], uint8(msg)) + 1
		answer := to.channel(p, q)
		*answer = answer.push(ackMessage)
	}
	*to.channel(q, p) = channel.tail()
}

// mayEnter tells whether all have acknowledged the request of p, and it has
// priority over those that p knows: by its clock, then by the number of p.
func (s *Clocks) mayEnter(p int) bool {
	for q, other := range s.Req[p] {
		own := s.Req[p][p]
		if q != p && other != 0 && (other < own || other == own && q < p) {
			return false
		}
	}
	return s.Ack[p] == 1<<peers-1
}

// within is the state constraint.
func (m *LamportMutex) within(s *Clocks) bool {
	return int(max(s.Clock[0], s.Clock[1], s.Clock[2])) <= m.MaxClock
}

// Exclusive says that at most one process is in the critical section.
func (m *LamportMutex) Exclusive(s *Clocks) bool { return s.Crit&(s.Crit-1) == 0 }

// Bounded says that no channel holds more than three messages.
func (m *LamportMutex) Bounded(s *Clocks) bool {
	for p := range peers {
		for _, q := range s.Network[p] {
			if q.len() > 3 {
				return false
			}
		}
	}
	return true
}
