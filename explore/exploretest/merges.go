package exploretest

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/kcheck/kcheck/explore"
)

// Merges checks that a canonical form merges only states that nothing can tell
// apart: within the budget, every state reachable without the reduction and its
// canonical form must be bisimilar. Bisimilar states agree in the properties
// and witnesses, and each step, recovery or fault of the one leads to a state that is bisimilar
// to one to which the other has a step, a recovery or a fault of the same kind
// that violates the same properties, or, if it violates none, to a state that
// is bisimilar to both. Unlike [Symmetry] it needs no list of
// the permutations, and so serves also a canonical form that drops what is of no
// use any more. It reports a state for which that is not so. A state space of
// more than most states, each counted with the faults used, is not looked at; 0
// is no limit. looked says whether it was.
func Merges[S comparable](t Reporter, spec explore.Spec[S], most int) (looked bool) {
	t.Helper()
	c, ok := spec.Model.(explore.Canonicalizer[S])
	if !ok {
		t.Errorf("the model has no method Canonical")
		return false
	}
	g := &bisimulation[S]{spec: spec, c: c, table: spec.Model.Transitions(), index: map[node[S]]int{}}
	for _, s := range spec.Model.Initial(nil) {
		g.node(node[S]{state: s})
	}
	for i := 0; i < len(g.nodes); i++ { // which expanding makes longer
		if most > 0 && len(g.nodes) > most {
			return false
		}
		g.expand(i)
	}
	g.refine()
	for i, n := range g.nodes {
		if f := g.nodes[g.form[i]]; g.block[i] != g.block[g.form[i]] {
			t.Errorf("%+v\nis not bisimilar to its canonical form\n%+v: %s", n.state, f.state, g.why(i, g.form[i]))
			return true
		}
	}
	return true
}

// bisimulation is the graph of the states that are reachable, and of their
// canonical forms, with the faults used; and its coarsest bisimulation.
type bisimulation[S comparable] struct {
	spec  explore.Spec[S]
	c     explore.Canonicalizer[S]
	table []explore.Transition
	index map[node[S]]int
	nodes []node[S]
	form  []int // by node: the node of its canonical form
	label []string
	edges [][]edge
	block []int   // by node: the class of bisimilar nodes that it is in
	older [][]int // block, before each refinement
}

// edge is a transition: its kind, and the node that it leads to.
type edge struct {
	class explore.Class
	fault int
	bad   string // the properties of steps that it violates
	to    int
	id    explore.TransitionID
}

// node returns the number of a node, which is new or known.
func (g *bisimulation[S]) node(n node[S]) int {
	i, known := g.index[n]
	if !known {
		i = len(g.nodes)
		g.index[n] = i
		g.nodes = append(g.nodes, n)
	}
	return i
}

// expand notes what the i-th node does, and what its canonical form is.
func (g *bisimulation[S]) expand(i int) {
	n := g.nodes[i]
	r := reference[S]{o: g.spec.Options}
	var edges []edge
	goesOn, recovers := false, false
	if bound := g.spec.Bound; bound == nil || !bound(&n.state) {
		for _, x := range explore.Successors(g.spec.Model, &n.state) {
			t, used := g.table[x.ID], n.used
			e := edge{class: t.Class, id: x.ID}
			switch t.Class {
			case explore.Step:
				goesOn = true
			case explore.Recovery:
				recovers = true
			case explore.Fault:
				if !r.allows(t.Fault, used) {
					continue
				}
				if e.fault = t.Fault; r.o.Budget[t.Fault] != explore.Any {
					used[t.Fault]++
				}
			}
			e.bad = g.violatedBy(&n.state, &x)
			e.to = g.node(node[S]{x.State, used})
			edges = append(edges, e)
		}
	}
	form := n
	g.c.Canonical(&form.state)
	g.edges = append(g.edges, edges)
	g.form = append(g.form, g.node(form))
	g.label = append(g.label, fmt.Sprint(n.used, g.violated(&n.state, goesOn, recovers)))
}

// violated lists the properties that a state violates, and the witnesses that it reaches.
func (g *bisimulation[S]) violated(s *S, goesOn, recovers bool) (names []string) {
	for i := range g.spec.Properties {
		p := &g.spec.Properties[i]
		bad := p.Invariant != nil && !p.Invariant(s) || p.Stuck != nil && !goesOn && !p.Stuck(s) ||
			p.Quiescent != nil && !goesOn && !recovers && !p.Quiescent(s)
		if bad {
			names = append(names, p.Name)
		}
	}
	for _, w := range g.spec.Witnesses {
		if w.Reached(s) {
			names = append(names, "witness "+w.Name)
		}
	}
	return names
}

// violatedBy lists the properties that a transition violates.
func (g *bisimulation[S]) violatedBy(from *S, to *explore.Successor[S]) (names string) {
	for i := range g.spec.Properties {
		if p := &g.spec.Properties[i]; p.StepInvariant != nil && !p.StepInvariant(from, to.ID, &to.State) {
			names += p.Name + "\n"
		}
	}
	return names
}

// refine makes the blocks: at first nodes of the same label, then those whose
// edges lead to the same blocks, until no block is split any more.
func (g *bisimulation[S]) refine() {
	number := func(key func(i int) string) (blocks []int, n int) {
		numbers := map[string]int{}
		for i := range g.nodes {
			k := key(i)
			if _, known := numbers[k]; !known {
				numbers[k] = len(numbers)
			}
			blocks = append(blocks, numbers[k])
		}
		return blocks, len(numbers)
	}
	n := 0
	g.block, n = number(func(i int) string { return g.label[i] })
	for more := true; more; {
		g.older = append(g.older, g.block)
		was := n
		g.block, n = number(func(i int) string { return fmt.Sprint(g.block[i], g.leads(g.block, i)) })
		more = n > was
	}
}

// leads lists the blocks to which the edges of a node lead, but for its own if nothing is violated.
func (g *bisimulation[S]) leads(block []int, i int) (all []edge) {
	for _, e := range g.edges[i] {
		if e.to, e.id = block[e.to], 0; e.to != block[i] || e.bad != "" {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b edge) int {
		return cmp.Or(cmp.Compare(a.class, b.class), cmp.Compare(a.fault, b.fault), cmp.Compare(a.bad, b.bad), cmp.Compare(a.to, b.to))
	})
	return slices.Compact(all)
}

// why tells what one of two nodes does and the other does not.
func (g *bisimulation[S]) why(a, b int) string {
	if g.label[a] != g.label[b] {
		return fmt.Sprintf("violated are %s and %s", g.label[a], g.label[b])
	}
	k := 0 // the refinement that told them apart
	for k+1 < len(g.older) && g.older[k+1][a] == g.older[k+1][b] {
		k++
	}
	block := g.older[k]
	for _, pair := range [][2]int{{a, b}, {b, a}} {
		for _, e := range g.edges[pair[0]] {
			same := func(f edge) bool {
				return f.class == e.class && f.fault == e.fault && f.bad == e.bad && block[f.to] == block[e.to]
			}
			if (block[e.to] != block[pair[0]] || e.bad != "") && !slices.ContainsFunc(g.edges[pair[1]], same) {
				return fmt.Sprintf("by %s only one leads to\n%+v", g.table[e.id], g.nodes[e.to].state)
			}
		}
	}
	return "they differ"
}
