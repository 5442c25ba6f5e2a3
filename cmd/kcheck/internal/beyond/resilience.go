package beyond

import (
	"fmt"
	"io"
	"strings"

	"github.com/kcheck/kcheck/invariants/resilience"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// Resilience is the document of "kcheck resilience".
type Resilience struct {
	Kcheck   string              `json:"kcheck"`
	Problems []verdict.Problem   `json:"problems"`
	Results  []resilience.Result `json:"resilience"`
	// Brief leaves the steps out of text and Markdown.
	Brief bool `json:"-"`
}

// legend explains the table.
const legend = "A number is how many occurrences of that fault, and no others, the guarantee survives; + says that more " +
	"were not looked at, * that in combination with other faults fewer break it, - that the fault cannot happen, or " +
	"is not seen, ? that it is not decided."

// groups splits the results by spec, in their order.
func (d *Resilience) groups() [][]resilience.Result {
	var groups [][]resilience.Result
	for i, r := range d.Results {
		if i == 0 || r.Spec != d.Results[i-1].Spec {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], r)
	}
	return groups
}

// table is the table of one spec: fault kinds by guarantees. mark writes a cell that is not tolerated at all.
func resilienceTable(results []resilience.Result, mark func(string) string) [][]string {
	rows := [][]string{{"survives"}}
	for _, r := range results {
		rows[0] = append(rows[0], r.Guarantee)
	}
	for _, r := range results {
		for i, k := range r.Kinds {
			if len(rows) <= i+1 {
				rows = append(rows, []string{k.Fault})
			}
			rows[i+1] = append(rows[i+1], cell(&r, k, mark))
		}
	}
	return rows
}

// cell says how much of a kind of fault a guarantee survives.
func cell(r *resilience.Result, k resilience.Kind, mark func(string) string) string {
	switch {
	case violatedWithoutFault(r):
		return mark("violated")
	case k.Undecided && r.Decided < 0:
		return "?"
	case k.Undecided:
		return fmt.Sprintf("%d?", k.Tolerated)
	case !k.Applies && r.Complete && k.Tolerated == k.Most:
		return "-"
	case k.Tolerated == 0 && k.Most > 0:
		return mark("0")
	}
	s := fmt.Sprint(k.Tolerated)
	if k.Tolerated == k.Most {
		s += "+"
	}
	if k.Sets > 0 && (k.Tolerated == k.Most || k.Sets > 1) {
		s += "*"
	}
	return s
}

func violatedWithoutFault(r *resilience.Result) bool {
	return len(r.Minimal) > 0 && len(r.Minimal[0].Faults) == 0
}

// Text writes the document for a terminal or a review.
func (d *Resilience) Text(w io.Writer) error {
	p := newPage(w)
	groups := d.groups()
	if len(groups) > 1 {
		p.line("RESILIENCE  %s, up to %s", Plural(len(groups), "configuration"), Plural(groups[0][0].UpTo, "fault"))
		p.line("")
		all := overviewOf(groups, func(s string) string { return s })
		all.text(p)
	}
	for i, g := range groups {
		if i > 0 || len(groups) > 1 {
			p.line("")
		}
		p.hang("RESILIENCE  ", head(&g[0]))
		if rows := resilienceTable(g, func(s string) string { return s }); len(rows) > 1 {
			p.line("")
			p.table(rows)
			p.line("")
			p.hang("", legend)
		}
		for i := range g {
			d.textResult(p, &g[i])
		}
	}
	return p.w.Flush()
}

// head says what was asked of which configuration.
func head(r *resilience.Result) string {
	name := r.Spec
	if name != "" {
		name += ": "
	}
	return fmt.Sprintf("%sKafka %s, %s, %s; up to %s", name, r.Kafka, Plural(r.Scope.Replicas, "replica"),
		Plural(r.Scope.Messages, "message"), Plural(r.UpTo, "fault"))
}

func (d *Resilience) textResult(p page, r *resilience.Result) {
	p.line("")
	p.hang("", strings.ToUpper(r.Guarantee)+": "+r.Reason+summary(r))
	for i, set := range r.Minimal {
		p.line("")
		p.hang(fmt.Sprintf("%3d. ", i+1), fmt.Sprintf("%s (%s): %s", Faults(set.Faults), Plural(len(set.Steps), "step"), set.Reason))
		if !d.Brief {
			p.steps(set.Steps, "  ")
		}
	}
	for _, set := range r.Undecided {
		p.hang("  ?  ", "not decided: "+Faults(set))
	}
	for _, n := range r.Notes {
		p.hang("  - ", "note: "+n)
	}
}

// summary says what the minimal sets mean.
func summary(r *resilience.Result) string {
	switch {
	case r.Verdict == verdict.Refused || r.Verdict == verdict.Vacuous || r.Decided < 0 || violatedWithoutFault(r):
		return ""
	case len(r.Minimal) == 0 && !r.Complete:
		return ""
	case len(r.Minimal) == 0:
		return "."
	}
	return fmt.Sprintf("; every other set of up to %s, unless it contains one of them, leaves it intact.", Plural(r.Decided, "fault"))
}

// Markdown writes the document for a pull request or a page.
func (d *Resilience) Markdown(w io.Writer) error {
	p := newPage(w)
	groups := d.groups()
	if len(groups) > 1 {
		p.line("### Resilience  %s, up to %s", Plural(len(groups), "configuration"), Plural(groups[0][0].UpTo, "fault"))
		p.line("")
		all := overviewOf(groups, func(s string) string { return "**" + s + "**" })
		all.markdown(p)
	}
	for _, g := range groups {
		p.line("### Resilience  %s", head(&g[0]))
		p.line("")
		p.markdownTable(resilienceTable(g, func(s string) string { return "**" + s + "**" }))
		p.line("")
		p.line("%s", legend)
		p.line("")
		for i := range g {
			d.markdownResult(p, &g[i])
		}
	}
	return p.w.Flush()
}

func (d *Resilience) markdownResult(p page, r *resilience.Result) {
	p.line("**%s**: %s%s", r.Guarantee, r.Reason, summary(r))
	p.line("")
	for i, set := range r.Minimal {
		p.line("%d. `%s`: %s", i+1, Faults(set.Faults), set.Reason)
		if !d.Brief {
			p.line("")
			p.markdownSteps(set.Steps)
			p.line("")
		}
	}
	for _, n := range r.Notes {
		p.line("- %s", n)
	}
	p.line("")
}
