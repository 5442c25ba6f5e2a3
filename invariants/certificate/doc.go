// Package certificate writes down why a guarantee holds, and checks it with other code than that which found it out.
//
// A search that ends without a violation leaves nothing behind but its word. A certificate is what it has reached: every
// state, canonical, with the faults that it took. [Verify] needs neither the search nor its table, batches and workers: it
// sorts nothing and stores nothing but the file, and checks in one pass that
//
//   - the set contains the initial state, without a fault;
//   - the set is closed: each successor of a state in it that the budget allows is in it, up to symmetry, with the same
//     faults or a part of them (what a state can do after more faults it can do after fewer);
//   - no state in it breaks the guarantee; no state fills a log of the model, so that nothing was left out;
//   - what the guarantee speaks about happens: a run to each witness, step by step.
//
// So every reachable state is in the set, and none is a violation. States that no run reaches do no harm: a set that is too
// large is a certificate too.
//
// What a certificate rests on: the model and the properties themselves, its canonical form, and, unless it was written
// with --no-reductions, that two parts decide for the whole (plan.Search says why). The verifier counts how many parts
// there are.
package certificate
