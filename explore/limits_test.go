package explore_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/examples"
)

func check[S comparable](t *testing.T, ctx context.Context, m explore.Model[S], props []explore.Property[S], o explore.Options[S]) *explore.Result[S] {
	t.Helper()
	r, err := explore.Check(ctx, explore.Spec[S]{Model: m, Properties: props, Options: o})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCancellationGivesPartialResult(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := check(t, ctx, examples.NewTwoPhase(8), nil, explore.Options[examples.Commit]{})
	if r.Complete || r.Stopped != explore.Canceled {
		t.Errorf("complete %t, stopped %v", r.Complete, r.Stopped)
	}
	ctx, cancel = context.WithTimeout(context.Background(), 30*time.Millisecond)
	defer cancel()
	r = check(t, ctx, examples.NewTwoPhase(9), nil, explore.Options[examples.Commit]{})
	if r.Complete || r.Stopped != explore.Deadline || r.CompleteFaults != -1 || r.CompleteDepth < -1 || r.Stats.Distinct == 0 {
		t.Errorf("complete %t, stopped %v, up to %d faults and depth %d, %+v", r.Complete, r.Stopped, r.CompleteFaults, r.CompleteDepth, r.Stats)
	}
}

func TestMemoryLimitIsObeyed(t *testing.T) {
	for _, exact := range []bool{false, true} {
		const limit = 4 << 20
		r := check(t, context.Background(), examples.NewTwoPhase(8), nil, explore.Options[examples.Commit]{Memory: limit, Exact: exact})
		if r.Complete || r.Stopped != explore.OutOfMemory || r.Stats.Bytes > limit {
			t.Errorf("exact %t: complete %t, stopped %v, %d bytes used", exact, r.Complete, r.Stopped, r.Stats.Bytes)
		}
		if r.CompleteDepth < 5 || r.Stats.Distinct < 50000 {
			t.Errorf("exact %t: gave up at depth %d with %d states", exact, r.CompleteDepth, r.Stats.Distinct)
		}
	}
}

func TestLimits(t *testing.T) {
	m := examples.NewTwoPhase(4)
	all := check(t, context.Background(), m, nil, explore.Options[examples.Commit]{})
	deep := check(t, context.Background(), m, nil, explore.Options[examples.Commit]{MaxDepth: all.Stats.Depth + 1})
	if !deep.Complete || deep.Stats.Distinct != all.Stats.Distinct {
		t.Errorf("a bound that is not met: %+v", deep)
	}
	shallow := check(t, context.Background(), m, nil, explore.Options[examples.Commit]{MaxDepth: 3})
	if shallow.Complete || shallow.Stopped != explore.DepthReached || shallow.CompleteDepth != 3 || shallow.CompleteFaults != -1 || shallow.Stats.Depth != 3 {
		t.Errorf("MaxDepth 3: %+v", shallow)
	}
	few := check(t, context.Background(), m, nil, explore.Options[examples.Commit]{MaxStates: 100})
	if few.Complete || few.Stopped != explore.StatesReached || few.Stats.Distinct < 100 || few.Stats.Distinct >= all.Stats.Distinct {
		t.Errorf("MaxStates 100: %+v", few)
	}
}

func TestMistakesAreErrors(t *testing.T) {
	m := examples.NewTCommit(2)
	type options = explore.Options[examples.Commit]
	none := explore.Property[examples.Commit]{Name: "none"}
	for want, err := range map[string]error{
		"Budget[1] is -1": checkErr(m, nil, options{Budget: []int{1, -1}}),
		"at most 63":      checkErr(m, nil, options{Budget: []int{1 << 30, 1 << 30, 1 << 30}}),
		"Workers":         checkErr(m, nil, options{Workers: -1}),
		"exclude":         checkErr(m, nil, options{Exhaust: true, FaultSets: true}),
		"Strategy":        checkErr(m, nil, options{Strategy: 9}),
		"exactly one of":  checkErr(m, []explore.Property[examples.Commit]{none}, options{}),
		"is a string":     checkErr[struct{ A, B string }](broken[struct{ A, B string }]{}, nil, explore.Options[struct{ A, B string }]{}),
		"padding before":  checkErr[padded](broken[padded]{}, nil, explore.Options[padded]{}),
		"padding at the":  checkErr[tail](broken[tail]{}, nil, explore.Options[tail]{}),
		"floating-point":  checkErr[[2]float64](broken[[2]float64]{}, nil, explore.Options[[2]float64]{}),
		"transition 7":    checkErr[uint8](broken[uint8]{}, nil, explore.Options[uint8]{}),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, got %v", want, err)
		}
	}
}

type padded struct {
	A uint8
	B uint64
}

type tail struct {
	A uint64
	B uint8
}

// broken is a model with one state and a transition that does not exist.
type broken[S comparable] struct{}

func (broken[S]) Transitions() []explore.Transition    { return nil }
func (broken[S]) Initial(dst []S) []S                  { var s S; return append(dst, s) }
func (broken[S]) Successors(s *S, out *explore.Out[S]) { out.Add(7) }

func checkErr[S comparable](m explore.Model[S], props []explore.Property[S], o explore.Options[S]) error {
	_, err := explore.Check(context.Background(), explore.Spec[S]{Model: m, Properties: props, Options: o})
	return err
}

// A model must not make the search allocate: the number of allocations must
// not grow with the number of transitions.
func TestNoAllocationPerTransition(t *testing.T) {
	count := func(n int) (allocs, transitions float64) {
		m := examples.NewTwoPhase(n)
		allocs = testing.AllocsPerRun(1, func() {
			transitions = float64(check(t, context.Background(), m, nil, explore.Options[examples.Commit]{Workers: 1}).Stats.Generated)
		})
		return allocs, transitions
	}
	a5, n5 := count(5)
	a7, n7 := count(7)
	if rate := (a7 - a5) / (n7 - n5); rate > 0.0005 {
		t.Errorf("%.0f allocations for %.0f transitions more: %.5f for each", a7-a5, n7-n5, rate)
	}
}

func TestProgressIsReported(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	var last explore.Progress
	check(t, ctx, examples.NewTwoPhase(10), nil, explore.Options[examples.Commit]{Workers: 2, Progress: func(p explore.Progress) { last = p; cancel() }})
	if last.Distinct == 0 || last.Generated < last.Distinct || last.Bytes == 0 || last.Elapsed < time.Second {
		t.Errorf("progress: %+v", last)
	}
}
