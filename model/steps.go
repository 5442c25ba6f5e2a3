package model

import "github.com/kcheck/kcheck/explore"

// WithoutFaults is the model with the same states and the same transitions, in which no fault happens: what can still
// happen in a state once the budget is used up.
func (m *Model) WithoutFaults() *Model {
	steps := *m
	steps.groups = nil
	for _, g := range m.groups {
		if g.Class != explore.Fault {
			steps.groups = append(steps.groups, g)
		}
	}
	return &steps
}
