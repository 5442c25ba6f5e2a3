package kafkaspec

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/kcheck/kcheck/explore"
)

// holds says that a property is not violated; otherwise what is expected of it
// is the number of steps of a shortest counterexample.
const holds = 0

// verdicts is what is known of a variant for some bounds: the numbers of steps
// to a violation of WeakIsr and StrongIsr, and if both hold, how many states
// there are.
type verdicts struct {
	variant      Variant
	weak, strong int
	states       uint64
}

// The published facts. Each row of bounds is the smallest to tell something
// apart: with two replicas and one record only the oldest protocol loses data,
// two records show the hole that KIP-279 filled, three replicas that of
// KIP-320.
var published = []struct {
	replicas, logSize, maxRecords, maxLeaderEpoch int

	want []verdicts
}{
	{2, 1, 1, 1, []verdicts{
		{TruncateToHighWatermark, 8, 9, 0},
		{Kip101, holds, holds, 341},
		{Kip279, holds, holds, 341},
		{Kip320FirstTry, holds, holds, 337},
		{Kip320, holds, holds, 277},
	}},
	{2, 1, 1, 2, []verdicts{
		{TruncateToHighWatermark, 8, 9, 0},
		{Kip101, holds, holds, 1995},
		{Kip279, holds, holds, 1995},
		{Kip320FirstTry, holds, holds, 1895},
		{Kip320, holds, holds, 1365},
	}},
	{2, 2, 2, 2, []verdicts{
		{TruncateToHighWatermark, 8, 9, 0},
		{Kip101, 11, 11, 0},
		{Kip279, holds, holds, 9027},
		{Kip320FirstTry, holds, holds, 8429},
		{Kip320, holds, holds, 5973},
	}},
	{3, 1, 1, 2, []verdicts{
		{TruncateToHighWatermark, 8, 8, 0},
		{Kip101, 10, 10, 0},
		{Kip279, 10, 10, 0},
		{Kip320FirstTry, 11, 12, 0},
		{Kip320, holds, holds, 97_531},
	}},
	{3, 2, 2, 2, []verdicts{
		{TruncateToHighWatermark, 8, 8, 0},
		{Kip101, 10, 10, 0},
		{Kip279, 10, 10, 0},
		{Kip320FirstTry, 11, 12, 0},
		{Kip320, holds, holds, 737_794},
		{fencing(Kip320, false), 13, 13, 0},
		{patience(Kip320, false), 13, 11, 0},
		{truncating(Kip320, toHighWatermark), 11, 11, 0},
	}},
	{3, 1, 1, 3, []verdicts{
		{TruncateToHighWatermark, 8, 8, 0},
		{Kip101, 10, 10, 0},
		{Kip279, 10, 10, 0},
		{Kip320FirstTry, 11, 12, 0},
		{Kip320, holds, holds, 1_095_838},
	}},
}

// The ablations take one rule from a variant.

// fencing decides whether any leader may be asked about the truncation.
func fencing(v Variant, fenced bool) Variant {
	v.Name, v.fenced = v.Name+" with unfenced truncation", fenced
	return v
}

// patience decides whether the high watermark must reach the leader's epoch
// before anybody joins the in-sync replicas; without it, that is KAFKA-7128.
func patience(v Variant, patient bool) Variant {
	v.Name, v.patient = v.Name+" with hasty ISR expansion", patient
	return v
}

func truncating(v Variant, to func(s *State, leader, follower int) int) Variant {
	v.Name, v.truncation = v.Name+" truncating to the high watermark", to
	return v
}

func TestPublishedVerdicts(t *testing.T) {
	for _, row := range published {
		for _, want := range row.want {
			name := fmt.Sprintf("%d-%d-%d-%d/%s", row.replicas, row.logSize, row.maxRecords, row.maxLeaderEpoch, want.variant.Name)
			t.Run(name, func(t *testing.T) {
				if os.Getenv("KCHECK_LONG") == "" && row.replicas > 2 {
					t.Skip("a large instance")
				}
				m := New(want.variant, row.replicas, row.logSize, row.maxRecords, row.maxLeaderEpoch)
				checkVerdicts(t, m, want)
			})
		}
	}
}

func checkVerdicts(t *testing.T, m *Replication, want verdicts) {
	t.Helper()
	weak := explore.Property[State]{Name: "WeakIsr", Invariant: WeakISR}
	strong := explore.Property[State]{Name: "StrongIsr", Invariant: StrongISR}
	if want.weak == holds && want.strong == holds {
		r := check(t, m, weak, strong)
		if r.Violation != nil || r.Stats.Distinct != want.states {
			t.Errorf("%d states, want %d; violation %+v", r.Stats.Distinct, want.states, r.Violation)
		}
		return
	}
	if w, s := steps(check(t, m, weak)), steps(check(t, m, strong)); w != want.weak || s != want.strong {
		t.Errorf("WeakIsr is violated after %d steps, want %d, StrongIsr after %d, want %d", w, want.weak, s, want.strong)
	}
}

func check[S comparable](t *testing.T, m explore.Model[S], props ...explore.Property[S]) *explore.Result[S] {
	t.Helper()
	r, err := explore.Check(context.Background(), explore.Spec[S]{Model: m, Properties: props})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Complete {
		t.Errorf("the check is not complete: %s", r.Stopped)
	}
	return r
}

func steps[S comparable](r *explore.Result[S]) int {
	if r.Violation == nil {
		return holds
	}
	return r.Violation.Steps
}

// TestLeaderInISR: the theorem of Kip320 that its leader is in sync is not true
// as it is written, since there is no leader in the beginning.
func TestLeaderInISR(t *testing.T) {
	t.Parallel()
	m := New(Kip320, 2, 1, 1, 1)
	r := check(t, m, explore.Property[State]{Name: "LeaderInIsr", Invariant: LeaderInISR})
	if r.Violation == nil || r.Violation.Steps != 0 {
		t.Errorf("want a violation in the initial state, got %+v", r.Violation)
	}
}

// TestAsyncISR: the high watermark is valid since the leader counts the
// replicas it has asked for, and would not be otherwise.
func TestAsyncISR(t *testing.T) {
	t.Parallel()
	valid := func(m *AsyncISR) *explore.Result[AsyncState] {
		return check(t, m, explore.Property[AsyncState]{Name: "ValidHighWatermark", Invariant: m.ValidHighWatermark})
	}
	if r := valid(NewAsyncISR(3, 3, 4, true)); steps(r) != 6 {
		t.Errorf("without pending replicas: violated after %d steps, want 6", steps(r))
	}
	m, states := NewAsyncISR(3, 3, 4, false), uint64(287_160)
	if r := valid(m); r.Violation != nil || r.Stats.Distinct != states {
		t.Errorf("%d states, want %d; violation %+v", r.Stats.Distinct, states, r.Violation)
	}
}
