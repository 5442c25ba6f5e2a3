package model

import (
	"fmt"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/exploretest"
)

// That a message is lost when nothing but a fault can happen any more is the whole truth only if, without faults, every
// run comes to an end: no cycle may consist of steps and recoveries alone. These tests look for one in small scopes of
// all versions and kinds of client, and in the scenarios.

func noCycle(t *testing.T, m *Model) {
	t.Helper()
	exploretest.NoFaultFreeCycle(t, explore.Spec[State]{Model: exploretest.Quotient[State]{Model: compact{m}, Canonicalizer: m, Bound: m.BoundHit}, Options: compact{m}.options()})
}

// TestNoFaultFreeCycleBehindTruncation is about a loop that has ended over a poison record, and starts again behind it each time,
// from where a truncation sets it back.
func TestNoFaultFreeCycleBehindTruncation(t *testing.T) {
	t.Parallel()
	sc := scenario{change: func(c *Config) {
		release(V3_0)(c)
		c.Topic.Replicas, c.Scope.Messages, c.Cons.Reset = 1, 2, ResetLatest
	}}
	sc.faults[PoisonRecord], sc.faults[PowerLoss] = 1, 1
	noCycle(t, sc.model(t))
}

func TestNoFaultFreeCycleInScenarios(t *testing.T) {
	t.Parallel()
	for i := range scenarios {
		t.Run(scenarios[i].name, func(t *testing.T) { noCycle(t, scenarios[i].model(t)) })
	}
}

// TestNoFaultFreeCycle goes through all versions with every acks, with and without idempotence and retries, every way to
// commit, and budgets of one and two faults.
func TestNoFaultFreeCycle(t *testing.T) {
	t.Parallel()
	budgets := []Budget{
		{ResponseLost: 1, ReplicaLag: 1}, {BrokerCrash: 1, ConsumerCrash: 1}, {LeaderMove: 2}, {Partition: 1},
		{CleanRestart: 1, RequestLost: 1}, {DiskLoss: 1}, {PowerLoss: 1}, {Delay: 1, LeaderMove: 1},
		{ConsumerException: 1, OffsetLost: 1}, {Rebalance: 1, Retention: 1}, {SlowBroker: 1}, {TotalPowerLoss: 1},
		{ReplicaLag: 2}, {ProducerCrash: 1, SendRefused: 1}, {PoisonRecord: 2}, {PoisonRecord: 1, Rebalance: 1},
		{PoisonRecord: 1, OffsetLost: 1}, {CommitLost: 1, ConsumerCrash: 1},
		{OrderlyRebalance: 2}, {OrderlyRebalance: 1, PoisonRecord: 1}, {AppRestart: 2}, {TopicRecreated: 1, ConsumerCrash: 1},
		{TopicRecreated: 1, LeaderMove: 1}, {TopicRecreated: 1, PoisonRecord: 1},
		{ProducerCrash: 1, ConsumerCrash: 1},
	}
	n := 0
	for _, v := range Lines() {
		for _, acks := range []Acks{AcksNone, AcksOne, AcksAll} {
			for _, idempotent := range []bool{false, true} {
				for _, commit := range []Commit{CommitAfterProcessing, CommitBeforeProcessing, CommitAuto} {
					if idempotent && (acks != AcksAll || v < V0_11) {
						continue
					}
					c := cyclic(v, acks, idempotent, commit, n)
					c.Faults = budgets[n%len(budgets)]
					n++
					m, err := New(c)
					if err != nil {
						t.Fatal(err)
					}
					t.Run(fmt.Sprintf("%s acks=%d idempotent=%t commit=%d %s", v, acks, idempotent, commit, c.Faults),
						func(t *testing.T) { noCycle(t, m) })
				}
			}
		}
	}
}

// cyclic is a small configuration; what the loops of the test do not say varies with n.
func cyclic(v Version, acks Acks, idempotent bool, commit Commit, n int) Config {
	c := smallConfig()
	release(v)(&c)
	c.Prod.Acks, c.Prod.Idempotent, c.App.Commit = acks, idempotent, commit
	c.Topic.MinISR, c.Topic.UncleanElection = 1+n%2, n%5 == 0
	c.App.ResendOnError, c.App.ResendOnRestart = n%3 == 0, n%4 == 0
	c.Prod.Retries = []int{Unlimited, 0, 1, Unlimited, 2}[n%5]
	if idempotent {
		c.Prod.Retries = Unlimited
	}
	if commit == CommitAuto {
		c.Cons.AutoCommit = AutoCommitInPoll
		c.Cons.Client = []Client{Java, Librdkafka, Scala08}[n%3]
		c.Cons.StoreOffsets, c.App.Handoff = true, n%2 == 0
	}
	c.Cons.Reset = AutoOffsetReset(n % 3)
	c.App.ExitOnStop, c.App.NoRestarts = n%3 == 0, n%5 == 1
	c.App.OnCommitFailure, c.App.CommitOnRevoke = CommitFailure(n%3), n%2 == 0
	c.App.CommitPosition, c.App.Parallel = CommitPosition(n/2%3), n%4 == 1
	c.App.Handoff = c.App.Handoff || c.App.Parallel
	c.App.CloseOnException, c.App.SkipOnException, c.App.Attempts = n%3 == 1, n%4 == 2, 1+n%2
	if n%3 == 1 {
		c.Scope.Messages, c.Topic.Replicas = 2, 1
	}
	c.B = BehavioursOf(&c)
	return c
}
