package verdict

import (
	"context"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/describe"
)

// answer explores the model of Kafka for the question.
func answer(ctx context.Context, res *Result, q *Question, o Options) error {
	config := q.Config
	config.NoReductions = o.NoReductions
	check, err := invariants.Prepare(q.Guarantee, config, q.Counted)
	if err != nil {
		return err
	}
	res.Notes = append(res.Notes, describe.Notes(check.Model)...)
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

// Step implements teller.
func (k kafkaTeller) Step(pre *model.State, id explore.TransitionID, post *model.State) Step {
	made := k.Model.Step(pre, id, post)
	signal := Signal(describe.SignalOf(&made, k.Lanes()))
	step := Step{Actor: made.Actor, Params: made.Params, Outcome: made.Outcome, Text: describe.Text(&made), Signal: &signal,
		Changes: []Change{}}
	for _, c := range made.Changes {
		step.Changes = append(step.Changes, Change{What: c.What, Kind: c.Kind, From: c.From, To: c.To,
			Before: describe.Value(c.Kind, c.From), After: describe.Value(c.Kind, c.To)})
	}
	return step
}

// Fates implements teller.
func (k kafkaTeller) Fates(s *model.State) []string { return describe.Fates(k.View(s)) }

// Lanes implements narrator.
func (k kafkaTeller) Lanes() []string { return describe.Lanes(k.initial()) }

// initial is the state in which every run begins.
func (k kafkaTeller) initial() *model.View { return k.View(&k.Initial(nil)[0]) }

// Values implements narrator.
func (k kafkaTeller) Values(s *model.State) []Value {
	values := []Value{}
	for _, p := range k.View(s).Parts() {
		values = append(values, Value{What: p.What, Value: describe.Value(p.Kind, p.Is), Kind: p.Kind, Is: p.Is})
	}
	return values
}

// Columns implements narrator.
func (k kafkaTeller) Columns() (columns []Column, sticky []bool) {
	for _, c := range describe.Columns(k.initial()) {
		columns = append(columns, Column{c.Key, c.Title, c.Note})
		sticky = append(sticky, c.Sticky)
	}
	return columns, sticky
}

// Row implements narrator.
func (k kafkaTeller) Row(s *model.State, msg int) []string { return describe.Row(k.View(s), msg) }

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
