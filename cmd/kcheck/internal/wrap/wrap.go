// Package wrap breaks text into lines for a terminal. It counts the columns that a terminal uses: two for a wide
// character such as a Chinese one, none for a combining one.
package wrap

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// Blank is a blank at which text is not broken. It is written as an ordinary one.
const Blank = "\x00"

// columns counts characters of ambiguous width as narrow everywhere, whatever the locale says: the same result gets the
// same bytes on every machine.
var columns = &runewidth.Condition{}

// Lines breaks text into lines of at most width columns. A word that is longer than a line stands alone on one.
func Lines(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range words(text) {
		switch {
		case line == "":
			line = word
		case Columns(line)+1+Columns(word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}

// words splits text at ordinary blanks and makes the others ordinary.
func words(text string) []string {
	list := strings.Fields(text)
	for i, w := range list {
		list[i] = strings.ReplaceAll(w, Blank, " ")
	}
	return list
}

// Indent breaks text into lines that fit into width columns, the first behind first blanks and the others behind rest.
// Blanks in the first line up to column rest are kept, so that a label can be aligned there.
func Indent(first, rest int, text string, width int) string {
	label := ""
	if n := rest - first; n > 0 && len(text) > n {
		label, text = text[:n], text[n:]
	}
	lines := Lines(text, width-rest)
	lines[0] = strings.Repeat(" ", first) + label + lines[0]
	for i := range lines[1:] {
		lines[i+1] = strings.Repeat(" ", rest) + lines[i+1]
	}
	return strings.Join(lines, "\n")
}

// Columns is the number of columns that a text without escape codes takes on a terminal.
func Columns(text string) int { return columns.StringWidth(text) }

// Pad fills a text with blanks to a number of columns.
func Pad(text string, width int) string {
	return text + strings.Repeat(" ", max(width-Columns(text), 0))
}
