package invariants

import (
	"fmt"
	"slices"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/describe"
)

// Properties of what the application processes, with app.output: none.

var processedTwice = &Property{
	Name:    "processed-twice",
	Symptom: Twice,
	Always: func(k *Check, s *model.State) bool {
		return !k.some(func(msg int) bool { return k.Model.Processed(s, msg) > 1 })
	},
	Reason: func(k *Check, t *Trace) string {
		s := t.Last()
		return fmt.Sprintf("message %s is processed twice", k.first(func(msg int) bool { return k.Model.Processed(&s, msg) > 1 }))
	},
	Blamed:           func(k *Check, s *model.State, msg int) bool { return k.Model.Processed(s, msg) > 1 },
	KeyedEffectKeeps: true,
}

// lost is the first half of the local notion of loss: no copy is left from which a message could be processed.
var lost = &Property{
	Name:    "lost",
	Symptom: Lost,
	Always: func(k *Check, s *model.State) bool {
		return k.Model.Stopped(s) || !k.some(func(msg int) bool { return k.gone(s, msg) })
	},
	Reason: func(k *Check, t *Trace) string {
		s, end := t.Last(), "and never got into a log"
		for msg := range k.Model.Messages() {
			logged := func(step explore.TraceStep[model.State]) bool { return k.Model.Logged(&step.State, msg) }
			if k.gone(&s, msg) && slices.ContainsFunc(t.Steps, logged) {
				end = "and is in no log any more"
			}
		}
		return k.story(&s, end, func(msg int) bool { return k.gone(&s, msg) })
	},
	Blamed:       (*Check).gone,
	DecidesOnLog: true,
}

// neverProcessed is the other half: nothing but a fault can happen any more.
var neverProcessed = &Property{
	Name:    "never-processed",
	Symptom: Lost,
	AtRest: func(k *Check, s *model.State) bool {
		return k.Model.Stopped(s) || !k.some(func(msg int) bool { return k.missed(s, msg) && !k.Model.AwaitsPerson(s, msg) })
	},
	Reason: func(k *Check, t *Trace) string {
		s := t.Last()
		passed := func(msg int) bool { return describe.PassedOver(k.Model.View(&s), msg) != "" }
		for msg := range k.Model.Messages() {
			if passed(msg) && k.missed(&s, msg) {
				if by := k.withdrawn(t, msg); by != "" {
					return k.story(&s, "and is never processed"+because(by), passed)
				}
				return k.story(&s, "and is never processed"+because(describe.PassedOver(k.Model.View(&s), msg)), passed)
			}
		}
		return k.story(&s, "and was never processed, and nothing but a fault can happen any more", func(int) bool { return true })
	},
	Blamed: (*Check).missed,
}

var outOfOrder = &Property{
	Name:    "out-of-order",
	Symptom: Disorder,
	Always:  func(k *Check, s *model.State) bool { return !k.Model.Disordered(s) },
	Reason: func(k *Check, t *Trace) string {
		pre, post := lastStep(t)
		m := k.Model
		for msg := range m.Messages() {
			for later := msg + 1; later < m.Messages(); later++ {
				if m.Processed(pre, msg) == 0 && m.Processed(post, msg) > 0 && m.Processed(pre, later) > 0 {
					return fmt.Sprintf("message m%d is first processed after m%d, which was sent later", msg+1, later+1)
				}
			}
		}
		return "a message is first processed after one that was sent later"
	},
}

var unavailable = &Property{
	Name:    "unavailable",
	Symptom: NoProgress,
	AtRest:  (*Check).done,
	Reason: func(k *Check, t *Trace) string {
		s := t.Last()
		return k.undone(&s) + k.standstill(&s)
	},
	Blamed: (*Check).waiting,
}

var interrupted = &Property{
	Name:    "interrupted",
	Symptom: NoProgress,
	Stuck:   (*Check).done,
	Reason: func(k *Check, t *Trace) string {
		s := t.Last()
		return k.undone(&s) + " until a broker restarts or a partition heals" + because(k.blocked(&s))
	},
	Blamed: (*Check).waiting,
}

// missed says that a message counts and is not processed.
func (k *Check) missed(s *model.State, msg int) bool {
	return k.Model.Unprocessed(s, msg) && k.Model.Counts(s, msg, k.Counted)
}

// gone says that a message counts, is not processed, and that no copy of it is left.
func (k *Check) gone(s *model.State, msg int) bool {
	return k.missed(s, msg) && !k.Model.HasCopy(s, msg)
}

// waiting says that a message is wanted and not acknowledged or not processed.
func (k *Check) waiting(s *model.State, msg int) bool {
	return k.Model.Wanted(s, msg) && (!k.Model.Acked(s, msg) || k.Model.Unprocessed(s, msg))
}

// done says that every wanted message is acknowledged and processed.
func (k *Check) done(s *model.State) bool {
	return !k.some(func(msg int) bool { return k.waiting(s, msg) })
}

var someProcessed = &Witness{named("a message is processed"), func(k *Check, s *model.State) bool {
	return k.some(func(msg int) bool { return k.Model.Processed(s, msg) > 0 })
}}

var twoProcessed = &Witness{named("two messages are processed"), func(k *Check, s *model.State) bool {
	return len(k.those(func(msg int) bool { return k.Model.Processed(s, msg) > 0 })) >= 2
}}

var someCounted = &Witness{
	func(k *Check) string { return "a message counts as " + k.Counted.String() },
	func(k *Check, s *model.State) bool {
		return k.some(func(msg int) bool { return k.Model.Counts(s, msg, k.Counted) })
	},
}
