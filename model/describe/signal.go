package describe

import (
	"slices"

	"github.com/kcheck/kcheck/model"
)

// Signal is what a step sends from one lane of a sequence diagram to another. A step that concerns one lane alone has
// no To; one that concerns all brokers at once has the From [LaneBrokers].
type Signal struct {
	From, To string
	Label    string // a few words: "produce m1"
	Lost     bool   // it never arrives, or only after its sender has stopped waiting
}

// LaneBrokers stands for the lanes of all brokers at once.
const LaneBrokers = model.ActorBrokers

// Lanes names the lanes of a sequence diagram, from the sending application to the reading one.
func Lanes(v *model.View) []string {
	lanes := []string{"application", "producer"}
	if o := v.Output; o != nil {
		lanes = []string{"input", "process"}
		if len(o.Processes) > 1 {
			lanes = append(lanes, "old-process")
		}
		if o.Transactions != nil {
			lanes = append(lanes, "coordinator")
		}
	}
	for _, b := range v.Brokers {
		lanes = append(lanes, b.ID.String())
	}
	if v.Output == nil || !v.Output.Reliable {
		lanes = append(lanes, "controller")
	}
	switch {
	case v.Output != nil:
		return append(lanes, "downstream")
	case v.Share != nil:
		for _, m := range v.Share.Members {
			lanes = append(lanes, string(m.Name))
		}
		return lanes
	}
	return append(lanes, "consumer")
}

// SignalOf says what a step sends, and between which of the lanes. Where the model has no lane for the sender, the step
// concerns the receiver alone.
func SignalOf(s *model.Step, lanes []string) Signal {
	a := model.ActionNamed(s.Action)
	o := a.OutcomeNamed(s.Outcome)
	lane := laneParam(&s.Params)
	g := Signal{From: fill(a.Route.From, lane), To: fill(a.Route.To, lane), Label: fill(a.Route.Label, lane), Lost: a.Route.Lost}
	if o.Label != "" {
		g.Label = fill(o.Label, lane)
	}
	if o.Back {
		g.From, g.To = g.To, g.From
	}
	if g.From != LaneBrokers && !slices.Contains(lanes, g.From) {
		g.From, g.To = g.To, ""
	}
	return g
}

// laneParam finds parameters of a step by name as a diagram has them: a member by the lane of its process.
func laneParam(p *model.Params) func(name string) string {
	return func(name string) string {
		if name == "member" {
			return map[model.Member]string{model.MemberOwner: "process", model.MemberFormer: "old-process",
				model.MemberFirst: string(model.MemberFirst), model.MemberSecond: string(model.MemberSecond)}[p.Member]
		}
		return param(p, name)
	}
}
