package invariants

import (
	"fmt"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/describe"
)

// Properties of the log: those of the guarantees about the log, and what the log owes the others where it is explored
// without a consumer.

var doubled = &Property{
	Name:    "doubled",
	Symptom: TwiceInLog,
	Always:  func(k *Check, s *model.State) bool { return !k.Model.DuplicateReadable(s) },
	Reason: func(k *Check, t *Trace) string {
		s := t.Last()
		return fmt.Sprintf("message %s appears twice in what consumers can read",
			k.first(func(msg int) bool { return k.Model.ReadableTwice(&s, msg) }))
	},
	Blamed: func(k *Check, s *model.State, msg int) bool { return k.Model.ReadableTwice(s, msg) },
}

var committedStays = &Property{
	Name:    "committed-lost",
	Symptom: RecordGone,
	Always:  func(k *Check, s *model.State) bool { return k.Model.CommittedStays(s) },
	Reason: func(k *Check, t *Trace) string {
		s := t.Last()
		return orElse(describe.Missing(k.Model, &s),
			"a record that consumers could read is missing, or is another one, in the log of a later leader")
	},
}

var logsAgree = &Property{
	Name:    "logs-differ",
	Symptom: LogsDiffer,
	Always:  func(k *Check, s *model.State) bool { return k.Model.LogsAgree(s) },
	Reason: func(k *Check, t *Trace) string {
		s := t.Last()
		return orElse(describe.Differing(k.Model, &s), "two in-sync replicas hold different records below both their high watermarks")
	},
}

// unreadable: a counted message ends where no consumer can read it.
var unreadable = &Property{
	Name:    "unreadable",
	Symptom: Lost,
	AtRest: func(k *Check, s *model.State) bool {
		return !k.some(func(msg int) bool { return k.Model.Counts(s, msg, k.Counted) && !k.Model.ReadableNow(s, msg) })
	},
	Reason: func(k *Check, t *Trace) string {
		s := t.Last()
		return k.story(&s, "and is not where consumers can read it", func(msg int) bool { return !k.Model.ReadableNow(&s, msg) })
	},
	Blamed: (*Check).missed,
}

var readableOutOfOrder = &Property{
	Name:    "readable-out-of-order",
	Symptom: Disorder,
	Always:  func(k *Check, s *model.State) bool { return k.Model.ReadableInOrder(s) },
	Reason: func(*Check, *Trace) string {
		return "the first records of two messages are not in the order in which the messages were sent"
	},
}

var unavailableLog = &Property{
	Name:    "unavailable-log",
	Symptom: NoProgress,
	AtRest:  (*Check).doneInLog,
	Reason: func(k *Check, t *Trace) string {
		s := t.Last()
		return k.undone(&s) + k.standstill(&s)
	},
}

var interruptedLog = &Property{
	Name:    "interrupted-log",
	Symptom: NoProgress,
	Stuck:   (*Check).doneInLog,
	Reason: func(k *Check, t *Trace) string {
		s := t.Last()
		return k.undone(&s) + " until a broker restarts or a partition heals" + because(k.blocked(&s))
	},
}

// owedByReplicas is what the replicas of an output partition owe to process, coordinator and downstream.
var owedByReplicas = []*Property{lost, unreadable, doubled, committedStays, unavailableLog}

// doneInLog says that every wanted message is acknowledged and readable.
func (k *Check) doneInLog(s *model.State) bool {
	m := k.Model
	return !k.some(func(msg int) bool { return m.Wanted(s, msg) && (!m.Acked(s, msg) || !m.ReadableNow(s, msg)) })
}

var someReadable = &Witness{named("a record is readable"), func(k *Check, s *model.State) bool { return k.Model.Readable(s) }}

var twoHighWatermarks = &Witness{named("two in-sync replicas have a high watermark above 0"),
	func(k *Check, s *model.State) bool { return k.Model.TwoWithHighWatermark(s) }}
