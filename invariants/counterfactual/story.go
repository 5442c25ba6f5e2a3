package counterfactual

import (
	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/model"
)

// Story is a counterexample apart from the model that it was found in: what happened, step by step.
type Story struct {
	Guarantee string
	Faults    []int
	steps     []move
}

// move is a transition by its names.
type move struct{ action, binding string }

// mostStates bounds how many states a story is followed through at once: an action may have several outcomes.
const mostStates = 256

// Tell keeps a counterexample as a story.
func Tell(guarantee string, about *invariants.Check, v *explore.Violation[model.State]) Story {
	s := Story{Guarantee: guarantee, Faults: v.Faults}
	table := about.Model.Transitions()
	for _, step := range v.Trace.Steps {
		t := table[step.ID]
		s.steps = append(s.steps, move{t.Action, t.Binding})
	}
	return s
}

// Happens says that the story can happen in the model of a check, and ends in a violation, or meets one on the way.
func (s *Story) Happens(k *invariants.Check) bool {
	ids := map[move]explore.TransitionID{}
	for id, t := range k.Model.Transitions() {
		ids[move{t.Action, t.Binding}] = explore.TransitionID(id)
	}
	states := k.Model.Initial(nil)
	for _, step := range s.steps {
		id, found := ids[step]
		if !found {
			return false
		}
		if states = follow(k.Model, states, id); len(states) == 0 {
			return false
		}
		for i := range states {
			if k.Broken(&states[i]) {
				return true
			}
		}
	}
	for i := range states {
		if k.BrokenAtEnd(&states[i]) {
			return true
		}
	}
	return false
}

// follow takes a transition from each state.
func follow(m *model.Model, states []model.State, id explore.TransitionID) []model.State {
	var next []model.State
	seen := map[model.State]bool{}
	var out explore.Out[model.State]
	for i := range states {
		successors := out.Of(m, &states[i])
		for j := range successors {
			if to := &successors[j]; to.ID == id && !seen[to.State] && len(next) < mostStates {
				seen[to.State] = true
				next = append(next, to.State)
			}
		}
	}
	return next
}
