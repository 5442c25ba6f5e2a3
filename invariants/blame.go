package invariants

import (
	"slices"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// Blamed lists the messages for which a counterexample to property breaks the guarantee: those that a report marks.
func (k *Check) Blamed(property string, t explore.Trace[model.State]) []int {
	s := t.Last()
	m := k.Model
	switch property {
	case "lost", "unreadable":
		return k.those(func(msg int) bool {
			return m.Unprocessed(&s, msg) && m.Counts(&s, msg, k.counted) &&
				(!m.HasCopy(&s, msg) || property == "unreadable")
		})
	case "never-processed":
		return k.those(func(msg int) bool { return m.Unprocessed(&s, msg) && m.Counts(&s, msg, k.counted) })
	case "processed-twice":
		return k.those(func(msg int) bool { return m.Processed(&s, msg) > 1 })
	case "doubled":
		return k.those(func(msg int) bool { return m.ReadableTwice(&s, msg) })
	case "output-twice":
		return k.those(func(msg int) bool { return m.OutputProcessed(&s, msg) > 1 })
	case "never-output", "output-unavailable", "output-interrupted":
		return k.those(func(msg int) bool { return m.OutputProcessed(&s, msg) == 0 })
	case "unavailable", "interrupted":
		return k.those(func(msg int) bool {
			return m.Wanted(&s, msg) && (!m.Acked(&s, msg) || m.Unprocessed(&s, msg))
		})
	}
	return k.moved(t)
}

// those lists the messages for which ok holds.
func (k *Check) those(ok func(msg int) bool) []int {
	list := []int{}
	for msg := range k.Model.Messages() {
		if ok(msg) {
			list = append(list, msg)
		}
	}
	return list
}

// moved lists the messages for which the last step changed something, or all of them: the properties about order, logs
// and transactions are broken by the step that shows it.
func (k *Check) moved(t explore.Trace[model.State]) []int {
	all := k.those(func(int) bool { return true })
	if len(t.Steps) == 0 {
		return all
	}
	pre, post := t.Initial, t.Last()
	if n := len(t.Steps); n > 1 {
		pre = t.Steps[n-2].State
	}
	if some := k.those(func(msg int) bool {
		return !slices.Equal(k.Model.LedgerRow(&pre, msg), k.Model.LedgerRow(&post, msg))
	}); len(some) > 0 {
		return some
	}
	return all
}
