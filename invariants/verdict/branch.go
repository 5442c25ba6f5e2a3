package verdict

import (
	"slices"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// Bounds of the searches for runs that end well, in states. They are counts and no times, so that the same question
// gets the same answer on every machine.
const (
	maxGoodStates = 20_000  // of one search
	maxGoodTotal  = 100_000 // of all searches for one result
)

// branch finds the run that goes with a counterexample as long as possible and then ends well without another fault:
// everything settled, the guarantee kept, and its witness seen.
func (s *subject[S]) branch(t *explore.Trace[S]) *Branch {
	left, latest := maxGoodTotal, true
	for shared := len(t.Steps) - 1; shared >= 0 && left > 0; shared-- {
		from := t.Initial
		if shared > 0 {
			from = t.Steps[shared-1].State
		}
		limit := min(left, maxGoodStates)
		tail, used := s.settle(from, limit)
		left -= used
		if tail == nil {
			latest = latest && used < limit
			continue
		}
		rest := explore.Trace[S]{Initial: from, Steps: tail}
		b := &Branch{Shared: shared, Latest: latest, Steps: s.steps(&rest)}
		for i := range b.Steps {
			b.Steps[i].N += shared
		}
		last := rest.Last()
		b.Fates = s.teller.Fates(&last)
		return b
	}
	return nil
}

// settle finds the shortest run without faults from a state to one in which all is settled and the guarantee kept. It
// returns nil without one, and how many states it looked at.
func (s *subject[S]) settle(from S, limit int) (tail []explore.TraceStep[S], looked int) {
	type origin struct {
		step   explore.TraceStep[S]
		parent int
	}
	table := s.model.Transitions()
	nodes := []origin{{step: explore.TraceStep[S]{State: from}, parent: -1}}
	seen := map[S]bool{s.canonical(from): true}
	for i := 0; i < len(nodes) && len(nodes) < limit; i++ {
		state := nodes[i].step.State
		ends := true
		for _, n := range explore.Successors(s.model, &state) {
			if table[n.ID].Class == explore.Fault {
				continue
			}
			ends = false
			c := s.canonical(n.State)
			if seen[c] || s.brokenBy(&state, n.ID, &n.State) || s.bound != nil && s.bound(&n.State) {
				continue
			}
			seen[c] = true
			nodes = append(nodes, origin{explore.TraceStep[S]{ID: n.ID, State: n.State}, i})
		}
		if !ends || i == 0 || s.endsBroken(&state) || !s.witnessed(&state) {
			continue
		}
		for at := i; nodes[at].parent >= 0; at = nodes[at].parent {
			tail = append(tail, nodes[at].step)
		}
		slices.Reverse(tail)
		return tail, len(nodes)
	}
	return nil, len(nodes)
}

// canonical is the representative of a state where the model has symmetries.
func (s *subject[S]) canonical(state S) S {
	if c, ok := s.model.(explore.Canonicalizer[S]); ok {
		c.Canonical(&state)
	}
	return state
}

// witnessed says that a state is a witness of everything that the guarantee needs to mean anything.
func (s *subject[S]) witnessed(state *S) bool {
	for _, w := range s.witnesses {
		if !w.Reached(state) {
			return false
		}
	}
	return true
}

// showing finds a run that shows a guarantee at work: up to where the witness is first seen, then a fault of the budget
// where there is one that can happen there, and then on until all is settled.
func (s *subject[S]) showing(budget model.Budget) *Showing {
	initial := s.model.Initial(nil)
	if len(initial) == 0 {
		return nil
	}
	plain, _ := s.settle(initial[0], maxGoodStates)
	if plain == nil {
		return nil
	}
	stake := 0
	for stake < len(plain)-1 && !s.witnessed(&plain[stake].State) {
		stake++
	}
	t := explore.Trace[S]{Initial: initial[0], Steps: plain}
	used := map[string]int{}
	kinds := model.FaultKinds(nil)
	slices.SortFunc(kinds, func(a, b model.FaultKind) int { return a.Fault().Shows - b.Fault().Shows })
	for _, kind := range kinds {
		if budget[kind] == 0 {
			continue
		}
		if steps := s.withFault(plain[:stake+1], kind); steps != nil {
			t.Steps, used[kind.String()] = steps, 1
			break
		}
	}
	last := t.Last()
	return &Showing{Steps: s.steps(&t), Faults: used, Fates: s.teller.Fates(&last), Ledger: s.ledger(&t, nil)}
}

// withFault is a prefix, then a fault of a kind, then the shortest way to where all is settled; nil without one.
func (s *subject[S]) withFault(prefix []explore.TraceStep[S], kind model.FaultKind) []explore.TraceStep[S] {
	table := s.model.Transitions()
	state := prefix[len(prefix)-1].State
	for _, n := range explore.Successors(s.model, &state) {
		if table[n.ID].Class != explore.Fault || table[n.ID].Fault != int(kind) || s.brokenBy(&state, n.ID, &n.State) {
			continue
		}
		if tail, _ := s.settle(n.State, maxGoodStates); tail != nil {
			steps := append(slices.Clone(prefix), explore.TraceStep[S]{ID: n.ID, State: n.State})
			return append(steps, tail...)
		}
	}
	return nil
}
