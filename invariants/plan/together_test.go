package plan

import (
	"context"
	"os"
	"reflect"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// TestTogether asks several guarantees of the configurations of the known rows, each alone and together with the others:
// the answers are the same, the counterexamples to the byte.
func TestTogether(t *testing.T) {
	t.Parallel()
	names := []string{"at-least-once", "at-most-once", "no-acked-loss", "no-duplicate-in-log", "order", "committed-stays", "log-agreement"}
	shared := 0
	for _, r := range knownRows {
		if os.Getenv("KCHECK_LONG") == "" && total(budget(r.faults)) > 1 {
			continue
		}
		all := NewTogether(names, r.counted)
		for _, name := range names {
			r.guarantee = name
			o := r.options()
			o.Coverage = true
			alone, _, err := Search(context.Background(), r.check(t), Options{Options: o})
			if err != nil {
				t.Fatal(err)
			}
			together, about, err := Search(context.Background(), r.check(t), Options{Options: o, Together: all})
			if err != nil {
				t.Fatal(err)
			}
			if alone.Stopped != together.Stopped || alone.Complete != together.Complete || !reflect.DeepEqual(alone.Witnesses, together.Witnesses) ||
				!reflect.DeepEqual(alone.Violation, together.Violation) {
				t.Errorf("%s, %s: alone %v, %v, %v, together %v, %v, %v", r.id, name, alone.Stopped, alone.Witnesses, alone.Violation,
					together.Stopped, together.Witnesses, together.Violation)
			}
			if len(together.Coverage) != len(about.Model.Transitions()) {
				t.Errorf("%s, %s: the result is about another model", r.id, name)
			}
		}
		if all.joint != nil && all.joint.result != nil && all.joint.result.Stopped == explore.Exhausted {
			shared++
		}
	}
	if shared < 4 {
		t.Errorf("only %d configurations were searched together", shared)
	}
}

// TestTogetherNeedsSeveral: with one guarantee there is nothing to be shared.
func TestTogetherNeedsSeveral(t *testing.T) {
	t.Parallel()
	if NewTogether([]string{"at-least-once"}, model.CountAccepted) != nil || NewTogether([]string{"at-least-once", "nothing"}, model.CountAccepted) != nil {
		t.Error("one guarantee is searched together with others")
	}
}

// TestTogetherCountsWhatIsAsked asks about acknowledged and about accepted messages together, in both orders: an
// application that never hears of a failed send loses accepted messages and no acknowledged one.
func TestTogetherCountsWhatIsAsked(t *testing.T) {
	t.Parallel()
	want := map[string]bool{"no-acked-loss": false, "at-least-once": true}
	for _, names := range [][]string{{"no-acked-loss", "at-least-once"}, {"at-least-once", "no-acked-loss"}} {
		all := NewTogether(names, model.CountAccepted)
		for _, name := range names {
			r := row{guarantee: name, faults: faults(model.RequestLost, 1), change: func(c *model.Config) { c.App.Send = model.SendForget }}
			got, _, err := Search(context.Background(), r.check(t), Options{Options: r.options(), Together: all})
			if err != nil {
				t.Fatal(err)
			}
			if (got.Violation != nil) != want[name] {
				t.Errorf("%v: %s violated: %t, want %t", names, name, got.Violation != nil, want[name])
			}
		}
	}
}
