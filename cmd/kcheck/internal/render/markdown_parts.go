package render

import (
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// section is a part of a result that is written where there is room: about all of it, or about the steps from first to
// last.
type section struct {
	kind, text  string
	first, last int
}

// name names a section where it is left out.
func (s section) name() string {
	if s.last == 0 {
		return s.kind
	}
	return fmt.Sprintf("%s of steps %s to %s", s.kind, number(uint64(max(s.first, 0))), number(uint64(s.last)))
}

// folded is a section behind a line that unfolds it; empty without a body.
func folded(title, body string) string {
	if body == "" {
		return ""
	}
	return fmt.Sprintf("<details><summary>%s</summary>\n\n%s\n</details>\n\n", mdText(title), body)
}

// mdBox is the verdict box. Its first line stands as the head, since a table in Markdown has to have one.
func mdBox(r *verdict.Result) string {
	var b strings.Builder
	for i, f := range box(r) {
		fmt.Fprintf(&b, "| %s | %s |\n", f.Name, mdText(f.Value))
		if i == 0 {
			b.WriteString("|---|---|\n")
		}
	}
	return b.String() + "\n"
}

// mdLedger is the ledger of the messages, the one that breaks the guarantee marked, without the columns that the model
// cannot answer: the notes below name those.
func mdLedger(l *verdict.Ledger) string {
	var b strings.Builder
	b.WriteString("### What became of each message\n\n| |")
	line := "|---|"
	for _, c := range l.Columns {
		if c.Note == "" {
			b.WriteString(" " + mdText(c.Title) + " |")
			line += "---|"
		}
	}
	b.WriteString("\n" + line + "\n")
	for _, row := range l.Rows {
		name := mdText(row.Message)
		if row.Broken {
			name = "**✗ " + name + "**"
		}
		b.WriteString("| " + tied(name) + " |")
		for i, c := range l.Columns {
			if c.Note != "" {
				continue
			}
			cell := "–"
			if i < len(row.Cells) && len(spans(row.Cells[i])) > 0 {
				cell = strings.ReplaceAll(tied(mdText(cellText(row.Cells[i]))), ",&nbsp;", "<br>")
			}
			if row.Broken && cell != "–" {
				cell = "**" + cell + "**"
			}
			b.WriteString(" " + cell + " |")
		}
		b.WriteString("\n")
	}
	b.WriteString("\n" + mdText(keyOf(l)))
	for _, n := range columnNotes(l) {
		b.WriteString(" " + mdText(sentence(n)))
	}
	return b.String() + "\n\n"
}

// tied is a text that is not broken at its blanks, nor between the steps from which and to which something was.
func tied(s string) string { return strings.NewReplacer(" ", "&nbsp;", "–", "–&#8288;").Replace(s) }

// mdTrace is the sequence diagram: the whole trace, or both ends of a long one.
func mdTrace(r *verdict.Result, steps []verdict.Step) string {
	if len(steps) == 0 {
		return ""
	}
	title := fmt.Sprintf("### The counterexample: %s\n\n", count(uint64(len(steps)), "step"))
	if len(r.Steps) == 0 {
		title = fmt.Sprintf("### A run that shows it at work: %s\n\n", workTitle(r))
	}
	if text := sliceText(r); text != "" {
		title += mdText(text) + "\n\n"
	}
	head, middle, tail := ends(steps, 25)
	if len(middle) == 0 {
		if d := diagram(r, head, ""); len(d) <= maxDiagram/2 {
			return title + mdFence("mermaid", d) + "\n\n"
		}
		head, middle, tail = ends(steps, max(1, len(steps)/4))
	}
	between := fmt.Sprintf("steps %s to %s follow, folded below", number(uint64(max(middle[0].N, 0))),
		number(uint64(max(middle[len(middle)-1].N, 0))))
	return title + mdFence("mermaid", fitting(r, head, between)) + "\n\n" + mdFence("mermaid", fitting(r, tail, "")) + "\n\n"
}

// fitting is a diagram of as many steps as fit.
func fitting(r *verdict.Result, steps []verdict.Step, more string) string {
	for {
		d := diagram(r, steps, more)
		if len(d) <= maxDiagram/2 || len(steps) <= 1 {
			return d
		}
		steps = steps[:len(steps)/2]
		more = fmt.Sprintf("the steps after %d are too long for a diagram; they are listed below", steps[len(steps)-1].N)
	}
}

// mdNeeded shows that each fault is needed.
func mdNeeded(r *verdict.Result) string {
	if len(r.Needed) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("### " + neededTitle(r) + "\n\n")
	for _, n := range r.Needed {
		b.WriteString("- " + mdText(neededText(n)) + "\n")
	}
	return b.String() + "\n"
}

// mdExtras are the parts that are folded: settings, steps, the neighbouring run, the diagrams of a long trace, notes.
func mdExtras(r *verdict.Result, steps []verdict.Step, actions map[string]verdict.Action) []section {
	var list []section
	if len(r.Notes) > 0 {
		list = append(list, section{kind: "the notes", text: "### Notes\n\n- " + strings.Join(each(r.Notes, mdText), "\n- ") + "\n\n"})
	}
	for _, p := range pieces(steps, 40) {
		title := fmt.Sprintf("Steps %d to %d: what changed, why it was allowed, which settings made it possible", p.first(), p.last())
		list = append(list, section{"the details", folded(title, mdSteps(r, p.steps, actions)), p.first(), p.last()})
	}
	if r.Branch != nil {
		list = append(list, section{kind: "the neighbouring run that ends well",
			text: folded("The neighbouring run that ends well", mdText(branchText(r))+"\n\n"+mdBranch(r))})
	}
	if len(steps) > 50 {
		for _, p := range pieces(steps, 80) {
			title := fmt.Sprintf("Diagram of steps %d to %d", p.first(), p.last())
			list = append(list, section{"the diagrams", folded(title, mdFence("mermaid", fitting(r, p.steps, ""))+"\n"), p.first(), p.last()})
		}
	}
	return append(list, section{kind: "the settings", text: folded("Settings", mdSettings(r))})
}

// each applies a function to every entry of a list.
func each(list []string, f func(string) string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = f(s)
	}
	return out
}

// mdSteps tells steps one by one.
func mdSteps(r *verdict.Result, steps []verdict.Step, actions map[string]verdict.Action) string {
	var b strings.Builder
	told := map[string]bool{} // the guard of an action stands with its first step
	for i := range steps {
		s := &steps[i]
		text := "**" + mdText(sentence(s.Text)) + "**"
		switch {
		case s.Fault:
			text = "**FAULT " + mdText(s.Kind) + ":** " + text
		case isFaint(r, s):
			text = mdText(sentence(s.Text)) + " *(faint)*"
		}
		fmt.Fprintf(&b, "%d. %s", s.N, text)
		if len(s.Changes) > 0 {
			var changes []string
			for _, c := range s.Changes {
				changes = append(changes, mdCode(changeText(c)))
			}
			b.WriteString("<br>changed: " + strings.Join(changes, ", "))
		}
		if cs := cited(r, s); len(cs) > 0 {
			var names []string
			for _, c := range cs {
				names = append(names, mdCode(c.Key+"="+c.Value)+" ("+mdCode(c.Source)+")")
			}
			b.WriteString("<br>made possible by: " + strings.Join(names, ", "))
		}
		rule := "<br>rule: " + mdCode(s.Action)
		if guard := actions[s.Action].Guard; guard != "" && !told[s.Action] {
			rule += ", allowed when: " + mdText(lowerFirst(guard))
		}
		told[s.Action] = true
		b.WriteString(rule + "\n")
	}
	return b.String()
}

// mdBranch lists the steps of the neighbouring run.
func mdBranch(r *verdict.Result) string {
	var b strings.Builder
	for i := range r.Branch.Steps {
		s := &r.Branch.Steps[i]
		fmt.Fprintf(&b, "%d. %s\n", s.N, mdText(sentence(s.Text)))
	}
	for _, f := range r.Branch.Fates {
		b.WriteString("\n" + mdText(f) + "\n")
	}
	return b.String()
}

// mdSettings is the table of the settings that were read.
func mdSettings(r *verdict.Result) string {
	var b strings.Builder
	for _, s := range r.Settings {
		if isListed(s) {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", mdCode(s.Key), mdCode(s.Value), mdText(s.Source))
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "| setting | value | where it comes from |\n|---|---|---|\n" + b.String()
}
