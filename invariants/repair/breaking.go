package repair

import (
	"slices"

	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// breaking finds the smallest set of faults that violates a guarantee whatever is changed. What helps against a set helps
// against its subsets, so first the largest sets that leave a kind out are tried, then the others, the smallest first.
// Nothing is said where a set could not be decided.
func (s *search) breaking() error {
	var helped []model.Budget
	budget := make([]int, len(s.budget))
	for i, n := range s.budget {
		budget[i] = min(int(n), model.MaxOccurrences) // of a kind without a bound only small sets are tried
	}
	sets := [][]int{}
	for i, n := range budget {
		if without := slices.Clone(budget); n > 0 {
			without[i] = 0
			sets = append(sets, without)
		}
	}
	first := len(sets)
	for size := 0; size <= min(s.budget.Total(), model.MaxOccurrences); size++ {
		sets = append(sets, plan.SetsOf(budget, size)...)
	}
	for i, set := range sets {
		if slices.ContainsFunc(helped, func(h model.Budget) bool { return within(set, h) }) {
			continue
		}
		helps, decided, err := s.helpsAgainst(set)
		switch {
		case err != nil || !decided:
			return err
		case helps:
			helped = append(helped, budgetOf(set))
		case i >= first:
			return s.show(budgetOf(set))
		}
	}
	return nil
}

func budgetOf(set []int) (b model.Budget) {
	for i, n := range set {
		b[i] = uint8(n)
	}
	return b
}

// helpsAgainst says whether some set of changes, or none, holds with these faults as the budget.
func (s *search) helpsAgainst(set []int) (helps, decided bool, err error) {
	inner := *s
	inner.budget, inner.known, inner.open = budgetOf(set), map[identity]bool{}, false
	inner.out = &Result{}
	if holds, err := inner.try(nil); err != nil || holds {
		return holds, true, err
	}
	inner.o.Alternatives = 1
	if err := inner.enumerate(); err != nil {
		return false, false, err
	}
	s.out.Sets += inner.out.Sets
	s.out.Checks += inner.out.Checks
	s.stories = inner.stories
	helps = len(inner.out.Repairs) > 0
	return helps, helps || inner.out.Complete, nil
}

// show puts the counterexample of the configuration as it is into words.
func (s *search) show(budget model.Budget) error {
	resolved, _ := kafkaconf.Load(s.request)
	resolved.Config.Faults = budget
	for _, q := range verdict.Deciding(resolved) {
		k, err := invariants.Prepare(q.Guarantee, q.Config, q.Counted)
		if err != nil {
			return err
		}
		r, about, err := plan.Search(s.ctx, k, plan.Options{Options: options(q.Config, s.o.Options)})
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
		s.out.Breaking = &Breaking{budget.Map(), q.Guarantee, told}
		return nil
	}
	return nil
}
