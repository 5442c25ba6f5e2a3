package fpset

import (
	"math/rand/v2"
	"testing"

	"github.com/kcheck/kcheck/explore/internal/mem"
)

// BenchmarkInsert offers each of many elements four times.
func BenchmarkInsert(b *testing.B) {
	const n, batch = 1 << 23, 256
	account := mem.NewAccount(1 << 34)
	for b.Loop() {
		s := New(account, false)
		var ba Batch
		for round := range 4 {
			rng := rand.New(rand.NewPCG(1, 2))
			for i := 0; i < n; i += batch {
				ba.Pos, ba.Fp = ba.Pos[:0], ba.Fp[:0]
				for range batch {
					ba.Pos, ba.Fp = append(ba.Pos, rng.Uint64()), append(ba.Fp, rng.Uint64())
				}
				s.Insert(&ba)
				if len(ba.Fresh) > 0 != (round == 0) {
					b.Fatal("wrong answer")
				}
			}
		}
		s.Close()
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N)/4/n, "ns/offer")
}

// BenchmarkProbe measures independent random loads from a table as large: what
// the machine can do at best.
func BenchmarkProbe(b *testing.B) {
	const n = 1 << 24
	t := mem.View[uint64](mem.Alloc(8 * n))
	for i := range t {
		t[i] = uint64(i)
	}
	sum, x := uint64(0), uint64(1)
	for b.Loop() {
		for range 1 << 20 {
			x = x*6364136223846793005 + 1442695040888963407
			sum += t[x>>40]
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N)/(1<<20), "ns/probe")
	_ = sum
}
