package main

import (
	"bytes"
	"context"
	"errors"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/certificate"
	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/model"
)

// ways are the ways that are compared with the plain search.
var ways = []way{
	{"the default search", func(ctx context.Context, k *invariants.Check, plain *answer) (answer, error) {
		return search(ctx, k, plain, func(*plan.Options) {})
	}},
	{"one worker", func(ctx context.Context, k *invariants.Check, plain *answer) (answer, error) {
		return search(ctx, k, plain, func(o *plan.Options) { o.Workers = 1 })
	}},
	{"exact storage", func(ctx context.Context, k *invariants.Check, plain *answer) (answer, error) {
		return search(ctx, k, plain, func(o *plan.Options) { o.Exact = true })
	}},
	{"no dominance", func(ctx context.Context, k *invariants.Check, plain *answer) (answer, error) {
		return search(ctx, k, plain, func(o *plan.Options) { o.Dominance = false })
	}},
	{"--exhaust", exhaust},
	{"depth first", depthFirst},
	{"the sets of faults", faultSets},
	{"a larger budget", largerBudget},
	{"the faults that violate alone", alone},
	{"a certificate", certify},
}

// search is plan.Search with a change of its options. It has no sets.
func search(ctx context.Context, k *invariants.Check, plain *answer, change func(*plan.Options)) (answer, error) {
	o := plan.Options{Options: options(k)}
	o.Dominance = true
	change(&o)
	r, _, err := plan.Search(ctx, k, o)
	if err != nil || cut(r) {
		return answer{}, orSkipped(err)
	}
	a := of(k, r, false)
	a.sets = plain.sets
	return a, nil
}

// exhaust is the search that finds all minimal sets; its steps are those of the default search.
func exhaust(ctx context.Context, k *invariants.Check, _ *answer) (answer, error) {
	o := plan.Options{Options: options(k)}
	o.Dominance, o.Exhaust = true, true
	r, _, err := plan.Search(ctx, k, o)
	if err != nil || cut(r) {
		return answer{}, orSkipped(err)
	}
	return of(k, r, true), nil
}

// anyNumber says that some kind of fault may occur any number of times: then sets are not counted.
func anyNumber(k *invariants.Check) bool {
	c := k.Model.Config()
	return c.Faults.HasAny()
}

// orSkipped is an error, or errSkipped where there is none.
func orSkipped(err error) error {
	if err != nil {
		return err
	}
	return errSkipped
}

// depthFirst finds no minimal counterexample, but the same verdict.
func depthFirst(ctx context.Context, k *invariants.Check, plain *answer) (answer, error) {
	o := options(k)
	o.Strategy = explore.DFS
	r, err := explore.Check(ctx, k.Spec(bounded(o, k)))
	if err != nil || cut(r) {
		return answer{}, orSkipped(err)
	}
	a := *plain
	a.verdict = of(k, r, false).verdict
	return a, nil
}

// faultSets is what resilience does. It looks for no witnesses where none is violated.
func faultSets(ctx context.Context, k *invariants.Check, plain *answer) (answer, error) {
	if anyNumber(k) {
		return answer{}, errSkipped
	}
	found, err := plan.FindFaultSets(ctx, k, options(k))
	if err != nil {
		return answer{}, err
	}
	if !found.Complete {
		return answer{}, errSkipped
	}
	a := answer{verdict: plain.verdict}
	var sets [][]int
	for _, s := range found.Sets {
		sets = append(sets, s.Faults)
	}
	a.sets = setsText(sets)
	if len(sets) > 0 {
		a.verdict, a.faults, a.steps = violated, total(found.Sets[0].Faults), steps(k, found.Sets[0].Violation.Steps)
	} else if plain.verdict == violated {
		a.verdict = holds
	}
	return a, nil
}

// largerBudget allows one more fault of a kind, by which a violation takes no more faults and no more steps.
func largerBudget(ctx context.Context, k *invariants.Check, plain *answer) (answer, error) {
	if plain.verdict != violated {
		return *plain, nil
	}
	c := k.Model.Config()
	if c.Faults[model.ConsumerCrash] != model.Any {
		c.Faults[model.ConsumerCrash]++
	}
	c.Bounds.Total = model.Unbounded
	larger, err := invariants.Prepare(k.Guarantee.Name, c, k.Counted)
	if err != nil {
		return answer{}, errSkipped
	}
	got, err := search(ctx, larger, plain, func(o *plan.Options) { o.MaxFaults = max(plain.faults, 1) })
	if err != nil {
		return answer{}, err
	}
	if got.verdict == violated && (got.faults < plain.faults || got.faults == plain.faults && got.steps <= plain.steps) {
		return *plain, nil
	}
	return got, nil
}

// alone asks with the faults of a violation as the budget: what the others allow must not be part of it.
func alone(ctx context.Context, k *invariants.Check, plain *answer) (answer, error) {
	if plain.sets == "" {
		return *plain, nil
	}
	c := k.Model.Config()
	c.Faults, c.Bounds.Total = plain.first, model.Unbounded
	smaller, err := invariants.Prepare(k.Guarantee.Name, c, k.Counted)
	if err != nil {
		return answer{}, err
	}
	got, err := search(ctx, smaller, plain, func(*plan.Options) {})
	if err != nil {
		return answer{}, err
	}
	a := *plain
	if want := plain.first.Total(); got.verdict != violated || got.faults != want || got.steps != plain.steps {
		a.verdict, a.faults, a.steps = got.verdict, got.faults, got.steps
	}
	return a, nil
}

// certify writes a certificate of what holds and verifies it. What does not hold has none.
func certify(ctx context.Context, k *invariants.Check, plain *answer) (answer, error) {
	var file bytes.Buffer
	w, err := certificate.NewWriter(&file)
	if err != nil {
		return answer{}, err
	}
	claim := certificate.Claim{Guarantee: k.Guarantee.Name, Counted: k.Counted.String(), Config: k.Model.Config()}
	err = w.Add(ctx, claim, certificate.Options{Memory: mostMemory})
	a := *plain
	switch {
	case errors.Is(err, certificate.ErrTooLarge):
		return answer{}, errSkipped
	case errors.Is(err, certificate.ErrNotFound):
		if plain.verdict == holds {
			a.verdict = "not certified"
		}
		return a, nil
	case err != nil:
		return answer{}, err
	}
	if err := w.Close(); err != nil {
		return answer{}, err
	}
	a.verdict = holds
	return a, certificate.Verify(ctx, &file, 1<<30, func(*certificate.Claim) {})
}
