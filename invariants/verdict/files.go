package verdict

import (
	"context"
	"slices"

	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// CheckFiles answers every question that a request asks: its files and flags, each guarantee in its order. What is
// wrong with the input is in the problems of the report.
func CheckFiles(ctx context.Context, request kafkaconf.Request, o Options) *Report {
	report := NewReport()
	resolved, problems := kafkaconf.Load(request)
	report.Problems = append(report.Problems, problems...)
	if problems.Failed() || resolved == nil {
		return report
	}
	for _, p := range resolved.Refused {
		if !slices.Contains(report.Problems, p) {
			report.Problems = append(report.Problems, p)
		}
	}
	questions := Questions(resolved)
	o.together = plan.NewTogether(resolved.Guarantees, resolved.Counted)
	for _, q := range questions {
		q.Reproduce = command(request, q.Guarantee, len(questions), o)
		res, err := Check(ctx, q, o)
		if err != nil {
			report.Problems = append(report.Problems,
				Problem{File: resolved.File, Message: err.Error(), Severity: kafkaconf.Failure})
			continue
		}
		report.Results = append(report.Results, res)
	}
	report.glossary()
	return report
}
