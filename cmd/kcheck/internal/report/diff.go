package report

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"

	"github.com/kcheck/kcheck/invariants/resilience"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// Diff is what "kcheck diff" writes as JSON.
type Diff struct {
	Kcheck   string                `json:"kcheck"`
	Problems []verdict.Problem     `json:"problems"`
	Old      string                `json:"old"`
	New      string                `json:"new"`
	UpTo     int                   `json:"up_to"`
	Diff     resilience.Difference `json:"diff"`
	// Undo are the lines that would take back what the change loses, where its settings stand in files.
	Undo []Line `json:"undo,omitempty"`
}

// Line is what a line of a file would be.
type Line struct {
	File string `json:"file"`
	Line int    `json:"line"` // from 1
	Text string `json:"text"`
}

// Document makes a document of it: the settings that differ, the verdicts, and what the change loses and gains.
func (d *Diff) Document() *Document {
	clean := cleaned(*d)
	doc := &Document{Title: "diff", Data: d, Problems: clean.Problems,
		Body: []Block{head{"DIFF", Words{code(clean.Old), " -> ", code(clean.New), ": " + clean.summary()}}}}
	if rows := clean.settings(); len(rows) > 1 {
		doc.Body = append(doc.Body, table{rows})
	}
	doc.Body = append(doc.Body, table{clean.verdicts()})
	for _, part := range []struct {
		title, anchor string
		changes       []resilience.Change
	}{
		{"LOST: violated now, and not before", "lost", clean.Diff.Lost},
		{"GAINED: violated before, and not now", "gained", clean.Diff.Gained},
	} {
		if len(part.changes) > 0 {
			doc.Body = append(doc.Body, changed(part.title, part.anchor, part.changes))
		}
	}
	if len(clean.Diff.Lost) > 0 && len(clean.Undo) > 0 {
		doc.Body = append(doc.Body, undo{clean.Undo})
	}
	return doc
}

// undo are the lines that take a change back. In Markdown each is a suggestion, which a reviewer on GitHub puts on the line
// and the author accepts with a button.
type undo struct{ Lines []Line }

const undoTitle = "To take back what it loses"

func (u undo) place(i int) string {
	return fmt.Sprintf("%s, line %d", u.Lines[i].File, u.Lines[i].Line)
}

func (u undo) list() list {
	l := list{Title: undoTitle + ":"}
	for i := range u.Lines {
		l.Points = append(l.Points, Words{u.place(i) + ": ", code(u.Lines[i].Text)})
	}
	return l
}

func (u undo) text(s *screen)               { u.list().text(s) }
func (u undo) html() (template.HTML, error) { return u.list().html() }

func (u undo) markdown(m *paper) {
	m.linef("**%s**\n", undoTitle)
	for i := range u.Lines {
		m.linef("%s:\n", mdText(u.place(i)))
		m.line(mdFence("suggestion", u.Lines[i].Text))
		m.line("")
	}
}

// changed are fault sets that a change loses or gains.
func changed(title, anchor string, changes []resilience.Change) Block {
	b := stories{Title: title}
	for i, c := range changes {
		b.List = append(b.List, story{Number: i + 1, Anchor: fmt.Sprintf("%s-%d", anchor, i+1), Steps: c.Steps,
			Text: Words{ofSystem(c.Guarantee, c.System) + ": ", code(verdict.FaultSet(c.Faults)), inSteps(c.Steps) + ": " + c.Reason}})
	}
	return b
}

// ofSystem adds to a name which of several systems it is about.
func ofSystem(name, system string) string {
	if system == "" {
		return name
	}
	return name + " of " + system
}

// withSystems puts before a table in which system each row is, where there are several.
func withSystems(rows [][]Words, systemOf func(i int) string) [][]Words {
	if len(rows) < 2 || systemOf(0) == "" {
		return rows
	}
	for i := range rows {
		name := "system"
		if i > 0 {
			name = systemOf(i - 1)
		}
		rows[i] = append([]Words{{name}}, rows[i]...)
	}
	return rows
}

// summary says in one line what the change does.
func (d *Diff) summary() string {
	lost, gained := len(d.Diff.Lost), len(d.Diff.Gained)
	s := ""
	refuses := func(v func(resilience.Compared) verdict.Verdict) bool {
		return slices.ContainsFunc(d.Diff.Guarantees, func(g resilience.Compared) bool { return v(g) == verdict.Refused })
	}
	switch {
	case refuses(func(g resilience.Compared) verdict.Verdict { return g.New }):
		return "Kafka would refuse the new configuration"
	case refuses(func(g resilience.Compared) verdict.Verdict { return g.Old }):
		return "Kafka would refuse the old configuration, and not the new one"
	case lost == 0 && gained == 0:
		s = "no difference in what breaks the guarantees"
	case lost == 0:
		s = fmt.Sprintf("the change gains: %s no longer", violating(gained))
	case gained == 0:
		s = fmt.Sprintf("the change loses: %s now", violating(lost))
	default:
		s = fmt.Sprintf("the change gains and loses: %s no longer, %s now", violating(gained), violating(lost))
	}
	s += fmt.Sprintf(" (up to %s)", count(d.UpTo, "fault"))
	if !d.Diff.Complete {
		s += "; not everything is decided, so there may be more"
	}
	return s
}

// violating says that some sets of faults violate a guarantee.
func violating(n int) string {
	if n == 1 {
		return "1 fault set violates a guarantee"
	}
	return count(n, "fault set") + " violate a guarantee"
}

// verdicts are the guarantees with both verdicts.
func (d *Diff) verdicts() [][]Words {
	rows := [][]Words{plainWords("guarantee", "old", "new")}
	for _, g := range d.Diff.Guarantees {
		rows = append(rows, plainWords(g.Guarantee, verdictAndSets(g.Old, g.OldSets), verdictAndSets(g.New, g.NewSets)))
	}
	return withSystems(rows, func(i int) string { return d.Diff.Guarantees[i].System })
}

// verdictAndSets is a verdict with the number of minimal sets.
func verdictAndSets(v verdict.Verdict, n int) string {
	if n == 0 {
		return string(v)
	}
	return fmt.Sprintf("%s (%s)", v, count(n, "fault set"))
}

// settings are the settings that differ.
func (d *Diff) settings() [][]Words {
	rows := [][]Words{plainWords("setting", "old", "new")}
	for _, c := range d.Diff.Settings {
		rows = append(rows, []Words{{code(c.Key)}, {cmp.Or(c.From, "-")}, {cmp.Or(c.To, "-")}})
	}
	return withSystems(rows, func(i int) string { return d.Diff.Settings[i].System })
}
