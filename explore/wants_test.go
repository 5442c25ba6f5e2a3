package explore_test

import (
	"context"
	"testing"

	"github.com/kcheck/kcheck/explore"
)

// countdown goes down by one, or by a fault of three kinds to another number, and counts what it is asked for.
type countdown struct{ wanted []int }

func (*countdown) Transitions() []explore.Transition {
	return []explore.Transition{
		{Action: "Down"},
		{Action: "Twice", Class: explore.Fault, Fault: 0},
		{Action: "Often", Class: explore.Fault, Fault: 1},
		{Action: "Never", Class: explore.Fault, Fault: 2},
	}
}

func (*countdown) Initial(dst []uint64) []uint64 { return append(dst, 100) }

func (m *countdown) Successors(s *uint64, out *explore.Out[uint64]) {
	for id := range explore.TransitionID(len(m.wanted)) {
		if *s > 0 && out.Wants(id) {
			m.wanted[id]++
			*out.Add(id) = *s - 1
		}
	}
}

// A model that leaves out what Out.Wants denies makes no successor in vain. That nothing is missing is what the random systems test,
// of which every other one asks.
func TestWants(t *testing.T) {
	for _, o := range []explore.Options[uint64]{
		{Budget: []int{2, explore.Any}, Coverage: true},
		{Budget: []int{2, explore.Any, 0}, Coverage: true, Dominance: true},
		{Budget: []int{2, 1, 3}, MaxFaults: 1, Coverage: true},
	} {
		m := &countdown{wanted: make([]int, 4)}
		o.Workers = 1
		r, err := explore.Check(context.Background(), explore.Spec[uint64]{Model: m, Options: o})
		if err != nil {
			t.Fatal(err)
		}
		for id, n := range m.wanted {
			if taken := r.Coverage[id]; uint64(n) != taken {
				t.Errorf("budget %v: %s was made %d times and taken %d times", o.Budget, m.Transitions()[id], n, taken)
			}
		}
	}
}
