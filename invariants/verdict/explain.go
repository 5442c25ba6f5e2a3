package verdict

import (
	"context"
	"slices"

	"github.com/kcheck/kcheck/invariants/counterfactual"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// How many states the checks of causes, and those of a fix, may look at; and those of assumptions and of what lies
// beyond the budget, each.
const (
	causeStates = 1_000_000
	leastStates = 200_000
)

// Notes of results of which not everything was decided.
const (
	CausesOpen      = "not every change of a single setting was decided within the bounds of this search: there may be other causes"
	AssumptionsOpen = "not every assumption was decided with its other values, within the bounds of this search"
)

// explain adds to a result what it rests on: causes and a fix where the guarantee is violated, assumptions where it holds.
func explain(ctx context.Context, res *Result, request kafkaconf.Request, resolved *kafkaconf.Resolved, o Options) error {
	if o.Unexplained {
		return nil
	}
	q := counterfactual.Question{Request: request, Resolved: resolved, Guarantee: res.Guarantee, Workers: o.Workers, Memory: o.Memory,
		States: leastStates, Checkpoint: o.Checkpoint, Logs: o.logs}
	if res.Verdict == Violated {
		q.States = causeStates
	}
	switch {
	case res.Verdict == Violated && res.story != nil:
		return res.blame(ctx, &q)
	case res.Verdict == Holds:
		beyond := q
		q.States = max(leastStates, res.Stats.Distinct/2) // together they cost less than the verdict did
		if err := res.rest(ctx, &q); err != nil {
			return err
		}
		return res.goBeyond(ctx, &beyond)
	}
	return nil
}

// blame adds the causes of a violation and a fix, and writes the headline anew.
func (r *Result) blame(ctx context.Context, q *counterfactual.Question) error {
	causes, complete, err := q.Causes(ctx, r.story)
	if err != nil {
		return err
	}
	if r.Cause = []Cause{}; len(causes) == 0 && !complete {
		r.Cause = nil // that no single change helps is not known
	}
	for _, c := range causes {
		r.Cause = append(r.Cause, Cause{c.Key, c.From, c.Source, c.To, c.Class()})
	}
	if !complete {
		r.Notes = append(r.Notes, CausesOpen)
	}
	fix := *q
	f, err := fix.Fix(ctx, causes, r.story)
	if err != nil {
		return err
	}
	r.Fix = fixOf(f)
	if slices.ContainsFunc(f, func(c counterfactual.Change) bool { return c.MoreReplicas() }) {
		inPlace := *q
		f, err := inPlace.FixInPlace(ctx, causes, r.story)
		if err != nil {
			return err
		}
		r.Fix.InPlace = fixOf(f)
	}
	r.Headline = headline(r)
	return nil
}

// fixOf is a set of changes as a fix; nil without any.
func fixOf(changes []counterfactual.Change) *Fix {
	if len(changes) == 0 {
		return nil
	}
	fix := &Fix{Changes: []FixChange{}, Costs: []string{}}
	for i := range changes {
		c := &changes[i]
		fix.Changes = append(fix.Changes, FixChange{c.Key, c.From, c.To, c.Source})
		fix.Costs = append(fix.Costs, c.PricedAt())
	}
	return fix
}

// goBeyond adds the smallest sets of faults above the budget that violate the guarantee.
func (r *Result) goBeyond(ctx context.Context, q *counterfactual.Question) error {
	sets, err := q.Beyond(ctx)
	if err != nil {
		return err
	}
	r.Beyond = []Beyond{}
	for _, s := range sets {
		r.Beyond = append(r.Beyond, Beyond{faultMap(s)})
	}
	return nil
}

// rest adds the assumptions that a guarantee rests on.
func (r *Result) rest(ctx context.Context, q *counterfactual.Question) error {
	flips, complete, err := q.RestsOn(ctx)
	if err != nil {
		return err
	}
	r.RestsOn = []Assumption{}
	for _, f := range flips {
		r.RestsOn = append(r.RestsOn, Assumption{f.Key, f.From, f.Source, f.To, Violated, faultMap(f.Faults)})
	}
	if !complete {
		r.Notes = append(r.Notes, AssumptionsOpen)
	}
	return nil
}
