package explore

import "time"

// Strategy is an order of exploration.
type Strategy uint8

const (
	// BFS explores by faults, then by depth: every violation it reports has
	// the fewest faults, then the fewest steps.
	BFS Strategy = iota
	// DFS explores depth first with one worker. It covers the same states but
	// its counterexamples are not minimal.
	DFS
	// Simulate follows random walks. It never completes.
	Simulate
)

// Any is a budget without a bound: faults of the kind may occur as often as they
// like. They are not counted beside the state, so the space is as finite as the
// model's states are. A search by layers of faults goes on until a layer adds no
// state: the first violation still has the fewest faults, then the fewest steps.
const Any = 1<<31 - 1

// Options selects how a check is run. The zero value explores everything
// reachable without faults.
type Options[S comparable] struct {
	// Strategy is the order of exploration.
	Strategy Strategy
	// Seed makes the random walks of Simulate and the hash function
	// reproducible; two checks with different seeds hash differently.
	Seed uint64
	// Workers is the number of goroutines; 0 means GOMAXPROCS.
	Workers int
	// Memory bounds the bytes of the visited set and the frontier; 0 means
	// DefaultMemory. LimitProcess says how much there is of it if the process as
	// a whole is to stay within a limit.
	Memory int64

	// Budget holds for each fault kind how often it may occur: a number, or Any.
	Budget []int
	// MaxFaults bounds the total number of faults, those of kinds with the
	// budget Any left out; 0 sets no bound beyond Budget.
	MaxFaults int
	// Dominance prunes a state that was reached before with a subset of the
	// faults. Verdict and counterexample stay the same.
	Dominance bool

	// NoSymmetry leaves Canonicalizer unused.
	NoSymmetry bool
	// Exact stores whole states instead of fingerprints, so that no state can
	// be omitted by a collision.
	Exact bool

	// Exhaust notes violations and explores the rest all the same. Violations
	// then holds a counterexample for each property and each minimal multiset
	// of faults that violates it. Sets that differ only in kinds with the budget
	// Any are not told apart: the smallest counterexample stands for them.
	Exhaust bool
	// FaultSets collects a counterexample for every minimal multiset of faults
	// that violates any property, and does not explore supersets of one.
	FaultSets bool
	// Lattice is for a program that explores sets of faults part by part.
	Lattice Lattice[S]
	// Expanded, if set, is shown each state whose successors the search makes,
	// canonical, with the faults that led to it; it needs the strategy BFS. It is
	// called by several goroutines and must not keep or change what it is given.
	Expanded func(faults []int, s *S)
	// Bound tells that a limit of the model itself was hit in *s. The state is
	// checked but not expanded, and the result is not complete.
	Bound func(s *S) bool
	// MaxDepth, if positive, is the greatest depth of a state; deeper ones are
	// left out and the result is not complete.
	MaxDepth int
	// MaxStates, if positive, ends the check after the first level at which
	// that many distinct states have been found.
	MaxStates uint64

	// Coverage counts how often each transition was taken.
	Coverage bool
	// WitnessTrace asks for a shortest trace to each reached witness.
	WitnessTrace bool

	// Walks says which random walks Simulate makes.
	Walks Walks

	// Disk, if set, says where what does not fit into the memory is kept.
	Disk *Disk
	// Checkpoint, if set, says where the check writes down how far it is, and goes on
	// from there.
	Checkpoint *Checkpoint

	// Progress, if set, is called about once a second, or every ProgressEvery, by
	// one goroutine at a time.
	Progress      func(Progress)
	ProgressEvery time.Duration
}

// Lattice is the part of Options for a program that explores sets of faults part
// by part, in several checks. It needs the strategy BFS.
type Lattice[S comparable] struct {
	// Within, if set, tells whether runs with these faults are to be explored;
	// with a set of faults it must allow every subset of it. It is called by
	// several goroutines, seldom twice for one set, and must not keep faults.
	// Kinds with the budget Any are not counted in it.
	Within func(faults []int) bool
	// Beyond, if set, is called for each successor, not canonical, that only
	// MaxFaults forbids, with the faults that lead to it: the states of the next
	// layer. It is called by several goroutines and must not keep or change
	// what it is given.
	Beyond func(faults []int, s *S)
	// NoTrace leaves the traces of violations out, which take another search. A
	// violation then does not tell the faults of kinds with the budget Any.
	NoTrace bool
}

// Walks is the part of Options for the strategy Simulate.
type Walks struct {
	// Count is the number of random walks; 0 means 1000.
	Count int
	// Length bounds the steps of a walk; 0 means 1000.
	Length int
}

// Progress says how far a running check is.
type Progress struct {
	// Distinct and Generated are as in Stats.
	Distinct, Generated uint64
	// Left estimates, from how the levels grow and shrink, how many states with
	// no more faults than Faults are still to be found. It is 0 if that cannot
	// be said, which is so until the levels hardly grow any more.
	Left uint64
	// Queued is the number of states of the current level not yet expanded.
	Queued uint64
	// Faults and Depth say which level is being expanded.
	Faults, Depth int
	// Clear tells that every run with fewer faults was explored and violates
	// nothing. Kinds with the budget Any are not counted.
	Clear int
	// Tracing tells that what was found is searched a second time, for its trace.
	Tracing bool
	// Bytes is the memory of visited set and frontier.
	Bytes int64
	// Elapsed is the time since the check began.
	Elapsed time.Duration
}
