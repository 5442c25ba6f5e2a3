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
	// Checkpoint, if set, is as in [explore.Options]: below its folder each search has one of its own.
	Checkpoint *explore.Checkpoint

	// Logs, if set, is what is known about logs already.
	Logs *plan.Logs

	used  uint64
	known map[identity]answer
	read  *kafkaconf.Packed // what was read of the files
}

// identity is what two changes must share to have the same outcome.
type identity struct {
	config model.Config
	most   int
}

type answer struct {
	outcome Outcome
	faults  []int
	tried   bool // the change can be made and makes a difference
}

// Causes lists the changes of single settings that remove a violation: with one of them, and everything else equal, the
// guarantee holds with exactly the faults of the counterexample as the budget. Of each setting it is the cheapest such
// change. Those that give up no protection come first, by what they cost. complete is false if a change could not be decided.
func (q *Question) Causes(ctx context.Context, story *Story) (causes []Flip, complete bool, err error) {
	complete = true
	for i := range q.Resolved.Effective {
		e := &q.Resolved.Effective[i]
		if !candidate(e) {
			continue
		}
		for _, c := range changes(q.Resolved, e) {
			a, err := q.try(ctx, []Change{c}, func(config *model.Config) {
				config.Faults, config.Bounds.Total = budgetOf(story.Faults), model.Unbounded
			}, story)
			if err != nil {
				return nil, false, err
			}
			complete = complete && (a.outcome != Open || !a.tried)
			if a.outcome == Holds {
				causes = append(causes, Flip{Change: c, Outcome: Holds})
				break
			}
		}
	}
	slices.SortStableFunc(causes, func(a, b Flip) int { return cmp.Compare(a.advice(), b.advice()) })
	return causes, complete && ctx.Err() == nil, nil
}

// RestsOn lists the values, assumed or a framework's, whose change makes a guarantee that holds violated within the budget, each with the
// change that takes the fewest faults. Runs with at most one fault are looked at for all of them before runs with more.
// complete is false if a change could not be decided.
func (q *Question) RestsOn(ctx context.Context) (flips []Flip, complete bool, err error) {
	trials := q.trials()
	worst := make([]*Flip, len(q.Resolved.Effective))
	most := q.Resolved.Config.MostFaults()
	rounds := []int{min(1, most), most}
	if q.Resolved.Config.Faults.HasAny() { // which no bound on the sum leaves out
		rounds = []int{most}
	}
	for _, bound := range slices.Compact(rounds) {
		complete = true
		before := slices.Clone(worst)
		for t := range trials {
			trial := &trials[t]
			if before[trial.setting] != nil {
				continue
			}
			used := q.used
			a, err := q.try(ctx, []Change{trial.change}, func(c *model.Config) { c.Bounds.Total = model.AtMost(bound) }, nil)
			if err != nil {
				return nil, false, err
			}
			trial.states = q.used - used
			complete = complete && (a.outcome != Open || !a.tried)
			if w := worst[trial.setting]; a.outcome == Violated && (w == nil || total(a.faults) < total(w.Faults)) {
				worst[trial.setting] = &Flip{trial.change, Violated, a.faults}
			}
		}
		// what was small with few faults is small with more: the bound of states should reach as many as possible
		slices.SortStableFunc(trials, func(a, b trial) int { return cmp.Compare(a.states, b.states) })
	}
	for _, f := range worst {
		if f != nil {
			flips = append(flips, *f)
		}
	}
	return flips, complete && ctx.Err() == nil, nil
}

// trial is a change that is tried on what a guarantee rests on.
type trial struct {
	setting int // index of its setting
	change  Change
	states  uint64 // that the last check of it took
}

// trials lists the changes of guessed values that somebody may really have.
func (q *Question) trials() []trial {
	var list []trial
	for i := range q.Resolved.Effective {
		e := &q.Resolved.Effective[i]
		if !candidate(e) || e.Source != kafkaconf.Assumed && !e.Preset {
			continue
		}
		for _, c := range changes(q.Resolved, e) {
			if real(&c) {
				list = append(list, trial{setting: i, change: c})
			}
		}
	}
	return list
}

// Flips lists every change of a guessed value that is tried on what a guarantee rests on.
func Flips(resolved *kafkaconf.Resolved) []Change {
	var list []Change
	for _, t := range (&Question{Resolved: resolved}).trials() {
		list = append(list, t.change)
	}
	return list
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

// spare is how many states may still be looked at.
func (q *Question) spare() uint64 {
	if q.States == 0 {
		return 1 << 62
	}
	return max(q.States, q.used) - q.used
}

// try checks the guarantee with changes made, and the fault budget adjusted. What cannot be made, or makes
// no difference to the model, is left open. Where a known counterexample happens all the same, no search is needed.
func (q *Question) try(ctx context.Context, set []Change, adjust func(*model.Config), story *Story) (answer, error) {
	resolved, err := kafkaconf.Load(With(q.request(), set...))
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
	a, err := q.decide(ctx, config, story)
	a.tried = true
	return a, err
}

// request is the question's, with its files read once: each change is a question of its own about the same files, which
// may be long.
func (q *Question) request() kafkaconf.Request {
	if q.Request.Packed != nil {
		return q.Request
	}
	if q.read == nil {
		q.read = q.Request.Pack().Packed
	}
	r := q.Request
	r.Packed, r.ReadFile, r.Sources = q.read, nil, nil
	return r
}

// decide is check with a memory.
func (q *Question) decide(ctx context.Context, config model.Config, story *Story) (answer, error) {
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
		return answer{}, nil
	}
	if story != nil && story.Happens(k) {
		return answer{outcome: Violated, faults: story.Faults}, nil
	}
	o := explore.Options[model.State]{Workers: q.Workers, Memory: q.Memory, Budget: plan.Budget(&config),
		MaxFaults: plan.MaxFaults(&config), Dominance: true, Checkpoint: q.Checkpoint}
	if q.States > 0 {
		o.MaxStates = q.spare()
	}
	if q.Logs == nil {
		q.Logs = &plan.Logs{}
	}
	d, err := q.Logs.Decide(ctx, k, o)
	if err != nil {
		return answer{}, err
	}
	q.used += d.Stats.Distinct
	switch {
	case d.Faults != nil:
		return answer{outcome: Violated, faults: d.Faults}, nil
	case d.Stopped != explore.Exhausted:
		return answer{}, nil
	case d.Unreached:
		return answer{outcome: Vacuous}, nil
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
