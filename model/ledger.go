package model

import (
	"fmt"
	"strings"
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

// notFollowed is why a model without a loss of power does not know what is on disk.
const notFollowed = "not followed: no fault of the budget loses what is only in the page cache"

// notAsked is why a model without a consumer does not know what it reads.
const notAsked = "not followed: the guarantee is about the log alone"

// LedgerColumns are the questions that [Model.LedgerRow] answers, in its order.
func (m *Model) LedgerColumns() []Column {
	var cols []Column
	if m.output {
		cols = append(cols, Column{Key: "polled", Title: "polled", Sticky: true})
	} else {
		cols = append(cols, Column{Key: "sent", Title: "sent"})
	}
	for b := range m.n {
		cols = append(cols, Column{Key: broker(b), Title: "log " + broker(b)})
	}
	disk := Column{Key: "disk", Title: "on disk"}
	if !m.tracksDisk {
		disk.Note = notFollowed
	}
	cols = append(cols, disk, Column{Key: "high-watermark", Title: "below HW"})
	if m.output {
		return append(cols, Column{Key: "acked", Title: "acked", Sticky: true}, Column{Key: "committed", Title: "committed"},
			Column{Key: "downstream", Title: "seen downstream"})
	}
	cols = append(cols, Column{Key: "acked", Title: "acked"})
	seen := []Column{{Key: "delivered", Title: "delivered", Sticky: true}, {Key: "processed", Title: "processed"},
		{Key: "committed", Title: "committed", Sticky: true}}
	for i := range seen {
		if !m.consumer {
			seen[i].Note = notAsked
		}
	}
	return append(cols, seen...)
}

// LedgerRow says where message msg stands: an entry for each column, empty for not (yet, or any more).
func (m *Model) LedgerRow(s *State, msg int) []string {
	if m.output {
		return m.outputRow(s, msg)
	}
	row := append([]string{yes(s.phase(msg) != Unsent)}, m.logCells(s, msg)...)
	row = append(row, yes(s.acked(msg)))
	if !m.consumer {
		return append(row, "", "", "")
	}
	hand := false
	for i, n := 0, m.hand(s); i < n; i++ {
		hand = hand || m.inHand(s, i) == msg
	}
	times := m.processed(s, msg)
	c, at := m.cons(s, cCommittedShift, 4), m.knownOffset(s, msg)
	return append(row, yes(hand || times > 0), [...]string{"", "once", "twice", "twice"}[times],
		yes(c != offsetNone && at >= 0 && c > at))
}

// logCells are the columns of the brokers, of the disk and of the high watermark.
func (m *Model) logCells(s *State, msg int) []string {
	var cells, disk, readable []string
	for b := range m.n {
		var at []string
		for i, n := m.logStart(s), s.logLen(b); i < n; i++ {
			if !m.isRecordOf(s, b, i, msg) {
				continue
			}
			at = append(at, fmt.Sprintf("@%d", i))
			if s.flushed(b) > i && (len(disk) == 0 || disk[len(disk)-1] != broker(b)) {
				disk = append(disk, broker(b))
			}
			if s.leads(b) && s.hw(b) > i && (len(readable) == 0 || readable[len(readable)-1] != broker(b)) {
				readable = append(readable, broker(b))
			}
		}
		cells = append(cells, strings.Join(at, " "))
	}
	if !m.tracksDisk {
		disk = nil
	}
	return append(cells, strings.Join(disk, " "), strings.Join(readable, " "))
}

// isRecordOf says that the record at an offset is message msg, or its output, and no marker.
func (m *Model) isRecordOf(s *State, b, i, msg int) bool {
	r := m.at(s, b, i)
	return m.msgOf(r) == msg && !(m.output && m.kindOf(r).marker())
}

// knownOffset is the first offset of message msg at the leader, or else in the log of any broker; -1 where it is in
// none.
func (m *Model) knownOffset(s *State, msg int) int {
	order := []int{max(m.leader(s), 0)}
	for b := range m.n {
		order = append(order, b)
	}
	for _, b := range order {
		for i, n := 0, s.logLen(b); i < n; i++ {
			if m.isRecordOf(s, b, i, msg) {
				return i
			}
		}
	}
	return -1
}

// outputRow is LedgerRow for app.output: kafka.
func (m *Model) outputRow(s *State, msg int) []string {
	polled, acked := false, false
	for slot := range m.members() {
		p := m.process(s, slot)
		if p.stage == stageGone || msg < p.from || msg >= p.from+p.size {
			continue
		}
		polled = true
		acked = acked || msg < p.from+p.sent
	}
	c := m.groupCommitted(s)
	row := append([]string{yes(polled)}, m.logCells(s, msg)...)
	return append(row, yes(acked), yes(c != inputNone && c != inputStopped && c > msg),
		[...]string{"", "once", "twice", "twice"}[m.OutputProcessed(s, msg)])
}

// yes is the entry of a column that only knows yes and no.
func yes(on bool) string {
	if on {
		return "yes"
	}
	return ""
}

// Value is one named part of a state.
type Value struct{ What, Value string }

// Values lists the parts of a state that [Model.Changes] compares, in the same order.
func (m *Model) Values(s *State) []Value {
	var all []Value
	for _, p := range m.parts(s) {
		all = append(all, Value{p.name, p.value})
	}
	return all
}
