package model

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/kcheck/kcheck/explore"
)

// scenario is a configuration small enough for the reference engine, in which some actions fire that fire in no other.
// TestEveryActionFires says which action still needs one.
type scenario struct {
	name string
	// counts are distinct states, transitions and depth, with and without the canonical form; TestCounts compares them.
	counts string
	faults Budget
	change func(c *Config)
}

// scenarios are the configurations that the tests of this package have in common. Each starts from smallConfig.
var scenarios = []scenario{
	{"acks=all", "2234 6491 19; 5375 15249 20", Budget{BrokerCrash: 1}, func(c *Config) { c.Topic.Replicas = 3 }},
	{"acks=all, the in-sync set shrinks", "105 236 11; 105 236 11", Budget{ReplicaLag: 1}, minISR2},
	{"a follower stalls", "274 656 14; 515 1220 14", Budget{ReplicaLag: 1}, func(c *Config) {
		minISR2(c)
		c.Topic.Replicas, c.Prod.Idempotent, c.Prod.RequestBeforeLag, c.Sees = 3, false, true, 0
	}},
	{"fewer replicas than the minimum", "20 33 9; 20 33 9", Budget{}, func(c *Config) { c.Topic.MinISR = 3 }},
	{"acks=all, 3.6, the in-sync set shrinks", "41 65 8; 41 65 8", Budget{ReplicaLag: 1}, func(c *Config) {
		minISR2(c)
		release(V3_6)(c)
		c.Sees = 0
	}},
	{"acks=all, no retry", "49 104 8; 49 104 8", Budget{ReplicaLag: 1, ResponseLost: 1}, func(c *Config) {
		minISR2(c)
		c.Prod.Retries, c.Prod.Idempotent, c.Sees = 0, false, 0
	}},
	{"acks=1, one retry", "161 346 12; 200 396 13", Budget{LeaderMove: 1}, func(c *Config) {
		c.Prod.Acks, c.Prod.Retries, c.Prod.Idempotent = AcksOne, 1, false
	}},
	{"sarama 1.50, one request in flight", "23 29 7; 24 29 7", Budget{RequestLost: 1}, func(c *Config) {
		c.Prod = ProducerConfig{Client: Sarama, Version: sarama160 - 1, Acks: AcksOne, Retries: 3, MaxInFlight: 1}
		c.Topic.Replicas, c.Scope.Messages, c.Sees = 1, 2, 0
	}},
	{"sarama 1.60, one request in flight", "1799 4217 16; 4180 7700 18", Budget{RequestLost: 1, LeaderMove: 1}, func(c *Config) {
		c.Prod = ProducerConfig{Client: Sarama, Version: sarama160, Acks: AcksOne, Retries: 3, MaxInFlight: 1}
		c.Scope.Messages, c.Sees = 2, 0
	}},
	{"acks=0", "47 77 8; 54 81 9", Budget{LeaderMove: 1, RequestLost: 1}, func(c *Config) { c.Prod.Acks, c.Prod.Idempotent, c.Sees = AcksNone, false, 0 }},
	{"auto commit while another thread processes", "36 63 9; 36 63 9", Budget{ConsumerCrash: 1}, func(c *Config) {
		c.Topic.Replicas, c.Scope.Messages = 1, 1
		c.Cons.AutoCommit, c.App.Commit, c.App.Handoff = AutoCommitInPoll, CommitAuto, true
	}},
	{"0.8, the leader comes back with less", "875 1717 16; 1050 1937 16", Budget{ReplicaLag: 1, PowerLoss: 1}, func(c *Config) {
		release(V0_8)(c)
		c.Sees = 0
	}},
	{"2.0, the leader comes back with less", "1020 1969 16; 1259 2274 16", Budget{ReplicaLag: 1, PowerLoss: 1}, func(c *Config) {
		release(V2_0)(c)
		c.Sees = 0
	}},
	{"0.10", "309 611 17; 450 872 17", Budget{LeaderMove: 1}, release(V0_10)},
	{"0.11", "3871 9230 24; 8952 19822 26", Budget{LeaderMove: 2}, release(V0_11)},
	{"0.11, two messages", "1322 2689 17; 1954 3656 18", Budget{LeaderMove: 1, ResponseLost: 1}, func(c *Config) {
		release(V0_11)(c)
		c.Scope.Messages, c.Prod.Idempotent, c.Prod.MaxInFlight, c.Sees = 2, true, 1, 0
	}},
	{"2.0, old message format", "1256 3061 18; 1894 4618 19", Budget{LeaderMove: 1, ReplicaLag: 1}, func(c *Config) {
		release(V2_0)(c)
		c.Topic.OldFormat = true
	}},
	{"the page cache is written", "57 91 8; 60 92 9", Budget{PowerLoss: 1}, func(c *Config) { c.Topic.Replicas, c.Timed, c.Sees = 1, true, 0 }},
	{"a leader leads on", "281 611 12; 612 1083 15", Budget{LeaderMove: 2}, func(c *Config) { c.Sees = 0 }},
	{"two messages in flight", "395 742 15; 598 1027 16", Budget{LeaderMove: 1}, func(c *Config) { c.Scope.Messages, c.Sees = 2, 0 }},
	{"two messages, sequences refused", "1679 3546 18; 2818 5220 19", Budget{LeaderMove: 1, ResponseLost: 1}, func(c *Config) { c.Scope.Messages, c.Sees = 2, 0 }},
	{"the wire", "260 494 11; 260 494 11", Budget{RequestLost: 1, ResponseLost: 1, Delay: 1}, func(c *Config) { c.Prod.Idempotent, c.Sees = false, 0 }},
	{"refused permanently", "21 34 9; 21 34 9", Budget{SendRefused: 1}, nil},
	{"two messages, a sequence refused at the last retry", "1980 4521 17; 3724 7038 18", Budget{LeaderMove: 1, ResponseLost: 1}, func(c *Config) {
		c.Topic.Replicas, c.Scope.Messages, c.Sees, c.Prod.Retries = 2, 2, 0, 1
	}},
	{"2.4, a first attempt overtakes another", "611 1252 14; 1020 1773 17", Budget{LeaderMove: 1}, func(c *Config) {
		release(V2_4)(c)
		c.Scope.Messages, c.Sees, c.Prod.Idempotent, c.Prod.Retries = 2, 0, true, 1
	}},
	{"2.4, a sequence refused for good", "283 511 12; 305 523 13", Budget{PowerLoss: 1}, func(c *Config) {
		release(V2_4)(c)
		c.Topic.Replicas, c.Scope.Messages, c.Sees, c.Prod.Idempotent = 1, 2, 0, true
	}},
	{"refused at the last retry", "19 27 6; 19 27 6", Budget{SendRefused: 1}, func(c *Config) {
		c.Topic.Replicas, c.Scope.Messages, c.Sees, c.Prod.Retries = 1, 2, 0, 0
	}},
	{"an error after the time for a delivery", "183 314 9; 183 314 9", Budget{RequestLost: 1, Delay: 1}, func(c *Config) {
		c.Topic.Replicas, c.Scope.Messages, c.Sees, c.Prod.RequestOutlastsDelivery = 1, 2, 0, true
	}},
	{"refused with others in flight", "593 1143 15; 876 1546 16", Budget{SendRefused: 1, LeaderMove: 1}, func(c *Config) { c.Scope.Messages, c.Sees = 2, 0 }},
	{"late, and one before it refused", "91 141 8; 91 141 8", Budget{SendRefused: 1, Delay: 1}, func(c *Config) { c.Topic.Replicas, c.Scope.Messages, c.Sees = 1, 2, 0 }},
	{"acks=0, refused for good", "14 17 8; 14 17 8", Budget{SendRefused: 1}, func(c *Config) { c.Prod.Acks, c.Prod.Idempotent = AcksNone, false }},
	{"the producer crashes", "118 227 14; 118 227 14", Budget{ProducerCrash: 1}, func(c *Config) { c.App.ResendOnRestart = true }},
	{"slow brokers", "94 212 11; 94 212 11", Budget{SlowBroker: 1}, nil},
	{"slow brokers, acks=0", "28 35 10; 28 35 10", Budget{SlowBroker: 1}, func(c *Config) { c.Prod.Acks, c.Prod.Idempotent = AcksNone, false }},
	{"power", "1059 2687 14; 3250 6724 19", Budget{PowerLoss: 2}, func(c *Config) { c.Topic.FlushMessages, c.Sees = 2, 0 }},
	{"all power", "1906 5464 24; 3172 8499 24", Budget{TotalPowerLoss: 1}, nil},
	{"one broker, all power", "148 269 11; 231 363 14", Budget{TotalPowerLoss: 2}, func(c *Config) { c.Topic.Replicas, c.Sees = 1, 0 }},
	{"a disk", "377 804 15; 476 983 16", Budget{DiskLoss: 1}, nil},
	{"the disk of the only replica in sync", "2267 5390 17; 6866 13429 20", Budget{DiskLoss: 1, ReplicaLag: 1, CleanRestart: 1}, func(c *Config) { c.Topic.ELR, c.Sees = false, 0 }},
	{"a clean restart", "1077 2376 12; 3052 5745 16", Budget{CleanRestart: 1, BrokerCrash: 1}, func(c *Config) { c.Sees = 0 }},
	{"a clean restart, two heirs", "530 1187 15; 1396 3031 16", Budget{CleanRestart: 1}, func(c *Config) { c.Topic.Replicas, c.Sees = 3, 0 }},
	{"a partition", "787 2075 17; 2950 6849 18", Budget{Partition: 1}, func(c *Config) { c.Topic.Replicas, c.Sees = 3, 0 }},
	{"unclean election", "775 1761 13; 2099 4046 17", Budget{BrokerCrash: 2}, func(c *Config) {
		c.Topic.UncleanElection, c.Topic.ELR, c.Sees = true, false, 0
	}},
	{"eligible leader replicas", "747 1649 14; 1583 2986 18", Budget{BrokerCrash: 2}, func(c *Config) { minISR2(c); c.Sees = 0 }},
	{"the consumer", "104 225 14; 104 225 14", Budget{ConsumerCrash: 1, ConsumerException: 1}, nil},
	{"the consumer commits by itself", "24 41 9; 24 41 9", Budget{ConsumerException: 1}, func(c *Config) {
		c.App.Commit, c.App.CloseOnException, c.Cons.AutoCommit = CommitAuto, true, AutoCommitInPoll
	}},
	{"a record is skipped", "442 1016 15; 442 1016 15", Budget{ConsumerException: 1, ConsumerCrash: 1}, func(c *Config) {
		c.Topic.Replicas, c.Scope.Messages, c.App.SkipOnException = 1, 2, true
	}},
	{"a dead-letter topic", "28 49 9; 28 49 9", Budget{ConsumerException: 1}, func(c *Config) { c.App.SkipOnException, c.App.DeadLetter = true, true }},
	{"a poison record", "247 535 14; 247 535 14", Budget{PoisonRecord: 1, ConsumerException: 1}, func(c *Config) {
		c.Topic.Replicas, c.Scope.Messages, c.App.Attempts = 1, 2, 2
	}},
	{"a poison record, the offset is lost", "42 65 8; 42 65 8", Budget{PoisonRecord: 1, OffsetLost: 1}, func(c *Config) { c.Topic.Replicas, c.Cons.Reset = 1, ResetLatest }},
	{"a poison record is skipped", "418 982 15; 418 982 15", Budget{PoisonRecord: 1, ConsumerCrash: 1}, func(c *Config) {
		c.Topic.Replicas, c.Scope.Messages, c.App.SkipOnException = 1, 2, true
	}},
	{"a topic is recreated after a loss of power", "1412 2611 17; 1412 2611 17", Budget{TopicRecreated: 1, TotalPowerLoss: 1}, func(c *Config) {
		release(V2_8)(c)
		c.Topic.Replicas, c.App.Commit, c.Cons.AutoCommit = 1, CommitAuto, AutoCommitInPoll
	}},
	{"a poison record, auto commit at close", "115 241 12; 115 241 12", Budget{PoisonRecord: 2}, func(c *Config) {
		c.Topic.Replicas, c.Scope.Messages = 1, 2
		c.App.Commit, c.App.CloseOnException, c.Cons.AutoCommit = CommitAuto, true, AutoCommitInPoll
	}},
	{"a poison record, the group", "626 1650 16; 626 1650 16", Budget{PoisonRecord: 1, Rebalance: 1}, func(c *Config) { c.Topic.Replicas, c.Scope.Messages = 1, 2 }},
	{"a poison record, the group, dead letters", "64 119 10; 64 119 10", Budget{PoisonRecord: 1, Rebalance: 1}, func(c *Config) {
		c.Topic.Replicas, c.App.SkipOnException, c.App.DeadLetter = 1, true, true
	}},
	{"a poison record, the group, skipped", "58 112 9; 58 112 9", Budget{PoisonRecord: 1, Rebalance: 1}, func(c *Config) { c.Topic.Replicas, c.App.SkipOnException = 1, true }},
	{"several workers", "870 2324 16; 870 2324 16", Budget{ConsumerCrash: 1, ConsumerException: 1}, func(c *Config) {
		c.Topic.Replicas, c.Scope.Messages, c.App.Handoff, c.App.Parallel, c.App.CommitPosition = 1, 2, true, true, HighestFinished
	}},
	{"several workers, the group", "1034 3018 15; 1034 3018 15", Budget{Rebalance: 1, PoisonRecord: 1}, func(c *Config) {
		c.Topic.Replicas, c.Scope.Messages, c.App.Handoff, c.App.Parallel, c.App.SkipOnException = 1, 2, true, true, true
	}},
	{"several workers, marked for the library", "658 1690 15; 658 1690 15", Budget{ConsumerCrash: 1, PoisonRecord: 1}, func(c *Config) {
		c.Topic.Replicas, c.Scope.Messages, c.App.Handoff, c.App.Parallel, c.App.CommitPosition = 1, 2, true, true, HighestFinished
		c.App.Commit, c.Cons.Client, c.Cons.AutoCommit = CommitAuto, Sarama, AutoCommitTimer
	}},
	{"what is delivered is committed", "186 402 14; 186 402 14", Budget{ConsumerCrash: 1}, func(c *Config) {
		c.Topic.Replicas, c.Scope.Messages, c.App.CommitPosition, c.App.CommitCurrent = 1, 2, Delivered, true
	}},
	{"what is queued is committed", "36 63 9; 36 63 9", Budget{ConsumerCrash: 1}, func(c *Config) {
		c.Topic.Replicas, c.App.Handoff, c.App.CommitPosition = 1, true, Delivered
	}},
	{"a commit is lost", "44 73 10; 44 73 10", Budget{CommitLost: 1, ConsumerCrash: 1}, func(c *Config) { c.Topic.Replicas = 1 }},
	{"a commit is lost, ignored", "127 289 11; 127 289 11", Budget{CommitLost: 1}, func(c *Config) {
		c.Topic.Replicas, c.Scope.Messages, c.App.OnCommitFailure = 1, 2, IgnoreCommit
		c.App.Parallel, c.App.Handoff = true, true
	}},
	{"a commit is lost, rethrown", "20 28 9; 20 28 9", Budget{CommitLost: 1}, func(c *Config) { c.Topic.Replicas, c.App.OnCommitFailure = 1, RethrowCommit }},
	{"a commit is lost before processing", "14 19 6; 14 19 6", Budget{CommitLost: 1}, func(c *Config) {
		c.Topic.Replicas, c.App.Commit, c.App.OnCommitFailure, c.App.SkipOnException = 1, CommitBeforeProcessing, RethrowCommit, true
	}},
	{"a commit is lost, dead letters", "14 19 6; 14 19 6", Budget{CommitLost: 1}, func(c *Config) {
		c.Topic.Replicas, c.App.Commit, c.App.OnCommitFailure = 1, CommitBeforeProcessing, RethrowCommit
		c.App.SkipOnException, c.App.DeadLetter = true, true
	}},
	{"a commit is lost, kafka-go", "14 19 6; 14 19 6", Budget{CommitLost: 1}, func(c *Config) {
		c.Topic.Replicas, c.Cons.Client, c.Cons.AutoCommit, c.App.Commit = 1, KafkaGo, AutoCommitTimer, CommitAuto
	}},
	{"handed over", "420 1073 15; 420 1073 15", Budget{OrderlyRebalance: 1, ConsumerCrash: 1}, func(c *Config) { c.Topic.Replicas, c.Scope.Messages = 1, 2 }},
	{"handed over, delivered", "26 48 6; 26 48 6", Budget{OrderlyRebalance: 1}, func(c *Config) {
		c.Topic.Replicas, c.App.Handoff, c.App.CommitPosition = 1, true, Delivered
	}},
	{"handed over, nothing is committed", "28 43 9; 28 43 9", Budget{OrderlyRebalance: 1}, func(c *Config) { c.Topic.Replicas, c.App.CommitOnRevoke = 1, false }},
	{"handed over, sarama", "118 300 11; 118 300 11", Budget{OrderlyRebalance: 1}, func(c *Config) {
		c.Topic.Replicas, c.Scope.Messages, c.Cons.Client, c.Cons.AutoCommit, c.App.Commit = 1, 2, Sarama, AutoCommitTimer, CommitAuto
	}},
	{"a deployment", "118 280 11; 118 280 11", Budget{AppRestart: 1}, func(c *Config) {
		c.Topic.Replicas, c.Scope.Messages, c.App.Commit, c.Cons.AutoCommit = 1, 2, CommitAuto, AutoCommitInPoll
	}},
	{"a deployment, exit", "61 94 10; 61 94 10", Budget{AppRestart: 1}, func(c *Config) { c.Topic.Replicas, c.App.ExitOnStop, c.App.ResendOnRestart = 1, true, true }},
	{"nobody restarts", "244 522 12; 244 522 12", Budget{ProducerCrash: 1, ConsumerCrash: 1, SendRefused: 1}, func(c *Config) {
		c.Topic.Replicas, c.App.NoRestarts, c.App.ResendOnRestart, c.Scope.Messages = 1, true, true, 2
	}},
	{"nobody restarts, an exception", "18 26 6; 18 26 6", Budget{ConsumerException: 1, ProducerCrash: 1}, func(c *Config) { c.Topic.Replicas, c.App.NoRestarts = 1, true }},
	{"the topic is recreated", "156 287 12; 156 287 12", Budget{TopicRecreated: 1, ConsumerCrash: 1}, func(c *Config) { c.Topic.Replicas = 1 }},
	{"the topic is recreated, latest", "106 199 9; 106 199 9", Budget{TopicRecreated: 1, OffsetLost: 1}, func(c *Config) { c.Topic.Replicas, c.Cons.Reset = 1, ResetLatest }},
	{"the topic is recreated, none", "42 59 6; 42 59 6", Budget{TopicRecreated: 1}, func(c *Config) { c.Topic.Replicas, c.Cons.Reset = 1, ResetNone }},
	{"the topic is recreated, 2.0", "50 75 8; 50 75 8", Budget{TopicRecreated: 1, PartitionAdded: 1}, func(c *Config) {
		release(V2_0)(c)
		c.Topic.Replicas = 1
	}},
	{"the topic is recreated, 2.4", "172 315 12; 172 315 12", Budget{TopicRecreated: 1, ConsumerCrash: 1}, func(c *Config) {
		release(V2_4)(c)
		c.Topic.Replicas = 1
	}},
	{"the topic is recreated, topic ids", "102 206 12; 102 206 12", Budget{TopicRecreated: 1, ConsumerCrash: 1}, func(c *Config) { c.Topic.Replicas, c.Cons.NewProtocol = 1, true }},
	{"nobody restarts, a poison record", "14 19 6; 14 19 6", Budget{PoisonRecord: 1}, func(c *Config) { c.Topic.Replicas, c.App.NoRestarts = 1, true }},
	{"librdkafka commits by itself", "306 764 14; 306 764 14", Budget{ConsumerCrash: 1}, func(c *Config) {
		c.Topic.Replicas, c.Scope.Messages, c.App.Commit = 1, 2, CommitAuto
		c.Cons.Client, c.Cons.StoreOffsets, c.Cons.AutoCommit = Librdkafka, true, AutoCommitTimer
	}},
	{"the consumer commits first", "44 89 10; 44 89 10", Budget{ConsumerCrash: 1}, func(c *Config) { c.App.Commit = CommitBeforeProcessing }},
	{"a commit is late", "863 2127 17; 863 2127 17", Budget{Delay: 1, ConsumerCrash: 1}, func(c *Config) {
		c.Topic.Replicas, c.Scope.Messages, c.App.Commit = 1, 2, CommitBeforeProcessing
	}},
	{"the offset is off by one", "68 137 12; 68 137 12", Budget{ConsumerCrash: 1}, func(c *Config) { c.App.CommitCurrent = true }},
	{"a new group", "72 149 11; 72 149 11", Budget{ConsumerCrash: 1}, func(c *Config) { c.App.NewGroup, c.Cons.Reset = true, ResetLatest }},
	{"the log is cut under the consumer", "145 308 12; 170 343 12", Budget{LeaderMove: 1}, func(c *Config) {
		c.Prod.Acks, c.Prod.Idempotent, c.Topic.MinISR = AcksOne, false, 1
	}},
	{"the group", "72 157 12; 72 157 12", Budget{Rebalance: 1}, nil},
	{"the group commits first", "142 346 13; 142 346 13", Budget{Rebalance: 1}, func(c *Config) {
		c.Topic.Replicas, c.Scope.Messages, c.App.Commit = 1, 2, CommitBeforeProcessing
	}},
	{"the group stops", "344 973 15; 344 973 15", Budget{Rebalance: 1, OffsetLost: 1, ConsumerCrash: 1}, func(c *Config) { c.Cons.Reset = ResetNone }},
	{"retention", "259 659 16; 259 659 16", Budget{Retention: 1}, func(c *Config) { c.Scope.Messages = 2 }},
	{"retention, then a loss of power", "243 422 16; 253 429 16", Budget{Retention: 1, TotalPowerLoss: 1}, func(c *Config) { c.Topic.Replicas = 1 }},
	{"retention, then an empty leader", "537 1160 15; 675 1403 16", Budget{Retention: 1, DiskLoss: 1}, func(c *Config) { c.Topic.UncleanElection = true }},
	{"retention, then an old high watermark", "328 673 13; 499 975 14", Budget{Retention: 1, LeaderMove: 1}, func(c *Config) { c.Cons.Reset = ResetLatest }},
	{"a partition is added", "52 93 11; 52 93 11", Budget{PartitionAdded: 1}, func(c *Config) { c.Cons.Reset = ResetLatest }},
	{"a partition is added behind a static leader", "254 555 12; 254 555 12", Budget{PartitionAdded: 1, AppRestart: 1, Rebalance: 1}, func(c *Config) {
		release(V3_1)(c)
		c.Topic.Replicas, c.Cons.Static = 1, true
	}},
	{"a partition is added, a static leader goes", "210 431 12; 210 431 12", Budget{PartitionAdded: 1, ConsumerCrash: 1, OrderlyRebalance: 1}, func(c *Config) {
		release(V3_1)(c)
		c.Topic.Replicas, c.Cons.Static = 1, true
	}},
	{"exposed records", "222 442 10; 309 586 12", Budget{LeaderMove: 1, ReplicaLag: 1}, func(c *Config) { c.Sees = SeesExposed }},
}

// smallConfig has two replicas, one message and a consumer.
func smallConfig() Config {
	c := DefaultConfig()
	c.Topic.Replicas = 2
	c.Sees = SeesConsumer
	return c
}

func minISR2(c *Config) { c.Topic.MinISR = 2 }

// release sets the version of brokers and clients, with what depends on it.
func release(v Version) func(c *Config) {
	return func(c *Config) {
		c.Kafka, c.KRaft, c.Prod.Version, c.Cons.Version = v, v >= V3_6, v, v
		c.Topic.ELR, c.Prod.Idempotent, c.Txn.Version = v >= V4_1, v >= V3_0, 0
	}
}

// model makes the model of a scenario.
func (sc *scenario) model(t testing.TB) *Model {
	t.Helper()
	c := smallConfig()
	c.Faults = sc.faults
	if sc.change != nil {
		sc.change(&c)
	}
	c.B = BehavioursOf(&c)
	m, err := New(c)
	if err != nil {
		t.Fatalf("%s: %v", sc.name, err)
	}
	return m
}

// options explores a model in full within its budget.
func (m *Model) options() explore.Options[State] {
	o := explore.Options[State]{Budget: make([]int, NumFaults), Bound: m.BoundHit}
	for i, n := range m.c.Faults {
		o.Budget[i] = int(n)
	}
	return o
}

// compact is a model whose fault kinds are numbered without gaps, as the reference engine, which counts few of them, and
// comparisons of outcomes like it.
type compact struct{ *Model }

// Transitions are those of the model with other numbers for the kinds of faults.
func (c compact) Transitions() []explore.Transition {
	all := append([]explore.Transition(nil), c.transitions...)
	for i := range all {
		n := 0
		for f := range all[i].Fault {
			n += b2i(c.c.Faults[f] > 0)
		}
		all[i].Fault = n
	}
	return all
}

// options explores a compact model in full within its budget.
func (c compact) options() explore.Options[State] {
	o := explore.Options[State]{Bound: c.BoundHit}
	for _, n := range c.c.Faults {
		if n > 0 {
			o.Budget = append(o.Budget, int(n))
		}
	}
	return o
}

// walk visits the states of random runs of a model, each with the part of the budget that is left.
func walk(m *Model, seed uint64, runs int, visit func(s *State, left *Budget)) {
	rng := rand.New(rand.NewPCG(seed, 1))
	for range runs {
		s := m.Initial(nil)[0]
		left := m.c.Faults
		for step := 0; step < 200 && !m.BoundHit(&s); step++ {
			visit(&s, &left)
			next := possible(m, &s, &left)
			if len(next) == 0 {
				break
			}
			n := next[rng.IntN(len(next))]
			if tr := m.transitions[n.ID]; tr.Class == explore.Fault {
				left[tr.Fault]--
			}
			s = n.State
		}
	}
}

// possible are the successors that the faults that are left allow.
func possible(m *Model, s *State, left *Budget) []explore.Successor[State] {
	var all []explore.Successor[State]
	for _, n := range explore.Successors(m, s) {
		if tr := m.transitions[n.ID]; tr.Class != explore.Fault || left[tr.Fault] > 0 {
			all = append(all, n)
		}
	}
	return all
}

// describe names the steps of a trace.
func describe(m *Model, t *explore.Trace[State]) string {
	text, pre := "", t.Initial
	for i, s := range t.Steps {
		text += fmt.Sprintf("%3d %+v\n", i+1, m.Step(&pre, s.ID, &s.State))
		pre = s.State
	}
	return text
}
