package explore

import (
	"fmt"
)

// Replay follows the transitions ids from the state initial. Where a
// transition has several successors it tries each, and returns the first trace
// that can be followed to the end.
func Replay[S comparable](m Model[S], initial S, ids []TransitionID) (Trace[S], error) {
	r := replayer[S]{model: m, ids: ids, steps: make([]TraceStep[S], len(ids)), deadEnds: map[position[S]]bool{}}
	if !r.follow(0, &initial) {
		return Trace[S]{}, r.failure()
	}
	return Trace[S]{Initial: initial, Steps: r.steps, Table: m.Transitions()}, nil
}

type replayer[S comparable] struct {
	model   Model[S]
	ids     []TransitionID
	steps   []TraceStep[S]
	deepest int // the furthest step that could not be followed
	// deadEnds are the states from which the rest cannot be followed. Without
	// them, transitions with several successors could lead to the same states
	// over and over.
	deadEnds map[position[S]]bool
}

// position is a state before the i-th of the transitions.
type position[S comparable] struct {
	i     int
	state S
}

func (r *replayer[S]) follow(i int, s *S) bool {
	r.deepest = max(r.deepest, i)
	if i == len(r.ids) {
		return true
	}
	at := position[S]{i, *s}
	if r.deadEnds[at] {
		return false
	}
	for _, n := range Successors(r.model, s) {
		if n.ID != r.ids[i] {
			continue
		}
		r.steps[i] = TraceStep[S]{ID: n.ID, State: n.State}
		if r.follow(i+1, &n.State) {
			return true
		}
	}
	r.deadEnds[at] = true
	return false
}

func (r *replayer[S]) failure() error {
	id := r.ids[r.deepest]
	ts := r.model.Transitions()
	if int(id) >= len(ts) {
		return fmt.Errorf("step %d: the model has no transition %d", r.deepest+1, id)
	}
	return fmt.Errorf("step %d: %s is not enabled", r.deepest+1, ts[id])
}

// ReplayTrace checks that every step of the trace is one the model can take:
// that it begins in an initial state, and that each state is a successor of
// the one before by the transition named.
func ReplayTrace[S comparable](m Model[S], t *Trace[S]) error {
	if !containsState(m.Initial(nil), t.Initial) {
		return fmt.Errorf("step 0: the trace does not begin in an initial state")
	}
	s := t.Initial
	for i, step := range t.Steps {
		found := false
		for _, n := range Successors(m, &s) {
			found = found || n.ID == step.ID && n.State == step.State
		}
		if !found {
			return fmt.Errorf("step %d: %s does not lead to the state of the trace", i+1, transitionName(m.Transitions(), step.ID))
		}
		s = step.State
	}
	return nil
}

func containsState[S comparable](states []S, s S) bool {
	for i := range states {
		if states[i] == s {
			return true
		}
	}
	return false
}
