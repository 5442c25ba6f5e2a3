package beyond

import (
	"fmt"
	"io"
	"sort"
	"strings"

	"github.com/kcheck/kcheck/invariants/repair"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// Repair is the document of "kcheck repair".
type Repair struct {
	Kcheck   string            `json:"kcheck"`
	Problems []verdict.Problem `json:"problems"`
	Spec     string            `json:"spec"`
	Budget   map[string]int    `json:"budget"`
	*repair.Result
	// Brief leaves the steps out of text and Markdown.
	Brief bool `json:"-"`
}

// verdicts writes verdicts by guarantee.
func verdicts(m map[string]verdict.Verdict) string {
	var parts []string
	for g, v := range m {
		parts = append(parts, g+" "+string(v))
	}
	sort.Strings(parts)
	return strings.Join(parts, ", ")
}

// Holds says that every guarantee holds as it is.
func (d *Repair) Holds() bool {
	for _, v := range d.Verdicts {
		if v != verdict.Holds {
			return false
		}
	}
	return true
}

// summary says in a sentence what was found.
func (d *Repair) summary() string {
	s := fmt.Sprintf("with faults %s: %s. ", Faults(d.Budget), verdicts(d.Result.Verdicts))
	looked := fmt.Sprintf("%s of changes looked at, %s in full", Plural(d.Sets, "set"), Plural(d.Checks, "check"))
	switch {
	case d.Holds():
		return s + "There is nothing to repair."
	case len(d.Repairs) > 0:
		n := len(d.Repairs[0].Changes)
		s += fmt.Sprintf("%s of settings %s every guarantee hold (%s).", Plural(n, "change"), map[bool]string{true: "makes", false: "make"}[n == 1], looked)
	case !d.Complete:
		return s + "No repair was found before the search ended (" + looked + ")."
	default:
		s += fmt.Sprintf("No set of up to %s helps (%s).", Plural(d.MaxChanges, "change"), looked)
	}
	if !d.Complete {
		s += " The search did not finish: there may be cheaper ones."
	}
	return s
}

// hopeless says what nothing helps against. quote stands around faults.
func hopeless(b *repair.Breaking, quote string) string {
	set, used := quote+Faults(b.Set)+quote, quote+Faults(b.Faults)+quote
	shown := fmt.Sprintf("%s (%s): %s", used, Plural(len(b.Steps), "step"), b.Reason)
	if set == used {
		return fmt.Sprintf("Whatever is changed, %s is violated under %s", b.Guarantee, shown)
	}
	return fmt.Sprintf("Whatever is changed, a guarantee is violated under %s, and something helps against any smaller set. "+
		"As it is, %s is violated under %s", set, b.Guarantee, shown)
}

// Patch writes the patch of the cheapest repair, and nothing else.
func (d *Repair) Patch(w io.Writer) error {
	if len(d.Repairs) == 0 {
		return nil
	}
	_, err := io.WriteString(w, d.Repairs[0].Patch)
	return err
}

// Text writes the document for a terminal or a review.
func (d *Repair) Text(w io.Writer) error {
	p := newPage(w)
	p.hang("REPAIR  ", strings.TrimPrefix(d.Spec+": ", ": ")+d.summary())
	for i, r := range d.Repairs {
		p.line("")
		p.line("%d. cost %d: %s", i+1, r.Cost, verdicts(r.Verdicts))
		for _, c := range r.Changes {
			p.hang("   ", fmt.Sprintf("%s: %s -> %s   (%s)", c.Key, or(c.From, "not set"), c.To, c.Source))
		}
		for _, c := range r.Costs {
			p.hang("   - ", c)
		}
		for _, n := range r.Notes {
			p.hang("   - note: ", n)
		}
		if r.Patch != "" {
			p.line("")
			p.line("%s", strings.TrimRight(r.Patch, "\n"))
		}
	}
	if b := d.Breaking; b != nil {
		p.line("")
		p.hang("", hopeless(b, ""))
		if !d.Brief {
			p.steps(b.Steps, "  ")
		}
	}
	return p.w.Flush()
}

// Markdown writes the document for a pull request.
func (d *Repair) Markdown(w io.Writer) error {
	p := newPage(w)
	p.line("### Repair %s", strings.TrimPrefix(d.Spec+": ", ": ")+d.summary())
	for i, r := range d.Repairs {
		p.line("")
		p.line("%d. cost %d", i+1, r.Cost)
		p.line("")
		for _, c := range r.Changes {
			p.line("   - `%s`: `%s` -> `%s`", c.Key, or(c.From, "not set"), c.To)
		}
		for _, c := range append(append([]string{}, r.Costs...), r.Notes...) {
			p.line("   - %s", c)
		}
		if r.Patch != "" {
			p.line("")
			p.line("```diff\n%s\n```", strings.TrimRight(r.Patch, "\n"))
		}
	}
	if b := d.Breaking; b != nil {
		p.line("")
		p.line("%s", hopeless(b, "`"))
		if !d.Brief {
			p.line("")
			p.markdownSteps(b.Steps)
		}
	}
	return p.w.Flush()
}

// Bearing is the document of "kcheck repair --load-bearing".
type Bearing struct {
	Kcheck   string            `json:"kcheck"`
	Problems []verdict.Problem `json:"problems"`
	Spec     string            `json:"spec"`
	Budget   map[string]int    `json:"budget"`
	*repair.Bearing
	// Brief leaves the steps out of text and Markdown.
	Brief bool `json:"-"`
}

// flips says how many changes of a single setting break something.
func flips(n int) string {
	switch n {
	case 0:
		return "No change of a single setting breaks a guarantee."
	case 1:
		return "1 change of a single setting breaks a guarantee:"
	}
	return fmt.Sprintf("%d changes of a single setting break a guarantee:", n)
}

// Text writes the document for a terminal or a review.
func (d *Bearing) Text(w io.Writer) error {
	p := newPage(w)
	p.hang("LOAD-BEARING  ", fmt.Sprintf("%swith faults %s: %s. %s", strings.TrimPrefix(d.Spec+": ", ": "), Faults(d.Budget),
		verdicts(d.Bearing.Verdicts), flips(len(d.Flips))))
	for _, f := range d.Flips {
		p.line("")
		p.hang("  ", fmt.Sprintf("%s: %s -> %s   (%s)", f.Key, or(f.From, "not set"), f.To, f.Source))
		p.hang("    ", fmt.Sprintf("%s is %s under %s: %s", f.Guarantee, f.Verdict, Faults(f.Faults), f.Reason))
		if !d.Brief {
			p.steps(f.Steps, "    ")
		}
	}
	if len(d.Idle) > 0 {
		p.line("")
		p.hang("Not load-bearing: ", strings.Join(d.Idle, ", "))
	}
	return p.w.Flush()
}

// Markdown writes the document for a pull request.
func (d *Bearing) Markdown(w io.Writer) error {
	p := newPage(w)
	rows := [][]string{{"setting", "value", "flipped to", "breaks", "under"}}
	for _, f := range d.Flips {
		rows = append(rows, []string{f.Key, or(f.From, "not set"), f.To, f.Guarantee, Faults(f.Faults)})
	}
	p.line("### Load-bearing settings")
	p.line("")
	p.markdownTable(rows)
	for _, f := range d.Flips {
		if !d.Brief {
			p.line("")
			p.line("`%s=%s`: %s", f.Key, f.To, f.Reason)
			p.line("")
			p.markdownSteps(f.Steps)
		}
	}
	if len(d.Idle) > 0 {
		p.line("")
		p.line("Not load-bearing: %s", strings.Join(d.Idle, ", "))
	}
	return p.w.Flush()
}
