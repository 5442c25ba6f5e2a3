package repair

import (
	"fmt"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/counterfactual"
	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// try says whether every guarantee holds with these changes made. What Kafka would refuse is no repair.
func (s *search) try(set []Change) (bool, error) {
	resolved, err := kafkaconf.Load(with(s.request, set))
	if err != nil || len(resolved.Refused) > 0 {
		return false, nil
	}
	resolved.Config.Faults = s.budget
	id := identity{resolved.Config, resolved.Counted}
	holds, found := s.known[id]
	if found {
		return holds, nil
	}
	holds, err = s.decide(verdict.Deciding(resolved))
	s.known[id] = holds
	return holds, err
}

// decide plays the known stories first, for all guarantees, and only then checks in full.
func (s *search) decide(questions []verdict.Question) (bool, error) {
	for _, q := range questions {
		k, err := invariants.Prepare(q.Guarantee, q.Config, q.Counted)
		if err != nil {
			return false, nil // beyond the limits of the model
		}
		for i := len(s.stories) - 1; i >= 0; i-- {
			if s.stories[i].Guarantee == q.Guarantee && within(s.stories[i].Faults, q.Config.Faults) && s.stories[i].Happens(k) {
				return false, nil
			}
		}
	}
	for _, q := range questions {
		v, err := s.full(q)
		if err != nil || v != verdict.Holds {
			return false, err
		}
	}
	return true, nil
}

// full checks a question in full and keeps its counterexample.
func (s *search) full(q verdict.Question) (verdict.Verdict, error) {
	if len(q.Refused) > 0 {
		return verdict.Refused, nil
	}
	s.out.Checks++
	k, err := invariants.Prepare(q.Guarantee, q.Config, q.Counted)
	if err != nil {
		return "", err
	}
	r, about, err := plan.Search(s.ctx, k, plan.Options{Options: options(q.Config, s.o.Options)})
	switch {
	case err != nil:
		return "", err
	case r.Violation != nil:
		if !r.Violation.Untraced {
			s.stories = append(s.stories, counterfactual.Tell(q.Guarantee, about, r.Violation))
		}
		return verdict.Violated, nil
	case r.Stopped != explore.Exhausted:
		s.open = true
		return verdict.Inconclusive, nil
	}
	for i, reached := range r.Witnesses {
		if !reached && i < len(k.Witnesses) {
			return verdict.Vacuous, nil
		}
	}
	return verdict.Holds, nil
}

// options translates a question for the engine.
func options(c model.Config, o verdict.Options) explore.Options[model.State] {
	return explore.Options[model.State]{Budget: plan.Budget(&c), Seed: o.Seed, Workers: o.Workers, Memory: o.Memory, Disk: o.Disk, Dominance: true, MaxFaults: plan.MaxFaults(&c)}
}

// within says that no kind of fault occurs more often than a budget allows.
func within(faults []int, budget model.Budget) bool {
	for i, n := range faults {
		if n > int(budget[i]) {
			return false
		}
	}
	return true
}

// repair makes a result of a set that holds.
func (s *search) repair(set []Change) Repair {
	r := Repair{Changes: set, Verdicts: map[string]verdict.Verdict{}, Costs: []string{}, Cost: cost(set)}
	for _, q := range verdict.Deciding(s.resolved) {
		r.Verdicts[q.Guarantee] = verdict.Holds
	}
	for i := range set {
		r.Costs = append(r.Costs, fmt.Sprintf("%s=%s: %s (%s)", set[i].Key, set[i].To, set[i].Cost.Text, set[i].Cost.Source))
		for _, along := range set[i].implied {
			r.Costs = append(r.Costs, fmt.Sprintf("with it %s=%s: %s (%s)", along.key, along.value, along.cost.Text, along.cost.Source))
		}
	}
	return r
}
