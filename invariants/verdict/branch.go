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
func (s *subject) branch(t *explore.Trace[model.State]) *Branch {
	left, latest := maxGoodTotal, true
	for shared := len(t.Steps) - 1; shared >= 0 && left > 0; shared-- {
		from := t.Initial
		if shared > 0 {
			from = t.Steps[shared-1].State
		}
		limit := min(left, maxGoodStates)
		tail, used := s.settle(from, limit, s.witnessed)
		left -= used
		if tail == nil {
			latest = latest && used < limit
			continue
		}
		rest := explore.Trace[model.State]{Initial: from, Steps: tail}
		b := &Branch{Shared: shared, Latest: latest, Steps: s.steps(&rest)}
		for i := range b.Steps {
			b.Steps[i].N += shared
		}
		last := rest.Last()
		b.Fates = s.fates(&last)
		return b
	}
	return nil
}

// settle finds the shortest run without faults from a state to one in which all is settled and the guarantee kept, and that is
// good. It returns nil without one, and how many states it looked at: at least limit if there are others.
func (s *subject) settle(from model.State, limit int, good func(*model.State) bool) (tail []explore.TraceStep[model.State], looked int) {
	type origin struct {
		step   explore.TraceStep[model.State]
		parent int
	}
	table := s.Model.Transitions()
	nodes := []origin{{step: explore.TraceStep[model.State]{State: from}, parent: -1}}
	seen := map[model.State]bool{s.canonical(from): true}
	for i := 0; i < len(nodes) && len(nodes) < limit; i++ {
		state := nodes[i].step.State
		ends := true
		for _, n := range explore.Successors(s.Model, &state) {
			if table[n.ID].Class == explore.Fault {
				continue
			}
			ends = false
			c := s.canonical(n.State)
			if s.Model.BoundHit(&n.State) {
				looked = limit // what is behind it is not known
				continue
			}
			if seen[c] || s.Broken(&n.State) {
				continue
			}
			seen[c] = true
			nodes = append(nodes, origin{explore.TraceStep[model.State]{ID: n.ID, State: n.State}, i})
		}
		if !ends || i == 0 || s.BrokenAtEnd(&state) || !good(&state) {
			continue
		}
		for at := i; nodes[at].parent >= 0; at = nodes[at].parent {
			tail = append(tail, nodes[at].step)
		}
		slices.Reverse(tail)
		return tail, len(nodes)
	}
	return nil, max(looked, len(nodes))
}

// canonical is the representative of a state.
func (s *subject) canonical(state model.State) model.State {
	s.Model.Canonical(&state)
	return state
}

// witnessed says that a state is a witness of everything that the guarantee needs to mean anything.
func (s *subject) witnessed(state *model.State) bool {
	for _, w := range s.Witnesses {
		if !w.Reached(state) {
			return false
		}
	}
	return true
}

// showing finds a run that shows a guarantee at work: up to where the witness is first seen, then a fault of the budget
// where there is one that can happen there, and then on until all is settled.
func (s *subject) showing(budget model.Budget) *Showing {
	initial := s.Model.Initial(nil)
	if len(initial) == 0 {
		return nil
	}
	plain, _ := s.settle(initial[0], maxGoodStates, s.witnessed)
	if plain == nil {
		return nil
	}
	stake := 0
	for stake < len(plain)-1 && !s.witnessed(&plain[stake].State) {
		stake++
	}
	t := explore.Trace[model.State]{Initial: initial[0], Steps: plain}
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
	return &Showing{Steps: s.steps(&t), Faults: used, Fates: s.fates(&last), Ledger: s.ledger(&t, nil)}
}

// withFault is a prefix, then a fault of a kind, then the shortest way to where all is settled; nil without one.
func (s *subject) withFault(prefix []explore.TraceStep[model.State], kind model.FaultKind) []explore.TraceStep[model.State] {
	table := s.Model.Transitions()
	state := prefix[len(prefix)-1].State
	for _, n := range explore.Successors(s.Model, &state) {
		if table[n.ID].Class != explore.Fault || table[n.ID].Fault != int(kind) || s.Broken(&n.State) {
			continue
		}
		if tail, _ := s.settle(n.State, maxGoodStates, s.witnessed); tail != nil {
			steps := append(slices.Clone(prefix), explore.TraceStep[model.State]{ID: n.ID, State: n.State})
			return append(steps, tail...)
		}
	}
	return nil
}
