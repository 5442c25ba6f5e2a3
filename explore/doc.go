// Package explore is an explicit-state model checker: it enumerates every state
// a transition system can reach, checks properties of them, and returns a
// minimal counterexample for one that does not hold.
//
// # Words
//
// A state is one assignment of all variables of a system. A transition is an
// action with one binding of its parameters; it is enabled in some states and
// leads from each to one or more successors. A model gives the initial states
// and the successors of a state. A trace is a path from an initial state, a
// counterexample a trace that violates a property, and a witness a state that
// must be reachable for a verdict to mean anything.
//
// # A check
//
// Write the state as a small struct of integers, implement [Model], and call
// [Check]; the package example is a complete program of some forty lines.
//
//	result, err := explore.Check(ctx, explore.Spec[State]{
//		Model: model, Properties: properties, Witnesses: witnesses,
//		Options: explore.Options[State]{Budget: []int{1}},
//	})
//
// An error means that the check makes no sense as it was asked for. Otherwise
// [Result.Verdict] says what came of it. If something was left out,
// result.Stopped says why, and result.CompleteFaults and result.CompleteDepth
// say what was not; Result.NeverFired lists the transitions that were never
// taken. A [Table] gives transitions their numbers by name. [Main] makes a program of a model, as in examples/jugs: with
// flags, progress and printed counterexamples.
//
// # Properties
//
// A [Property] is a predicate that must hold of every state, of every
// transition, of every state in which nothing but a fault can happen any more,
// or of every state in which no step can. The last two say what happens in the
// end, provided that no cycle is free of faults: exploretest.NoFaultFreeCycle
// looks for one. Properties of infinite behaviours are not supported.
//
// # Faults
//
// Transitions of class [Fault] are what goes wrong. Each belongs to a kind, and
// [Options].Budget says how many of each kind may occur; how many have occurred
// is counted by the engine, beside the state. The space is explored in layers
// by the total number of faults and by depth within a layer, so that a violation
// has the fewest faults possible and then the fewest steps:
//
//	faults 0   o--o--o--o          a fault leads from depth d of a layer
//	            \     \            to depth d+1 of the next
//	faults 1     o--o--o--o--o
//
// With Options.Dominance a state is not explored again with faults that
// include those with which it was reached before: whatever it can do then, it
// can do with fewer. Nothing on a minimal counterexample is ever pruned that
// way. Options.FaultSets asks for all minimal multisets of faults that violate
// a property, each with a counterexample.
//
// # Symmetry
//
// A model with interchangeable parts implements [Canonicalizer] and is explored
// up to symmetry. Properties must not tell symmetric states apart. The states
// of a trace are not canonical, so that names in it are consistent: each is a
// successor of the one before. exploretest.Symmetry checks a canonical form
// against the whole group of permutations.
//
// # Results do not vary
//
// For the same model and options everything in a [Result] but times and bytes
// is the same for any number of workers: a level is finished before anything
// is concluded from it, and among equally short counterexamples the choice is
// fixed. The main search stores no parents; a counterexample is found by a
// second search up to the level where it ends. Only a check
// that is cut short by time, memory or cancellation depends on when that
// happened.
//
// # Speed and memory
//
// States are looked up in batches; visited states take 10 bytes a slot in a
// table that is 84 % full when it is large, the frontier as many
// bytes as a state has in use: a state of 40 bytes costs more there than in the
// table, so pack it, or see [Sizer]. A size that is not a multiple of 8 costs
// about 12 % of the time: give the last field a few bytes more. Successors should test the guards on *s,
// and change in place what [Out.Add] returns: then nothing is allocated for a
// transition, and this natural way to write a model is also the fast one. Faults
// that the budget does not allow any more need not be made, see [Out.Wants].
// Actions that need the same thing can be passed over together, as
// examples.ReplicatedLog shows. [Options].Progress says, from half-way on, how
// many states are still to be expected.
//
// Options.Memory is obeyed, and the check ends as incomplete when it is used up.
// Tables and frontiers are kept outside of Go's heap and given back at the end.
// [LimitProcess] makes of it a limit of what is resident of the process.
//
// With Options.Disk what does not fit into the memory goes to disk: states that are
// not found in memory are looked up there in sorted runs, many at a time, by all
// workers. What comes of a check is the same, see [Disk]; it takes up to three times
// as long where the memory holds a tenth of the states.
//
// With Options.Checkpoint a check writes down how far it is, every ten minutes and
// when its context ends, and goes on from there when it is made again, also after
// it was killed. What comes of it is the same, see [Checkpoint].
//
// A state is stored as a fingerprint of up to 86 bits. Stats reports a bound on
// the probability that any state was omitted since two had the same: below
// 10^-8 for 10^9 states and ten times as many transitions. With Options.Exact
// states are stored whole and nothing can be omitted, which takes about four
// times as long. The strategy DFS uses one worker and takes several times as
// long as BFS; its counterexamples are long.
//
// # What there is to trust it
//
// Package exploretest holds a reference engine without any of this, and
// compares. The tests of this package do so for random systems in every mode,
// assert the published numbers of states of well-known models, and break the
// engine on purpose to see that they notice. In specs/kafkaspec the verdicts of
// Kafka's public specifications come out as published; in specs/peers other model checkers count the states of the same
// models; command explore/peerbench compares their speed.
package explore
