package exploretest

import (
	"context"

	"github.com/kcheck/kcheck/explore"
)

// Symmetry checks the canonical form of a model, which must be a
// Canonicalizer, on every state reachable without the reduction. The symmetry
// group is given by permute, which applies the i-th of n permutations to a
// state in place. Symmetry reports a state whose canonical form is not
// symmetric to it, or differs from that of a symmetric state, and symmetric
// states whose successors are not symmetric. Without these, orbits would be
// merged wrongly or counted twice.
func Symmetry[S comparable](t Reporter, spec explore.Spec[S], n int, permute func(s *S, i int)) {
	t.Helper()
	m := spec.Model
	c, ok := m.(explore.Canonicalizer[S])
	if !ok {
		t.Errorf("the model has no method Canonical")
		return
	}
	canonical := func(s S) S { c.Canonical(&s); return s }
	apply := func(s S, i int) S { permute(&s, i); return s }
	bad := 0
	check := explore.Property[S]{Name: "symmetry", Invariant: func(s *S) bool {
		rep, inOrbit := canonical(*s), false
		images := successorsOf(m, canonical, *s)
		for i := range n {
			p := apply(*s, i)
			inOrbit = inOrbit || p == rep
			if canonical(p) != rep {
				t.Errorf("canonical form of\n%+v is\n%+v, but of its permutation %d it is\n%+v", *s, rep, i, canonical(p))
				bad++
			}
			if !sameCounts(images, successorsOf(m, canonical, p)) {
				t.Errorf("permutation %d of\n%+v has successors that are not symmetric to its own", i, *s)
				bad++
			}
		}
		if !inOrbit {
			t.Errorf("the canonical form of\n%+v is\n%+v, which is none of its permutations", *s, rep)
			bad++
		}
		return bad < 3 // do not flood the report
	}}
	spec.NoSymmetry, spec.Workers, spec.Exhaust, spec.FaultSets = true, 1, false, false
	spec.Properties, spec.Witnesses = []explore.Property[S]{check}, nil
	if _, err := explore.Check(context.Background(), spec); err != nil {
		t.Errorf("%v", err)
	}
}

// successorsOf counts the canonical successors of a state.
func successorsOf[S comparable](m explore.Model[S], canonical func(S) S, s S) map[S]int {
	count := map[S]int{}
	for _, x := range explore.Successors(m, &s) {
		count[canonical(x.State)]++
	}
	return count
}

func sameCounts[S comparable](a, b map[S]int) bool {
	if len(a) != len(b) {
		return false
	}
	for s, n := range a {
		if b[s] != n {
			return false
		}
	}
	return true
}
