package plan

import (
	"context"
	"slices"

	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/model"
)

// processFirst replaces what was found for app.output: kafka by the minimal counterexample of process and coordinator alone,
// on an output partition that does not fail, if that takes no more faults and steps. A counterexample has fewer steps there:
// those of the replicas are left out, and what cannot come between an output and its answer makes them one step. So in how
// many steps a guarantee is violated does not depend on the command, on the reductions and on faults that are not needed.
func processFirst(ctx context.Context, k *Check, o options, found *Result, about *Check) (*Result, *Check, error) {
	if !k.Model.ReplicatedOutput() && o.Budget[model.ResponseLost] == 0 {
		return found, about, nil
	}
	r, process, err := searchProcess(ctx, k, o, total(found.Violation.Faults))
	if err != nil || r == nil || r.Violation.Steps > found.Violation.Steps {
		return found, about, err
	}
	addStats(&r.Stats, found.Stats)
	r.Complete, r.CompleteFaults, r.CompleteDepth, r.Stopped = found.Complete, found.CompleteFaults, found.CompleteDepth, found.Stopped
	r.Violations = []*violation{r.Violation}
	for _, v := range found.Violations {
		if o.Exhaust && !slices.Equal(v.Faults, r.Violation.Faults) {
			r.Violations = append(r.Violations, v)
		}
	}
	return r, process, nil
}

// searchProcess looks for the minimal counterexample of process and coordinator alone with at most so many faults, none of
// them of a broker. It returns nil where there is none.
func searchProcess(ctx context.Context, k *Check, o options, most int) (best *Result, about *Check, err error) {
	for _, budget := range processBudgets(o.Budget) {
		process, err := underBudget(k, budget)
		if err != nil {
			return nil, nil, err
		}
		own := silent(o)
		own.Budget, own.MaxFaults, own.Exhaust = budget, most, false
		if most == 0 { // which is no bound
			own.Budget = make([]int, len(budget))
		}
		r, err := run(ctx, process, own)
		switch {
		case err != nil:
			return nil, nil, err
		case r.Violation == nil:
			continue
		case best == nil || total(r.Violation.Faults) < total(best.Violation.Faults) || r.Violation.Steps < best.Violation.Steps:
			best, about, most = r, process, total(r.Violation.Faults)
		}
	}
	return best, about, nil
}

// processBudgets are the budgets of process and coordinator alone. Where an answer can be lost, an output and its answer are
// two steps: the sets of faults without that are looked at apart.
func processBudgets(all []int) [][]int {
	own := withoutBrokers(all)
	if own[model.ResponseLost] == 0 {
		return [][]int{own}
	}
	answered := slices.Clone(own)
	answered[model.ResponseLost] = 0
	return [][]int{answered, own}
}

// underBudget is a check under another budget.
func underBudget(k *Check, budget []int) (*Check, error) {
	c := k.Model.Config()
	for i := range c.Faults {
		c.Faults[i] = uint8(min(budget[i], model.Any))
	}
	return invariants.Prepare(k.Guarantee.Name, c, k.Counted)
}
