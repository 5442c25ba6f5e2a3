package beyond

import (
	"fmt"
	"io"

	"github.com/kcheck/kcheck/invariants/resilience"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// Diff is the document of "kcheck diff".
type Diff struct {
	Kcheck   string                `json:"kcheck"`
	Problems []verdict.Problem     `json:"problems"`
	Old      string                `json:"old"`
	New      string                `json:"new"`
	UpTo     int                   `json:"up_to"`
	Diff     resilience.Difference `json:"diff"`
	// Brief leaves the steps out of text and Markdown.
	Brief bool `json:"-"`
}

// summary says in one line what the change does.
func (d *Diff) summary() string {
	lost, gained := len(d.Diff.Lost), len(d.Diff.Gained)
	s := ""
	switch {
	case lost == 0 && gained == 0:
		s = "no difference in what breaks the guarantees"
	case lost == 0:
		s = fmt.Sprintf("the change gains: %s no longer violate", sets(gained))
	case gained == 0:
		s = fmt.Sprintf("the change loses: %s now violate", sets(lost))
	default:
		s = fmt.Sprintf("the change gains and loses: %s no longer violate, %s now do", sets(gained), sets(lost))
	}
	s += fmt.Sprintf(" (up to %s)", Plural(d.UpTo, "fault"))
	if !d.Diff.Complete {
		s += "; not everything is decided, so there may be more"
	}
	return s
}

func sets(n int) string { return Plural(n, "fault set") }

// verdicts are the guarantees with both verdicts.
func (d *Diff) verdicts() [][]string {
	rows := [][]string{{"guarantee", "old", "new"}}
	for _, g := range d.Diff.Guarantees {
		rows = append(rows, []string{g.Guarantee, said(g.Old, g.OldSets), said(g.New, g.NewSets)})
	}
	return rows
}

// said is a verdict with the number of minimal sets.
func said(v verdict.Verdict, n int) string {
	if n == 0 {
		return string(v)
	}
	return fmt.Sprintf("%s (%s)", v, sets(n))
}

// settings are the settings that differ.
func (d *Diff) settings() [][]string {
	rows := [][]string{{"setting", "old", "new"}}
	for _, c := range d.Diff.Settings {
		rows = append(rows, []string{c.Key, or(c.From, "-"), or(c.To, "-")})
	}
	return rows
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// Text writes the document for a terminal or a review.
func (d *Diff) Text(w io.Writer) error {
	p := newPage(w)
	p.hang("DIFF  ", fmt.Sprintf("%s -> %s: %s", d.Old, d.New, d.summary()))
	p.line("")
	if rows := d.settings(); len(rows) > 1 {
		p.table(rows)
		p.line("")
	}
	p.table(d.verdicts())
	d.textChanges(p, "LOST: violated now, and not before", d.Diff.Lost)
	d.textChanges(p, "GAINED: violated before, and not now", d.Diff.Gained)
	return p.w.Flush()
}

func (d *Diff) textChanges(p page, title string, changes []resilience.Change) {
	if len(changes) == 0 {
		return
	}
	p.line("")
	p.line("%s", title)
	for _, c := range changes {
		p.hang("  - ", fmt.Sprintf("%s: %s (%s): %s", c.Guarantee, Faults(c.Faults), Plural(len(c.Steps), "step"), c.Reason))
		if !d.Brief {
			p.steps(c.Steps, "  ")
		}
	}
}

// Markdown writes the document for a pull request.
func (d *Diff) Markdown(w io.Writer) error {
	p := newPage(w)
	p.line("### `%s` -> `%s`: %s", d.Old, d.New, d.summary())
	p.line("")
	if rows := d.settings(); len(rows) > 1 {
		p.markdownTable(rows)
		p.line("")
	}
	p.markdownTable(d.verdicts())
	p.line("")
	for _, part := range []struct {
		title   string
		changes []resilience.Change
	}{{"Lost", d.Diff.Lost}, {"Gained", d.Diff.Gained}} {
		if len(part.changes) == 0 {
			continue
		}
		p.line("**%s**", part.title)
		p.line("")
		for _, c := range part.changes {
			p.line("- %s under `%s`: %s", c.Guarantee, Faults(c.Faults), c.Reason)
			if !d.Brief {
				p.line("")
				p.markdownSteps(c.Steps)
				p.line("")
			}
		}
		p.line("")
	}
	return p.w.Flush()
}
