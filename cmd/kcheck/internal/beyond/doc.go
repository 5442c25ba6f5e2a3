// Package beyond turns what goes beyond one verdict - resilience, repairs, matrices, differences - into the forms in
// which people read it. Like package render it knows the documents of --format json and nothing else.
package beyond

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"sort"
	"strings"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// Width is the width of the text form in columns.
const Width = 80

// JSON writes a document as the json form has it.
func JSON(w io.Writer, document any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(document)
}

// Faults writes a set of faults: "2 x broker-crash + leader-move".
func Faults(set map[string]int) string {
	if len(set) == 0 {
		return "no fault"
	}
	var names []string
	for name, n := range set {
		if n != 1 {
			name = fmt.Sprintf("%d x %s", n, name)
		}
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool { return bare(names[i]) < bare(names[j]) })
	return strings.Join(names, " + ")
}

// bare is the name of a fault without its number.
func bare(s string) string {
	if _, name, found := strings.Cut(s, " x "); found {
		return name
	}
	return s
}

// page writes text in lines.
type page struct{ w *bufio.Writer }

func newPage(w io.Writer) page { return page{bufio.NewWriter(w)} }

func (p page) line(format string, args ...any) {
	fmt.Fprintf(p.w, format, args...)
	p.w.WriteByte('\n')
}

// hang writes wrapped text, the first line behind a label and the others below its end.
func (p page) hang(label, text string) {
	indent := wrap.Columns(label)
	for _, l := range wrap.Lines(text, max(Width-indent, 20)) {
		p.line("%s%s", label, l)
		label = strings.Repeat(" ", indent)
	}
}

// steps writes a trace, a paragraph for each step.
func (p page) steps(steps []verdict.Step, indent string) {
	for i := range steps {
		s := &steps[i]
		mark, text := " ", s.Text
		if s.Fault {
			mark, text = "!", "FAULT "+s.Text
		}
		p.hang(fmt.Sprintf("%s%3d %s %-10s ", indent, s.N, mark, s.Actor), text)
	}
}

// table writes rows with aligned columns, two blanks between them. The first row is the head.
func (p page) table(rows [][]string) {
	widths := columns(rows)
	for _, row := range rows {
		var b strings.Builder
		for i, cell := range row {
			b.WriteString(cell)
			b.WriteString(strings.Repeat(" ", widths[i]-wrap.Columns(cell)+2))
		}
		p.line("%s", strings.TrimRight(b.String(), " "))
	}
}

func columns(rows [][]string) []int {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], wrap.Columns(cell))
		}
	}
	return widths
}

// markdownTable writes rows as a table of Markdown.
func (p page) markdownTable(rows [][]string) {
	widths := columns(rows)
	for i, row := range rows {
		cells := make([]string, len(row))
		for j, cell := range row {
			cells[j] = cell + strings.Repeat(" ", widths[j]-wrap.Columns(cell))
		}
		p.line("| %s |", strings.Join(cells, " | "))
		if i == 0 {
			rule := make([]string, len(row))
			for j := range row {
				rule[j] = strings.Repeat("-", max(widths[j], 3))
			}
			p.line("| %s |", strings.Join(rule, " | "))
		}
	}
}

// markdownSteps writes a trace that can be folded.
func (p page) markdownSteps(steps []verdict.Step) {
	if len(steps) == 0 {
		return
	}
	p.line("<details><summary>%s</summary>", Plural(len(steps), "step"))
	p.line("")
	for _, s := range steps {
		text := s.Text
		if s.Fault {
			text = "**fault** " + text
		}
		p.line("%d. %s: %s", s.N, s.Actor, text)
	}
	p.line("")
	p.line("</details>")
}

// Plural writes a number with its noun.
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
