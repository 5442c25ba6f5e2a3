package invariants

import (
	"context"
	"slices"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// exhaust is Search with [explore.Options.Exhaust] where the space can be split: it finds the minimal counterexample, and
// then every other minimal set of faults that violates the guarantee, without a counterexample of its own.
//
// A superset of a set that violates the guarantee violates it as well and is not explored. That leaves the question which
// sets do, not in how many steps, so that the rest is explored with shortcuts (see [model.Shortcuts]). That nothing
// violates the guarantee is found with shortcuts too; without Exhaust no shortcut is taken. That they leave the sets as
// they are is tested over random configurations and argued for, not proved.
func (k *Check) exhaust(ctx context.Context, o explore.Options[model.State]) (*Result, *Check, error) {
	o.Exhaust = false
	hurried := *k
	hurried.hurries, hurried.together = true, nil
	first, about, err := hurried.Search(ctx, o)
	if err != nil || first.Violation == nil {
		return first, about, err
	}
	o.FaultSets, o.Lattice.NoTrace, o.MaxFaults = true, true, total(o.Budget)
	if about == &hurried {
		about = k
	}
	l := &search{check: k, shared: NewLattices(k), o: o, out: &FaultSets{Decided: o.MaxFaults}, decides: true}
	l.coverage = k.sumCoverage(make([]uint64, len(k.Model.Transitions())), first.Coverage, about)
	if err := l.run(ctx); err != nil {
		return nil, nil, err
	}
	l.finish()
	return l.result(first, about), about, nil
}

// result is what was found out about the sets, with the minimal counterexample.
func (l *search) result(first *Result, about *Check) *Result {
	out := l.out
	r := &Result{Stopped: out.Stopped, Complete: out.Complete, Stats: out.Stats, Coverage: l.coverage, Witnesses: l.witnesses}
	addStats(&r.Stats, first.Stats)
	if !r.Complete {
		r.CompleteFaults = max(out.Decided, total(first.Violation.Faults)-1)
	}
	if r.Stopped != explore.Exhausted {
		r.Coverage = about.sumCoverage(make([]uint64, len(about.Model.Transitions())), r.Coverage, l.check)
	}
	r.Violation, r.Violations = first.Violation, first.Violations
	for _, s := range out.Sets {
		if !slices.Equal(s.Faults, r.Violation.Faults) {
			r.Violations = append(r.Violations, s.Violation)
		}
	}
	return r
}

// shortcuts are what a question about sets of faults may be asked with. A state in which only faults and recoveries are
// possible is not one if the recovery is a shortcut.
func (k *Check) shortcuts() model.Shortcuts {
	if k.CountsSteps || k.Guarantee.Name == "uninterrupted" {
		return 0
	}
	return model.AllShortcuts
}

// product is the check of the whole, with shortcuts where only the sets are asked for.
func (l *search) product() (*Check, error) {
	c := l.check.Model.Config()
	if !l.decides || l.check.shortcuts() == 0 {
		return l.check, nil
	}
	c.Shortcuts = l.check.shortcuts()
	m, err := model.New(c)
	if err != nil {
		return nil, err
	}
	g, counted := l.check.Guarantee, l.check.counted
	return &Check{Guarantee: g, Model: m, Properties: g.properties(m, counted), counted: counted}, nil
}

// searchHurried is the search of the log, and of the product where that does not decide, after the consumer alone, whose
// result is first. The log is explored with shortcuts. If that finds a violation, the sets of the fewest faults that
// violate anything are explored again without, for the minimal counterexample.
func (k *Check) searchHurried(ctx context.Context, log *Check, o explore.Options[model.State], first *Result) (*Result, *Check, error) {
	quick, err := k.quickLog()
	if err != nil {
		return nil, nil, err
	}
	q := o
	q.Lattice.NoTrace = true
	r, err := quick.explore(ctx, q)
	switch {
	case err != nil:
		return nil, nil, err
	case r.Stopped == explore.Exhausted:
		quick.Model.CountShortcuts(r.Coverage)
		return k.sum(first, r, quick), k, nil
	case r.Violation == nil:
		return r, k, nil
	}
	var sets [][]int
	if n := total(r.Violation.Faults); r.Complete && n > 0 {
		q.FaultSets, q.MaxFaults = true, n
		all, err := quick.explore(ctx, q)
		if err != nil {
			return nil, nil, err
		}
		for _, v := range all.Violations {
			sets = append(sets, v.Faults)
		}
		if !all.Complete {
			sets = nil
		}
	}
	near := o
	if len(sets) > 0 {
		near = onlyWithin(o, sets)
	}
	near.Lattice.NoTrace = r.Violation.Property != lost // then it will hardly be asked for
	second, err := log.explore(ctx, near)
	if err == nil && near.Lattice.NoTrace && second.Violation != nil && second.Violation.Property == lost {
		near.Lattice.NoTrace = false
		second, err = log.explore(ctx, near)
	}
	switch {
	case err != nil:
		return nil, nil, err
	case second.Violation != nil && second.Violation.Property == lost:
		return log.sum(second, first, k), log, nil
	case second.Violation != nil:
		if r, err := k.searchNear(ctx, log, o, sets); err != nil || r != nil {
			return r, k, err
		}
	}
	return k.whole(ctx, o, second, nil)
}

// searchNear looks for the minimal counterexample among the smallest sets that make the log violate anything, if a message
// can be lost by one of them: it takes no more steps than that. Otherwise it returns nil.
func (k *Check) searchNear(ctx context.Context, log *Check, o explore.Options[model.State], sets [][]int) (*Result, error) {
	if log.Properties[0].Name != lost || len(sets) == 0 {
		return nil, nil
	}
	o = onlyWithin(o, sets)
	losing := *log
	losing.Properties = log.Properties[:1]
	o.Lattice.NoTrace = true
	r, err := losing.explore(ctx, o)
	if err != nil || r.Violation == nil {
		return nil, err
	}
	o.Lattice.NoTrace, o.MaxDepth = false, r.Violation.Steps
	if r, err = k.explore(ctx, o); err != nil || r.Violation == nil {
		return nil, err
	}
	r.Complete, r.Stopped = true, explore.Violated // what is deeper does not matter
	return r, nil
}

// onlyWithin restricts a search to sets of faults, all of one size, and their subsets.
func onlyWithin(o explore.Options[model.State], sets [][]int) explore.Options[model.State] {
	o.MaxFaults = total(sets[0])
	o.Lattice.Within = func(faults []int) bool {
		return slices.ContainsFunc(sets, func(set []int) bool { return within(faults, set) })
	}
	return o
}

// quickLog is the log part with shortcuts. It tells which sets of faults violate what the log owes, and nothing of the runs
// in which they do. A violation that is not the loss of a message leaves open whether the guarantee is violated, so that
// for a set of faults the search goes on after it.
func (k *Check) quickLog() (*Check, error) {
	c := k.Model.Config()
	c.Shortcuts = k.shortcuts()
	m, err := model.New(c)
	if err != nil {
		return nil, err
	}
	quick, err := (&Check{Guarantee: k.Guarantee, Model: m, counted: k.counted}).logPart()
	if err == nil && quick.Properties[0].Name == lost {
		for i := range quick.Properties[1:] {
			quick.Properties[i+1].GoesOn = true
		}
	}
	return quick, err
}
