package exploretest

import (
	"slices"

	"github.com/kcheck/kcheck/explore"
)

// Pure checks, of every state reachable within the budget, what package explore
// relies on and mostly cannot see: that Successors adds the same successors
// again, that it and Canonical leave alone what is not theirs, and that a
// canonical form is its own canonical form.
func Pure[S comparable](t Reporter, spec explore.Spec[S]) {
	t.Helper()
	c, symmetric := spec.Model.(explore.Canonicalizer[S])
	for _, s := range reachable(spec) {
		before := s
		first := explore.Successors(spec.Model, &s)
		if s != before {
			t.Errorf("Successors changed the state that it was given, from\n%+v to\n%+v", before, s)
			return
		}
		if again := explore.Successors(spec.Model, &s); !slices.Equal(first, again) {
			t.Errorf("Successors of\n%+v are\n%+v, and the second time\n%+v", s, first, again)
			return
		}
		if !symmetric || spec.NoSymmetry {
			continue
		}
		c.Canonical(&s)
		once := s
		if c.Canonical(&s); s != once {
			t.Errorf("the canonical form of\n%+v is\n%+v, whose own is\n%+v", before, once, s)
			return
		}
	}
}
