package invariants

import (
	"fmt"
	"slices"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// Reason says in one sentence, in Kafka's words, what a counterexample to property shows.
func (k *Check) Reason(property string, t explore.Trace[model.State]) string {
	s := t.Last()
	m := k.Model
	if r := k.outputReason(property, &s); r != "" {
		return r
	}
	switch property {
	case "lost":
		return k.lost(t)
	case "never-processed":
		return k.neverProcessed(&s)
	case "processed-twice":
		return fmt.Sprintf("message %s is processed twice", k.first(func(msg int) bool { return m.Processed(&s, msg) > 1 }))
	case "doubled":
		return fmt.Sprintf("message %s stands twice in what consumers can read",
			k.first(func(msg int) bool { return m.ReadableTwice(&s, msg) }))
	case "out-of-order":
		return k.disorder(t)
	case "committed-lost":
		return orElse(m.MissingEvidence(&s),
			"a record that consumers could read is missing, or is another one, in the log of a later leader")
	case "logs-differ":
		return orElse(m.DifferingEvidence(&s), "two in-sync replicas hold different records below both their high watermarks")
	case "unavailable":
		return k.undone(&s) + because(orElse(m.Standstill(&s), "nothing but a fault can happen any more"))
	case "interrupted":
		return k.undone(&s) + " until a broker restarts or a partition heals" + because(m.Standstill(&s))
	}
	return property
}

// first names the first message for which ok holds.
func (k *Check) first(ok func(msg int) bool) string {
	for msg := range k.Model.Messages() {
		if ok(msg) {
			return fmt.Sprintf("m%d", msg+1)
		}
	}
	return "?"
}

// story tells of the first counted and unprocessed message for which ok holds, why it counts and how it ended.
func (k *Check) story(s *model.State, end string, ok func(msg int) bool) string {
	for msg := range k.Model.Messages() {
		if !k.Model.Unprocessed(s, msg) || !k.Model.Counts(s, msg, k.counted) || !ok(msg) {
			continue
		}
		why := "was accepted without an error"
		switch {
		case k.Model.Acked(s, msg) && k.Model.Config().Prod.Acks == model.AcksNone:
			why = "was reported as sent"
		case k.Model.Acked(s, msg):
			why = "was acknowledged"
		case k.counted == model.CountAttempted:
			why = "was sent"
		}
		return fmt.Sprintf("message m%d %s %s", msg+1, why, end)
	}
	return "a message " + end
}

// lost tells of a counted message of which no copy is left, and whether a broker ever had it.
func (k *Check) lost(t explore.Trace[model.State]) string {
	s, end := t.Last(), "and never got into a log"
	gone := func(msg int) bool {
		return !k.Model.HasCopy(&s, msg) && k.Model.Unprocessed(&s, msg) && k.Model.Counts(&s, msg, k.counted)
	}
	for msg := range k.Model.Messages() {
		logged := func(step explore.TraceStep[model.State]) bool { return k.Model.Logged(&step.State, msg) }
		if gone(msg) && slices.ContainsFunc(t.Steps, logged) {
			end = "and is in no log any more"
		}
	}
	return k.story(&s, end, gone)
}

// neverProcessed tells of a counted message that nobody will read any more, and why.
func (k *Check) neverProcessed(s *model.State) string {
	passed := func(msg int) bool { return k.Model.PassedOver(s, msg) != "" }
	for msg := range k.Model.Messages() {
		if passed(msg) && k.Model.Unprocessed(s, msg) && k.Model.Counts(s, msg, k.counted) {
			return k.story(s, "and is never processed"+because(k.Model.PassedOver(s, msg)), passed)
		}
	}
	return k.story(s, "and was never processed, and nothing but a fault can happen any more", func(int) bool { return true })
}

// disorder tells which message the last step processed after one that was sent later.
func (k *Check) disorder(t explore.Trace[model.State]) string {
	pre, post := t.Initial, t.Last()
	if n := len(t.Steps); n > 1 {
		pre = t.Steps[n-2].State
	}
	m := k.Model
	for msg := range m.Messages() {
		for later := msg + 1; later < m.Messages(); later++ {
			if m.Processed(&pre, msg) == 0 && m.Processed(&post, msg) > 0 && m.Processed(&pre, later) > 0 {
				return fmt.Sprintf("message m%d is first processed after m%d, which was sent later", msg+1, later+1)
			}
		}
	}
	return "a message is first processed after one that was sent later"
}

// because puts a cause behind a sentence; nothing for no cause.
func because(cause string) string {
	if cause == "" {
		return ""
	}
	return ": " + cause
}

// orElse is the first of two texts that is not empty.
func orElse(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// undone names a message that is still wanted.
func (k *Check) undone(s *model.State) string {
	m := k.Model
	for msg := range m.Messages() {
		switch {
		case m.Wanted(s, msg) && !m.Acked(s, msg):
			return fmt.Sprintf("message m%d is not acknowledged", msg+1)
		case m.Wanted(s, msg) && m.Unprocessed(s, msg):
			return fmt.Sprintf("message m%d is not processed", msg+1)
		}
	}
	return "a message is not done"
}
