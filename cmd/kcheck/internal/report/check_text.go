package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// checkText writes the report of "kcheck check" for a terminal.
type checkText struct {
	*screen
	before *verdict.Result // the last result that was written in full
}

// writeCheckText writes the report for a terminal or a review: first the answer, then the trace of the worst result, or
// everything.
func writeCheckText(w io.Writer, r *verdict.Report, o Options) error {
	t := &checkText{screen: newScreen(w, o)}
	if o.Brief {
		return t.lines(r)
	}
	r = worstFirst(r)
	t.answer(r)
	if o.Full {
		t.everything(r)
	} else if len(r.Results) > 0 && (specs(r) == 1 || !r.Results[0].Met()) {
		t.shortTrace(&r.Results[0])
	}
	return t.w.Flush()
}

// everything writes all results in full. With several specs, those that are as their spec expects take one line each.
func (t *checkText) everything(r *verdict.Report) {
	short := specs(r) > 1
	left, shown := false, false
	for i := range r.Results {
		res := &r.Results[i]
		if short && res.Met() {
			if i == 0 {
				t.line("")
			}
			t.line(summaryLine(res))
			continue
		}
		t.line("")
		t.result(res)
		shown = true
		left = left || res.Verdict == verdict.Holds
	}
	if left && shown {
		t.leftOut(r.LeavesOut)
	}
}

// lines writes one line for each result, however long.
func (t *checkText) lines(r *verdict.Report) error {
	for i := range r.Results {
		res := &r.Results[i]
		text := res.Guarantee + ": " + headlineOf(res)
		if name := nameOf(res); name != "" {
			text = res.Guarantee + " of " + name + ": " + headlineOf(res)
		}
		if standing := standingText(res); standing != "" {
			text += " " + standing
		}
		t.line(t.verdictStyle(res.Verdict)(wrap.Pad(strings.ToUpper(string(res.Verdict)), 12)) + "  " + strings.Join(strings.Fields(text), " "))
	}
	return t.w.Flush()
}

// summaryLine is a result that is as its spec expects, in one line.
func summaryLine(r *verdict.Result) string {
	return fmt.Sprintf("ok  %s %s %s", wrap.Pad(string(r.Verdict), 8), wrap.Pad(r.Guarantee, 19), r.Spec)
}

// tallyLines count several results by verdict and say whether they are what their specs expect.
func tallyLines(r *verdict.Report, width int) []string {
	if len(r.Results) < 2 {
		return nil
	}
	say := tally(r) + "."
	switch expected, unmet := expectations(r); {
	case unmet > 0:
		say += " " + number(unmet) + " of " + count(expected, "expectation") + " not met."
	case expected == 1:
		say += " The expectation is met."
	case expected > 0:
		say += " All " + number(expected) + " expectations are met."
	}
	return wrapped(say, width)
}

// tallyStyle is the colour of a count of results: that of the expectations, where there are any.
func (t *checkText) tallyStyle(r *verdict.Report) func(string) string {
	switch expected, unmet := expectations(r); {
	case unmet > 0:
		return t.bad
	case expected > 0:
		return t.good
	}
	return t.plain
}

// leftOut says once, at the end, what no verdict of the report speaks about.
func (t *checkText) leftOut(items []string) {
	if len(items) == 0 {
		return
	}
	t.heading("What the model leaves out")
	for _, item := range items {
		t.hang("  - ", item)
	}
}

// result writes one result in full: the headline, then what it rests on.
func (t *checkText) result(r *verdict.Result) {
	t.headline(r)
	t.question(r)
	settings := t.settings(r)
	if len(r.Steps) > 0 {
		t.counterexample(r)
	}
	if t.ledger(r.Ledger); r.Ledger == nil {
		t.fates(r.Fates)
	}
	t.causes(r)
	t.atWork(r)
	settings.others()
	if len(r.Notes) > 0 {
		t.heading("Notes")
		for _, n := range r.Notes {
			t.hang("  - ", n)
		}
	}
	t.reproduce(r)
	t.coverage(r.Coverage)
	t.stats(r)
}

// headline writes the verdict, the guarantee, the spec and the one sentence that says it all.
func (t *checkText) headline(r *verdict.Result) {
	word := strings.ToUpper(string(r.Verdict))
	head := t.verdictStyle(r.Verdict)(word) + "  " + t.strong(r.Guarantee)
	if name := nameOf(r); name != "" {
		head += "  " + name
	}
	t.line(head)
	switch {
	case r.Met():
		t.line(t.good("as the spec expects"))
	case r.Expected != "":
		t.line(t.bad("but the spec expects: " + string(r.Expected)))
	}
	if text := standingText(r); text != "" {
		style := t.bad
		if r.Exit() == verdict.ExitHolds {
			style = t.good
		}
		t.hangStyled("", text, style)
	}
	t.line("")
	for _, l := range wrapped(headlineOf(r), t.width-2) {
		t.linef("  %s", t.strong(l))
	}
}

// verdictStyle is the colour of a verdict.
func (t *checkText) verdictStyle(v verdict.Verdict) func(string) string {
	switch v {
	case verdict.Holds:
		return t.good
	case verdict.Violated, verdict.Refused:
		return t.bad
	}
	return t.unsure
}

// question writes what was asked: what the spec is about, the scope and the fault budget.
func (t *checkText) question(r *verdict.Result) {
	t.line("")
	if r.About != "" && (t.before == nil || nameOf(t.before) != nameOf(r)) {
		t.field("about", r.About)
	}
	if r.Claim != "" {
		t.field("asked", r.Claim)
	}
	if r.Counted != "" {
		t.field("counted", countedWords(r))
	}
	t.field("scope", "Kafka "+release(r)+clients(r)+", "+scope(r))
	if r.Verdict == verdict.Refused {
		return
	}
	t.field("faults", "allowed: "+verdict.FaultSet(r.Budget))
	if r.Verdict == verdict.Violated {
		t.field("", "used: "+verdict.FaultSet(r.Faults))
		t.field("", "also broken by: "+alsoText(r))
	}
	t.field("searched", searched(r))
}

// field writes a named line of the verdict box.
func (t *checkText) field(name, value string) {
	const indent = 12
	lines := wrapped(value, t.width-indent)
	t.linef("  %s%s", t.faint(wrap.Pad(name, indent-2)), lines[0])
	for _, l := range lines[1:] {
		t.linef("%s%s", strings.Repeat(" ", indent), l)
	}
}

// fates writes what became of each message.
func (t *checkText) fates(fates []string) {
	if len(fates) == 0 {
		return
	}
	t.heading("What happened to the messages")
	for _, f := range fates {
		t.hang("  ", f)
	}
}

// stats writes what the search did.
func (t *checkText) stats(r *verdict.Result) {
	if text := statsLine(r); text != "" {
		t.line("")
		t.faintly(0, 0, text)
	}
}

// otherSettings are the settings that nobody wrote, by source.
type otherSettings struct {
	*checkText
	sources  []string
	bySource map[string][]string
}

// settings writes what somebody wrote, one line each with its place, and returns the others. Settings that the result
// before, of the same spec, had already are not repeated.
func (t *checkText) settings(r *verdict.Result) otherSettings {
	others := otherSettings{t, nil, map[string][]string{}}
	if t.before != nil && nameOf(t.before) == nameOf(r) && slices.Equal(t.before.Settings, r.Settings) {
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
		o.faintly(2, 4, source+": "+strings.Join(o.bySource[source], ", "))
	}
}

// isPlace says whether a source is a place where somebody wrote a value: a file or the command line.
func isPlace(source string) bool {
	return source != "assumed" && !strings.HasPrefix(source, "default of ")
}

// given writes the settings that somebody wrote, sources aligned, and how many more have no bearing on the verdict.
func (t *checkText) given(settings []verdict.Setting, spec string, silent int) {
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
			t.linef("  %s  %s", wrap.Pad(value, left), t.faint(source))
			continue
		}
		t.linef("  %s", value)
		t.linef("      %s", t.faint(source))
	}
	if silent > 0 {
		t.linef("  %s", t.faint("and "+count(silent, "given setting")+" without a bearing on the verdict"))
	}
}

// sourceOf shortens a place in the spec itself, whose name the headline has.
func sourceOf(source, spec string) string {
	if place, ok := strings.CutPrefix(source, spec+":"); ok && spec != "" {
		return "spec:" + place
	}
	return source
}
