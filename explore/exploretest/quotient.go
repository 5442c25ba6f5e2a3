package exploretest

import "github.com/kcheck/kcheck/explore"

// Quotient is a model whose states are the canonical forms of those of Model. A
// behaviour that goes on for ever through symmetric states is a cycle in it.
// Model has no Sizer: the states are compared in full.
type Quotient[S comparable] struct {
	explore.Model[S]
	explore.Canonicalizer[S]
	Bound func(s *S) bool // Options.Bound; nil is no bound
}

// Initial appends the canonical forms of the initial states.
func (q Quotient[S]) Initial(dst []S) []S {
	from := len(dst)
	dst = q.Model.Initial(dst)
	for i := range dst[from:] {
		q.Canonical(&dst[from+i])
	}
	return dst
}

// Successors adds the canonical forms of the successors of a state that is
// within the bound.
func (q Quotient[S]) Successors(s *S, out *explore.Out[S]) {
	if q.Bound != nil && q.Bound(s) {
		return
	}
	q.Model.Successors(s, out)
	next := out.Added()
	for i := range next {
		q.Canonical(&next[i].State)
	}
}
