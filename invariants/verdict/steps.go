package verdict

import (
	"maps"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/model"
)

// steps puts a trace into words.
func (s *subject) steps(t *explore.Trace[model.State]) []Step {
	table := s.Model.Transitions()
	steps := make([]Step, len(t.Steps))
	pre := t.Initial
	for i := range t.Steps {
		id, post := t.Steps[i].ID, t.Steps[i].State
		steps[i] = s.step(&pre, id, &post)
		steps[i].N, steps[i].Action, steps[i].Fault = i+1, table[id].Action, table[id].Class == explore.Fault
		if steps[i].Fault {
			steps[i].Kind = model.FaultKind(table[id].Fault).String()
		}
		pre = post
	}
	return steps
}

// otherFaults lists the minimal sets of faults of the violations after the first, each once. The engine has the minimal
// sets of each property; of a guarantee with several, one can contain another's.
func otherFaults(r *explore.Result[model.State]) []map[string]int {
	var sets []map[string]int
	for i, v := range r.Violations[1:] {
		minimal := true
		for j, o := range r.Violations {
			if subset(o.Faults, v.Faults) && (j <= i || !subset(v.Faults, o.Faults)) {
				minimal = false
			}
		}
		if minimal {
			sets = append(sets, faultMap(v.Faults))
		}
	}
	return sets
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

// fired sums the engine's counts by action, as far as they are known.
func (s *subject) fired(counts []uint64) map[string]uint64 {
	sum := map[string]uint64{}
	for id, t := range s.Model.Transitions() {
		if id < len(counts) && counts[id] != plan.NotCounted {
			sum[t.Action] += counts[id]
		}
	}
	return sum
}

// unfired notes the faults of the budget and the actions that never fired in a space that was exhausted: they say
// that a part of the question was not put to the test. none says that no fault of a budget that has some ever fired.
func (s *subject) unfired(q *Question, counts []uint64) (notes []string, none bool) {
	byFault := [model.NumFaults]bool{}
	faultAction := map[string]bool{}
	for id, t := range s.Model.Transitions() {
		if t.Class == explore.Fault {
			faultAction[t.Action] = true
			byFault[t.Fault] = byFault[t.Fault] || counts[id] > 0
		}
	}
	fires := false
	for kind, allowed := range q.Config.Faults {
		fires = fires || allowed > 0 && byFault[kind]
		if allowed > 0 && !byFault[kind] {
			notes = append(notes, "the fault "+model.FaultKind(kind).String()+
				" is allowed but cannot happen in this configuration")
		}
	}
	never := []string{}
	fired := s.fired(counts)
	for _, action := range slices.Sorted(maps.Keys(fired)) {
		if fired[action] == 0 && !faultAction[action] {
			never = append(never, action)
		}
	}
	if len(never) > 0 {
		notes = append(notes, "steps that no run takes: "+strings.Join(never, ", "))
	}
	return notes, !fires && q.Config.Faults.Total() > 0
}
