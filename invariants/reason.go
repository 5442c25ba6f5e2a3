package invariants

import (
	"fmt"

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
		return k.story(&s, "and is in no log any more", func(msg int) bool { return !m.HasCopy(&s, msg) })
	case "never-processed":
		return k.story(&s, "and was never processed, and nothing but a fault can happen any more",
			func(msg int) bool { return true })
	case "processed-twice":
		return fmt.Sprintf("message %s is processed twice", k.first(func(msg int) bool { return m.Processed(&s, msg) > 1 }))
	case "doubled":
		return "a message stands twice in what consumers can read"
	case "out-of-order":
		return "a message is first processed after one that was sent later"
	case "committed-lost":
		return "a record that consumers could read is missing, or is another one, in the log of a later leader"
	case "logs-differ":
		return "two in-sync replicas hold different records below both their high watermarks"
	case "unavailable":
		return "nothing but a fault can happen any more, and " + k.undone(&s)
	case "interrupted":
		return "nothing goes on until a broker restarts or a partition heals, and " + k.undone(&s)
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
		case k.Model.Acked(s, msg):
			why = "was acknowledged"
		case k.counted == model.CountAttempted:
			why = "was sent"
		}
		return fmt.Sprintf("message m%d %s %s", msg+1, why, end)
	}
	return "a message " + end
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
