package render

import (
	"strconv"
	"strings"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
)

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

// pad fills a text with blanks to a width.
func pad(text string, width int) string {
	if n := width - wrap.Columns(text); n > 0 {
		return text + strings.Repeat(" ", n)
	}
	return text
}

// number writes a count with separators: 2,000,000.
func number(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// count writes a number with its noun: "1 step", "2 steps".
func count(n uint64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return number(n) + " " + noun + "s"
}
