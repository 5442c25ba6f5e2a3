package repair

import (
	"fmt"
	"slices"
	"strings"
)

// context is how many unchanged lines a hunk shows on each side.
const contextLines = 3

// unified writes the difference of two texts as patch and git apply read it.
func unified(name string, before, after []string, created bool) string {
	edits := script(before, after)
	var b strings.Builder
	for at := 0; at < len(edits); {
		first := at
		for first < len(edits) && edits[first].mark == ' ' {
			first++
		}
		if first == len(edits) {
			break
		}
		last, same := first, 0
		for i := first; i < len(edits) && same <= 2*contextLines; i++ {
			if same++; edits[i].mark != ' ' {
				last, same = i, 0
			}
		}
		from, to := max(first-contextLines, at), min(last+contextLines+1, len(edits))
		if b.Len() == 0 {
			b.WriteString(head(name, created))
		}
		b.WriteString(hunk(edits, from, to))
		at = to
	}
	return b.String()
}

// marked marks the last line of a text as one without an end.
func marked(lines []string, open bool) []string {
	if !open || len(lines) == 0 {
		return lines
	}
	lines = slices.Clone(lines)
	lines[len(lines)-1] += "\n\\ No newline at end of file"
	return lines
}

func head(name string, created bool) string {
	old := "a/" + strings.TrimPrefix(name, "/")
	if created {
		old = "/dev/null"
	}
	return fmt.Sprintf("--- %s\n+++ b/%s\n", old, strings.TrimPrefix(name, "/"))
}

// hunk writes some edits with their line numbers.
func hunk(edits []edit, from, to int) string {
	oldAt, newAt, olds, news := 1, 1, 0, 0
	var body strings.Builder
	for i, e := range edits[:to] {
		if i < from {
			oldAt += btoi(e.mark != '+')
			newAt += btoi(e.mark != '-')
			continue
		}
		olds += btoi(e.mark != '+')
		news += btoi(e.mark != '-')
		fmt.Fprintf(&body, "%c%s\n", e.mark, e.line)
	}
	if olds == 0 {
		oldAt--
	}
	return fmt.Sprintf("@@ -%s +%s @@\n", lines(oldAt, olds), lines(newAt, news)) + body.String()
}

func lines(at, n int) string {
	if n == 1 {
		return fmt.Sprint(at)
	}
	return fmt.Sprintf("%d,%d", at, n)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// edit is a line that is kept (' '), dropped ('-') or added ('+').
type edit struct {
	mark byte
	line string
}

// script is a shortest list of edits, by the lengths of the longest common rest of both texts.
func script(before, after []string) []edit {
	rest := make([][]int, len(before)+1)
	for i := range rest {
		rest[i] = make([]int, len(after)+1)
	}
	for i := len(before) - 1; i >= 0; i-- {
		for j := len(after) - 1; j >= 0; j-- {
			if before[i] == after[j] {
				rest[i][j] = rest[i+1][j+1] + 1
			} else {
				rest[i][j] = max(rest[i+1][j], rest[i][j+1])
			}
		}
	}
	var edits []edit
	i, j := 0, 0
	for i < len(before) || j < len(after) {
		switch {
		case i < len(before) && j < len(after) && before[i] == after[j]:
			edits = append(edits, edit{' ', before[i]})
			i, j = i+1, j+1
		case j == len(after) || i < len(before) && rest[i+1][j] >= rest[i][j+1]:
			edits = append(edits, edit{'-', before[i]})
			i++
		default:
			edits = append(edits, edit{'+', after[j]})
			j++
		}
	}
	return edits
}
