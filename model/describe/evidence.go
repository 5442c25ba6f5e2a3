package describe

import (
	"fmt"

	"github.com/kcheck/kcheck/model"
)

// Missing says which record that consumers could read is not in the log of which later leader; empty where the state no
// longer shows it.
func Missing(m *model.Model, s *model.State) string {
	r, found := m.Missing(s)
	if !found {
		return ""
	}
	end := "does not have it"
	if r.Replaced {
		end = "has another record there"
	}
	return fmt.Sprintf("consumers could read %s at offset %d, and %s, a later leader, %s", r.Message, r.Offset, r.Leader, end)
}

// Differing says which two in-sync replicas hold different records below both their high watermarks, and where; empty for
// none.
func Differing(m *model.Model, s *model.State) string {
	replicas, at, found := m.Differing(s)
	if !found {
		return ""
	}
	return fmt.Sprintf("the in-sync replicas %s and %s hold different records at offset %d, below both their high watermarks",
		replicas[0], replicas[1], at)
}

// PassedOver says why a message, counted from 0, that is or was in a log will not be read any more; empty where the
// consumer has not passed it.
func PassedOver(v *model.View, msg int) string {
	if v.Share != nil {
		return passedByGroup(v, msg)
	}
	if v.Consumer == nil {
		return ""
	}
	at, known := knownOffset(v, v.Messages[msg].ID)
	switch position := v.Consumer.Position; {
	case !known:
		return ""
	case at < v.LogStart:
		return "it was deleted before the group read it"
	case isBefore(at, v.Consumer.Committed):
		return "the committed offset of the group is past it"
	case isBefore(at, position):
		return "the position of the group is past it"
	}
	return ""
}

// passedByGroup is PassedOver for a share group.
func passedByGroup(v *model.View, msg int) string {
	at, known := knownOffset(v, v.Messages[msg].ID)
	if !known {
		return ""
	}
	if at < v.LogStart {
		return "it was deleted before the group was done with it"
	}
	for _, d := range v.Share.Records() {
		if d.Offset == at && (d.State == model.DeliveryArchived || d.State == model.DeliveryAcknowledged) {
			return "the record is " + string(d.State)
		}
	}
	if start := v.Share.Start; isBefore(at, start) || start.Number == nil && isBefore(at, v.Share.StartKept) {
		return "the start offset of the group is past it"
	}
	return ""
}

// Standstill says what keeps the group from reading or, failing that, the producer from writing; empty where neither the
// consumer nor a broker stands in the way.
func Standstill(v *model.View, acks model.Acks) string {
	switch {
	case v.Failing != 0:
		return fmt.Sprintf("processing %s throws every time, and the application stands still before it", v.Failing)
	case v.Output != nil && v.Output.Processes[0].Stage == model.StageGone:
		return "the process has ended, and nobody starts it again (app.restarts=false)"
	case v.Consumer != nil && v.Consumer.Position.Word == model.WordGone:
		return "the consumer's process has ended, and nobody starts it again (app.restarts=false)"
	case v.Output != nil && v.Output.Reliable:
		return ""
	case v.Consumer != nil && v.Consumer.Position.Word == model.WordStopped:
		return "the group has no valid offset, and the consumer stops with an error (auto.offset.reset=none)"
	case v.Share != nil && v.Share.Lost:
		return "the share coordinator has lost the state of the group's partition, and the leader cannot read it"
	case v.Leader == 0:
		return "the partition has no leader"
	}
	switch r := v.Brokers[v.Leader-1].Role; {
	case r.Role == model.RoleDown:
		return fmt.Sprintf("the leader %s is down", v.Leader)
	case r.CutOff:
		return fmt.Sprintf("the leader %s is cut off", v.Leader)
	case acks == model.AcksAll && len(v.ISR) < v.MinISR:
		return fmt.Sprintf("the in-sync set {%s} is smaller than min.insync.replicas=%d", names(v.ISR, ",", ","), v.MinISR)
	}
	return ""
}
