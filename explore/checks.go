package explore

import (
	"bytes"
	"fmt"
)

// This file holds what a worker does where properties are looked at.

// sampled is how many states are expanded for each of which it is checked that
// their successors have no byte set that is not in use.
const sampled = 1 << 10

// check looks whether the model keeps to the rules for Successors: the state is
// still that of the record, and some successors use only the bytes they may.
func (w *worker[S]) check(rec []byte, start int) error {
	size := w.e.p.size
	if !bytes.Equal(bytesOf(&w.state)[:size], rec[:size]) {
		before := w.state
		w.load(rec)
		return fmt.Errorf("Successors changed the state that it was given, from %+v to %+v; Out.Add returns what may be changed", w.state, before)
	}
	if w.expanded++; w.expanded%sampled != 1 {
		return nil
	}
	for i := range w.out.succ[start:] {
		to := &w.out.succ[start+i]
		for k, b := range bytesOf(&to.State)[size:] {
			if b != 0 {
				return fmt.Errorf("transition %d leads to a state in which byte %d is set, but StateSize returns %d: %+v", to.ID, size+k, size, to.State)
			}
		}
	}
	return nil
}

// checkState looks at a state that is new.
func (w *worker[S]) checkState(s *S, used, node uint64) {
	p := w.e.p
	for _, q := range p.invariants {
		if !p.props[q].Invariant(s) {
			w.note(q, w.newDepth(), used, false, place{node, -1})
		}
	}
	for i := range p.wits {
		if w.e.reached[i] == nil && p.wits[i].Reached(s) {
			w.note(len(p.props)+i, w.newDepth(), used, false, place{node, -1})
		}
	}
}

// newDepth is the depth of the states being found: those of the level itself
// while it is entered, later those of the next.
func (w *worker[S]) newDepth() int {
	d := int(w.e.depth.Load())
	if w.e.expanding {
		d++
	}
	return d
}

// checkStep looks at a transition from the current state.
func (w *worker[S]) checkStep(to *Successor[S], used uint64, fault bool, ordinal int) {
	p := w.e.p
	for _, q := range p.stepInvariants {
		if !p.props[q].StepInvariant(&w.state, to.ID, &to.State) {
			w.note(q, int(w.e.depth.Load())+1, used, fault, place{w.node, ordinal})
		}
	}
}

// checkEnd looks at the current state if no step is enabled in it. Its
// successors are those from start on; faults are not looked at.
func (w *worker[S]) checkEnd(start int) {
	p := w.e.p
	quiescent := true
	for i := start; i < len(w.out.succ); i++ {
		id := w.out.succ[i].ID
		if int(id) >= len(p.effects) {
			w.e.fail(p.unknownTransition(id))
			return
		}
		switch p.effects[id].class {
		case Step:
			return
		case Recovery:
			quiescent = false
		}
	}
	depth := int(w.e.depth.Load())
	for _, q := range p.stuck {
		if !p.props[q].Stuck(&w.state) {
			w.note(q, depth, w.used, false, place{w.node, -1})
		}
	}
	for _, q := range p.quiescent {
		if quiescent && !p.props[q].Quiescent(&w.state) {
			w.note(q, depth, w.used, false, place{w.node, -1})
		}
	}
}

// note records an event. fault tells that its last step is a fault, so that it
// belongs to the next layer.
func (w *worker[S]) note(what, steps int, used uint64, fault bool, at place) {
	ev := event{what: what, faults: int(w.e.layer.Load()), steps: steps, used: used}
	if fault {
		ev.faults++
	}
	if w.e.tracer != nil {
		w.noted = append(w.noted, noted{ev, at})
		return
	}
	w.sink.events[ev] = struct{}{}
}

// bounded tells whether the model's own limit was hit in the current state.
func (w *worker[S]) bounded() bool {
	if !w.e.p.bounded(&w.state) {
		return false
	}
	if w.cut == 0 || w.cut > BoundReached {
		w.cut = BoundReached
	}
	return true
}

// cutDepth drops the successors of the current state, which are too deep.
func (w *worker[S]) cutDepth(start int) {
	if len(w.out.succ) > start && w.cut == 0 {
		w.cut = DepthReached
	}
	w.out.succ = w.out.succ[:start]
}
