package report

import (
	"cmp"
	"fmt"
	"sort"
	"strings"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// counterexample writes the steps: one paragraph a step, which is one line where it fits.
func (t *checkText) counterexample(r *verdict.Result) {
	t.heading("Counterexample: " + count(len(r.Steps), "step"))
	if faintSteps(r) > 0 {
		t.faintly(2, 2, sliceText(r, "have a dot"))
	}
	actor := 0
	for i := range r.Steps {
		actor = max(actor, wrap.Columns(r.Steps[i].Actor))
	}
	for i := range r.Steps {
		t.step(r, &r.Steps[i], min(actor, 12))
	}
}

// step writes number, fault mark, actor, what happens, and, faint, the action with what it changed.
func (t *checkText) step(r *verdict.Result, s *verdict.Step, actor int) {
	indent := 8 + actor
	mark := " "
	if s.Fault {
		mark = "!"
	}
	story := stepText(s)
	if isFaint(r, s) {
		mark = "."
	}
	head := fmt.Sprintf("%4d %s %s ", s.N, mark, wrap.Pad(s.Actor, actor))
	detail := "[" + s.Action + changes(s.Changes) + settingsOf(r, s) + "]"
	width := t.width - indent
	if wrap.Columns(story)+1+wrap.Columns(detail) <= width {
		t.linef("%s%s %s", t.loud(s, head), t.loud(s, story), t.faint(detail))
		return
	}
	for _, l := range wrapped(story, width) {
		t.linef("%s%s", t.loud(s, head), t.loud(s, l))
		head = strings.Repeat(" ", indent)
	}
	for _, l := range wrapped(detail, width) {
		t.linef("%s%s", head, t.faint(l))
	}
}

// changes lists what a step changed: "; b1.log: m1@0; leader: b1 -> b2".
func changes(cs []verdict.Change) string {
	var b strings.Builder
	for i, c := range cs {
		if i == 0 {
			b.WriteString(": ")
		} else {
			b.WriteString("; ")
		}
		b.WriteString(c.What)
		if c.Before != "" {
			b.WriteString(" " + c.Before + " ->")
		} else {
			b.WriteString(" =")
		}
		if c.After == "" {
			b.WriteString(" nothing")
		} else {
			b.WriteString(" " + c.After)
		}
	}
	return b.String()
}

// coverage writes how often each action fired, the rarest first.
func (t *checkText) coverage(fired map[string]uint64) {
	if len(fired) == 0 {
		return
	}
	names := make([]string, 0, len(fired))
	for name := range fired {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool {
		if fired[names[i]] != fired[names[j]] {
			return fired[names[i]] < fired[names[j]]
		}
		return names[i] < names[j]
	})
	t.heading("How often each action fired")
	for _, name := range names {
		t.linef("%16s  %s", number(fired[name]), name)
	}
}

// shortTitles are the titles of ledger columns where there is little room.
var shortTitles = map[string]string{"disk": "disk", "high-watermark": "HW", "downstream": "seen"}

// ledger writes where each message stood, as a table with a row for each message where that fits, and else with a row
// for each question.
func (t *checkText) ledger(l *verdict.Ledger) {
	if l == nil || len(l.Rows) == 0 {
		return
	}
	t.heading("What happened to each message, by step")
	table := ledgerTable(l)
	styles := make([]func(string) string, len(table))
	styles[0] = t.faint
	for i := range l.Rows {
		styles[i+1] = t.plain
		if l.Rows[i].Broken { // a message that breaks the guarantee stands out
			styles[i+1] = t.bad
		}
	}
	if tableWidth(table)+2 <= t.width {
		t.table("  ", table, styles)
	} else {
		t.table("  ", turned(table), nil)
	}
	t.faintly(2, 2, keyOf(l))
	for _, n := range columnNotes(l) {
		t.faintly(2, 4, sentence(n))
	}
}

// turned is a ledger with rows and columns exchanged, its cells below the names of the messages behind their marks.
func turned(rows [][]string) [][]string {
	out := make([][]string, len(rows[0]))
	for i := range out {
		for j, row := range rows {
			cell := row[i]
			if i > 0 && j > 0 {
				cell = "  " + cell
			}
			out[i] = append(out[i], cell)
		}
	}
	return out
}

// ledgerTable is a ledger, its head first, without the columns that the model cannot answer; what breaks the guarantee
// has a mark.
func ledgerTable(l *verdict.Ledger) (rows [][]string) {
	head := []string{""}
	for _, c := range l.Columns {
		if c.Note == "" {
			head = append(head, cmp.Or(shortTitles[c.Key], strings.TrimPrefix(c.Title, "log ")))
		}
	}
	rows = append(rows, head)
	for _, r := range l.Rows {
		row := []string{"  " + r.Message}
		if r.Broken {
			row[0] = "> " + r.Message
		}
		for i, c := range l.Columns {
			if c.Note != "" {
				continue
			}
			cell := "–"
			if i < len(r.Cells) {
				cell = strings.ReplaceAll(cellText(r.Cells[i]), ": ", " ")
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	return rows
}

// causes says that every fault is needed, and where the run could still have ended well.
func (t *checkText) causes(r *verdict.Result) {
	if len(r.Needed) > 0 {
		t.heading(neededTitle(r))
		for _, n := range r.Needed {
			t.hang("  - ", neededText(n))
		}
	}
	if r.Branch == nil {
		return
	}
	t.heading("The nearest run that keeps the guarantee")
	t.hang("  ", branchText(r))
	t.steps(r.Branch.Steps, "")
}

// atWork writes the run that shows a guarantee at work.
func (t *checkText) atWork(r *verdict.Result) {
	if r.Showing == nil || len(r.Steps) > 0 {
		return
	}
	t.heading("An example run: " + workTitle(r))
	t.steps(r.Showing.Steps, "")
	t.ledger(r.Showing.Ledger)
}

// reproduce writes the command that asks the question again.
func (t *checkText) reproduce(r *verdict.Result) {
	if r.Reproduce == "" || r.Verdict == verdict.Holds {
		return
	}
	t.heading("Reproduce")
	for _, l := range commandLines(r.Reproduce, t.width-4) {
		t.linef("  %s", l)
	}
}

// commandLines breaks a command for a shell at its words. One with quotes is left alone.
func commandLines(command string, width int) []string {
	if strings.Contains(command, "'") {
		return []string{command}
	}
	lines := wrapped(command, width-4)
	for i := range lines {
		if i > 0 {
			lines[i] = "    " + lines[i]
		}
		if i < len(lines)-1 {
			lines[i] += " \\"
		}
	}
	return lines
}

// settingsOf are the settings that somebody wrote and that made a step possible: ", by producer.acks=1".
func settingsOf(r *verdict.Result, s *verdict.Step) string {
	var names []string
	for _, c := range cited(r, s) {
		if isPlace(c.Source) {
			names = append(names, c.Key+"="+verdict.Readable(c.Key, c.Value))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "; by " + strings.Join(names, ", ")
}
