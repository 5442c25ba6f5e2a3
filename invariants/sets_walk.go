package invariants

import (
	"math/bits"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// walk follows steps depth first from one state after the other. It belongs to one goroutine at a time.
type walk struct {
	f    *lastFault
	succ []explore.Successor[model.State] // of the states on the path, one after the other
}

// mark stands for a state: two independent hashes of it, 128 bits.
type mark [2]uint64

// markOf hashes a state. Two states of a million have the same mark with a probability of less than 10^-25.
func markOf(s *model.State) mark {
	a, b := uint64(0x9e3779b97f4a7c15), uint64(0xc2b2ae3d27d4eb4f)
	for i, w := range s {
		a = fold(a^w, 0xff51afd7ed558ccd+uint64(i)<<1)
		b = fold(b+w, 0xd6e8feb86659fd93+uint64(i)<<1)
	}
	return mark{a, b}
}

func fold(x, y uint64) uint64 {
	hi, lo := bits.Mul64(x^0xa0761d6478bd642f, y)
	return hi ^ lo ^ x>>29
}

// raw decides a state as the model made it. It is looked up as it is first: making it canonical takes longer.
func (w *walk) raw(s *model.State) bool {
	as := markOf(s)
	lost, known := w.f.recall(as)
	if known {
		return lost
	}
	canonical := *s
	w.f.check.Model.Canonical(&canonical)
	lost = w.lost(&canonical)
	w.f.remember(as, lost)
	return lost
}

// lost says whether steps and recoveries can lead from a canonical state to a violation. No cycle is free of faults (see
// package model), so the paths end.
func (w *walk) lost(s *model.State) bool {
	m := markOf(s)
	if lost, known := w.f.recall(m); known {
		return lost
	}
	lost := w.decide(s)
	w.f.remember(m, lost)
	return lost
}

func (w *walk) decide(s *model.State) bool {
	k := w.f.check
	for i := range k.Properties {
		if p := &k.Properties[i]; p.Invariant != nil && !p.Invariant(s) {
			return true
		}
	}
	if k.Model.BoundHit(s) {
		w.f.stop(&w.f.bounded)
		return false
	}
	from := len(w.succ)
	w.succ = w.f.steps.Successors(s, w.succ)
	lost, step, recovery := w.follow(from)
	w.succ = w.succ[:from]
	return lost || !step && w.ends(s, recovery)
}

// follow decides the successors from some index on, and says which classes they are of.
func (w *walk) follow(from int) (lost, step, recovery bool) {
	for i, to := from, len(w.succ); i < to; i++ {
		switch w.f.class[w.succ[i].ID] {
		case explore.Step:
			step = true
		case explore.Recovery:
			recovery = true
		}
		next := w.succ[i].State // a copy: the slice grows
		w.f.check.Model.Canonical(&next)
		if w.lost(&next) {
			return true, step, recovery
		}
	}
	return false, step, recovery
}

// ends says whether a state in which no step is possible violates a property of such states.
func (w *walk) ends(s *model.State, recovery bool) bool {
	for i := range w.f.check.Properties {
		p := &w.f.check.Properties[i]
		if p.Stuck != nil && !p.Stuck(s) || !recovery && p.Quiescent != nil && !p.Quiescent(s) {
			return true
		}
	}
	return false
}
