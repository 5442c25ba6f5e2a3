package model

import (
	"context"
	"fmt"
	"testing"

	"github.com/kcheck/kcheck/explore"
)

// The scenarios with app.output: kafka take part in all tests of scenarios: canonical forms, counts, cycles, mutants.
func init() { scenarios = append(scenarios, outputScenarios...) }

var outputScenarios = []scenario{
	{"output: version 2", Budget{Delay: 1, ConsumerCrash: 1}, transactional(2)},
	{"output: version 2, late and thrown", Budget{Delay: 1, ConsumerException: 1}, transactional(2)},
	{"output: version 2, two messages", Budget{Delay: 2}, two(transactional(2))},
	{"output: version 1, two messages", Budget{Delay: 1, ConsumerException: 1}, two(transactional(1))},
	{"output: version 1, not verified", Budget{Delay: 1, ProducerCrash: 1}, unverified},
	{"output: version 1, not verified, two messages", Budget{Delay: 1, ConsumerException: 1}, two(unverified)},
	{"output: 2.1", Budget{Delay: 1, Rebalance: 1}, func(c *Config) {
		release(V2_1)(c)
		transactional(0)(c)
		c.App.RandomTxnID = true
	}},
	{"output: stable ids", Budget{Rebalance: 1, Delay: 1}, transactional(2)},
	{"output: stable ids, not verified", Budget{Rebalance: 1, Delay: 1}, unverified},
	{"output: random ids", Budget{Rebalance: 1, ConsumerCrash: 1}, func(c *Config) {
		transactional(2)(c)
		c.App.RandomTxnID, c.App.GroupMetadata = true, false
	}},
	{"output: random ids, group metadata", Budget{Rebalance: 1, ProducerCrash: 1}, func(c *Config) {
		transactional(1)(c)
		c.App.RandomTxnID = true
	}},
	{"output: timeout", Budget{TransactionTimeout: 1, ConsumerCrash: 1}, func(c *Config) {
		transactional(2)(c)
		c.App.ContinueOnAbort = true
	}},
	{"output: version 1, timeout", Budget{TransactionTimeout: 1, Rebalance: 1}, transactional(1)},
	{"output: the connection breaks", Budget{RequestLost: 1, ResponseLost: 1}, two(transactional(1))},
	{"output: refused for good", Budget{SendRefused: 1, ConsumerException: 1}, two(transactional(2))},
	{"output: offset after", Budget{ConsumerCrash: 1, Rebalance: 1}, committing(CommitAfterTransaction)},
	{"output: offset before", Budget{ConsumerCrash: 1, ConsumerException: 1}, committing(CommitBeforeTransaction)},
	{"output: auto commit", Budget{ConsumerCrash: 1, ConsumerException: 1}, two(committing(CommitAuto))},
	{"output: idempotent", Budget{ResponseLost: 1, Delay: 1, ConsumerCrash: 1}, func(c *Config) {
		plainOutput(c)
		c.App.ResendOnError = true
	}},
	{"output: plain", Budget{ResponseLost: 1, RequestLost: 1, SendRefused: 1, ConsumerException: 1, Rebalance: 1}, func(c *Config) {
		plainOutput(c)
		c.Prod.Idempotent = false
	}},
	{"output: plain, acks=0", Budget{RequestLost: 1}, func(c *Config) {
		plainOutput(c)
		c.Prod.Idempotent, c.Prod.Acks = false, AcksNone
	}},
	{"output: a broker crashes", Budget{BrokerCrash: 1}, transactional(2)},
	{"output: a replica lags", Budget{ReplicaLag: 1}, func(c *Config) {
		transactional(2)(c)
		minISR2(c)
	}},
	{"output: the leader moves", Budget{LeaderMove: 1, ConsumerException: 1}, transactional(1)},
	{"output: unclean election", Budget{ReplicaLag: 1, BrokerCrash: 1}, func(c *Config) {
		two(transactional(2))(c)
		c.Topic.UncleanElection, c.Topic.ELR = true, false
	}},
	{"output: exposed", Budget{LeaderMove: 1}, func(c *Config) {
		transactional(2)(c)
		c.Sees = SeesExposed
	}},
}

// transactional is consume-transform-produce with a transaction.version.
func transactional(version int) func(c *Config) {
	return func(c *Config) {
		c.App.OutputKafka, c.App.Commit = true, CommitInTransaction
		c.Prod.Transactional, c.Prod.Idempotent, c.Txn.Version = true, true, version
		c.Cons.DownstreamReadCommitted = true
	}
}

func two(f func(c *Config)) func(c *Config) {
	return func(c *Config) {
		f(c)
		c.Scope.Messages = 2
	}
}

func unverified(c *Config) {
	transactional(1)(c)
	c.Txn.PartitionVerify = false
}

func committing(when Commit) func(c *Config) {
	return func(c *Config) {
		transactional(2)(c)
		c.App.Commit = when
	}
}

// plainOutput is consume-transform-produce without transactions.
func plainOutput(c *Config) {
	transactional(2)(c)
	c.Prod.Transactional, c.App.Commit = false, CommitAfterProcessing
}

// peers are the configurations that specs/peers/KafkaTransactions.tla has, too, with the number of distinct states that
// both find without reductions. A state counts once for each multiset of faults that it is reached with, as in the
// module, which keeps the faults in a variable.
var peers = []struct {
	name     string
	faults   Budget
	change   func(c *Config)
	distinct uint64
}{
	{"version-2", Budget{Delay: 1, ConsumerException: 1, ConsumerCrash: 1}, transactional(2), 1391},
	{"version-1", Budget{Delay: 1, ConsumerException: 1, ConsumerCrash: 1}, transactional(1), 3167},
	{"version-1-unverified", Budget{Delay: 1, ConsumerException: 1}, two(unverified), 2541},
	{"version-2-rebalance", Budget{Delay: 1, Rebalance: 1, TransactionTimeout: 1}, transactional(2), 1112},
}

// TestPeerCounts compares the plain state spaces with the numbers that TLC finds for the module.
func TestPeerCounts(t *testing.T) {
	for _, p := range peers {
		sc := scenario{p.name, p.faults, p.change}
		m := sc.model(t)
		o := m.options()
		o.NoSymmetry = true
		r, err := explore.Check(context.Background(), explore.Spec[State]{Model: m, Options: o})
		if err != nil || !r.Complete {
			t.Fatalf("%s: not complete: %v", p.name, err)
		}
		if got := r.Stats.Distinct; got != p.distinct {
			t.Errorf("%s: %d distinct states, want %d", p.name, got, p.distinct)
		}
	}
}

// TestTransactionsCostNothing looks at the size of states: without app.output: kafka none of its words is there.
func TestTransactionsCostNothing(t *testing.T) {
	for i := range scenarios {
		m := scenarios[i].model(t)
		kept := (m.n + 1) / 2 * b2i(m.wKept > 0)
		if !m.output && m.words > wBrokers+2*m.n+kept+2*b2i(m.consumer)+2*b2i(m.exposed) {
			t.Errorf("%s: %d words", scenarios[i].name, m.words)
		}
	}
}

// TestNoFaultFreeCycleWithOutput looks for a cycle with every place of the offset commit, abort policy and id policy.
func TestNoFaultFreeCycleWithOutput(t *testing.T) {
	budgets := []Budget{
		{Delay: 1, ConsumerException: 1}, {Rebalance: 1, TransactionTimeout: 1}, {ConsumerCrash: 1, RequestLost: 1},
		{ReplicaLag: 1}, {Partition: 1}, {BrokerCrash: 1}, {ResponseLost: 1, SendRefused: 1},
	}
	n := 0
	for _, commit := range []Commit{CommitInTransaction, CommitBeforeTransaction, CommitAfterTransaction, CommitAuto} {
		for _, version := range []int{0, 2} {
			for policy := range 8 {
				sc := scenario{"", budgets[n%len(budgets)], func(c *Config) {
					transactional(version)(c)
					minISR2(c)
					c.App.Commit, c.App.ContinueOnAbort = commit, policy&1 != 0
					c.App.RandomTxnID, c.App.GroupMetadata = policy&2 != 0, policy&4 != 0
					c.Txn.PartitionVerify = n%3 > 0
				}}
				t.Run(fmt.Sprintf("commit=%d version=%d policy=%d %s", commit, version, policy, sc.faults),
					func(t *testing.T) { noCycle(t, sc.model(t)) })
				n++
			}
		}
	}
}
