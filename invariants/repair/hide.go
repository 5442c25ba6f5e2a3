package repair

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/kcheck/kcheck/model/kafkaconf"
)

// A patch shows lines of the user's files, those around the changes too, and is pasted where others read it. Lines that
// may have secrets are left out of it.

// shownDiff is the diff of a document without the lines that are not shown. trimmed says that some are left out around
// the changes; a change in such a line cannot be shown at all, and then the diff is empty.
func (d *document) shownDiff() (diff string, trimmed bool) {
	diff = d.diff()
	if d.created || diff == "" {
		return diff, false
	}
	return hideLines(diff, kafkaconf.HiddenLines(d.name, []byte(d.before)), kafkaconf.HiddenLines(d.name, []byte(d.text)))
}

// diffLine is a line of a unified diff with its numbers in both files.
type diffLine struct {
	text     string // with its mark, and with the remark on a missing line end
	old, new int
	hidden   bool
}

// changed says whether the line is no context.
func (l diffLine) changed() bool { return l.text[0] != ' ' }

// hunkHead matches the head of a hunk.
var hunkHead = regexp.MustCompile(`^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@`)

// hideLines leaves hidden lines, and what is beyond them as seen from a change, out of a unified diff.
func hideLines(diff string, before, after map[int]bool) (shown string, trimmed bool) {
	var out strings.Builder
	lines := strings.SplitAfter(diff, "\n")
	out.WriteString(lines[0] + lines[1])
	for at := 2; at < len(lines) && lines[at] != ""; {
		hunk, next := readHunk(lines, at, before, after)
		at = next
		for i, kept := range visible(hunk) {
			if !kept {
				trimmed = true
				if hunk[i].changed() {
					return "", true
				}
			}
		}
		writeHunks(&out, hunk, visible(hunk))
	}
	return out.String(), trimmed
}

// readHunk reads the hunk whose head is a line of a diff.
func readHunk(lines []string, at int, before, after map[int]bool) (hunk []diffLine, next int) {
	m := hunkHead.FindStringSubmatch(lines[at])
	if m == nil {
		return nil, at + 1
	}
	oldLine, _ := strconv.Atoi(m[1])
	newLine, _ := strconv.Atoi(m[3])
	for at++; at < len(lines) && lines[at] != "" && lines[at][0] != '@'; at++ {
		l := diffLine{text: lines[at], old: oldLine, new: newLine}
		switch l.text[0] {
		case '\\':
			hunk[len(hunk)-1].text += l.text
			continue
		case '-':
			l.hidden = before[oldLine]
			oldLine++
		case '+':
			l.hidden = after[newLine]
			newLine++
		default:
			l.hidden = before[oldLine] || after[newLine]
			oldLine, newLine = oldLine+1, newLine+1
		}
		hunk = append(hunk, l)
	}
	return hunk, at
}

// visible says of each line of a hunk whether it stays: it is shown, and so is all between it and a change.
func visible(hunk []diffLine) []bool {
	kept := make([]bool, len(hunk))
	near := false
	for i, l := range hunk {
		near = !l.hidden && (near || l.changed())
		kept[i] = near
	}
	near = false
	for i := len(hunk) - 1; i >= 0; i-- {
		near = !hunk[i].hidden && (near || hunk[i].changed())
		kept[i] = kept[i] || near
	}
	return kept
}

// writeHunks writes what stays of a hunk, as several where lines between are left out.
func writeHunks(out *strings.Builder, hunk []diffLine, kept []bool) {
	for from := 0; from < len(hunk); from++ {
		if !kept[from] {
			continue
		}
		to, oldCount, newCount, body := from, 0, 0, ""
		for ; to < len(hunk) && kept[to]; to++ {
			body += hunk[to].text
			if hunk[to].text[0] != '+' {
				oldCount++
			}
			if hunk[to].text[0] != '-' {
				newCount++
			}
		}
		fmt.Fprintf(out, "@@ -%s +%s @@\n%s", span(hunk[from].old, oldCount), span(hunk[from].new, newCount), body)
		from = to
	}
}

// span is the place of a hunk in a file; without a line of it, the one before.
func span(line, count int) string {
	switch count {
	case 0:
		return fmt.Sprintf("%d,0", line-1)
	case 1:
		return strconv.Itoa(line)
	}
	return fmt.Sprintf("%d,%d", line, count)
}
