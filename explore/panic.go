package explore

import (
	"fmt"
	"runtime/debug"
	"slices"
)

// PanicError is the error of a check in which the model or a property panicked.
type PanicError struct {
	// Function is the function that panicked: Successors, Canonical, or a
	// function of the property or witness that it names.
	Function string
	// State is the state it was called for.
	State string
	// Transition is, for Successors, the last successor that was added, whose
	// effect may be what panicked, and otherwise the transition that led to the
	// state. It is empty if there is none.
	Transition string
	// Value is what was passed to panic.
	Value any
	// Stack is the stack of the goroutine that panicked.
	Stack []byte
}

// Error says in one line what panicked, where, and with what.
func (e *PanicError) Error() string {
	if e.Function == "" {
		return fmt.Sprintf("panic while exploring, which did not occur again when the functions of the model and the properties were called one by one: %v", e.Value)
	}
	where := ""
	switch {
	case e.Transition != "" && e.Function == successorsName:
		where = ", after it had added the transition " + e.Transition
	case e.Transition != "":
		where = ", reached by the transition " + e.Transition
	case e.Function == successorsName:
		where = ", before it had added a transition"
	}
	of := ""
	if e.State != "" {
		of = " of the state " + e.State
	}
	return fmt.Sprintf("%s panicked%s%s: %v", e.Function, of, where, e.Value)
}

const successorsName = "Successors"

// recoverAs turns a panic into an error: it is to be deferred. at returns the
// state being expanded, or nil, and the successors being looked at.
func (p *problem[S]) recoverAs(report func(error), at func() (s *S, succ []Successor[S])) {
	v := recover()
	if v == nil {
		return
	}
	e := &PanicError{Value: v, Stack: debug.Stack()}
	var s *S
	var succ []Successor[S]
	if at != nil {
		s, succ = at()
	}
	p.locate(e, s, succ)
	report(e)
}

// nothing is where a panic is that has no state.
func (p *problem[S]) nothing() (*S, []Successor[S]) { return nil, nil }

// locate finds out which function panicked by calling them again one by one.
func (p *problem[S]) locate(e *PanicError, s *S, succ []Successor[S]) {
	if panics(func() { p.model.Initial(nil) }) {
		e.Function = "Initial"
		return
	}
	if s != nil {
		state, out := *s, Out[S]{}
		if panics(func() { out.list(p.model, &state) }) {
			e.Function, e.State = successorsName, fmt.Sprintf("%+v", *s)
			if n := len(out.succ); n > 0 {
				e.Transition = p.name(out.succ[n-1].ID)
			}
			return
		}
		if p.locateIn(e, s, s, 0, false) {
			return
		}
		succ = append(slices.Clone(succ), out.succ...)
	}
	for i := range succ {
		if p.locateIn(e, s, &succ[i].State, succ[i].ID, true) {
			return
		}
	}
}

// locateIn looks for a function that panics when it is called for *s, which
// transition id may have led to from *pre.
func (p *problem[S]) locateIn(e *PanicError, pre, s *S, id TransitionID, reached bool) bool {
	for _, c := range p.calls(pre, id) {
		state := *s
		if !panics(func() { c.call(&state) }) {
			continue
		}
		e.Function, e.State = c.name, fmt.Sprintf("%+v", *s)
		if reached {
			e.Transition = p.name(id)
		}
		return true
	}
	return false
}

// call is a function that is called for a state.
type call[S comparable] struct {
	name string
	call func(s *S)
}

// calls lists all functions that are called for a state.
func (p *problem[S]) calls(pre *S, id TransitionID) []call[S] {
	all := []call[S]{{"Canonical", p.canonical}}
	for _, q := range p.props {
		for _, f := range []func(*S) bool{q.Invariant, q.Quiescent, q.Stuck} {
			if f != nil {
				all = append(all, call[S]{fmt.Sprintf("the property %q", q.Name), func(s *S) { f(s) }})
			}
		}
		if q.StepInvariant != nil && pre != nil {
			all = append(all, call[S]{fmt.Sprintf("the property %q", q.Name), func(s *S) { q.StepInvariant(pre, id, s) }})
		}
	}
	for _, w := range p.wits {
		all = append(all, call[S]{fmt.Sprintf("the witness %q", w.Name), func(s *S) { w.Reached(s) }})
	}
	if p.opt.Bound != nil {
		all = append(all, call[S]{"Options.Bound", func(s *S) { p.opt.Bound(s) }})
	}
	return all
}

// name returns the transition with its number, if there is one.
func (p *problem[S]) name(id TransitionID) string { return transitionName(p.table, id) }

// panics tells whether f panics.
func panics(f func()) (yes bool) {
	defer func() { yes = recover() != nil }()
	f()
	return false
}
