package main

import (
	"fmt"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/exploretest"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/model"
)

// findCycle looks for a cycle of steps and recoveries alone, of which a model has none: what can be said of the end of a
// behaviour rests on that (see package model). It returns "" where there is none.
func findCycle(k *invariants.Check) string {
	var found firstError
	o := options(k)
	o.Bound = k.Model.BoundHit
	exploretest.NoFaultFreeCycle(&found, explore.Spec[model.State]{
		Model:   exploretest.Quotient[model.State]{Model: k.Model, Canonicalizer: k.Model, Bound: k.Model.BoundHit},
		Options: o,
	})
	return string(found)
}

// findMerge looks for a state that the canonical form merges with one that can be told apart from it. It returns "" where
// there is none.
func findMerge(k *invariants.Check) string {
	var found firstError
	spec := k.Spec(bounded(options(k), k))
	exploretest.Merges(&found, spec, mostMerged)
	return string(found)
}

// mostMerged is the largest number of states, with the faults used, of which bisimilar ones are looked for.
const mostMerged = 20_000

// firstError keeps what is reported first.
type firstError string

func (e *firstError) Helper() {}

func (e *firstError) Errorf(format string, args ...any) {
	if *e == "" {
		*e = firstError(fmt.Sprintf(format, args...))
	}
}
