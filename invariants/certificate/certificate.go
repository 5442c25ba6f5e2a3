package certificate

import (
	"bytes"
	"slices"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/model"
)

// magic is the first line of a certificate, within its compression.
const magic = "kcheck certificate 1\n"

// Claim is what a certificate says of one guarantee: that it holds of a configuration.
type Claim struct {
	Kcheck    string       `json:"kcheck"`         // the version that wrote it
	Spec      string       `json:"spec,omitempty"` // the name of the spec or the files, for reports
	Guarantee string       `json:"guarantee"`
	Counted   string       `json:"counted"` // which messages must not be lost
	Config    model.Config `json:"config"`  // with scope and budget
	// Parts are the checks that decide together, in the order of plan.Parts; one is the whole.
	Parts []Part `json:"parts"`
}

// Part is the set of states of one check. Its rows follow the claim in the file, those of one part after the other.
type Part struct {
	States    uint64 `json:"states"`
	StateSize int    `json:"state_size"` // bytes of a state
	Kinds     int    `json:"kinds"`      // fault kinds, one byte each behind the state
	// Witnesses has for each witness of the check a run that ends in it.
	Witnesses []Run `json:"witnesses"`
}

// Run is a path from an initial state: Initial is its number among the initial states, Choices has for each step the
// number of the successor that was taken, in the order of the model.
type Run struct {
	Initial int   `json:"initial"`
	Choices []int `json:"choices"`
}

func (p *Part) width() int { return p.StateSize + p.Kinds }

// prepare makes the checks that a claim is about, as many as it has parts.
func (c *Claim) prepare() ([]plan.Part, error) {
	counted, err := countedOf(c.Counted)
	if err != nil {
		return nil, err
	}
	k, err := invariants.Prepare(c.Guarantee, c.Config, counted)
	if err != nil {
		return nil, err
	}
	if len(c.Parts) == 1 {
		return []plan.Part{plan.Product(k)}, nil
	}
	return plan.Parts(k)
}

// rows is a list of states with faults, all of the same length, in one piece. It is sorted as bytes.
type rows struct {
	width int
	data  []byte
	spare []byte
}

func newRows(width int) *rows { return &rows{width: width, spare: make([]byte, width)} }

func (r *rows) row(i int) []byte { return r.data[i*r.width:][:r.width] }

// Len implements sort.Interface.
func (r *rows) Len() int { return len(r.data) / r.width }

// Less implements sort.Interface.
func (r *rows) Less(i, j int) bool { return bytes.Compare(r.row(i), r.row(j)) < 0 }

// Swap implements sort.Interface.
func (r *rows) Swap(i, j int) {
	copy(r.spare, r.row(i))
	copy(r.row(i), r.row(j))
	copy(r.row(j), r.spare)
}

// runOf is the run that a trace is.
func runOf(m *model.Model, t *explore.Trace[model.State]) Run {
	r := Run{Initial: slices.Index(m.Initial(nil), t.Initial), Choices: make([]int, len(t.Steps))}
	s := t.Initial
	for i, step := range t.Steps {
		r.Choices[i] = slices.IndexFunc(explore.Successors[model.State](m, &s), func(n explore.Successor[model.State]) bool {
			return n.ID == step.ID && n.State == step.State
		})
		s = step.State
	}
	return r
}
