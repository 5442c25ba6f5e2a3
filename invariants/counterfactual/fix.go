package counterfactual

import (
	"cmp"
	"context"
	"slices"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// Fix is the cheapest set of changes under which the guarantee holds in the whole budget: of one of the causes, or, where
// none of those helps, of two settings. It is nil where there is none, as far as the bound of states allows to tell.
// Changes have a price in the cost table and take no copies away; those that give up a protection come last.
func (q *Question) Fix(ctx context.Context, causes []Flip, story *Story) ([]Change, error) {
	f := fixer{q, story, q.prices(), nil}
	if c, err := f.one(ctx, causes, func(*Change) bool { return true }); err != nil || c != nil {
		return c, err
	}
	for _, pair := range f.pairs() {
		if ctx.Err() != nil || q.spare() == 0 {
			break
		}
		if holds, err := f.holds(ctx, pair...); err != nil || holds {
			return pair, err
		}
	}
	return nil, nil
}

// FixInPlace is the cheapest change of one of the causes that takes no more copies than there are, for whom Fix tells to have
// more: somebody may have one broker. It is nil where there is none.
func (q *Question) FixInPlace(ctx context.Context, causes []Flip, story *Story) ([]Change, error) {
	f := fixer{q, story, q.prices(), nil}
	return f.one(ctx, causes, func(c *Change) bool { return !c.MoreReplicas() })
}

// one is the cheapest change of one of the causes, of those that are allowed, under which the guarantee holds in the whole budget.
func (f *fixer) one(ctx context.Context, causes []Flip, allowed func(*Change) bool) ([]Change, error) {
	for _, c := range f.changes {
		isCause := slices.ContainsFunc(causes, func(cause Flip) bool { return cause.Key == c.Key })
		if !isCause || !allowed(&c) {
			continue
		}
		if holds, err := f.holds(ctx, c); err != nil || holds {
			return []Change{c}, err
		}
	}
	return nil, nil
}

// prices lists the changes that a fix may be made of, the cheapest first.
func (q *Question) prices() []Change {
	var list []Change
	for i := range q.Resolved.Effective {
		e := &q.Resolved.Effective[i]
		if !candidate(e) {
			continue
		}
		for _, c := range changes(q.Resolved, e) {
			if c.priced && !fewerReplicas(&c) {
				list = append(list, c)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Change) int { return cmp.Compare(a.advice(), b.advice()) })
	return list
}

// fewerReplicas says that a change takes copies away: that is no fix, whatever it does to a guarantee.
func fewerReplicas(c *Change) bool {
	return c.ofReplicas() && c.To < c.From
}

// MoreReplicas says that a change adds copies, for which there have to be brokers.
func (c *Change) MoreReplicas() bool { return c.ofReplicas() && c.To > c.From }

// ofReplicas says that a change is one of how many copies there are. Both values have one digit.
func (c *Change) ofReplicas() bool {
	return c.Key == "topic.replication.factor" || c.Key == "broker.default.replication.factor"
}

// fixer tries sets of changes.
type fixer struct {
	q       *Question
	story   *Story
	changes []Change
	broken  [][]int // sets of faults that violated the guarantee under some of them
}

// pairs lists the pairs of changes of two settings, the cheapest first.
func (f *fixer) pairs() [][]Change {
	var list [][]Change
	for i := range f.changes {
		for _, d := range f.changes[i+1:] {
			if d.Key != f.changes[i].Key {
				list = append(list, []Change{f.changes[i], d})
			}
		}
	}
	price := func(pair []Change) int { return pair[0].advice() + pair[1].advice() }
	slices.SortStableFunc(list, func(a, b []Change) int { return cmp.Compare(price(a), price(b)) })
	return list
}

// holds says that the guarantee holds in the whole budget with changes made. Sets of faults that were too many for other
// changes are tried before the budget: most changes are of no use, and that is then soon known.
func (f *fixer) holds(ctx context.Context, set ...Change) (bool, error) {
	for _, faults := range f.broken {
		a, err := f.q.try(ctx, set, func(c *model.Config) { c.Faults, c.Bounds.Total = budgetOf(faults), model.Unbounded }, f.story)
		if err != nil || a.outcome == Violated {
			return false, err
		}
	}
	a, err := f.q.try(ctx, set, nil, f.story)
	if a.outcome == Violated && !slices.ContainsFunc(f.broken, func(b []int) bool { return slices.Equal(a.faults, b) }) {
		f.broken = append(f.broken, a.faults)
	}
	return a.outcome == Holds, err
}

// advice orders changes for people: those that give up no protection before those that do, by what they cost; what has no
// price comes last.
func (c *Change) advice() int {
	const protected = 1000
	if c.priced && c.Cost.Risk > 1 {
		return protected + c.rank()
	}
	if !c.priced {
		return 2*protected + c.rank()
	}
	return c.rank()
}

// Class is 0 for a change that gives up no protection, 1 for one that does, 2 for one that has no price.
func (c *Change) Class() int { return c.advice() / 1000 }

// PricedAt is what a change costs, in words with their source; empty for one without a price.
func (c *Change) PricedAt() string {
	if !c.priced {
		return ""
	}
	return text(c.Cost)
}

func text(c kafkaconf.Cost) string { return c.Text + " (" + c.Source + ")" }
