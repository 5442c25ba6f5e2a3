package plan

import (
	"context"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// BenchmarkReview explores what specs/bench/review-small.yaml asks for.
func BenchmarkReview(b *testing.B) {
	resolved, err := kafkaconf.Load(kafkaconf.Request{Files: []string{"../../specs/bench/review-small.yaml"}})
	if problems := kafkaconf.ProblemsOf(resolved, err); problems.Failed() {
		b.Fatal(problems)
	}
	for _, name := range resolved.Guarantees {
		b.Run(name, func(b *testing.B) {
			k, err := invariants.Prepare(name, resolved.Config, resolved.Counted)
			if err != nil {
				b.Fatal(err)
			}
			o := explore.Options[model.State]{Budget: budgetOf(resolved.Config.Faults), Dominance: true}
			var r *Result
			for b.Loop() {
				if r, _, err = Search(context.Background(), k, Options{Options: o}); err != nil || r.Violation != nil {
					b.Fatal(r, err)
				}
			}
			b.ReportMetric(float64(r.Stats.Distinct), "states")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(r.Stats.Generated), "ns/transition")
		})
	}
}

func budgetOf(f model.Budget) []int {
	all := make([]int, len(f))
	for i, n := range f {
		all[i] = int(n)
	}
	return all
}
