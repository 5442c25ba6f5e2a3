package invariants

import (
	"context"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// searchOutput is Search for app.output: kafka, where brokers can fail and the space can be split.
//
// Process and coordinator meet the replicas of the output partition in produce requests and markers, of which they see
// whether they are acknowledged, and downstream meets them in what is below the high watermark. So, again, two spaces
// are explored instead of their product:
//
//   - the replicas with the faults of brokers, under a producer that writes what the process and the coordinator may
//     write, for what they owe it: what was readable stays, what was acknowledged ends up readable and stands there
//     once, and everything is acknowledged in the end; and
//   - process and coordinator with their own faults on a partition that does not fail. A request that fails with a
//     broker and is sent again leaves no trace, since the producer is idempotent. Beyond that a fault of a broker can
//     begin one outage, which each member's delivery.timeout.ms may run out in, the output taken or not. So where the
//     in-sync set can become too small, the budget has as many more of request-lost and response-lost.
//
// If both hold, so does the guarantee. If the second is violated without the additional faults, that is the minimal
// counterexample. In every other case the product is explored.
//
// The replicas are asked about maxAppended records, though a run may write more: how replicas agree does not depend on
// what else is in the log, and a test compares the verdicts with the product's.
func (k *Check) searchOutput(ctx context.Context, o explore.Options[model.State]) (*Result, *Check, error) {
	if !k.splitsOutput(o) {
		r, err := k.explore(ctx, o)
		return r, k, err
	}
	replicas, err := k.replicasPart()
	if err != nil {
		return nil, nil, err
	}
	first, err := replicas.explore(ctx, withBudget(o, replicas))
	if err != nil || first.Stopped != explore.Exhausted {
		return k.whole(ctx, o, first, err)
	}
	process, err := k.processPart()
	if err != nil {
		return nil, nil, err
	}
	second, err := process.explore(ctx, withBudget(o, process))
	switch {
	case err != nil:
		return nil, nil, err
	case second.Stopped == explore.Exhausted && second.Complete:
		return k.total(second, process, first, replicas), k, nil
	case second.Violation != nil && within(second.Violation.Faults, o.Budget):
		return second, process, nil
	}
	r, err := k.explore(ctx, o)
	return r, k, err
}

// maxAppended is how many records the replicas are asked about: an output, a marker behind it.
const maxAppended = 2

// splitsOutput says whether the space can be split, and whether that is of use.
func (k *Check) splitsOutput(o explore.Options[model.State]) bool {
	c := k.Model.Config()
	switch k.Guarantee.Name {
	case "at-most-once", "at-least-once", "no-acked-loss", "exactly-once", "order":
	default:
		return false
	}
	return k.Model.ReplicatedOutput() && c.Prod.Acks == model.AcksAll && c.Prod.Idempotent &&
		c.Prod.Retries == model.Unlimited && !c.Topic.UncleanElection &&
		o.Strategy == explore.BFS && !c.NoReductions && !o.Exhaust && !o.FaultSets
}

// replicasPart is the check of what the replicas owe to those who write.
func (k *Check) replicasPart() (*Check, error) {
	c := k.Model.Config()
	c.Sees = model.SeesExposed
	c.App = model.AppConfig{Send: model.SendCallback}
	c.Prod.Transactional, c.Prod.DeliveryTimeout, c.Prod.MaxInFlight = false, false, 1
	c.Scope.Messages = maxAppended
	for i := range c.Faults {
		if !model.FaultKind(i).OfBroker() {
			c.Faults[i] = 0
		}
	}
	m, err := model.New(c)
	if err != nil {
		return nil, err
	}
	owed := append(notLostInLog(m, model.CountAcked), notDoubled(m, model.CountAcked)...)
	owed = append(append(owed, stays(m, model.CountAcked)...), availableInLog(m, model.CountAcked)...)
	return &Check{Guarantee: k.Guarantee, Model: m, Properties: owed, counted: model.CountAcked}, nil
}

// processPart is the check of process and coordinator on a partition that does not fail.
func (k *Check) processPart() (*Check, error) {
	c := k.Model.Config()
	more := k.Model.Expiries()
	for i := range c.Faults {
		if model.FaultKind(i).OfBroker() {
			c.Faults[i] = 0
		}
	}
	for _, lost := range []model.FaultKind{model.RequestLost, model.ResponseLost} {
		c.Faults[lost] = uint8(min(model.MaxOccurrences, int(c.Faults[lost])+more))
	}
	return Prepare(k.Guarantee.Name, c, k.counted)
}

// withBudget is the options with the budget of a part.
func withBudget(o explore.Options[model.State], part *Check) explore.Options[model.State] {
	faults := part.Model.Config().Faults
	o.Budget = make([]int, len(faults))
	for i, n := range faults {
		o.Budget[i] = int(n)
	}
	return o
}

// within says that no kind of fault occurred more often than the budget allows.
func within(faults, budget []int) bool {
	for i, n := range faults {
		if n > budget[i] {
			return false
		}
	}
	return true
}

// total adds the counters of both parts, the deciding one first, with the coverage by the transitions of the whole.
func (k *Check) total(r *Result, own *Check, other *Result, part *Check) *Result {
	sum := own.sum(r, other, part)
	if r.Coverage == nil {
		return sum
	}
	sum.Coverage = make([]uint64, len(k.Model.Transitions()))
	sum.Coverage = k.sumCoverage(sum.Coverage, r.Coverage, own)
	sum.Coverage = k.sumCoverage(sum.Coverage, other.Coverage, part)
	return sum
}
