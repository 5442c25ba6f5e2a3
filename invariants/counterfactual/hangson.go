package counterfactual

import (
	"context"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// Hinge is a setting, assumed or a framework's, of which another value changes the verdict.
type Hinge struct {
	Change
	Now, Then Outcome // without and with the change: [Holds] and [Violated], or the other way round
	// Within is the number of faults within which that is known; 0 is the whole budget.
	Within int
}

// HangsOn lists the values of settings, assumed or a framework's, that make a guarantee that holds violated, or one that is
// violated hold, within the whole budget. Where that is not decided within States, which bounds each check by itself, it
// is looked at with one fault. Only settings that ask takes are tried.
func (q *Question) HangsOn(ctx context.Context, ask func(*kafkaconf.EffectiveSetting) bool) ([]Hinge, error) {
	each := q.States
	defer func() { q.States = each }()
	var list []Hinge
	for _, t := range q.trials() {
		if !ask(&q.Resolved.Effective[t.setting]) {
			continue
		}
		for _, within := range []int{0, 1} {
			now, then, err := q.compare(ctx, t.change, within, each)
			if err != nil {
				return nil, err
			}
			if now == Holds && then == Violated || now == Violated && then == Holds {
				list = append(list, Hinge{t.change, now, then, within})
			}
			if now != Open && then != Open {
				break
			}
		}
	}
	return list, nil
}

// compare decides a guarantee without and with a change, with so many faults in all; 0 is what the budget allows. Each check
// is bounded by so many states.
func (q *Question) compare(ctx context.Context, c Change, within int, each uint64) (now, then Outcome, err error) {
	fewer := func(config *model.Config) {
		if within > 0 {
			config.Bounds.Total = model.AtMost(min(within, config.MostFaults()))
		}
	}
	bound := func() {
		if each > 0 {
			q.States = q.used + each
		}
	}
	config := q.Resolved.Config
	fewer(&config)
	bound()
	before, err := q.decide(ctx, config, nil)
	if err != nil || before.outcome == Open || before.outcome == Vacuous {
		return before.outcome, Open, err
	}
	bound()
	after, err := q.try(ctx, []Change{c}, fewer, nil)
	if err == nil && !after.tried {
		return before.outcome, before.outcome, nil // it makes no difference, or cannot be made
	}
	return before.outcome, after.outcome, err
}
