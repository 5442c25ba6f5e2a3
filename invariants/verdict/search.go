package verdict

import (
	"context"
	"fmt"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/counterfactual"
	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/describe"
)

// subject is a check as this package asks about it and tells of it.
type subject struct{ *invariants.Check }

// answer explores the model for the question and fills in the verdict, the counterexample and the stats.
func answer(ctx context.Context, res *Result, q *Question, o Options) error {
	config := q.Config
	config.NoReductions = o.NoReductions
	check, err := invariants.Prepare(q.Guarantee, config, q.Counted)
	if err != nil {
		return err
	}
	res.Notes = append(res.Notes, describe.Notes(check.Model)...)
	if err := (&subject{check}).search(ctx, res, q, o); err != nil {
		return err
	}
	if res.Verdict == Holds {
		res.Reason = keeping(q, claim(q))
		if res.noFaults {
			happens := "can happen in this configuration"
			if len(check.Model.NotFollowed()) > 0 {
				happens = "is one that the model of a share group has (the notes say why)"
			}
			res.Reason = "none of the faults in the budget " + happens + ": without one, " + claim(q)
		}
		res.Dangers = dangersOf(q)
		if q.Config.Faults.HasAny() {
			res.Notes = append(res.Notes, "some faults may occur any number of times: this is about runs of any length")
		}
	}
	return nil
}

// search explores the subject, or parts of it that decide.
func (s *subject) search(ctx context.Context, res *Result, q *Question, o Options) error {
	r, part, err := plan.Search(ctx, s.Check, plan.Options{Options: s.options(q, o), Together: o.together, Logs: o.logs, CountsSteps: o.Coverage,
		Hurry: q.Informational && !o.Coverage && !o.Exhaust})
	if err != nil {
		return err
	}
	about := &subject{part}
	if r.Stopped == explore.BoundReached && ctx.Err() != nil {
		r.Stopped = stopOf(ctx.Err()) // the bound was not what ended it
	}
	res.Stats = stats(r)
	about.decide(res, r)
	if r.Violation != nil {
		if err := s.violated(res, about, r, o); err != nil {
			return err
		}
	}
	counted := about
	if r.Stopped == explore.Exhausted {
		counted = s // parts are counted together
		notes, none := counted.unfired(q, r.Coverage)
		res.Notes, res.noFaults = append(res.Notes, notes...), none
	}
	if res.Verdict == Holds && !o.bare {
		about.show(res, q)
	}
	if o.Coverage {
		res.Coverage = counted.fired(r.Coverage)
	}
	return nil
}

// violated tells of a violation, which was found in a part of the subject.
func (s *subject) violated(res *Result, part *subject, r *plan.Result, o Options) error {
	res.Minimal = r.Complete && o.Strategy == explore.BFS
	res.AlsoBrokenBy = otherFaults(r)
	if r.Violation.Untraced {
		res.Faults, res.Reason = faultMap(r.Violation.Faults), untraced(r.Violation)
		return nil
	}
	told := s.adopt(part, r.Violation)
	if err := told.tell(res, r.Violation); err != nil {
		return err
	}
	story := counterfactual.Tell(res.Guarantee, told.Check, r.Violation)
	res.story = &story
	if !o.bare {
		told.narrate(res, r.Violation)
	}
	return nil
}

// options translates the question for the engine.
func (s *subject) options(q *Question, o Options) explore.Options[model.State] {
	e := explore.Options[model.State]{
		Strategy:   o.Strategy,
		Seed:       o.Seed,
		Workers:    o.Workers,
		Memory:     o.Memory,
		Budget:     plan.Budget(&q.Config),
		MaxFaults:  plan.MaxFaults(&q.Config),
		Dominance:  o.Strategy == explore.BFS && !o.NoReductions,
		NoSymmetry: o.NoReductions,
		Exhaust:    o.Exhaust,
		Coverage:   true,
		Checkpoint: o.Checkpoint,
		Disk:       o.Disk,
		MaxStates:  o.states,
	}
	if o.Progress != nil {
		e.Progress, e.ProgressEvery = func(p explore.Progress) { o.Progress(q, p) }, o.ProgressEvery
	}
	return e
}

// decide gives the verdict and, where there is no counterexample to tell, the reason.
func (s *subject) decide(res *Result, r *explore.Result[model.State]) {
	switch {
	case r.Violation != nil:
		res.Verdict = Violated
	case !r.Complete || r.Stopped != explore.Exhausted:
		res.Verdict = Inconclusive
		res.Reason = cutShort(r.Stopped, r.Stats.Distinct > 1 || r.Stats.Generated > 1, s.LimitsHit()...)
	case s.unreached(r) != "":
		res.Verdict = Vacuous
		res.Reason = "what the guarantee speaks about never happens: there is no run within the scope in which " + s.unreached(r)
	default:
		res.Verdict = Holds
	}
	if !r.Complete && r.Stopped != explore.WalksDone && (r.Violation == nil || r.CompleteDepth >= 0) {
		res.CompleteTo = &Extent{Faults: r.CompleteFaults, Depth: r.CompleteDepth}
	}
}

// unreached names the first witness that was not reached, or is empty.
func (s *subject) unreached(r *explore.Result[model.State]) string {
	for i, reached := range r.Witnesses {
		if !reached {
			return s.Witnesses[i].Name
		}
	}
	return ""
}

// cutShort says why a search ended before its scope was exhausted.
func cutShort(why explore.StopReason, explored bool, hit ...model.Limit) string {
	before := " before every run within the scope was explored; no explored run breaks the guarantee"
	if !explored {
		before = " before anything was explored"
	}
	switch why {
	case explore.Canceled:
		return "interrupted" + before
	case explore.Deadline:
		return "the time limit was reached" + before
	case explore.OutOfMemory:
		return "the memory limit was reached" + before
	case explore.OutOfDisk:
		return "there was no room left on the disk" + before
	case explore.BoundReached:
		return "some runs need more than " + limitsText(hit) + " and were not explored further; no other run breaks the guarantee"
	case explore.WalksDone:
		return "no random run broke the guarantee; random runs never show that it holds"
	}
	return "the search ended (" + why.String() + ")" + before
}

// limitsText names what ran out.
func limitsText(hit []model.Limit) string {
	if len(hit) == 0 {
		return "the model holds"
	}
	names := make([]string, len(hit))
	for i, l := range hit {
		names[i] = l.String()
	}
	return enumeration(names)
}

// stats copies the engine's counters.
func stats(r *explore.Result[model.State]) Stats {
	return Stats{
		Distinct:             r.Stats.Distinct,
		Generated:            r.Stats.Generated,
		Depth:                r.Stats.Depth,
		Seconds:              r.Stats.Duration.Seconds(),
		Bytes:                uint64(r.Stats.Bytes),
		Workers:              r.Stats.Workers,
		Complete:             r.Complete,
		Exhausted:            r.Complete && r.Stopped == explore.Exhausted,
		CollisionProbability: r.Stats.CollisionProbability,
	}
}

// tell turns a violation into steps. The trace is replayed through the model first: what cannot be replayed is a
// mistake of kcheck and is never shown.
func (s *subject) tell(res *Result, v *explore.Violation[model.State]) error {
	if err := explore.ReplayTrace(s.Model, &v.Trace); err != nil {
		return fmt.Errorf("the counterexample of %s cannot be replayed (%w); this is a mistake in kcheck, please report it",
			res.Guarantee, err)
	}
	res.Reason = s.Reason(v.Property, v.Trace)
	res.Faults = faultMap(v.Faults)
	res.Steps = s.steps(&v.Trace)
	last := v.Trace.Last()
	res.Fates = s.fates(&last)
	return nil
}

// faultMap names the faults of a trace.
func faultMap(counts []int) map[string]int {
	m := map[string]int{}
	for i, n := range counts {
		if n > 0 {
			m[model.FaultKind(i).String()] = n
		}
	}
	return m
}
