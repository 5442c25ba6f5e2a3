package counterfactual

import (
	"context"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/model"
)

// Beyond lists the smallest sets of faults above the budget that violate a guarantee that holds within it: of every kind of
// fault, sets of one, then of two, up to one more than the budget allows in all, until a size has some. The search is
// bounded by q.States; sets that it does not reach are not listed.
func (q *Question) Beyond(ctx context.Context) ([][]int, error) {
	config := q.Resolved.Config
	most := min(config.MostFaults()+1, model.MaxOccurrences)
	for size := 1; size <= most && q.spare() > 0 && ctx.Err() == nil; size++ {
		for i := range config.Faults {
			config.Faults[i] = uint8(size)
		}
		config.Bounds.Total = model.Unbounded
		k, err := invariants.Prepare(q.Guarantee, config, q.Resolved.Counted)
		if err != nil {
			return nil, nil // beyond the limits of the model
		}
		o := explore.Options[model.State]{Workers: q.Workers, Memory: q.Memory, Budget: plan.Budget(&config), MaxFaults: size, Checkpoint: q.Checkpoint,
			Lattice: explore.Lattice[model.State]{NoTrace: true}}
		if q.States > 0 {
			o.MaxStates = q.spare()
		}
		found, err := plan.FindFaultSets(ctx, k, o)
		if err != nil {
			return nil, err
		}
		q.used += found.Stats.Distinct
		var sets [][]int
		for _, s := range found.Sets {
			if total(s.Faults) == size {
				sets = append(sets, s.Faults)
			}
		}
		if len(sets) > 0 {
			return sets, nil
		}
	}
	return nil, nil
}
