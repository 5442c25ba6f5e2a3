// Package models holds transition systems for the tests and benchmarks of
// package explore: small ones from the TLA+ examples, whose numbers of states
// are known from other checkers, and a replicated log.
package models

import "github.com/kcheck/kcheck/explore"

// table builds a transition table action by action.
type table []explore.Transition

// add appends a transition and returns its number.
func (t *table) add(action, binding string) explore.TransitionID {
	*t = append(*t, explore.Transition{Action: action, Binding: binding})
	return explore.TransitionID(len(*t) - 1)
}
