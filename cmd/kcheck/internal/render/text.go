package render

import (
	"bufio"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// text writes one report for a terminal.
type text struct {
	w      *bufio.Writer
	style  style
	width  int
	before *verdict.Result // the last result that was written in full
}

// writeText writes the report for a terminal or a review. With several specs, those that are as their spec expects
// take one line each.
func writeText(w io.Writer, r *verdict.Report, o Options) error {
	t := &text{w: bufio.NewWriter(w), style: style{o.Color}, width: o.Width}
	if t.width == 0 {
		t.width = 80
	}
	short := specs(r) > 1
	left, shown := false, false
	for i := range r.Results {
		res := &r.Results[i]
		if short && res.Met() {
			t.line("%s", summaryLine(res))
			continue
		}
		if i > 0 {
			t.line("")
		}
		t.result(res)
		shown = true
		left = left || res.Verdict == verdict.Holds
	}
	if left && shown {
		t.leftOut(r.LeavesOut)
	}
	if len(r.Results) > 1 {
		t.line("")
		t.tally(r)
	}
	return t.w.Flush()
}

// specs counts the different specs of a report.
func specs(r *verdict.Report) int {
	seen := map[string]bool{}
	for i := range r.Results {
		seen[r.Results[i].Spec] = true
	}
	return len(seen)
}

// summaryLine is a result that is as its spec expects, in one line.
func summaryLine(r *verdict.Result) string {
	return fmt.Sprintf("ok  %s %s %s", pad(string(r.Verdict), 8), pad(r.Guarantee, 19), r.Spec)
}

// tally counts the results by verdict and says whether they are what their specs expect.
func (t *text) tally(r *verdict.Report) {
	byVerdict := map[verdict.Verdict]uint64{}
	expected, unmet := uint64(0), uint64(0)
	for i := range r.Results {
		res := &r.Results[i]
		byVerdict[res.Verdict]++
		if res.Expected != "" {
			expected++
			if !res.Met() {
				unmet++
			}
		}
	}
	var parts []string
	for _, v := range []verdict.Verdict{verdict.Holds, verdict.Violated, verdict.Vacuous, verdict.Inconclusive,
		verdict.Refused} {
		if n := byVerdict[v]; n > 0 {
			parts = append(parts, number(n)+" "+string(v))
		}
	}
	say := count(uint64(len(r.Results)), "result") + ": " + strings.Join(parts, ", ") + "."
	switch {
	case expected > 0 && unmet == 0:
		say += " " + t.style.good("All "+number(expected)+" expectations are met.")
	case unmet > 0:
		say += " " + t.style.bad(number(unmet)+" of "+count(expected, "expectation")+" not met.")
	}
	t.line("%s", say)
}

// leftOut says once, at the end, what no verdict of the report speaks about.
func (t *text) leftOut(items []string) {
	if len(items) == 0 {
		return
	}
	t.heading("What the model leaves out")
	for _, item := range items {
		t.bullet("-", item)
	}
}

// line writes one line.
func (t *text) line(format string, args ...any) {
	fmt.Fprintf(t.w, format, args...)
	t.w.WriteByte('\n')
}

// heading starts a section.
func (t *text) heading(name string) {
	t.line("")
	t.line("%s", t.style.strong(name))
}

// paragraph writes wrapped text behind an indent.
func (t *text) paragraph(indent int, words string) {
	for _, l := range wrap.Lines(words, t.width-indent) {
		t.line("%s%s", strings.Repeat(" ", indent), l)
	}
}

// hanging writes wrapped text, the first line behind first blanks and the others behind rest, in faint letters.
func (t *text) hanging(first, rest int, words string) {
	indent := first
	for _, l := range wrap.Lines(words, t.width-rest) {
		t.line("%s%s", strings.Repeat(" ", indent), t.style.faint(l))
		indent = rest
	}
}

// bullet writes wrapped text behind a mark.
func (t *text) bullet(mark, words string) {
	lines := wrap.Lines(words, t.width-4)
	t.line("  %s %s", mark, lines[0])
	for _, l := range lines[1:] {
		t.line("    %s", l)
	}
}

// faults writes a set of faults, "2 x broker-crash + leader-move", that is not broken inside a fault.
func faults(set map[string]int) string {
	if len(set) == 0 {
		return "none"
	}
	names := make([]string, 0, len(set))
	for name := range set {
		names = append(names, name)
	}
	sort.Strings(names)
	for i, name := range names {
		if n := set[name]; n != 1 {
			names[i] = strconv.Itoa(n) + wrap.Blank + "x" + wrap.Blank + name
		}
	}
	return strings.Join(names, " + ")
}
