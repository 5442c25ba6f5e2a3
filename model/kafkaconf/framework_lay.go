package kafkaconf

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// chosenFramework is a framework that a question has, and how.
type chosenFramework struct {
	*framework
	version string // as it was written; "" is the newest
	at      Position
	modes   []formats.Mode
	parts   []Part // whose settings it makes; nil is all parts
}

// frameworksOf finds out what the code is written with: what app.framework says, which a file may confirm, or what the
// files show. A Connect worker shows none, and has the ways of its connectors.
func (r *resolver) frameworksOf() []chosenFramework {
	v, found := r.values[App]["framework"]
	if found && strings.TrimSpace(v.Text) == noFramework && len(r.presets) == 0 {
		return nil
	}
	var chosen []chosenFramework
	if found && v.From == "" {
		f, version, err := parseFramework(v.Text)
		if err != nil {
			r.readable = false
			r.problems.Add(Failure, v.KeyAt, r.nameOf(v), "%s", err)
			return nil
		}
		chosen = append(chosen, chosenFramework{framework: f, version: version, at: v.KeyAt})
	}
	for _, p := range r.presets {
		f := frameworkNamed(p.Framework)
		if f == nil {
			continue
		}
		i := slices.IndexFunc(chosen, func(c chosenFramework) bool { return c.framework == f })
		if i < 0 {
			chosen = append(chosen, chosenFramework{framework: f, at: p.At, parts: p.parts})
			i = len(chosen) - 1
		}
		chosen[i].modes = append(chosen[i].modes, p.Modes...)
	}
	return chosen
}

// layFrameworks lays what frameworks make of their clients under what was given.
func (r *resolver) layFrameworks() {
	for _, c := range r.frameworksOf() {
		r.frameworkNames = append(r.frameworkNames, c.name)
		r.layRows(&c, c.settings, Position{}, false)
		for _, m := range c.framework.modes {
			i := slices.IndexFunc(c.modes, func(chosen formats.Mode) bool { return chosen.Name == m.name })
			switch {
			case i >= 0:
				r.layRows(&c, m.settings, c.modes[i].At, true)
			case m.when.is != nil && m.when.is(r.givenText):
				r.layRows(&c, m.settings, Position{}, true)
			default:
				continue
			}
			r.noteFramework(&c, m.name)
		}
		r.noteFramework(&c, "")
	}
}

// layRows lays the rows of a framework, or of one of its modes: at is where a file chooses that.
func (r *resolver) layRows(c *chosenFramework, rows []presetRow, at Position, inMode bool) {
	for _, w := range rows {
		about := Value{Part: w.part, Key: w.key}.About()
		switch {
		case !inReleases(w.releases, r.releaseOf(c)) || !w.when.holds(r.givenText):
			continue
		case c.parts != nil && about != "" && !slices.Contains(c.parts, about):
			continue
		}
		v := Value{Part: w.part, Key: w.key, Text: w.value, KeyAt: at, ValueAt: at, Preset: true, Rank: max(formats.Written, rankOf(w))}
		if at == (Position{}) || isKafkas(w.part) && !w.enforced { // a file that chooses a mode says what the application does
			v.Rank = rankOf(w)
			v.KeyAt, v.ValueAt, v.From = c.at, c.at, r.sourceOfFramework(c)
		}
		r.layRow(v, inMode)
	}
}

// rankOf is the rank of what a framework makes by itself.
func rankOf(w presetRow) formats.Rank {
	if w.enforced {
		return formats.Enforced
	}
	return formats.FrameworkDefault
}

// layRow lays what a framework makes of a setting. Of several rows for one setting the first that holds counts, and that
// of a mode before those of all modes.
func (r *resolver) layRow(v Value, ofMode bool) {
	before, found := r.values[v.Part][v.Key]
	ofFramework := before.Preset && before.Rank == formats.FrameworkDefault
	switch {
	case found && before.From == "" && r.out.Spec && before.KeyAt.File == r.out.File: // the spec counts before a framework
	case !ofFramework || before.Flag:
		r.layValue(v, false)
	case ofMode:
		r.put(v)
	}
}

// noteFramework notes what the model does not follow of a framework, or of one of its modes.
func (r *resolver) noteFramework(c *chosenFramework, mode string) {
	for _, n := range c.notes {
		if n.mode == mode && inReleases(n.releases, r.releaseOf(c)) && n.when.holds(r.givenText) {
			r.note("%s: %s", r.sourceOfFramework(c), n.text)
		}
	}
}

// releaseOf is the release of a framework: the one that was named, Kafka's own, or the newest.
func (r *resolver) releaseOf(c *chosenFramework) string {
	if len(c.versions) == 0 {
		return cmp.Or(c.version, r.kafka.String())
	}
	return cmp.Or(c.version, c.versions[len(c.versions)-1])
}

// sourceOfFramework is whose value a setting of a framework's is: "spring-kafka 3.3".
func (r *resolver) sourceOfFramework(c *chosenFramework) string { return c.name + " " + r.releaseOf(c) }

// givenText is the value of a setting that somebody gave or that a framework makes; "" for none.
func (r *resolver) givenText(p Part, key string) string {
	return strings.TrimSpace(r.values[p][key].Text)
}

// showFramework takes over what the code is written with that a file is for. A spec may say its version as well; another
// framework than the file shows contradicts it.
func (r *resolver) showFramework(source Source) {
	for _, p := range source.Presets {
		r.presets = append(r.presets, filePreset{p, source.Given})
	}
	const key = "framework"
	name := source.Framework
	if name == "" {
		return
	}
	at := Position{File: source.File}
	before, found := r.values[App][key]
	written, _, _ := strings.Cut(strings.TrimSpace(before.Text), ":")
	switch {
	case found && frameworkNamed(written) != frameworkNamed(name):
		r.readable = false
		r.problems.Add(Failure, before.KeyAt, "app."+key, "is %s, and %s is for %s; leave one of them out", formats.QuoteWord(before.Text), source.File, name)
	case !found:
		r.put(Value{Part: App, Key: key, Text: name, KeyAt: at, ValueAt: at, From: source.File})
	}
}

// filePreset is a framework that a file is for, and the parts that the file gives.
type filePreset struct {
	formats.Preset
	parts []Part
}
