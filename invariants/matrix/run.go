package matrix

import (
	"context"

	"github.com/kcheck/kcheck/invariants/spread"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// Units are the checks as independent pieces of work, in their order.
func (m *Matrix) Units() []spread.Unit {
	units := make([]spread.Unit, len(m.Checks))
	for i := range m.Checks {
		units[i].Question = m.Checks[i].question
	}
	return units
}

// Fill fills in the verdicts: the answers of the units, in their order. Where there is none, the check stays
// inconclusive.
func (m *Matrix) Fill(answers []*spread.Answer) {
	for i, a := range answers {
		if a == nil || a.Check == nil {
			continue
		}
		c, found := &m.Checks[i], a.Check
		c.Verdict, c.Reason, c.Faults, c.Steps, c.Fates = found.Verdict, found.Reason, found.Faults, found.Steps, found.Fates
		c.Distinct, c.Seconds = found.Distinct, found.Seconds
	}
	for i := range m.Cells {
		for g, n := range m.Cells[i].Checks {
			m.Cells[i].Verdicts[g] = m.Checks[n].Verdict
		}
	}
}

// Run explores the checks in this process and fills in the verdicts. When ctx ends, what was not explored stays
// inconclusive. progress, if set, is called now and then, one call at a time.
func (m *Matrix) Run(ctx context.Context, o verdict.Options, progress func(spread.Progress)) error {
	answers, err := spread.Run(ctx, m.Units(), o, progress)
	if err != nil {
		return err
	}
	m.Fill(answers)
	return nil
}
