package plan

import (
	"context"
	"os"
	"slices"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/model"
)

// TestDecide compares what Decide says with the plain search of the whole: whether the guarantee is violated, with how many
// faults, and whether its witnesses are reached. Configurations that differ in what only a consumer reads are asked one
// after the other, so that what is remembered of their log is used.
func TestDecide(t *testing.T) {
	t.Parallel()
	questions, limit, compared, violated := 60, uint64(8_000), 0, 0
	if os.Getenv("KCHECK_LONG") != "" {
		questions, limit = 600, 100_000
	}
	for i := range questions {
		r := randomRow(uint64(7000 + i))
		parts := &Logs{}
		c := r.check(t).Model.Config()
		if i%3 == 0 && !c.App.OutputKafka {
			c.App.Effect = model.EffectOncePerRecord
		}
		for _, flipped := range flips(c) {
			k, err := invariants.Prepare(r.guarantee, flipped, r.counted)
			if err != nil {
				t.Fatal(err)
			}
			o := explore.Options[model.State]{Budget: budget(r.faults), MaxFaults: r.mostFaults(), MaxStates: limit, NoSymmetry: true}
			want, err := run(context.Background(), k, o)
			if err != nil {
				t.Fatal(err)
			}
			if want.Violation == nil && want.Stopped != explore.Exhausted {
				continue
			}
			o.MaxStates, o.NoSymmetry, o.Dominance = 0, false, true
			got, err := parts.Decide(context.Background(), k, o)
			if err != nil {
				t.Fatal(err)
			}
			compared++
			if (got.Faults != nil) != (want.Violation != nil) {
				t.Errorf("%s: violated: %t, want %t", r.id, got.Faults != nil, want.Violation != nil)
				continue
			}
			if want.Violation != nil {
				violated++
				if total(got.Faults) != total(want.Violation.Faults) {
					t.Errorf("%s: violated with %v, want %v", r.id, got.Faults, want.Violation.Faults)
				}
			} else if got.Unreached != slices.Contains(want.Witnesses, false) {
				t.Errorf("%s: unreached: %t, want %v", r.id, got.Unreached, want.Witnesses)
			}
		}
	}
	t.Logf("%d compared, %d violated", compared, violated)
	if compared < questions || violated < questions/3 {
		t.Errorf("only %d were compared, %d of them violated", compared, violated)
	}
}

// flips are a configuration and others that differ from it in what only a consumer reads.
func flips(c model.Config) []model.Config {
	list := []model.Config{c}
	if c.App.OutputKafka {
		return list
	}
	for _, change := range []func(c *model.Config){
		func(c *model.Config) { c.App.Handoff = !c.App.Handoff },
		func(c *model.Config) { c.App.NewGroup = !c.App.NewGroup },
		func(c *model.Config) { c.App.CommitCurrent = !c.App.CommitCurrent },
		func(c *model.Config) { c.Cons.Reset = model.ResetNone },
	} {
		other := c
		change(&other)
		list = append(list, other)
	}
	return list
}

// TestOfLog compares the logs of configurations that [model.Config.OfLog] takes for equal: the same steps lead from the
// same states to the same states.
func TestOfLog(t *testing.T) {
	t.Parallel()
	for i := range 40 {
		r := randomLog(uint64(8000 + i))
		c := r.check(t).Model.Config()
		if c.App.OutputKafka {
			continue
		}
		plain := logOf(t, r.check(t))
		k, err := invariants.Prepare(r.guarantee, c.OfLog(), r.counted)
		if err != nil {
			t.Fatal(err)
		}
		m, err := logModel(k)
		if err != nil {
			t.Fatal(err)
		}
		sameSteps(t, r.id, plain.Model, m)
	}
}

// sameSteps follows both models breadth first over a few thousand states.
func sameSteps(t *testing.T, id string, a, b *model.Model) {
	t.Helper()
	if len(a.Transitions()) != len(b.Transitions()) {
		t.Errorf("%s: %d and %d transitions", id, len(a.Transitions()), len(b.Transitions()))
		return
	}
	states := a.Initial(nil)
	seen := map[model.State]bool{}
	for i := 0; i < len(states) && i < 2000; i++ {
		x, y := explore.Successors(a, &states[i]), explore.Successors(b, &states[i])
		if !slices.Equal(x, y) {
			t.Errorf("%s: a state has other successors", id)
			return
		}
		for _, next := range x {
			if a.Canonical(&next.State); !seen[next.State] {
				seen[next.State] = true
				states = append(states, next.State)
			}
		}
	}
}
