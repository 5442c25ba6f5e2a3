package verdict

import (
	"context"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// Of several questions, each is looked at for a moment before any is searched to the end: what few faults violate is said
// at once, and kept where time runs out before its turn.

// Bounds of that look.
const (
	earlyFaults = 2
	earlyStates = 50_000
)

// lookEarly looks at the runs with few faults of every question, and tells of each what they show. Its answers are empty where
// nobody wants to be told, or there is nothing to gain: of a single question the search itself begins with those runs.
func lookEarly(ctx context.Context, questions []Question, request kafkaconf.Request, o Options) []Result {
	early := make([]Result, len(questions))
	if o.Early == nil || len(questions) < 2 || o.Strategy != explore.BFS {
		return early
	}
	for i := range questions {
		q := questions[i]
		if q.Config.Faults.HasAny() || len(q.Refused) > 0 || o.Cache.Get(o.explainedKey(request, &q), &Result{}) {
			continue
		}
		q.Config.Bounds.Total = model.AtMost(min(earlyFaults, q.Config.MostFaults()))
		soon := o
		soon.bare, soon.states, soon.Progress, soon.Checkpoint, soon.Disk = true, earlyStates, nil, nil, nil
		soon.Coverage, soon.Exhaust, soon.together, soon.logs = false, false, nil, nil
		res, err := check(ctx, q, soon)
		if err != nil {
			continue // the search itself will say it
		}
		early[i] = res
		o.Early(&questions[i], &res)
	}
	return early
}

// UpTo is the number of faults up to which no run violates the guarantee, as far as a result tells: -1 where it tells nothing.
func (r *Result) UpTo() int {
	switch {
	case r.Verdict == Holds:
		return mostOf(r.Budget)
	case r.CompleteTo != nil:
		return r.CompleteTo.Faults
	}
	return -1
}

// mostOf is how many faults a run has at most within a budget.
func mostOf(budget model.Allowed) int {
	sum := 0
	for name, n := range budget {
		if name != "total" && name != "overlap" {
			sum += n
		}
	}
	if total, bounded := budget["total"]; bounded {
		return min(total, sum)
	}
	return sum
}

// keepEarly keeps in a result that was cut short what an early look had shown. end says why it was cut, where its time ran
// out.
func (r *Result) keepEarly(early *Result, end error) {
	if r.Verdict != Inconclusive || early.Verdict == "" {
		return
	}
	if r.Stats.Distinct <= 1 {
		r.Stats = early.Stats
		if end != nil {
			r.Reason = cutShort(stopOf(end), true)
		}
	}
	r.Stats.Complete, r.Stats.Exhausted = false, false
	if early.Verdict == Violated {
		r.Verdict, r.Reason, r.CompleteTo = Violated, early.Reason, nil
		r.Faults, r.Steps, r.Fates, r.Minimal = early.Faults, early.Steps, early.Fates, early.Minimal
		r.Trace, r.Needed = early.Trace, early.Needed
		r.Headline = headline(r)
	} else if n := early.UpTo(); n > r.UpTo() {
		r.CompleteTo = &Extent{Faults: n}
	}
}
