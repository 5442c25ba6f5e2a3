// Package exploretest gives the tests of a model the means not to take the
// engine's word for it.
//
// Reference is a second engine, of a map and a queue and no tricks, slow and
// easy to read. Agree checks a model with it and with explore in every mode and
// compares counts, depth, violations and witnesses. Pure looks for a model that
// does not keep to the rules of explore.Model. Determinism compares
// results byte for byte between numbers of workers. Symmetry compares a
// canonical form with the whole group of permutations. NoFaultFreeCycle looks
// for a cycle on which nothing goes wrong, which would make the states without
// an enabled step say too little.
//
// The functions report through a Reporter, which every *testing.T is.
package exploretest

// Reporter is the part of testing.TB that is used here.
type Reporter interface {
	Helper()
	Errorf(format string, args ...any)
}
