package describe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model"
)

// Column is one question that a ledger asks of every message.
type Column struct {
	Key   string // "sent", "b1", "disk", "high-watermark", ...
	Title string // the question in a few words
	// Sticky says that what was once true stays in the ledger: that a record was delivered cannot be undone.
	Sticky bool
	// Note says why the column is empty where this model cannot answer.
	Note string
}

// notFlushed is why a model without a loss of power does not know what is on disk.
const notFlushed = "not tracked: the budget has no power loss"

// notAsked is why a model without a consumer does not know what it reads.
const notAsked = "not tracked: the guarantee is about the log alone"

// Columns are the questions that [Row] answers, in its order.
func Columns(v *model.View) []Column {
	cols := []Column{{Key: "sent", Title: "sent"}}
	if v.Output != nil {
		cols = []Column{{Key: "polled", Title: "polled", Sticky: true}}
	}
	for _, b := range v.Brokers {
		cols = append(cols, Column{Key: b.ID.String(), Title: "log " + b.ID.String()})
	}
	disk := Column{Key: "disk", Title: "on disk"}
	if !v.TracksFlushed {
		disk.Note = notFlushed
	}
	cols = append(cols, disk, Column{Key: "high-watermark", Title: "below HW"})
	if v.Output != nil {
		return append(cols, Column{Key: "acked", Title: "acked", Sticky: true}, Column{Key: "committed", Title: "committed"},
			Column{Key: "downstream", Title: "seen downstream"})
	}
	note := ""
	if v.Consumer == nil && v.Share == nil {
		note = notAsked
	}
	if v.Share != nil {
		return append(cols, Column{Key: "acked", Title: "acked"}, Column{Key: "delivered", Title: "delivered", Sticky: true},
			Column{Key: "processed", Title: "processed"}, Column{Key: "share", Title: "in the share group"})
	}
	return append(cols, Column{Key: "acked", Title: "acked"}, Column{Key: "delivered", Title: "delivered", Sticky: true, Note: note},
		Column{Key: "processed", Title: "processed", Note: note}, Column{Key: "committed", Title: "committed", Sticky: true, Note: note})
}

// Row says where a message, counted from 0, stands: an entry for each column, empty for not (yet, or any more).
func Row(v *model.View, msg int) []string {
	m := &v.Messages[msg]
	seen := [...]string{"", "once", "twice"}[m.Processed]
	if o := v.Output; o != nil {
		polled, acked := inHand(o, m.ID)
		row := append([]string{yes(polled)}, logCells(v, m.ID)...)
		return append(row, yes(acked), yes(isBefore(msg, o.Committed)), seen)
	}
	row := append([]string{yes(m.Phase != model.Unsent)}, logCells(v, m.ID)...)
	row = append(row, yes(m.Acked))
	if v.Share != nil {
		delivered := m.Processed > 0 || slices.ContainsFunc(v.Share.Members, func(q model.MemberView) bool { return slices.Contains(q.InHand, m.ID) })
		return append(row, yes(delivered), seen, shareCell(v, m.ID))
	}
	if v.Consumer == nil {
		return append(row, "", "", "")
	}
	delivered := slices.Contains(v.Consumer.Polled, m.ID) || m.Processed > 0
	at, known := knownOffset(v, m.ID)
	return append(row, yes(delivered), seen, yes(known && isBefore(at, v.Consumer.Committed)))
}

// shareCell is how a message stands in the share-partition: its state, and how often it was delivered.
func shareCell(v *model.View, msg model.MessageID) string {
	at, known := knownOffset(v, msg)
	if !known {
		return ""
	}
	for _, d := range v.Share.Records() {
		if d.Offset != at {
			continue
		}
		if d.Count > 0 && (d.State == model.DeliveryAcquired || d.State == model.DeliveryAvailable) {
			return fmt.Sprintf("%s, %d×", d.State, d.Count)
		}
		return string(d.State)
	}
	if isBefore(at, v.Share.Start) {
		return "done"
	}
	return ""
}

// inHand says whether some process has a message in hand, and its output acknowledged.
func inHand(o *model.OutputView, msg model.MessageID) (polled, acked bool) {
	for i := range o.Processes {
		p := &o.Processes[i]
		if at := slices.Index(p.InHand, msg); at >= 0 {
			polled = true
			acked = acked || at < p.Acknowledged
		}
	}
	return polled, acked
}

// logCells are the columns of the brokers, of the disk and of the high watermark.
func logCells(v *model.View, msg model.MessageID) []string {
	var cells []string
	var disk, readable []model.BrokerID
	for i := range v.Brokers {
		b := &v.Brokers[i]
		var at []string
		onDisk, below := false, false
		for _, e := range b.Log[min(v.LogStart, len(b.Log)):] {
			if e.Message != msg {
				continue
			}
			at = append(at, fmt.Sprintf("@%d", e.Offset))
			onDisk = onDisk || b.Flushed > e.Offset
			below = below || b.Role.Role == model.RoleLeader && b.HighWatermark > e.Offset
		}
		cells = append(cells, strings.Join(at, " "))
		if onDisk && v.TracksFlushed {
			disk = append(disk, b.ID)
		}
		if below {
			readable = append(readable, b.ID)
		}
	}
	return append(cells, names(disk, " ", " "), names(readable, " ", " "))
}

// knownOffset is the first offset of a message at the leader, or else in the log of any broker; false where it is in none.
func knownOffset(v *model.View, msg model.MessageID) (offset int, known bool) {
	order := slices.Clone(v.Brokers)
	if l := int(v.Leader); l > 0 {
		order = slices.Insert(order, 0, v.Brokers[l-1])
	}
	for _, b := range order {
		if i := slices.IndexFunc(b.Log, func(e model.Entry) bool { return e.Message == msg }); i >= 0 {
			return b.Log[i].Offset, true
		}
	}
	return 0, false
}

// yes is the entry of a column that only knows yes and no.
func yes(on bool) string {
	if on {
		return "yes"
	}
	return ""
}
