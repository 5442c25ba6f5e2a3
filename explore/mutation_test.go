package explore_test

import (
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/examples"
	"github.com/kcheck/kcheck/explore/exploretest"
)

// The engine, broken on purpose, must not get past the other tests.
func TestMutationsAreNoticed(t *testing.T) {
	for _, mutation := range []struct {
		name      string
		noBarrier bool
		hashMask  uint64
		skipEvery uint64
		overPrune bool
		suite     func(t exploretest.Reporter)
	}{
		{name: "drop the level barrier", noBarrier: true, suite: func(t exploretest.Reporter) { checkTwoPhase(t, 4) }},
		{name: "weaken the hash to 20 bits", hashMask: 1<<54 - 1, suite: func(t exploretest.Reporter) { checkTwoPhase(t, 6) }},
		{name: "skip one successor in a thousand", skipEvery: 1000, suite: func(t exploretest.Reporter) { checkTwoPhase(t, 5) }},
		{name: "prune one too many by dominance", overPrune: true, suite: func(t exploretest.Reporter) { checkRandomSystems(t, 0, 100) }},
	} {
		rec := &recorder{}
		undo := explore.Sabotage(mutation.noBarrier, mutation.hashMask, mutation.skipEvery, mutation.overPrune)
		mutation.suite(rec)
		undo()
		if len(rec.errors) == 0 {
			t.Errorf("%s: no test noticed", mutation.name)
		}
	}
}

func TestBrokenSortIsNoticed(t *testing.T) {
	rec := &recorder{}
	checkOrbits(rec, true)
	if len(rec.errors) == 0 {
		t.Error("the counts of orbits did not notice")
	}
	rec = &recorder{}
	checkSymmetry(rec, true)
	if len(rec.errors) == 0 {
		t.Error("exploretest.Symmetry did not notice")
	}
}

// checkSymmetry compares the canonical form of two-phase commit with all 24
// permutations of its resource managers.
func checkSymmetry(t exploretest.Reporter, unsorted bool) {
	m := examples.SymmetricTwoPhase{TwoPhase: examples.NewTwoPhase(4), Unsorted: unsorted}
	permutations := permute([]int{0, 1, 2, 3}, nil, nil)
	exploretest.Symmetry(t, explore.Spec[examples.Commit]{Model: m}, len(permutations), func(s *examples.Commit, i int) {
		old := *s
		for to, from := range permutations[i] {
			s.RM[to] = old.RM[from]
		}
	})
}

func TestSymmetry(t *testing.T) { checkSymmetry(t, false) }

// permute appends all permutations of rest, each after prefix.
func permute(rest, prefix []int, all [][]int) [][]int {
	if len(rest) == 0 {
		return append(all, append([]int(nil), prefix...))
	}
	for i, x := range rest {
		others := append(append([]int(nil), rest[:i]...), rest[i+1:]...)
		all = permute(others, append(prefix, x), all)
	}
	return all
}

func TestNoFaultFreeCycle(t *testing.T) {
	rec := &recorder{}
	exploretest.NoFaultFreeCycle(rec, explore.Spec[examples.Mutex]{Model: examples.Peterson{}})
	if len(rec.errors) == 0 {
		t.Error("Peterson's algorithm runs in a cycle, which was not noticed")
	}
	exploretest.NoFaultFreeCycle(t, explore.Spec[examples.Commit]{Model: examples.NewTCommit(3)})
}
