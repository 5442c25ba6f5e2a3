package plan

import (
	"context"
	"slices"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// exhaust is the search with [explore.Options.Exhaust] where the space can be split: it finds the minimal
// counterexample, and then every other minimal set of faults that violates the guarantee, without a counterexample of
// its own.
//
// A superset of a set that violates the guarantee violates it as well and is not explored. That leaves the question which
// sets do, not in how many steps, so that the rest is explored with shortcuts (see [model.Shortcuts]). That nothing
// violates the guarantee is found with shortcuts too; without Exhaust no shortcut is taken. That they leave the sets as
// they are is tested over random configurations and argued for, not proved.
func (p *searcher) exhaust(ctx context.Context, o options) (*Result, *Check, error) {
	o.Exhaust = false
	k := p.check
	hurried := searcher{check: k, countsSteps: p.countsSteps, hurries: true}
	first, about, err := hurried.search(ctx, o)
	if err != nil || first.Violation == nil {
		return first, about, err
	}
	o = settled(o, first)
	o.FaultSets, o.Lattice.NoTrace, o.MaxFaults = true, true, most(&o)
	l := &search{check: k, shared: NewLattices(k), o: o, out: &FaultSets{Decided: o.MaxFaults}, decides: true,
		shortcuts: p.shortcuts()}
	l.coverage = sumCoverage(k, make([]uint64, len(k.Model.Transitions())), first.Coverage, about)
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
		r.Coverage = sumCoverage(about, make([]uint64, len(about.Model.Transitions())), r.Coverage, l.check)
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
func (p *searcher) shortcuts() model.Shortcuts {
	if p.countsSteps || p.check.AsksWhenStuck() {
		return 0
	}
	return model.AllShortcuts
}

// product is the check of the whole, with shortcuts where only the sets are asked for.
func (l *search) product() (*Check, error) {
	if !l.decides || l.shortcuts == 0 {
		return l.check, nil
	}
	c := l.check.Model.Config()
	c.Shortcuts = l.shortcuts
	m, err := model.New(c)
	if err != nil {
		return nil, err
	}
	product := l.check.On(m)
	product.Witnesses = nil
	return product, nil
}

// searchHurried is the search of the log, and of the product where that does not decide, after the consumer alone, whose
// result is first. The log is explored with shortcuts. If that finds a violation, the sets of the fewest faults that
// violate anything are explored again without, for the minimal counterexample.
func (p *searcher) searchHurried(ctx context.Context, log *Check, o options, first *Result) (*Result, *Check, error) {
	k := p.check
	quick, err := quickLog(k, p.shortcuts())
	if err != nil {
		return nil, nil, err
	}
	q := o
	q.Lattice.NoTrace = true
	r, err := run(ctx, quick, q)
	switch {
	case err != nil:
		return nil, nil, err
	case r.Stopped == explore.Exhausted:
		p.logs.keep(logQuestionOf(k, o), r)
		quick.Model.CountShortcuts(r.Coverage)
		return sum(k, first, r, quick), k, nil
	case r.Violation == nil:
		return r, k, nil
	}
	found, about, err := p.searchSmallest(ctx, quick, log, o, first, r)
	switch {
	case err != nil:
		return nil, nil, err
	case isCut(found) && quick.DecidesOnLog(r.Violation.Property):
		return unfinished(r, found), quick, nil
	}
	return keeping(found, r, fewer(r)), about, nil
}

// searchSmallest is [searcher.searchHurried] after the log with shortcuts was found to be violated, which is r.
func (p *searcher) searchSmallest(ctx context.Context, quick, log *Check, o options, first, r *Result) (*Result, *Check, error) {
	k, all := p.check, after(o, r)
	o = settled(o, r)
	q := o
	q.Lattice.NoTrace = true
	if p.anySet && total(r.Violation.Faults) > 0 {
		if r, err := p.searchSet(ctx, o, r.Violation.Faults); err != nil || r != nil {
			return r, k, err
		}
	}
	sets, err := smallest(ctx, quick, q, r)
	if err != nil {
		return nil, nil, err
	}
	near := o
	if len(sets) > 0 {
		near = onlyWithin(o, sets)
	}
	decides := func(r *Result) bool { return r.Violation != nil && log.DecidesOnLog(r.Violation.Property) }
	near.Lattice.NoTrace = !decides(r) // then the trace will hardly be asked for
	second, err := run(ctx, log, near)
	if err == nil && near.Lattice.NoTrace && decides(second) {
		near.Lattice.NoTrace = false
		second, err = run(ctx, log, near)
	}
	switch {
	case err != nil:
		return nil, nil, err
	case decides(second):
		return sum(log, second, first, k), log, nil
	case second.Violation != nil:
		if r, err := searchNear(ctx, k, log, o, sets); err != nil || r != nil {
			return r, k, err
		}
	}
	return whole(ctx, k, all, second, nil)
}

// searchSet looks for a counterexample in the product within one set of faults, which breaks the log and of which no proper
// subset does. It returns nil where there is none. There may be a shorter one with as many faults.
func (p *searcher) searchSet(ctx context.Context, o options, set []int) (*Result, error) {
	r, err := run(ctx, p.check, onlyWithin(o, [][]int{set}))
	if err != nil || r.Violation == nil {
		return nil, err
	}
	r.Complete, r.CompleteFaults, r.CompleteDepth = false, total(set)-1, 0
	return r, nil
}

// smallest lists the sets of as many faults as the violation that a search has found which violate anything; none where
// that is not known of all of them.
func smallest(ctx context.Context, quick *Check, q options, found *Result) (sets [][]int, err error) {
	n := total(found.Violation.Faults)
	if !found.Complete || n == 0 {
		return nil, nil
	}
	q.FaultSets, q.MaxFaults = true, n
	all, err := run(ctx, quick, q)
	if err != nil || !all.Complete {
		return nil, err
	}
	for _, v := range all.Violations {
		sets = append(sets, v.Faults)
	}
	return sets, nil
}

// searchNear looks for the minimal counterexample among the smallest sets that make the log violate anything, if a message
// can be lost by one of them: it takes no more steps than that. Otherwise it returns nil.
func searchNear(ctx context.Context, k, log *Check, o options, sets [][]int) (*Result, error) {
	losing := *log
	losing.Properties = slices.DeleteFunc(slices.Clone(log.Properties), func(p explore.Property[model.State]) bool {
		return !log.DecidesOnLog(p.Name)
	})
	if len(losing.Properties) == 0 || len(sets) == 0 {
		return nil, nil
	}
	o = onlyWithin(o, sets)
	o.Lattice.NoTrace = true
	r, err := run(ctx, &losing, o)
	if err != nil || r.Violation == nil {
		return nil, err
	}
	o.Lattice.NoTrace, o.MaxDepth = false, r.Violation.Steps
	if r, err = run(ctx, k, o); err != nil || r.Violation == nil {
		return nil, err
	}
	r.Complete, r.Stopped = true, explore.Violated // what is deeper does not matter
	return r, nil
}

// onlyWithin restricts a search to sets of faults, all of one size, and their subsets.
func onlyWithin(o options, sets [][]int) options {
	o.MaxFaults, o.Checkpoint = total(sets[0]), naming(o.Checkpoint, sets)
	o.Lattice.Within = func(faults []int) bool {
		return slices.ContainsFunc(sets, func(set []int) bool { return within(faults, set) })
	}
	return o
}

// quickLog is the log part with shortcuts. It tells which sets of faults violate what the log owes, and nothing of the
// runs in which they do. A violation that does not decide leaves open whether the guarantee is violated, so that for a
// set of faults the search goes on after it.
func quickLog(k *Check, shortcuts model.Shortcuts) (*Check, error) {
	c := k.Model.Config()
	c.Shortcuts = shortcuts
	m, err := model.New(c)
	if err != nil {
		return nil, err
	}
	quick, err := logPart(k.On(m))
	if err != nil {
		return nil, err
	}
	deciding := func(p explore.Property[model.State]) bool { return quick.DecidesOnLog(p.Name) }
	if slices.ContainsFunc(quick.Properties, deciding) {
		for i := range quick.Properties {
			quick.Properties[i].GoesOn = !deciding(quick.Properties[i])
		}
	}
	return quick, nil
}
