package counterfactual

import (
	"cmp"
	"context"
	"slices"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// Outcome is what a check comes to.
type Outcome uint8

// The outcomes.
const (
	Open     Outcome = iota // not decided within the bound of states, or Kafka or kcheck refuses the change
	Holds                   // and its witness is reached
	Violated                // there is a counterexample
	Vacuous                 // there is neither a counterexample nor a witness
)

// Flip is a change and what comes of it.
type Flip struct {
	Change
	Outcome Outcome
	Faults  []int // of the minimal counterexample, where it is violated
}

// Question is one guarantee of a request.
type Question struct {
	Request   kafkaconf.Request
	Resolved  *kafkaconf.Resolved
	Guarantee string
	// States bounds the states of all checks together; 0 is no bound. It is a number of states and no time, so that the
	// same question gets the same answer on every machine.
	States uint64
	// Workers and Memory are as in [explore.Options].
	Workers int
	Memory  int64

	used  uint64
	known map[identity]answer
}

// identity is what two changes must share to have the same outcome.
type identity struct {
	config model.Config
	most   int
}

type answer struct {
	outcome Outcome
	faults  []int
}

// Causes lists the changes of single settings that remove a violation: with one of them, and everything else equal, the
// guarantee holds with exactly the faults of the counterexample as the budget. Of each setting it is the cheapest such
// change. The cheapest come first. complete is false if a change could not be decided.
func (q *Question) Causes(ctx context.Context, story *Story) (causes []Flip, complete bool, err error) {
	complete = true
	for i := range q.Resolved.Effective {
		e := &q.Resolved.Effective[i]
		if !candidate(e) {
			continue
		}
		for _, c := range changes(q.Resolved, e) {
			a, err := q.try(ctx, c, func(config *model.Config) {
				config.Faults, config.Bounds.Total = budgetOf(story.Faults), model.Unbounded
			}, story)
			if err != nil {
				return nil, false, err
			}
			complete = complete && (a.outcome != Open || q.spare() > 0)
			if a.outcome == Holds {
				causes = append(causes, Flip{Change: c, Outcome: Holds})
				break
			}
		}
	}
	slices.SortStableFunc(causes, func(a, b Flip) int { return cmp.Compare(a.rank(), b.rank()) })
	return causes, complete && ctx.Err() == nil, nil
}

// Fix is the cheapest of the causes under which the guarantee holds in the whole budget; nil where none does, as far as
// the bound of states allows to tell.
func (q *Question) Fix(ctx context.Context, causes []Flip, story *Story) (*Flip, error) {
	var best *Flip
	for _, cause := range causes {
		e := q.setting(cause.Key)
		if e == nil {
			continue
		}
		for _, c := range changes(q.Resolved, e) {
			if !c.priced || best != nil && c.rank() >= best.rank() {
				continue
			}
			a, err := q.try(ctx, c, nil, story)
			if err != nil {
				return nil, err
			}
			if a.outcome == Holds {
				best = &Flip{Change: c, Outcome: Holds}
			}
		}
	}
	return best, nil
}

// RestsOn lists the values, assumed or a framework's, whose change makes a guarantee that holds violated within the budget, each with the
// change that takes the fewest faults. Runs with at most one fault are looked at for all of them before runs with more.
// complete is false if a change could not be decided.
func (q *Question) RestsOn(ctx context.Context) (flips []Flip, complete bool, err error) {
	worst := make([]*Flip, len(q.Resolved.Effective))
	most := q.Resolved.Config.MostFaults()
	rounds := []int{min(1, most), most}
	if q.Resolved.Config.Faults.HasAny() { // which no bound on the sum leaves out
		rounds = []int{most}
	}
	for _, bound := range slices.Compact(rounds) {
		complete = true
		for i := range q.Resolved.Effective {
			e := &q.Resolved.Effective[i]
			if !candidate(e) || e.Source != kafkaconf.Assumed && !e.Preset || worst[i] != nil {
				continue
			}
			for _, c := range changes(q.Resolved, e) {
				if !real(&c) {
					continue
				}
				a, err := q.try(ctx, c, func(config *model.Config) { config.Bounds.Total = model.AtMost(bound) }, nil)
				if err != nil {
					return nil, false, err
				}
				complete = complete && (a.outcome != Open || q.spare() > 0)
				if a.outcome == Violated && (worst[i] == nil || total(a.faults) < total(worst[i].Faults)) {
					worst[i] = &Flip{c, Violated, a.faults}
				}
			}
		}
	}
	for _, f := range worst {
		if f != nil {
			flips = append(flips, *f)
		}
	}
	return flips, complete && ctx.Err() == nil, nil
}

// real says that somebody may have what a change assumes: a program commits the next offset, and of the replication
// factor one and two are what people have.
func real(c *Change) bool {
	switch c.Key {
	case "app.commit-offset":
		return false
	case "topic.replication.factor":
		return c.To == "1" || c.To == "2"
	}
	return true
}

// setting finds an effective setting by name.
func (q *Question) setting(name string) *kafkaconf.EffectiveSetting {
	for i := range q.Resolved.Effective {
		if e := &q.Resolved.Effective[i]; e.Name() == name {
			return e
		}
	}
	return nil
}

// spare is how many states may still be looked at.
func (q *Question) spare() uint64 {
	if q.States == 0 {
		return 1 << 62
	}
	return max(q.States, q.used) - q.used
}

// try checks the guarantee with a change made, and the fault budget adjusted. A change that cannot be made alone, or makes
// no difference to the model, is left open. Where a known counterexample happens all the same, no search is needed.
func (q *Question) try(ctx context.Context, c Change, adjust func(*model.Config), story *Story) (answer, error) {
	resolved, err := kafkaconf.Load(With(q.Request, c))
	if err != nil || len(resolved.Refused) > 0 {
		return answer{}, nil
	}
	config, was := resolved.Config, q.Resolved.Config
	config.Faults, config.Bounds = was.Faults, was.Bounds
	if config == was {
		return answer{}, nil
	}
	if adjust != nil {
		adjust(&config)
	}
	id := identity{config, config.MostFaults()}
	if a, found := q.known[id]; found {
		return a, nil
	}
	a, err := q.check(ctx, config, story)
	if q.known == nil {
		q.known = map[identity]answer{}
	}
	q.known[id] = a
	return a, err
}

// check checks the guarantee of a configuration.
func (q *Question) check(ctx context.Context, config model.Config, story *Story) (answer, error) {
	if q.spare() == 0 || ctx.Err() != nil {
		return answer{}, nil
	}
	k, err := invariants.Prepare(q.Guarantee, config, q.Resolved.Counted)
	if err != nil {
		return answer{}, nil // beyond the limits of the model
	}
	if story != nil && story.Happens(k) {
		return answer{Violated, story.Faults}, nil
	}
	o := explore.Options[model.State]{Workers: q.Workers, Memory: q.Memory, Budget: plan.Budget(&config),
		MaxFaults: plan.MaxFaults(&config), Dominance: true,
		Lattice: explore.Lattice[model.State]{NoTrace: !config.Faults.HasAny()}}
	if q.States > 0 {
		o.MaxStates = q.spare()
	}
	r, _, err := plan.Search(ctx, k, plan.Options{Options: o})
	if err != nil {
		return answer{}, err
	}
	q.used += r.Stats.Distinct
	switch {
	case r.Violation != nil:
		return answer{Violated, r.Violation.Faults}, nil
	case r.Stopped != explore.Exhausted:
		return answer{}, nil
	}
	for i, reached := range r.Witnesses {
		if !reached && i < len(k.Witnesses) {
			return answer{outcome: Vacuous}, nil
		}
	}
	return answer{outcome: Holds}, nil
}

// budgetOf is a set of faults as a budget.
func budgetOf(set []int) (b model.Budget) {
	for i, n := range set {
		b[i] = uint8(n)
	}
	return b
}

func total(faults []int) int {
	n := 0
	for _, c := range faults {
		n += c
	}
	return n
}
