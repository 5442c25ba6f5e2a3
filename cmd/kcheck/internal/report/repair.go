package report

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/invariants/repair"
	"github.com/kcheck/kcheck/invariants/risk"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// Repair is what "kcheck repair" writes as JSON.
type Repair struct {
	Kcheck   string            `json:"kcheck"`
	Problems []verdict.Problem `json:"problems"`
	Spec     string            `json:"spec"`
	Budget   model.Allowed     `json:"budget"`
	*repair.Result
}

// RepairFormats are the forms of a repair: a patch too, which git takes.
var RepairFormats = append(slices.Clone(Formats), "patch")

// Holds says that every guarantee holds as it is.
func (r *Repair) Holds() bool {
	for _, v := range r.Verdicts {
		if v != verdict.Holds {
			return false
		}
	}
	return true
}

// Document makes a document of it: the repairs, the cheapest first, each with its costs and its patch.
func (r *Repair) Document() *Document {
	clean := cleaned(*r)
	d := &Document{Title: "repair", Data: r, Problems: clean.Problems,
		Body: []Block{head{"REPAIR", append(named(clean.Spec), clean.summary()...)}}}
	d.own = map[string]func(io.Writer, Options) error{"patch": func(w io.Writer, _ Options) error {
		if len(r.Repairs) == 0 {
			return nil
		}
		_, err := io.WriteString(w, r.Repairs[0].Patch)
		return err
	}}
	d.Body = append(d.Body, clean.risks()...)
	for i := range clean.Repairs {
		one := &clean.Repairs[i]
		d.Body = append(d.Body, list{Title: fmt.Sprintf("%d. cost %d: %s", i+1, one.Cost, verdictsText(one.Verdicts)), Points: costsOf(one)})
		if one.Patch != "" {
			d.Body = append(d.Body, patch{one.Patch})
		}
	}
	if b := clean.Breaking; b != nil {
		d.Body = append(d.Body, stories{List: []story{{Anchor: "breaking", Text: unrepairable(b), Steps: b.Steps}}})
	}
	return d
}

// risks is the table of what the configuration risks as it is, and of what each repair leaves.
func (r *Repair) risks() []Block {
	if r.Has == nil {
		return nil
	}
	rows := [][]Words{{{"repair"}, {"how likely"}, {"of a"}, {"low to high"}, {"a year"}}}
	rows = append(rows, r.riskRows("as it is", r.Has)...)
	for i := range r.Repairs {
		rows = append(rows, r.riskRows(fmt.Sprint(i+1), r.Repairs[i].Leaves)...)
	}
	return []Block{head{"RISK", Words{"What each leaves. " + riskLegendShort}}, table{rows}}
}

// riskRows are the rows of one configuration.
func (r *Repair) riskRows(name string, w *risk.Weight) [][]Words {
	var rows [][]Words
	for _, g := range r.Weighed() {
		level := w.Risks[g]
		year := ""
		if level.PerYear != nil {
			year = between(level.PerYear.Low, level.PerYear.High)
		}
		rows = append(rows, []Words{{name}, {"not " + g}, {level.Unit}, {strong(between(level.Low, level.High))}, {year}})
		name = ""
	}
	if w.WritesRefused != nil {
		rows = append(rows, []Words{{""}, {"writes refused"}, {"moment"}, {between(w.WritesRefused.Low, w.WritesRefused.High)}, {""}})
	}
	return rows
}

// named begins a sentence about a spec.
func named(spec string) Words {
	if spec == "" {
		return nil
	}
	return Words{code(spec), ": "}
}

// verdictsText writes verdicts by guarantee.
func verdictsText(m map[string]verdict.Verdict) string {
	var parts []string
	for _, g := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, g+" "+string(m[g]))
	}
	return strings.Join(parts, ", ")
}

// changeOf is a change of a setting, with where the old value stands.
func changeOf(key, from, to, source string) Words {
	return Words{code(key), ": ", code(cmp.Or(verdict.Readable(key, from), "not set")), " -> ", code(verdict.Readable(key, to)), " (" + source + ")"}
}

// costsOf are the changes of a repair, what they cost, and what is noted about them.
func costsOf(r *repair.Repair) []Words {
	var points []Words
	for _, c := range r.Changes {
		points = append(points, changeOf(c.Key, c.From, c.To, c.Source))
	}
	for _, c := range r.Costs {
		points = append(points, Words{c})
	}
	for _, n := range r.Notes {
		points = append(points, Words{"note: " + n})
	}
	return points
}

// summary says what was found.
func (r *Repair) summary() Words {
	w := Words{"with faults ", code(verdict.FaultSet(r.Budget)), ": " + verdictsText(r.Result.Verdicts) + ". "}
	looked := fmt.Sprintf("%s of changes looked at, %s in full", count(r.Sets, "set"), count(r.Checks, "check"))
	switch {
	case r.Holds():
		return append(w, "There is nothing to repair.")
	case len(r.Repairs) > 0:
		n, makes := len(r.Repairs[0].Changes), "make"
		if n == 1 {
			makes = "makes"
		}
		w = append(w, fmt.Sprintf("%s of settings %s every guarantee hold (%s).", count(n, "change"), makes, looked))
	case !r.Complete:
		return append(w, "No repair was found before the search ended ("+looked+").")
	default:
		w = append(w, fmt.Sprintf("No set of up to %s helps (%s).", count(r.MaxChanges, "change"), looked))
	}
	if !r.Complete {
		w = append(w, " The search did not finish: there may be cheaper ones.")
	}
	return w
}

// unrepairable says which faults break a guarantee whatever is changed.
func unrepairable(b *repair.Breaking) Words {
	set, used := verdict.FaultSet(b.Set), verdict.FaultSet(b.Faults)
	shown := Words{code(used), inSteps(b.Steps) + ": " + b.Reason}
	if set == used {
		return append(Words{"Whatever is changed, " + b.Guarantee + " is violated under "}, shown...)
	}
	return append(Words{"Whatever is changed, a guarantee is violated under ", code(set), ", and something helps against any smaller set. ",
		"As it is, " + b.Guarantee + " is violated under "}, shown...)
}

// Bearing is what "kcheck repair --load-bearing" writes as JSON.
type Bearing struct {
	Kcheck   string            `json:"kcheck"`
	Problems []verdict.Problem `json:"problems"`
	Spec     string            `json:"spec"`
	Budget   model.Allowed     `json:"budget"`
	*repair.Bearing
}

// Document makes a document of it: each change of a single setting that breaks a guarantee, with its counterexample.
func (b *Bearing) Document() *Document {
	clean := cleaned(*b)
	title := append(named(clean.Spec), "with faults ", code(verdict.FaultSet(clean.Budget)),
		fmt.Sprintf(": %s. %s", verdictsText(clean.Bearing.Verdicts), flipsText(len(clean.Flips))))
	d := &Document{Title: "load-bearing settings", Data: b, Problems: clean.Problems, Body: []Block{head{"LOAD-BEARING", title}}}
	var flips stories
	for i, f := range clean.Flips {
		text := append(changeOf(f.Key, f.From, f.To, f.Source), fmt.Sprintf(": %s is %s under ", f.Guarantee, f.Verdict),
			code(verdict.FaultSet(f.Faults)), ": "+f.Reason)
		flips.List = append(flips.List, story{Number: i + 1, Anchor: fmt.Sprintf("flip-%d", i+1), Text: text, Steps: f.Steps})
	}
	if len(flips.List) > 0 {
		d.Body = append(d.Body, flips)
	}
	if len(clean.Idle) > 0 {
		d.Body = append(d.Body, paragraph{"Not load-bearing", Words{strings.Join(clean.Idle, ", ")}})
	}
	return d
}

// flipsText says how many changes of a single setting break something.
func flipsText(n int) string {
	switch n {
	case 0:
		return "No change of a single setting breaks a guarantee."
	case 1:
		return "1 change of a single setting breaks a guarantee:"
	}
	return fmt.Sprintf("%d changes of a single setting break a guarantee:", n)
}
