package plan

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/exploretest"
	"github.com/kcheck/kcheck/model"
)

// Share groups are asked in all ways in which other questions are asked.

// shareKinds are the faults of the questions about share groups.
var shareKinds = []model.FaultKind{
	model.ConsumerCrash, model.ConsumerException, model.ConnectionLost, model.LockTimeout, model.OffsetLost, model.Retention,
	model.PartitionAdded, model.LeaderMove, model.BrokerCrash, model.DiskLoss, model.ReplicaLag, model.ResponseLost, model.SendRefused,
}

// shareRow draws a question about a share group.
func shareRow(seed uint64) row {
	rng := rand.New(rand.NewPCG(seed, 12))
	guarantees := []string{"at-least-once", "at-most-once", "order", "availability"}
	r := row{guarantee: guarantees[rng.IntN(len(guarantees))]}
	for range 1 + rng.IntN(2) {
		r.faults[shareKinds[rng.IntN(len(shareKinds))]]++
	}
	r.id = fmt.Sprintf("share %d, %s %s", seed, r.guarantee, r.faults)
	r.change = func(c *model.Config) {
		rng := rand.New(rand.NewPCG(seed, 13))
		c.Kafka = []model.Version{model.V4_3, model.V4_4}[rng.IntN(2)]
		c.Prod.Version, c.Cons.Version = c.Kafka, c.Kafka
		c.Topic.Replicas, c.Topic.ELR, c.Topic.UncleanElection = 1+rng.IntN(2), rng.IntN(2) == 0, rng.IntN(4) == 0
		c.Scope.Messages, c.Scope.Members = 1+rng.IntN(2), 1+rng.IntN(2)
		c.App.Share = []model.Share{model.ShareImplicit, model.ShareExplicit}[rng.IntN(2)]
		c.App.Commit = []model.Commit{model.CommitAfterProcessing, model.CommitBeforeProcessing}[rng.IntN(2)]
		c.App.NewGroup, c.App.Handoff, c.App.SkipOnException = rng.IntN(4) == 0, rng.IntN(3) == 0, rng.IntN(2) == 0
		c.App.ShareOnException = model.ShareOnException(rng.IntN(3))
		c.Group = model.GroupConfig{DeliveryLimit: 2 + rng.IntN(2), DeadLetter: rng.IntN(2) == 0 && c.Kafka == model.V4_4}
		if rng.IntN(3) == 0 {
			c.Group.Reset = model.ResetLatest
		}
	}
	return r
}

// TestShareReductions compares the ways to explore a share group, and the reference engine.
func TestShareReductions(t *testing.T) {
	t.Parallel()
	violated, held := 0, 0
	for seed := range uint64(40) {
		r := shareRow(seed)
		want := ask(t, &r, false, false, false, plainStates)
		if !want.complete {
			continue
		}
		if want.violated {
			violated++
		} else {
			held++
		}
		for way := 1; way < 8; way++ {
			split, symmetry, dominance := way&1 != 0, way&2 != 0, way&4 != 0
			if got := ask(t, &r, split, symmetry, dominance, 0); got != want {
				t.Errorf("%s: split %t, symmetry %t, dominance %t: %+v; plain: %+v", r.id, split, symmetry, dominance, got, want)
			}
		}
		if plain := ask(t, &r, false, false, false, plainStates/6); plain.complete {
			if got := bruteForce(t, &r); got != want {
				t.Errorf("%s: found %+v, the reference engine %+v", r.id, want, got)
			}
		}
	}
	t.Logf("%d questions violated, %d held", violated, held)
	if violated < 8 || held < 8 {
		t.Errorf("only %d questions were violated and %d held: the draw is too narrow or the spaces too large", violated, held)
	}
}

// bruteForce is the answer of the reference engine.
func bruteForce(t *testing.T, r *row) answer {
	t.Helper()
	k := r.check(t)
	o := explore.Options[model.State]{Budget: compactBudget(r.faults), MaxFaults: r.mostFaults(), NoSymmetry: true, Bound: k.Model.BoundHit}
	out := exploretest.Reference(explore.Spec[model.State]{Model: compact{k.Model}, Properties: k.Properties, Options: o})
	if len(out.Violations) == 0 {
		return answer{complete: out.Complete}
	}
	found := answer{violated: true, complete: true, steps: out.Violations[0].Steps}
	for _, n := range out.Violations[0].Faults {
		found.faults += n
	}
	return found
}

// TestShareShortcuts compares the minimal sets of faults with the shortcuts and without.
func TestShareShortcuts(t *testing.T) {
	t.Parallel()
	compared, violated := 0, 0
	for seed := range uint64(40) {
		r := shareRow(100 + seed)
		if r.guarantee == "availability" { // shortcuts are not for guarantees about where runs end with recoveries
			continue
		}
		k := r.check(t)
		want, ok := sets(t, k, r.faults, 20_000)
		if !ok {
			continue
		}
		for _, s := range []model.Shortcuts{model.AllShortcuts, 1 << (seed % 4)} {
			if got, _ := sets(t, withShortcuts(t, k, s), r.faults, 0); !slices.Equal(got, want) {
				t.Errorf("%s: with shortcuts %04b\n%v\nwithout\n%v", r.id, s, got, want)
			}
		}
		compared++
		violated += min(1, len(want))
	}
	t.Logf("%d questions compared, %d violated", compared, violated)
	if compared < 15 || violated < 5 {
		t.Errorf("only %d questions were compared, %d of them violated", compared, violated)
	}
}
