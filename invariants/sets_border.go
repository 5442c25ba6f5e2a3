package invariants

import (
	"context"
	"slices"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// mostBorders bounds how many largest harmless budgets are tried before a search that tells all kinds of faults apart is
// cheaper.
const mostBorders = 60

// violations finds the minimal sets of faults that violate the properties of a check, each with its counterexample.
//
// A search that tells all kinds of faults apart explores a state once for each set of faults that leads to it: for the
// largest sets that is nearly all of the work. So only the sets of fewer than o.MaxFaults faults are found that way. For
// the rest a search asks whether anything at all is violated within a budget, and tells apart only the kinds whose
// number is bounded by less than o.MaxFaults: a state is then explored with the fewest faults by which it is reached,
// whatever they are. What it finds has the fewest faults within the budget, so it is a minimal set, and its shortest
// counterexample. The budgets are the largest that contain no known set; when nothing is violated within any of them,
// there are no others.
func (l *lattice) violations(ctx context.Context, k *Check, o explore.Options[model.State]) ([]*explore.Violation[model.State], error) {
	if o.MaxFaults < 2 || o.Within != nil {
		return l.labelled(ctx, k, o)
	}
	smaller := o
	smaller.MaxFaults--
	found, err := l.labelled(ctx, k, smaller)
	if err != nil || l.out.Stopped != explore.Exhausted {
		return found, err
	}
	return l.border(ctx, k, o, found)
}

// labelled is a search that tells all kinds of faults apart.
func (l *lattice) labelled(ctx context.Context, k *Check, o explore.Options[model.State]) ([]*explore.Violation[model.State], error) {
	r, err := l.run(ctx, k, o)
	if err != nil {
		return nil, err
	}
	zzlog("labelled %v: %v %v %v", o.MaxFaults, len(r.Violations), r.Stats.Distinct, r.Stats.Duration)
	return r.Violations, nil
}

// border goes on from the known sets to all.
func (l *lattice) border(ctx context.Context, k *Check, o explore.Options[model.State], found []*explore.Violation[model.State]) ([]*explore.Violation[model.State], error) {
	var harmless [][]int
	for {
		budget, ok := nextBudget(o.Budget, found, harmless)
		switch {
		case !ok:
			return l.labelled(ctx, k, o)
		case budget == nil:
			return found, nil
		}
		v, err := l.any(ctx, k, o, budget)
		switch {
		case err != nil || l.out.Stopped != explore.Exhausted:
			l.out.Decided = max(l.out.Decided, min(o.MaxFaults-1, l.o.MaxFaults))
			return found, err
		case v == nil:
			harmless = append(harmless, budget)
		case v.Untraced:
			return l.labelled(ctx, k, o)
		default:
			found = append(found, v)
		}
	}
}

// any looks for a violation within a budget, with the fewest faults and then the fewest steps; nil where there is none.
func (l *lattice) any(ctx context.Context, k *Check, o explore.Options[model.State], budget []int) (*explore.Violation[model.State], error) {
	m := merge(k.Model, budget, o.MaxFaults)
	o.Budget, o.FaultSets, o.Bound = m.budget, false, k.Model.BoundHit
	r, err := explore.Check(ctx, explore.Model[model.State](m), k.Properties, nil, o)
	if err != nil {
		return nil, err
	}
	l.note(k, r)
	zzlog("any %v: %v %v %v", budget, r.Violation != nil, r.Stats.Distinct, r.Stats.Duration)
	if r.Violation == nil {
		return nil, nil
	}
	v := *r.Violation
	v.Faults = make([]int, len(budget))
	table := k.Model.Transitions()
	for _, s := range v.Trace.Steps {
		if t := table[s.ID]; t.Class == explore.Fault {
			v.Faults[t.Fault]++
		}
	}
	return &v, nil
}

// merged is a model with fewer kinds of faults: those that may occur as often as there are faults at all are one kind.
type merged struct {
	*model.Model
	table  []explore.Transition
	budget []int
}

// merge tells apart the kinds that a budget bounds by less than upTo.
func merge(m *model.Model, budget []int, upTo int) *merged {
	out := &merged{Model: m, table: slices.Clone(m.Transitions()), budget: []int{upTo, 0}}
	kinds := make([]int, len(budget))
	for i, n := range budget {
		switch {
		case n >= upTo:
			kinds[i] = 0
		case n == 0:
			kinds[i] = 1
		default:
			kinds[i], out.budget = len(out.budget), append(out.budget, n)
		}
	}
	for i := range out.table {
		if t := &out.table[i]; t.Class == explore.Fault {
			t.Fault = kinds[t.Fault]
		}
	}
	return out
}

// Transitions implements explore.Model.
func (m *merged) Transitions() []explore.Transition { return m.table }

// nextBudget is a largest budget that contains no known set and is not known to be harmless; nil where there is none.
// ok is false where there are too many.
func nextBudget(all []int, found []*explore.Violation[model.State], harmless [][]int) (budget []int, ok bool) {
	budgets := [][]int{slices.Clone(all)}
	for _, v := range found {
		var next [][]int
		for _, b := range budgets {
			if !within(v.Faults, b) {
				next = append(next, b)
				continue
			}
			for kind, n := range v.Faults {
				if n > 0 {
					smaller := slices.Clone(b)
					smaller[kind] = n - 1
					next = append(next, smaller)
				}
			}
		}
		if budgets = largest(next); len(budgets) > mostBorders {
			return nil, false
		}
	}
	for _, b := range budgets {
		if !slices.ContainsFunc(harmless, func(h []int) bool { return within(b, h) }) {
			return b, true
		}
	}
	return nil, true
}

// largest drops budgets that another contains.
func largest(budgets [][]int) [][]int {
	var out [][]int
	for i, b := range budgets {
		if !slices.ContainsFunc(budgets[:i], func(o []int) bool { return within(b, o) }) &&
			!slices.ContainsFunc(budgets[i+1:], func(o []int) bool { return within(b, o) && !slices.Equal(b, o) }) {
			out = append(out, b)
		}
	}
	return out
}

var zzlog = func(s string, a ...any) {}
