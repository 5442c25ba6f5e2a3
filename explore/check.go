package explore

import (
	"context"
	"time"

	"github.com/kcheck/kcheck/explore/internal/mem"
)

// Check explores a model and reports whether the properties hold and the
// witnesses are reachable. A check that is cut short, by ctx or by a limit in
// the options, gives the partial result and no error; an error means that the
// model or the options make no sense, and says why. A panic in the model or in
// a property is an error, a *PanicError.
func Check[S comparable](ctx context.Context, spec Spec[S]) (*Result[S], error) {
	begin := time.Now()
	if spec.Memory == 0 {
		spec.Memory = DefaultMemory()
	}
	p, err := newProblem(spec)
	if err != nil {
		return nil, err
	}
	r, err := p.search(ctx)
	if err != nil {
		return nil, err
	}
	r.Stats.Duration, r.Symmetry = time.Since(begin), p.canon != nil
	if !spec.Coverage {
		r.Coverage = nil
	}
	return r, nil
}

func (p *problem[S]) search(ctx context.Context) (r *Result[S], err error) {
	defer p.recoverAs(func(e error) { err = e }, p.nothing)
	switch p.opt.Strategy {
	case DFS:
		return p.depthFirst(ctx)
	case Simulate:
		return p.simulate(ctx)
	}
	return p.breadthFirst(ctx)
}

// breadthFirst runs the main search and then, if there is anything to show, the
// trace search.
func (p *problem[S]) breadthFirst(ctx context.Context) (*Result[S], error) {
	account := mem.NewAccount(p.opt.Memory)
	keeper, err := p.newKeeper()
	if err != nil {
		return nil, err
	}
	defer keeper.close()
	e := newEngine(p, workerCount(p.opt.Workers), account)
	e.keeper = keeper
	defer e.close()
	if err := e.run(ctx); err != nil {
		return nil, err
	}
	r := e.result()
	if e.stop.Load() == 0 {
		if err := e.saveEnd(func(at *snapshot) { at.Collision = r.Stats.CollisionProbability }); err != nil {
			return nil, err
		}
	}
	e.close()
	var wanted []event
	if !p.opt.Lattice.NoTrace {
		wanted = append(wanted, e.found...)
	}
	if p.opt.WitnessTrace {
		for _, ev := range e.reached {
			if ev != nil {
				wanted = append(wanted, *ev)
			}
		}
	}
	traces, why, err := e.trace(ctx, wanted)
	if err != nil {
		return nil, err
	}
	e.addTraces(r, traces, why)
	r.Stats.Bytes = account.Peak()
	if e.ended != nil {
		r.Stats.Bytes = max(r.Stats.Bytes, e.ended.Peak)
	}
	return r, nil
}

// result returns the result of a search that has ended, without traces.
func (e *engine[S]) result() *Result[S] {
	r := &Result[S]{
		Complete: !e.cut.done,
		Stopped:  e.cut.reason,
		Coverage: e.fired(),
		Stats: Stats{
			Distinct: e.distinct.Load(), Generated: e.generated.Load(), Depth: e.deepest,
			Workers: len(e.workers),
		},
	}
	if e.cut.done {
		r.CompleteFaults, r.CompleteDepth = e.cut.faults, e.cut.depth
	}
	for _, ev := range e.reached {
		r.Witnesses = append(r.Witnesses, ev != nil)
	}
	if e.ended != nil {
		r.Stats.CollisionProbability = e.ended.Collision
	} else if e.visited != nil {
		// Beside the set, a worker compares each successor, before and after it
		// is made canonical, with one that it has met, by 63 bits.
		met := float64(e.generated.Load()) / (1 << 62)
		r.Stats.CollisionProbability = min(1, e.visited.CollisionProbability(e.distinct.Load())+met)
	}
	return r
}

// fired is how often each transition was taken, where that is counted.
func (e *engine[S]) fired() []uint64 {
	sum := make([]uint64, len(e.p.effects))
	for _, w := range e.workers {
		for id, n := range w.fired {
			sum[id] += n
		}
	}
	return sum
}

// addTraces completes the result.
func (e *engine[S]) addTraces(r *Result[S], traces map[event]Trace[S], why StopReason) {
	for _, ev := range e.found {
		t, ok := traces[ev]
		because := StopReason(0)
		if !ok {
			because = why
		}
		r.Violations = append(r.Violations, &Violation[S]{
			Property: e.p.props[ev.what].Name,
			Faults:   e.p.faultsOf(ev.used, &t), Steps: ev.steps,
			Trace: t, Untraced: !ok, UntracedBy: because,
		})
	}
	if len(r.Violations) > 0 {
		r.Violation = r.Violations[0]
	}
	if !e.p.opt.WitnessTrace {
		return
	}
	r.WitnessTraces = make([]*Trace[S], len(e.reached))
	for i, ev := range e.reached {
		if ev == nil {
			continue
		}
		if t, ok := traces[*ev]; ok {
			r.WitnessTraces[i] = &t
		}
	}
}
