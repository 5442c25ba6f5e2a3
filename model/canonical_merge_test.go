package model

import (
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/exploretest"
)

// mostMerged is the largest number of states, with the faults used, of a scenario in which bisimilar states are looked for.
const mostMerged = 30_000

// seen are properties that a difference in what consumers do shows in.
func seen(m *Model) []explore.Property[State] {
	times := func(s *State, msg int) int {
		if m.output {
			return m.OutputProcessed(s, msg)
		}
		return m.Processed(s, msg)
	}
	var all []explore.Property[State]
	for msg := range m.c.Scope.Messages {
		all = append(all, explore.Property[State]{Name: "once", Invariant: func(s *State) bool { return times(s, msg) < 2 }},
			explore.Property[State]{Name: "at all", Quiescent: func(s *State) bool { return times(s, msg) > 0 }})
	}
	return all
}

// TestCanonicalMergesBisimilarStates checks in all scenarios that what the canonical form drops is of no use any more: that no
// rule tells a state from its canonical form. TestCanonical asks for more, in states of random runs: that the forms of what
// follows are the same, and not only bisimilar.
func TestCanonicalMergesBisimilarStates(t *testing.T) {
	t.Parallel()
	for i := range scenarios {
		t.Run(scenarios[i].name, func(t *testing.T) {
			t.Parallel()
			m := scenarios[i].model(t)
			spec := explore.Spec[State]{Model: compact{m}, Properties: append(claims(m), seen(m)...), Options: compact{m}.options()}
			if !exploretest.Merges(t, spec, mostMerged) {
				t.Skipf("skipped: more than %d states", mostMerged)
			}
		})
	}
}
