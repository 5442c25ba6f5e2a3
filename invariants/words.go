package invariants

import (
	"fmt"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/describe"
)

// This file has what the reasons of several properties share.

// some says that ok holds for some message.
func (k *Check) some(ok func(msg int) bool) bool {
	for msg := range k.Model.Messages() {
		if ok(msg) {
			return true
		}
	}
	return false
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

// first names the first message for which ok holds.
func (k *Check) first(ok func(msg int) bool) string {
	for msg := range k.Model.Messages() {
		if ok(msg) {
			return fmt.Sprintf("m%d", msg+1)
		}
	}
	return "?"
}

// story says of the first counted and unprocessed message for which ok holds why it counts and how it ended.
func (k *Check) story(s *model.State, end string, ok func(msg int) bool) string {
	for msg := range k.Model.Messages() {
		if !k.missed(s, msg) || !ok(msg) {
			continue
		}
		why := "was accepted without an error"
		switch {
		case k.Model.Acked(s, msg) && k.Model.Config().Prod.Acks == model.AcksNone:
			why = "was reported as sent"
		case k.Model.Acked(s, msg):
			why = "was acknowledged"
		case k.Counted == model.CountAttempted:
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

// because puts a cause behind a sentence; nothing for no cause.
func because(cause string) string {
	if cause == "" {
		return ""
	}
	return ": " + cause
}

// blocked says what stands in the way of the group or the producer; empty where nothing that can be named does.
func (k *Check) blocked(s *model.State) string {
	return describe.Standstill(k.Model.View(s), k.Model.Config().Prod.Acks)
}

// standstill is why nothing goes on in a state in which only faults are possible.
func (k *Check) standstill(s *model.State) string {
	return because(orElse(k.blocked(s), "nothing but a fault can happen any more"))
}

// orElse is the first of two texts that is not empty.
func orElse(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
