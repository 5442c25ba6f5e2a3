package plan

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/exploretest"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/model"
)

// The reductions - the split at the committed log, the canonical form, dominance - must not change an answer. Here they
// are switched on and off, over the known rows and over configurations drawn at random with a fixed seed, and the
// reference engine, which has none of them, gives its opinion on what is small enough for it.

const (
	randomQuestions = 240
	plainStates     = 6000 // beyond it the plain space of a question is not explored
)

// answer is what must not depend on how a question is explored.
type answer struct {
	violated, complete bool
	faults, steps      int
}

// ask explores a question in one of eight ways.
func ask(t *testing.T, r *row, split, symmetry, dominance bool, limit uint64) answer {
	t.Helper()
	c := r.check(t).Model.Config()
	c.NoReductions = !split
	k, err := invariants.Prepare(r.guarantee, c, r.counted)
	if err != nil {
		t.Fatal(err)
	}
	o := explore.Options[model.State]{Budget: budget(r.faults), MaxFaults: r.mostFaults(), NoSymmetry: !symmetry, Dominance: dominance, MaxStates: limit}
	result, _, err := Search(context.Background(), k, Options{Options: o})
	if err != nil {
		t.Fatalf("%s: %v", r.id, err)
	}
	if result.Violation == nil {
		return answer{complete: result.Complete}
	}
	return answer{true, true, asBudget(result.Violation.Faults).Total(), result.Violation.Steps}
}

// TestReductions compares the ways to explore.
func TestReductions(t *testing.T) {
	t.Parallel()
	rows := append([]row(nil), knownRows...)
	questions, least := randomQuestions/4, 15 // all of them with KCHECK_LONG=1
	if os.Getenv("KCHECK_LONG") != "" {
		questions, least = randomQuestions, 60
	}
	for i := range questions {
		rows = append(rows, randomRow(uint64(i)))
	}
	violated, held := 0, 0
	for i := range rows {
		r := &rows[i]
		want := ask(t, r, false, false, false, plainStates)
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
			if got := ask(t, r, split, symmetry, dominance, 0); got != want {
				t.Errorf("%s: split %t, symmetry %t, dominance %t: %+v; plain: %+v", r.id, split, symmetry, dominance, got, want)
			}
		}
	}
	t.Logf("%d questions violated, %d held", violated, held)
	if violated < least || held < least {
		t.Errorf("only %d questions were violated and %d held: the draw is too narrow or the spaces too large", violated, held)
	}
}

// TestBruteForce lets the reference engine find the fewest faults and steps in the plain space.
func TestBruteForce(t *testing.T) {
	t.Parallel()
	asked := 0
	for i := range 80 {
		r := randomRow(uint64(1000 + i))
		if i < len(knownRows) {
			r = knownRows[i]
		}
		if plain := ask(t, &r, false, false, false, plainStates/6); !plain.complete {
			continue
		}
		got, want := ask(t, &r, true, true, true, 0), reference(r.check(t), r.faults, r.mostFaults())
		asked++
		if k := r.check(t); want.violated && k.Model.OutputKafka() { // process and coordinator alone may take fewer steps
			own := asBudget(withoutBrokers(budget(r.faults)))
			for _, lost := range []uint8{own[model.ResponseLost], 0} {
				own[model.ResponseLost] = lost
				process, err := underBudget(k, budget(own))
				if err != nil {
					t.Fatal(err)
				}
				got := reference(process, own, r.mostFaults())
				if got.violated && got.faults == want.faults && got.steps < want.steps {
					want = got
				}
			}
		}
		if got != want {
			t.Errorf("%s: found %+v, the reference engine %+v", r.id, got, want)
		}
	}
	if asked < 25 {
		t.Errorf("only %d questions were small enough", asked)
	}
}

// reference is the answer of the reference engine.
func reference(k *Check, faults model.Budget, most int) answer {
	o := explore.Options[model.State]{Budget: compactBudget(faults), MaxFaults: most, NoSymmetry: true, Bound: k.Model.BoundHit}
	out := exploretest.Reference(explore.Spec[model.State]{Model: compact{k.Model}, Properties: k.Properties, Options: o})
	if len(out.Violations) == 0 {
		return answer{complete: out.Complete}
	}
	return answer{true, true, asBudget(out.Violations[0].Faults).Total(), out.Violations[0].Steps}
}

// TestWorkers compares the results of one to eight workers, byte for byte.
func TestWorkers(t *testing.T) {
	t.Parallel()
	for i := range knownRows {
		r := &knownRows[i]
		if i%6 != 0 {
			continue
		}
		k := r.check(t)
		o := r.options()
		o.Bound, o.Coverage, o.MaxStates, o.WitnessTrace = k.Model.BoundHit, true, 4000, true
		exploretest.Determinism(t, k.Spec(o))
	}
}

// compact numbers the fault kinds of a budget without gaps, since the reference engine counts few.
type compact struct{ *model.Model }

// Transitions are those of the model with other numbers for the kinds of faults.
func (c compact) Transitions() []explore.Transition {
	all := append([]explore.Transition(nil), c.Model.Transitions()...)
	budget := c.Config().Faults
	for i := range all {
		n := 0
		for _, k := range budget[:all[i].Fault] {
			n += min(1, int(k))
		}
		all[i].Fault = n
	}
	return all
}

func compactBudget(b model.Budget) (all []int) {
	for _, n := range b {
		if n > 0 {
			all = append(all, int(n))
		}
	}
	return all
}

// randomRow draws a question: a version, its clients and settings, one to three faults, a guarantee.
func randomRow(seed uint64) row {
	rng := rand.New(rand.NewPCG(seed, 7))
	guarantees := invariants.All()
	r := row{guarantee: guarantees[rng.IntN(len(guarantees))].Name, counted: model.Counted(rng.IntN(3))}
	for range 1 + rng.IntN(3) {
		r.faults[rng.IntN(model.NumFaults)] = 1
	}
	r.id = fmt.Sprintf("random %d, %s %s", seed, r.guarantee, r.faults)
	r.change = func(c *model.Config) {
		rng := rand.New(rand.NewPCG(seed, 8))
		randomCluster(rng, c)
		randomClients(rng, c)
		if c.Kafka >= model.V0_11 && rng.IntN(5) == 0 {
			randomOutput(rng, c)
		}
		randomApplication(seed, c)
		c.Bounds = randomBounds(seed)
	}
	return r
}

// randomApplication draws what the application does beyond sending and committing.
func randomApplication(seed uint64, c *model.Config) {
	rng := rand.New(rand.NewPCG(seed, 12))
	a := &c.App
	a.ExitOnStop, a.NoRestarts = rng.IntN(2) == 0, rng.IntN(5) == 0
	a.ResumeTransaction = a.Commit == model.CommitBeforeTransaction && rng.IntN(2) == 0
	a.CommitOnRevoke = rng.IntN(2) == 0
	a.OnCommitFailure = model.CommitFailure(rng.IntN(3))
	a.Attempts = oneOf(rng, 1, 1, 2)
	a.SkipOnException = rng.IntN(3) == 0
	a.DeadLetter = a.SkipOnException && rng.IntN(2) == 0
	if !a.OutputKafka {
		a.CommitPosition = oneOf(rng, model.FinishedPrefix, model.FinishedPrefix, model.HighestFinished, model.Delivered)
		a.Parallel = rng.IntN(4) == 0
		a.Handoff = a.Handoff || a.Parallel
	}
}

// randomBounds draws the bounds of a budget, mostly none.
func randomBounds(seed uint64) (b model.Bounds) {
	rng := rand.New(rand.NewPCG(seed, 11))
	if rng.IntN(4) == 0 {
		b.Total = model.AtMost(1 + rng.IntN(2))
	}
	if rng.IntN(3) == 0 {
		b.Overlap = model.AtMost(rng.IntN(3))
	}
	return b
}

func oneOf[T any](rng *rand.Rand, all ...T) T { return all[rng.IntN(len(all))] }

func randomCluster(rng *rand.Rand, c *model.Config) {
	release(oneOf(rng, model.Lines()...))(c)
	c.Topic.Replicas, c.Topic.MinISR = oneOf(rng, 1, 2, 2, 2, 3), 1+rng.IntN(2)
	c.Topic.UncleanElection = rng.IntN(4) == 0
	c.Topic.ELR = c.Kafka >= model.V4_0 && rng.IntN(2) == 0
	c.Topic.FlushMessages = oneOf(rng, 0, 0, 1, 2)
	c.Topic.OldFormat = c.Kafka < model.V3_0 && rng.IntN(4) == 0
	c.ReplicateFromDisk = rng.IntN(8) == 0
	c.Scope.Messages = oneOf(rng, 1, 1, 2)
}

func randomClients(rng *rand.Rand, c *model.Config) {
	c.Prod.Acks = oneOf(rng, model.AcksNone, model.AcksOne, model.AcksAll, model.AcksAll, model.AcksAll)
	c.Prod.Idempotent = c.Prod.Acks == model.AcksAll && c.Kafka >= model.V0_11 && rng.IntN(2) == 0
	if !c.Prod.Idempotent {
		c.Prod.Retries = oneOf(rng, model.Unlimited, 0, 1)
	}
	c.Prod.MaxInFlight = oneOf(rng, 1, 5)
	c.Prod.QueueFull = oneOf(rng, model.QueueFails, model.QueueBlocksFails, model.QueueBlocks)
	c.Cons.Reset = oneOf(rng, model.ResetEarliest, model.ResetLatest, model.ResetNone)
	c.App.Send = oneOf(rng, model.SendCallback, model.SendWait, model.SendForget)
	c.App.ResendOnError, c.App.ResendOnRestart = rng.IntN(3) == 0, rng.IntN(2) == 0
	c.App.Commit = oneOf(rng, model.CommitAfterProcessing, model.CommitBeforeProcessing, model.CommitAuto)
	c.App.Effect = oneOf(rng, model.EffectPlain, model.EffectPlain, model.EffectIdempotent)
	c.App.CommitCurrent, c.App.NewGroup = rng.IntN(5) == 0, rng.IntN(5) == 0
	if c.App.Commit == model.CommitAuto {
		c.Cons.Client = oneOf(rng, model.Java, model.Librdkafka, model.Scala08)
		c.Cons.AutoCommit, c.Cons.StoreOffsets = model.AutoCommitInPoll, true
		c.App.Handoff, c.App.CloseOnException = rng.IntN(3) == 0, rng.IntN(2) == 0
	}
}

// randomOutput is consume-transform-produce, mostly in transactions.
func randomOutput(rng *rand.Rand, c *model.Config) {
	c.App.OutputKafka, c.App.Effect, c.App.Commit = true, model.EffectPlain, model.CommitAfterProcessing
	c.Prod.Acks, c.Prod.Retries, c.Prod.Idempotent = model.AcksAll, model.Unlimited, true
	c.Cons.Client, c.Cons.AutoCommit, c.App.Handoff = model.Java, model.AutoCommitOff, false
	c.Cons.ReadCommitted, c.Cons.DownstreamReadCommitted = true, rng.IntN(3) > 0
	if c.Prod.Transactional = rng.IntN(4) > 0; c.Prod.Transactional {
		c.App.Commit = oneOf(rng, model.CommitInTransaction, model.CommitInTransaction, model.CommitBeforeTransaction, model.CommitAfterTransaction)
		c.App.TxnID, c.App.GroupMetadata = model.TransactionalID(rng.IntN(3)), rng.IntN(3) > 0
		c.Txn.PartitionVerify = rng.IntN(2) == 0
		if c.Kafka >= model.V4_0 {
			c.Txn.Version = oneOf(rng, 1, 2)
		}
	}
}
