// Package resilience finds out what a configuration survives and what breaks it: all minimal sets of faults up to a
// number, for a guarantee, each with its minimal counterexample, and the maximal sets under which the guarantee is kept.
//
//	result, err := resilience.Analyze(ctx, question, resilience.Bound{UpTo: 2}, verdict.Options{})
//
// A set of faults is a multiset over the kinds that the model knows. It is minimal when the guarantee is violated under
// it as the budget and under none of its proper subsets. What breaks under a set breaks under every superset, since a
// budget only allows faults; so the minimal sets say everything. They are found by one search over the lattice of sets
// (see [plan.FindFaultSets]), not by a run for each.
//
// [Compare] says what a change of configuration gains and loses.
package resilience
