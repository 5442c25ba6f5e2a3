package report

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dustin/go-humanize"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// Words that every form says in the same way.

// number writes a count with separators: 2,000,000.
func number[N int | int64 | uint64](n N) string { return humanize.Comma(int64(n)) }

// count writes a number with its noun: "1 step", "2 steps".
func count[N int | int64 | uint64](n N, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return number(n) + " " + noun + "s"
}

// sentence ends with a full stop and begins with a capital, unless it begins with a name or a setting.
func sentence(s string) string {
	if s == "" {
		return s
	}
	first, _, _ := strings.Cut(s, " ")
	if !strings.ContainsAny(first, "=.:0123456789") {
		r, n := utf8.DecodeRuneInString(s)
		s = string(unicode.ToUpper(r)) + s[n:]
	}
	if strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

// nameOf is the spec of a result in full, or the files of its system; empty for the only configuration of a report.
func nameOf(r *verdict.Result) string {
	if r.System != nil {
		return strings.Join(r.System.Files, " + ")
	}
	return r.Spec
}

// shortName is nameOf for a cell of a table.
func shortName(r *verdict.Result) string {
	spec := strings.TrimSuffix(path.Base(r.Spec), ".yaml")
	switch {
	case r.System == nil:
		return spec
	case r.Spec == "":
		return fmt.Sprintf("system %d", r.System.Number)
	}
	return fmt.Sprintf("%s, system %d", spec, r.System.Number)
}

// lowerFirst makes the beginning of a sentence the middle of one, unless it begins with a name.
func lowerFirst(s string) string {
	if len(s) < 2 || s[1] < 'a' || s[1] > 'z' {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// isAgain says that a step processes a message that was processed before.
func isAgain(s *verdict.Step) bool {
	return slices.ContainsFunc(s.Changes, func(c verdict.Change) bool {
		return c.Kind == "processed" && c.From.Number != nil && *c.From.Number > 0
	})
}

// toldText is what happens in a step, and that it is not the first time.
func toldText(s *verdict.Step) string {
	if isAgain(s) {
		return s.Text + ", again"
	}
	return s.Text
}

// stepText is what happens in a step; a fault is marked as one.
func stepText(s *verdict.Step) string {
	if s.Fault {
		return "FAULT " + sentence(toldText(s))
	}
	return sentence(toldText(s))
}

// each applies a function to every entry of a list.
func each(list []string, f func(string) string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = f(s)
	}
	return out
}
