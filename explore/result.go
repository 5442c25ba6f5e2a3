package explore

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// StopReason says why a check ended.
type StopReason uint8

const (
	// Exhausted: every state within the budget was explored.
	Exhausted StopReason = iota
	// Violated: a violation was found and its level finished.
	Violated
	// Canceled: the context was canceled.
	Canceled
	// Deadline: the deadline of the context passed.
	Deadline
	// OutOfMemory: Options.Memory was used up.
	OutOfMemory
	// BoundReached: Options.Bound was true of a reachable state.
	BoundReached
	// DepthReached: states deeper than Options.MaxDepth were left out.
	DepthReached
	// StatesReached: Options.MaxStates was reached.
	StatesReached
	// WalksDone: all random walks of Simulate were made.
	WalksDone
	// OutOfDisk: there was no room on the disk, or Options.Disk.Size was used up.
	OutOfDisk
)

var stopNames = [...]string{
	"exhausted", "violated", "canceled", "deadline", "out of memory",
	"bound reached", "depth reached", "states reached", "walks done", "out of disk",
}

// String returns the reason in words.
func (r StopReason) String() string {
	if int(r) < len(stopNames) {
		return stopNames[r]
	}
	return "unknown reason"
}

// Result is what a check found out. For a given model, properties and options
// all of it except the times and bytes in Stats is the same for any number of
// workers, unless the check was cut short by time, memory or cancellation.
type Result[S comparable] struct {
	// Violation is the first of Violations, or nil.
	Violation *Violation[S]
	// Violations holds one violation, or with Options.Exhaust or
	// Options.FaultSets several, ordered by faults, steps and property.
	Violations []*Violation[S]

	// Complete tells that the verdict is final: either the whole space was
	// explored, or the exploration stopped at a violation that is minimal. The
	// first violation of DFS or Simulate is not.
	Complete bool
	// Stopped says why the check ended.
	Stopped StopReason
	// CompleteFaults and CompleteDepth say what a check that was cut short has
	// covered: every state reachable with at most CompleteFaults faults (-1:
	// none), and those with one more fault within CompleteDepth steps.
	CompleteFaults, CompleteDepth int

	// Witnesses tells for each witness whether it was reached.
	Witnesses []bool
	// WitnessTraces holds for each reached witness a trace with the fewest
	// faults, then the fewest steps, if Options.WitnessTrace asked for it.
	WitnessTraces []*Trace[S]

	// Symmetry tells that states were explored up to the model's Canonical.
	Symmetry bool

	// Stats holds the counters.
	Stats Stats
	// Coverage counts how often each transition was taken, if
	// Options.Coverage asked for it.
	Coverage []uint64
}

// Verdict is what a result comes to.
type Verdict uint8

const (
	// VerdictHolds: everything was explored, the properties hold, and every
	// witness was reached.
	VerdictHolds Verdict = iota
	// VerdictUnwitnessed: everything was explored and the properties hold, but
	// the check had no witness, so that nothing shows that they were ever put to
	// the test.
	VerdictUnwitnessed
	// VerdictVacuous: the properties hold, but a witness cannot be reached.
	VerdictVacuous
	// VerdictIncomplete: no property was found violated in what was explored.
	VerdictIncomplete
	// VerdictViolated: a property is violated.
	VerdictViolated
)

var verdictNames = [...]string{"holds", "holds, unwitnessed", "vacuous", "incomplete", "violated"}

// String returns the verdict in words.
func (v Verdict) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return "unknown verdict"
}

// Verdict returns what the result comes to.
func (r *Result[S]) Verdict() Verdict {
	switch {
	case r.Violation != nil:
		return VerdictViolated
	case !r.Complete:
		return VerdictIncomplete
	case len(r.Witnesses) == 0:
		return VerdictUnwitnessed
	case slices.Contains(r.Witnesses, false):
		return VerdictVacuous
	}
	return VerdictHolds
}

// NeverFired returns the transitions that were never taken, if Options.Coverage
// asked for it. One that is meant to be possible is a mistake in the model, or
// a limit of it that is too narrow.
func (r *Result[S]) NeverFired() []TransitionID {
	var ids []TransitionID
	for id, n := range r.Coverage {
		if n == 0 {
			ids = append(ids, TransitionID(id))
		}
	}
	return ids
}

// Violation is a property that does not hold, with its counterexample.
type Violation[S comparable] struct {
	// Property is the name of the violated property.
	Property string
	// Faults counts the faults of the trace by kind.
	Faults []int
	// Steps is the number of steps of the trace.
	Steps int
	// Trace leads to the violation: its last state, or for a step invariant
	// its last step, violates the property.
	Trace Trace[S]
	// Untraced tells that Trace is missing: because of Lattice.NoTrace, or for the
	// reason UntracedBy, which is OutOfMemory, OutOfDisk, Deadline or Canceled: the trace is
	// found by a second search, and that was cut short.
	Untraced   bool
	UntracedBy StopReason
}

// Trace is a path from an initial state.
type Trace[S comparable] struct {
	Initial S
	Steps   []TraceStep[S]
	// Table is the model's table of transitions, for String.
	Table []Transition
}

// String writes the trace line by line: the number of the step, the transition,
// and the state it leads to.
func (t Trace[S]) String() string {
	names, width := make([]string, len(t.Steps)), 0
	for i, s := range t.Steps {
		names[i] = transitionName(t.Table, s.ID)
		width = max(width, utf8.RuneCountInString(names[i]))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%3d  %-*s  %+v\n", 0, width, "", t.Initial)
	for i, s := range t.Steps {
		fmt.Fprintf(&b, "%3d  %-*s  %+v\n", i+1, width, names[i], s.State)
	}
	return b.String()
}

// transitionName returns the name of a transition, or its number if the table
// does not have it.
func transitionName(table []Transition, id TransitionID) string {
	if int(id) < len(table) {
		return table[id].String()
	}
	return fmt.Sprint("transition ", id)
}

// TraceStep is a transition and the state it leads to. The states of a trace
// are concrete, not canonical.
type TraceStep[S comparable] struct {
	ID    TransitionID
	State S
}

// Last returns the last state of the trace.
func (t *Trace[S]) Last() S {
	if len(t.Steps) == 0 {
		return t.Initial
	}
	return t.Steps[len(t.Steps)-1].State
}

// IDs returns the transitions of the trace.
func (t *Trace[S]) IDs() []TransitionID {
	ids := make([]TransitionID, len(t.Steps))
	for i, s := range t.Steps {
		ids[i] = s.ID
	}
	return ids
}

// Stats holds the counters of a check.
type Stats struct {
	// Distinct is the number of distinct pairs of a state and the faults used
	// to reach it, pairs pruned by dominance not counted.
	Distinct uint64
	// Generated is the number of transitions taken, plus the number of
	// initial states.
	Generated uint64
	// Depth is the greatest number of steps to a state; an initial state has
	// depth 0. (TLC counts levels: one more.)
	Depth int
	// Bytes is the most memory that visited set and frontier have used.
	Bytes int64
	// Workers is the number of goroutines that explored.
	Workers int
	// Duration is the time the check took.
	Duration time.Duration
	// CollisionProbability bounds the probability that any state was omitted
	// because two states had the same fingerprint; 0 with Options.Exact.
	CollisionProbability float64
}
