package explore_test

import (
	"context"
	"maps"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/kcheck/kcheck/explore"
)

// What Lattice.Beyond is shown are the states of the next layer: those and what follows them without a fault, together
// with the states that were explored, are the states that one more fault allows.
func TestBeyond(t *testing.T) {
	for seed := range uint64(100) {
		m := newRandomSystem(rand.New(rand.NewPCG(seed, 17)))
		o := explore.Options[tiny]{Budget: []int{2, 1, 1}, MaxFaults: 1, Workers: 2, NoSymmetry: true}
		var mu sync.Mutex
		var border []tiny
		o.Lattice.Beyond = func(faults []int, s *tiny) {
			if n := faults[0] + faults[1] + faults[2]; n != 2 || faults[0] > 2 || faults[1] > 1 || faults[2] > 1 {
				t.Errorf("seed %d: beyond one fault: %v", seed, faults)
			}
			mu.Lock()
			border = append(border, *s)
			mu.Unlock()
		}
		got := collect(t, m, o)
		o.MaxFaults, o.Lattice.Beyond = 2, nil
		want := collect(t, m, o)
		for len(border) > 0 {
			s := border[len(border)-1]
			border = border[:len(border)-1]
			if got[s] {
				continue
			}
			got[s] = true
			for _, to := range explore.Successors(m, &s) {
				if m.Transitions()[to.ID].Class != explore.Fault {
					border = append(border, to.State)
				}
			}
		}
		if !maps.Equal(got, want) {
			t.Fatalf("seed %d: %d states, want %d", seed, len(got), len(want))
		}
	}
}

// collect lists the states that a check explores.
func collect(t *testing.T, m explore.Model[tiny], o explore.Options[tiny]) map[tiny]bool {
	t.Helper()
	var mu sync.Mutex
	states := map[tiny]bool{}
	all := []explore.Property[tiny]{{Name: "all", Invariant: func(s *tiny) bool {
		mu.Lock()
		defer mu.Unlock()
		states[*s] = true
		return true
	}}}
	if _, err := explore.Check(context.Background(), explore.Spec[tiny]{Model: m, Properties: all, Options: o}); err != nil {
		t.Fatal(err)
	}
	return states
}

// What Options.Expanded is shown are the states that are explored, each with faults within the budget.
func TestExpanded(t *testing.T) {
	for seed := range uint64(100) {
		m := newRandomSystem(rand.New(rand.NewPCG(seed, 18)))
		o := explore.Options[tiny]{Budget: []int{2, 1, 1}, Workers: 2, Dominance: seed%2 == 0, Exact: seed%3 == 0}
		want := collect(t, m, o)
		var mu sync.Mutex
		got := map[tiny]bool{}
		o.Expanded = func(faults []int, s *tiny) {
			mu.Lock()
			defer mu.Unlock()
			got[*s] = true
			if faults[0] > 2 || faults[1] > 1 || faults[2] > 1 {
				t.Errorf("seed %d: %v is not within the budget", seed, faults)
			}
		}
		collect(t, m, o)
		if !maps.Equal(got, want) {
			t.Fatalf("seed %d: %d states, want %d", seed, len(got), len(want))
		}
	}
}
