package render

import (
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// shortTitles are the titles of ledger columns where there is little room.
var shortTitles = map[string]string{"disk": "disk", "high-watermark": "HW", "downstream": "seen"}

// ledger writes where each message stood, as a table with a row for each message where that fits, and else with a row
// for each question.
func (t *text) ledger(l *verdict.Ledger) {
	if l == nil || len(l.Rows) == 0 {
		return
	}
	t.heading("What became of each message, by step")
	table := ledgerTable(l)
	styles := make([]func(string) string, len(table))
	styles[0] = t.style.faint
	for i := range l.Rows {
		styles[i+1] = t.rowStyle(&l.Rows[i])
	}
	if !t.table(table, styles) {
		t.table(turned(table), nil)
	}
	t.hanging(2, 2, keyOf(l))
	for _, n := range columnNotes(l) {
		t.hanging(2, 4, sentence(n))
	}
}

// table writes a table, its rows in the given styles, if it fits or has none.
func (t *text) table(rows [][]string, styles []func(string) string) bool {
	widths := make([]int, len(rows[0]))
	total := 0
	for i := range widths {
		for _, row := range rows {
			widths[i] = max(widths[i], wrap.Columns(row[i]))
		}
		total += widths[i] + 2
	}
	if total > t.width && styles != nil {
		return false
	}
	for i, row := range rows {
		style := func(s string) string { return s }
		if styles != nil {
			style = styles[i]
		}
		t.tableRow(row, widths, style)
	}
	return true
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

// rowStyle is how a message is written: one that breaks the guarantee stands out.
func (t *text) rowStyle(r *verdict.Row) func(string) string {
	if r.Broken {
		return t.style.bad
	}
	return func(s string) string { return s }
}

// ledgerTable is a ledger, its head first, without the columns that the model cannot answer; what breaks the guarantee
// has a mark.
func ledgerTable(l *verdict.Ledger) (rows [][]string) {
	head := []string{""}
	for _, c := range l.Columns {
		if c.Note == "" {
			head = append(head, orElse(shortTitles[c.Key], strings.TrimPrefix(c.Title, "log ")))
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

// tableRow writes one row.
func (t *text) tableRow(cells []string, widths []int, style func(string) string) {
	var b strings.Builder
	for i, c := range cells {
		b.WriteString(pad(c, widths[i]) + "  ")
	}
	t.line("  %s", style(strings.TrimRight(b.String(), " ")))
}

// causes says that every fault is needed, and where the run could still have ended well.
func (t *text) causes(r *verdict.Result) {
	if len(r.Needed) > 0 {
		t.heading(neededTitle(r))
		for _, n := range r.Needed {
			t.bullet("-", neededText(n))
		}
	}
	if r.Branch == nil {
		return
	}
	t.heading("The neighbouring run that ends well")
	t.paragraph(2, branchText(r))
	t.brief(r.Branch.Steps)
}

// atWork writes the run that shows a guarantee at work.
func (t *text) atWork(r *verdict.Result) {
	if r.Showing == nil || len(r.Steps) > 0 {
		return
	}
	t.heading("A run that shows it at work: " + workTitle(r))
	t.brief(r.Showing.Steps)
	t.ledger(r.Showing.Ledger)
}

// brief writes steps in a line each.
func (t *text) brief(steps []verdict.Step) {
	for i := range steps {
		s := &steps[i]
		mark, story := " ", sentence(s.Text)
		if s.Fault {
			mark, story = "!", "FAULT "+story
		}
		head := fmt.Sprintf("%4d %s ", s.N, mark)
		for _, l := range wrap.Lines(story, t.width-7) {
			t.line("%s%s", t.loud(s, head), t.loud(s, l))
			head = "       "
		}
	}
}

// reproduce writes the command that asks the question again.
func (t *text) reproduce(r *verdict.Result) {
	if r.Reproduce == "" || r.Verdict == verdict.Holds {
		return
	}
	t.heading("Reproduce")
	for _, l := range commandLines(r.Reproduce, t.width-4) {
		t.line("  %s", l)
	}
}

// commandLines breaks a command for a shell at its words. One with quotes is left alone.
func commandLines(command string, width int) []string {
	if strings.Contains(command, "'") {
		return []string{command}
	}
	lines := wrap.Lines(command, width-4)
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
			names = append(names, c.Key+"="+c.Value)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "; by " + strings.Join(names, ", ")
}
