package model

import (
	"testing"

	"github.com/kcheck/kcheck/explore"
)

// TestStartOffsetBeyondLog checks why the spec start-offset-beyond-the-log is violated also for what is sent after the disk
// is lost, since its minimal counterexample is the loss of what was on it. The group has acknowledged m1, the log begins
// anew, and m2 stands below the start offset of the group: it is acknowledged, it stays in the leader's log, and nobody is
// ever given it. Without the loss that does not happen.
func TestStartOffsetBeyondLog(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		losses  uint8
		skipped bool
	}{{0, false}, {1, true}} {
		config := DefaultConfig()
		two(oneBroker(shared(1)))(&config)
		config.Sees = SeesConsumer
		config.Faults = Budget{DiskLoss: c.losses}
		m, err := New(config)
		if err != nil {
			t.Fatal(err)
		}
		given := explore.Property[State]{Name: "what is in the log is delivered in the end", Quiescent: func(s *State) bool {
			return m.Processed(s, 0) == 0 || !m.Acked(s, 1) || !m.Logged(s, 1) || m.Processed(s, 1) > 0
		}}
		budget := make([]int, NumFaults)
		budget[DiskLoss] = int(c.losses)
		r, err := explore.Check(t.Context(), explore.Spec[State]{Model: m, Properties: []explore.Property[State]{given},
			Options: explore.Options[State]{Budget: budget, Bound: m.BoundHit}})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Violation != nil; got != c.skipped || !r.Complete {
			t.Errorf("%d losses of the disk: m2 is skipped: %t, want %t (complete %t)", c.losses, got, c.skipped, r.Complete)
		}
	}
}
