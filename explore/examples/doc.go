// Package examples holds transition systems that show how to write a model for
// package explore: small ones from the TLA+ examples, whose numbers of states
// are known from other checkers, and a replicated log. They are the subjects of
// its tests and benchmarks. The log and two-phase commit are also written in
// the languages of other checkers, in specs/peers.
package examples

import "github.com/kcheck/kcheck/explore"

// table builds a transition table action by action.
type table []explore.Transition

// add appends a transition and returns its number.
func (t *table) add(action, binding string) explore.TransitionID {
	*t = append(*t, explore.Transition{Action: action, Binding: binding})
	return explore.TransitionID(len(*t) - 1)
}
