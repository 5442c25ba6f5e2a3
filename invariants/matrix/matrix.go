package matrix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// MaxCells bounds the number of cells of a matrix.
const MaxCells = 20_000

// Dimension is a setting with the values that it takes.
type Dimension struct {
	Key    string   `json:"key"` // with its part: producer.acks
	Values []string `json:"values"`
}

// ParseDimension reads "part.key=a,b,c". A comma in a value is written \,.
func ParseDimension(s string) (Dimension, error) {
	key, list, found := strings.Cut(s, "=")
	part, name, dotted := strings.Cut(key, ".")
	if _, known := kafkaconf.ParsePart(part); !found || !dotted || name == "" || list == "" || !known {
		return Dimension{}, fmt.Errorf("%q is not part.key=a,b,c; write for example producer.acks=0,1,all", kafkaconf.ShownFlag(s))
	}
	d := Dimension{Key: key}
	for _, v := range strings.Split(strings.ReplaceAll(list, `\,`, "\x00"), ",") {
		v = strings.TrimSpace(strings.ReplaceAll(v, "\x00", ","))
		if slices.Contains(d.Values, v) {
			return d, fmt.Errorf("%q has a value twice: %q", kafkaconf.ShownFlag(s), kafkaconf.Shown(kafkaconf.Part(part), name, v))
		}
		d.Values = append(d.Values, v)
	}
	return d, nil
}

// Matrix is a table of verdicts.
type Matrix struct {
	Vary       []Dimension `json:"vary"`
	Guarantees []string    `json:"guarantees"`
	Cells      []Cell      `json:"matrix"`
	// Checks are the different questions behind the cells, in the order in which they first occur.
	Checks []Check `json:"checks"`
}

// Cell is one combination of values, the last dimension varying fastest.
type Cell struct {
	Settings map[string]string          `json:"settings"`
	Verdicts map[string]verdict.Verdict `json:"verdicts"` // by guarantee
	// Checks are the indices of the checks behind the verdicts, by guarantee.
	Checks map[string]int `json:"checks"`
	// Refused says why Kafka would not start with this combination.
	Refused string `json:"refused,omitempty"`
	// Tradeoff is there where risks were asked for.
	Tradeoff *Tradeoff `json:"risk,omitempty"`
}

// Check is one question that was explored, for all cells that come to it.
type Check struct {
	Guarantee string          `json:"guarantee"`
	Verdict   verdict.Verdict `json:"verdict"`
	Reason    string          `json:"reason"`
	Faults    map[string]int  `json:"faults"`
	Steps     []verdict.Step  `json:"steps"`
	Fates     []string        `json:"fates,omitempty"`
	Cells     int             `json:"cells"` // how many cells it stands for
	Distinct  uint64          `json:"distinct"`
	Seconds   float64         `json:"seconds"`

	question verdict.Question
}

// identity is what two cells must share to be one check.
type identity struct {
	config    model.Config
	guarantee string
	counted   model.Counted
}

// New resolves every combination. The problems are those of the request itself, and of combinations that cannot be read;
// with a failure among them there is no matrix.
func New(request kafkaconf.Request, vary []Dimension) (*Matrix, kafkaconf.Problems) {
	m := &Matrix{Vary: vary, Cells: []Cell{}, Checks: []Check{}}
	var all kafkaconf.Problems
	known := map[identity]int{}
	for _, values := range combinations(vary) {
		r := request
		r.Set = slices.Clone(request.Set)
		cell := Cell{Settings: map[string]string{}, Verdicts: map[string]verdict.Verdict{}, Checks: map[string]int{}}
		for i, d := range vary {
			r.Set = append(r.Set, d.Key+"="+values[i])
			cell.Settings[d.Key] = values[i]
		}
		resolved, err := kafkaconf.Load(r)
		problems := kafkaconf.ProblemsOf(resolved, err)
		for _, p := range problems {
			if p.Severity != kafkaconf.Refusal && !slices.Contains(all, p) {
				all = append(all, p)
			}
		}
		if resolved == nil {
			continue
		}
		m.Guarantees = resolved.Guarantees
		m.enter(cell, resolved, known)
	}
	return m, all
}

// enter adds a cell and the checks that it is the first to need.
func (m *Matrix) enter(cell Cell, resolved *kafkaconf.Resolved, known map[identity]int) {
	for _, q := range verdict.Questions(resolved) {
		if len(q.Refused) > 0 {
			cell.Verdicts[q.Guarantee], cell.Refused = verdict.Refused, strings.Join(q.Refused, "; ")
			continue
		}
		id := identity{level(q.Config), q.Guarantee, q.Counted}
		n, found := known[id]
		if !found {
			n = len(m.Checks)
			known[id] = n
			m.Checks = append(m.Checks, Check{Guarantee: q.Guarantee, Verdict: verdict.Inconclusive, Faults: map[string]int{},
				Steps: []verdict.Step{}, Reason: "not explored", question: q})
		}
		m.Checks[n].Cells++
		cell.Checks[q.Guarantee] = n
		cell.Verdicts[q.Guarantee] = verdict.Inconclusive
	}
	m.Cells = append(m.Cells, cell)
}

// level takes out of a configuration what its version does not look at.
func level(c model.Config) model.Config {
	if c.B.EffectiveMinISR {
		c.Topic.MinISR = min(c.Topic.MinISR, c.Topic.Replicas)
	}
	if !c.B.HonoursUnclean {
		c.Topic.UncleanElection = false
	}
	return c
}

// combinations lists the values of all dimensions, the last varying fastest.
func combinations(vary []Dimension) [][]string {
	all := [][]string{nil}
	for _, d := range vary {
		var next [][]string
		for _, before := range all {
			for _, v := range d.Values {
				next = append(next, append(slices.Clone(before), v))
			}
		}
		all = next
	}
	return all
}

// CountCells is the number of cells of a matrix.
func CountCells(vary []Dimension) int {
	n := 1
	for _, d := range vary {
		if n *= len(d.Values); n > MaxCells {
			break
		}
	}
	return n
}
