package examples

import (
	"math/bits"

	"github.com/kcheck/kcheck/explore"
)

// ReadersWriters serves readers and writers in the order of their requests, as
// in ReadersWriters.tla of the TLA+ examples, with three actors.
type ReadersWriters struct {
	actions explore.Table

	tryRead, tryWrite, readOrWrite, stop explore.TransitionID
}

// Hall is a state of ReadersWriters. Readers and Writers are sets of actors, a
// bit each; a request is the number of the actor from 1, plus asWriter.
type Hall struct {
	Waiting          queue
	Readers, Writers uint16
}

const (
	actors   = 3
	asWriter = 8
)

// NewReadersWriters returns the model.
func NewReadersWriters() *ReadersWriters {
	m := &ReadersWriters{}
	m.tryRead = m.actions.Each("TryRead", "1", "2", "3")
	m.tryWrite = m.actions.Each("TryWrite", "1", "2", "3")
	m.readOrWrite = m.actions.Each("ReadOrWrite", "1", "2", "3")
	m.stop = m.actions.Each("Stop", "1", "2", "3")
	return m
}

// Transitions implements explore.Model.
func (m *ReadersWriters) Transitions() []explore.Transition { return m.actions }

// Initial implements explore.Model.
func (m *ReadersWriters) Initial(dst []Hall) []Hall { return append(dst, Hall{}) }

// Successors implements explore.Model.
func (m *ReadersWriters) Successors(s *Hall, out *explore.Out[Hall]) {
	x := expansion[Hall]{s, out}
	for a := range actors {
		if r := a + 1; !s.Waiting.contains(r) {
			x.take(m.tryRead, a).Waiting = s.Waiting.push(r)
		}
		if r := a + 1 + asWriter; !s.Waiting.contains(r) {
			x.take(m.tryWrite, a).Waiting = s.Waiting.push(r)
		}
		if active := uint16(1) << a; s.Readers&active != 0 {
			x.take(m.stop, a).Readers &^= active
		} else if s.Writers&active != 0 {
			x.take(m.stop, a).Writers &^= active
		}
	}
	if s.Waiting == 0 || s.Writers != 0 {
		return
	}
	first := s.Waiting.head()
	a := first&^asWriter - 1
	if writes := first > asWriter; !writes {
		to := x.take(m.readOrWrite, a)
		to.Waiting, to.Readers = s.Waiting.tail(), s.Readers|1<<a
	} else if s.Readers == 0 {
		to := x.take(m.readOrWrite, a)
		to.Waiting, to.Writers = s.Waiting.tail(), 1<<a
	}
}

// Exclusive says that a writer is alone.
func (*ReadersWriters) Exclusive(s *Hall) bool {
	return s.Writers == 0 || s.Readers == 0 && bits.OnesCount16(s.Writers) == 1
}
