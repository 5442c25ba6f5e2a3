package invariants

import (
	"context"
	"slices"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// violations finds the minimal sets of faults that violate the properties of a check, each with its counterexample.
//
// A search that tells all kinds of faults apart explores a state once for each set of faults that leads to it. Most kinds
// are in no minimal set, and telling those apart is of no use. So, after the single faults, kinds are told apart only
// where a counterexample asks for it: all others are counted together, as one kind that may occur as often as there may
// be faults at all. If that search finds a violation in which it occurs, the kinds of that counterexample are told apart
// from then on, and the search is repeated. If it finds none, what it found is all: a minimal set with a kind that was not
// told apart would have shown as a violation in which that one kind occurs.
func (l *lattice) violations(ctx context.Context, k *Check, o explore.Options[model.State]) ([]*explore.Violation[model.State], error) {
	if o.MaxFaults < 2 || o.Within != nil {
		return l.labelled(ctx, k, o)
	}
	single := o
	single.MaxFaults = 1
	found, err := l.labelled(ctx, k, single)
	if err != nil || l.out.Stopped != explore.Exhausted || slices.ContainsFunc(found, func(v *explore.Violation[model.State]) bool { return total(v.Faults) == 0 }) {
		return found, err
	}
	o.Budget = slices.Clone(o.Budget)
	for _, v := range found {
		o.Budget[slices.Index(v.Faults, 1)] = 0
	}
	more, err := l.refine(ctx, k, o)
	return append(found, more...), err
}

// labelled is a search that tells all kinds of faults apart.
func (l *lattice) labelled(ctx context.Context, k *Check, o explore.Options[model.State]) ([]*explore.Violation[model.State], error) {
	r, err := l.run(ctx, k, o)
	if err != nil {
		return nil, err
	}
	return r.Violations, nil
}

// refine searches with ever more kinds told apart.
func (l *lattice) refine(ctx context.Context, k *Check, o explore.Options[model.State]) ([]*explore.Violation[model.State], error) {
	apart := make([]bool, len(o.Budget))
	for i, n := range o.Budget {
		apart[i] = n < o.MaxFaults // such a kind has a bound of its own
	}
	for {
		m := merge(k.Model, o.Budget, o.MaxFaults, apart)
		merged := o
		merged.Budget, merged.Bound = m.budget, k.Model.BoundHit
		r, err := explore.Check(ctx, explore.Model[model.State](m), k.Properties, nil, merged)
		if err != nil {
			return nil, err
		}
		l.note(k, r)
		found, again := m.split(k.Model, r.Violations, apart)
		if !again || l.out.Stopped != explore.Exhausted {
			return found, nil
		}
	}
}

// merged is a model with fewer kinds of faults: those that are not told apart are kind 0.
type merged struct {
	*model.Model
	table  []explore.Transition
	budget []int
}

// merge counts the kinds together that are not to be told apart.
func merge(m *model.Model, budget []int, upTo int, apart []bool) *merged {
	out := &merged{Model: m, table: slices.Clone(m.Transitions()), budget: []int{upTo}}
	kinds := make([]int, len(budget))
	for i, n := range budget {
		if apart[i] {
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

// split returns the violations whose kinds are all told apart, counted by kind, and marks the kinds of the others to be
// told apart. again says that there were others.
func (m *merged) split(whole *model.Model, violations []*explore.Violation[model.State], apart []bool) (found []*explore.Violation[model.State], again bool) {
	table := whole.Transitions()
	for _, v := range violations {
		real := *v
		real.Faults = make([]int, len(apart))
		for _, s := range v.Trace.Steps {
			if t := table[s.ID]; t.Class == explore.Fault {
				real.Faults[t.Fault]++
			}
		}
		switch {
		case v.Untraced: // its kinds are not known: tell all apart
			for i := range apart {
				again = again || !apart[i]
				apart[i] = true
			}
		case v.Faults[0] == 0:
			found = append(found, &real)
		default:
			for i, n := range real.Faults {
				apart[i] = apart[i] || n > 0
			}
			again = true
		}
	}
	return found, again
}
