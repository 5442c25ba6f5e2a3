package tlaexamples

import "github.com/kcheck/kcheck/explore"

// LamportMutex is Lamport's mutual exclusion by logical clocks as in MCLamportMutex.cfg: three processes, clocks up to 6.
type LamportMutex struct{}

const (
	processes = 3
	maxClock  = 6
)

// Clocks is a state of LamportMutex. Net holds the messages from one process to another, the oldest in the lowest four
// bits: a request with its clock, or ackMessage, or releaseMessage.
type Clocks struct {
	Net   [processes][processes]uint16
	Req   [processes][processes]uint8
	Clock [processes]uint8
	Ack   [processes]uint8 // sets of processes
	Crit  uint8            // a set of processes
}

const (
	ackMessage     = 14
	releaseMessage = 15
)

const (
	lamportRequest = iota
	lamportEnter
	lamportExit
	lamportReceive
)

// Transitions implements explore.Model.
func (LamportMutex) Transitions() []explore.Transition {
	return names("Request", "Enter", "Exit", "Receive")
}

// Initial implements explore.Model.
func (LamportMutex) Initial(dst []Clocks) []Clocks {
	return append(dst, Clocks{Clock: [processes]uint8{1, 1, 1}})
}

// Successors implements explore.Model.
func (LamportMutex) Successors(s *Clocks, dst []explore.Successor[Clocks]) []explore.Successor[Clocks] {
	l := successors[Clocks]{s, dst}
	for p := range processes {
		if s.Req[p][p] == 0 {
			t := l.add(lamportRequest)
			t.Req[p][p], t.Ack[p] = s.Clock[p], 1<<p
			t.broadcast(p, uint16(s.Clock[p]))
		}
		if s.mayEnter(p) {
			l.add(lamportEnter).Crit |= 1 << p
		}
		if s.Crit>>p&1 == 1 {
			t := l.add(lamportExit)
			t.Crit &^= 1 << p
			t.Req[p][p], t.Ack[p] = 0, 0
			t.broadcast(p, releaseMessage)
		}
		for q := range processes {
			if q != p && s.Net[q][p] != 0 {
				receive(&l, p, q)
			}
		}
	}
	return l.all
}

// receive is process p taking the next message of process q.
func receive(l *successors[Clocks], p, q int) {
	t := l.add(lamportReceive)
	m := uint8(t.Net[q][p] & 15)
	t.Net[q][p] >>= 4
	switch m {
	case ackMessage:
		t.Ack[p] |= 1 << q
	case releaseMessage:
		t.Req[p][q] = 0
	default:
		t.Req[p][q] = m
		t.Clock[p] = max(m, t.Clock[p]) + 1
		t.send(p, q, ackMessage)
		if t.Clock[p] > maxClock {
			*t = *l.of
		}
	}
}

func (s *Clocks) send(p, q int, m uint16) {
	shift := 0
	for s.Net[p][q]>>shift != 0 {
		shift += 4
	}
	s.Net[p][q] |= m << shift
}

func (s *Clocks) broadcast(p int, m uint16) {
	for q := range processes {
		if q != p {
			s.send(p, q, m)
		}
	}
}

// mayEnter says that all have acknowledged the request of p, and that it beats all others that p knows.
func (s *Clocks) mayEnter(p int) bool {
	if s.Ack[p] != 1<<processes-1 {
		return false
	}
	for q := range processes {
		if own, other := s.Req[p][p], s.Req[p][q]; q != p && other != 0 && own >= other && !(own == other && p < q) {
			return false
		}
	}
	return true
}

// Exclusive says that at most one process is in the critical section.
func (LamportMutex) Exclusive(s *Clocks) bool { return s.Crit&(s.Crit-1) == 0 }
