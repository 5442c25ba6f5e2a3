package describe

import (
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/model"
)

// phases are the words for where a message stands in the producer.
var phases = map[string]string{
	model.Unsent.String(): "unsent", model.Queued.String(): "in the producer", model.Awaiting.String(): "awaiting its answer",
	model.Retrying.String(): "to be retried", model.Acked.String(): "acknowledged", model.Failed.String(): "failed",
	model.Gone.String(): "lost with the producer",
}

// stages are the words for where a process stands.
var stages = map[model.Stage]string{
	model.StageGone: "none", model.StageStarting: "starting", model.StageIdle: "about to poll", model.StageWorking: "working",
	model.StageCommitting: "committing", model.StageAborting: "aborting", model.StageResetting: "aborting",
	model.StageOffsetDue: "about to commit its offset",
}

// Value writes the value of a part of a state in a few words.
func Value(kind model.Kind, v model.Value) string {
	switch kind {
	case model.KindPhase:
		return phases[v.Word]
	case model.KindStage:
		return stages[model.Stage(v.Word)]
	case model.KindTransaction:
		return v.Word
	case model.KindBroker:
		return v.Broker.String()
	case model.KindSet:
		return "{" + names(v.Brokers, ",", ",") + "}"
	case model.KindMessages:
		return names(v.Messages, " ", " ")
	case model.KindLog:
		return log(v.Log)
	case model.KindDeliveries:
		return deliveries(v.Deliveries)
	case model.KindRole:
		return role(v.Role)
	case model.KindProcessed:
		return [...]string{"no", "once", "twice"}[*v.Number]
	}
	return numeric(v)
}

// numeric is a number, or the word in its place.
func numeric(v model.Value) string {
	switch {
	case v.Number != nil:
		return fmt.Sprint(*v.Number)
	case v.Word == model.WordStopped:
		return "stopped with an error"
	case v.Word == model.WordGone:
		return ""
	}
	return "none"
}

// log writes a log as "m1@0 COMMIT@1".
func log(entries []model.Entry) string {
	list := make([]string, len(entries))
	for i, e := range entries {
		name := string(e.Marker)
		if e.Marker == "" {
			name = e.Message.String()
		}
		list[i] = fmt.Sprintf("%s@%d", name, e.Offset)
	}
	return strings.Join(list, " ")
}

// deliveries writes the records of a share-partition as "0 acquired by member-1 (delivery 2), 1 available (2 deliveries)".
func deliveries(records []model.Delivery) string {
	list := make([]string, len(records))
	for i, d := range records {
		list[i] = fmt.Sprintf("%d %s", d.Offset, d.State)
		switch {
		case d.State == model.DeliveryAcquired:
			list[i] += fmt.Sprintf(" by %s (delivery %d)", d.Member, d.Count)
		case d.State == model.DeliveryAvailable && d.Count == 1:
			list[i] += " (1 delivery)"
		case d.State == model.DeliveryAvailable:
			list[i] += fmt.Sprintf(" (%d deliveries)", d.Count)
		}
	}
	return strings.Join(list, ", ")
}

func role(r *model.Role) string {
	switch {
	case r.Role == model.RoleDown:
		return "down"
	case r.CutOff:
		return string(r.Role) + ", cut off"
	case r.Role == model.RoleLeader && r.Superseded:
		return "leader by its own belief"
	case r.Role == model.RoleLeader:
		return "leader"
	}
	return "follower of " + r.Leader.String()
}
