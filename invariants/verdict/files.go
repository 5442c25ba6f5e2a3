package verdict

import (
	"context"
	"slices"
	"time"

	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// CheckFiles answers every question that a request asks: its files and flags, each guarantee in its order.
//
// The report is there in any case. The error is not nil when a question has no answer: it is the problems of the report
// that are failures, as [kafkaconf.Problems] - what kcheck cannot read, or what it cannot check. A guarantee that is
// violated and a configuration that Kafka refuses are answers and no errors; see [Report.Exit].
func CheckFiles(ctx context.Context, request kafkaconf.Request, o Options) (*Report, error) {
	report := NewReport()
	resolved, err := kafkaconf.Load(request)
	problems := kafkaconf.ProblemsOf(resolved, err)
	report.Problems = append(report.Problems, problems...)
	if problems.Failed() || resolved == nil {
		return report, failure(report)
	}
	for _, p := range resolved.Refused {
		if !slices.Contains(report.Problems, p) {
			report.Problems = append(report.Problems, p)
		}
	}
	for _, g := range resolved.Guarantees {
		if p, refused := resolved.RefusedOf[g]; refused {
			report.Problems = append(report.Problems, p)
		}
	}
	questions := Questions(resolved)
	var names []string
	for i := range questions {
		if !questions[i].Informational {
			names = append(names, questions[i].Guarantee)
		}
	}
	o.together = plan.NewTogether(names, resolved.Counted)
	early := lookEarly(ctx, questions, request, o)
	for i, q := range questions {
		o.logs = &plan.Logs{}
		q.Reproduce = command(request, q.Guarantee, len(questions), o)
		own, cancel := Share(ctx, len(questions)-i)
		res, err := answerFiles(own, q, request, resolved, o)
		end := own.Err()
		cancel()
		if err != nil {
			report.Problems = append(report.Problems,
				Problem{File: resolved.File, Message: err.Error(), Severity: kafkaconf.Failure})
		}
		if err != nil && res == nil {
			continue
		}
		res.keepEarly(&early[i], end)
		if o.Answered != nil {
			o.Answered(&q, res)
		}
		report.Results = append(report.Results, *res)
	}
	report.glossary()
	return report, failure(report)
}

// Share is the context of the first of several pieces of work: it may take its share of the time that is left.
func Share(ctx context.Context, pieces int) (context.Context, context.CancelFunc) {
	end, limited := ctx.Deadline()
	if !limited || pieces < 2 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, time.Until(end)/time.Duration(pieces))
}

// answerFiles answers one question of a request and explains the answer. With an error, the result is nil, or it lacks the
// explanation.
func answerFiles(ctx context.Context, q Question, request kafkaconf.Request, resolved *kafkaconf.Resolved, o Options) (*Result, error) {
	found := func(res *Result) {
		if o.Found != nil {
			o.Found(res)
		}
	}
	key := o.explainedKey(request, &q)
	if res := empty(); o.Cache.Get(key, &res) {
		found(&res)
		return &res, nil
	}
	res, err := check(ctx, q, o)
	if err != nil {
		return nil, err
	}
	found(&res)
	err = explain(ctx, &res, request, resolved, o)
	if err == nil && res.final(ctx) {
		o.Cache.Put(key, &res)
	}
	return &res, err
}

// failure is the failures of a report as an error; nil without any.
func failure(r *Report) error {
	if failed := kafkaconf.Problems(r.Problems).Only(kafkaconf.Failure); len(failed) > 0 {
		return failed
	}
	return nil
}
