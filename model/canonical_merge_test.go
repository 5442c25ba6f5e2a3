package model

import (
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/exploretest"
)

// mostMerged is the largest number of states, with the faults used, of a scenario in which bisimilar states are looked for.
const mostMerged = 30_000

// TestCanonicalMergesBisimilarStates checks in all scenarios that what the canonical form drops is of no use any more: that no
// rule tells a state from its canonical form.
func TestCanonicalMergesBisimilarStates(t *testing.T) {
	t.Parallel()
	for i := range scenarios {
		t.Run(scenarios[i].name, func(t *testing.T) {
			t.Parallel()
			m := scenarios[i].model(t)
			exploretest.Merges(t, explore.Spec[State]{Model: compact{m}, Properties: claims(m), Options: compact{m}.options()}, mostMerged)
		})
	}
}
