package exploretest

import (
	"cmp"
	"slices"

	"github.com/kcheck/kcheck/explore"
)

// maxKinds is the greatest number of fault kinds that Reference can count.
const maxKinds = 64

// used counts faults by kind.
type used [maxKinds]uint8

func (u used) total() (n int) {
	for _, k := range u {
		n += int(k)
	}
	return n
}

// counts returns the faults of the first n kinds.
func (u used) counts(n int) []int {
	counts := make([]int, n)
	for i := range counts {
		counts[i] = int(u[i])
	}
	return counts
}

func (u used) subset(v used) bool {
	for i := range u {
		if u[i] > v[i] {
			return false
		}
	}
	return true
}

// Outcome is what the reference engine found out.
type Outcome struct {
	Distinct, Generated uint64
	Depth               int
	Complete            bool
	Violations          []Found
	Witnesses           []bool
}

// Found is a violation without its trace.
type Found struct {
	Property string
	Faults   []int // of kinds with the budget Any: 0
	Total    int   // of all kinds
	Steps    int
}

// node is a state and the faults used to reach it.
type node[S comparable] struct {
	state S
	used  used
}

// violation is a property violated at a place in the order of exploration.
type violation struct {
	property, faults, steps int
	used                    used
}

type reference[S comparable] struct {
	m           explore.Model[S]
	props       []explore.Property[S]
	wits        []explore.Witness[S]
	o           explore.Options[S]
	table       []explore.Transition
	seen        map[node[S]]bool
	vectors     map[S][]used // for dominance
	later       map[int][]node[S]
	violations  []violation
	found       []violation
	out         Outcome
	faults      int
	steps       int
	level, next []node[S]
	expanding   bool // the nodes entered are one step deeper
}

// Reference checks the model as explore.Check does, sequentially, with a map of
// visited nodes and a slice for each level. It honours Budget, MaxFaults, Within,
// Dominance, NoSymmetry, Exhaust, FaultSets, Bound and MaxDepth.
func Reference[S comparable](spec explore.Spec[S]) Outcome {
	m, props, wits, o := spec.Model, spec.Properties, spec.Witnesses, spec.Options
	r := &reference[S]{m: m, props: props, wits: wits, o: o, table: m.Transitions(),
		seen: map[node[S]]bool{}, vectors: map[S][]used{}, later: map[int][]node[S]{}}
	r.out.Complete = true
	r.out.Witnesses = make([]bool, len(wits))
	for _, s := range m.Initial(nil) {
		r.out.Generated++
		r.enter(node[S]{state: r.canonical(s)})
	}
	for more := true; more; r.faults++ {
		more = r.layer() && (len(r.later) > 0 || len(r.violations) > 0)
	}
	for _, v := range r.found {
		f := Found{Property: props[v.property].Name, Steps: v.steps, Total: v.faults}
		for i := range o.Budget {
			f.Faults = append(f.Faults, int(v.used[i]))
		}
		r.out.Violations = append(r.out.Violations, f)
	}
	return r.out
}

func (r *reference[S]) canonical(s S) S {
	if c, ok := r.m.(explore.Canonicalizer[S]); ok && !r.o.NoSymmetry {
		c.Canonical(&s)
	}
	return s
}

// layer explores the nodes with r.faults faults; false means stop.
func (r *reference[S]) layer() bool {
	entries := r.later
	r.later = map[int][]node[S]{}
	for r.steps = 0; ; r.steps++ {
		r.level, r.next = append(r.level, r.next...), nil
		for _, n := range entries[r.steps] {
			if !r.skip(n.used) {
				r.enter(n)
			}
		}
		r.level, r.next = append(r.level, r.next...), nil
		delete(entries, r.steps)
		if !r.settle() {
			return false
		}
		if len(r.level) == 0 && len(entries) == 0 && !slices.ContainsFunc(r.violations, func(v violation) bool { return v.faults == r.faults }) {
			return true
		}
		if len(r.level) > 0 {
			r.out.Depth = max(r.out.Depth, r.steps)
		}
		level := r.level
		r.level = nil
		for _, n := range level {
			r.expand(n)
		}
		if !r.settle() {
			return false
		}
	}
}

// enter adds a node to the next level, unless it was reached before.
func (r *reference[S]) enter(n node[S]) {
	dominated := func(u used) bool { return u.subset(n.used) }
	if r.seen[n] || r.o.Dominance && slices.ContainsFunc(r.vectors[n.state], dominated) {
		return
	}
	r.seen[n] = true
	r.vectors[n.state] = append(r.vectors[n.state], n.used)
	r.next = append(r.next, n)
	r.out.Distinct++
	for i, p := range r.props {
		if p.Invariant != nil && !p.Invariant(&n.state) {
			r.violations = append(r.violations, violation{i, r.faults, r.entering(), n.used})
		}
	}
	for i, w := range r.wits {
		r.out.Witnesses[i] = r.out.Witnesses[i] || w.Reached(&n.state)
	}
}

// entering is the depth of the nodes being entered.
func (r *reference[S]) entering() int {
	if r.expanding {
		return r.steps + 1
	}
	return r.steps
}

func (r *reference[S]) expand(n node[S]) {
	if r.skip(n.used) {
		return
	}
	if r.o.Bound != nil && r.o.Bound(&n.state) {
		r.out.Complete = false
		return
	}
	succ := explore.Successors(r.m, &n.state)
	has := func(c explore.Class) bool {
		return slices.ContainsFunc(succ, func(x explore.Successor[S]) bool { return r.table[x.ID].Class == c })
	}
	for i, p := range r.props {
		quiet := p.Quiescent != nil && !has(explore.Step) && !has(explore.Recovery) && !p.Quiescent(&n.state)
		if quiet || p.Stuck != nil && !has(explore.Step) && !p.Stuck(&n.state) {
			r.violations = append(r.violations, violation{i, r.faults, r.steps, n.used})
		}
	}
	if r.o.MaxDepth > 0 && r.steps >= r.o.MaxDepth {
		r.out.Complete = r.out.Complete && len(succ) == 0
		return
	}
	r.expanding = true
	for _, x := range succ {
		r.take(n, x)
	}
	r.expanding = false
}

// take takes one transition, if the budget allows it.
func (r *reference[S]) take(n node[S], x explore.Successor[S]) {
	t, u := r.table[x.ID], n.used
	if t.Class == explore.Fault {
		if !r.allows(t.Fault, u) {
			return
		}
		if r.o.Budget[t.Fault] != explore.Any {
			u[t.Fault]++
		}
		if r.o.Lattice.Within != nil && !r.o.Lattice.Within(u.counts(len(r.o.Budget))) {
			return
		}
	}
	r.out.Generated++
	faults := r.faults
	if t.Class == explore.Fault {
		faults++
	}
	for i, p := range r.props {
		if p.StepInvariant != nil && !p.StepInvariant(&n.state, x.ID, &x.State) {
			r.violations = append(r.violations, violation{i, faults, r.steps + 1, u})
		}
	}
	to := node[S]{r.canonical(x.State), u}
	if t.Class == explore.Fault {
		r.later[r.steps+1] = append(r.later[r.steps+1], to)
	} else {
		r.enter(to)
	}
}

// allows says that the budget has one more fault of a kind after those used.
func (r *reference[S]) allows(kind int, u used) bool {
	switch {
	case kind >= len(r.o.Budget):
		return false
	case r.o.Budget[kind] == explore.Any:
		return true
	}
	return int(u[kind]) < r.o.Budget[kind] && (r.o.MaxFaults == 0 || u.total() < r.o.MaxFaults)
}

// settle looks at the violations of the level just finished; false means stop.
func (r *reference[S]) settle() bool {
	var due []violation
	r.violations = slices.DeleteFunc(r.violations, func(v violation) bool {
		now := v.faults == r.faults && v.steps == r.steps
		if now {
			due = append(due, v)
		}
		return now
	})
	slices.SortFunc(due, func(a, b violation) int {
		// The engine compares packed vectors: the last kind weighs most.
		for i := maxKinds - 1; i >= 0 && a.property == b.property; i-- {
			if c := cmp.Compare(a.used[i], b.used[i]); c != 0 {
				return c
			}
		}
		return cmp.Compare(a.property, b.property)
	})
	for _, v := range due {
		known := func(f violation) bool {
			return (f.property == v.property || r.o.FaultSets) && f.used.subset(v.used)
		}
		if slices.ContainsFunc(r.found, known) {
			continue
		}
		r.found = append(r.found, v)
		if !r.o.Exhaust && !r.o.FaultSets {
			return false
		}
	}
	return true
}

// skip tells whether a subset of these faults is known to violate something.
func (r *reference[S]) skip(u used) bool {
	return r.o.FaultSets && slices.ContainsFunc(r.found, func(f violation) bool { return f.used.subset(u) })
}
