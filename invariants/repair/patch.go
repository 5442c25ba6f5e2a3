package repair

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/kcheck/kcheck/model/kafkaconf"
)

// patch writes changes as a unified diff of the user's own files: a value that was written is replaced where it stands,
// another is added where its part is. The notes say what has no place in a file, and what to look at.
func patch(request kafkaconf.Request, resolved *kafkaconf.Resolved, changes []Change) (string, []string) {
	p := &patcher{request: request, resolved: resolved, texts: map[string]*text{}}
	for i := range changes {
		p.change(&changes[i])
	}
	if t := p.texts[resolved.File]; t != nil && resolved.Spec {
		t.expectHolds()
	}
	var b strings.Builder
	for _, name := range p.names {
		t := p.texts[name]
		b.WriteString(unified(name, marked(t.before, t.open), marked(t.lines, t.open && !t.ended), t.created))
	}
	p.verify(changes)
	return b.String(), p.notes
}

// patcher edits the files of a question.
type patcher struct {
	request  kafkaconf.Request
	resolved *kafkaconf.Resolved
	names    []string // of the files, in the order in which they are touched
	texts    map[string]*text
	notes    []string
}

// text is a file being edited.
type text struct {
	before, lines []string
	open          bool // its last line had no end
	ended         bool // it has one now
	created       bool
	part          kafkaconf.Part // of a file that is created
}

// change edits one setting.
func (p *patcher) change(c *Change) {
	if c.Source == kafkaconf.CommandLine {
		p.note("%s was given on the command line: write --set %s", c.Key, c.flag())
		return
	}
	if where := p.byHand(c); where != "" {
		p.note("%s: kcheck does not edit %s; write %s there", c.Key, where, c.flag())
		return
	}
	if file, line, column, ok := place(c.Source); ok {
		if t := p.open(file); t != nil && t.replace(line, column, c) {
			return
		}
	}
	switch file := p.fileOf(c.part()); {
	case file == "" && !slices.Contains(kafkaconf.FileParts, c.part()):
		p.note("%s is in no file: check it with --set %s", c.Key, c.flag())
	case file == "":
		p.create(c)
	case p.isSpec(file):
		p.addToSpec(file, c)
	default:
		if t := p.open(file); t != nil {
			t.insert(len(t.lines), p.entry(c))
		}
	}
}

// byHand is where a setting stands that kcheck does not edit: in a cluster, or in a file that is neither a spec nor a list
// of key=value; "" for one that it does.
func (p *patcher) byHand(c *Change) string {
	file, _, _, ok := place(c.Source)
	if !ok {
		file = p.fileOf(c.part())
	}
	for _, read := range p.resolved.Read {
		switch {
		case read.File != file && (file != "" || !slices.Contains(read.Parts, c.part())):
		case !read.Editable():
			return read.Format + " (" + read.File + ")"
		}
	}
	return ""
}

func (p *patcher) note(format string, args ...any) {
	p.notes = append(p.notes, fmt.Sprintf(format, args...))
}

// entry is a line of a .properties file.
func (p *patcher) entry(c *Change) string {
	_, key, _ := strings.Cut(c.Key, ".")
	return key + "=" + c.To
}

// place reads "file:line:col".
func place(source string) (file string, line, column int, ok bool) {
	rest, col, found := cutLast(source)
	file, at, alsoFound := cutLast(rest)
	line, errLine := strconv.Atoi(at)
	column, errColumn := strconv.Atoi(col)
	return file, line, column, found && alsoFound && errLine == nil && errColumn == nil
}

func cutLast(s string) (before, after string, found bool) {
	i := strings.LastIndex(s, ":")
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// open reads a file once.
func (p *patcher) open(name string) *text {
	if t, found := p.texts[name]; found {
		return t
	}
	data, err := p.request.Read(name)
	if err != nil {
		return nil
	}
	t := &text{before: splitLines(data), open: len(data) > 0 && !bytes.HasSuffix(data, []byte("\n"))}
	t.lines = slices.Clone(t.before)
	p.texts[name], p.names = t, append(p.names, name)
	return t
}

// splitLines splits without the line ends.
func splitLines(data []byte) []string {
	data = bytes.TrimSuffix(data, []byte("\n"))
	if len(data) == 0 {
		return nil
	}
	return strings.Split(string(data), "\n")
}

// fileOf is the file that gives a part: the one of its flag, one that gives another setting of it, or the spec.
func (p *patcher) fileOf(part kafkaconf.Part) string {
	if file, found := p.request.PartFiles[part]; found {
		return file
	}
	for _, e := range p.resolved.Effective {
		if file, _, _, ok := place(e.Source); ok && e.Part == part && e.Given {
			return file
		}
	}
	if p.resolved.Spec {
		return p.resolved.File
	}
	return ""
}

func (p *patcher) isSpec(file string) bool { return p.resolved.Spec && file == p.resolved.File }

// create adds a .properties file for a part that nobody gave.
func (p *patcher) create(c *Change) {
	name := path.Join(path.Dir(p.resolved.File), string(c.part())+".properties")
	t, found := p.texts[name]
	if !found {
		if _, err := p.request.Read(name); err == nil {
			p.note("%s is in no file: add it to the configuration of the %s", c.flag(), c.part())
			return
		}
		t = &text{created: true, part: c.part()}
		p.texts[name], p.names = t, append(p.names, name)
		p.note("%s is new: give it with --%s %s", name, c.part(), name)
		t.lines = append(t.lines, assumedOf(p.resolved, c)...)
	}
	t.lines = append(t.lines, p.entry(c))
}

// assumedOf lists, as entries, what was assumed of a part that becomes given, so that it stays as it was.
func assumedOf(resolved *kafkaconf.Resolved, c *Change) []string {
	var entries []string
	for _, e := range resolved.Effective {
		if e.Part == c.part() && e.Source == "assumed" && e.Name() != c.Key && e.Key != "replication.factor" {
			entries = append(entries, e.Key+"="+e.Value)
		}
	}
	return entries
}

// verify reads the patched files as the user will, and says when they do not come to the configuration that was checked.
func (p *patcher) verify(changes []Change) {
	r := p.request
	r.ReadFile = func(name string) ([]byte, error) {
		if t, found := p.texts[name]; found {
			return []byte(strings.Join(t.lines, "\n") + "\n"), nil
		}
		return p.request.Read(name)
	}
	r.Set = slices.Clone(r.Set)
	for i := range changes {
		if changes[i].Source == kafkaconf.CommandLine || p.byHand(&changes[i]) != "" || !slices.Contains(kafkaconf.FileParts, changes[i].part()) && !p.resolved.Spec {
			r.Set = append(r.Set, changes[i].flag())
		}
	}
	r.PartFiles = map[kafkaconf.Part]string{}
	for part, file := range p.request.PartFiles {
		r.PartFiles[part] = file
	}
	for name, t := range p.texts {
		if t.created {
			r.PartFiles[t.part] = name
		}
	}
	want, _ := kafkaconf.Load(with(p.request, changes))
	got, _ := kafkaconf.Load(r)
	if want == nil || got == nil || got.Config != want.Config {
		p.note("the patched files do not come to the same configuration as the changes: check again after applying them")
	}
}
