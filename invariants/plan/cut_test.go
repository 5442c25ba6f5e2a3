package plan

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// TestCut cuts searches of random questions at random moments, with and without Exhaust, and compares what they say with
// the whole search: a violation is one, and with as many faults as are said to be complete there is none.
func TestCut(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	cut := 0
	for i := range 40 {
		r := randomLog(uint64(9000 + i))
		if i%2 == 0 {
			r = randomRow(uint64(9000 + i))
		}
		k := r.check(t)
		o := explore.Options[model.State]{Budget: budget(r.faults), MaxFaults: r.mostFaults(), Dominance: true, MaxStates: 20_000}
		full, _, err := Search(context.Background(), k, Options{Options: o})
		if err != nil {
			t.Fatal(err)
		}
		if full.Stopped != explore.Exhausted && full.Violation == nil {
			continue
		}
		for range 10 {
			o.MaxStates, o.Exhaust = 1+rng.Uint64N(full.Stats.Distinct+1), rng.IntN(2) == 0
			got, _, err := Search(context.Background(), k, Options{Options: o})
			if err != nil {
				t.Fatal(err)
			}
			if got.Violation != nil && full.Violation == nil {
				t.Errorf("%s, cut after %d states: violated, and it holds", r.id, o.MaxStates)
			}
			if !isCut(got) {
				continue
			}
			cut++
			if v := full.Violation; v != nil && total(v.Faults) <= got.CompleteFaults {
				t.Errorf("%s, cut after %d states: complete to %d faults, and violated with %v", r.id, o.MaxStates, got.CompleteFaults, v.Faults)
			}
		}
	}
	t.Logf("%d were cut", cut)
	if cut < 50 {
		t.Errorf("only %d were cut", cut)
	}
}
