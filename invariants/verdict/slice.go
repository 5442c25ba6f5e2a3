package verdict

import "github.com/kcheck/kcheck/explore"

// The causal slice of a counterexample. A step is strong if the guarantee is not broken without it: take the step out
// of the trace, run the transitions that are left one after the other, passing over those that are not enabled any
// more, and look whether any property of the guarantee breaks on the way. Where a transition has several outcomes, all
// are followed. A step without which it still breaks is faint.
//
// A minimal counterexample has strong steps only: without one of them the run would break the guarantee with fewer
// steps and no more faults. What the search found depth first, or by chance, mostly has many faint ones.

// maxSliced is the longest trace that is sliced; the work grows with the square of its length.
const maxSliced = 300

// maxOutcomes bounds the runs that are followed at once.
const maxOutcomes = 64

// slice says of each step of a trace whether it is strong; nil for a trace that is too long.
func (s *subject[S]) slice(t *explore.Trace[S]) []bool {
	if len(t.Steps) > maxSliced {
		return nil
	}
	ids := t.IDs()
	strong := make([]bool, len(ids))
	for i := range ids {
		strong[i] = !s.breaks(t.Initial, ids, i)
	}
	return strong
}

// breaks says that the guarantee breaks in some run of the transitions without the one at index left; -1 leaves out
// none.
func (s *subject[S]) breaks(initial S, ids []explore.TransitionID, left int) bool {
	runs := []S{initial}
	for i, id := range ids {
		if i == left {
			continue
		}
		var next []S
		for j := range runs {
			after, broken := s.follow(&runs[j], id)
			if broken {
				return true
			}
			if len(next) < maxOutcomes {
				next = append(next, after...)
			}
		}
		runs = next
	}
	for i := range runs {
		if s.endsBroken(&runs[i]) {
			return true
		}
	}
	return false
}

// follow takes one transition from a state, with every outcome it has; one that is not enabled leaves the state as it
// is. broken says that a property broke over it.
func (s *subject[S]) follow(pre *S, id explore.TransitionID) (after []S, broken bool) {
	for _, n := range explore.Successors(s.model, pre) {
		if n.ID != id {
			continue
		}
		if s.brokenBy(pre, id, &n.State) {
			return nil, true
		}
		after = append(after, n.State)
	}
	if after == nil {
		after = []S{*pre}
	}
	return after, false
}

// brokenBy says that a step, or the state after it, breaks a property.
func (s *subject[S]) brokenBy(pre *S, id explore.TransitionID, post *S) bool {
	for _, p := range s.properties {
		if p.Invariant != nil && !p.Invariant(post) || p.StepInvariant != nil && !p.StepInvariant(pre, id, post) {
			return true
		}
	}
	return false
}

// endsBroken says that a state breaks a property about where runs end.
func (s *subject[S]) endsBroken(state *S) bool {
	recovers, goesOn := s.enabled(state)
	for _, p := range s.properties {
		if p.Quiescent != nil && !goesOn && !recovers && !p.Quiescent(state) || p.Stuck != nil && !goesOn && !p.Stuck(state) {
			return true
		}
	}
	return false
}

// enabled says whether a recovery, and whether a plain step, is enabled in a state.
func (s *subject[S]) enabled(state *S) (recovers, goesOn bool) {
	table := s.model.Transitions()
	for _, n := range explore.Successors(s.model, state) {
		switch table[n.ID].Class {
		case explore.Step:
			goesOn = true
		case explore.Recovery:
			recovers = true
		}
	}
	return recovers, goesOn
}
