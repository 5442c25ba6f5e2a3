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

// Out takes the successors of a state.
type Out[S comparable] struct {
	succ  []Successor[S]
	from  *S
	start int     // in succ, of the successors of *from
	kinds []uint8 // by transition: its kind of fault, or noFault; nil where all successors are wanted
	spent uint64  // kinds of faults that the budget does not allow any more
}

// noFault stands for a transition that is no fault, in Out.kinds.
const noFault = 63

// Wants tells whether a successor by a transition would be looked at. It is false for a fault that the budget does not
// allow any more: a model may leave that out to save the work, and need not.
func (o *Out[S]) Wants(id TransitionID) bool {
	return int(id) >= len(o.kinds) || o.spent>>o.kinds[id]&1 == 0
}

// Add adds a successor by the transition id and returns it, to be changed by
// the effect: it is a copy of the state whose successors are wanted. It stays
// where it is until Add is called again.
//
//	to := out.Add(id)
//	to.Leader = b
func (o *Out[S]) Add(id TransitionID) (to *S) {
	n := len(o.succ)
	if n == cap(o.succ) {
		o.grow()
	}
	o.succ = o.succ[:n+1]
	last := &o.succ[n]
	last.State, last.ID = *o.from, id
	return &last.State
}

func (o *Out[S]) grow() { o.succ = slices.Grow(o.succ, 1) }

// Added returns the successors of the state added so far, for a model that
// looks over those of another model. They may be changed in place.
func (o *Out[S]) Added() []Successor[S] { return o.succ[o.start:] }

// Of returns the successors of *s in m. They stay valid until the next call,
// which takes the same memory again: an Out that is used for many states does
// not allocate.
func (o *Out[S]) Of(m Model[S], s *S) []Successor[S] {
	o.succ = o.succ[:0]
	o.list(m, s)
	return o.succ
}

// list has a model add the successors of *s.
func (o *Out[S]) list(m Model[S], s *S) {
	o.from, o.start = s, len(o.succ)
	m.Successors(s, o)
}

// Successors returns the successors of *s.
func Successors[S comparable](m Model[S], s *S) []Successor[S] {
	return AppendSuccessors(nil, m, s)
}

// AppendSuccessors appends the successors of *s to dst and returns it.
func AppendSuccessors[S comparable](dst []Successor[S], m Model[S], s *S) []Successor[S] {
	out := Out[S]{succ: dst}
	out.list(m, s)
	return out.succ
}

// Model is a transition system. S is a fixed-size value without pointers,
// floating-point numbers and padding, so that two states are equal exactly when
// their bytes are; Check looks at the type once and says which field is wrong.
//
// The methods are called by several goroutines at once.
type Model[S comparable] interface {
	// Initial appends the initial states to dst and returns it.
	Initial(dst []S) []S

	// Successors adds to out a successor for every enabled transition of *s.
	// It must not change *s, should not allocate, and must add the same
	// successors in the same order whenever it is called for the same state. A
	// transition with a nondeterministic effect adds several successors with the
	// same ID.
	Successors(s *S, out *Out[S])

	// Transitions returns the table that a TransitionID is an index into. It
	// is called once for each check.
	Transitions() []Transition
}

// Canonicalizer is an optional interface of a Model with symmetries. So that
// a misspelt method does not go unnoticed, say that it is implemented:
//
//	var _ explore.Canonicalizer[State] = Protocol{}
//
// Check refuses a model with a method that looks like one of an optional
// interface and is not.
type Canonicalizer[S comparable] interface {
	// Canonical replaces *s by the representative of its symmetry class. It
	// must give the same representative for every member of the class.
	Canonical(s *S)
}

// Sizer is an optional interface of a Model whose state type is larger than
// this particular model needs. See Canonicalizer for how to be sure of it.
type Sizer interface {
	// StateSize returns a multiple of 8: only that many leading bytes of a
	// state are ever different from zero. Hashing, the frontier and the exact
	// store use only those.
	StateSize() int
}
