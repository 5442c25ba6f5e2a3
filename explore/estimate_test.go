package explore_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/examples"
)

// TestEstimates: what is said about the end of a run is true to within a factor
// of two, after the widest level to within a fifth, and something is said before
// half of the states are found.
func TestEstimates(t *testing.T) {
	t.Run("replicated log", func(t *testing.T) { checkEstimates(t, levels(examples.NewReplicatedLog(2, 1, 2, 1))) })
	t.Run("two-phase commit", func(t *testing.T) { checkEstimates(t, levels(examples.NewTwoPhase(6))) })
	// The levels of two public specifications of Kafka, see specs/kafkaspec.
	t.Run("Kip320", func(t *testing.T) {
		checkEstimates(t, []int{1, 4, 12, 32, 88, 194, 380, 686, 1146, 1800, 2556, 3298, 3886, 4006, 3602, 2898, 2040, 1226, 696, 312, 72, 4})
	})
	t.Run("AsyncIsr", func(t *testing.T) {
		checkEstimates(t, []int{1, 5, 16, 43, 98, 199, 378, 680, 1151, 1834, 2746, 3809, 4860, 5700, 6096, 5894, 5136, 3996, 2722, 1596, 784, 296, 72, 8})
	})
}

func checkEstimates(t *testing.T, sizes []int) {
	total := 0
	for _, n := range sizes {
		total += n
	}
	found, first, widest := 0, 1.0, slices.Max(sizes)
	passed := false
	for depth, left := range explore.Left(sizes) {
		found += sizes[depth]
		passed = passed || sizes[depth] == widest
		if left < 0 {
			continue
		}
		first = min(first, float64(found)/float64(total))
		said, factor := (float64(found)+left)/float64(total), 2.0
		if passed {
			factor = 1.2
		}
		if said < 1/factor || said > factor {
			t.Errorf("at depth %d, with %d states found, %.0f more were expected of %d in all", depth, found, left, total)
		}
	}
	if first > 0.5 {
		t.Errorf("nothing was said before %.0f %% were found", 100*first)
	}
}

// levels returns how many states have each depth.
func levels[S comparable](m explore.Model[S]) (sizes []int) {
	seen := map[S]bool{}
	next := m.Initial(nil)
	var buf []explore.Successor[S]
	for len(next) > 0 {
		level := next
		next = nil
		for i := range level {
			buf = explore.AppendSuccessors(buf[:0], m, &level[i])
			for _, x := range buf {
				if !seen[x.State] {
					seen[x.State] = true
					next = append(next, x.State)
				}
			}
		}
		sizes = append(sizes, len(level))
	}
	return sizes
}

// TestProgressEstimates: the estimates reach those who asked for progress.
func TestProgressEstimates(t *testing.T) {
	defer explore.ProgressEvery(100 * time.Microsecond)()
	said := atomic.Bool{}
	o := explore.Options[examples.LogState]{Workers: 1, Progress: func(p explore.Progress) {
		if p.Left > 0 && p.Remaining() > 0 {
			said.Store(true)
		}
	}}
	for range 20 {
		if _, err := explore.Check(context.Background(), explore.Spec[examples.LogState]{Model: examples.NewReplicatedLog(1, 2, 3, 2), Options: o}); err != nil {
			t.Fatal(err)
		}
		if said.Load() {
			return
		}
	}
	t.Error("no progress report had an estimate")
}

// TestRemaining: the time that is left is in proportion to the states.
func TestRemaining(t *testing.T) {
	p := explore.Progress{Distinct: 100, Left: 50, Elapsed: 10 * time.Second}
	if got := p.Remaining(); got != 5*time.Second {
		t.Errorf("%s are left, want 5s", got)
	}
	if got := (explore.Progress{}).Remaining(); got != 0 {
		t.Errorf("%s are left of nothing", got)
	}
}
