package report

import (
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// How the cells of a ledger are written, and how to read them.

// span is a time in which a cell of a ledger had a value: after step From up to step To, or to the end where To is 0.
type span struct {
	Value    string
	From, To int
}

// spans are the times in which a cell had values.
func spans(cell []verdict.Entry) []span {
	var list []span
	for i, e := range cell {
		if e.Value == "" {
			continue
		}
		s := span{Value: e.Value, From: e.Step}
		if i+1 < len(cell) {
			s.To = cell[i+1].Step - 1
		}
		list = append(list, s)
	}
	return list
}

// maxSpans are the times that a cell of a ledger shows; of more, it shows the first and the last and says how many there
// are between them.
const maxSpans = 6

// cellText writes a cell of a ledger: the step from which on it is so, or the steps from and to which it was.
func cellText(cell []verdict.Entry) string {
	var parts []string
	list := spans(cell)
	left := len(list) - maxSpans
	for i, s := range list {
		if left > 0 && i >= maxSpans/2 && i < len(list)-maxSpans/2 {
			if i == maxSpans/2 {
				parts = append(parts, number(left)+" more times")
			}
			continue
		}
		text := fmt.Sprint(s.From)
		switch {
		case s.To == s.From:
			text += " only"
		case s.To != 0:
			text = fmt.Sprintf("%d–%d", s.From, s.To)
		}
		if s.Value != "yes" {
			text = s.Value + ": " + text
		}
		parts = append(parts, text)
	}
	if len(parts) == 0 {
		return "–"
	}
	return strings.Join(parts, ", ")
}

// columnNotes are the notes of the columns of a ledger that the model cannot answer, each once, with their columns.
func columnNotes(l *verdict.Ledger) []string {
	var notes []string
	titles := map[string][]string{}
	for _, c := range l.Columns {
		if c.Note == "" {
			continue
		}
		if titles[c.Note] == nil {
			notes = append(notes, c.Note)
		}
		titles[c.Note] = append(titles[c.Note], c.Title)
	}
	for i, n := range notes {
		notes[i] = strings.Join(titles[n], ", ") + " – " + n
	}
	return notes
}

// ledgerKey says how to read a ledger.
const ledgerKey = "Numbers are steps: 2 is from step 2 on, 2–7 is from step 2 to step 7, @0 is the offset in the log."

// brokenKey says how to read the mark of a message in a ledger.
const brokenKey = "The mark is on the message for which the guarantee is broken."

// keyOf says how to read a ledger.
func keyOf(l *verdict.Ledger) string {
	for i := range l.Rows {
		if l.Rows[i].Broken {
			return ledgerKey + " " + brokenKey
		}
	}
	return ledgerKey
}
