package repair

import (
	"regexp"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model/kafkaconf"
)

// replace puts a new value where a key stands, and keeps everything else of the line: blanks, quotes, comments. It
// returns false where the line is not as expected.
func (t *text) replace(line, column int, c *Change) bool {
	if line < 1 || line > len(t.lines) || column < 1 || column > len(t.lines[line-1]) {
		return false
	}
	s := t.lines[line-1]
	before, rest := s[:column-1], s[column-1:]
	_, key, _ := strings.Cut(c.Key, ".")
	quoted := regexp.MustCompile(`^(["']?` + regexp.QuoteMeta(key) + `["']?\s*[=:]?\s*)`)
	head := quoted.FindString(rest)
	if head == "" {
		return false
	}
	if end := t.logicalEnd(line); end > line { // a value that goes on in the next line becomes one line
		t.lines = slices.Replace(t.lines, line-1, end, before+head+c.To+lineEnd(t.lines[end-1]))
		return true
	}
	value := valueOf(rest[len(head):], strings.Contains(head, ":") && !strings.Contains(head, "="), inFlow(before))
	t.lines[line-1] = before + head + like(value, c.To) + rest[len(head)+len(value):]
	return true
}

// logicalEnd is the last line of the logical line of a .properties file that begins in a line.
func (t *text) logicalEnd(line int) int {
	for line < len(t.lines) && goesOn(t.lines[line-1]) {
		line++
	}
	return line
}

// goesOn says that a line ends with an odd number of backslashes.
func goesOn(line string) bool {
	line = strings.TrimSuffix(line, "\r")
	return (len(line)-len(strings.TrimRight(line, `\`)))%2 == 1
}

// lineEnd is the carriage return at the end of a line, if it has one.
func lineEnd(line string) string {
	if strings.HasSuffix(line, "\r") {
		return "\r"
	}
	return ""
}

// insert adds a line with the same end as the others. One behind the last line ends that line, if nothing did.
func (t *text) insert(at int, line string) {
	if len(t.lines) > 0 {
		line += lineEnd(t.lines[0])
	}
	if at == len(t.lines) && t.open && !t.ended {
		t.lines[at-1] += lineEnd(t.lines[0])
		t.ended = true
	}
	t.lines = slices.Insert(t.lines, at, line)
}

// inFlow says that what follows is inside { }.
func inFlow(before string) bool { return strings.Count(before, "{") > strings.Count(before, "}") }

// valueOf is the value at the start of the rest of a line: of a YAML mapping up to a comma, a brace or a comment, of a
// .properties file up to the end.
func valueOf(rest string, yaml, flow bool) string {
	if !yaml {
		return strings.TrimRight(rest, " \t\r")
	}
	if rest != "" && (rest[0] == '"' || rest[0] == '\'') {
		if i := strings.IndexByte(rest[1:], rest[0]); i >= 0 {
			return rest[:i+2]
		}
	}
	end := len(rest)
	if i := strings.Index(rest, " #"); i >= 0 {
		end = i
	}
	if flow {
		if i := strings.IndexAny(rest[:end], ",}"); i >= 0 {
			end = i
		}
	}
	return strings.TrimRight(rest[:end], " \t\r")
}

// like writes a value with the quotes of the one that it replaces.
func like(old, value string) string {
	if len(old) > 1 && (old[0] == '"' || old[0] == '\'') {
		return old[:1] + value + old[:1]
	}
	return value
}

// addToSpec adds a setting to its part of a spec, where the part is, or as a part of its own.
func (p *patcher) addToSpec(file string, c *Change) {
	t := p.open(file)
	if t == nil {
		return
	}
	_, key, _ := strings.Cut(c.Key, ".")
	top := regexp.MustCompile(`^["']?` + string(c.part()) + `["']?\s*:\s*(.*)$`)
	for i, line := range t.lines {
		m := top.FindStringSubmatch(strings.TrimRight(line, "\r"))
		if m == nil {
			continue
		}
		if t.addTo(i, m[1], key+": "+c.To) {
			return
		}
		p.note("%s: add %s to it", c.part(), c.flag())
		return
	}
	entries := []string{}
	for _, e := range assumedOf(p.resolved, c) {
		if slices.Contains(kafkaconf.FileParts, c.part()) || c.part() == kafkaconf.Downstream {
			entries = append(entries, strings.Replace(e, "=", ": ", 1))
		}
	}
	t.insertPart(string(c.part()) + ": {" + strings.Join(append(entries, key+": "+c.To), ", ") + "}")
}

// addTo adds an entry to the mapping of a part that begins in line i.
func (t *text) addTo(i int, rest, entry string) bool {
	switch end := strings.LastIndex(t.lines[i], "}"); {
	case strings.HasPrefix(rest, "{") && end >= 0:
		joint := ", "
		if strings.TrimSpace(strings.TrimPrefix(t.lines[i][:end], t.lines[i][:strings.Index(t.lines[i], "{")+1])) == "" {
			joint = ""
		}
		t.lines[i] = strings.TrimRight(t.lines[i][:end], " ") + joint + entry + t.lines[i][end:]
		return true
	case rest == "" || strings.HasPrefix(rest, "#"):
		last, indent := i, "  "
		for j := i + 1; j < len(t.lines) && (strings.HasPrefix(t.lines[j], " ") || strings.TrimSpace(t.lines[j]) == ""); j++ {
			if s := strings.TrimLeft(t.lines[j], " "); s != "" && s[0] != '#' {
				last, indent = j, t.lines[j][:len(t.lines[j])-len(s)]
			}
		}
		t.insert(last+1, indent+entry)
		return true
	}
	return false
}

// insertPart adds a part of a spec before its faults, scope or expectation, or at the end.
func (t *text) insertPart(line string) {
	at := len(t.lines)
	for i, l := range t.lines {
		if regexp.MustCompile(`^(app|model|faults|scope|expect)\s*:`).MatchString(l) {
			at = i
			break
		}
	}
	t.insert(at, line)
}

// broken are the words of an expectation that a repair makes untrue.
var broken = regexp.MustCompile(`\b(violated|vacuous|refused)\b`)

// expectHolds corrects what a spec expects of its guarantees: all of them hold now.
func (t *text) expectHolds() {
	for i, line := range t.lines {
		if !strings.HasPrefix(line, "expect:") {
			continue
		}
		t.lines[i] = broken.ReplaceAllString(line, "holds")
		for j := i + 1; j < len(t.lines) && strings.HasPrefix(t.lines[j], " "); j++ {
			t.lines[j] = broken.ReplaceAllString(t.lines[j], "holds")
		}
	}
}
