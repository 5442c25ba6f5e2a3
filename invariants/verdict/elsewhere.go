package verdict

import (
	"cmp"
	"slices"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// Elsewhere is a step that could have been taken in place of one of a counterexample, and where it leads.
type Elsewhere struct {
	Action string   `json:"action"`
	Text   string   `json:"text"`
	Kind   string   `json:"kind,omitempty"` // of fault, for a step that is one
	Stands Standing `json:"stands"`
	// Steps is how many steps later, without another fault, all is settled and the guarantee kept, where it stands intact; Fates
	// says what then has become of each message.
	Steps int      `json:"steps,omitempty"`
	Fates []string `json:"fates,omitempty"`
}

// Standing is how a guarantee stands after a step.
type Standing string

// The standings.
const (
	StandsIntact Standing = "intact" // a run without another fault keeps it
	StandsDoomed Standing = "doomed" // it is not broken, and no run without another fault keeps it
	StandsBroken Standing = "broken"
	StandsOpen   Standing = "open" // it is not broken; more was not found out
)

// Bounds of what else could have happened: the file stays small, and it is found out soon.
const (
	maxElsewhereSteps  = 60     // longer traces tell it of their last steps only
	maxElsewhere       = 4      // of one step
	maxElsewhereLook   = 400    // states looked at behind one of them
	maxElsewhereStates = 20_000 // and behind all
)

// elsewhere says of the steps of a counterexample what else could have happened, within the fault budget: in each state before
// a step, the other steps, of those that lead to the same state one. What breaks the guarantee comes first, then what keeps it.
func (s *subject) elsewhere(res *Result, t *explore.Trace[model.State]) {
	c := s.Model.Config()
	used, left, pre := model.Budget{}, maxElsewhereStates, t.Initial
	for i := range t.Steps {
		step := &res.Steps[i]
		if len(t.Steps)-i <= maxElsewhereSteps {
			others := s.others(&pre, &t.Steps[i], func(kind int) bool {
				return used[kind] < c.Faults[kind] && (c.Faults.HasAny() || used.Total() < c.MostFaults())
			})
			step.More = max(0, len(others)-maxElsewhere)
			for _, o := range others {
				if len(step.Elsewhere) < maxElsewhere {
					step.Elsewhere = append(step.Elsewhere, s.tellElsewhere(&pre, o, &left))
				}
			}
		}
		if tr := s.Model.Transitions()[t.Steps[i].ID]; tr.Class == explore.Fault {
			used[tr.Fault]++
		}
		pre = t.Steps[i].State
	}
}

// other is a step that is not taken.
type other struct {
	explore.Successor[model.State]
	broken, fault bool
}

// others lists the steps from a state but one, those that break the guarantee first and faults last.
func (s *subject) others(pre *model.State, taken *explore.TraceStep[model.State], mayFail func(kind int) bool) []other {
	table := s.Model.Transitions()
	seen := map[model.State]bool{s.canonical(*pre): true, s.canonical(taken.State): true}
	var list []other
	for _, n := range explore.Successors(s.Model, pre) {
		fault := table[n.ID].Class == explore.Fault
		if c := s.canonical(n.State); seen[c] || fault && !mayFail(table[n.ID].Fault) {
			continue
		} else {
			seen[c] = true
		}
		list = append(list, other{n, s.Broken(&n.State), fault})
	}
	rank := func(o other) int {
		switch {
		case o.broken:
			return 0
		case o.fault:
			return 2
		}
		return 1
	}
	slices.SortStableFunc(list, func(a, b other) int { return cmp.Compare(rank(a), rank(b)) })
	return list
}

// tellElsewhere says where a step leads. left is how many states may still be looked at.
func (s *subject) tellElsewhere(pre *model.State, o other, left *int) Elsewhere {
	table := s.Model.Transitions()
	e := Elsewhere{Action: table[o.ID].Action, Text: s.step(pre, o.ID, &o.State).Text, Stands: StandsOpen}
	if o.fault {
		e.Kind = model.FaultKind(table[o.ID].Fault).String()
	}
	switch limit := min(*left, maxElsewhereLook); {
	case o.broken:
		e.Stands = StandsBroken
	case s.atRest(&o.State):
		if e.Stands = StandsIntact; s.BrokenAtEnd(&o.State) {
			e.Stands = StandsBroken
		} else {
			e.Fates = s.fates(&o.State)
		}
	case limit > 0:
		tail, used := s.settle(o.State, limit, func(*model.State) bool { return true })
		*left -= min(used, limit)
		switch {
		case tail != nil:
			e.Stands, e.Steps, e.Fates = StandsIntact, len(tail), s.fates(&tail[len(tail)-1].State)
		case used < limit:
			e.Stands = StandsDoomed
		}
	}
	return e
}

// atRest says that nothing but a fault can happen any more.
func (s *subject) atRest(state *model.State) bool {
	table := s.Model.Transitions()
	for _, n := range explore.Successors(s.Model, state) {
		if table[n.ID].Class != explore.Fault {
			return false
		}
	}
	return true
}
