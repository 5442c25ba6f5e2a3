package plan

import (
	"context"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
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
//     broker and is sent again leaves no trace, since the producer is idempotent. Where a fault of the process ends the
//     send, a fault of a broker before or after it decides whether the output is in the log: so any such fault may be
//     request-lost or response-lost. Beyond that a fault of a broker can
//     begin one outage, which each member's delivery.timeout.ms may run out in, the output taken or not. So where the
//     in-sync set can become too small, the budget has as many more of request-lost and response-lost, and in sum what
//     is left for other faults beside those that begin the outages. Where the transaction can time out in an outage, or the
//     member lose its partition, there are as many more of transaction-timeout and rebalance.
//
// If both hold, so does the guarantee. If the second is violated without the additional faults, that is the minimal
// counterexample. In every other case the product is explored.
//
// The replicas are asked about maxAppended records, though a run may write more: how replicas agree does not depend on
// what else is in the log, and a test compares the verdicts with the product's.
func searchOutput(ctx context.Context, k *Check, o options) (*Result, *Check, error) {
	r, about, err := searchOutputParts(ctx, k, o)
	if err != nil || r.Violation == nil || unbounded(o.Budget) || o.Strategy != explore.BFS || o.FaultSets {
		return r, about, err
	}
	return processFirst(ctx, k, o, r, about)
}

// searchOutputParts explores the parts, and the product where they do not decide.
func searchOutputParts(ctx context.Context, k *Check, o options) (*Result, *Check, error) {
	if !splitsOutput(k, o) {
		r, err := run(ctx, k, o)
		return r, k, err
	}
	replicas, err := replicasPart(k)
	if err != nil {
		return nil, nil, err
	}
	first, err := run(ctx, replicas, silent(withBudget(o, replicas)))
	if err != nil || first.Stopped != explore.Exhausted {
		r, k, err := whole(ctx, k, o, first, err)
		if err == nil && r == first {
			r = ofNone(first)
		}
		return r, k, err
	}
	process, err := processPart(k, most(&o))
	if err != nil {
		return nil, nil, err
	}
	second, err := run(ctx, process, silent(processOptions(k, process, o)))
	switch {
	case err != nil:
		return nil, nil, err
	case second.Stopped == explore.Exhausted && second.Complete:
		return sumBy(k, second, process, first, replicas), k, nil
	case second.Violation != nil && within(second.Violation.Faults, o.Budget) && total(second.Violation.Faults) <= most(&o):
		return second, process, nil
	}
	r, err := run(ctx, k, o)
	return r, k, err
}

// maxAppended is how many records the replicas are asked about: an output, a marker behind it.
const maxAppended = 2

// splitsOutput says whether the space can be split, and whether that is of use.
func splitsOutput(k *Check, o options) bool {
	c := k.Model.Config()
	return k.Guarantee.OutputSplits && k.Model.ReplicatedOutput() && c.Prod.Acks == model.AcksAll && c.Prod.Idempotent &&
		c.Prod.Retries == model.Unlimited && !c.Topic.UncleanElection &&
		o.Strategy == explore.BFS && !c.NoReductions && !o.Exhaust && !o.FaultSets
}

// replicasPart is the check of what the replicas owe to those who write.
func replicasPart(k *Check) (*Check, error) {
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
	return k.OfReplicas(m), nil
}

// processPart is the check of process and coordinator on a partition that does not fail, for runs of the whole with at
// most so many faults.
func processPart(k *Check, most int) (*Check, error) {
	c := k.Model.Config()
	ends, _ := outageEnds(k, most)
	if c.Faults.Where(isOfBroker) > 0 {
		more := ends.Expiries
		allowMore(&c, model.TransactionTimeout, ends.Aborts)
		allowMore(&c, model.Rebalance, ends.Evictions)
		for _, kind := range endsSend {
			more += int(c.Faults[kind])
		}
		for _, lost := range []model.FaultKind{model.RequestLost, model.ResponseLost} {
			if c.Faults[lost] = uint8(min(model.MaxOccurrences, more)); c.Faults.HasAny() && more > 0 {
				c.Faults[lost] = model.Any
			}
		}
	}
	for i := range c.Faults {
		if model.FaultKind(i).OfBroker() {
			c.Faults[i] = 0
		}
	}
	return invariants.Prepare(k.Guarantee.Name, c, k.Counted)
}

// endsSend are the faults that can end the send of an output. Which of them has done so does not say whether the output is
// in the log: the leader that took it fails before its answer, or before another replica has it.
var endsSend = []model.FaultKind{model.RequestLost, model.ResponseLost, model.Delay, model.SendRefused}

func isOfBroker(f model.Fault) bool { return f.Side == model.SideBroker }

// processOptions is the options for the process part.
func processOptions(k, process *Check, o options) options {
	own := withBudget(o, process)
	_, own.MaxFaults = outageEnds(k, most(&o))
	return own
}

// allowMore allows a fault as many more times as the wait for an output can end so in an outage.
func allowMore(c *model.Config, kind model.FaultKind, more int) {
	switch {
	case c.Faults[kind] == model.Any || more == 0:
	case c.Faults.HasAny():
		c.Faults[kind] = model.Any
	default:
		c.Faults[kind] = uint8(min(model.MaxOccurrences, int(c.Faults[kind])+more))
	}
}

// outageEnds is how often the wait for an output can end in an outage, in a run of the whole with at most so many faults, and
// how many faults there are at most if each counts as one and the faults of brokers do not: what is a fault of a broker is
// none of the process. An output that was taken by a leader that fails, and then is refused, takes two: its answer is lost,
// which by itself does not end a send.
func outageEnds(k *Check, most int) (ends model.OutageEnds, sum int) {
	all := k.Model.Config().Faults.Counted()
	ofBrokers := all.Where(isOfBroker)
	for n := range min(ofBrokers, most) + 1 {
		others := min(all.Total()-ofBrokers, most-n)
		e := k.Model.OutageEnds(n, others)
		refused := min(n, others, int(all[model.SendRefused]))
		ends, sum = ends.Max(e), max(sum, others+e.Sum()+refused)
	}
	return ends, sum
}

// withBudget is the options with the budget of a part.
func withBudget(o options, part *Check) options {
	c := part.Model.Config()
	c.Bounds.Total = model.Unbounded
	o.Budget = Budget(&c)
	return o
}
