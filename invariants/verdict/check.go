package verdict

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/explore"
)

// Check answers one question. A search that is cut short, by ctx or by a limit in the options, gives the partial
// result and no error; an error says why the question makes no sense, or that kcheck itself made a mistake.
func Check(ctx context.Context, q Question, o Options) (Result, error) {
	key := o.checkKey(&q)
	if res, known := recall(&q, &o, key); known {
		return res, nil
	}
	res, err := check(ctx, q, o)
	if err == nil {
		res.keep(ctx, &q, &o, key)
	}
	return res, err
}

// check is [Check] without a cache.
func check(ctx context.Context, q Question, o Options) (Result, error) {
	res := empty()
	res.Spec, res.About, res.Guarantee, res.Expected = q.Spec, q.About, q.Guarantee, q.Expected
	res.Counted, res.Informational = q.counted(), q.Informational
	res.Kafka, res.Release = q.Config.Kafka.String(), q.Config.Kafka.Release().String()
	res.Scope = Scope{Messages: q.Config.Scope.Messages, Replicas: q.Config.Topic.Replicas}
	res.Budget = q.Config.BudgetMap()
	res.Settings = append(res.Settings, q.Settings...)
	res.Notes = append(res.Notes, q.Notes...)
	res.Claim, res.Reproduce = claim(&q), q.Reproduce
	res.Configuration = res.configurationID()
	if len(q.Refused) > 0 {
		res.Verdict = Refused
		res.Reason = strings.Join(q.Refused, "; ")
		return res, nil
	}
	if err := ctx.Err(); err != nil {
		res.Verdict = Inconclusive
		res.Reason = cutShort(stopOf(err), false)
		return res, nil
	}
	err := answer(ctx, &res, &q, o)
	if err == nil && res.Verdict == Violated {
		res.Trace = traceID(&res)
		res.Needed = needed(ctx, &res, &q, o)
	}
	res.AllSets = res.allSets()
	res.Headline = headline(&res)
	return res, err
}

// NewReport is a report without results yet.
func NewReport() *Report {
	return &Report{Kcheck: Version, Schema: Schema, Problems: []Problem{}, Results: []Result{}, LeavesOut: leftOut()}
}

// Add appends the problems and results of another report.
func (r *Report) Add(other *Report) {
	for _, p := range other.Problems {
		if !slices.Contains(r.Problems, p) { // several questions may be about the same file
			r.Problems = append(r.Problems, p)
		}
	}
	r.Results = append(r.Results, other.Results...)
	r.glossary()
}

// stopOf says why a context ended.
func stopOf(err error) explore.StopReason {
	if errors.Is(err, context.DeadlineExceeded) {
		return explore.Deadline
	}
	return explore.Canceled
}
