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
	{"output: version 2", "224 336 16; 232 342 16", Budget{Delay: 1, ConsumerCrash: 1}, transactional(2)},
	{"output: version 2, late and thrown", "179 266 15; 204 287 15", Budget{Delay: 1, ConsumerException: 1}, transactional(2)},
	{"output: version 2, two messages", "1877 3613 22; 1877 3613 22", Budget{Delay: 2}, two(transactional(2))},
	{"output: version 2, 4.1, two messages", "229 326 16; 229 326 16", Budget{Delay: 1}, two(before42)},
	{"output: version 2, 4.1, late markers of a replicated partition", "5704 12911 33; 9399 20646 33", Budget{Delay: 1, LeaderMove: 1}, before42},
	{"output: version 1, late offsets and a late marker", "778 1372 18; 785 1378 18", Budget{Delay: 2}, transactional(1)},
	{"output: version 1, 3.6, late offsets", "576 817 17; 583 823 17", Budget{Delay: 1, ConsumerCrash: 1}, func(c *Config) {
		release(V3_6)(c)
		transactional(1)(c)
	}},
	{"output: offset after, a late commit", "2781 4642 23; 2832 4695 23", Budget{Delay: 1, ConsumerCrash: 1}, two(committing(CommitAfterTransaction))},
	{"output: version 1, two messages", "3628 4920 25; 3653 4943 25", Budget{Delay: 1, ConsumerException: 1}, two(transactional(1))},
	{"output: version 1, not verified", "615 850 17; 622 856 17", Budget{Delay: 1, ProducerCrash: 1}, unverified},
	{"output: version 1, not verified, two messages", "4044 5310 25; 4044 5310 25", Budget{Delay: 1, ConsumerException: 1}, two(unverified)},
	{"output: 2.1", "3198 5211 18; 3198 5211 18", Budget{Delay: 1, Rebalance: 1}, func(c *Config) {
		release(V2_1)(c)
		transactional(0)(c)
		c.App.TxnID = IDRandom
	}},
	{"output: stable ids", "260 423 16; 268 429 16", Budget{Rebalance: 1, Delay: 1}, perPartition(transactional(2))},
	{"output: stable ids, not verified", "1694 3161 18; 1715 3193 18", Budget{Rebalance: 1, Delay: 1}, perPartition(unverified)},
	{"output: an id for each instance", "2049 2945 20; 2049 2945 20", Budget{Rebalance: 2, ConsumerCrash: 1}, func(c *Config) {
		transactional(2)(c)
		c.App.GroupMetadata = false
	}},
	{"output: an id for each instance, not verified", "3522 5544 18; 3522 5544 18", Budget{Rebalance: 1, Delay: 1}, unverified},
	{"output: random ids", "3171 4525 18; 3171 4525 18", Budget{Rebalance: 1, ConsumerCrash: 1}, func(c *Config) {
		transactional(2)(c)
		c.App.TxnID, c.App.GroupMetadata = IDRandom, false
	}},
	{"output: random ids, group metadata", "7416 10341 18; 7416 10341 18", Budget{Rebalance: 1, ProducerCrash: 1}, func(c *Config) {
		transactional(1)(c)
		c.App.TxnID = IDRandom
	}},
	{"output: timeout", "62 81 13; 62 81 13", Budget{TransactionTimeout: 1, ConsumerCrash: 1}, func(c *Config) {
		transactional(2)(c)
		c.App.ContinueOnAbort = true
	}},
	{"output: version 1, timeout", "236 295 18; 236 295 18", Budget{TransactionTimeout: 1, Rebalance: 1}, perPartition(transactional(1))},
	{"output: the connection breaks", "533 574 27; 533 574 27", Budget{RequestLost: 1, ResponseLost: 1}, two(transactional(1))},
	{"output: a transaction times out in an outage", "6286 14803 42; 8920 20110 42", Budget{LeaderMove: 1}, func(c *Config) {
		two(transactional(2))(c)
		c.Cons.DownstreamReadCommitted = false
		c.Txn.TimeoutBeforeDelivery, c.Txn.TimeoutFirst = true, true
	}},
	{"output: a member is evicted in an outage", "3609 7800 27; 4404 9401 27", Budget{LeaderMove: 1}, func(c *Config) {
		transactional(2)(c)
		c.Cons.PollBeforeDelivery = true
	}},
	{"output: refused for good", "348 365 21; 348 365 21", Budget{SendRefused: 1, ConsumerException: 1}, two(transactional(2))},
	{"output: offset after", "174 235 17; 174 235 17", Budget{ConsumerCrash: 1, Rebalance: 1}, perPartition(committing(CommitAfterTransaction))},
	{"output: offset before", "40 43 7; 40 43 7", Budget{ConsumerCrash: 1, ConsumerException: 1}, committing(CommitBeforeTransaction)},
	{"output: auto commit", "2594 3158 28; 2594 3158 28", Budget{ConsumerCrash: 1, ConsumerException: 1}, two(committing(CommitAuto))},
	{"output: idempotent", "518 767 12; 518 767 12", Budget{ResponseLost: 1, Delay: 1, ConsumerCrash: 1}, func(c *Config) {
		plainOutput(c)
		c.App.ResendOnError = true
	}},
	{"output: plain", "615 1449 17; 615 1449 17", Budget{ResponseLost: 1, RequestLost: 1, SendRefused: 1, ConsumerException: 1, Rebalance: 1}, func(c *Config) {
		plainOutput(c)
		c.Prod.Idempotent = false
	}},
	{"output: plain, acks=0", "6 6 3; 6 6 3", Budget{RequestLost: 1}, func(c *Config) {
		plainOutput(c)
		c.Prod.Idempotent, c.Prod.Acks = false, AcksNone
	}},
	{"output: send() only", "11522 19930 20; 11522 19930 20", Budget{ConsumerCrash: 1, ConsumerException: 1, Rebalance: 1}, func(c *Config) {
		two(plainOutput)(c)
		c.App.Send = SendCallback
	}},
	{"output: send() only, the one replica is cut off and processing throws", "4261 11800 19; 5077 13384 20", Budget{Partition: 1, ConsumerException: 1}, func(c *Config) {
		two(plainOutput)(c)
		c.App.Send, c.Topic.Replicas, c.Topic.MinISR = SendCallback, 1, 1
	}},
	{"output: send() only, auto commit", "261 523 13; 261 523 13", Budget{ResponseLost: 1, ConsumerCrash: 1}, func(c *Config) {
		two(plainOutput)(c)
		c.App.Send, c.App.Commit, c.Cons.AutoCommit = SendForget, CommitAuto, AutoCommitInPoll
	}},
	{"output: send() only, the offset is off by one", "1000 2498 16; 1587 3764 17", Budget{LeaderMove: 1}, func(c *Config) {
		two(plainOutput)(c)
		c.App.Send, c.App.CommitCurrent = SendForget, true
	}},
	{"output: a poison message", "113 128 16; 113 128 16", Budget{PoisonRecord: 1, ConsumerException: 1}, two(func(c *Config) {
		transactional(2)(c)
		c.App.Attempts = 2
	})},
	{"output: a poison message is skipped", "388 433 25; 388 433 25", Budget{PoisonRecord: 1, ConsumerCrash: 1}, two(func(c *Config) {
		transactional(2)(c)
		c.App.SkipOnException = true
	})},
	{"output: a dead-letter topic, offset after", "282 329 18; 282 329 18", Budget{PoisonRecord: 1, ConsumerException: 1}, two(func(c *Config) {
		committing(CommitAfterTransaction)(c)
		c.App.SkipOnException, c.App.DeadLetter = true, true
	})},
	{"output: a poison message, the group", "319 425 19; 345 455 19", Budget{PoisonRecord: 1, Rebalance: 1}, func(c *Config) {
		transactional(1)(c)
		c.App.SkipOnException, c.App.DeadLetter = true, true
	}},
	{"output: plain, a poison message", "422 651 16; 422 651 16", Budget{PoisonRecord: 1, Rebalance: 1}, two(plainOutput)},
	{"output: plain, a poison message is skipped", "126 151 11; 126 151 11", Budget{PoisonRecord: 1, ConsumerCrash: 1}, two(func(c *Config) {
		plainOutput(c)
		c.App.SkipOnException = true
	})},
	{"output: send() only, a poison message", "88 154 7; 88 154 7", Budget{PoisonRecord: 1, ConsumerException: 1}, two(func(c *Config) {
		plainOutput(c)
		c.App.Send, c.App.SkipOnException, c.App.DeadLetter, c.App.Attempts = SendCallback, true, true, 2
	})},
	{"output: send() only, a poison message ends the loop", "37 57 7; 37 57 7", Budget{PoisonRecord: 1}, two(func(c *Config) {
		plainOutput(c)
		c.App.Send, c.App.Commit, c.Cons.AutoCommit, c.App.CloseOnException = SendForget, CommitAuto, AutoCommitInPoll, true
	})},
	{"output: a message is skipped", "760 816 22; 760 816 22", Budget{ConsumerException: 1, ConsumerCrash: 1}, two(func(c *Config) {
		transactional(2)(c)
		c.App.SkipOnException = true
	})},
	{"output: plain, a message is skipped", "28 32 7; 28 32 7", Budget{ConsumerException: 1}, two(func(c *Config) {
		plainOutput(c)
		c.App.SkipOnException = true
	})},
	{"output: plain, a dead-letter topic", "42 43 8; 42 43 8", Budget{ConsumerException: 1, ConsumerCrash: 1}, func(c *Config) {
		plainOutput(c)
		c.App.SkipOnException, c.App.DeadLetter = true, true
	}},
	{"output: the input is recreated", "129 152 11; 129 152 11", Budget{TopicRecreated: 1, ConsumerCrash: 1}, two(plainOutput)},
	{"output: the input is recreated, latest", "86 103 9; 86 103 9", Budget{TopicRecreated: 1, ConsumerCrash: 1}, two(func(c *Config) {
		plainOutput(c)
		c.Cons.Reset, c.App.CommitCurrent = ResetLatest, true
	})},
	{"output: the input is recreated, none", "22 26 7; 22 26 7", Budget{TopicRecreated: 1, ConsumerCrash: 1}, func(c *Config) {
		plainOutput(c)
		c.Cons.Reset = ResetNone
	}},
	{"output: the input is recreated, topic ids", "133 157 11; 133 157 11", Budget{TopicRecreated: 1, ConsumerCrash: 1}, two(func(c *Config) {
		plainOutput(c)
		c.Cons.NewProtocol = true
	})},
	{"output: a commit is lost", "27 29 8; 27 29 8", Budget{CommitLost: 1, ConsumerCrash: 1}, func(c *Config) { plainOutput(c) }},
	{"output: a commit is lost, ignored", "19 23 6; 19 23 6", Budget{CommitLost: 1}, two(func(c *Config) {
		plainOutput(c)
		c.App.OnCommitFailure = IgnoreCommit
	})},
	{"output: a commit is lost, rethrown", "88 105 17; 88 105 17", Budget{CommitLost: 1}, two(func(c *Config) {
		committing(CommitAfterTransaction)(c)
		c.App.OnCommitFailure = RethrowCommit
	})},
	{"output: a commit before the transaction is lost", "46 47 11; 46 47 11", Budget{CommitLost: 1}, two(func(c *Config) {
		committing(CommitBeforeTransaction)(c)
		c.App.OnCommitFailure, c.App.NewGroup = RethrowCommit, true
	})},
	{"output: a commit before processing is lost", "16 19 4; 16 19 4", Budget{CommitLost: 1}, two(func(c *Config) {
		plainOutput(c)
		c.App.Commit, c.App.OnCommitFailure, c.App.SkipOnException, c.App.DeadLetter = CommitBeforeProcessing, RethrowCommit, true, true
	})},
	{"output: a commit before processing is lost and the message skipped", "16 19 4; 16 19 4", Budget{CommitLost: 1}, two(func(c *Config) {
		plainOutput(c)
		c.App.Commit, c.App.OnCommitFailure, c.App.SkipOnException = CommitBeforeProcessing, RethrowCommit, true
	})},
	{"output: offsets do not join", "14 14 10; 14 14 10", Budget{CommitLost: 1}, func(c *Config) {
		transactional(2)(c)
		c.App.OnCommitFailure = RethrowCommit
	}},
	{"output: offsets do not join, the message is skipped", "12 12 8; 12 12 8", Budget{CommitLost: 1}, func(c *Config) {
		transactional(2)(c)
		c.App.OnCommitFailure, c.App.SkipOnException = RethrowCommit, true
	}},
	{"output: offsets do not join, dead letters", "12 12 8; 12 12 8", Budget{CommitLost: 1}, func(c *Config) {
		transactional(2)(c)
		c.App.OnCommitFailure, c.App.SkipOnException, c.App.DeadLetter = RethrowCommit, true, true
	}},
	{"output: handed over", "233 349 13; 233 349 13", Budget{OrderlyRebalance: 1, Delay: 1}, transactional(1)},
	{"output: handed over, auto commit", "19 25 7; 19 25 7", Budget{OrderlyRebalance: 1}, committing(CommitAuto)},
	{"output: handed over, send() only", "49 82 7; 49 82 7", Budget{OrderlyRebalance: 1}, two(func(c *Config) {
		plainOutput(c)
		c.App.Send = SendCallback
	})},
	{"output: a deployment", "18 23 7; 18 23 7", Budget{AppRestart: 1}, committing(CommitAuto)},
	{"output: a deployment, exit", "83 119 10; 83 119 10", Budget{AppRestart: 1}, two(func(c *Config) {
		plainOutput(c)
		c.App.Send, c.App.ExitOnStop = SendCallback, true
	})},
	{"output: nobody restarts", "20 26 6; 20 26 6", Budget{ConsumerCrash: 1, ProducerCrash: 1}, func(c *Config) {
		transactional(2)(c)
		c.App.NoRestarts = true
	}},
	{"output: nobody restarts, an exception", "6 6 3; 6 6 3", Budget{ConsumerException: 1}, func(c *Config) {
		plainOutput(c)
		c.App.NoRestarts = true
	}},
	{"output: nobody restarts, a commit is lost", "6 6 3; 6 6 3", Budget{CommitLost: 1}, func(c *Config) {
		plainOutput(c)
		c.App.NoRestarts, c.App.OnCommitFailure = true, RethrowCommit
	}},
	{"output: resumed", "629 741 24; 629 741 24", Budget{ConsumerCrash: 1, TransactionTimeout: 1}, two(func(c *Config) {
		committing(CommitBeforeTransaction)(c)
		c.App.ResumeTransaction = true
	})},
	{"output: resumed, version 1", "421 583 17; 428 589 17", Budget{ConsumerCrash: 1, Delay: 1}, func(c *Config) {
		transactional(1)(c)
		c.App.Commit, c.App.ResumeTransaction = CommitBeforeTransaction, true
	}},
	{"output: nobody restarts, a poison message", "6 6 3; 6 6 3", Budget{PoisonRecord: 1}, func(c *Config) {
		plainOutput(c)
		c.App.NoRestarts = true
	}},
	{"output: a broker crashes", "1114 2410 24; 1406 2994 24", Budget{BrokerCrash: 1}, transactional(2)},
	{"output: a replica lags", "156 296 23; 156 296 23", Budget{ReplicaLag: 1}, func(c *Config) {
		transactional(2)(c)
		minISR2(c)
	}},
	{"output: the leader moves", "2977 5912 37; 5168 9905 37", Budget{LeaderMove: 1, ConsumerException: 1}, transactional(1)},
	{"output: one replica is cut off, an exception with nothing in hand", "419 1028 14; 491 1136 15", Budget{Partition: 1, ConsumerException: 1}, func(c *Config) {
		release(V4_1)(c)
		transactional(0)(c)
		c.Prod.Transactional, c.App.Commit, c.Topic.Replicas, c.Topic.MinISR = false, CommitAfterProcessing, 1, 1
	}},
	{"output: unclean election", "28911 74650 36; 45864 115349 36", Budget{ReplicaLag: 1, BrokerCrash: 1}, func(c *Config) {
		two(transactional(2))(c)
		c.Topic.UncleanElection, c.Topic.ELR = true, false
	}},
	{"output: exposed", "299 459 25; 424 623 25", Budget{LeaderMove: 1}, func(c *Config) {
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

// before42 is transaction.version 2 on brokers that take a marker of the open transaction's epoch.
func before42(c *Config) {
	release(V4_1)(c)
	transactional(2)(c)
}

func perPartition(f func(c *Config)) func(c *Config) {
	return func(c *Config) {
		f(c)
		c.App.TxnID = IDPerPartition
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
	c.Prod.Transactional, c.App.Commit, c.App.Send = false, CommitAfterProcessing, SendWait
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
	{"version-1", Budget{Delay: 1, ConsumerException: 1, ConsumerCrash: 1}, transactional(1), 4464},
	{"version-1-unverified", Budget{Delay: 1, ConsumerException: 1}, two(unverified), 4044},
	{"version-2-4.1", Budget{Delay: 1, ConsumerException: 1}, two(before42), 1776},
	{"version-2-rebalance", Budget{Delay: 1, Rebalance: 1, TransactionTimeout: 1}, perPartition(transactional(2)), 1112},
}

// TestPeerCounts compares the plain state spaces with the numbers that TLC finds for the module.
func TestPeerCounts(t *testing.T) {
	t.Parallel()
	for _, p := range peers {
		sc := scenario{name: p.name, faults: p.faults, change: p.change}
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
	t.Parallel()
	for i := range scenarios {
		m := scenarios[i].model(t)
		kept := (m.n + 1) / 2 * b2i(m.wKept > 0)
		if !m.output && m.words > wBrokers+2*m.n+kept+2*b2i(m.consumer)+2*b2i(m.exposed)+shareWords*b2i(m.share) {
			t.Errorf("%s: %d words", scenarios[i].name, m.words)
		}
	}
}

// TestNoFaultFreeCycleWithOutput looks for a cycle with every place of the offset commit, abort policy and id policy.
func TestNoFaultFreeCycleWithOutput(t *testing.T) {
	t.Parallel()
	budgets := []Budget{
		{Delay: 1, ConsumerException: 1}, {Rebalance: 1, TransactionTimeout: 1}, {ConsumerCrash: 1, RequestLost: 1},
		{ReplicaLag: 1}, {Partition: 1}, {BrokerCrash: 1}, {ResponseLost: 1, SendRefused: 1}, {PoisonRecord: 1, ConsumerCrash: 1},
		{PoisonRecord: 1, Rebalance: 1}, {PoisonRecord: 1, ConsumerException: 1}, {CommitLost: 2},
		{OrderlyRebalance: 1, PoisonRecord: 1}, {AppRestart: 1, PoisonRecord: 1},
	}
	n := 0
	for _, commit := range []Commit{CommitInTransaction, CommitBeforeTransaction, CommitAfterTransaction, CommitAuto} {
		for _, version := range []int{0, 2} {
			for policy := range 8 {
				sc := scenario{faults: budgets[n%len(budgets)], change: func(c *Config) {
					transactional(version)(c)
					minISR2(c)
					c.App.Commit, c.App.ContinueOnAbort = commit, policy&1 != 0
					c.App.TxnID, c.App.GroupMetadata = TransactionalID(policy%3), policy&4 != 0
					c.Txn.PartitionVerify = n%3 > 0
					c.App.OnCommitFailure = CommitFailure(n % 3)
					c.App.ResumeTransaction = commit == CommitBeforeTransaction && n%2 == 0
					c.App.SkipOnException, c.App.DeadLetter = n%4 > 1, n%4 == 3
					c.Txn.TimeoutBeforeDelivery, c.Txn.TimeoutFirst = n%3 > 0, n%3 == 1
					c.Txn.TimeoutBeforeLag, c.Cons.PollBeforeDelivery = n%2 == 0, n%5 < 2
				}}
				t.Run(fmt.Sprintf("commit=%d version=%d policy=%d %s", commit, version, policy, sc.faults),
					func(t *testing.T) { noCycle(t, sc.model(t)) })
				n++
			}
		}
	}
}
