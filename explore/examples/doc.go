// Package examples holds transition systems that show how to write a model for
// package explore: small ones from the TLA+ examples, whose numbers of states
// are known from other checkers, and a replicated log. They are the subjects of
// its tests and benchmarks. The log and two-phase commit are also written in
// the languages of other checkers, in specs/peers.
//
// The models of the TLA+ examples make a transition for every way in which TLC
// can satisfy an action, so that the numbers of transitions agree as well. TLC
// branches on each true disjunct and each witness of an existential quantifier,
// also where those are part of a guard and lead to the same state.
package examples

import "github.com/kcheck/kcheck/explore"

// expansion collects the successors of a state.
type expansion[S comparable] struct {
	from *S
	out  *explore.Out[S]
}

// take adds the successor by the i-th binding of an action, and returns it for
// the effect.
func (x *expansion[S]) take(action explore.TransitionID, i int) (to *S) {
	return x.out.Add(action + explore.TransitionID(i))
}

// constrain turns the transitions that lead to a state outside a constraint
// into such as change nothing. TLC, too, counts the transition and forgets the
// state; but it looks at the invariants there, which is not done here.
func constrain[S comparable](from *S, successors []explore.Successor[S], within func(*S) bool) {
	for i := range successors {
		if to := &successors[i].State; !within(to) {
			*to = *from
		}
	}
}
