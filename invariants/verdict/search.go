package verdict

import (
	"context"
	"fmt"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// subject is what a question is asked about: a model with the properties and witnesses of one guarantee.
type subject[S comparable] struct {
	model      explore.Model[S]
	properties []explore.Property[S]
	witnesses  []explore.Witness[S]
	bound      func(s *S) bool // true where a bound of the model was hit
	teller     teller[S]
	// explore searches in a way of its own, and returns the subject that its result is about: this one, or a part of
	// it. nil is explore.Check.
	explore func(ctx context.Context, o explore.Options[S]) (*explore.Result[S], *subject[S], error)
}

// run explores the subject and returns the result with the subject that it is about.
func (s *subject[S]) run(ctx context.Context, o explore.Options[S]) (*explore.Result[S], *subject[S], error) {
	if s.explore != nil {
		return s.explore(ctx, o)
	}
	o.Bound = s.bound
	r, err := explore.Check(ctx, explore.Spec[S]{Model: s.model, Properties: s.properties, Witnesses: s.witnesses, Options: o})
	return r, s, err
}

// teller puts states and transitions into words.
type teller[S comparable] interface {
	// Reason says in one sentence what the trace shows.
	Reason(property string, t explore.Trace[S]) string
	// Step tells one step: who acts, what happens and what it changes.
	Step(pre *S, id explore.TransitionID, post *S) Step
	// Fates says what became of each message.
	Fates(s *S) []string
}

// search explores the subject and fills in the verdict, the counterexample and the stats.
func (s *subject[S]) search(ctx context.Context, res *Result, q *Question, o Options) error {
	whole := s
	r, s, err := s.run(ctx, s.options(q, o))
	if err != nil {
		return err
	}
	if r.Stopped == explore.BoundReached && ctx.Err() != nil {
		r.Stopped = stopOf(ctx.Err()) // the bound was not what ended it
	}
	res.Stats = stats(r)
	s.decide(res, r)
	if r.Violation != nil {
		about := whole.adopt(s, r.Violation)
		if err := about.tell(res, r.Violation); err != nil {
			return err
		}
		res.Minimal = r.Complete && o.Strategy == explore.BFS
		if !o.bare {
			about.narrate(res, r.Violation)
		}
		res.AlsoBrokenBy = otherFaults(r)
	}
	counted := s
	if r.Stopped == explore.Exhausted {
		counted = whole // parts are counted together
		res.Notes = append(res.Notes, counted.unfired(q, r.Coverage)...)
	}
	if res.Verdict == Holds && !o.bare {
		s.show(res, q)
	}
	if o.Coverage {
		res.Coverage = counted.fired(r.Coverage)
	}
	return nil
}

// options translates the question for the engine.
func (s *subject[S]) options(q *Question, o Options) explore.Options[S] {
	e := explore.Options[S]{
		Strategy:   o.Strategy,
		Seed:       o.Seed,
		Workers:    o.Workers,
		Memory:     o.Memory,
		Budget:     budget(q.Config.Faults),
		Dominance:  o.Strategy == explore.BFS && !o.NoReductions,
		NoSymmetry: o.NoReductions,
		Exhaust:    o.Exhaust,
		Coverage:   true,
	}
	if o.Progress != nil {
		e.Progress = func(p explore.Progress) { o.Progress(q, p) }
	}
	return e
}

// budget is the fault budget as the engine takes it.
func budget(b model.Budget) []int {
	list := make([]int, len(b))
	for i, n := range b {
		list[i] = int(n)
	}
	return list
}

// decide gives the verdict and, where there is no counterexample to tell, the reason.
func (s *subject[S]) decide(res *Result, r *explore.Result[S]) {
	switch {
	case r.Violation != nil:
		res.Verdict = Violated
	case !r.Complete || r.Stopped != explore.Exhausted:
		res.Verdict = Inconclusive
		res.Reason = cutShort(r.Stopped)
	case s.unreached(r) != "":
		res.Verdict = Vacuous
		res.Reason = "the guarantee was never put to the test: there is no run within the scope in which " + s.unreached(r)
	default:
		res.Verdict = Holds
	}
	if !r.Complete && r.Stopped != explore.WalksDone && (r.Violation == nil || r.CompleteDepth >= 0) {
		res.CompleteTo = &Extent{Faults: r.CompleteFaults, Depth: r.CompleteDepth}
	}
}

// unreached names the first witness that was not reached, or is empty.
func (s *subject[S]) unreached(r *explore.Result[S]) string {
	for i, reached := range r.Witnesses {
		if !reached {
			return s.witnesses[i].Name
		}
	}
	return ""
}

// cutShort says why a search ended before its scope was exhausted.
func cutShort(why explore.StopReason) string {
	const before = " before every run within the scope was explored; what was explored keeps the guarantee"
	switch why {
	case explore.Canceled:
		return "interrupted" + before
	case explore.Deadline:
		return "the time limit was reached" + before
	case explore.OutOfMemory:
		return "the memory limit was reached" + before
	case explore.BoundReached:
		return "a log of the model is full in some runs, which were not followed further; the others keep the guarantee"
	case explore.WalksDone:
		return "no random run broke the guarantee; random runs never show that it holds"
	}
	return "the search ended (" + why.String() + ")" + before
}

// stats copies the engine's counters.
func stats[S comparable](r *explore.Result[S]) Stats {
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
func (s *subject[S]) tell(res *Result, v *explore.Violation[S]) error {
	if err := explore.ReplayTrace(s.model, &v.Trace); err != nil {
		return fmt.Errorf("the counterexample of %s cannot be replayed (%w); this is a mistake in kcheck, please report it",
			res.Guarantee, err)
	}
	res.Reason = s.teller.Reason(v.Property, v.Trace)
	res.Faults = faultMap(v.Faults)
	res.Steps = s.steps(&v.Trace)
	last := v.Trace.Last()
	res.Fates = s.teller.Fates(&last)
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
