package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/invariants/resilience"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// Resilience is what "kcheck resilience" writes as JSON.
type Resilience struct {
	Kcheck   string              `json:"kcheck"`
	Problems []verdict.Problem   `json:"problems"`
	Results  []resilience.Result `json:"resilience"`
}

// survivesLegend explains the tables.
const survivesLegend = "A number is how many occurrences of that fault, and no others, the guarantee survives; any is any number, " +
	"one at a time that no other broker is away when one goes; + says that " +
	"more were not looked at, * that in combination with other faults fewer break it, - that the fault cannot happen, or " +
	"is not seen, ? that it is not decided."

// Document makes a document of it: first, where there are several configurations, a table of all of them; then the table
// and the counterexamples of each.
func (r *Resilience) Document() *Document {
	clean := cleaned(*r)
	d := &Document{Title: "resilience", Data: r, Problems: clean.Problems}
	groups := bySpec(clean.Results)
	if len(groups) > 1 {
		d.Body = append(d.Body, overview(groups)...)
	}
	for i, g := range groups {
		d.Body = append(d.Body, head{"RESILIENCE", askedOf(&g[0])})
		if rows := survivesTable(g); len(rows) > 1 {
			d.Body = append(d.Body, table{rows}, paragraph{Text: Words{survivesLegend}})
		}
		for j := range g {
			d.Body = append(d.Body, survivesResult(&g[j], fmt.Sprintf("r%d-%d", i+1, j+1))...)
		}
	}
	return d
}

// bySpec splits results by spec, in their order.
func bySpec(results []resilience.Result) [][]resilience.Result {
	var groups [][]resilience.Result
	for i, r := range results {
		if i == 0 || r.Spec != results[i-1].Spec {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], r)
	}
	return groups
}

// askedOf says what was asked of which configuration.
func askedOf(r *resilience.Result) Words {
	var w Words
	if r.Spec != "" {
		w = Words{code(r.Spec), ": "}
	}
	return append(w, fmt.Sprintf("Kafka %s, %s, %s; up to %s", r.Kafka, count(r.Scope.Replicas, "replica"),
		count(r.Scope.Messages, "message"), count(r.UpTo, "fault")))
}

// survivesTable is the table of one spec: fault kinds by guarantees.
func survivesTable(results []resilience.Result) [][]Words {
	rows := [][]Words{{Words{"survives"}}}
	for i := range results {
		rows[0] = append(rows[0], Words{results[i].Guarantee})
		for j, k := range results[i].Kinds {
			if len(rows) <= j+1 {
				rows = append(rows, plainWords(k.Fault))
			}
			rows[j+1] = append(rows[j+1], survivesCell(&results[i], k))
		}
	}
	return rows
}

// survivesCell says how much of a kind of fault a guarantee survives. None at all stands out.
func survivesCell(r *resilience.Result, k resilience.Kind) Words {
	switch {
	case violatedWithoutFault(r):
		return Words{strong("violated")}
	case k.Undecided && r.Decided < 0:
		return Words{"?"}
	case k.Undecided:
		return Words{fmt.Sprintf("%d?", k.Tolerated)}
	case !k.Applies && r.Complete && k.Tolerated == k.Most:
		return Words{"-"}
	case k.Tolerated == 0 && k.Most > 0:
		return Words{strong("0")}
	}
	s := fmt.Sprint(k.Tolerated)
	switch {
	case k.Survives == resilience.AnyOneAtATime && k.Tolerated < k.Most:
		s += "; " + k.Survives
	case k.Survives == resilience.Any || k.Survives == resilience.AnyOneAtATime:
		s = k.Survives
	case k.Tolerated == k.Most:
		s += "+"
	}
	if k.Sets > 0 && (k.Tolerated == k.Most || k.Sets > 1) {
		s += "*"
	}
	return Words{s}
}

// violatedWithoutFault says that it takes no fault to violate the guarantee.
func violatedWithoutFault(r *resilience.Result) bool {
	return len(r.Minimal) > 0 && len(r.Minimal[0].Faults) == 0
}

// survivesResult is one guarantee with its minimal sets of faults.
func survivesResult(r *resilience.Result, anchor string) []Block {
	body := []Block{paragraph{r.Guarantee, Words{r.Reason, survivesSummary(r)}}}
	var sets stories
	for i, set := range r.Minimal {
		sets.List = append(sets.List, story{Number: i + 1, Anchor: fmt.Sprintf("%s-%d", anchor, i+1), Steps: set.Steps,
			Text: Words{code(verdict.FaultSet(set.Faults)), inSteps(set.Steps) + ": " + set.Reason}})
	}
	if len(sets.List) > 0 {
		body = append(body, sets)
	}
	var remarks list
	for _, set := range r.Undecided {
		remarks.Points = append(remarks.Points, Words{"not decided: ", code(verdict.FaultSet(set))})
	}
	for _, n := range r.Notes {
		remarks.Points = append(remarks.Points, Words{"note: " + n})
	}
	if len(remarks.Points) > 0 {
		body = append(body, remarks)
	}
	return body
}

// survivesSummary says what the minimal sets mean.
func survivesSummary(r *resilience.Result) string {
	switch {
	case r.Verdict == verdict.Refused || r.Verdict == verdict.Vacuous || r.Decided < 0 || violatedWithoutFault(r):
		return ""
	case len(r.Minimal) == 0 && !r.Complete:
		return ""
	case len(r.Minimal) == 0:
		return "."
	}
	return fmt.Sprintf("; every other set of up to %s, unless it contains one of them, leaves it intact.", count(r.Decided, "fault"))
}

// overview puts several specs side by side in one table: a column for each guarantee of each, a row for the kinds of
// faults that make no difference between them. It is what a review of several configurations reads first.
func overview(groups [][]resilience.Result) []Block {
	var specs, names outline
	columns := []Words{{"survives"}}
	var guarantees []string
	var tables [][][]Words
	for i, g := range groups {
		specs.Names = append(specs.Names, fmt.Sprintf("%d  %s", i+1, g[0].Spec))
		for _, r := range g {
			n := slices.Index(guarantees, r.Guarantee)
			if n < 0 {
				n = len(guarantees)
				guarantees = append(guarantees, r.Guarantee)
				names.Names = append(names.Names, fmt.Sprintf("%c  %s", 'A'+n, r.Guarantee))
			}
			columns = append(columns, Words{fmt.Sprintf("%d%c", i+1, 'A'+n)})
		}
		tables = append(tables, survivesTable(g))
	}
	rows := [][]Words{columns}
	for i := 1; i < len(tables[0]); i++ {
		row := []Words{tables[0][i][0]}
		for _, t := range tables {
			if i < len(t) {
				row = append(row, t[i][1:]...)
			}
		}
		rows = joinRow(rows, row)
	}
	title := Words{fmt.Sprintf("%s, up to %s", count(len(groups), "configuration"), count(groups[0][0].UpTo, "fault"))}
	return []Block{head{"RESILIENCE", title}, specs, names, table{rows}, paragraph{Text: Words{survivesLegend}}}
}

// joinRow adds a row of a kind of fault to one with the same cells, or as one of its own.
func joinRow(rows [][]Words, row []Words) [][]Words {
	for i := 1; i < len(rows); i++ {
		if slices.EqualFunc(rows[i][1:], row[1:], func(a, b Words) bool { return a.String() == b.String() }) {
			rows[i][0] = append(rows[i][0], ", "+strings.TrimSpace(row[0].String()))
			return rows
		}
	}
	return append(rows, row)
}

// inSteps says in brackets how long a counterexample is; nothing where there was no time or memory left to find its steps.
func inSteps(steps []verdict.Step) string {
	if len(steps) == 0 {
		return ""
	}
	return " (" + count(len(steps), "step") + ")"
}
