package plan

import (
	"context"
	"os"
	"slices"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// TestExhaust compares what --exhaust finds with the plain search: the minimal counterexample and all minimal sets of faults.
func TestExhaust(t *testing.T) {
	t.Parallel()
	questions, limit, compared, several := 60, uint64(8_000), 0, 0
	if os.Getenv("KCHECK_LONG") != "" {
		questions, limit = 400, 100_000
	}
	for i := range questions {
		r := randomLog(uint64(5000 + i))
		k := r.check(t)
		o := explore.Options[model.State]{Budget: budget(r.faults), Exhaust: true, Lattice: explore.Lattice[model.State]{NoTrace: true}, Coverage: true, MaxStates: limit}
		plain, err := run(context.Background(), k, o)
		if err != nil {
			t.Fatal(err)
		}
		if plain.Stopped != explore.Exhausted {
			continue
		}
		o.Dominance, o.Lattice.NoTrace, o.MaxStates = true, false, 0
		got, about, err := Search(context.Background(), k, Options{Options: o})
		if err != nil {
			t.Fatal(err)
		}
		compared++
		want := minimalSets(plain)
		several += min(1, len(want)/2)
		if sets := minimalSets(got); !slices.EqualFunc(sets, want, slices.Equal) || !got.Complete || got.Stopped != explore.Exhausted {
			t.Errorf("%s: complete %t, %v; expected %v", r.id, got.Complete, sets, want)
		}
		if v, w := got.Violation, plain.Violation; v != nil && w != nil {
			if total(v.Faults) != total(w.Faults) || v.Steps != w.Steps {
				t.Errorf("%s: %d faults, %d steps; expected %d and %d", r.id, total(v.Faults), v.Steps, total(w.Faults), w.Steps)
			}
			if err := explore.ReplayTrace(about.Model, &v.Trace); err != nil {
				t.Errorf("%s: %v", r.id, err)
			}
		}
	}
	t.Logf("%d compared, %d with several sets", compared, several)
	if compared < questions/3 || several == 0 {
		t.Errorf("only %d were compared, %d with several sets", compared, several)
	}
}

// minimalSets are the sets of faults of violations of which no proper subset is one, in order.
func minimalSets(r *Result) [][]int {
	var all [][]int
	for _, v := range r.Violations {
		least := !slices.ContainsFunc(r.Violations, func(w *explore.Violation[model.State]) bool {
			return within(w.Faults, v.Faults) && !slices.Equal(w.Faults, v.Faults)
		})
		if least && !slices.ContainsFunc(all, func(s []int) bool { return slices.Equal(s, v.Faults) }) {
			all = append(all, v.Faults)
		}
	}
	slices.SortFunc(all, slices.Compare)
	return all
}
