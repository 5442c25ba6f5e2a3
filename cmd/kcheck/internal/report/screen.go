package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// screen writes text for a terminal or a review.
type screen struct {
	w *bufio.Writer
	style
	width int // columns
	brief bool
}

// newScreen starts a text.
func newScreen(w io.Writer, o Options) *screen {
	return &screen{bufio.NewWriter(w), style{o.Color}, cmp.Or(o.Width, 80), o.Brief}
}

// style marks text for a terminal; its zero value marks nothing. Nothing is said by colour alone.
type style struct{ color bool }

// mark wraps text in a terminal's escape codes.
func (s style) mark(code, text string) string {
	if !s.color || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (s style) strong(text string) string { return s.mark("1", text) }
func (s style) faint(text string) string  { return s.mark("2", text) }
func (s style) bad(text string) string    { return s.mark("1;31", text) }
func (s style) good(text string) string   { return s.mark("1;32", text) }
func (s style) unsure(text string) string { return s.mark("1;33", text) }
func (s style) plain(text string) string  { return text }

// loud is for the words of a step: faults stand out.
func (s style) loud(step *verdict.Step, words string) string {
	if step.Fault {
		return s.bad(words)
	}
	return words
}

// line writes one line, or more where a text has line ends.
func (s *screen) line(text string) {
	for l := range strings.SplitSeq(text, "\n") {
		s.w.WriteString(Harmless(l))
		s.w.WriteByte('\n')
	}
}

// linef writes one line.
func (s *screen) linef(format string, args ...any) { s.line(fmt.Sprintf(format, args...)) }

// heading starts a section.
func (s *screen) heading(name string) {
	s.line("")
	s.line(s.strong(name))
}

// several is a number of faults of a kind, which is not broken at the end of a line.
var several = regexp.MustCompile(`\b\d+ x [a-z]`)

// wrapped breaks text into lines of so many columns.
func wrapped(text string, width int) []string {
	text = several.ReplaceAllStringFunc(text, func(s string) string { return strings.ReplaceAll(s, " ", wrap.Blank) })
	return wrap.Lines(text, max(width, 20))
}

// hang writes wrapped text, the first line behind a label and the others below its end.
func (s *screen) hang(label, text string) { s.hangStyled(label, text, s.plain) }

// hangStyled is hang in a style.
func (s *screen) hangStyled(label, text string, style func(string) string) {
	indent := wrap.Columns(label)
	for _, l := range wrapped(text, s.width-indent) {
		s.line(style(label) + style(l))
		label = strings.Repeat(" ", indent)
	}
}

// faintly writes wrapped text, the first line behind first blanks and the others behind rest, in faint letters.
func (s *screen) faintly(first, rest int, text string) {
	indent := first
	for _, l := range wrapped(text, s.width-rest) {
		s.line(strings.Repeat(" ", indent) + s.faint(l))
		indent = rest
	}
}

// steps writes a trace, a paragraph for each step.
func (s *screen) steps(steps []verdict.Step, indent string) {
	for i := range steps {
		step := &steps[i]
		mark := " "
		if step.Fault {
			mark = "!"
		}
		s.hangStyled(fmt.Sprintf("%s%4d %s ", indent, step.N, mark), stepText(step),
			func(words string) string { return s.loud(step, words) })
	}
}

// widths are the columns that the cells of a table need.
func widths(rows [][]string) []int {
	var list []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(list) {
				list = append(list, 0)
			}
			list[i] = max(list[i], wrap.Columns(cell))
		}
	}
	return list
}

// tableWidth is the columns that a table needs.
func tableWidth(rows [][]string) int {
	total := -2
	for _, w := range widths(rows) {
		total += w + 2
	}
	return total
}

// table writes rows with aligned columns, two blanks between them, each in its style; nil is none.
func (s *screen) table(indent string, rows [][]string, styles []func(string) string) {
	columns := widths(rows)
	for i, row := range rows {
		var b strings.Builder
		for j, cell := range row {
			b.WriteString(wrap.Pad(cell, columns[j]+2))
		}
		text := strings.TrimRight(b.String(), " ")
		if styles != nil {
			text = styles[i](text)
		}
		s.line(indent + text)
	}
}
