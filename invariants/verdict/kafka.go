package verdict

import (
	"context"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/model"
)

// answer explores the model of Kafka for the question.
func answer(ctx context.Context, res *Result, q *Question, o Options) error {
	config := q.Config
	config.NoReductions = o.NoReductions
	check, err := invariants.Prepare(q.Guarantee, config, q.Counted)
	if err != nil {
		return err
	}
	res.Notes = append(res.Notes, check.Model.Notes()...)
	s := subjectOf(check)
	type found = *plan.Result
	s.explore = func(ctx context.Context, e explore.Options[model.State]) (found, *subject[model.State], error) {
		r, about, err := plan.Search(ctx, check, plan.Options{Options: e, Together: o.together, CountsSteps: o.Coverage})
		if err != nil {
			return nil, nil, err
		}
		return r, subjectOf(about), nil
	}
	if err := s.search(ctx, res, q, o); err != nil {
		return err
	}
	if res.Verdict == Holds {
		res.Reason = keeping(q, claim(q))
	}
	return nil
}

// subjectOf is a check as this package searches it.
func subjectOf(check *invariants.Check) *subject[model.State] {
	return &subject[model.State]{
		model:      check.Model,
		properties: check.Properties,
		witnesses:  check.Witnesses,
		bound:      check.Model.BoundHit,
		teller:     kafkaTeller{check.Model, check},
	}
}

// kafkaTeller tells traces of the model in Kafka's words.
type kafkaTeller struct {
	*model.Model
	check *invariants.Check
}

// Reason implements teller.
func (k kafkaTeller) Reason(property string, t explore.Trace[model.State]) string {
	return k.check.Reason(property, t)
}

// Changes implements teller.
func (k kafkaTeller) Changes(pre, post *model.State) []Change {
	changes := []Change{}
	for _, c := range k.Model.Changes(pre, post) {
		changes = append(changes, Change(c))
	}
	return changes
}

// Signal implements narrator.
func (k kafkaTeller) Signal(pre *model.State, id explore.TransitionID, post *model.State) Signal {
	return Signal(k.Model.Signal(pre, id, post))
}

// Values implements narrator.
func (k kafkaTeller) Values(s *model.State) []Value {
	values := []Value{}
	for _, v := range k.Model.Values(s) {
		values = append(values, Value(v))
	}
	return values
}

// Columns implements narrator.
func (k kafkaTeller) Columns() (columns []Column, sticky []bool) {
	for _, c := range k.LedgerColumns() {
		columns = append(columns, Column{c.Key, c.Title, c.Note})
		sticky = append(sticky, c.Sticky)
	}
	return columns, sticky
}

// Row implements narrator.
func (k kafkaTeller) Row(s *model.State, msg int) []string { return k.LedgerRow(s, msg) }

// Because implements narrator.
func (k kafkaTeller) Because(step *Step, settings []Setting) []string {
	c := k.Config()
	return because(step, &c, settings)
}

// Blamed implements narrator.
func (k kafkaTeller) Blamed(property string, t explore.Trace[model.State]) []int {
	return k.check.Blamed(property, t)
}

// leftOut names what the model does not cover.
func leftOut() []string { return model.LeftOut() }
