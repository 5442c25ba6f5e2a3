package verdict

import (
	"slices"

	"github.com/kcheck/kcheck/model"
)

// because lists the settings of a result that make a step possible, the decisive one first.
func because(step *Step, c *model.Config, settings []Setting) []string {
	keys := []string{}
	for _, names := range step.typed().Causes(c) {
		for _, name := range names {
			read := func(s Setting) bool { return s.Read && s.Key == name }
			if slices.ContainsFunc(settings, read) && !slices.Contains(keys, name) {
				keys = append(keys, name)
			}
		}
	}
	return keys
}

// typed is the step as the model tells it.
func (s *Step) typed() *model.Step {
	t := &model.Step{Action: s.Action, Actor: s.Actor, Params: s.Params, Outcome: s.Outcome}
	for _, c := range s.Changes {
		t.Changes = append(t.Changes, model.Change{What: c.What, Kind: c.Kind, From: c.From, To: c.To})
	}
	return t
}
