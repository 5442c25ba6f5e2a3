package repair

import (
	"context"
	"slices"

	"github.com/kcheck/kcheck/invariants/risk"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// AddRisk computes what the configuration risks as it is, and what each repair leaves.
func (r *Result) AddRisk(ctx context.Context, request kafkaconf.Request, rates *risk.Rates, o risk.Options) error {
	weigh := func(request kafkaconf.Request) (*risk.Weight, error) {
		resolved, err := kafkaconf.Load(request)
		if err != nil {
			return nil, err
		}
		questions := risk.Weighed(verdict.Deciding(resolved))
		r.weighed = nil
		for _, q := range questions {
			r.weighed = append(r.weighed, q.Guarantee)
		}
		w, err := risk.Weigh(ctx, questions, rates, o)
		return &w, err
	}
	var err error
	if r.Has, err = weigh(request); err != nil {
		return err
	}
	for i := range r.Repairs {
		if r.Repairs[i].Leaves, err = weigh(with(request, r.Repairs[i].Changes)); err != nil {
			return err
		}
	}
	return nil
}

// Weighed are the guarantees of which there is a risk, those that were asked first.
func (r *Result) Weighed() []string { return r.weighed }

// RankByRisk puts the repairs that leave less first, by the upper bounds of the guarantees as [Result.Weighed] lists them; those
// that leave as much stay in the order of their costs. [Result.AddRisk] comes before.
func (r *Result) RankByRisk() {
	slices.SortStableFunc(r.Repairs, func(a, b Repair) int {
		for _, g := range r.weighed {
			x, y := a.Leaves.Risks[g].High, b.Leaves.Risks[g].High
			switch {
			case risk.Less(x, y):
				return -1
			case risk.Less(y, x):
				return 1
			}
		}
		return 0
	})
}
