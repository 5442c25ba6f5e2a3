package model

// behaviours are in the order of the fields.
var behaviours = [...]Behaviour{
	{
		Name: "TruncatesToHighWatermark", ZooKeeper: until(V0_11), KRaft: never,
		Summary: "A new follower cuts its log at its own high watermark (0.10 and before).",
	},
	{
		Name: "AsksEpochOffset", ZooKeeper: since(V0_11), KRaft: always,
		Summary: "A new follower asks the leader where the follower's last epoch ends (KIP-101, 0.11).",
	},
	{
		Name: "FindsMatchingEpoch", ZooKeeper: since(V2_0), KRaft: always,
		Summary: "The leader answers for the largest epoch it has at or below the one asked for, and the follower " +
			"repeats until offset and epoch match (KIP-279, 2.0).",
	},
	{
		Name: "IgnoresSameLeader", ZooKeeper: until(V2_0_1), KRaft: never,
		Summary: "A follower whose leader is the same in a new epoch goes on without truncating, also where the partition had no " +
			"leader in between, of which no follower is told (Partition.makeFollower, ReplicaManager.makeFollowers, 0.8 to 2.0.0; " +
			"2.0.1 only over an epoch that is one more, in which nothing was cut).",
	},
	{
		Name: "HaltsOnTruncation", ZooKeeper: until(V2_0_1), KRaft: never,
		Summary: "The process of a follower ends whose leader has less than itself, where unclean elections are not enabled " +
			"(ReplicaFetcherThread.handleOffsetOutOfRange, 0.8.2 to 2.0.0; KAFKA-7414).",
	},
	{
		Name: "FencesByEpoch", ZooKeeper: since(V2_1), KRaft: always,
		Summary: "Fetch, truncation, high watermark and the growth of the in-sync set require equal leader epochs " +
			"(KIP-320, 2.1).",
	},
	{
		Name: "ExpandsFromEpochStart", ZooKeeper: since(V2_0_1), KRaft: always,
		Summary: "A replica joins the in-sync set only once it has reached the start of the leader's epoch, not just " +
			"the leader's high watermark (KAFKA-7128, 2.0.1; of 1.1 no release has it).",
	},
	{
		Name: "SkipsDecisions", ZooKeeper: always, KRaft: never,
		Summary: "A broker may act on a decision of the controller without having seen the ones before it " +
			"(LeaderAndIsr requests of ZooKeeper controllers).",
	},
	{
		Name: "KeepsPositions", ZooKeeper: since(V0_9), KRaft: always,
		Summary: "A leader that learns that it leads a newer epoch, having led an older one, keeps what it knew of its " +
			"followers' logs (Partition.makeLeader, 0.9 to 4.4; 0.8 forgets it).",
	},
	{
		Name: "RestartsUnnoticed", ZooKeeper: until(V2_2), KRaft: never,
		Summary: "A broker may be back before the controller notices that it was gone, which then tells it nothing but its next " +
			"decision (KAFKA-1120). From 2.2 on the controller knows a broker that has come back by its epoch (KIP-380, " +
			"KafkaController.processBrokerChange).",
	},
	{
		Name: "BumpsEpochOnShrink", ZooKeeper: always, KRaft: until(V3_6),
		Summary: "When the controller removes a broker from the in-sync set the leader epoch grows although the leader " +
			"stays (ZooKeeper controllers; KRaft before metadata version 3.6).",
	},
	{
		Name: "FreezesHighWatermark", ZooKeeper: since(V3_7), KRaft: since(V3_7),
		Summary: "The high watermark does not move while the in-sync set is below the minimum (KAFKA-15583, 3.7).",
	},
	{
		Name: "EffectiveMinISR", ZooKeeper: since(V3_7), KRaft: since(V3_7),
		Summary: "min.insync.replicas counts as at most the number of replicas (3.7).",
	},
	{
		Name: "HonoursUnclean", ZooKeeper: always, KRaft: since(V3_9),
		Summary: "unclean.leader.election.enable is obeyed (not by KRaft 3.3 to 3.8; KAFKA-12670).",
	},
	{
		Name: "FencesAdditions", ZooKeeper: never, KRaft: since(V3_5),
		Summary: "A replica joins the in-sync set only in the incarnation whose progress the leader saw (KIP-903, " +
			"KRaft from 3.5; a controller of ZooKeeper's does not compare broker epochs).",
	},
	{
		Name: "ElectsByDirectory", ZooKeeper: never, KRaft: since(V3_7),
		Summary: "A replica is elected only while the log directory that it is assigned to is online. A disk that is formatted " +
			"anew is another directory: with nobody to follow, its broker can be elected only after the next start of a " +
			"broker (KIP-858, KRaft 3.7 on).",
	},
	{
		Name: "ValidatesPosition", ZooKeeper: since(V2_3), KRaft: always,
		When: validatesPosition,
		Summary: "The consumer compares offset and epoch with the leader after a change of leader and notices a " +
			"truncation (KIP-320, KAFKA-7747: Java and broker 2.3; librdkafka 2.1, kafka-python 3.0, franz-go).",
	},
	{
		Name: "RemembersOneBatch", ZooKeeper: Releases{V0_11, V1_0}, KRaft: never,
		Summary: "The broker remembers one batch of a producer instead of five (0.11).",
	},
	{
		Name: "AcceptsFirstSequence", ZooKeeper: since(V2_5), KRaft: always,
		Summary: "A broker without state for a producer id accepts any first sequence (KIP-360, 2.5 on).",
	},
	{
		Name: "BumpsEpochOnSequenceError", ZooKeeper: since(V2_5), KRaft: always,
		When: func(c *Config) bool { return c.Prod.Client == Java && c.Prod.Version >= V2_5 },
		Summary: "The idempotent client begins a new epoch and renumbers what is unresolved when the broker refuses " +
			"the next expected sequence (KIP-360, Java 2.5 on).",
	},
	{
		Name: "FailsOnSequenceError", ZooKeeper: always, KRaft: always,
		When: func(c *Config) bool { return c.Prod.Client == Java && c.Prod.Version >= V0_11 && c.Prod.Version < V2_5 },
		Summary: "The idempotent client fails the next expected batch when the broker refuses its sequence, and asks for a new " +
			"producer id (Java 0.11 to 2.4).",
	},
	{
		Name: "RenumbersOnRefusal", ZooKeeper: always, KRaft: always,
		When: func(c *Config) bool { return c.Prod.Client == Java && c.Prod.Version >= V2_5 },
		Summary: "The idempotent client begins a new epoch and renumbers what is in flight when the broker refuses a batch " +
			"permanently (KAFKA-14034, Java 2.5 on).",
	},
	{
		Name: "CommitsUnprocessed", ZooKeeper: always, KRaft: always,
		When: commitsUnprocessed,
		Summary: "The auto commit of the consumer may run ahead of processing (librdkafka, aiokafka, 0.8 Scala, the new Java " +
			"consumer before KAFKA-18641).",
	},
	{
		Name: "CommitsHandedOff", ZooKeeper: always, KRaft: always,
		When: commitsHandedOff,
		Summary: "What a poll returned counts as consumed at the next poll, also if another thread still works on it " +
			"(Java, franz-go, kafka-python, aiokafka, librdkafka with enable.auto.offset.store, 0.8 Scala; not sarama, where " +
			"the application marks, and not kafkajs, which marks what it has processed).",
	},
	{
		Name: "CommitsOnClose", ZooKeeper: always, KRaft: always,
		When: commitsOnClose,
		Summary: "Closing the consumer commits the position although the last record was not processed (Java, aiokafka, " +
			"kafka-python, librdkafka with enable.auto.offset.store, 0.8 Scala; franz-go commits what earlier polls returned, " +
			"sarama what was marked).",
	},
	{
		Name: "CommitsBeforeHandingOut", ZooKeeper: always, KRaft: always,
		When:    func(c *Config) bool { return c.Cons.Client == KafkaGo },
		Summary: "Auto commit commits each record before the application gets it (kafka-go, Reader.ReadMessage).",
	},
	{
		Name: "HandsOutSingly", ZooKeeper: always, KRaft: always,
		When: handsOutSingly,
		Summary: "The library hands out one record at a time and counts it as consumed then (librdkafka, aiokafka, 0.8 Scala), " +
			"so its auto commit is at most one record ahead of processing.",
	},
	{
		Name: "IgnoresRecreatedTopic", ZooKeeper: always, KRaft: always,
		When: ignoresRecreatedTopic,
		Summary: "The consumer takes the metadata of a topic that was created again, with an earlier leader epoch, for outdated " +
			"(Java 2.2 to 2.8.1, or brokers before 2.8, which have no topic ids; KAFKA-7738, KAFKA-12257).",
	},
	{
		Name: "ForgetsGroupLeader", ZooKeeper: always, KRaft: always,
		When: forgetsGroupLeader,
		Summary: "A static member (group.instance.id) that led the group and is started again within session.timeout.ms is not told that " +
			"it leads, so that nobody looks for new partitions until the next rebalance (Java and brokers before 3.2, " +
			"sarama, aiokafka; KIP-814).",
	},
	{
		Name: "CommitsTopicID", ZooKeeper: never, KRaft: since(V4_2),
		When: func(c *Config) bool { return c.Cons.Client == Java && c.Cons.NewProtocol && c.Cons.Version >= V4_2 },
		Summary: "Commits carry the id of the topic, so that an offset of a deleted topic is not its successor's (4.2, " +
			"OffsetCommit v10, group.protocol=consumer).",
	},
	{
		Name: "VerifiesTransactionPartitions", ZooKeeper: since(V3_6), KRaft: since(V3_6),
		When: func(c *Config) bool { return c.Txn.PartitionVerify },
		Summary: "The broker asks the coordinator whether a transaction is open before it takes a produce request of " +
			"it (KIP-890 part 1, 3.6).",
	},
	{
		Name: "VerifiesTransactionOffsets", ZooKeeper: since(V3_7), KRaft: since(V3_7),
		When: func(c *Config) bool { return c.Txn.PartitionVerify },
		Summary: "The broker asks the coordinator whether a transaction is open before it takes the group's offsets of " +
			"it (KIP-890 part 1, 3.7).",
	},
	{
		Name: "BumpsEpochPerTransaction", ZooKeeper: never, KRaft: since(V4_0),
		When: func(c *Config) bool { return c.Txn.Version >= 2 },
		Summary: "Every transaction has a producer epoch of its own (KIP-890 part 2, transaction.version 2 with a 4.0 " +
			"client).",
	},
	{
		Name: "MarkerEpochStrict", ZooKeeper: never, KRaft: since(V4_2),
		When: func(c *Config) bool { return c.Txn.Version >= 2 },
		Summary: "A transaction marker must have a newer epoch than the producer's last record, unless none of its " +
			"transactions is open (KIP-1228, KAFKA-19446: 4.2 with transaction.version 2).",
	},
	{
		Name: "FencesByGroupMetadata", ZooKeeper: since(V2_5), KRaft: always,
		Summary: "Offsets sent with the metadata of a superseded group generation are refused (KIP-447, 2.5).",
	},
	{
		Name: "StartsAddedPartitionsAtZero", ZooKeeper: never, KRaft: since(V4_4),
		Summary: "A share group begins a partition that is added to a topic of it at offset 0, whatever " +
			"share.auto.offset.reset says (KAFKA-20742, 4.4).",
	},
	{
		Name: "WaitsForStableOffsets", ZooKeeper: since(V2_5), KRaft: always,
		When: waitsForStableOffsets,
		Summary: "Who starts waits while an open transaction is about to change the group's offset (KIP-447: broker and Java 2.5, " +
			"franz-go 1.21; with read_committed librdkafka 1.6 and kafka-python 3.0).",
	},
	{
		Name: "RetriesBehindAfterDisconnect", ZooKeeper: always, KRaft: always,
		When: retriesBehindAfterDisconnect,
		Summary: "Without idempotence a later batch may be sent before one whose connection broke is sent again, also with one " +
			"request in flight (sarama 1.31 to 1.50, librdkafka before 0.11.4, kafkajs).",
	},
	{
		Name: "RetriesBehindAfterRefusal", ZooKeeper: always, KRaft: always,
		When: retriesBehindAfterRefusal,
		Summary: "Without idempotence a later batch may be sent before one that a broker refused is sent again, also with one " +
			"request in flight (sarama since 1.31, librdkafka before 0.11.4, kafkajs).",
	},
}
