package report

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/invariants/risk"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// Risk is what "kcheck risk" writes as JSON.
type Risk struct {
	Kcheck   string            `json:"kcheck"`
	Problems []verdict.Problem `json:"problems"`
	Results  []risk.Result     `json:"risk"`
}

// riskLegendShort explains the numbers where they are not the whole answer.
const riskLegendShort = "From the best to the worst case of what rates do not decide; kcheck risk says what it is made of."

// riskLegend explains the numbers.
const riskLegend = "Low and high are bounds: what the model leaves open without a time, such as which prefix of a log survives, is " +
	"decided by the best and by the worst case; rounding is included, and states left out are, as lost for a time that is assumed. Shares and the values that move the " +
	"risk are those of the worst case."

// Document makes a document of it: a table of all guarantees, then what each is made of.
func (r *Risk) Document() *Document {
	clean := cleaned(*r)
	d := &Document{Title: "risk", Data: r, Problems: clean.Problems}
	rows := [][]Words{{Words{"guarantee"}, Words{"of a"}, Words{"low"}, Words{"high"}, Words{"per year"}, Words{"most of it by"}}}
	for i := range clean.Results {
		x := &clean.Results[i]
		if i == 0 {
			d.Body = append(d.Body, head{"RISK", riskAsked(x)})
		}
		rows = append(rows, riskRow(x))
	}
	d.Body = append(d.Body, table{rows}, paragraph{Text: Words{riskLegend}})
	for i := range clean.Results {
		d.Body = append(d.Body, riskBlocks(&clean.Results[i])...)
	}
	d.own = map[string]func(io.Writer, Options) error{"svg": func(w io.Writer, _ Options) error {
		p := clean.picture()
		if len(p.points) == 0 {
			return errors.New("--format: svg shows what is lost against how long writes are refused, and no result has both; ask for a guarantee of messages")
		}
		_, err := io.WriteString(w, p.alone()+"\n")
		return err
	}}
	return d
}

// RiskFormats are the forms of risks: a picture too.
var RiskFormats = append(slices.Clone(Formats), "svg")

// picture shows, of each configuration, the first guarantee that all have a risk of a message of.
func (r *Risk) picture() picture {
	var p picture
	var weights []risk.Weight
	for i := range r.Results {
		x := &r.Results[i]
		if x.Refused != "" || x.WritesRefused == nil || p.guarantee != "" && p.guarantee != x.Guarantee {
			continue
		}
		p.guarantee = x.Guarantee
		w := risk.Weight{Risks: map[string]risk.Level{}}
		w.Add(x)
		weights = append(weights, w)
		name := cmp.Or(strings.TrimSuffix(path.Base(filepath.ToSlash(x.Spec)), path.Ext(x.Spec)), "Kafka "+x.Kafka)
		p.points = append(p.points, point{label: name, refused: x.WritesRefused.High, loss: w.Risks[x.Guarantee].Explored(), low: x.Low, high: x.High})
	}
	for i := range p.points {
		p.points[i].front = !slices.ContainsFunc(weights, func(w risk.Weight) bool { return w.Beats(&weights[i]) })
	}
	return p
}

// riskAsked says what was asked of which configuration.
func riskAsked(r *risk.Result) Words {
	var w Words
	if r.Spec != "" {
		w = Words{code(r.Spec), ": "}
	}
	return append(w, fmt.Sprintf("Kafka %s, %s, %s", r.Kafka, count(r.Scope.Replicas, "replica"), count(r.Scope.Messages, "message")))
}

// riskRow is a guarantee in the table.
func riskRow(r *risk.Result) []Words {
	if r.Refused != "" {
		return []Words{{r.Guarantee}, {""}, {"refused"}, {""}, {""}, {r.Refused}}
	}
	year := Words{""}
	if r.PerYear != nil {
		year = Words{between(r.PerYear.Low, r.PerYear.High)}
	}
	by := Words{""}
	if len(r.ByFaults) > 0 {
		by = Words{code(verdict.FaultSet(r.ByFaults[0].Faults)), " " + percent(r.ByFaults[0].Share)}
	}
	return []Words{{r.Guarantee}, {r.Unit}, {small(r.Low)}, {strong(small(r.High))}, year, by}
}

// small writes a probability.
func small(x float64) string {
	if x == 0 {
		return "0"
	}
	return fmt.Sprintf("%.2g", x)
}

// between writes an interval.
func between(low, high float64) string {
	if small(low) == small(high) {
		return small(low)
	}
	return small(low) + " to " + small(high)
}

// percent writes a share.
func percent(x float64) string {
	if x >= 0.995 {
		return "> 99 %"
	}
	if x < 0.005 {
		return "< 1 %"
	}
	return fmt.Sprintf("%.0f %%", math.Round(100*x))
}

// riskBlocks is what the risk of one guarantee is made of.
func riskBlocks(r *risk.Result) []Block {
	if r.Refused != "" {
		return nil
	}
	body := []Block{paragraph{r.Guarantee, Words{riskSentence(r)}}}
	var points list
	for i, s := range r.ByFaults {
		if i < 5 && s.Share >= 0.0005 {
			points.Points = append(points.Points, Words{percent(s.Share) + " by ", code(verdict.FaultSet(s.Faults))})
		}
	}
	var moved []string
	for i, m := range r.Moves {
		if i < 5 {
			moved = append(moved, fmt.Sprintf("%s (%+.2f)", m.Key, m.Elasticity))
		}
	}
	if len(moved) > 0 {
		points.Points = append(points.Points, Words{"moved most by " + strings.Join(moved, ", ") + ": a value larger by 1 % makes it larger by so many %"})
	}
	if r.WritesRefused != nil {
		points.Points = append(points.Points, Words{"writes are refused or wait " + between(r.WritesRefused.Low, r.WritesRefused.High) + " of the time"})
	}
	for _, f := range r.Fallback {
		points.Points = append(points.Points, Words{"if " + f.Loss + ": detected by " + f.Detects + "; restored by " + f.Restores + " (" + f.Source + ")"})
	}
	for _, n := range r.Notes {
		points.Points = append(points.Points, Words{"note: " + n})
	}
	if len(points.Points) > 0 {
		body = append(body, points)
	}
	return body
}

// riskSentence says what the numbers mean.
func riskSentence(r *risk.Result) string {
	open := ""
	if !r.Complete {
		open = " Much of the upper bound is states that were left out; --states explores more."
	}
	if r.High == 0 {
		return "no run of these faults violates it." + open
	}
	if r.Unit == risk.UnitRecord {
		return fmt.Sprintf("of a readable record, %s a year: mean time to its loss %s years.%s", between(r.Low, r.High), between(1/r.High, 1/r.Low), open)
	}
	return fmt.Sprintf("of a message, %s: one in %s.%s", between(r.Low, r.High), between(1/r.High, 1/r.Low), open)
}
