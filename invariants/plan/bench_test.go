package plan

import (
	"context"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/model"
)

// BenchmarkReview explores what specs/bench/review-small.yaml asks for.
func BenchmarkReview(b *testing.B) {
	c := model.DefaultConfig()
	c.Topic.MinISR, c.Prod.MaxInFlight, c.Scope.Messages = 2, 1, 2
	for _, name := range []string{"no-acked-loss", "no-duplicate-in-log", "committed-stays"} {
		b.Run(name, func(b *testing.B) {
			k, err := invariants.Prepare(name, c, model.CountAcked)
			if err != nil {
				b.Fatal(err)
			}
			o := explore.Options[model.State]{Budget: budgetOf(c.Faults), Dominance: true}
			for b.Loop() {
				r, _, err := Search(context.Background(), k, Options{Options: o})
				if err != nil || r.Violation != nil {
					b.Fatal(r, err)
				}
				b.ReportMetric(float64(r.Stats.Distinct), "states")
			}
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
