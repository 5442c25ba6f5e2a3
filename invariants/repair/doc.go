// Package repair finds the cheapest changes of settings under which every guarantee of a question holds, and which
// settings a configuration that holds rests on.
//
//	found, err := repair.Search(ctx, request, repair.Options{})
//
// The candidates are a finite lattice: for each setting of [Settings] the values listed there, whatever part it is in.
// A repair is a set of changes, one a setting. The search is an enumeration: sets of fewer changes first, then cheaper
// ones by the cost table, which is the same table; so what is found first is the cheapest, no proper subset of it
// suffices, and "nothing helps" means that no set of up to the given number of changes does.
//
// Most sets are dismissed without a search. Every counterexample that was ever found is kept, and played on the model of
// the next set of changes: where it still ends in a violation, that is a counterexample there too. Only a set that
// survives all of them is checked in full, and only a full check makes a repair.
package repair
