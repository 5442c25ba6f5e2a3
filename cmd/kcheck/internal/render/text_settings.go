package render

import (
	"slices"
	"strings"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// otherSettings are the settings that nobody wrote, by source.
type otherSettings struct {
	*text
	sources  []string
	bySource map[string][]string
}

// settings writes what somebody wrote, one line each with its place, and returns the others. Settings that the result
// before, of the same spec, had already are not repeated.
func (t *text) settings(r *verdict.Result) otherSettings {
	others := otherSettings{t, nil, map[string][]string{}}
	if t.before != nil && t.before.Spec == r.Spec && slices.Equal(t.before.Settings, r.Settings) {
		return others
	}
	t.before = r
	var given []verdict.Setting
	silent := 0
	for _, s := range r.Settings {
		switch {
		case strings.HasPrefix(s.Key, "scope."): // the verdict box has it
		case !s.Read:
			silent++
		case isPlace(s.Source):
			given = append(given, s)
		default:
			others.add(s)
		}
	}
	t.given(given, r.Spec, silent)
	return others
}

// add takes one setting.
func (o *otherSettings) add(s verdict.Setting) {
	if o.bySource[s.Source] == nil {
		o.sources = append(o.sources, s.Source)
	}
	o.bySource[s.Source] = append(o.bySource[s.Source], s.Key+"="+s.Value)
}

// others writes the settings that nobody wrote, a paragraph for each source, such as the defaults of a version.
func (o otherSettings) others() {
	if len(o.sources) == 0 {
		return
	}
	o.heading("Other settings that were read")
	for _, source := range o.sources {
		o.hanging(2, 4, source+": "+strings.Join(o.bySource[source], ", "))
	}
}

// isPlace says whether a source is a place where somebody wrote a value: a file or the command line.
func isPlace(source string) bool {
	return source != "assumed" && !strings.HasPrefix(source, "default of ")
}

// given writes the settings that somebody wrote, sources aligned, and how many more have no bearing on the verdict.
func (t *text) given(settings []verdict.Setting, spec string, silent int) {
	if len(settings)+silent == 0 {
		return
	}
	t.heading("Settings")
	left := 0
	for _, s := range settings {
		if n := wrap.Columns(s.Key + " = " + s.Value); n > left && n <= 52 {
			left = n
		}
	}
	for _, s := range settings {
		value, source := s.Key+" = "+s.Value, sourceOf(s.Source, spec)
		if max(left, wrap.Columns(value))+4+wrap.Columns(source) <= t.width {
			t.line("  %s  %s", pad(value, left), t.style.faint(source))
			continue
		}
		t.line("  %s", value)
		t.line("      %s", t.style.faint(source))
	}
	if silent > 0 {
		t.line("  %s", t.style.faint("and "+count(uint64(silent), "given setting")+" without a bearing on the verdict"))
	}
}

// sourceOf shortens a place in the spec itself, whose name the headline has.
func sourceOf(source, spec string) string {
	if place, ok := strings.CutPrefix(source, spec+":"); ok && spec != "" {
		return "spec:" + place
	}
	return source
}
