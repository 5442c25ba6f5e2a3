package explore_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/exploretest"
)

// Depth-first search covers the same states and finds a violation exactly when
// there is one.
func TestDepthFirstAgrees(t *testing.T) {
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 9))
		m, props := newRandomSystem(r), randomProperties(r)
		o := randomOptions(r)
		o.Exhaust, o.FaultSets, o.MaxDepth, o.Bound, o.Lattice.Within = true, false, 0, nil, nil
		want := check(t, context.Background(), m, props, o)
		o.Strategy, o.Exact = explore.DFS, seed%2 == 0
		got := check(t, context.Background(), m, props, o)
		if got.Stats.Distinct != want.Stats.Distinct || got.Stats.Generated != want.Stats.Generated || violated(got) != violated(want) {
			t.Fatalf("seed %d: depth first %+v %s, breadth first %+v %s", seed, got.Stats, violated(got), want.Stats, violated(want))
		}
		for _, v := range got.Violations {
			if err := explore.ReplayTrace(m, &v.Trace); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
		}
	}
}

// violated lists the properties violated.
func violated(r *explore.Result[tiny]) string {
	names := map[string]bool{}
	for _, v := range r.Violations {
		names[v.Property] = true
	}
	return fmt.Sprint(names)
}

func TestSimulation(t *testing.T) {
	met, possible := 0, 0
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 3))
		m, props := newRandomSystem(r), randomProperties(r)
		o := explore.Options[tiny]{Budget: []int{2, 1, 1}, Coverage: true}
		want := check(t, context.Background(), m, props, o)
		o.Strategy, o.Walks, o.Seed = explore.Simulate, explore.Walks{Count: 300, Length: 40}, seed
		got := check(t, context.Background(), m, props, o)
		if got.Violation != nil {
			met++
			if want.Violation == nil {
				t.Errorf("seed %d: simulation met %s, which holds", seed, got.Violation.Property)
			}
			if err := explore.ReplayTrace(m, &got.Violation.Trace); err != nil {
				t.Errorf("seed %d: %v", seed, err)
			}
		}
		if want.Violation != nil {
			possible++
		}
		if got.Complete && got.Violation == nil {
			t.Errorf("seed %d: a simulation is never complete", seed)
		}
		exploretest.Determinism(t, explore.Spec[tiny]{Model: m, Properties: props, Options: o})
	}
	if met < possible*3/4 {
		t.Errorf("simulation met only %d of %d violations", met, possible)
	}
}

// The trace to a witness is as short as a counterexample to its opposite.
func TestWitnessTraces(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 4))
		m, o := newRandomSystem(r), explore.Options[tiny]{Budget: []int{1, 1, 1}, WitnessTrace: true}
		f := randomPredicate(r, 15)
		wits := []explore.Witness[tiny]{{Name: "w", Reached: func(s *tiny) bool { return !f(s) }}}
		got, err := explore.Check(context.Background(), explore.Spec[tiny]{Model: m, Witnesses: wits, Options: o})
		if err != nil {
			t.Fatal(err)
		}
		o.WitnessTrace = false
		want := check(t, context.Background(), m, []explore.Property[tiny]{{Name: "w", Invariant: f}}, o)
		if got.Witnesses[0] != (want.Violation != nil) {
			t.Fatalf("seed %d: reached %t, violation %v", seed, got.Witnesses[0], want.Violation)
		}
		if want.Violation == nil {
			continue
		}
		if fmt.Sprintf("%+v", *got.WitnessTraces[0]) != fmt.Sprintf("%+v", want.Violation.Trace) {
			t.Fatalf("seed %d: trace %+v, want %+v", seed, *got.WitnessTraces[0], want.Violation.Trace)
		}
	}
}

func TestReplay(t *testing.T) {
	props := []explore.Property[Jugs]{{Name: "four", Invariant: func(s *Jugs) bool { return s.Big != 4 }}}
	r := check(t, context.Background(), Puzzle{}, props, explore.Options[Jugs]{})
	trace, err := explore.Replay(Puzzle{}, Jugs{}, r.Violation.Trace.IDs())
	if err != nil || trace.Last() != (Jugs{3, 4}) {
		t.Errorf("replay ends in %v, %v", trace.Last(), err)
	}
	if _, err := explore.Replay(Puzzle{}, Jugs{}, []explore.TransitionID{0, 77}); err == nil {
		t.Error("a transition that does not exist was replayed")
	}
	trace.Steps[3].State.Big++
	if explore.ReplayTrace(Puzzle{}, &trace) == nil {
		t.Error("a forged trace was accepted")
	}
}
