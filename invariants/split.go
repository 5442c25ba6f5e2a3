package invariants

import (
	"context"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// Result is what a search found.
type Result = explore.Result[model.State]

// Search explores a check and returns the result with the check whose model the result is about: the check itself, or
// a part of it.
//
// Where the guarantee is about what a consumer processes and the search is breadth-first, the space is split at the
// committed log. The consumer meets the rest of the system in the log that it reads, and nowhere else. So two spaces
// are explored instead of their product:
//
//   - the consumer with its own faults alone, and
//   - the producer and the brokers with theirs, without a consumer, for what the log owes the guarantee: no counted
//     message is lost before anyone could process it, every counted message ends up readable, no message is readable
//     twice, readable records are in the order of the sends, and what was readable stays (committed-stays).
//
// If both hold, every run of the whole system shows the consumer a log that only grows, as a run without broker faults
// does, so the guarantee holds. If the log loses a message, the same run, with a consumer that has not polled yet,
// breaks the guarantee, and no run with fewer faults, or as many and fewer steps, does. In every other case the product
// is explored.
//
// The split is not made where what the consumer sees depends on more than how far the log has grown: with
// auto.offset.reset=latest a reset, where a fault makes one possible, takes the high watermark of the moment, and
// external stores and transactions join producer and consumer.
func (k *Check) Search(ctx context.Context, o explore.Options[model.State]) (*Result, *Check, error) {
	if k.Model.OutputKafka() {
		return k.searchOutput(ctx, o)
	}
	if o.Exhaust && k.splits(o) {
		return k.exhaust(ctx, o)
	}
	if k.Guarantee.onLog() {
		return k.searchLog(ctx, k, o)
	}
	if !k.splits(o) {
		r, err := k.explore(ctx, o)
		return r, k, err
	}
	log, err := k.logPart()
	if err != nil {
		return nil, nil, err
	}
	consumer := o
	consumer.Budget = consumerBudget(o.Budget)
	first, err := k.explore(ctx, consumer)
	if err != nil || first.Stopped != explore.Exhausted {
		return k.whole(ctx, o, first, err)
	}
	if k.hurries {
		return k.searchHurried(ctx, log, o, first)
	}
	second, log, err := k.searchLog(ctx, log, o)
	switch {
	case err != nil:
		return nil, nil, err
	case second.Stopped == explore.Exhausted:
		return k.sum(first, second, log), k, nil
	case second.Violation != nil && second.Violation.Property == lost:
		return log.sum(second, first, k), log, nil
	}
	return k.whole(ctx, o, second, nil)
}

// searchLog searches a check that is about the log alone, k itself or its log part, together with other guarantees or
// alone.
func (k *Check) searchLog(ctx context.Context, log *Check, o explore.Options[model.State]) (*Result, *Check, error) {
	if r, about, ok, err := k.together.search(ctx, k, o); ok || err != nil {
		return r, about, err
	}
	r, err := log.explore(ctx, o)
	return r, log, err
}

// whole explores the product, after a part that did not decide. A part that was cut short decides as little as it may.
func (k *Check) whole(ctx context.Context, o explore.Options[model.State], part *Result, err error) (*Result, *Check, error) {
	if err != nil {
		return nil, nil, err
	}
	if part.Violation == nil {
		return part, k, nil
	}
	r, err := k.explore(ctx, o)
	return r, k, err
}

func (k *Check) explore(ctx context.Context, o explore.Options[model.State]) (*Result, error) {
	o.Bound = k.Model.BoundHit
	return explore.Check(ctx, k.Spec(o))
}

// splits says whether the space can be split at the committed log.
func (k *Check) splits(o explore.Options[model.State]) bool {
	c := k.Model.Config()
	return k.Guarantee.owed != nil && o.Strategy == explore.BFS && !c.NoReductions && !o.FaultSets &&
		(c.Cons.Reset != model.ResetLatest || !c.App.NewGroup && len(k.resetSets(o.Budget)) == 0) &&
		c.App.Effect != model.EffectTransactional && !c.App.OutputKafka
}

// logPart is the check of what the log owes the guarantee.
func (k *Check) logPart() (*Check, error) {
	m, err := k.logModel()
	if err != nil {
		return nil, err
	}
	p := append(k.Guarantee.owed(m, k.counted), stays(m, k.counted)...)
	return &Check{Guarantee: k.Guarantee, Model: m, Properties: p, counted: k.counted}, nil
}

// logModel is the model of producer and brokers without a consumer.
func (k *Check) logModel() (*model.Model, error) {
	c := k.Model.Config()
	c.Sees = model.SeesExposed
	for i := range c.Faults {
		if model.FaultKind(i).OfConsumer() {
			c.Faults[i] = 0
		}
	}
	return model.New(c)
}

// consumerBudget keeps the faults that only the consumer meets.
func consumerBudget(all []int) []int {
	own := make([]int, len(all))
	for i, n := range all {
		if model.FaultKind(i).OfConsumer() {
			own[i] = n
		}
	}
	return own
}

// sum adds the counters of two parts to the result r of k, which decides; other is the result of part.
func (k *Check) sum(r, other *Result, part *Check) *Result {
	total := *r
	addStats(&total.Stats, other.Stats)
	total.Coverage = k.sumCoverage(r.Coverage, other.Coverage, part)
	return &total
}

// addStats adds the counters of one more search.
func addStats(s *explore.Stats, t explore.Stats) {
	s.Distinct += t.Distinct
	s.Generated += t.Generated
	s.Depth = max(s.Depth, t.Depth)
	s.Bytes = max(s.Bytes, t.Bytes)
	s.Workers = max(s.Workers, t.Workers)
	s.Duration += t.Duration
	s.CollisionProbability += t.CollisionProbability
}

// sumCoverage adds the counts of the transitions that both models have.
func (k *Check) sumCoverage(own, others []uint64, part *Check) []uint64 {
	if own == nil || others == nil {
		return own
	}
	ids := map[[2]string]int{}
	for id, t := range k.Model.Transitions() {
		ids[[2]string{t.Action, t.Binding}] = id
	}
	sum := append([]uint64(nil), own...)
	for id, t := range part.Model.Transitions() {
		if mine, ok := ids[[2]string{t.Action, t.Binding}]; ok {
			sum[mine] += others[id]
		}
	}
	return sum
}
