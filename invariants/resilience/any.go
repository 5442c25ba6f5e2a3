package resilience

import (
	"context"
	"fmt"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// The words of Kind.Survives for faults without a bound on their number.
const (
	Any           = "any"
	AnyOneAtATime = "any, one at a time"
)

// anyStates bounds the search for one kind of fault without a bound on its number.
const anyStates = 200_000

// SurvivesAny finds out, after the search for sets, which kinds of fault the guarantee survives however often they occur: in whatever order, or at
// least with one broker away at a time. Where a search meets a limit, that is not said.
func (r *Result) SurvivesAny(ctx context.Context, q *verdict.Question, bound Bound, o verdict.Options) error {
	if len(q.Refused) > 0 || r.Verdict == verdict.Vacuous || r.Decided < 0 {
		return nil
	}
	check, err := invariants.Prepare(q.Guarantee, bound.applied(q.Config), q.Counted)
	if err != nil {
		return err
	}
	for i := range r.Kinds {
		k := &r.Kinds[i]
		k.Survives = fmt.Sprint(k.Tolerated)
		if k.Undecided || k.Tolerated == 0 {
			continue
		}
		kind, err := model.ParseFault(k.Fault)
		if err != nil {
			return err
		}
		if k.Tolerated == k.Most {
			holds, err := holdsUnder(ctx, check, kind, bound.Overlap, o)
			if err != nil {
				return err
			}
			if holds {
				k.Survives = Any
				continue
			}
		}
		takes := kind.Fault().Takes
		if bound.Overlap != model.Unbounded || takes != model.TakesOne && takes != model.CutsOff {
			continue
		}
		holds, err := holdsUnder(ctx, check, kind, model.AtMost(1), o)
		if err != nil {
			return err
		}
		if holds {
			k.Survives = AnyOneAtATime
		}
	}
	return nil
}

// holdsUnder says that the guarantee holds with a kind of fault any number of times, and no others.
func holdsUnder(ctx context.Context, check *invariants.Check, kind model.FaultKind, overlap model.Bound, o verdict.Options) (bool, error) {
	c := check.Model.Config()
	c.Faults, c.Bounds = model.Budget{}, model.Bounds{Overlap: overlap}
	c.Faults[kind] = model.Any
	k, err := invariants.Prepare(check.Guarantee.Name, c, check.Counted)
	if err != nil {
		return false, err
	}
	search := explore.Options[model.State]{Seed: o.Seed, Workers: o.Workers, Memory: o.Memory, Disk: o.Disk, Budget: plan.Budget(&c),
		Dominance: true, MaxStates: anyStates, Lattice: explore.Lattice[model.State]{NoTrace: true}}
	result, _, err := plan.Search(ctx, k, plan.Options{Options: search})
	if err != nil {
		return false, err
	}
	return result.Violation == nil && result.Complete && result.Stopped == explore.Exhausted, nil
}
