package plan

import (
	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// walk follows steps and recoveries depth first from one state after the other, to see how they end. It belongs to one
// goroutine at a time.
type walk struct {
	f      *lastFault
	succ   []explore.Successor[model.State] // of the states on the path, one after the other
	recent []decided                        // ends of states as the model made them, by hash: making one canonical takes longer
	depth  int                              // of the path
}

// maxPath is longer than any path of steps and recoveries: where one goes on, the model goes round for ever against its own
// rules, and how the path ends is left open: the sets of faults are then decided one by one.
const maxPath = 1 << 16

// from decides a state as the model made it.
func (w *walk) from(s *model.State) uint16 {
	w.succ = append(w.succ[:0], explore.Successor[model.State]{State: *s})
	return w.next(0)
}

// end says which guarantees steps and recoveries can break from a state, which it makes canonical. No cycle is free of
// faults (see package model), so the paths end.
func (w *walk) end(s *model.State) uint16 {
	e := w.f.ends
	e.m.Canonical(s)
	key := keyOf(s, e.m.StateSize()/8)
	end, known := e.memo.recall(key)
	if known || w.f.halted.Load() {
		return end
	}
	end = w.decide(s)
	if !w.f.halted.Load() && !e.memo.remember(key, end) {
		w.f.outOfMemory()
	}
	return end
}

func (w *walk) decide(s *model.State) uint16 {
	e := w.f.ends
	end := e.violated(s)
	switch {
	case end == e.all:
		return end
	case e.m.BoundHit(s), w.depth > e.maxPath:
		return end | openEnd
	}
	from := len(w.succ)
	w.succ = explore.AppendSuccessors(w.succ, e.m, s)
	step, recovery := false, false
	w.depth++
	for i, to := from, len(w.succ); i < to && end&e.all != e.all; i++ {
		switch e.class[w.succ[i].ID] {
		case explore.Step:
			step = true
		case explore.Recovery:
			recovery = true
		}
		end |= w.next(i)
	}
	w.depth--
	w.succ = w.succ[:from]
	if !step {
		end |= e.atRest(s, recovery)
	}
	return end
}

// next decides the i-th state on the list. The list may be moved meanwhile, the state stays where it is.
func (w *walk) next(i int) uint16 {
	s := &w.succ[i].State
	key := keyOf(s, w.f.ends.m.StateSize()/8)
	recent := &w.recent[key[0]%recentLen]
	if recent.set && recent.key == key {
		return recent.end
	}
	end := w.end(s)
	if !w.f.halted.Load() {
		*recent = decided{key, end, true}
	}
	return end
}

// violated gives the bits of the guarantees that a state itself violates.
func (e *ends) violated(s *model.State) (end uint16) {
	for bit, properties := range e.properties {
		for i := range properties {
			if p := &properties[i]; p.Invariant != nil && !p.Invariant(s) {
				end |= 1 << bit
				break
			}
		}
	}
	return end
}

// atRest gives the bits of the guarantees that a state violates in which no step is possible.
func (e *ends) atRest(s *model.State, recovery bool) (end uint16) {
	for bit, properties := range e.properties {
		for i := range properties {
			p := &properties[i]
			if p.Stuck != nil && !p.Stuck(s) || !recovery && p.Quiescent != nil && !p.Quiescent(s) {
				end |= 1 << bit
				break
			}
		}
	}
	return end
}
