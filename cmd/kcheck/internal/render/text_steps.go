package render

import (
	"fmt"
	"sort"
	"strings"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// steps writes the counterexample: one paragraph a step, which is one line where it fits.
func (t *text) steps(r *verdict.Result) {
	t.heading("Counterexample: " + count(uint64(len(r.Steps)), "step"))
	if text := sliceText(r); strings.Contains(text, "faint") {
		t.hanging(2, 2, strings.Replace(text, "are shown faint", "have a dot", 1))
	}
	actor := 0
	for i := range r.Steps {
		actor = max(actor, wrap.Columns(r.Steps[i].Actor))
	}
	for i := range r.Steps {
		t.step(r, &r.Steps[i], min(actor, 12))
	}
}

// step writes number, fault mark, actor, what happens, and, faint, the action with what it changed.
func (t *text) step(r *verdict.Result, s *verdict.Step, actor int) {
	indent := 8 + actor
	mark := " "
	if s.Fault {
		mark = "!"
	}
	story := sentence(s.Text)
	if s.Fault {
		story = "FAULT " + story
	}
	if isFaint(r, s) {
		mark = "."
	}
	head := fmt.Sprintf("%4d %s %s ", s.N, mark, pad(s.Actor, actor))
	detail := "[" + s.Action + changes(s.Changes) + settingsOf(r, s) + "]"
	width := t.width - indent
	if wrap.Columns(story)+1+wrap.Columns(detail) <= width {
		t.line("%s%s %s", t.loud(s, head), t.loud(s, story), t.style.faint(detail))
		return
	}
	for _, l := range wrap.Lines(story, width) {
		t.line("%s%s", t.loud(s, head), t.loud(s, l))
		head = strings.Repeat(" ", indent)
	}
	for _, l := range wrap.Lines(detail, width) {
		t.line("%s%s", head, t.style.faint(l))
	}
}

// loud is for the words of a step: faults stand out.
func (t *text) loud(s *verdict.Step, words string) string {
	if s.Fault {
		return t.style.bad(words)
	}
	return words
}

// changes lists what a step changed: "; b1.log: m1@0; leader: b1 -> b2".
func changes(cs []verdict.Change) string {
	var b strings.Builder
	for i, c := range cs {
		b.WriteString([]string{"; ", ": "}[btoi(i == 0)])
		b.WriteString(c.What)
		if c.Before != "" {
			b.WriteString(" " + c.Before + " ->")
		} else {
			b.WriteString(" =")
		}
		if c.After == "" {
			b.WriteString(" nothing")
		} else {
			b.WriteString(" " + c.After)
		}
	}
	return b.String()
}

// btoi is 1 for true.
func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// coverage writes how often each action fired, the rarest first.
func (t *text) coverage(fired map[string]uint64) {
	if len(fired) == 0 {
		return
	}
	names := make([]string, 0, len(fired))
	for name := range fired {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool {
		if fired[names[i]] != fired[names[j]] {
			return fired[names[i]] < fired[names[j]]
		}
		return names[i] < names[j]
	})
	t.heading("How often each action fired")
	for _, name := range names {
		t.line("%16s  %s", number(fired[name]), name)
	}
}
