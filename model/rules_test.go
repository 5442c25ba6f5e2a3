package model

import (
	"slices"
	"testing"

	"github.com/kcheck/kcheck/explore"
)

// TestGuardsOnlyRead evaluates every guard, twice, in states of random runs: the answer is the same, the state is what it
// was, and an enabled transition has an outcome.
func TestGuardsOnlyRead(t *testing.T) {
	for i := range scenarios {
		m := scenarios[i].model(t)
		walk(m, uint64(i), 20, func(s *State, _ *Budget) {
			for j := range m.groups {
				for _, b := range m.groups[j].bindings {
					checkGuard(t, m, &m.groups[j], s, b)
				}
			}
		})
	}
}

// checkGuard evaluates one guard in one state.
func checkGuard(t *testing.T, m *Model, g *group, s *State, b Binding) {
	t.Helper()
	before := *s
	if g.Ready != nil && !g.Ready(m, s) {
		return // a guard need not be defined there
	}
	first := g.Guard(m, s, b)
	if g.Choices != nil && first {
		if n := g.Choices(m, s, b); n < 1 || n != g.Choices(m, s, b) {
			t.Errorf("%s(%s) has %d outcomes where it is enabled", g.Name, b, n)
		}
	}
	if again := g.Guard(m, s, b); again != first || *s != before {
		t.Errorf("%s(%s): the guard changes the state or its own answer", g.Name, b)
	}
}

// TestSuccessorsArePure lists successors twice: they are the same, in the same order, and the state is what it was. Every
// one differs from the state, or the step would be a cycle, and uses only the words that StateSize promises.
func TestSuccessorsArePure(t *testing.T) {
	for i := range scenarios {
		m := scenarios[i].model(t)
		walk(m, uint64(i), 20, func(s *State, _ *Budget) {
			before := *s
			next := m.Successors(s, nil)
			if !slices.Equal(next, m.Successors(s, nil)) || *s != before {
				t.Errorf("%s: Successors changes the state or its own answer", scenarios[i].name)
			}
			for j := range next {
				if tr := m.transitions[next[j].ID]; next[j].State == *s && tr.Class != explore.Fault {
					t.Errorf("%s: %s changes nothing", scenarios[i].name, tr)
				}
				for _, w := range next[j].State[m.StateSize()/8:] {
					if w != 0 {
						t.Errorf("%s: %s writes beyond StateSize", scenarios[i].name, m.transitions[next[j].ID])
					}
				}
			}
		})
	}
}

// TestSuccessorsDoNotAllocate measures the hot loop: successors of a state into a slice with room, and their canonical
// forms.
func TestSuccessorsDoNotAllocate(t *testing.T) {
	for i := range scenarios {
		m := scenarios[i].model(t)
		var states []State
		walk(m, uint64(i), 2, func(s *State, _ *Budget) { states = append(states, *s) })
		room := make([]explore.Successor[State], 0, 1000)
		allocations := testing.AllocsPerRun(3, func() {
			for j := range states {
				next := m.Successors(&states[j], room[:0])
				for k := range next {
					m.Canonical(&next[k].State)
				}
			}
		})
		if allocations != 0 {
			t.Errorf("%s: %v allocations in %d states", scenarios[i].name, allocations, len(states))
		}
	}
}
