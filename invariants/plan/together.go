package plan

import (
	"context"
	"slices"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/model"
)

// Together is for guarantees that are asked of one configuration one after the other. What they ask of the producer and
// the brokers without a consumer - what the log owes them, see [Search] - is asked of the same states. So these are
// explored once, for all of them. If that finds a violation, it says nothing about the others, and about how soon each
// is violated: then each is explored alone.
//
// A Together is used by one goroutine, and with the same options throughout. Checks of another configuration than the
// first are searched alone.
type Together struct {
	guarantees []invariants.Guarantee
	counted    model.Counted // what the question counts
	config     model.Config  // but for Sees
	joint      *joint        // nil until the first of them is searched
}

// joint is what the common search found.
type joint struct {
	check  *Check
	result *Result
	// witnesses is where the witnesses of a guarantee are in those of check; -1: it needs none.
	witnesses map[string]int
}

// NewTogether is for these guarantees, with what the question counts; nil if there are not several known ones.
func NewTogether(names []string, counted model.Counted) *Together {
	t := &Together{counted: counted}
	for _, name := range names {
		if g, err := invariants.Lookup(name); err == nil {
			t.guarantees = append(t.guarantees, g)
		}
	}
	if len(t.guarantees) < 2 {
		return nil
	}
	return t
}

// search is the search of the log for a check: of its log part, or of the check itself where it is about the log alone.
// ok is false if the check has to be searched alone.
func (t *Together) search(ctx context.Context, k *Check, o options) (r *Result, about *Check, ok bool, err error) {
	if t == nil || o.Strategy != explore.BFS || k.Model.Config().NoReductions || o.Exhaust || o.FaultSets || k.Model.OutputKafka() {
		return nil, nil, false, nil
	}
	config := k.Model.Config()
	config.Sees = 0
	if t.joint == nil {
		t.config = config
		if t.joint, err = t.prepare(k, o); err != nil {
			return nil, nil, false, err
		}
		if len(t.joint.witnesses) > 1 {
			if t.joint.result, err = run(ctx, t.joint.check, o); err != nil {
				return nil, nil, false, err
			}
		}
	}
	at, takesPart := t.joint.witnesses[k.Guarantee.Name]
	if !takesPart || config != t.config || t.joint.result == nil || t.joint.result.Violation != nil {
		return nil, nil, false, nil
	}
	own := *t.joint.result
	joint := t.joint.check
	if at < 0 {
		return &own, k.OfLog(joint.Model), true, nil
	}
	own.Witnesses = own.Witnesses[at:][:len(k.Witnesses)]
	return &own, k.On(joint.Model), true, nil
}

// prepare makes the check of what all guarantees ask of the log.
func (t *Together) prepare(k *Check, o options) (*joint, error) {
	m, err := logModel(k)
	if err != nil {
		return nil, err
	}
	j := &joint{check: &Check{Model: m}, witnesses: map[string]int{}}
	for _, g := range t.guarantees {
		own, err := invariants.Prepare(g.Name, k.Model.Config(), t.counted)
		if err != nil {
			return nil, err
		}
		switch {
		case g.OnLog():
			of := own.On(m)
			j.witnesses[g.Name] = len(j.check.Witnesses)
			j.check.Witnesses = append(j.check.Witnesses, of.Witnesses...)
			j.add(of)
		case splits(own, o):
			j.witnesses[g.Name] = -1
			j.add(own.OfLog(m))
		}
	}
	return j, nil
}

// add adds the properties of a check that are not there yet. Which messages count is part of what they say.
func (j *joint) add(k *Check) {
	for _, p := range k.Properties {
		p.Name += " of " + k.Counted.String()
		if !slices.ContainsFunc(j.check.Properties, func(q explore.Property[model.State]) bool { return q.Name == p.Name }) {
			j.check.Properties = append(j.check.Properties, p)
		}
	}
}
