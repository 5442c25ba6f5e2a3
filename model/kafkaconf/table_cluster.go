package kafkaconf

// topicRows are the settings of topics. Replicas and partitions are given when a topic is created.
var topicRows = []row{
	{
		part: Topic, name: "replication.factor", kind: "short", valid: "1..",
		bearing: Modelled, source: "kafka-topics; 1 to 5 in kcheck",
		doc:    "how many replicas the partition has; given when the topic is created",
		server: "default.replication.factor",
		prices: []Price{
			{"1", Cost{3, 0, 0, 3, "one copy: nothing is left when its broker is lost", docDesign}},
			{"2", Cost{3, 0, 1, 1, "two copies on disk and network, and a reassignment", docDesign}},
			{"3", Cost{3, 0, 2, 0, "three copies on disk and network, and a reassignment", docDesign}},
			{"4", Cost{3, 0, 3, 0, "four copies on disk and network, and a reassignment", docDesign}},
		},
	},
	{
		part: Topic, name: "min.insync.replicas",
		bearing: Modelled, source: "TopicConfig; Partition, KAFKA-15583",
		doc:    "the smallest in-sync set, leader included, that accepts a write with acks=all; since 3.7 the high watermark does not advance below it",
		server: "min.insync.replicas",
		prices: []Price{
			{"1", risky(1, 3, "a write may be acknowledged on a single copy", docTopic+", min.insync.replicas")},
			{"2", Cost{1, 1, 0, 0, "writes with acks=all stop while fewer than two replicas are in sync", docTopic + ", min.insync.replicas"}},
			{"3", Cost{1, 2, 0, 0, "writes with acks=all stop while fewer than three replicas are in sync", docTopic + ", min.insync.replicas"}},
		},
	},
	{
		part: Topic, name: "unclean.leader.election.enable",
		bearing: Modelled, source: "TopicConfig; KIP-106, KAFKA-12670",
		doc:    "whether a replica outside the in-sync set may lead when no in-sync replica can; records that it lacks are lost",
		server: "unclean.leader.election.enable",
		prices: []Price{
			{"false", Cost{1, 1, 0, 0, "the partition is offline until a replica that was in sync is back", docTopic + ", unclean.leader.election.enable"}},
			{"true", risky(1, 3, "what only the lost replicas had is gone", docTopic+", unclean.leader.election.enable")},
		},
	},
	{
		part: Topic, name: "flush.messages",
		bearing: Modelled, source: "TopicConfig; UnifiedLog.append",
		doc:    "how many messages are appended before the log is forced to disk, within the append: 1 means before every acknowledgement, on every replica",
		server: "log.flush.interval.messages",
		prices: []Price{
			{"1", Cost{1, 3, 3, 0, "Kafka recommends replication instead; every record is forced to disk before it counts as written", docTopic + ", flush.messages"}},
			{"9223372036854775807", risky(1, 2, "what was acknowledged may be in memory only", docTopic+", flush.messages")},
		},
	},
	{
		part: Topic, name: "flush.ms",
		bearing: Explained, source: "TopicConfig; LogManager",
		doc:    "after how long the log is forced to disk, by a task that by default never runs; no guarantee rests on it",
		server: "log.flush.interval.ms",
	},
	{
		part: Topic, name: "cleanup.policy",
		bearing: Modelled, source: "TopicConfig",
		doc:    "delete old segments, or compact: an older value of a key may go before it was read, in the model the fault retention",
		server: "log.cleanup.policy",
		prices: []Price{
			{"delete", Cost{1, 0, 1, 0, "older values of a key are kept until retention", docTopic + ", cleanup.policy"}},
		},
	},
	{
		part: Topic, name: "message.format.version",
		bearing: Modelled, source: "TopicConfig; KIP-724",
		doc:    "a format below 0.11 has no leader epochs, so replicas truncate to the high watermark; ignored since 3.0",
		server: "log.message.format.version",
	},
	{
		part: Topic, name: "retention.ms",
		bearing: Explained, source: "TopicConfig",
		doc:    "how long records are kept; records deleted before the group has read them are the fault retention",
		server: "log.retention.ms",
	},
	{
		part: Topic, name: "retention.bytes",
		bearing: Explained, source: "TopicConfig",
		doc:    "how much is kept; records deleted before the group has read them are the fault retention",
		server: "log.retention.bytes",
	},
	{
		part: Topic, name: "max.message.bytes",
		bearing: Explained, source: "TopicConfig",
		doc:    "larger batches are refused permanently: the fault send-refused",
		server: "message.max.bytes",
	},
	{
		part: Topic, name: "partitions", kind: "int", valid: "1..",
		bearing: Explained, source: "kafka-topics",
		doc: "how many partitions the topic has; one is followed, a new one is the fault partition-added",
	},
}

// featureRows are the feature levels of the cluster that decide something.
var featureRows = []row{
	{
		part: Features, name: "eligible.leader.replicas.version",
		bearing: Modelled,
		doc:     "eligible leader replicas (KIP-966): on for new clusters since 4.1",
		prices: []Price{
			{"1", free(2, "a feature of the whole cluster, from 4.0; the controllers keep one min.insync.replicas", "KIP-966")},
			{"0", risky(2, 2, "a feature of the whole cluster is taken back", "KIP-966")},
		},
	},
	{
		part: Features, name: "transaction.version",
		bearing: Modelled,
		doc:     "an epoch for each transaction from level 2 on (KIP-890 part 2): the default of new 4.0 clusters",
		only:    Transfer,
		prices: []Price{
			{"2", free(2, "a feature of the whole cluster, from 4.0; the producer must be of 4.0 or later", "KIP-890")},
			{"1", risky(2, 2, "a feature of the whole cluster is taken back", "KIP-890")},
		},
	},
	{
		part: Features, name: "group.version",
		doc: "the new group protocol on the brokers (KIP-848)",
	},
	{
		part: Features, name: "share.version",
		doc: "share groups (KIP-932)",
	},
	{
		part: Features, name: "streams.version",
		doc: "streams groups (KIP-1071)",
	},
	{
		part: Features, name: "kraft.version",
		doc: "dynamic controller quorums (KIP-853)",
	},
	{
		part: Features, name: "metadata.version",
		doc: "the version of the metadata log's records",
	},
}

// brokerRows are the settings of the servers, brokers and controllers.
var brokerRows = []row{
	{
		part: Broker, name: "transaction.two.phase.commit.enable",
		bearing: Modelled, source: "KIP-939, 4.1; TransactionCoordinator.handleInitProducerId",
		doc: "lets producers leave the end of a transaction to an external coordinator, without a timeout",
	},
	{
		part: Broker, name: "transaction.partition.verification.enable",
		bearing: Modelled, source: "KIP-890 part 1, 3.6",
		doc:  "whether the broker asks the coordinator that a transaction is open before it appends to it",
		only: Transfer,
		prices: []Price{
			{"true", Cost{2, 1, 0, 0, "the first write of a transaction to a partition is verified with the coordinator", "KIP-890"}},
			{"false", risky(2, 2, "late writes of an ended transaction are not recognised", "KIP-890")},
		},
	},
	{
		part: Broker, name: "default.replication.factor",
		bearing: Modelled, source: "ReplicationConfigs",
		doc: "replication.factor of topics that are created without one",
	},
	{
		part: Broker, name: "min.insync.replicas",
		bearing: Modelled, source: "ServerLogConfigs; ConfigurationControlManager",
		doc: "the topics' min.insync.replicas where a topic has none; with eligible leader replicas the controllers' value counts",
	},
	{
		part: Broker, name: "unclean.leader.election.enable",
		bearing: Modelled, source: "ReplicationConfigs; KIP-106, KAFKA-12670",
		doc: "the topics' setting where a topic has none; with KRaft the controllers' file counts, and the setting is ignored before 3.9",
	},
	{
		part: Broker, name: "log.flush.interval.messages",
		bearing: Modelled, source: "ServerLogConfigs",
		doc: "flush.messages where a topic has none",
	},
	{
		part: Broker, name: "log.cleanup.policy",
		bearing: Modelled, source: "ServerLogConfigs",
		doc: "cleanup.policy where a topic has none",
	},
	{
		part: Broker, name: "log.message.format.version",
		bearing: Modelled, source: "KafkaConfig; KIP-724",
		doc: "message.format.version where a topic has none",
	},
	{
		part: Broker, name: "zookeeper.connect",
		bearing: Modelled, source: "KafkaConfig, gone in 4.0",
		doc: "where ZooKeeper is: the controllers are ZooKeeper's and not KRaft's",
	},
	{
		part: Broker, name: "process.roles",
		bearing: Modelled, source: "KRaftConfigs",
		doc: "broker, controller or both: the server runs KRaft",
	},
	{
		part: Broker, name: "log.flush.interval.ms",
		bearing: Explained, source: "ServerLogConfigs",
		doc: "flush.ms where a topic has none; inert unless the scheduler runs",
	},
	{
		part: Broker, name: "log.flush.scheduler.interval.ms",
		bearing: Explained, source: "ServerLogConfigs",
		doc: "how often a task looks whether flush.ms has passed; by default never",
	},
	{
		part: Broker, name: "replica.lag.time.max.ms",
		bearing: Modelled, source: "ReplicationConfigs; 10 s before 2.5; ReplicaManager, task isr-expiration",
		doc: "how long a follower may lag, and up to half as long again, before it leaves the in-sync set: the fault replica-lag; a request that times out before is sent again",
	},
	{
		part: Broker, name: "replica.lag.max.messages",
		bearing: Explained, source: "KafkaConfig 0.8",
		doc: "how many messages a follower may lag before it leaves the in-sync set: the fault replica-lag",
	},
	{
		part: Broker, name: "replica.high.watermark.checkpoint.interval.ms",
		bearing: Explained, source: "ReplicationConfigs",
		doc: "how often high watermarks are written to disk; after a crash the model takes any value it had",
	},
	{
		part: Broker, name: "auto.leader.rebalance.enable",
		bearing: Explained, source: "ReplicationConfigs",
		doc: "moves leaders back to the preferred replica: the fault leader-move",
	},
	{
		part: Broker, name: "controlled.shutdown.enable",
		bearing: Explained, source: "ServerConfigs",
		doc: "hands leadership over before a shutdown: the fault clean-restart",
	},
	{
		part: Broker, name: "auto.create.topics.enable",
		bearing: Explained, source: "ServerLogConfigs",
		doc: "creates topics with default.replication.factor when they are first used",
	},
	{
		part: Broker, name: "inter.broker.protocol.version",
		bearing: Explained, source: "KafkaConfig, gone in 4.0",
		doc: "an older protocol among the brokers, with the rules of that version; not modelled",
	},
	{
		part: Broker, name: "offsets.retention.minutes",
		bearing: Explained, source: "GroupCoordinatorConfig",
		doc: "how long the offsets of an empty group are kept: the fault offset-lost",
	},
	{
		part: Broker, name: "offsets.topic.replication.factor",
		bearing: Explained, source: "GroupCoordinatorConfig",
		doc: "replicas of the topic with the committed offsets; losing them is the fault offset-lost",
	},
	{
		part: Broker, name: "offsets.commit.required.acks",
		bearing: Explained, source: "GroupCoordinatorConfig",
		doc: "the acks of offset commits, all in every sane setting; gone in 4.0",
	},
	{
		part: Broker, name: "transaction.state.log.min.isr",
		bearing: Explained, source: "TransactionLogConfig",
		doc: "min.insync.replicas of the transaction log; the coordinator is taken to be reliable",
	},
	{
		part: Broker, name: "transaction.max.timeout.ms",
		bearing: Checked, source: "TransactionStateManagerConfig",
		doc: "the largest transaction.timeout.ms that a producer may ask for",
	},
	{
		part: Broker, name: "group.min.session.timeout.ms",
		bearing: Checked, source: "GroupCoordinatorConfig",
		doc: "the smallest session.timeout.ms that a consumer may ask for",
	},
	{
		part: Broker, name: "group.max.session.timeout.ms",
		bearing: Checked, source: "GroupCoordinatorConfig",
		doc: "the largest session.timeout.ms that a consumer may ask for",
	},
	{
		part: Broker, name: "producer.id.expiration.ms",
		bearing: Explained, source: "TransactionLogConfig, 3.4",
		doc: "how long a broker remembers the sequence numbers of an idle producer",
	},
	{
		part: Broker, name: "log.retention.ms",
		bearing: Explained, source: "ServerLogConfigs",
		doc: "retention.ms where a topic has none",
	},
	{
		part: Broker, name: "log.retention.bytes",
		bearing: Explained, source: "ServerLogConfigs",
		doc: "retention.bytes where a topic has none",
	},
	{
		part: Broker, name: "log.retention.hours",
		bearing: Explained, source: "ServerLogConfigs",
		doc: "retention.ms in hours; log.retention.ms counts before it",
	},
	{
		part: Broker, name: "message.max.bytes",
		bearing: Explained, source: "ServerConfigs",
		doc: "max.message.bytes where a topic has none",
	},
	{
		part: Broker, name: "eligible.leader.replicas.enable",
		bearing: Explained, source: "ReplicationConfigs 3.7 to 3.9; KIP-966",
		doc: "asked for eligible leader replicas in 3.7 to 3.9, where no usable metadata version had them",
	},
}
