package repair

import (
	"cmp"
	"slices"

	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// breaking finds the smallest set of faults that violates a guarantee whatever is changed. It is one of those that the
// counterexamples used: under any other some set of changes holds.
func (s *search) breaking() error {
	for _, set := range s.faultSets() {
		if s.ctx.Err() != nil {
			return nil
		}
		helps, err := s.helpsAgainst(set)
		if err != nil || helps {
			if err != nil {
				return err
			}
			continue
		}
		return s.show(set)
	}
	return nil
}

// faultSets lists what the counterexamples used, the smallest first.
func (s *search) faultSets() []model.Budget {
	var sets []model.Budget
	for i := range s.stories {
		var b model.Budget
		for kind, n := range s.stories[i].faults {
			b[kind] = uint8(n)
		}
		if !slices.Contains(sets, b) {
			sets = append(sets, b)
		}
	}
	slices.SortStableFunc(sets, func(a, b model.Budget) int {
		return cmp.Or(cmp.Compare(a.Total(), b.Total()), slices.Compare(b[:], a[:]))
	})
	return sets
}

// helpsAgainst says whether some set of changes holds with this budget.
func (s *search) helpsAgainst(budget model.Budget) (bool, error) {
	inner := *s
	inner.budget, inner.known, inner.open = budget, map[identity]bool{}, false
	inner.out = &Result{}
	if holds, err := inner.try(nil); err != nil || holds {
		return holds, err
	}
	inner.o.Alternatives = 1
	if err := inner.enumerate(); err != nil {
		return false, err
	}
	s.out.Sets += inner.out.Sets
	s.out.Checks += inner.out.Checks
	s.stories = inner.stories
	return len(inner.out.Repairs) > 0 || !inner.out.Complete, nil
}

// show puts the counterexample of the configuration as it is into words.
func (s *search) show(budget model.Budget) error {
	resolved, _ := kafkaconf.Load(s.request)
	resolved.Config.Faults = budget
	for _, q := range verdict.Questions(resolved) {
		k, err := invariants.Prepare(q.Guarantee, q.Config, q.Counted)
		if err != nil {
			return err
		}
		r, about, err := k.Search(s.ctx, options(q.Config, s.o.Options))
		if err != nil {
			return err
		}
		if r.Violation == nil {
			continue
		}
		told, err := verdict.Tell(about, r.Violation)
		if err != nil {
			return err
		}
		s.out.Breaking = &Breaking{q.Guarantee, told}
		return nil
	}
	return nil
}
