package explore

// Property is something that must hold. Exactly one of its functions is set.
// The functions are called by several goroutines at once, must not change the
// states they are given, and must not tell symmetric states apart.
type Property[S comparable] struct {
	// Name is used in results.
	Name string

	// Invariant must hold in every reachable state.
	Invariant func(s *S) bool

	// StepInvariant must hold for every transition taken from a reachable
	// state. pre and post belong together: post is the successor as the model
	// made it, before it is replaced by its canonical form.
	StepInvariant func(pre *S, id TransitionID, post *S) bool

	// Quiescent must hold in every reachable state in which no transition of
	// class Step or Recovery is enabled: where all that can still happen
	// without a fault has happened.
	Quiescent func(s *S) bool

	// Stuck must hold in every reachable state in which no transition of
	// class Step is enabled.
	Stuck func(s *S) bool

	// GoesOn tells that with Options.FaultSets a multiset of faults
	// that violates the property is noted, as one that matters for this property
	// alone, and its supersets are explored all the same.
	GoesOn bool
}

// Witness is a state that must be reachable: it guards against a property that
// holds only because nothing ever happens.
type Witness[S comparable] struct {
	// Name is used in results.
	Name string
	// Reached tells whether *s is such a state.
	Reached func(s *S) bool
}
