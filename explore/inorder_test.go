package explore_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/examples"
	"github.com/kcheck/kcheck/explore/exploretest"
)

// TestTraceIsOfOneOrder: in spaces of many blocks, too, any number of workers
// finds the trace that a single one finds.
func TestTraceIsOfOneOrder(t *testing.T) {
	committed := func(n int) func(s *examples.Commit) bool {
		return func(s *examples.Commit) bool {
			for _, rm := range s.RM[:n] {
				if rm&3 != examples.Committed {
					return true
				}
			}
			return false
		}
	}
	exploretest.Determinism(t, explore.Spec[examples.Commit]{
		Model:      examples.NewTwoPhase(6),
		Properties: []explore.Property[examples.Commit]{{Name: "never all", Invariant: committed(6)}},
		Witnesses:  []explore.Witness[examples.Commit]{{Name: "five", Reached: func(s *examples.Commit) bool { return !committed(5)(s) }}},
		Options:    explore.Options[examples.Commit]{WitnessTrace: true},
	})
	for _, dominance := range []bool{false, true} {
		exploretest.Determinism(t, explore.Spec[uint64]{
			Model: scrambled{12},
			Properties: []explore.Property[uint64]{
				{Name: "a state", Invariant: func(s *uint64) bool { return *s != 1234 }},
				{Name: "a step", StepInvariant: func(pre *uint64, _ explore.TransitionID, post *uint64) bool { return *pre%97 != 5 || *post%89 != 7 }},
				{Name: "an end", Stuck: func(s *uint64) bool { return *s%512 != 8 }},
			},
			Options: explore.Options[uint64]{Budget: []int{1, 1, 2, 1, 1, 1, 1}, MaxFaults: 3, Dominance: dominance, Exhaust: true},
		})
	}
}

// TestTraceSearchIsCutShort: a trace search that is canceled ends at once; what
// is violated is known all the same.
func TestTraceSearchIsCutShort(t *testing.T) {
	defer explore.ProgressEvery(time.Millisecond)()
	m := examples.NewTwoPhase(8)
	for _, workers := range []int{1, 3} {
		ctx, cancel := context.WithCancel(context.Background())
		var once sync.Once
		var canceled time.Time
		r := check(t, ctx, m, []explore.Property[examples.Commit]{{Name: "never all", Invariant: func(s *examples.Commit) bool {
			for _, rm := range s.RM[:8] {
				if rm&3 != examples.Committed {
					return true
				}
			}
			return false
		}}}, explore.Options[examples.Commit]{Workers: workers, Progress: func(p explore.Progress) {
			if p.Tracing {
				once.Do(func() { canceled = time.Now(); cancel() })
			}
		}})
		cancel()
		if took := time.Since(canceled); took > time.Second {
			t.Errorf("%d workers: the check ended %v after it was canceled", workers, took)
		}
		if v := r.Violation; v == nil || !v.Untraced || v.UntracedBy != explore.Canceled || v.Steps == 0 {
			t.Errorf("%d workers: got %+v", workers, v)
		}
	}
}
