package explore_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/examples"
)

// run explores the whole space and reports rates.
func run[S comparable](b *testing.B, m explore.Model[S], o explore.Options[S]) {
	var r *explore.Result[S]
	for b.Loop() {
		var err error
		if r, err = explore.Check(context.Background(), explore.Spec[S]{Model: m, Options: o}); err != nil {
			b.Fatal(err)
		}
	}
	seconds := b.Elapsed().Seconds() / float64(b.N)
	b.ReportMetric(float64(r.Stats.Distinct), "states")
	b.ReportMetric(float64(r.Stats.Distinct)/seconds/1e6, "Mstates/s")
	b.ReportMetric(float64(r.Stats.Generated)/seconds/1e6, "Mtransitions/s")
	b.ReportMetric(float64(r.Stats.Bytes)/float64(r.Stats.Distinct), "peak-B/state")
}

func BenchmarkTwoPhase(b *testing.B) {
	for _, n := range []int{8, 9} {
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("rm=%d/workers=%d", n, workers), func(b *testing.B) {
				run(b, examples.NewTwoPhase(n), explore.Options[examples.Commit]{Workers: workers})
			})
		}
	}
}

func BenchmarkReplicatedLog(b *testing.B) {
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			run(b, examples.NewReplicatedLog(2, 2, 4, 2), explore.Options[examples.LogState]{Workers: workers})
		})
	}
}
