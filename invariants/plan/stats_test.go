package plan

import (
	"slices"
	"testing"

	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/model"
)

// What no search has counted is never taken for a number, whatever is added to it.
func TestNotCounted(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]uint64{{2, 3, 5}, {NotCounted, 0, NotCounted}, {1, NotCounted, NotCounted}, {NotCounted, NotCounted, NotCounted}} {
		if got := addCounts(c[0], c[1]); got != c[2] {
			t.Errorf("%d and %d make %d, want %d", c[0], c[1], got, c[2])
		}
	}
}

// The coverage of a whole that was explored in parts has counts for what the parts have, and says of the rest that nothing
// was counted.
func TestCoverageOfParts(t *testing.T) {
	t.Parallel()
	c := exactlyOnceSetup()
	c.Faults = model.Budget{model.BrokerCrash: 1, model.LeaderMove: 1, model.ConsumerCrash: 1}
	c.B = model.BehavioursOf(&c)
	whole, err := invariants.Prepare("exactly-once", c, model.CountAccepted)
	if err != nil {
		t.Fatal(err)
	}
	replicas, err := replicasPart(whole)
	if err != nil {
		t.Fatal(err)
	}
	process, err := processPart(whole, 3)
	if err != nil {
		t.Fatal(err)
	}
	counts := func(k *Check) *Result {
		return &Result{Coverage: slices.Repeat([]uint64{2}, len(k.Model.Transitions()))}
	}
	r := sumBy(whole, counts(process), process, counts(replicas), replicas)
	had := map[string]bool{}
	for _, k := range []*Check{process, replicas} {
		for _, t := range k.Model.Transitions() {
			had[t.Action] = true
		}
	}
	for id, tr := range whole.Model.Transitions() {
		if got := r.Coverage[id]; (got == NotCounted) == had[tr.Action] || got == 1 {
			t.Errorf("%s %s counts %d; some part has the action: %t", tr.Action, tr.Binding, got, had[tr.Action])
		}
	}
}
