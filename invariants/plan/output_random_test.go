package plan

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/kcheck/kcheck/model"
)

// endedOtherwise are questions where a fault of a broker decides whether an output is in the log whose send another fault
// has ended. In 517 that is a refusal, after which the output is in the log all the same.
var endedOtherwise = []int{336, 343, 517}

// TestOutputSplitAtRandom compares the split space with the product over configurations drawn at random: faults of the
// replicas of the output partition beside others, with and without a bound of the sum, where outputs expire and where not.
func TestOutputSplitAtRandom(t *testing.T) {
	t.Parallel()
	questions, limit, end := 60, uint64(30_000), time.Time{}
	if d, err := time.ParseDuration(os.Getenv("KCHECK_EQUAL")); err == nil {
		limit, end = 300_000, time.Now().Add(d) // as many questions as that time allows
	}
	violated, held := 0, 0
	compare := func(seed int) {
		r := randomReplicatedOutput(uint64(seed))
		if k := r.check(t); !splitsOutput(k, r.options()) {
			return
		}
		want := ask(t, &r, false, true, true, limit)
		if !want.complete {
			return
		}
		if got := ask(t, &r, true, true, true, 0); got != want {
			t.Errorf("%s: split %+v, as a product %+v", r.id, got, want)
		}
		if want.violated {
			violated++
		} else {
			held++
		}
	}
	for _, seed := range endedOtherwise {
		compare(seed)
	}
	for seed := 0; seed < questions || time.Now().Before(end); seed++ {
		compare(seed)
	}
	t.Logf("%d questions violated, %d held", violated, held)
	if violated < questions/10 || held < questions/10 {
		t.Errorf("only %d questions were violated and %d held: the draw is too narrow or the spaces too large", violated, held)
	}
}

// TestAbortsThatDoNotShow compares questions in which process and coordinator alone are explored without the abort of a
// transaction in an outage, since the same is done again after it, with the plain space (model, abortShows).
func TestAbortsThatDoNotShow(t *testing.T) {
	t.Parallel()
	questions, limit, end := 40, uint64(30_000), time.Time{}
	if d, err := time.ParseDuration(os.Getenv("KCHECK_EQUAL")); err == nil {
		limit, end = 300_000, time.Now().Add(d)
	}
	compared, violated := 0, 0
	for seed := 0; seed < questions || time.Now().Before(end); seed++ {
		r := randomReplicatedOutput(uint64(seed))
		change := r.change
		r.change = func(c *model.Config) {
			change(c)
			c.Prod.Transactional, c.App.Commit = true, model.CommitInTransaction
			c.App.ContinueOnAbort, c.Cons.DownstreamReadCommitted = false, true
			c.Txn.TimeoutBeforeDelivery = true
		}
		if seed%3 == 0 {
			r.faults[model.Delay] = 1
		}
		want := ask(t, &r, false, true, true, limit)
		if !want.complete {
			continue
		}
		if compared++; want.violated {
			violated++
		}
		if got := ask(t, &r, true, true, true, limit); got.complete && got != want {
			t.Errorf("%s: %+v, in the plain space %+v", r.id, got, want)
		}
	}
	t.Logf("%d questions compared, %d violated", compared, violated)
	if compared < questions/3 {
		t.Errorf("only %d questions were small enough", compared)
	}
}

// randomReplicatedOutput draws a question about an output partition whose replicas can fail.
func randomReplicatedOutput(seed uint64) row {
	rng := rand.New(rand.NewPCG(seed, 21))
	r := row{guarantee: oneOf(rng, "at-least-once", "at-most-once", "exactly-once", "no-duplicate-in-log", "order")}
	for range 1 + rng.IntN(2) {
		r.faults[oneOf(rng, model.BrokerCrash, model.PowerLoss, model.ReplicaLag, model.LeaderMove, model.CleanRestart, model.Partition)]++
	}
	for range rng.IntN(3) {
		r.faults[oneOf(rng, model.RequestLost, model.ResponseLost, model.ConsumerCrash, model.ProducerCrash, model.ConsumerException,
			model.Rebalance, model.TransactionTimeout, model.Delay, model.SendRefused)]++
	}
	r.id = fmt.Sprintf("random output %d, %s %s", seed, r.guarantee, r.faults)
	r.change = func(c *model.Config) {
		rng := rand.New(rand.NewPCG(seed, 22))
		release(oneOf(rng, model.V4_4, model.V4_0, model.V3_0, model.V2_5))(c)
		c.Topic.Replicas, c.Topic.MinISR = oneOf(rng, 1, 2, 2, 3), 1+rng.IntN(2)
		c.Topic.ELR = c.Kafka >= model.V4_0 && rng.IntN(2) == 0
		c.Scope.Messages = oneOf(rng, 1, 1, 2)
		randomOutput(rng, c)
		c.App.Send = oneOf(rng, model.SendWait, model.SendCallback, model.SendForget)
		c.App.ResendOnError, c.App.ContinueOnAbort = rng.IntN(2) == 0, rng.IntN(2) == 0
		c.Prod.DeliveryTimeout, c.Prod.DeliveryBeforeLag = rng.IntN(3) > 0, rng.IntN(4) == 0
		c.Txn.TimeoutBeforeDelivery = rng.IntN(2) == 0
		c.Txn.TimeoutFirst = c.Txn.TimeoutBeforeDelivery && rng.IntN(2) == 0
		c.Txn.TimeoutBeforeLag, c.Cons.PollBeforeDelivery = rng.IntN(4) == 0, rng.IntN(3) == 0
		if rng.IntN(2) == 0 {
			c.Bounds.Total = model.AtMost(1 + rng.IntN(3))
		}
	}
	return r
}
