package model

// Behaviours are the rules of Kafka that differ by version, client or feature. Actions consult them by name and never
// compare version numbers; [BehavioursOf] is the only place that knows which release has which.
type Behaviours struct {
	// TruncatesToHighWatermark: a new follower cuts its log at its own high watermark (0.10 and before).
	TruncatesToHighWatermark bool
	// AsksEpochOffset: a new follower asks the leader where the follower's last epoch ends (KIP-101, 0.11).
	AsksEpochOffset bool
	// FindsMatchingEpoch: the leader answers for the largest epoch it has at or below the one asked for, and the
	// follower repeats until offset and epoch match (KIP-279, 2.0).
	FindsMatchingEpoch bool
	// IgnoresSameLeader: a follower whose leader stays the same in a new epoch goes on without truncating
	// (Partition.makeFollower, 0.8 to 0.11).
	IgnoresSameLeader bool
	// FencesByEpoch: fetch, truncation, high watermark and the growth of the in-sync set require equal leader epochs
	// (KIP-320, 2.1).
	FencesByEpoch bool
	// ExpandsFromEpochStart: a replica joins the in-sync set only once it has reached the start of the leader's
	// epoch, not just the leader's high watermark (KAFKA-7128, back-ported to 1.1 and 2.0).
	ExpandsFromEpochStart bool
	// SkipsDecisions: a broker may act on a decision of the controller without having seen the ones before it
	// (LeaderAndIsr requests of ZooKeeper controllers).
	SkipsDecisions bool
	// RestartsUnnoticed: a broker may be back before the controller notices that it was gone (ZooKeeper session).
	RestartsUnnoticed bool
	// BumpsEpochOnShrink: when the controller removes a broker from the in-sync set the leader epoch grows
	// although the leader stays (ZooKeeper controllers; KRaft before metadata version 3.6).
	BumpsEpochOnShrink bool
	// FreezesHighWatermark: the high watermark does not move while the in-sync set is below the minimum
	// (KAFKA-15583, 3.7).
	FreezesHighWatermark bool
	// EffectiveMinISR: min.insync.replicas counts as at most the number of replicas (3.7).
	EffectiveMinISR bool
	// HonoursUnclean: unclean.leader.election.enable is obeyed (not by KRaft 3.3 to 3.8; KAFKA-12670).
	HonoursUnclean bool
	// FencesAdditions: a replica joins the in-sync set only in the incarnation whose progress the leader saw
	// (KIP-903, 3.5).
	FencesAdditions bool
	// ValidatesPosition: the consumer compares offset and epoch with the leader after a change of leader and notices
	// a truncation (KIP-320, KAFKA-7747: client and broker 2.3).
	ValidatesPosition bool
	// RemembersOneBatch: the broker remembers one batch of a producer instead of five (0.11).
	RemembersOneBatch bool
	// AcceptsFirstSequence: a broker without state for a producer id accepts any first sequence (KIP-360, 2.5 on).
	AcceptsFirstSequence bool
	// BumpsEpochOnSequenceError: the idempotent client begins a new epoch and renumbers what is unresolved when the
	// broker refuses the next expected sequence (KIP-360, Java 2.5 on).
	BumpsEpochOnSequenceError bool
	// CommitsUnprocessed: the auto commit of the consumer may run ahead of processing (librdkafka, 0.8 Scala, the new
	// Java consumer before KAFKA-18641).
	CommitsUnprocessed bool
	// CommitsHandedOff: what a poll returned counts as consumed at the next poll, also if another thread still works on it
	// (Java, franz-go, librdkafka with enable.auto.offset.store, 0.8 Scala; not sarama, where the application marks).
	CommitsHandedOff bool
	// CommitsOnClose: closing the consumer commits the position although the last record was not processed (Java,
	// librdkafka with enable.auto.offset.store, 0.8 Scala; franz-go commits what earlier polls returned, sarama what was
	// marked).
	CommitsOnClose bool
	// CommitsBeforeHandingOut: auto commit commits each record before the application gets it (kafka-go,
	// Reader.ReadMessage).
	CommitsBeforeHandingOut bool
	// HandsOutSingly: the library hands out one record at a time and counts it as consumed then (librdkafka, 0.8 Scala),
	// so its auto commit is at most one record ahead of processing.
	HandsOutSingly bool
	// VerifiesTransactionPartitions: the broker asks the coordinator whether a transaction is open before it takes
	// a produce request of it (KIP-890 part 1, 3.6).
	VerifiesTransactionPartitions bool
	// BumpsEpochPerTransaction: every transaction has a producer epoch of its own (KIP-890 part 2,
	// transaction.version 2 with a 4.0 client).
	BumpsEpochPerTransaction bool
	// FencesByGroupMetadata: offsets sent with the metadata of a superseded group generation are refused
	// (KIP-447, 2.5).
	FencesByGroupMetadata bool
}
