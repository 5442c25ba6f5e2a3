package kafkaconf

// appRows are the keys of the parts that no Kafka file has: the application, the switches of the model and the scope.
var appRows = []row{
	{
		part: App, name: "framework", kind: "string",
		bearing: Checked,
		doc: "what the code is written with, NAME or NAME:VERSION: it sets the other keys, and settings of Kafka, where nobody " +
			"says otherwise (kcheck list frameworks)",
	},
	{
		part: App, name: "producer-client", kind: "string",
		bearing: Modelled,
		doc:     "the client library that sends, NAME or NAME-VERSION: java, librdkafka, scala-0.8, sarama, kafka-go, franz-go, kafkajs, aiokafka, kafka-python",
	},
	{
		part: App, name: "consumer-client", kind: "string",
		bearing: Modelled,
		doc:     "the client library that receives; the same names as producer-client",
	},
	{
		part: App, name: "send", kind: "string", valid: "callback|wait|forget", value: "callback",
		bearing: Modelled,
		doc: "whether the application waits for each result, gets errors in a callback, or never sees them; with " +
			"output: kafka and no transaction also whether a commit waits for the outputs",
		values: sendValues,
		prices: []Price{
			{"callback", free(2, "the application handles the result of each send", docSemantics)},
			{"wait", Cost{2, 2, 3, 0, "each send waits for its result", docSemantics}},
			{"forget", risky(2, 3, "a failed send is never reported to the application", docSemantics)},
		},
	},
	{
		part: App, name: "on-send-error", kind: "string", valid: "give-up|resend", value: "give-up",
		bearing: Modelled,
		values:  onSendErrorValues,
		doc:     "what the application does when it is told that a send failed",
		prices: []Price{
			{"resend", Cost{2, 1, 0, 0, "the application keeps a message until its send succeeds, and may send it twice", docSemantics}},
			{"give-up", risky(2, 3, "a message whose send failed is dropped by the application", docSemantics)},
		},
	},
	{
		part: App, name: "on-restart", kind: "string", valid: "forget|resend", value: "forget",
		bearing: Modelled,
		values:  onRestartValues,
		doc:     "whether messages without an acknowledgement are sent again after a crash of the producer",
		prices: []Price{
			{"resend", Cost{3, 1, 1, 0, "the application keeps what it sends on disk until it is acknowledged (an outbox)", docSemantics}},
			{"forget", risky(2, 2, "what was in memory dies with the process", docSemantics)},
		},
	},
	{
		part: App, name: "process", kind: "string", valid: "inline|handoff|parallel", value: "inline",
		bearing: Modelled,
		doc:     "whether messages are processed in the poll loop, by another thread in order, or several at a time in any order",
		values:  processValues,
		only:    Sink,
		prices: []Price{
			{"inline", Cost{2, 1, 2, 0, "messages are processed in the poll loop, one thread for each partition", "KafkaConsumer, Multi-threaded Processing"}},
		},
	},
	{
		part: App, name: "commit", kind: "string", valid: "before-processing|after-processing|auto|in-transaction|before-transaction|after-transaction", value: "after-processing",
		bearing: Modelled,
		values:  commitValues,
		doc:     "when the application commits its offsets",
		prices: []Price{
			{"after-processing", free(2, "offsets are committed after processing: a crash in between processes again", docSemantics)},
			{"before-processing", risky(2, 2, "offsets are committed before processing: a crash in between loses messages", docSemantics)},
			{"in-transaction", Cost{2, 1, 1, 0, "offsets are committed with the output", "KIP-98"}},
		},
	},
	{
		part: App, name: "commit-position", kind: "string", valid: "finished-prefix|highest-finished|delivered", value: "finished-prefix",
		bearing: Modelled,
		doc: "which position is committed after processing, or marked for a library that commits what is marked: before which all " +
			"is finished, behind the last finished record, or behind what was handed over",
		only:   Sink,
		values: commitPositionValues,
		prices: []Price{
			{"finished-prefix", Cost{2, 0, 1, 0, "the application keeps track of what is finished and commits only before the first gap", "KafkaConsumer, Multi-threaded Processing"}},
		},
	},
	{
		part: App, name: "on-commit-failure", kind: "string", valid: "retry|ignore|rethrow", value: "retry",
		bearing: Modelled,
		doc:     "what the application does when a commit of offsets fails: it commits again, goes on, or does as if processing had thrown",
		values:  onCommitFailureValues,
		prices: []Price{
			{"retry", free(2, "a commit that fails is repeated", "KafkaConsumer.commitSync")},
		},
	},
	{
		part: App, name: "on-revoke", kind: "string", valid: "commit|nothing", value: "commit",
		bearing: Modelled,
		doc:     "what the application does when it is told that it loses the partition: it commits what commit-position says, or nothing",
		values:  onRevokeValues,
		prices: []Price{
			{"commit", free(2, "the application commits what it has finished when partitions are revoked", "ConsumerRebalanceListener.onPartitionsRevoked")},
		},
	},
	{
		part: App, name: "commit-offset", kind: "string", valid: "next|current", value: "next",
		bearing: Modelled,
		values:  commitOffsetValues,
		doc:     "which offset is committed: of the next message, or of the one just processed (the off-by-one)",
		prices: []Price{
			{"next", free(1, "the committed offset is that of the next message", "KafkaConsumer.commitSync")},
		},
	},
	{
		part: App, name: "effect", kind: "string", valid: "plain|idempotent|transactional", value: "plain",
		bearing: Modelled,
		values:  effectValues,
		doc:     "what processing a message twice does: it counts twice, once, or the effect is stored together with the offset",
		only:    Sink,
		prices: []Price{
			{"idempotent", Cost{3, 0, 1, 0, "effects are keyed by message, so that a second time changes nothing", docSemantics}},
			{"transactional", Cost{3, 1, 1, 0, "effect and offset are stored in one transaction of the external store", docSemantics}},
		},
	},
	{
		part: App, name: "on-exception", kind: "string", valid: "rethrow|close|skip|dead-letter", value: "rethrow",
		bearing: Modelled,
		doc:     "whether the loop ends when processing throws, with or without close() of its consumer, or goes on without the record",
		values:  onExceptionValues,
		prices: []Price{
			{"dead-letter", Cost{2, 1, 0, 0, "a record that cannot be processed goes to another topic, and somebody looks after it", "spring-kafka, DeadLetterPublishingRecoverer"}},
			{"rethrow", free(2, "the loop ends without closing its consumer, so that nothing is committed on the way out", "KafkaConsumer.close")},
		},
	},
	{
		part: App, name: "attempts", kind: "int", valid: "1..", value: "1",
		bearing: Modelled,
		doc:     "how often processing a record is tried before on-exception says what becomes of it",
		values:  attemptsValues,
	},
	{
		part: App, name: "on-stop", kind: "string", valid: "close|exit", value: "close",
		bearing: Modelled,
		doc:     "what the application does when it is stopped in order: it flushes and closes its clients, or just exits",
		values:  onStopValues,
		prices: []Price{
			{"close", free(2, "the application closes its clients before it exits", "KafkaProducer.close, KafkaConsumer.close")},
		},
	},
	{
		part: App, name: "restarts", kind: "boolean", value: "true",
		bearing: Modelled,
		doc:     "whether a process that has ended is started again by somebody",
		values:  restartsValues,
	},
	{
		part: App, name: "on-abort", kind: "string", valid: "rewind|continue", value: "rewind",
		bearing: Modelled,
		values:  onAbortValues,
		doc:     "whether the application moves its consumer back after an aborted transaction",
		only:    Transfer,
		prices: []Price{
			{"rewind", free(2, "after an aborted transaction the consumer goes back to the committed offsets", "KIP-98")},
		},
	},
	{
		part: App, name: "on-restart-transaction", kind: "string", valid: "abort|resume", value: "abort",
		bearing: Modelled,
		doc:     "whether a process that is started again aborts the transaction of its predecessor, or commits it for an external coordinator",
		only:    Transfer,
		values:  onRestartTransactionValues,
		prices: []Price{
			{"resume", Cost{3, 1, 1, 0, "an external coordinator keeps offset and transaction together and commits later", "KIP-939"}},
		},
	},
	{
		part: App, name: "transactional-id", kind: "string", valid: "per-instance|per-partition|random", value: "per-instance",
		bearing: Modelled,
		doc:     "how processes choose their transactional.id: what a restart keeps, and what a rebalance hands over",
		only:    Transfer,
		values:  transactionalIDValues,
		retired: map[string]string{
			"stable": "write per-instance if each process has its own transactional.id, or per-partition if it goes with the input partition",
		},
		prices: []Price{
			{"per-instance", free(2, "each instance has a transactional.id of its own that a restart keeps", "KIP-98, KIP-447")},
			{"per-partition", Cost{2, 1, 1, 0, "a producer for each input partition, whose transactional.id follows from the partition", "KIP-98"}},
		},
	},
	{
		part: App, name: "group-metadata", kind: "boolean", value: "true",
		bearing: Modelled,
		values:  groupMetadataValues,
		doc:     "whether the metadata of the group is passed with the offsets of a transaction (KIP-447)",
		only:    Transfer,
		prices: []Price{
			{"true", free(2, "the consumer's group metadata is passed with the offsets", "KIP-447")},
		},
	},
	{
		part: App, name: "group", kind: "string", valid: "existing|new", value: "existing",
		bearing: Modelled,
		values:  groupValues,
		doc:     "whether the group has committed a position before the run",
	},
	{
		part: App, name: "output", kind: "string", valid: "none|kafka", value: "none",
		bearing: Modelled,
		values:  outputValues,
		doc:     "whether processing a message produces a record to an output topic",
	},
	{
		part: Model, name: "replicate-from", kind: "string", valid: "page-cache|disk", value: "page-cache",
		bearing: Modelled,
		doc:     "whether followers copy what is in the leader's page cache, as Kafka does, or only what was flushed",
	},
	{
		part: Scope, name: "messages", kind: "int", valid: "1..4", value: "2",
		bearing: Modelled,
		doc:     "how many messages the application sends",
	},
}
