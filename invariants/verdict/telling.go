package verdict

import (
	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/describe"
)

// step tells one step: who acts, what happens and what it changes.
func (s *subject) step(pre *model.State, id explore.TransitionID, post *model.State) Step {
	made := s.Model.Step(pre, id, post)
	signal := Signal(describe.SignalOf(&made, s.lanes()))
	step := Step{Actor: made.Actor, Params: made.Params, Outcome: made.Outcome, Text: describe.Text(&made), Signal: &signal,
		Changes: []Change{}}
	for _, c := range made.Changes {
		step.Changes = append(step.Changes, Change{What: c.What, Kind: c.Kind, From: c.From, To: c.To,
			Before: describe.Value(c.Kind, c.From), After: describe.Value(c.Kind, c.To)})
	}
	return step
}

// fates says what became of each message.
func (s *subject) fates(state *model.State) []string { return describe.Fates(s.Model.View(state)) }

// lanes are the lanes of a sequence diagram.
func (s *subject) lanes() []string { return describe.Lanes(s.initial()) }

// initial is the state in which every run begins.
func (s *subject) initial() *model.View { return s.Model.View(&s.Model.Initial(nil)[0]) }

// values lists the parts of a state.
func (s *subject) values(state *model.State) []Value {
	values := []Value{}
	for _, p := range s.Model.View(state).Parts() {
		values = append(values, Value{What: p.What, Value: describe.Value(p.Kind, p.Is), Kind: p.Kind, Is: p.Is})
	}
	return values
}

// leftOut names what the model does not cover.
func leftOut() []string { return model.LeftOut() }
