package render

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// result writes one result in full: the headline, then what it rests on.
func (t *text) result(r *verdict.Result) {
	t.headline(r)
	t.question(r)
	settings := t.settings(r)
	if len(r.Steps) > 0 {
		t.steps(r)
	}
	if t.ledger(r.Ledger); r.Ledger == nil {
		t.fates(r.Fates)
	}
	t.causes(r)
	t.atWork(r)
	if len(r.AlsoBrokenBy) > 0 {
		sets := make([]string, len(r.AlsoBrokenBy))
		for i, set := range r.AlsoBrokenBy {
			sets[i] = faults(set)
		}
		t.line("")
		t.paragraph(0, "Also broken by: "+strings.Join(sets, "; "))
	}
	settings.others()
	if len(r.Notes) > 0 {
		t.heading("Notes")
		for _, n := range r.Notes {
			t.bullet("-", n)
		}
	}
	t.reproduce(r)
	t.coverage(r.Coverage)
	t.stats(r)
}

// headline writes the verdict, the guarantee, the spec and the one sentence that says it all.
func (t *text) headline(r *verdict.Result) {
	word := strings.ToUpper(string(r.Verdict))
	head := t.verdictStyle(r.Verdict)(word) + "  " + t.style.strong(r.Guarantee)
	if r.Spec != "" {
		head += "  " + r.Spec
	}
	t.line("%s", head)
	switch {
	case r.Met():
		t.line("%s", t.style.good("as the spec expects"))
	case r.Expected != "":
		t.line("%s", t.style.bad("but the spec expects: "+string(r.Expected)))
	}
	t.line("")
	for _, l := range wrap.Lines(headlineOf(r), t.width-2) {
		t.line("  %s", t.style.strong(l))
	}
}

// verdictStyle is the colour of a verdict.
func (t *text) verdictStyle(v verdict.Verdict) func(string) string {
	switch v {
	case verdict.Holds:
		return t.style.good
	case verdict.Violated, verdict.Refused:
		return t.style.bad
	}
	return t.style.unsure
}

// sentence ends with a full stop and begins with a capital, unless it begins with a name or a setting.
func sentence(s string) string {
	if s == "" {
		return s
	}
	first, _, _ := strings.Cut(s, " ")
	if !strings.ContainsAny(first, "=.0123456789") {
		r, n := utf8.DecodeRuneInString(s)
		s = string(unicode.ToUpper(r)) + s[n:]
	}
	if strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

// question writes what was asked: what the spec is about, the scope and the fault budget.
func (t *text) question(r *verdict.Result) {
	t.line("")
	if r.About != "" && (t.before == nil || t.before.Spec != r.Spec) {
		t.field("about", r.About)
	}
	if r.Claim != "" {
		t.field("asked", r.Claim)
	}
	if r.Counted != "" {
		t.field("counted", countedWords(r))
	}
	t.field("scope", "Kafka "+r.Kafka+clients(r)+", "+scope(r))
	if r.Verdict == verdict.Refused {
		return
	}
	t.field("faults", "allowed: "+faults(r.Budget))
	if r.Verdict == verdict.Violated {
		t.field("", "used: "+faults(r.Faults))
	}
	t.field("searched", searched(r))
}

// searched says what was exhausted, or how far a search that was cut short came.
func searched(r *verdict.Result) string {
	s := &r.Stats
	size := count(s.Distinct, "state") + ", " + count(uint64(s.Depth), "step") + " deep"
	switch {
	case s.Distinct == 0 && s.Generated > 0:
		return "random runs, " + count(s.Generated, "step") + " in all"
	case s.Exhausted:
		return "every run within the scope and these faults (" + size + ")"
	case r.Minimal:
		return "every run with fewer faults or fewer steps: none breaks it (" + size + ")"
	case r.Verdict == verdict.Violated:
		return "up to this violation; a shorter one may exist (" + size + ")"
	case r.CompleteTo != nil && r.CompleteTo.Depth+r.CompleteTo.Faults > 0:
		return "cut short: " + completeTo(r.CompleteTo) + " (" + size + ")"
	}
	return "not every run (" + size + ")"
}

// completeTo says which runs a search that was cut short has covered all the same.
func completeTo(e *verdict.Extent) string {
	deep := fmt.Sprintf("those with %s up to %s", count(uint64(e.Faults+1), "fault"), count(uint64(e.Depth), "step"))
	switch e.Faults {
	case -1:
		return "only runs without a fault, up to " + count(uint64(e.Depth), "step")
	case 0:
		return "complete are the runs without a fault, and " + deep
	}
	return fmt.Sprintf("complete are the runs with at most %s, and %s", count(uint64(e.Faults), "fault"), deep)
}

// field writes a named line of the verdict box.
func (t *text) field(name, value string) {
	const indent = 12
	lines := wrap.Lines(value, t.width-indent)
	t.line("  %s%s", t.style.faint(pad(name, indent-2)), lines[0])
	for _, l := range lines[1:] {
		t.line("%s%s", strings.Repeat(" ", indent), l)
	}
}

// fates writes what became of each message.
func (t *text) fates(fates []string) {
	if len(fates) == 0 {
		return
	}
	t.heading("What became of the messages")
	for _, f := range fates {
		t.paragraph(2, f)
	}
}

// stats writes what the search did.
func (t *text) stats(r *verdict.Result) {
	if r.Verdict == verdict.Refused {
		return
	}
	s := &r.Stats
	words := fmt.Sprintf("%s distinct, %s generated, depth %d; %.1f s, %s, %s", number(s.Distinct),
		number(s.Generated), s.Depth, s.Seconds, count(uint64(s.Workers), "worker"), memory(s.Bytes))
	if s.CollisionProbability > 0 {
		words += fmt.Sprintf("; the chance that a state was missed is below %.0e", s.CollisionProbability)
	}
	t.line("")
	for _, l := range wrap.Lines(words, t.width) {
		t.line("%s", t.style.faint(l))
	}
}

// memory writes an amount of memory.
func memory(n uint64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.0f MiB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%.0f KiB", float64(n)/(1<<10))
}
