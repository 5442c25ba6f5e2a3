package antichain

import (
	"math/rand/v2"
	"testing"

	"github.com/kcheck/kcheck/explore/internal/mem"
)

// bitSubset compares vectors of one bit a kind.
func bitSubset(a, b uint64) bool { return a&^b == 0 }

// A set answers as a list of everything inserted would.
func TestAgreesWithList(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 0))
		cache := New(mem.NewAccount(1<<20), bitSubset).NewCache()
		var inserted, announced []uint64
		set := uint32(0)
		for range 60 {
			u, later := rng.Uint64N(64), rng.IntN(2) == 0
			redundant := false
			for _, v := range inserted {
				redundant = redundant || bitSubset(v, u)
			}
			if later {
				for _, v := range announced {
					redundant = redundant || v == u
				}
			}
			next := cache.Add(set, u, later)
			if (next == set) != redundant {
				t.Fatalf("seed %d: adding %b to set %d: redundant %t, got %d", seed, u, set, redundant, next)
			}
			if redundant {
				continue
			}
			set = next
			if later {
				announced = append(announced, u)
				continue
			}
			inserted = append(inserted, u)
			kept := announced[:0]
			for _, v := range announced {
				if !bitSubset(u, v) {
					kept = append(kept, v)
				}
			}
			announced = kept
		}
	}
}
