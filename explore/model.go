package explore

import "slices"

// TransitionID is an index into the table a model returns from Transitions.
type TransitionID uint16

// Class says what kind of thing a transition is.
type Class uint8

const (
	// Step is ordinary progress of the system.
	Step Class = iota
	// Recovery is progress that only repairs: a restart, an election. It
	// counts as something that will happen in the end, see Property.Quiescent.
	Recovery
	// Fault is something that goes wrong. Faults are taken only while the
	// budget of their kind lasts, see Options.Budget.
	Fault
)

// String returns the name of the class in lower case.
func (c Class) String() string {
	switch c {
	case Step:
		return "step"
	case Recovery:
		return "recovery"
	case Fault:
		return "fault"
	}
	return "unknown class"
}

// Transition describes one action with one binding of its parameters.
type Transition struct {
	// Action is the name of the action.
	Action string
	// Binding holds the values of the action's parameters, such as "b2, m1";
	// it may be empty.
	Binding string
	// Class says whether the transition is a step, a recovery or a fault.
	Class Class
	// Fault is the index of the fault kind in Options.Budget when Class is
	// Fault; otherwise it is ignored.
	Fault int
}

// String returns the transition as Action(Binding).
func (t Transition) String() string {
	if t.Binding == "" {
		return t.Action
	}
	return t.Action + "(" + t.Binding + ")"
}

// Successor is a state reached by one transition.
type Successor[S comparable] struct {
	State S
	ID    TransitionID
}

// Add appends a copy of *s to dst, as the successor by a transition whose effect
// is still to be applied to it: it returns dst and that copy, which stays where
// it is until dst is appended to again.
//
//	dst, to := explore.Add(dst, s, id)
//	to.Leader = b
func Add[S comparable](dst []Successor[S], s *S, id TransitionID) ([]Successor[S], *S) {
	n := len(dst)
	if n == cap(dst) {
		dst = slices.Grow(dst, 1)
	}
	dst = dst[:n+1]
	dst[n].State, dst[n].ID = *s, id
	return dst, &dst[n].State
}

// Model is a transition system. S is a fixed-size value without pointers,
// floating-point numbers and padding, so that two states are equal exactly when
// their bytes are; Check looks at the type once and says which field is wrong.
//
// The methods are called by several goroutines at once.
type Model[S comparable] interface {
	// Initial appends the initial states to dst and returns it.
	Initial(dst []S) []S

	// Successors appends to dst a successor for every enabled transition of
	// *s and returns dst. It must not change *s, must not allocate beyond
	// growing dst, and must append the same successors in the same order
	// whenever it is called for the same state. A transition with a
	// nondeterministic effect appends several successors with the same ID.
	Successors(s *S, dst []Successor[S]) []Successor[S]

	// Transitions returns the table that a TransitionID is an index into. It
	// is called once for each check.
	Transitions() []Transition
}

// Canonicalizer is an optional interface of a Model with symmetries.
type Canonicalizer[S comparable] interface {
	// Canonical replaces *s by the representative of its symmetry class. It
	// must give the same representative for every member of the class.
	Canonical(s *S)
}

// Sizer is an optional interface of a Model whose state type is larger than
// this particular model needs.
type Sizer interface {
	// StateSize returns a multiple of 8: only that many leading bytes of a
	// state are ever different from zero. Hashing, the frontier and the exact
	// store use only those.
	StateSize() int
}
