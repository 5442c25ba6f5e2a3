package kafkaconf

import "github.com/kcheck/kcheck/model"

// consumerRows are the settings of consumers, and of the reader of the output topic.
var consumerRows = []row{
	{
		part: Consumer, name: "enable.auto.commit",
		bearing: Modelled, source: "ConsumerConfig; ConsumerCoordinator, KAFKA-18641",
		doc:     "whether the library commits offsets automatically: Java's classic consumer inside poll and close, up to what earlier polls returned; others by a timer",
		assumed: "false",
		libraries: defaults{
			model.Sarama:  "true", // Consumer.Offsets.AutoCommit.Enable
			model.KafkaGo: "true", // Reader.ReadMessage commits what it returns
			model.FranzGo: "true",
			model.KafkaJS: "true", model.Aiokafka: "true", model.KafkaPython: "true",
		},
		prices: []Price{
			{"false", Cost{1, 0, 1, 0, "the application itself commits, after each batch that it has processed", docConsumer + ", enable.auto.commit"}},
			{"true", risky(1, 2, "the library commits what the loop has returned from", docConsumer+", enable.auto.commit")},
		},
	},
	{
		client: model.Librdkafka, part: Consumer, name: "enable.auto.offset.store",
		bearing: Modelled, source: "librdkafka 2.15, CONFIGURATION.md and INTRODUCTION.md",
		doc: "whether an offset counts as consumed when the message is handed out, so that the timer may commit it before it is processed",
		prices: []Price{
			{"false", free(2, "the application stores the offset of each message that it has processed", "librdkafka, CONFIGURATION.md")},
			{"true", risky(1, 2, "an offset counts as consumed when the message is handed out", "librdkafka, CONFIGURATION.md")},
		},
	},
	{
		part: Consumer, name: "auto.offset.reset",
		bearing: Modelled, source: "ConsumerConfig; SubscriptionState",
		doc:     "where to begin without a valid committed offset: at the start (repeats), at the end (skips), or not at all (none: an error)",
		assumed: "earliest",
		libraries: defaults{
			model.Sarama:   "latest",   // Consumer.Offsets.Initial = OffsetNewest
			model.KafkaGo:  "earliest", // ReaderConfig.StartOffset = FirstOffset
			model.FranzGo:  "earliest", // resetOffset = NewOffset().AtStart()
			model.KafkaJS:  "latest",   // fromBeginning = false
			model.Aiokafka: "latest", model.KafkaPython: "latest",
		},
		prices: []Price{
			{"earliest", Cost{1, 0, 1, 0, "a group without a position reads everything that is left again", docConsumer + ", auto.offset.reset"}},
			{"none", Cost{1, 2, 0, 0, "a group without a position stops until a person sets one", docConsumer + ", auto.offset.reset"}},
			{"latest", risky(1, 2, "a group without a position skips what is in the log", docConsumer+", auto.offset.reset")},
		},
	},
	{
		client: model.Scala08, part: Consumer, name: "auto.offset.reset",
		words:   map[string]string{"earliest": "smallest", "latest": "largest"},
		bearing: Modelled, source: "ConsumerConfig 0.8.2",
		doc: "where to begin without a valid offset: smallest or largest, the default",
	},
	{
		part: Consumer, name: "isolation.level",
		bearing: Modelled, source: "ConsumerConfig; KIP-98",
		doc: "whether records of open and aborted transactions are returned; read_uncommitted by default in Java",
		libraries: defaults{
			model.Sarama:   "read_uncommitted",
			model.KafkaGo:  "read_uncommitted",
			model.FranzGo:  "read_uncommitted",
			model.KafkaJS:  "read_committed", // readUncommitted = false
			model.Aiokafka: "read_uncommitted", model.KafkaPython: "read_uncommitted", model.Librdkafka: "read_uncommitted ; 1.4=read_committed",
		},
		only: Transfer,
		prices: []Price{
			{"read_committed", Cost{1, 1, 0, 0, "records are readable once their transaction has ended", "KIP-98"}},
		},
	},
	{
		part: Downstream, name: "isolation.level",
		assumed: "read_committed",
		only:    Transfer,
		prices: []Price{
			{"read_committed", Cost{1, 1, 0, 0, "outputs are readable once their transaction has ended", "KIP-98"}},
			{"read_uncommitted", risky(1, 3, "outputs of aborted transactions are read", "KIP-98")},
		},
	},
	{
		part: Consumer, name: "group.protocol",
		bearing: Modelled, source: "ConsumerConfig; KIP-848, KAFKA-18641",
		doc:     "the classic group protocol or the new one, whose consumer commits in the background before KAFKA-18641",
		lacking: []model.Client{model.Sarama, model.KafkaGo, model.FranzGo, model.KafkaJS, model.Aiokafka, model.KafkaPython},
	},
	{
		part: Consumer, name: "auto.commit.interval.ms",
		bearing: Explained, source: "ConsumerConfig",
		doc: "how often the library commits; in the model it may commit at every moment at which it looks at the clock",
		libraries: defaults{
			model.Sarama:   "1000", // Consumer.Offsets.AutoCommit.Interval
			model.FranzGo:  "5000",
			model.Aiokafka: "5000", model.KafkaPython: "5000",
		},
	},
	{
		part: Consumer, name: "session.timeout.ms",
		bearing: Checked, source: "ConsumerConfig; AbstractCoordinator",
		doc: "how long a member without heartbeats stays in the group; a member that is removed while it works is the fault rebalance, whichever of this and max.poll.interval.ms is the shorter; it bounds the time between polls where heartbeats depend on the loop (Java before 0.10.1, kafkajs), and is added to that of a static member",
		libraries: defaults{
			model.Sarama:  "10000", // Consumer.Group.Session.Timeout
			model.KafkaGo: "30000",
			model.FranzGo: "45000",
			model.KafkaJS: "30000", model.Aiokafka: "10000", model.KafkaPython: "10000 ; 3.0=45000",
		},
	},
	{
		part: Consumer, name: "heartbeat.interval.ms",
		bearing: Checked, source: "ConsumerConfig, Heartbeat",
		doc: "how often a member shows that it is alive; less than session.timeout.ms",
		libraries: defaults{
			model.Sarama:  "3000",
			model.KafkaGo: "3000",
			model.FranzGo: "3000",
			model.KafkaJS: "3000", model.Aiokafka: "3000", model.KafkaPython: "3000",
		},
	},
	{
		part: Consumer, name: "max.poll.interval.ms",
		bearing: Modelled, source: "ConsumerConfig; KIP-62",
		doc: "how long a member may take between polls before it loses its partitions: because of slow processing that is the fault rebalance; a process with an output topic loses them also while it waits for an output that can get no answer, where this is not longer than a delivery (delivery.timeout.ms)",
	},
	{
		part: Consumer, name: "max.poll.records",
		bearing: Modelled, source: "ConsumerConfig; ShareAcquireMode",
		doc: "how many records a poll returns; the model lets a poll return any number, but that of a share group's consumer with share.acquire.mode=record_limit",
	},
	{
		part: Consumer, name: "group.id",
		bearing: Explained, source: "ConsumerConfig",
		doc: "names the group whose offsets are committed; app.group says whether it has a position",
	},
	{
		part: Consumer, name: "group.instance.id",
		bearing: Modelled, source: "KIP-345, KIP-814; GroupCoordinator.updateStaticMemberAndRebalance, AbstractCoordinator.maybeLeaveGroup",
		doc: "a static member: started again within session.timeout.ms it has its partitions back without a rebalance, from the committed " +
			"offset. A member that is slow, or was replaced by another with its id, is refused what it commits (FENCED_INSTANCE_ID), " +
			"as a dynamic one is: that is the fault rebalance. Before 3.2 a leader that comes back does not know that it leads, and " +
			"nobody looks for new partitions. After max.poll.interval.ms without a poll it loses them only when its session has run out as well",
		lacking: []model.Client{model.KafkaGo, model.KafkaJS},
	},
	{
		part: Consumer, name: "partition.assignment.strategy",
		bearing: Explained, source: "ConsumerConfig",
		doc: "which member gets which partition; the model has one partition",
	},
	{
		part: Consumer, name: "client.rack",
		bearing: Explained, source: "KIP-392",
		doc: "lets the consumer read from a follower, whose high watermark lags: a delay, not a loss",
	},
	{
		client: model.Scala08, part: Consumer, name: "auto.commit.enable", java: "enable.auto.commit",
		bearing: Modelled, source: "ConsumerConfig, ZookeeperConsumerConnector 0.8.2",
		doc: "whether a timer commits offsets, up to the message handed out last, whether it was processed or not",
	},
	{
		client: model.Scala08, part: Consumer, name: "auto.commit.interval.ms",
		bearing: Explained, source: "ConsumerConfig 0.8.2",
		doc: "how often the timer commits",
	},
	{
		client: model.Scala08, part: Consumer, name: "offsets.storage",
		bearing: Explained, source: "ConsumerConfig 0.8.2",
		doc: "whether offsets are kept in ZooKeeper or in Kafka",
	},
	{
		client: model.Scala08, part: Consumer, name: "fetch.wait.max.ms", java: "fetch.max.wait.ms",
	},
	{
		client: model.Scala08, part: Consumer, name: "fetch.message.max.bytes", java: "max.partition.fetch.bytes",
	},
	{
		client: model.Scala08, part: Consumer, name: "socket.receive.buffer.bytes", java: "receive.buffer.bytes",
	},
}
