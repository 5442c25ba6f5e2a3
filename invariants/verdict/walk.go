package verdict

import (
	"math/rand/v2"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/model"
)

// Walk is one random run of the question's model as a result without a verdict's search: up to some number of steps at
// random among those that allow picks by action, faults within the budget, then steps that are no faults until nothing
// but a fault can happen any more. The same seed and number give the same walk. It is nil where the guarantee breaks on
// the way.
func Walk(q Question, seed, number uint64, steps int, allow func(action string) bool) (*Result, error) {
	check, err := invariants.Prepare(q.Guarantee, q.Config, q.Counted)
	if err != nil {
		return nil, err
	}
	s := &subject{check}
	w := walker{subject: s, left: plan.Budget(&q.Config), allow: allow, rng: rand.New(rand.NewPCG(seed, number))}
	trace := explore.Trace[model.State]{Initial: s.Model.Initial(nil)[0]}
	state := trace.Initial
	for {
		next := w.choose(&state, len(trace.Steps) < steps)
		if next == nil {
			break
		}
		if s.Broken(&next.State) || s.Model.BoundHit(&next.State) {
			return nil, nil
		}
		state = next.State
		trace.Steps = append(trace.Steps, explore.TraceStep[model.State]{ID: next.ID, State: state})
	}
	if s.BrokenAtEnd(&state) {
		return nil, nil
	}
	res := empty()
	res.Spec, res.About, res.Guarantee, res.Verdict = q.Spec, q.About, q.Guarantee, Holds
	res.Kafka, res.Release = q.Config.Kafka.String(), q.Config.Kafka.Release().String()
	res.Scope = Scope{Messages: q.Config.Scope.Messages, Replicas: q.Config.Topic.Replicas}
	res.Settings = q.Settings
	res.Initial = s.values(&trace.Initial)
	res.Steps = s.steps(&trace)
	res.Fates = s.fates(&state)
	return &res, nil
}

// walker chooses the steps of a walk.
type walker struct {
	*subject
	left  []int // of the fault budget
	allow func(action string) bool
	rng   *rand.Rand
}

// choose picks a successor at random; nil where there is none.
func (w *walker) choose(state *model.State, faults bool) *explore.Successor[model.State] {
	table := w.Model.Transitions()
	var chosen *explore.Successor[model.State]
	n := 0
	for _, to := range explore.Successors(w.Model, state) {
		t := table[to.ID]
		if !w.allow(t.Action) || t.Class == explore.Fault && (!faults || w.left[t.Fault] == 0) {
			continue
		}
		if n++; w.rng.IntN(n) == 0 {
			chosen = &to
		}
	}
	if chosen != nil && table[chosen.ID].Class == explore.Fault {
		w.left[table[chosen.ID].Fault]--
	}
	return chosen
}
