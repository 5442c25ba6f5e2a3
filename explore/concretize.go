package explore

import (
	"fmt"
	"slices"
)

// node is a state, canonical, with the faults used to reach it.
type node[S comparable] struct {
	state S
	used  uint64
}

// concretize turns a path of canonical states that violates a property into a
// trace of concrete ones: at each step the first successor whose canonical form
// and used vector are those of the path. last, if not nil, must also accept the
// last step.
//
// A canonical form need not find out that two states are symmetric. Then the
// concrete states can leave the path although no rule tells them from it, and a
// guided search finds a trace of as many steps, with the same faults, which
// violates the property.
func (p *problem[S]) concretize(path []node[S], property int, last func(pre *S, id TransitionID, post *S) bool) (Trace[S], error) {
	t := Trace[S]{Table: p.table}
	found := false
	for _, s := range p.model.Initial(nil) {
		c := s
		if p.canonical(&c); c == path[0].state {
			t.Initial, found = s, true
			break
		}
	}
	if !found {
		return t, fmt.Errorf("no initial state has the canonical form with which the counterexample begins; is Canonical deterministic?")
	}
	s := t.Initial
	for i := 1; i < len(path); i++ {
		accept := last
		if i < len(path)-1 {
			accept = nil
		}
		step, ok := p.step(&s, path[i-1].used, &path[i], accept)
		if !ok {
			g := guided[S]{p: p, path: path, property: property, last: last, deadEnds: map[position[S]]bool{}}
			if g.follow(1, &t.Initial) {
				t.Steps = g.steps
				return t, nil
			}
			return t, fmt.Errorf("step %d of the counterexample cannot be replayed; are Successors and Canonical deterministic, and do symmetric states have symmetric successors?", i)
		}
		t.Steps = append(t.Steps, step)
		s = step.State
	}
	return t, nil
}

// step is one step of concretize. Where a step and a fault that is not counted
// lead to the same state, it is the step: the path has the fewest faults.
func (p *problem[S]) step(s *S, used uint64, to *node[S], accept func(pre *S, id TransitionID, post *S) bool) (found TraceStep[S], ok bool) {
	for _, n := range Successors(p.model, s) {
		effect := &p.effects[n.ID]
		after, within := effect.take(used)
		c := n.State
		if p.canonical(&c); !within || after != to.used || c != to.state || accept != nil && !accept(s, n.ID, &n.State) {
			continue
		}
		if effect.class != Fault || effect.one != 0 {
			return TraceStep[S]{ID: n.ID, State: n.State}, true
		}
		if !ok {
			found, ok = TraceStep[S]{ID: n.ID, State: n.State}, true
		}
	}
	return found, ok
}

// guided searches depth first for a trace along a path of canonical states,
// nearest to the path first.
type guided[S comparable] struct {
	p        *problem[S]
	path     []node[S]
	property int
	last     func(pre *S, id TransitionID, post *S) bool
	steps    []TraceStep[S]
	deadEnds map[position[S]]bool // by canonical state
}

// mostGuided bounds the states that a guided search looks at.
const mostGuided = 1 << 20

// follow takes the i-th step of the path, and those after it, from a concrete
// state.
func (g *guided[S]) follow(i int, s *S) bool {
	if i == len(g.path) {
		return g.last != nil || g.p.shows(g.property, s)
	}
	at := position[S]{i, *s}
	g.p.canonical(&at.state)
	if g.deadEnds[at] || len(g.deadEnds) > mostGuided {
		return false
	}
	for _, n := range g.candidates(i, s) {
		g.steps = append(g.steps[:i-1], TraceStep[S]{ID: n.ID, State: n.State})
		if g.follow(i+1, &n.State) {
			return true
		}
	}
	g.deadEnds[at] = true
	return false
}

// candidates are the successors that use the faults of the path, first those
// that are on it, then those that the same action leads to.
func (g *guided[S]) candidates(i int, s *S) []Successor[S] {
	to, end := &g.path[i], i == len(g.path)-1
	step, ok := g.p.step(&g.path[i-1].state, g.path[i-1].used, to, nil)
	if !ok {
		return nil
	}
	action, fault := g.p.table[step.ID].Action, g.p.effects[step.ID].class == Fault
	var on, same, others []Successor[S]
	for _, n := range Successors(g.p.model, s) {
		effect := &g.p.effects[n.ID]
		after, within := effect.take(g.path[i-1].used)
		switch {
		case !within, after != to.used, (effect.class == Fault) != fault: // a fault need not be counted
			continue
		case end && g.last != nil && !g.last(s, n.ID, &n.State):
			continue
		case !end && g.p.bounded(&n.State):
			continue
		}
		c := n.State
		g.p.canonical(&c)
		switch {
		case c == to.state:
			on = append(on, n)
		case g.p.table[n.ID].Action == action:
			same = append(same, n)
		default:
			others = append(others, n)
		}
	}
	return slices.Concat(on, same, others)
}

// bounded tells whether the model's own limit was hit in a state.
func (p *problem[S]) bounded(s *S) bool { return p.opt.Bound != nil && p.opt.Bound(s) }

// shows says that a state violates a property that is not one of steps, or
// reaches a witness, which are numbered after the properties.
func (p *problem[S]) shows(property int, s *S) bool {
	if property >= len(p.props) {
		return p.wits[property-len(p.props)].Reached(s)
	}
	q := &p.props[property]
	if q.Invariant != nil {
		return !q.Invariant(s)
	}
	if p.bounded(s) { // it is not known how it goes on
		return false
	}
	for _, n := range Successors(p.model, s) {
		switch class := p.effects[n.ID].class; {
		case class == Step, class == Recovery && q.Stuck == nil:
			return false
		}
	}
	return q.Quiescent != nil && !q.Quiescent(s) || q.Stuck != nil && !q.Stuck(s)
}
