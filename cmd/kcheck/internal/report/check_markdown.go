package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// maxComment is the largest Markdown report in bytes. GitHub refuses comments above 65,536 characters.
const maxComment = 60_000

// writeCheckMarkdown writes the report for a pull request, a wiki or a job summary. It stays below what GitHub takes in a
// comment: what does not fit is named with the command that shows it, and never left out silently.
func writeCheckMarkdown(w io.Writer, r *verdict.Report, o Options) error {
	if o.Brief {
		return mdLines(w, r)
	}
	r = worstFirst(r)
	m := markdown{left: maxComment - 1500}
	m.put(mdAnswer(r))
	m.results(r)
	m.problems(r.Problems)
	m.leavesOut(r)
	_, err := io.WriteString(w, m.b.String())
	return err
}

// mdLines writes one row for each result.
func mdLines(w io.Writer, r *verdict.Report) error {
	rows := [][]string{{"verdict", "guarantee", "spec", "in a sentence"}}
	for i := range r.Results {
		res := &r.Results[i]
		rows = append(rows, []string{verdictWord(res), mdCode(res.Guarantee), mdCode(nameOf(res)), mdText(headlineOf(res))})
	}
	_, err := io.WriteString(w, mdTable(rows))
	return err
}

// results writes the results that are not as their spec expects in full, as far as there is room, and the others in a
// line each.
func (m *markdown) results(r *verdict.Report) {
	short := specs(r) > 1
	var lines []string
	bodies := make([]string, len(r.Results))
	reserve := 0
	for i := range r.Results {
		res := &r.Results[i]
		lines = append(lines, fmt.Sprintf("| %s | %s | %s |\n", verdictWord(res), mdCode(res.Guarantee), mdCode(nameOf(res))))
		reserve = min(reserve+len(lines[i]), maxComment/3)
		if !short || !res.Met() {
			bodies[i] = mdBody(res, i == 0)
			m.pending += len(bodies[i])
		}
	}
	if !short {
		reserve = 0
	}
	m.left -= reserve
	var brief []string
	skipped := 0
	for i := range r.Results {
		m.pending -= len(bodies[i])
		if bodies[i] == "" || !m.result(&r.Results[i], bodies[i]) {
			brief = append(brief, lines[i])
			skipped += min(len(bodies[i]), 1)
		}
	}
	m.left += reserve
	m.brief(brief, skipped)
}

// markdown is a report under way.
type markdown struct {
	b       strings.Builder
	left    int             // bytes that may still be written
	pending int             // bytes of the results to come, which go before what is folded
	before  *verdict.Result // the result written before
}

// put writes a piece if there is room for it, and says whether there was.
func (m *markdown) put(piece string) bool {
	if len(piece) > m.left {
		return false
	}
	m.left -= len(piece)
	m.b.WriteString(piece)
	return true
}

// mdBody is what must be there of a result: of the worst one with its trace open, of the others folded.
func mdBody(r *verdict.Result, worst bool) string {
	steps, ledger := withSteps(r)
	var b strings.Builder
	fmt.Fprintf(&b, "## %s: %s", verdictWord(r), mdCode(r.Guarantee))
	if name := nameOf(r); name != "" {
		fmt.Fprintf(&b, " for %s", mdCode(name))
	}
	fmt.Fprintf(&b, "\n\n> **%s**\n\n", mdText(headlineOf(r)))
	if r.About != "" {
		b.WriteString(mdText(r.About) + "\n\n")
	}
	trace := mdTrace(r, steps)
	if ledger != nil {
		trace += mdLedger(ledger)
	}
	if worst && len(r.Steps) > 0 {
		b.WriteString(trace)
	} else {
		b.WriteString(folded(traceTitle(r), strings.TrimRight(trace, "\n")+"\n"))
	}
	b.WriteString(folded("What was asked, and how far it was searched", mdBox(r)+mdNeeded(r)))
	if r.Reproduce != "" {
		b.WriteString("Reproduce: " + mdCode(r.Reproduce) + "\n\n")
	}
	return b.String()
}

// result writes one result: its body, and then what fits. It says whether it was written at all.
func (m *markdown) result(r *verdict.Result, body string) bool {
	if !m.put(body) {
		return false
	}
	steps, _ := withSteps(r)
	defer func() { m.before = r }()
	var missing []section
	for _, extra := range mdExtras(r, steps, m.before) {
		// Of parts that follow each other, none comes after one that is left out.
		n := len(missing)
		broken := n > 0 && extra.last > 0 && missing[n-1].kind == extra.kind
		switch {
		case broken:
			missing[n-1].last = extra.last
		case len(extra.text) > m.left-min(m.pending, m.left/2) || !m.put(extra.text):
			missing = append(missing, extra)
		}
	}
	if len(missing) > 0 {
		names := make([]string, len(missing))
		for i, s := range missing {
			names[i] = s.name()
		}
		m.force(fmt.Sprintf("> Too long for a comment, and left out here: %s. The whole of it: %s.\n\n",
			strings.Join(names, "; "), mdCode("kcheck trace RESULT.json --format html")))
	}
	return true
}

// force writes a piece from the reserve that put leaves alone.
func (m *markdown) force(piece string) { m.b.WriteString(piece) }

// brief writes the results that take one line each.
func (m *markdown) brief(lines []string, skipped int) {
	if len(lines) == 0 {
		return
	}
	if skipped > 0 {
		m.force(fmt.Sprintf("> %s did not fit in full and %s below in one line.\n\n",
			count(skipped, "result"), map[bool]string{true: "stands", false: "stand"}[skipped == 1]))
	}
	m.put("| verdict | guarantee | spec |\n|---|---|---|\n")
	for i, l := range lines {
		if !m.put(l) {
			m.force(fmt.Sprintf("\n> %s more are left out to save space; the JSON result has them.\n", number(len(lines)-i)))
			break
		}
	}
	m.put("\n")
}

// problems writes what was wrong with the input.
func (m *markdown) problems(problems []verdict.Problem) {
	if len(problems) == 0 {
		return
	}
	m.put("### Problems of the input\n\n")
	for i, p := range problems {
		if !m.put("- " + mdText(p.String()) + "\n") {
			m.force(fmt.Sprintf("- and %d more\n", len(problems)-i))
			break
		}
	}
	m.put("\n")
}

// leavesOut says what no verdict of the report speaks about.
func (m *markdown) leavesOut(r *verdict.Report) {
	if len(r.LeavesOut) == 0 {
		return
	}
	var b strings.Builder
	b.WriteString("<details><summary>What the model leaves out</summary>\n\n")
	for _, item := range r.LeavesOut {
		b.WriteString("- " + mdText(item) + "\n")
	}
	b.WriteString("\n</details>\n")
	if !m.put(b.String()) {
		m.force("> What the model leaves out: see `kcheck check --format text`.\n")
	}
}

// verdictWord is the verdict in capitals, with what excuses it.
func verdictWord(r *verdict.Result) string {
	word := strings.ToUpper(string(r.Verdict))
	switch {
	case r.Informational:
		word += " (for information)"
	case r.Waived != nil && !r.Waived.Expired:
		word += " (waived)"
	case r.Verdict != verdict.Holds && (r.Compared == verdict.AsBefore || r.Compared == verdict.Better):
		word += " (no worse than the baseline)"
	case r.Met():
		word += " (as expected)"
	}
	return word
}
