package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// comparison compares ways of answering, and counts.
type comparison struct {
	states uint64 // the largest plain state space

	drawn, violated, held int
	// wrong, for the tests, makes the answer of the way with this name another one.
	wrong string
}

// answer is what must not depend on the way.
type answer struct {
	verdict string
	faults  int
	steps   int
	sets    string
	first   model.Budget // one of the sets, where the answer names them
}

// String leaves first out, which is one of the sets.
func (a answer) String() string {
	return fmt.Sprintf("%s, %d faults, %d steps, sets %q", a.verdict, a.faults, a.steps, a.sets)
}

// way is a way of answering: what it leaves open of an answer is taken from the plain one.
type way struct {
	name string
	ask  func(ctx context.Context, k *invariants.Check, plain *answer) (answer, error)
}

// errSkipped says that a question is too large, or none that kcheck can answer.
var errSkipped = errors.New("skipped")

// compare answers a question in every way. It returns what differs, or "".
func (c *comparison) compare(ctx context.Context, q *question) (string, error) {
	c.drawn++
	k, err := prepare(q)
	if err != nil {
		return "", nil
	}
	plain, err := c.plain(ctx, k)
	switch {
	case errors.Is(err, errSkipped):
		return "", nil
	case err != nil:
		return "", err
	case plain.verdict == violated:
		c.violated++
	default:
		c.held++
	}
	for _, find := range []func(k *invariants.Check) string{findCycle, findMerge} {
		if found := find(k); found != "" {
			return found, nil
		}
	}
	for _, w := range ways {
		got, err := w.ask(ctx, k, &plain)
		if errors.Is(err, errSkipped) || ctx.Err() != nil {
			continue
		}
		if err != nil {
			return "", fmt.Errorf("%s: %w", w.name, err)
		}
		if w.name == c.wrong && got.verdict == violated {
			got.faults++
		}
		if got.first = plain.first; got != plain {
			return fmt.Sprintf("%s says %s, the plain search %s", w.name, got, plain), nil
		}
	}
	return "", nil
}

// prepare makes the check of a question. The error says why there is none: Kafka refuses it, or a spec may not say it.
func prepare(q *question) (*invariants.Check, error) {
	resolved, err := kafkaconf.Load(q.request())
	if err != nil {
		return nil, err
	}
	if resolved == nil || len(resolved.Refused) > 0 || resolved.Problems.Failed() {
		return nil, errSkipped
	}
	return invariants.Prepare(q.guarantee, resolved.Config, resolved.Counted)
}

const violated, holds = "violated", "holds"

// plain is the answer of the search without any reduction, with the minimal sets of faults.
func (c *comparison) plain(ctx context.Context, k *invariants.Check) (answer, error) {
	config := k.Model.Config()
	config.NoReductions = true
	p, err := invariants.Prepare(k.Guarantee.Name, config, k.Counted)
	if err != nil {
		return answer{}, err
	}
	o := options(p)
	o.NoSymmetry, o.Exhaust, o.MaxStates = true, true, c.states
	r, err := explore.Check(ctx, p.Spec(bounded(o, p)))
	if err != nil {
		return answer{}, err
	}
	if !r.Complete || r.Stopped != explore.Exhausted {
		return answer{}, errSkipped
	}
	a := of(k, r, true)
	if a.verdict == violated && p.Model.OutputKafka() && !anyNumber(p) {
		return a, c.processFirst(ctx, p, &a)
	}
	return a, nil
}

// processFirst gives an answer the steps of the minimal counterexample of process and coordinator alone, if that takes as few
// faults and fewer steps: those of the replicas are none of it.
func (c *comparison) processFirst(ctx context.Context, p *invariants.Check, a *answer) error {
	config := p.Model.Config()
	for i := range config.Faults {
		if model.FaultKind(i).OfBroker() {
			config.Faults[i] = 0
		}
	}
	for _, lost := range []uint8{config.Faults[model.ResponseLost], 0} { // without it, an output and its answer are one step
		config.Faults[model.ResponseLost] = lost
		k, err := invariants.Prepare(p.Guarantee.Name, config, p.Counted)
		if err != nil {
			return err
		}
		o := options(k)
		o.NoSymmetry, o.MaxStates = true, c.states
		if o.MaxFaults = a.faults; a.faults == 0 {
			o.Budget = make([]int, len(o.Budget))
		}
		r, err := explore.Check(ctx, k.Spec(bounded(o, k)))
		if err != nil || cut(r) {
			return orSkipped(err)
		}
		if own := of(k, r, false); own.verdict == violated && own.faults == a.faults && own.steps < a.steps {
			a.steps, a.first = own.steps, asBudget(r.Violation.Faults)
		}
	}
	return nil
}

// mostMemory and mostStates bound the memory and the states of a way: one that needs more is left out for this question.
const (
	mostMemory = 256 << 20
	mostStates = 200_000
)

// options are those of a default search.
func options(k *invariants.Check) explore.Options[model.State] {
	c := k.Model.Config()
	return explore.Options[model.State]{Budget: plan.Budget(&c), MaxFaults: plan.MaxFaults(&c), Memory: mostMemory, MaxStates: mostStates}
}

// cut says that a limit ended a search, which says nothing then.
func cut(r *plan.Result) bool {
	return r.Stopped == explore.OutOfMemory || r.Stopped == explore.StatesReached
}

func bounded(o explore.Options[model.State], k *invariants.Check) explore.Options[model.State] {
	o.Bound = k.Model.BoundHit
	return o
}

// of is the answer that a result is.
func of(k *invariants.Check, r *plan.Result, withSets bool) answer {
	if r.Violation == nil {
		for _, reached := range r.Witnesses {
			if !reached {
				return answer{verdict: "vacuous"}
			}
		}
		if !r.Complete {
			return answer{verdict: "not complete"}
		}
		return answer{verdict: holds}
	}
	a := answer{verdict: violated, faults: total(r.Violation.Faults), steps: steps(k, r.Violation.Steps)}
	if withSets && !anyNumber(k) {
		var sets [][]int
		for _, v := range r.Violations {
			sets = append(sets, v.Faults)
		}
		a.sets = setsText(sets)
		a.first = asBudget(sets[0])
	}
	return a
}

// steps are those of a counterexample, where every way has the same: an output partition is explored apart from the process
// that writes to it where a run has any number of faults.
func steps(k *invariants.Check, n int) int {
	if k.Model.OutputKafka() && anyNumber(k) {
		return 0
	}
	return n
}

// asBudget is a set of faults as a budget.
func asBudget(set []int) (b model.Budget) {
	for kind, n := range set {
		b[kind] = uint8(n)
	}
	return b
}

func total(faults []int) (n int) {
	for _, f := range faults {
		n += f
	}
	return n
}

// setsText lists the minimal sets among these, in an order of its own.
func setsText(sets [][]int) string {
	var minimal []string
	for i, set := range sets {
		superset := slices.ContainsFunc(sets, func(o []int) bool { return subset(o, set) && !slices.Equal(o, set) })
		again := slices.ContainsFunc(sets[:i], func(o []int) bool { return slices.Equal(o, set) })
		if !superset && !again {
			minimal = append(minimal, asBudget(set).String())
		}
	}
	slices.Sort(minimal)
	return strings.Join(minimal, "; ")
}

// subset says whether the faults a are a part of b, or all of it.
func subset(a, b []int) bool {
	for i, n := range a {
		if n > b[i] {
			return false
		}
	}
	return true
}
