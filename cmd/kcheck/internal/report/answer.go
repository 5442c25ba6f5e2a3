package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// The first screen of a check: the whole answer, however many results there are.
const (
	answerLines = 24 // lines of the answer, on a terminal of the usual height
	answerRows  = 12 // rows of the table; of more results it has the worst
)

// answer collects the lines of the first screen.
type answer struct {
	*checkText
	lines []string
	left  int // lines that are left for the parts to come
}

// answer writes the first screen: a table of the results, the worst in a sentence, what the answer rests on, and how to
// see more. The results are those of worstFirst.
func (t *checkText) answer(r *verdict.Report) {
	if len(r.Results) == 0 {
		return
	}
	tally := tallyLines(r, t.width)
	a := &answer{checkText: t, left: answerLines - len(tally) - 1} // the last line says how to see more
	a.table(r)
	worst := &r.Results[0]
	a.part(3, "", headlineOf(worst), t.strong)
	a.part(2, "", expectedText(worst), t.unsure)
	a.part(2, "", standingText(worst), t.unsure)
	a.part(3, "Cause: ", causeText(worst), t.plain)
	a.part(2, "Fix: ", fixOrNone(worst), t.plain)
	a.part(2, inPlaceName+": ", inPlaceText(worst), t.plain)
	a.part(3, "Asked: ", askedText(r), t.plain)
	if worst.Verdict != verdict.Refused && worst.Verdict != verdict.Violated {
		a.part(2, "Searched: ", searched(worst), t.plain)
	}
	for _, text := range informationTexts(r) {
		a.part(3, "For information: ", text, t.plain)
	}
	a.rests(r)
	for _, l := range a.lines {
		t.line(l)
	}
	for _, l := range tally {
		t.line(t.tallyStyle(r)(l))
	}
	t.line(t.faint(cutLines([]string{moreText(r)}, 1, t.width)[0]))
}

// part adds wrapped text behind a label, cut to so many lines and to what is left. Empty text is no part.
func (a *answer) part(lines int, label, text string, style func(string) string) {
	lines = min(lines, a.left)
	if text == "" || lines <= 0 {
		return
	}
	for i, l := range cutLines(wrapped(label+text, a.width), lines, a.width) {
		if i == 0 && label != "" && strings.HasPrefix(l, label) {
			a.lines = append(a.lines, a.strong(strings.TrimSpace(label))+" "+style(strings.TrimPrefix(l, label)))
		} else {
			a.lines = append(a.lines, style(l))
		}
		a.left--
	}
}

// table adds the table of the results, the worst ones of many, and a blank line.
func (a *answer) table(r *verdict.Report) {
	shown := r.Results[:min(len(r.Results), answerRows)]
	rows := [][]string{{"guarantee", "verdict", "cause", "faults", "fix"}}
	several := specs(r) > 1
	for i := range shown {
		res := &shown[i]
		name := res.Guarantee
		if several && nameOf(res) != "" {
			name += " of " + shortName(res)
		}
		rows = append(rows, []string{name, verdictCell(res), causeCell(res), faultsCell(res), fixCell(res)})
	}
	height := max(1, min(3, answerRows/len(shown)))
	columns := shrunk(widths(rows), a.width)
	for i, row := range rows {
		style := a.faint
		if i > 0 {
			style = a.verdictStyle(shown[i-1].Verdict)
			if shown[i-1].Informational {
				style = a.plain
			}
		}
		a.row(row, columns, height, style)
	}
	if hidden := len(r.Results) - len(shown); hidden > 0 {
		a.lines = append(a.lines, a.faint("and "+count(hidden, "result")+" more, none of them worse"))
		a.left--
	}
	a.lines = append(a.lines, "")
	a.left--
}

// row adds one row, its cells broken into lines; the verdict has the style.
func (a *answer) row(cells []string, columns []int, height int, style func(string) string) {
	const verdictColumn = 1
	broken := make([][]string, len(cells))
	lines := 1
	for i, cell := range cells {
		broken[i] = []string{cell}
		if height > 1 {
			broken[i] = cellLines(cell, columns[i])
		}
		broken[i] = cutLines(broken[i], height, columns[i])
		lines = max(lines, len(broken[i]))
	}
	for n := range lines {
		var b strings.Builder
		for i, cell := range broken {
			text := ""
			if n < len(cell) {
				text = cell[n]
			}
			blanks := ""
			if i < len(broken)-1 {
				blanks = strings.Repeat(" ", max(0, columns[i]+2-wrap.Columns(text)))
			}
			if i == verdictColumn {
				text = style(text)
			}
			b.WriteString(text + blanks)
		}
		a.lines = append(a.lines, strings.TrimRight(b.String(), " "))
		a.left--
	}
}

// cellLines breaks a cell into lines: between words, and in a word that is too long behind a dot or an equals sign.
func cellLines(cell string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(cell) {
		if line != "" && wrap.Columns(line)+1+wrap.Columns(word) <= width {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for wrap.Columns(word) > width {
			at := strings.LastIndexAny(word[:min(width, len(word))], ".=-") + 1
			if at == 0 {
				break
			}
			lines, word = append(lines, word[:at]), word[at:]
		}
		line = word
	}
	return append(lines, line)
}

// shrunk are the widths of columns that fit into so many in all, with two blanks between them: the widest gives way
// first, and the verdict never.
func shrunk(columns []int, width int) []int {
	const narrowest, verdictColumn = 6, 1
	columns = slices.Clone(columns)
	total := 2 * (len(columns) - 1)
	for _, c := range columns {
		total += c
	}
	for ; total > width; total-- {
		widest := -1
		for i, c := range columns {
			if i != verdictColumn && c > narrowest && (widest < 0 || c > columns[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		columns[widest]--
	}
	return columns
}

// cutLines are at most so many lines of at most width columns; what is cut ends with "…".
func cutLines(lines []string, most, width int) []string {
	more := len(lines) > most
	lines = slices.Clone(lines[:min(len(lines), most)])
	for i, l := range lines {
		last := more && i == len(lines)-1
		if !last && wrap.Columns(l) <= width {
			continue
		}
		runes := []rune(l)
		for len(runes) > 0 && wrap.Columns(string(runes)) > width-1 {
			runes = runes[:len(runes)-1]
		}
		lines[i] = strings.TrimRight(string(runes), " ") + "…"
	}
	return lines
}

// rests adds of the guarantees that hold what the budget does not test, what they rest on, and what breaks them just above
// the budget.
func (a *answer) rests(r *verdict.Report) {
	told := map[string]bool{}
	for i := range r.Results {
		res := &r.Results[i]
		for j := range res.Dangers {
			if s := res.Dangers[j].Sentence(); !told[s] {
				told[s] = true
				a.part(3, "Not tested: ", s+".", a.unsure)
			}
		}
		beyond := beyondText(res)
		a.assumptions(res, min(len(beyond), 1))
		a.part(2, "Beyond the budget: ", beyond, a.plain)
	}
}

// assumptions adds a line for each value that a guarantee rests on, as far as there is room beside some lines that are kept
// for others.
func (a *answer) assumptions(r *verdict.Result, others int) {
	list := likelyFirst(r.RestsOn)
	room := a.left - others - 1
	if len(list) == 0 || room <= 0 {
		return
	}
	a.part(1, "Rests on: ", "with another value, and these faults, "+r.Guarantee+" is violated:", a.plain)
	shown := min(len(list), room)
	if shown < len(list) {
		shown--
	}
	rows := [][]string{}
	for _, s := range list[:shown] {
		rows = append(rows, []string{"  " + s.Key + "=" + verdict.Readable(s.Key, s.Value) + " (" + s.Source + ")", verdict.Readable(s.Key, s.Instead) + ": " + verdict.FaultSet(s.Faults)})
	}
	columns := widths(rows)
	for _, row := range rows {
		a.lines = append(a.lines, cutLines([]string{wrap.Pad(row[0], columns[0]+2) + row[1]}, 1, a.width)...)
	}
	a.left -= len(rows)
	if more := len(list) - shown; more > 0 {
		a.lines = append(a.lines, a.faint("  and "+number(more)+" more"))
		a.left--
	}
}

// askedText says what was searched for: the worst result's bounds, and whether those of others differ.
func askedText(r *verdict.Report) string {
	worst := &r.Results[0]
	text := "Kafka " + release(worst) + ", " + scope(worst)
	if name := nameOf(worst); name != "" {
		text = name + ": " + text
	}
	if worst.Verdict != verdict.Refused {
		text += "; faults allowed: " + verdict.FaultSet(worst.Budget)
	}
	if specs(r) > 1 {
		text += "; each " + map[bool]string{true: "system", false: "spec"}[worst.System != nil] + " has its own"
	}
	return text + "."
}

// moreText says what else there is, and how to see it.
func moreText(r *verdict.Report) string {
	parts := []string{"settings", "step details"}
	notes := 0
	for i := range r.Results {
		notes += len(r.Results[i].Notes)
	}
	if notes > 0 {
		parts = append(parts, count(notes, "note"))
	}
	if n := len(r.LeavesOut); n > 0 {
		parts = append(parts, fmt.Sprintf("%s of the model", count(n, "limit")))
	}
	return "More with --full: " + strings.Join(parts, ", ") + "."
}
