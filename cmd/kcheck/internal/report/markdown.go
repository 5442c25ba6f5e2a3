package report

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// paper writes Markdown.
type paper struct {
	w     *bufio.Writer
	brief bool
}

// line writes one line of Markdown.
func (m *paper) line(text string) {
	m.w.WriteString(text)
	m.w.WriteByte('\n')
}

// linef writes one line of Markdown.
func (m *paper) linef(format string, args ...any) { m.line(fmt.Sprintf(format, args...)) }

// mdText makes any text safe in Markdown, also in a table.
func mdText(s string) string {
	s = strings.Join(strings.Fields(printable(s)), " ")
	return mdEscaper.Replace(s)
}

var mdEscaper = strings.NewReplacer("\\", "\\\\", "|", "\\|", "<", "&lt;", ">", "&gt;", "*", "\\*", "_", "\\_", "`", "\\`",
	"[", "\\[", "]", "\\]", "~", "\\~", "#", "\\#", "@", "&#64;", "$", "\\$")

// mdCode is a piece of code in a line.
func mdCode(s string) string {
	s = strings.ReplaceAll(strings.Join(strings.Fields(printable(s)), " "), "|", "\\|")
	if s == "" {
		return ""
	}
	mark := "`"
	for strings.Contains(s, mark) {
		mark += "`"
	}
	if mark == "`" {
		return mark + s + mark
	}
	return mark + " " + s + " " + mark
}

// mdFence is a block of code.
func mdFence(language, code string) string {
	fence := "```"
	for strings.Contains(code, fence) {
		fence += "`"
	}
	return fence + language + "\n" + strings.TrimRight(printable(code), "\n") + "\n" + fence
}

// folded is a section behind a line that unfolds it; empty without a body.
func folded(title, body string) string {
	if body == "" {
		return ""
	}
	return fmt.Sprintf("<details><summary>%s</summary>\n\n%s\n</details>\n\n", mdText(title), body)
}

// mdTable is a table of cells that are Markdown already. The first row is the head.
func mdTable(rows [][]string) string {
	columns := widths(rows)
	var b strings.Builder
	for i, row := range rows {
		cells, rule := make([]string, len(columns)), make([]string, len(columns))
		for j := range columns {
			if j < len(row) {
				cells[j] = row[j]
			}
			cells[j] = wrap.Pad(cells[j], columns[j])
			rule[j] = strings.Repeat("-", max(columns[j], 3))
		}
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
		if i == 0 {
			b.WriteString("| " + strings.Join(rule, " | ") + " |\n")
		}
	}
	return b.String()
}

// mdList are the steps of a trace, a line each.
func mdList(steps []verdict.Step) string {
	var b strings.Builder
	for i := range steps {
		s := &steps[i]
		text := mdText(sentence(toldText(s)))
		if s.Fault {
			text = "**FAULT** " + text
		}
		fmt.Fprintf(&b, "%d. %s\n", s.N, text)
	}
	return b.String()
}
