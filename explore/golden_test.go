package explore_test

import (
	"context"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/examples"
	"github.com/kcheck/kcheck/explore/exploretest"
)

// golden is the size of a state space as other checkers report it. Levels is
// one more than the depth: TLC counts the initial states as a level.
type golden struct {
	distinct, generated uint64
	levels              int
}

// everyMode returns the options that must not make a difference.
func everyMode[S comparable]() []explore.Options[S] {
	return []explore.Options[S]{{Workers: 1}, {Workers: 2}, {Workers: 4, Seed: 7}, {Exact: true}, {Strategy: explore.DFS}}
}

// checkGolden compares the whole space of a model with its golden numbers, in
// every mode.
func checkGolden[S comparable](t exploretest.Reporter, name string, m explore.Model[S], inv func(*S) bool, want golden) {
	t.Helper()
	checkSpace(t, name, m, []explore.Property[S]{{Name: name, Invariant: inv}}, want, everyMode[S]())
}

// checkSpace compares the whole space of a model, in which the properties hold,
// with its golden numbers.
func checkSpace[S comparable](t exploretest.Reporter, name string, m explore.Model[S], props []explore.Property[S], want golden, modes []explore.Options[S]) {
	t.Helper()
	for _, o := range modes {
		r, err := explore.Check(context.Background(), explore.Spec[S]{Model: m, Properties: props, Options: o})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		got := golden{r.Stats.Distinct, r.Stats.Generated, r.Stats.Depth + 1}
		if o.Strategy == explore.DFS {
			got.levels = want.levels
		}
		if got != want || !r.Complete || r.Violation != nil {
			t.Errorf("%s, %+v: got %+v, want %+v; complete %t, violation %v", name, o, got, want, r.Complete, r.Violation)
		}
	}
}

var twoPhaseGolden = []golden{
	1: {12, 20, 5}, {56, 154, 8}, {288, 1146, 11}, {1568, 8258, 14},
	{8832, 58146, 17}, {50816, 402306, 20}, {296448, 2744706, 23},
}

var twoPhaseOrbits = []uint64{1: 12, 34, 80, 166, 314, 553, 920}

// checkTwoPhase compares two-phase commit with its golden numbers.
func checkTwoPhase(t exploretest.Reporter, upTo int) {
	for n := 1; n <= upTo; n++ {
		m := examples.NewTwoPhase(n)
		checkGolden(t, "TwoPhase", m, m.Consistent, twoPhaseGolden[n])
	}
}

func TestTwoPhase(t *testing.T) {
	upTo := 7
	if testing.Short() {
		upTo = 6
	}
	checkTwoPhase(t, upTo)
}

// checkOrbits counts two-phase commit up to symmetry.
func checkOrbits(t exploretest.Reporter, unsorted bool) {
	for n, want := range twoPhaseOrbits {
		if n == 0 {
			continue
		}
		m := examples.SymmetricTwoPhase{TwoPhase: examples.NewTwoPhase(n), Unsorted: unsorted}
		r, err := explore.Check(context.Background(), explore.Spec[examples.Commit]{Model: m})
		if err != nil || r.Stats.Distinct != want {
			t.Errorf("%d resource managers: %d orbits, want %d (%v)", n, r.Stats.Distinct, want, err)
		}
	}
}

func TestOrbits(t *testing.T) { checkOrbits(t, false) }

func TestSmallExamples(t *testing.T) {
	tc := examples.NewTCommit(3)
	checkGolden(t, "TCommit", tc, tc.Consistent, golden{34, 94, 7})
	checkGolden(t, "Peterson", examples.Peterson{}, examples.Peterson{}.Exclusive, golden{42, 77, 11})
	checkGolden(t, "DiningPhilosophers", examples.Philosophers{}, examples.Philosophers{}.Exclusive, golden{67, 336, 29})
	// The manifest of the examples says 10 levels; an independent enumeration 9.
	checkGolden(t, "EWD840", examples.EWD840{}, examples.EWD840{}.Detects, golden{302, 2001, 9})
}
