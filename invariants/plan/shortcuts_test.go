package plan

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// TestShortcuts compares what can be violated with the shortcuts and without, over configurations drawn at random: every
// minimal set of faults for every property, of the log alone and of the whole with a consumer.
func TestShortcuts(t *testing.T) {
	t.Parallel()
	questions, limit, end := 40, uint64(10_000), time.Time{}
	if d, err := time.ParseDuration(os.Getenv("KCHECK_EQUAL")); err == nil {
		limit, end = 100_000, time.Now().Add(d) // as many questions as that time allows
	}
	compared, violated := 0, 0
	for seed := 0; seed < questions || time.Now().Before(end); seed++ {
		r := randomLog(uint64(seed))
		k := r.check(t)
		for _, plain := range []*Check{logOf(t, k), k} {
			if plain == k && k.Model.Config().Cons.Reset == model.ResetLatest {
				continue
			}
			want, ok := sets(t, plain, r.faults, limit)
			if !ok {
				continue
			}
			for _, s := range []model.Shortcuts{model.AllShortcuts, 1 << (seed % 4)} {
				if got, _ := sets(t, withShortcuts(t, plain, s), r.faults, 0); !slices.Equal(got, want) {
					t.Errorf("%s: with shortcuts %04b\n%v\nwithout\n%v", r.id, s, got, want)
				}
			}
			compared++
			violated += min(1, len(want))
		}
	}
	t.Logf("%d questions compared, %d violated", compared, violated)
	if compared < questions/2 || violated < questions/8 {
		t.Errorf("only %d questions were compared, %d of them violated: the draw is too narrow or the spaces too large", compared, violated)
	}
}

func logOf(t *testing.T, k *Check) *Check {
	t.Helper()
	log, err := logPart(k)
	if err != nil {
		t.Fatal(err)
	}
	return log
}

// withShortcuts is the same check of a model that takes some shortcuts.
func withShortcuts(t *testing.T, k *Check, s model.Shortcuts) *Check {
	t.Helper()
	c := k.Model.Config()
	c.Shortcuts = s
	m, err := model.New(c)
	if err != nil {
		t.Fatal(err)
	}
	on := k.On(m)
	if c.Sees&model.SeesConsumer == 0 {
		on = k.OfLog(m)
	}
	on.Witnesses = nil
	return on
}

// sets lists the minimal sets of faults for each property.
func sets(t *testing.T, k *Check, b model.Budget, limit uint64) (list []string, ok bool) {
	t.Helper()
	o := explore.Options[model.State]{Budget: budget(b), Dominance: true, Exhaust: true, MaxStates: limit, Memory: 1 << 30}
	if k.Model.Config().Sees&model.SeesConsumer == 0 {
		o.Budget = withoutConsumer(o.Budget)
	}
	r, err := run(context.Background(), k, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range r.Violations {
		list = append(list, fmt.Sprint(v.Property, " ", asBudget(v.Faults)))
	}
	slices.Sort(list)
	return list, r.Stopped == explore.Exhausted
}

// randomLog draws a question about the log: faults of the producer and the brokers, up to four, and half the time one of
// the consumer.
func randomLog(seed uint64) row {
	rng := rand.New(rand.NewPCG(seed, 9))
	guarantees := []string{"at-least-once", "at-most-once", "exactly-once", "no-acked-loss", "order", "availability"}
	r := row{guarantee: oneOf(rng, guarantees...), counted: model.Counted(rng.IntN(3))}
	for range 2 + rng.IntN(3) {
		if f := model.FaultKind(rng.IntN(model.NumFaults)); !f.OfConsumer() && r.faults[f] < 2 {
			r.faults[f]++
		}
	}
	if rng.IntN(2) == 0 {
		r.faults[oneOf(rng, model.ConsumerCrash, model.Rebalance)]++
	}
	r.id = fmt.Sprintf("random %d, %s %s", seed, r.guarantee, r.faults)
	r.change = func(c *model.Config) {
		c.Bounds.Overlap = randomBounds(seed).Overlap
		rng := rand.New(rand.NewPCG(seed, 10))
		randomCluster(rng, c)
		release(oneOf(rng, model.V2_1, model.V2_8, model.V3_6, model.V3_7, model.V3_9, model.V4_0, model.V4_1, model.V4_1, model.V4_1))(c)
		c.Topic.OldFormat = false
		c.Topic.Replicas = oneOf(rng, 2, 3, 3)
		c.Topic.ELR = c.Kafka >= model.V4_0 && rng.IntN(3) > 0
		randomClients(rng, c)
		c.App.Effect = model.EffectPlain
		c.Scope.Messages = oneOf(rng, 1, 2, 2)
	}
	return r
}
