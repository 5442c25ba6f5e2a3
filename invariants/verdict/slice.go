package verdict

import (
	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

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
func (s *subject) slice(t *explore.Trace[model.State]) []bool {
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
func (s *subject) breaks(initial model.State, ids []explore.TransitionID, left int) bool {
	runs := []model.State{initial}
	for i, id := range ids {
		if i == left {
			continue
		}
		var next []model.State
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
		if s.BrokenAtEnd(&runs[i]) {
			return true
		}
	}
	return false
}

// follow takes one transition from a state, with every outcome it has; one that is not enabled leaves the state as it
// is. broken says that a property broke over it.
func (s *subject) follow(pre *model.State, id explore.TransitionID) (after []model.State, broken bool) {
	for _, n := range explore.Successors(s.Model, pre) {
		if n.ID != id {
			continue
		}
		if s.Broken(&n.State) {
			return nil, true
		}
		after = append(after, n.State)
	}
	if after == nil {
		after = []model.State{*pre}
	}
	return after, false
}
