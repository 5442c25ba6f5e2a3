// Package tlaexamples holds models of the TLA+ examples, written from their actions, whose numbers of distinct states,
// generated states and levels are published with them. They are subjects of tests.
//
// TLC counts a transition for every way in which the guard of an action is true: for each value that an existential
// quantifier can take and each disjunct that holds, even if the next state is the same. A model that is to generate as
// many states returns a successor for each. A next state beyond a constraint of the model is generated, but is no state
// of the space; here it is a step to the state itself, which counts the same.
package tlaexamples

import "github.com/kcheck/kcheck/explore"

// successors collects the successors of a state.
type successors[S comparable] struct {
	of  *S
	all []explore.Successor[S]
}

// add appends a copy of the state and returns it to be changed.
func (l *successors[S]) add(action int) *S {
	l.all = append(l.all, explore.Successor[S]{State: *l.of, ID: explore.TransitionID(action)})
	return &l.all[len(l.all)-1].State
}

// stay appends n steps to the state itself.
func (l *successors[S]) stay(action, n int) {
	for range n {
		l.add(action)
	}
}

// names makes a table of transitions.
func names(actions ...string) []explore.Transition {
	all := make([]explore.Transition, len(actions))
	for i, a := range actions {
		all[i].Action = a
	}
	return all
}
