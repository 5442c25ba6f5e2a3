package tlaexamples

import "github.com/kcheck/kcheck/explore"

// AlternatingBit is the alternating-bit protocol as in MCAlternatingBit.cfg: two values, queues of at most two.
type AlternatingBit struct{}

// Queue is a queue of at most two elements, the oldest first.
type Queue struct {
	Len   uint8
	Items [2]uint8
}

// Link is a state of AlternatingBit. A message is its bit and, above that, its value.
type Link struct {
	Msgs, Acks                       Queue
	SBit, SAck, RBit, Sent, Received uint8
}

// append is the queue with one more element; it is not ok beyond the bound.
func (q Queue) append(x uint8) (Queue, bool) {
	if int(q.Len) == len(q.Items) {
		return q, false
	}
	q.Items[q.Len] = x
	q.Len++
	return q, true
}

// without is the queue without its i-th element.
func (q Queue) without(i uint8) Queue {
	if i == 0 {
		q.Items[0] = q.Items[1]
	}
	q.Items[1] = 0
	q.Len--
	if q.Len == 0 {
		q.Items[0] = 0
	}
	return q
}

const (
	bitSendNew = iota
	bitResend
	bitReceive
	bitSendAck
	bitReceiveAck
	bitLose
)

// Transitions implements explore.Model.
func (AlternatingBit) Transitions() []explore.Transition {
	return names("SndNewValue", "ReSndMsg", "RcvMsg", "SndAck", "RcvAck", "Lose")
}

// Initial implements explore.Model.
func (AlternatingBit) Initial(dst []Link) []Link {
	for n := range uint8(8) {
		bit := n & 1
		dst = append(dst, Link{SBit: bit, SAck: bit, RBit: bit, Sent: n >> 1 & 1, Received: n >> 2})
	}
	return dst
}

// Successors implements explore.Model.
func (AlternatingBit) Successors(s *Link, dst []explore.Successor[Link]) []explore.Successor[Link] {
	l := successors[Link]{s, dst}
	if s.SAck == s.SBit {
		for value := range uint8(2) {
			t := l.add(bitSendNew)
			if q, ok := s.Msgs.append(1 - s.SBit | value<<1); ok {
				t.Msgs, t.Sent, t.SBit = q, value, 1-s.SBit
			}
		}
	} else {
		t := l.add(bitResend)
		t.Msgs, _ = s.Msgs.append(s.SBit | s.Sent<<1)
	}
	if s.Msgs.Len > 0 {
		t := l.add(bitReceive)
		t.RBit, t.Received, t.Msgs = s.Msgs.Items[0]&1, s.Msgs.Items[0]>>1, s.Msgs.without(0)
	}
	t := l.add(bitSendAck)
	t.Acks, _ = s.Acks.append(s.RBit)
	if s.Acks.Len > 0 {
		t := l.add(bitReceiveAck)
		t.SAck, t.Acks = s.Acks.Items[0], s.Acks.without(0)
	}
	for i := range s.Msgs.Len {
		l.add(bitLose).Msgs = s.Msgs.without(i)
	}
	for i := range s.Acks.Len {
		l.add(bitLose).Acks = s.Acks.without(i)
	}
	return l.all
}

// ReadersWriters are three actors who share a resource and wait for it in a queue, as in MC.cfg.
type ReadersWriters struct{}

const actors = 3

// Resource is a state of ReadersWriters. Waiting holds the queue, the first in the lowest four bits: 8 for a reader, 12
// for a writer, plus the number of the actor.
type Resource struct {
	Waiting          uint32
	Readers, Writers uint16 // sets of actors
}

const (
	waitsToRead  = 8
	waitsToWrite = 12
)

// Transitions implements explore.Model.
func (ReadersWriters) Transitions() []explore.Transition {
	return names("TryRead", "TryWrite", "ReadOrWrite", "Stop")
}

// Initial implements explore.Model.
func (ReadersWriters) Initial(dst []Resource) []Resource { return append(dst, Resource{}) }

// Successors implements explore.Model.
func (ReadersWriters) Successors(s *Resource, dst []explore.Successor[Resource]) []explore.Successor[Resource] {
	l := successors[Resource]{s, dst}
	for a := range uint32(actors) {
		for action, entry := range [...]uint32{waitsToRead + a, waitsToWrite + a} {
			if end, waits := s.find(entry); !waits {
				l.add(action).Waiting |= entry << end
			}
		}
	}
	if first := s.Waiting & 15; first != 0 && s.Writers == 0 {
		actor := uint16(1) << (first & 3)
		if first < waitsToWrite {
			t := l.add(2)
			t.Readers, t.Waiting = s.Readers|actor, s.Waiting>>4
		} else if s.Readers == 0 {
			t := l.add(2)
			t.Writers, t.Waiting = s.Writers|actor, s.Waiting>>4
		}
	}
	for a := range actors {
		switch actor := uint16(1) << a; {
		case s.Readers&actor != 0:
			l.add(3).Readers &^= actor
		case s.Writers&actor != 0:
			l.add(3).Writers &^= actor
		}
	}
	return l.all
}

// find says where the queue ends and whether an entry is in it.
func (s *Resource) find(entry uint32) (end int, found bool) {
	for ; s.Waiting>>end != 0; end += 4 {
		found = found || s.Waiting>>end&15 == entry
	}
	return end, found
}

// Safe says that nobody reads while somebody writes and that at most one writes.
func (ReadersWriters) Safe(s *Resource) bool {
	return (s.Readers == 0 || s.Writers == 0) && s.Writers&(s.Writers-1) == 0
}
