package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// maxComment is the largest Markdown report in bytes. GitHub refuses comments above 65,536 characters.
const maxComment = 60_000

// writeMarkdown writes the report for a pull request, a wiki or a job summary. It stays below what GitHub takes in a
// comment: what does not fit is named with the command that shows it, and never left out silently.
func writeMarkdown(w io.Writer, r *verdict.Report, _ Options) error {
	m := markdown{left: maxComment - 1500, actions: r.Actions}
	m.put(tallyLine(r))
	short := specs(r) > 1
	var brief []string
	skipped := 0
	for i := range r.Results {
		res := &r.Results[i]
		if short && res.Met() {
			brief = append(brief, fmt.Sprintf("| %s | %s | %s |\n", verdictWord(res), mdCode(res.Guarantee), mdCode(res.Spec)))
			continue
		}
		if !m.result(res) {
			skipped++
			brief = append(brief, fmt.Sprintf("| **%s** | %s | %s |\n", verdictWord(res), mdCode(res.Guarantee), mdCode(res.Spec)))
		}
	}
	m.brief(brief, skipped)
	m.problems(r.Problems)
	m.leavesOut(r)
	_, err := io.WriteString(w, m.b.String())
	return err
}

// markdown is a report under way.
type markdown struct {
	b    strings.Builder
	left int // bytes that may still be written
	// actions documents the actions of the steps.
	actions map[string]verdict.Action
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

// result writes one result: what must be there at once, and then what fits. It says whether it was written at all.
func (m *markdown) result(r *verdict.Result) bool {
	steps, ledger := withSteps(r)
	var b strings.Builder
	fmt.Fprintf(&b, "## %s: %s", verdictWord(r), mdCode(r.Guarantee))
	if r.Spec != "" {
		fmt.Fprintf(&b, " for %s", mdCode(r.Spec))
	}
	fmt.Fprintf(&b, "\n\n> **%s**\n\n", mdText(headlineOf(r)))
	b.WriteString(mdBox(r))
	if ledger != nil {
		b.WriteString(mdLedger(ledger))
	}
	b.WriteString(mdTrace(r, steps))
	b.WriteString(mdNeeded(r))
	if r.Reproduce != "" {
		fmt.Fprintf(&b, "### Reproduce\n\n%s\n\n", mdFence("sh", r.Reproduce))
	}
	if !m.put(b.String()) {
		return false
	}
	var missing []string
	for _, extra := range mdExtras(r, steps, m.actions) {
		if !m.put(extra.text) {
			missing = append(missing, extra.name)
		}
	}
	if len(missing) > 0 {
		m.force(fmt.Sprintf("> Too long for a comment, and left out here: %s. The whole of it: %s.\n\n",
			strings.Join(join(missing, 6), "; "), mdCode("kcheck trace RESULT.json --format html")))
	}
	return true
}

// force writes a piece from the reserve that put leaves alone.
func (m *markdown) force(piece string) { m.b.WriteString(piece) }

// join shortens a list to n entries, the last of which says how many more there are.
func join(list []string, n int) []string {
	if len(list) <= n {
		return list
	}
	return append(append([]string(nil), list[:n-1]...), fmt.Sprintf("and %d more parts", len(list)-n+1))
}

// brief writes the results that take one line each.
func (m *markdown) brief(lines []string, skipped int) {
	if len(lines) == 0 {
		return
	}
	if skipped > 0 {
		m.force(fmt.Sprintf("> %s did not fit in full and %s below in one line.\n\n",
			count(uint64(skipped), "result"), map[bool]string{true: "stands", false: "stand"}[skipped == 1]))
	}
	m.put("| verdict | guarantee | spec |\n|---|---|---|\n")
	for i, l := range lines {
		if !m.put(l) {
			m.force(fmt.Sprintf("\n> %s more are left out for want of room; the JSON result has them.\n", number(uint64(len(lines)-i))))
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

// tallyLine counts the results where there are several.
func tallyLine(r *verdict.Report) string {
	if len(r.Results) == 1 {
		return ""
	}
	counts := map[string]uint64{}
	var order []string
	for i := range r.Results {
		w := string(r.Results[i].Verdict)
		if counts[w] == 0 {
			order = append(order, w)
		}
		counts[w]++
	}
	for i, w := range order {
		order[i] = number(counts[w]) + " " + w
	}
	if len(order) == 0 {
		return "**kcheck**: no result.\n\n"
	}
	return fmt.Sprintf("**kcheck**: %s: %s.\n\n", count(uint64(len(r.Results)), "result"), strings.Join(order, ", "))
}

// verdictWord is the verdict in capitals, with what excuses it.
func verdictWord(r *verdict.Result) string {
	word := strings.ToUpper(string(r.Verdict))
	switch {
	case r.Waived != nil && !r.Waived.Expired:
		word += " (waived)"
	case r.Met():
		word += " (as expected)"
	}
	return word
}

// mdText makes any text safe in Markdown, also in a table.
func mdText(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return mdEscaper.Replace(s)
}

var mdEscaper = strings.NewReplacer("\\", "\\\\", "|", "\\|", "<", "&lt;", ">", "&gt;", "*", "\\*", "_", "\\_", "`", "\\`",
	"[", "\\[", "]", "\\]", "~", "\\~", "#", "\\#", "@", "&#64;", "$", "\\$")

// mdCode is a piece of code in a line.
func mdCode(s string) string {
	s = strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "|", "\\|")
	switch {
	case s == "":
		return ""
	case strings.Contains(s, "`"):
		return "`` " + s + " ``"
	}
	return "`" + s + "`"
}

// mdFence is a block of code.
func mdFence(language, code string) string {
	fence := "```"
	for strings.Contains(code, fence) {
		fence += "`"
	}
	return fence + language + "\n" + strings.TrimRight(code, "\n") + "\n" + fence
}
