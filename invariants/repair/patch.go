package repair

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model/kafkaconf"
)

// patch writes changes as a unified diff of the user's own files: a value that was written is replaced where it stands,
// another is added where its part is. The notes say what has no place in a file, and what to look at; verified says that
// the patched files come to the configuration that was checked.
func patch(request kafkaconf.Request, resolved *kafkaconf.Resolved, changes []Change) (diff string, notes []string, verified bool) {
	p := &patcher{request: request, resolved: resolved, documents: map[string]*document{}}
	for i := range changes {
		p.change(&changes[i])
	}
	if d := p.documents[resolved.File]; d != nil && resolved.Spec {
		d.expectHolds()
	}
	var b strings.Builder
	for _, name := range p.names {
		shown, trimmed := p.documents[name].shownDiff()
		b.WriteString(shown)
		switch {
		case trimmed && shown == "":
			p.note("%s is changed in a line with a value that is not shown: write %s there", name, p.flagsIn(name, changes))
		case trimmed:
			p.note("%s has lines that are not shown; git apply --unidiff-zero, or patch -p1, applies the patch without them", name)
		}
	}
	if verified = p.verified(changes); !verified {
		p.note("the patched files do not give the same configuration as the changes: check again after applying them")
	}
	return b.String(), p.notes, verified
}

// flagsIn are the changes in a file as they are given to --set.
func (p *patcher) flagsIn(name string, changes []Change) string {
	var flags []string
	for i := range changes {
		if c := &changes[i]; c.at.File == name || c.at.Line == 0 && p.fileOf(c.part()) == name {
			flags = append(flags, c.flag())
		}
	}
	return strings.Join(flags, ", ")
}

// patcher edits the files of a question.
type patcher struct {
	request   kafkaconf.Request
	resolved  *kafkaconf.Resolved
	names     []string // of the files, in the order in which they are touched
	documents map[string]*document
	notes     []string
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
	if p.replace(c) {
		return
	}
	switch file := p.fileOf(c.part()); {
	case file == "" && !slices.Contains(kafkaconf.FileParts, c.part()):
		p.note("%s is in no file: check it with --set %s", c.Key, c.flag())
	case file == "":
		p.create(c)
	case p.isSpec(file):
		p.addToSpec(file, c)
	default:
		if d := p.open(file); d != nil {
			d.append(c.key() + "=" + c.To)
		}
	}
}

// replace changes a value where it stands in a file; false where it stands in none.
func (p *patcher) replace(c *Change) bool {
	if c.at.Line == 0 {
		return false
	}
	d := p.open(c.at.File)
	switch {
	case d == nil:
		return false
	case p.isSpec(c.at.File):
		return d.setYAML(c.at.Line, c.at.Column, c.To)
	}
	return d.setProperty(c.at.Line, c.at.Column, c.key(), c.To)
}

// addToSpec adds a setting to its part of a spec, with what was assumed of a part that becomes given.
func (p *patcher) addToSpec(file string, c *Change) {
	d := p.open(file)
	if d == nil {
		return
	}
	var entries []string
	if slices.Contains(kafkaconf.FileParts, c.part()) || c.part() == kafkaconf.Downstream {
		for _, e := range assumedOf(p.resolved, c) {
			entries = append(entries, e.Key+": "+e.Value)
		}
	}
	if !d.addToPart(string(c.part()), c.key(), c.To, entries) {
		p.note("%s: add %s to it", c.part(), c.flag())
	}
}

// byHand is where a setting stands that kcheck does not edit: in a cluster, or in a file that is neither a spec nor a list
// of key=value; "" for one that it does.
func (p *patcher) byHand(c *Change) string {
	file := c.at.File
	if c.at.Line == 0 {
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

// open reads a file once; nil for one that cannot be read.
func (p *patcher) open(name string) *document {
	if d, found := p.documents[name]; found {
		return d
	}
	data, err := p.request.Read(name)
	if err != nil {
		return nil
	}
	d := &document{name: name, before: string(data), text: string(data)}
	p.documents[name], p.names = d, append(p.names, name)
	return d
}

// fileOf is the file that gives a part: the one of its flag, one that gives another setting of it, or the spec.
func (p *patcher) fileOf(part kafkaconf.Part) string {
	if file, found := p.request.PartFiles[part]; found {
		return file
	}
	for _, e := range p.resolved.Effective {
		if e.At.Line > 0 && e.Part == part && e.Given {
			return e.At.File
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
	d, found := p.documents[name]
	if !found {
		if _, err := p.request.Read(name); err == nil {
			p.note("%s is in no file: add it to the configuration of the %s", c.flag(), c.part())
			return
		}
		d = &document{name: name, created: true, part: c.part()}
		p.documents[name], p.names = d, append(p.names, name)
		p.note("%s is new: give it with --%s %s", name, c.part(), name)
		for _, e := range assumedOf(p.resolved, c) {
			d.append(e.Key + "=" + e.Value)
		}
	}
	d.append(c.key() + "=" + c.To)
}

// assumedOf lists what was assumed of a part that becomes given, so that it stays as it was.
func assumedOf(resolved *kafkaconf.Resolved, c *Change) []kafkaconf.EffectiveSetting {
	var list []kafkaconf.EffectiveSetting
	for _, e := range resolved.Effective {
		if e.Part == c.part() && e.Source == kafkaconf.Assumed && e.Name() != c.Key && e.Key != "replication.factor" {
			list = append(list, e)
		}
	}
	return list
}

// verified reads the patched files as the user will, and says whether they come to the configuration that was checked.
func (p *patcher) verified(changes []Change) bool {
	r := p.request
	r.ReadFile = func(name string) ([]byte, error) {
		if d, found := p.documents[name]; found {
			return []byte(d.text), nil
		}
		return p.request.Read(name)
	}
	r.Set = slices.Clone(r.Set)
	for i := range changes {
		c := &changes[i]
		if c.Source == kafkaconf.CommandLine || p.byHand(c) != "" || !slices.Contains(kafkaconf.FileParts, c.part()) && !p.resolved.Spec {
			r.Set = append(r.Set, c.flag())
		}
	}
	r.PartFiles = map[kafkaconf.Part]string{}
	maps.Copy(r.PartFiles, p.request.PartFiles)
	for name, d := range p.documents {
		if d.created {
			r.PartFiles[d.part] = name
		}
	}
	want, _ := kafkaconf.Load(with(p.request, changes))
	got, _ := kafkaconf.Load(r)
	return want != nil && got != nil && got.Config == want.Config
}
