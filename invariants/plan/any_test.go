package plan

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// A budget may let kinds of faults occur any number of times. The space is finite all the same, and what is found in it is
// what budgets that grow come to.

// anyRows are questions with the kinds of the known and of random ones, each any number of times or once.
func anyRows(random int) []row {
	rows := append([]row(nil), knownRows...)
	for i := range random {
		rows = append(rows, randomRow(uint64(3000+i)))
	}
	for i := range rows {
		r, change := &rows[i], rows[i].change
		rng := rand.New(rand.NewPCG(uint64(i), 12))
		for kind, n := range r.faults {
			if n > 0 && rng.IntN(4) > 0 {
				r.faults[kind] = model.Any
			}
		}
		r.id = fmt.Sprintf("%s, %s", r.id, r.faults)
		r.change = func(c *model.Config) {
			if change != nil {
				change(c)
			}
			c.Faults, c.Bounds.Total = r.faults, model.Unbounded
		}
	}
	return rows
}

// TestAny compares the ways to explore, and the verdict with those of growing budgets, up to where it does not change any
// more: to the number of faults of the counterexample, or to one where the guarantee still holds.
func TestAny(t *testing.T) {
	t.Parallel()
	random, least := 40, 8
	if os.Getenv("KCHECK_LONG") != "" {
		random, least = 240, 40
	}
	violated, held := 0, 0
	for _, r := range anyRows(random) {
		if !r.faults.HasAny() {
			continue
		}
		want := ask(t, &r, false, false, false, plainStates)
		if !want.complete {
			continue
		}
		for way := 1; way < 8; way++ {
			split, symmetry, dominance := way&1 != 0, way&2 != 0, way&4 != 0
			if got := ask(t, &r, split, symmetry, dominance, 0); got != want {
				t.Errorf("%s: split %t, symmetry %t, dominance %t: %+v; plain: %+v", r.id, split, symmetry, dominance, got, want)
			}
		}
		most := 3
		if want.violated {
			violated++
			most = max(1, want.faults)
		} else {
			held++
		}
		for n := 1; n <= min(most, model.MaxOccurrences); n++ {
			got, expected := ask(t, atMost(r, n), true, true, true, 0), want
			if want.violated && n < want.faults && !got.violated {
				expected = got // with so few it may hold
			}
			if got != expected {
				t.Errorf("%s: each kind at most %d times: %+v; any number of times: %+v", r.id, n, got, want)
			}
		}
	}
	t.Logf("%d questions violated, %d held", violated, held)
	if violated < least || held < least {
		t.Errorf("only %d questions were violated and %d held", violated, held)
	}
}

// atMost is a question with a number in place of any.
func atMost(r row, n int) *row {
	change := r.change
	for kind, k := range r.faults {
		if k == model.Any {
			r.faults[kind] = uint8(n)
		}
	}
	f := r.faults
	r.change = func(c *model.Config) {
		change(c)
		c.Faults = f
	}
	return &r
}

// TestAnyStates asserts the numbers of states of a space without a bound on its faults.
func TestAnyStates(t *testing.T) {
	t.Parallel()
	for guarantee, want := range map[string]uint64{"at-least-once": 2421, "committed-stays": 2390} {
		r := row{guarantee: guarantee, faults: faults(model.BrokerCrash, model.Any), change: func(c *model.Config) {
			c.Topic.MinISR, c.Topic.ELR, c.Bounds.Overlap = 2, true, model.AtMost(1)
		}}
		k := r.check(t)
		result, _, err := Search(t.Context(), k, Options{Options: r.options()})
		if err != nil {
			t.Fatal(err)
		}
		if result.Verdict() != explore.VerdictHolds || result.Stats.Distinct != want {
			t.Errorf("%s: %s, %d states; want %d", guarantee, result.Verdict(), result.Stats.Distinct, want)
		}
	}
}

// TestAnyRunsOut is a question that no finite model answers: each lost response may append the message once more.
func TestAnyRunsOut(t *testing.T) {
	t.Parallel()
	r := row{guarantee: "committed-stays", faults: faults(model.ResponseLost, model.Any), change: func(c *model.Config) {
		c.Prod.Idempotent, c.Prod.Retries = false, model.Unlimited
	}}
	k := r.check(t)
	result, _, err := Search(t.Context(), k, Options{Options: r.options()})
	if err != nil {
		t.Fatal(err)
	}
	hit := k.LimitsHit()
	if result.Stopped != explore.BoundReached || len(hit) != 1 || hit[0] != model.LogSize {
		t.Errorf("%s, %v", result.Stopped, hit)
	}
}
