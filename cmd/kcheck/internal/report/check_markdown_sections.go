package report

import (
	"fmt"
	"slices"
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
	return fmt.Sprintf("%s of steps %s to %s", s.kind, number(max(s.first, 0)), number(s.last))
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
	b.WriteString("### What happened to each message\n\n| |")
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
	title := "### " + traceTitle(r) + "\n\n"
	if text := sliceText(r, "are shown faint"); text != "" {
		title += mdText(text) + "\n\n"
	}
	head, middle, tail := ends(steps, 25)
	if len(middle) == 0 {
		if d := diagram(r, head, ""); len(d) <= maxDiagram/2 {
			return title + mdFence("mermaid", d) + "\n\n"
		}
		head, middle, tail = ends(steps, max(1, len(steps)/4))
	}
	between := fmt.Sprintf("steps %s to %s follow, folded below", number(max(middle[0].N, 0)),
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
// The settings of the result before, of the same spec, are not repeated.
func mdExtras(r *verdict.Result, steps []verdict.Step, before *verdict.Result) []section {
	var list []section
	if len(r.Notes) > 0 {
		list = append(list, section{kind: "the notes", text: folded(count(len(r.Notes), "note"), "- "+strings.Join(each(r.Notes, mdText), "\n- ")+"\n")})
	}
	for _, p := range pieces(steps, 40) {
		title := fmt.Sprintf("Steps %d to %d: what changed, which settings made it possible", p.first(), p.last())
		list = append(list, section{"the details", folded(title, mdSteps(r, p.steps)), p.first(), p.last()})
	}
	if r.Branch != nil {
		list = append(list, section{kind: "the nearest run that keeps the guarantee",
			text: folded("The nearest run that keeps the guarantee", mdText(branchText(r))+"\n\n"+mdBranch(r))})
	}
	if len(steps) > 50 {
		for _, p := range pieces(steps, 80) {
			title := fmt.Sprintf("Diagram of steps %d to %d", p.first(), p.last())
			list = append(list, section{"the diagrams", folded(title, mdFence("mermaid", fitting(r, p.steps, ""))+"\n"), p.first(), p.last()})
		}
	}
	if before != nil && before.Spec == r.Spec && slices.Equal(before.Settings, r.Settings) {
		return list
	}
	return append(list, section{kind: "the settings", text: folded("Settings", mdSettings(r))})
}

// mdSteps tells steps one by one.
func mdSteps(r *verdict.Result, steps []verdict.Step) string {
	var b strings.Builder
	for i := range steps {
		s := &steps[i]
		text := "**" + mdText(sentence(toldText(s))) + "**"
		switch {
		case s.Fault:
			text = "**FAULT " + mdText(s.Kind) + ":** " + text
		case isFaint(r, s):
			text = mdText(sentence(toldText(s))) + " *(faint)*"
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
				names = append(names, mdCode(c.Key+"="+verdict.Readable(c.Key, c.Value))+" ("+mdCode(c.Source)+")")
			}
			b.WriteString("<br>made possible by: " + strings.Join(names, ", "))
		}
		b.WriteString("<br>why it was allowed: " + mdCode("kcheck explain "+s.Action) + "\n")
	}
	return b.String()
}

// mdBranch lists the steps of the neighbouring run.
func mdBranch(r *verdict.Result) string {
	text := mdList(r.Branch.Steps)
	for _, f := range r.Branch.Fates {
		text += "\n" + mdText(f) + "\n"
	}
	return text
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
