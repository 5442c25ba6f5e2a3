package model

import "github.com/kcheck/kcheck/explore"

// WithoutFaults is the model with the same states and the same transitions, in which no fault happens: what can still
// happen in a state once the budget is used up. What only a fault would make a difference to is no part of a canonical form.
func (m *Model) WithoutFaults() *Model {
	steps := *m
	steps.groups, steps.spent = nil, true
	for _, g := range m.groups {
		if g.Class != explore.Fault {
			steps.groups = append(steps.groups, g)
		}
	}
	return &steps
}

// clearSpent zeroes what only a fault would read: how much is on disk, where no loss of power is to be recovered from.
func (m *Model) clearSpent(s *State) {
	for b := 0; b < m.n; b++ {
		if !s.hasFlag(b, flagPower) {
			s.setFlushed(b, 0)
		}
	}
}
