package verdict

import (
	"context"
	"fmt"
	"slices"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/describe"
)

// adopt makes a counterexample of a part one of the whole, where the whole can take the same steps and breaks the same
// property by them, and returns the subject that the counterexample is then about.
func (s *subject) adopt(part *subject, v *explore.Violation[model.State]) *subject {
	if s == part || v.Untraced {
		return part
	}
	ids := map[string]explore.TransitionID{}
	for id, t := range s.Model.Transitions() {
		ids[t.String()] = explore.TransitionID(id)
	}
	table := part.Model.Transitions()
	var path []explore.TransitionID
	for _, step := range v.Trace.Steps {
		id, ok := ids[table[step.ID].String()]
		if !ok {
			return part
		}
		path = append(path, id)
	}
	trace, err := explore.Replay(s.Model, s.Model.Initial(nil)[0], path)
	if err != nil {
		return part
	}
	last := trace.Last()
	for _, p := range s.Properties {
		if p.Name == v.Property && p.Invariant != nil && !p.Invariant(&last) {
			v.Trace = trace
			return s
		}
	}
	return part
}

// narrate adds to a result with a counterexample what pictures and ledgers need.
func (s *subject) narrate(res *Result, v *explore.Violation[model.State]) {
	strong := s.slice(&v.Trace)
	for i := range res.Steps {
		res.Steps[i].Strong = strong == nil || strong[i]
	}
	res.Sliced = strong != nil
	res.Branch = s.branch(&v.Trace)
	s.elsewhere(res, &v.Trace)
	s.setting(res, res.Steps)
	if res.Branch != nil {
		s.setting(res, res.Branch.Steps)
	}
	res.Lanes = s.lanes()
	res.Initial = s.values(&v.Trace.Initial)
	blamed := s.Blamed(v.Property, v.Trace)
	res.Symptom, res.Broken = invariants.SymptomOf(v.Property), nil
	for _, msg := range blamed {
		res.Broken = append(res.Broken, model.MessageID(msg+1))
	}
	res.Ledger = s.ledger(&v.Trace, blamed)
}

// show adds to a result that holds a run that shows the guarantee at work.
func (s *subject) show(res *Result, q *Question) {
	res.Showing = s.showing(q.Config.Faults)
	if res.Showing == nil {
		return
	}
	s.setting(res, res.Showing.Steps)
	res.Lanes = s.lanes()
	res.Initial = s.values(&s.Model.Initial(nil)[0])
}

// setting says of each step which settings make it possible.
func (s *subject) setting(res *Result, steps []Step) {
	c := s.Model.Config()
	for i := range steps {
		steps[i].Settings = because(&steps[i], &c, res.Settings)
	}
}

// ledger follows every message along a trace. blamed are the messages for which the guarantee breaks.
func (s *subject) ledger(t *explore.Trace[model.State], blamed []int) *Ledger {
	l := &Ledger{Rows: []Row{}}
	var sticky []bool
	for _, c := range describe.Columns(s.initial()) {
		l.Columns = append(l.Columns, Column{c.Key, c.Title, c.Note})
		sticky = append(sticky, c.Sticky)
	}
	at := func(state *model.State, msg int) []string { return describe.Row(s.Model.View(state), msg) }
	for msg := range s.Model.Messages() {
		row := Row{Message: fmt.Sprintf("m%d", msg+1), Broken: slices.Contains(blamed, msg)}
		row.Cells = make([][]Entry, len(l.Columns))
		row.note(0, at(&t.Initial, msg), sticky)
		for i := range t.Steps {
			row.note(i+1, at(&t.Steps[i].State, msg), sticky)
		}
		l.Rows = append(l.Rows, row)
	}
	return l
}

// note adds the values after a step where they differ from those before.
func (r *Row) note(step int, values []string, sticky []bool) {
	for i, v := range values {
		cell := &r.Cells[i]
		if *cell == nil {
			*cell = []Entry{}
		}
		if v == At(*cell, step) || v == "" && sticky[i] {
			continue
		}
		*cell = append(*cell, Entry{step, v})
	}
}

// needed checks each fault of a counterexample: with one occurrence of it left out of the budget of those that were
// used, the guarantee is not broken. Where the search was large and the counterexample is minimal, the search itself has
// shown that.
func needed(ctx context.Context, res *Result, q *Question, o Options) []Needed {
	const large = 100_000 // states of the search above which it is not done again
	var list []Needed
	for kind := range model.FaultKind(model.NumFaults) {
		name := kind.String()
		if res.Faults[name] == 0 {
			continue
		}
		less := *q
		less.Config.Faults = model.Budget{}
		for k := range model.FaultKind(model.NumFaults) {
			less.Config.Faults[k] = uint8(res.Faults[k.String()])
		}
		less.Config.Faults[kind]--
		less.Config.Bounds.Total = model.Unbounded // the set itself is the bound
		n := Needed{Fault: name, Without: less.Config.Faults.Map(), Verdict: Holds, By: BySearch}
		if !res.Minimal || res.Stats.Distinct <= large {
			again := empty()
			plain := o
			plain.bare, plain.Progress, plain.Coverage, plain.Strategy = true, nil, false, explore.BFS
			if err := answer(ctx, &again, &less, plain); err == nil && again.Verdict != Inconclusive {
				n.Verdict, n.By, n.Distinct = again.Verdict, ByCheck, again.Stats.Distinct
			} else if !res.Minimal {
				continue
			}
		}
		list = append(list, n)
	}
	return list
}

// glossary documents the actions that occur in a report.
func (r *Report) glossary() {
	used := map[string]bool{}
	for i := range r.Results {
		res := &r.Results[i]
		lists := [][]Step{res.Steps}
		if res.Branch != nil {
			lists = append(lists, res.Branch.Steps)
		}
		if res.Showing != nil {
			lists = append(lists, res.Showing.Steps)
		}
		for _, steps := range lists {
			for _, s := range steps {
				used[s.Action] = true
			}
		}
	}
	for _, a := range model.Actions() {
		if !used[a.Name] {
			continue
		}
		if r.Actions == nil {
			r.Actions = map[string]Action{}
		}
		r.Actions[a.Name] = Action{Summary: a.Doc.Summary, Guard: a.Doc.Guard, Abstracts: a.Doc.Abstracts, Source: a.Doc.Source()}
	}
}
