package matrix

import (
	"context"
	"slices"

	"github.com/kcheck/kcheck/invariants/risk"
	"github.com/kcheck/kcheck/model"
)

// Risk is how likely it is that a guarantee of a cell is violated; see [risk.Result].
type Risk struct {
	Unit string `json:"unit"`
	risk.Interval
	PerYear *risk.Interval `json:"per_year,omitempty"`
}

// Tradeoff is what a cell costs and risks.
type Tradeoff struct {
	Risks map[string]Risk `json:"risks"` // by guarantee
	// WritesRefused is the share of the time in which writes are refused or wait.
	WritesRefused *risk.Interval `json:"writes_refused,omitempty"`
	// WaitsFor is what a write waits for.
	WaitsFor string `json:"waits_for"`
	// Front says that no other cell is better in one thing and as good in all: of the risks and of refused writes.
	Front bool `json:"front"`
	// Yours says that the cell has the values that the question had.
	Yours bool `json:"yours"`
}

// AddRisk computes the risk of every check, and what each cell trades off. yours are the configurations that the question
// had, with whatever fault budget.
func (m *Matrix) AddRisk(ctx context.Context, rates *risk.Rates, o risk.Options, yours []model.Config) error {
	results := make([]risk.Result, len(m.Checks))
	for i := range m.Checks {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		q := m.Checks[i].question
		q.Config.Scope.Messages = 1
		var err error
		if results[i], err = risk.Analyze(ctx, q, rates, o); err != nil {
			return err
		}
	}
	for i := range m.Cells {
		cell := &m.Cells[i]
		if cell.Refused != "" {
			continue
		}
		t := &Tradeoff{Risks: map[string]Risk{}}
		for g, n := range cell.Checks {
			r := &results[n]
			t.Risks[g] = Risk{r.Unit, r.Interval, r.PerYear}
			if r.WritesRefused != nil {
				t.WritesRefused = r.WritesRefused
			}
			c := m.Checks[n].question.Config
			t.WaitsFor = waitsFor(&c)
			t.Yours = slices.ContainsFunc(yours, func(y model.Config) bool { return level(y) == level(c) })
		}
		cell.Tradeoff = t
	}
	for i := range m.Cells {
		if t := m.Cells[i].Tradeoff; t != nil {
			t.Front = !slices.ContainsFunc(m.Cells, func(other Cell) bool { return other.Tradeoff != nil && other.Tradeoff.beats(t) })
		}
	}
	return nil
}

// beats says that a cell is better in one thing and as good in all others, by the upper bounds.
func (t *Tradeoff) beats(other *Tradeoff) bool {
	better := false
	compare := func(x, y float64) bool {
		const alike = 1e-3 // part of a number that makes no difference
		better = better || x < y*(1-alike)
		return x <= y*(1+alike)
	}
	for g, r := range t.Risks {
		if !compare(r.High, other.Risks[g].High) {
			return false
		}
	}
	if t.WritesRefused != nil && other.WritesRefused != nil && !compare(t.WritesRefused.High, other.WritesRefused.High) {
		return false
	}
	return better
}

// waitsFor says what a write waits for before it is acknowledged.
func waitsFor(c *model.Config) string {
	text := map[model.Acks]string{model.AcksNone: "nothing", model.AcksOne: "the leader"}[c.Prod.Acks]
	if c.Prod.Acks == model.AcksAll {
		text = "the in-sync set"
	}
	if c.Topic.FlushMessages == 1 && c.Prod.Acks != model.AcksNone {
		text += ", on disk"
	}
	return text
}
