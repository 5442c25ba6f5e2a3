package plan

import (
	"context"
	"slices"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/model"
)

type (
	// Result is what a search found.
	Result = explore.Result[model.State]
	// Check is what a search is about.
	Check = invariants.Check

	options = explore.Options[model.State]
	config  = model.Config
)

// Options says how to search.
type Options struct {
	explore.Options[model.State]
	// Together shares the search of the log with other guarantees; nil searches alone.
	Together *Together
	// Logs, if set, remembers that the log owes the guarantee nothing, where the search shows that.
	Logs *Logs
	// CountsSteps keeps searches from taking shortcuts, whose steps are not counted.
	CountsSteps bool
	// Hurry looks for a counterexample with as few faults as any, which need not have the fewest steps, and takes shortcuts
	// as [explore.Options.Exhaust] does: for what is told for information.
	Hurry bool
}

// Search explores a check and returns the result with the check whose model the result is about: the check itself, or a
// part of it.
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
// external stores and transactions join producer and consumer. What a share group's leader has in memory goes with the
// leadership, so with a fault of the brokers a share group is explored with them; so is one whose dead-letter queue can
// refuse a record as the topic can.
func Search(ctx context.Context, k *Check, o Options) (*Result, *Check, error) {
	s := searcher{check: k, together: o.Together, logs: o.Logs, countsSteps: o.CountsSteps, hurries: o.Hurry && !unbounded(o.Budget), anySet: o.Hurry}
	return s.search(ctx, o.Options)
}

// Budget is the fault budget of a configuration as the engine takes it.
func Budget(c *model.Config) []int {
	counts := make([]int, len(c.Faults))
	for i, n := range c.Faults {
		switch {
		case n == model.Any:
			counts[i] = explore.Any
		case c.MostFaults() > 0:
			counts[i] = int(n)
		}
	}
	return counts
}

// unbounded says that a budget leaves runs of any length.
func unbounded(budget []int) bool { return slices.Contains(budget, explore.Any) }

// MaxFaults is the bound on the faults of a run as the engine takes it: 0 where the budget alone bounds them.
func MaxFaults(c *model.Config) int {
	if c.Bounds.Total == model.Unbounded {
		return 0
	}
	return c.MostFaults()
}

// most is how many faults a run has at most.
func most(o *options) int {
	if o.MaxFaults > 0 {
		return min(o.MaxFaults, total(o.Budget))
	}
	return total(o.Budget)
}

// searcher searches one check.
type searcher struct {
	check       *Check
	together    *Together
	logs        *Logs
	countsSteps bool
	hurries     bool // the log is searched with shortcuts first
	anySet      bool // any set of as few faults as possible will do
}

func (p *searcher) search(ctx context.Context, o options) (*Result, *Check, error) {
	k := p.check
	if unbounded(o.Budget) { // faults that are not counted
		o = silent(o)
	}
	switch {
	case k.Model.OutputKafka():
		return searchOutput(ctx, k, o)
	case o.Exhaust && unbounded(o.Budget): // the sets of faults are not a lattice that can be walked
		r, err := run(ctx, k, o)
		return r, k, err
	case o.Exhaust && splits(k, o):
		return p.exhaust(ctx, o)
	case k.Guarantee.OnLog():
		return p.searchLog(ctx, k, o)
	case !splits(k, o):
		r, err := run(ctx, k, o)
		return r, k, err
	}
	log, err := logPart(k)
	if err != nil {
		return nil, nil, err
	}
	consumer := clearing(o, 0, 1) // without a fault it is the whole
	consumer.Budget = consumerBudget(o.Budget)
	first, err := run(ctx, k, consumer)
	switch {
	case err != nil:
		return nil, nil, err
	case isCut(first):
		return ofConsumer(first), k, nil
	case first.Stopped != explore.Exhausted:
		r, k, err := whole(ctx, k, clearing(o, min(1, fewer(first)+1), anyNumber), first, nil)
		if err == nil && isCut(r) && first.Violation != nil {
			r = unfinished(first, r) // the consumer alone violates it, so the whole does
		}
		return r, k, err
	}
	if p.hurries {
		return p.searchHurried(ctx, log, o, first)
	}
	second, log, err := p.searchLog(ctx, log, o)
	switch {
	case err != nil:
		return nil, nil, err
	case second.Stopped == explore.Exhausted:
		p.logs.keep(logQuestionOf(k, o), second)
		return sum(k, first, second, log), k, nil
	case second.Violation != nil && log.DecidesOnLog(second.Violation.Property):
		return sum(log, second, first, k), log, nil
	}
	r, k, err := whole(ctx, k, after(o, second), second, nil)
	if err == nil && r != second {
		r = keeping(r, second, fewer(second))
	}
	return r, k, err
}

// searchLog searches a check that is about the log alone, the check itself or its log part, together with other
// guarantees or alone.
func (p *searcher) searchLog(ctx context.Context, log *Check, o options) (*Result, *Check, error) {
	if r, about, ok, err := p.together.search(ctx, p.check, o); ok || err != nil {
		return r, about, err
	}
	r, err := run(ctx, log, o)
	return r, log, err
}

// whole explores the product, after a part that did not decide. A part that was cut short decides as little as it may.
func whole(ctx context.Context, k *Check, o options, part *Result, err error) (*Result, *Check, error) {
	if err != nil {
		return nil, nil, err
	}
	if part.Violation == nil {
		return part, k, nil
	}
	r, err := run(ctx, k, o)
	return r, k, err
}

// run explores the model of a check.
func run(ctx context.Context, k *Check, o options) (*Result, error) {
	o.Bound, o.Checkpoint = k.Bound, ownCheckpoint(k, &o)
	return explore.Check(ctx, k.Spec(o))
}

// splits says whether the space can be split at the committed log.
func splits(k *Check, o options) bool {
	c := k.Model.Config()
	if c.App.Share != model.ShareNone && !shareSplits(k, &c, o.Budget) {
		return false
	}
	return len(k.Guarantee.OwedByLog) > 0 && o.Strategy == explore.BFS && !c.NoReductions && !o.FaultSets &&
		(c.Cons.Reset != model.ResetLatest || !c.App.NewGroup) && len(resetSets(k, o.Budget)) == 0 &&
		c.App.Effect != model.EffectTransactional && !c.App.OutputKafka
}

// shareSplits says that a share group reads a log that only grows, whatever the faults of the budget.
func shareSplits(k *Check, c *model.Config, budget []int) bool {
	if c.Group.Reset == model.ResetLatest || c.Group.DeadLetter && budget[model.SendRefused] > 0 {
		return false
	}
	for i, n := range budget {
		if n > 0 && model.FaultKind(i).OfBroker() {
			return false
		}
	}
	return true
}

// logPart is the check of what the log owes the guarantee.
func logPart(k *Check) (*Check, error) {
	m, err := logModel(k)
	if err != nil {
		return nil, err
	}
	return k.OfLog(m), nil
}

// logModel is the model of producer and brokers without a consumer.
func logModel(k *Check) (*model.Model, error) {
	c := k.Model.Config()
	c.Sees = model.SeesExposed
	for i := range c.Faults {
		if model.FaultKind(i).OfConsumer() {
			c.Faults[i] = 0
		}
	}
	return model.New(c)
}

// consumerBudget keeps the faults that the consumer can meet.
func consumerBudget(all []int) []int {
	own := make([]int, len(all))
	for i, n := range all {
		if model.FaultKind(i).ReachesConsumer() {
			own[i] = n
		}
	}
	return own
}
