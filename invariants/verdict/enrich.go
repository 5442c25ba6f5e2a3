package verdict

import (
	"context"
	"fmt"
	"slices"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/model"
)

// narrator is an optional interface of a teller that knows what pictures and ledgers need.
type narrator[S comparable] interface {
	Lanes() []string
	Values(s *S) []Value
	Columns() (columns []Column, sticky []bool)
	Row(s *S, msg int) []string
	Messages() int
	Because(step *Step, settings []Setting) []string
	Blamed(property string, t explore.Trace[S]) []int
}

// adopt makes a counterexample of a part one of the whole, where the whole can take the same steps and breaks the same
// property by them, and returns the subject that the counterexample is then about.
func (s *subject[S]) adopt(part *subject[S], v *explore.Violation[S]) *subject[S] {
	if s == part || v.Untraced {
		return part
	}
	ids := map[string]explore.TransitionID{}
	for id, t := range s.model.Transitions() {
		ids[t.String()] = explore.TransitionID(id)
	}
	table := part.model.Transitions()
	var path []explore.TransitionID
	for _, step := range v.Trace.Steps {
		id, ok := ids[table[step.ID].String()]
		if !ok {
			return part
		}
		path = append(path, id)
	}
	trace, err := explore.Replay(s.model, s.model.Initial(nil)[0], path)
	if err != nil {
		return part
	}
	last := trace.Last()
	for _, p := range s.properties {
		if p.Name == v.Property && p.Invariant != nil && !p.Invariant(&last) {
			v.Trace = trace
			return s
		}
	}
	return part
}

// narrate adds to a result with a counterexample what pictures and ledgers need.
func (s *subject[S]) narrate(res *Result, v *explore.Violation[S]) {
	strong := s.slice(&v.Trace)
	for i := range res.Steps {
		res.Steps[i].Strong = strong == nil || strong[i]
	}
	res.Sliced = strong != nil
	res.Branch = s.branch(&v.Trace)
	s.setting(res, res.Steps)
	if res.Branch != nil {
		s.setting(res, res.Branch.Steps)
	}
	n, ok := s.teller.(narrator[S])
	if !ok {
		return
	}
	res.Lanes = n.Lanes()
	res.Initial = n.Values(&v.Trace.Initial)
	blamed := n.Blamed(v.Property, v.Trace)
	res.Symptom, res.Broken = invariants.SymptomOf(v.Property), nil
	for _, msg := range blamed {
		res.Broken = append(res.Broken, model.MessageID(msg+1))
	}
	res.Ledger = s.ledger(&v.Trace, blamed)
}

// show adds to a result that holds a run that shows the guarantee at work.
func (s *subject[S]) show(res *Result, q *Question) {
	res.Showing = s.showing(q.Config.Faults)
	if res.Showing == nil {
		return
	}
	s.setting(res, res.Showing.Steps)
	if n, ok := s.teller.(narrator[S]); ok {
		res.Lanes = n.Lanes()
		res.Initial = n.Values(&s.model.Initial(nil)[0])
	}
}

// setting says of each step which settings make it possible.
func (s *subject[S]) setting(res *Result, steps []Step) {
	n, ok := s.teller.(narrator[S])
	if !ok {
		return
	}
	for i := range steps {
		steps[i].Settings = n.Because(&steps[i], res.Settings)
	}
}

// ledger follows every message along a trace. blamed are the messages for which the guarantee breaks.
func (s *subject[S]) ledger(t *explore.Trace[S], blamed []int) *Ledger {
	n, ok := s.teller.(narrator[S])
	if !ok {
		return nil
	}
	columns, sticky := n.Columns()
	l := &Ledger{Columns: columns, Rows: []Row{}}
	for msg := range n.Messages() {
		row := Row{Message: fmt.Sprintf("m%d", msg+1), Broken: slices.Contains(blamed, msg)}
		row.Cells = make([][]Entry, len(columns))
		row.note(0, n.Row(&t.Initial, msg), sticky)
		for i := range t.Steps {
			row.note(i+1, n.Row(&t.Steps[i].State, msg), sticky)
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
