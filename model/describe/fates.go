package describe

import (
	"fmt"
	"slices"

	"github.com/kcheck/kcheck/model"
)

// Fates tells, one line for each message that was sent, what became of it.
func Fates(v *model.View) []string {
	if v.Output != nil {
		return outputFates(v)
	}
	var all []string
	for i := range v.Messages {
		m := &v.Messages[i]
		if m.Phase == model.Unsent {
			continue
		}
		fate := fmt.Sprintf("%s: %s; %s", m.ID, phases[m.Phase.String()], copies(v, m.ID))
		if v.Consumer != nil || v.Share != nil {
			fate += "; " + [...]string{"not processed", "processed once", "processed twice"}[m.Processed]
		}
		if v.Share != nil {
			fate += inShare(v, m.ID)
		}
		all = append(all, fate)
	}
	return all
}

// inShare says how a message stands in the share-partition.
func inShare(v *model.View, msg model.MessageID) string {
	at, known := knownOffset(v, msg)
	for _, d := range v.Share.Records() {
		if known && d.Offset == at {
			return ", " + deliveries([]model.Delivery{d})[len(fmt.Sprint(at))+1:]
		}
	}
	if known && isBefore(at, v.Share.Start) {
		return ", below the start offset of the group"
	}
	return ""
}

// copies says in which logs a message is.
func copies(v *model.View, msg model.MessageID) string {
	var in []model.BrokerID
	for _, b := range v.Brokers {
		if slices.ContainsFunc(b.Log, func(e model.Entry) bool { return e.Message == msg && e.Offset >= v.LogStart }) {
			in = append(in, b.ID)
		}
	}
	if in == nil {
		return "in no log"
	}
	return "in the log of " + names(in, ", ", ", ")
}

// outputFates is Fates for app.output: kafka.
func outputFates(v *model.View) []string {
	var all []string
	for i, m := range v.Messages {
		consumed := "not consumed"
		if isBefore(i, v.Output.Committed) {
			consumed = "consumed, by the committed offset"
		}
		seen := [...]string{"not seen", "seen once", "seen twice"}[m.Processed]
		all = append(all, fmt.Sprintf("%s: %s; its output is %s downstream", m.ID, consumed, seen))
	}
	return all
}

// isBefore says that an offset is before a committed one.
func isBefore(offset int, committed model.Value) bool {
	return committed.Number != nil && *committed.Number > offset
}
