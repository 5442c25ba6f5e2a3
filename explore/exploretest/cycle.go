package exploretest

import (
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/explore"
)

// NoFaultFreeCycle checks that no cycle consists of steps and recoveries alone,
// so that without faults every behaviour comes to an end. Where that holds, a
// property of the states with nothing left to do says what happens in the end.
// It looks at all states reachable within the budget.
func NoFaultFreeCycle[S comparable](t Reporter, spec explore.Spec[S]) {
	t.Helper()
	m := spec.Model
	f := cycleFinder[S]{m: m, table: m.Transitions(), states: map[S]mark{}}
	for _, s := range reachable(spec) {
		if cycle := f.from(s); cycle != nil {
			names := make([]string, len(cycle))
			for i, id := range cycle {
				names[i] = f.table[id].String()
			}
			t.Errorf("a cycle without a fault: %s, beginning and ending in\n%s", strings.Join(names, ", "), fmt.Sprintf("%+v", f.at))
			return
		}
	}
}

// reachable returns the states reachable within the budget, which it counts in
// full: all states, not canonical.
func reachable[S comparable](spec explore.Spec[S]) []S {
	var all []S
	seen := map[S]bool{}
	r := explore.Property[S]{Name: "collect", Invariant: func(s *S) bool {
		if !seen[*s] {
			seen[*s] = true
			all = append(all, *s)
		}
		return true
	}}
	spec.NoSymmetry, spec.Properties, spec.Witnesses = true, []explore.Property[S]{r}, nil
	Reference(spec)
	return all
}

// mark is what a depth-first search knows of a state.
type mark uint8

const (
	onPath mark = iota + 1
	finished
)

type cycleFinder[S comparable] struct {
	m      explore.Model[S]
	table  []explore.Transition
	states map[S]mark
	path   []pathStep[S]
	at     S // where the cycle was found to close
}

// pathStep is a state on the path, the steps to be taken from it, and the one
// that is being taken.
type pathStep[S comparable] struct {
	state S
	succ  []explore.Successor[S]
	taken explore.TransitionID
}

// from searches depth first from s and returns the transitions of a cycle.
func (f *cycleFinder[S]) from(s S) []explore.TransitionID {
	if f.states[s] == finished {
		return nil
	}
	f.push(s)
	for len(f.path) > 0 {
		top := &f.path[len(f.path)-1]
		if len(top.succ) == 0 {
			f.states[top.state] = finished
			f.path = f.path[:len(f.path)-1]
			continue
		}
		next := top.succ[0]
		top.succ, top.taken = top.succ[1:], next.ID
		switch {
		case f.table[next.ID].Class == explore.Fault || f.states[next.State] == finished:
		case f.states[next.State] == onPath:
			return f.cycle(next.State)
		default:
			f.push(next.State)
		}
	}
	return nil
}

func (f *cycleFinder[S]) push(s S) {
	f.states[s] = onPath
	f.path = append(f.path, pathStep[S]{state: s, succ: explore.Successors(f.m, &s)})
}

func (f *cycleFinder[S]) cycle(s S) (ids []explore.TransitionID) {
	f.at = s
	in := false
	for _, p := range f.path {
		if in = in || p.state == s; in {
			ids = append(ids, p.taken)
		}
	}
	return ids
}
