package matrix

import (
	"context"
	"slices"

	"github.com/kcheck/kcheck/invariants/risk"
	"github.com/kcheck/kcheck/model"
)

// Tradeoff is what a cell costs and risks.
type Tradeoff struct {
	risk.Weight
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
		t := &Tradeoff{}
		for _, n := range cell.Checks {
			c := m.Checks[n].question.Config
			if t.Risks == nil {
				t.Weight = risk.NewWeight(&c)
			}
			t.Add(&results[n])
			t.Yours = slices.ContainsFunc(yours, func(y model.Config) bool { return level(y) == level(c) })
		}
		cell.Tradeoff = t
	}
	for i := range m.Cells {
		if t := m.Cells[i].Tradeoff; t != nil {
			t.Front = !slices.ContainsFunc(m.Cells, func(other Cell) bool { return other.Tradeoff != nil && other.Tradeoff.Beats(&t.Weight) })
		}
	}
	return nil
}
