package kafkaconf

// kafkaFrameworks are the frameworks that Kafka itself releases.
//
// Sources: org.apache.kafka.connect.runtime, org.apache.kafka.streams and org.apache.kafka.connect.mirror, 2.8 to 4.4.
var kafkaFrameworks = []framework{
	{
		name: "kafka-connect-source", doc: "a source connector in a Kafka Connect worker", source: "Worker, AbstractWorkerSourceTask",
		settings: connectSourceRows,
		modes: []presetMode{
			{name: "exactly.once.source.support=enabled", doc: "records and the position in the source in one transaction (KIP-618)", when: inTransaction, settings: []presetRow{
				// the position is in the transaction: after a failure nothing is sent a second time. To the model, which knows
				// transactions only together with an input topic, that is a message that is not sent again
				{part: Producer, key: "enable.idempotence", value: "true", enforced: true, source: "Worker.exactlyOnceSourceTaskProducerConfigs"},
				{part: App, key: "on-send-error", value: "give-up", source: "ExactlyOnceWorkerSourceTask"},
				{part: App, key: "on-restart", value: "forget", source: "ExactlyOnceWorkerSourceTask"}}},
			{name: "errors.tolerance=all", doc: "a record that cannot be sent is skipped (KIP-779)", settings: []presetRow{
				{part: App, key: "on-send-error", value: "give-up", source: "AbstractWorkerSourceTask.sendRecords, KIP-779"}}},
		},
		notes: []presetNote{
			{text: "the tasks send in transactions together with the position in their source; kcheck follows the idempotent producer, not the transaction", mode: "exactly.once.source.support=enabled"},
			{text: "what the connector keeps as the position in its source is its own: a position that confirms more than one record of an event loses the rest (debezium/dbz 2549)"},
		},
	},
	{
		name: "kafka-connect-sink", doc: "a sink connector in a Kafka Connect worker", source: "WorkerSinkTask", settings: connectSinkRows,
		modes: []presetMode{
			{name: "errors.tolerance=all", doc: "a record that cannot be converted is skipped"},
		},
		notes: []presetNote{
			{text: "a task that has failed stays failed until a person restarts it (REST); kcheck starts it again"},
			{text: "the verdict rests on the connector: put() and flush() have written what preCommit() returns; one that only queues in put() loses what it holds (--set app.process=handoff --set app.commit=before-processing)"},
			{text: "a record that cannot be converted is skipped, which kcheck does not follow", mode: "errors.tolerance=all"},
		},
	},
	{
		name: "kafka-streams", doc: "an application of Kafka Streams", source: "StreamsConfig",
		settings: streamsRows,
		modes: []presetMode{
			{name: "processing.guarantee=at_least_once", doc: "the default"},
			{name: "processing.guarantee=exactly_once_v2", doc: "input, output and state in one transaction", when: inTransaction, settings: []presetRow{
				{part: Producer, key: "enable.idempotence", value: "true", enforced: true, source: "StreamsConfig.EOS_ENABLED"},
				{part: Producer, key: "delivery.timeout.ms", value: "2147483647", source: "StreamsConfig.PRODUCER_EOS_OVERRIDES"},
				{part: Producer, key: "transaction.timeout.ms", value: "10000", source: "StreamsConfig.PRODUCER_EOS_OVERRIDES"},
				{part: Consumer, key: "isolation.level", value: "read_committed", enforced: true, source: "StreamsConfig.CONSUMER_EOS_OVERRIDES"},
				{part: App, key: "commit", value: "in-transaction", source: "TaskExecutor.commitTasksAndMaybeUpdateCommittableOffsets"},
				{part: App, key: "on-abort", value: "rewind", source: "TaskManager.handleLostAll"},
				{part: App, key: "group-metadata", value: "true", source: "StreamsProducer.commitTransaction"},
				{part: App, key: "transactional-id", value: "random", source: "ActiveTaskCreator: application.id, the id of the process, and the thread"}}},
		},
		notes: []presetNote{
			{text: "after an exception of the application the client shuts down and stays down (SHUTDOWN_CLIENT) until somebody starts it again; kcheck starts it again"},
			{text: "state stores and their changelogs are not followed beyond the delivery of records: a store that is ahead of the committed offsets, or is lost on a move, is not found"},
		},
	},
	{
		name: "mirrormaker-2", doc: "MirrorMaker 2: a source connector that reads from another cluster (KIP-382)", source: "MirrorSourceTask",
		settings: slicesOf(connectSourceRows, []presetRow{
			{part: Consumer, key: "enable.auto.commit", value: "false", source: "MirrorConnectorConfig.sourceConsumerConfig"},
			{part: Consumer, key: "auto.offset.reset", value: "earliest", source: "MirrorConnectorConfig.sourceConsumerConfig"},
			{part: App, key: "commit", value: "after-processing", source: "MirrorSourceTask: Connect stores the offset of the source after the acknowledgement"},
		}),
		modes: []presetMode{
			{name: "exactly.once.source.support=enabled", doc: "records and the offset of the source in one transaction (KIP-618)", when: inTransaction, settings: []presetRow{
				{part: Producer, key: "enable.idempotence", value: "true", enforced: true, source: "Worker.exactlyOnceSourceTaskProducerConfigs"},
				{part: App, key: "on-send-error", value: "give-up", source: "ExactlyOnceWorkerSourceTask"},
				{part: App, key: "on-restart", value: "forget", source: "ExactlyOnceWorkerSourceTask"}}},
		},
		notes: []presetNote{
			{text: "kcheck follows a message into a topic by this producer and out of a topic by this consumer; the step between them, at least once, is not a step of the model"},
			{text: "the tasks send in transactions together with the offset in their source; kcheck follows the idempotent producer, not the transaction", mode: "exactly.once.source.support=enabled"},
			{text: "the translation of group offsets to the other cluster is not followed: a group that fails over may begin too early or, before KAFKA-12468 was mended in 3.5, behind records that it has not read"},
		},
	},
}

// connectSourceRows: a source task stores the position in its source only after the acknowledgement of its records, and
// reads on from there after a failure.
var connectSourceRows = slicesOf(connectSourceProducer, []presetRow{
	{part: App, key: "send", value: "callback", source: "AbstractWorkerSourceTask.sendRecords"},
	{part: App, key: "on-send-error", value: "resend", source: "AbstractWorkerSourceTask: the task fails before its position is stored"},
	{part: App, key: "on-restart", value: "resend", source: "OffsetStorageReader: the task reads on from the stored position"},
})

// connectSourceProducer is the producer of a source task.
var connectSourceProducer = []presetRow{
	{part: Producer, key: "acks", value: "all", source: "Worker.baseProducerConfigs"},
	{part: Producer, key: "enable.idempotence", value: "false", source: "Worker.baseProducerConfigs, KAFKA-13759"},
	{part: Producer, key: "max.in.flight.requests.per.connection", value: "1", source: "Worker.baseProducerConfigs"},
	{part: Producer, key: "max.block.ms", value: "9223372036854775807", source: "Worker.baseProducerConfigs"},
	{part: Producer, key: "delivery.timeout.ms", value: "2147483647", source: "Worker.baseProducerConfigs"},
}

// connectSinkRows: a sink task commits what preCommit returns, which by default is what flush has written.
var connectSinkRows = []presetRow{
	{part: Consumer, key: "enable.auto.commit", value: "false", source: "Worker.baseConsumerConfigs"},
	{part: Consumer, key: "auto.offset.reset", value: "earliest", source: "Worker.baseConsumerConfigs"},
	{part: App, key: "process", value: "inline", source: "WorkerSinkTask.deliverMessages"},
	{part: App, key: "commit", value: "after-processing", source: "SinkTask.preCommit: flush, then the current offsets"},
	{part: App, key: "commit-position", value: "finished-prefix", source: "WorkerSinkTask.currentOffsets"},
	{part: App, key: "on-commit-failure", value: "ignore", source: "WorkerSinkTask.onCommitCompleted: a failure is logged"},
	{part: App, key: "on-revoke", value: "commit", source: "WorkerSinkTask.HandleRebalance.onPartitionsRevoked"},
	{part: App, key: "on-stop", value: "close", source: "WorkerSinkTask.execute, closeAllPartitions"},
	{part: App, key: "attempts", value: "1", source: "WorkerSinkTask.deliverMessages"},
	{part: App, key: "on-exception", value: "close", source: "WorkerSinkTask.deliverMessages: the task is killed"},
}

// streamsRows: a stream thread commits what it has read once its producer has flushed everything. When a send fails for
// good it ends without a commit, and what it had read since the last one is read, processed and sent again.
var streamsRows = []presetRow{
	{part: Producer, key: "linger.ms", value: "100", source: "StreamsConfig.PRODUCER_DEFAULT_OVERRIDES"},
	{part: Consumer, key: "auto.offset.reset", value: "earliest", source: "StreamsConfig.CONSUMER_DEFAULT_OVERRIDES"},
	{part: Consumer, key: "enable.auto.commit", value: "false", enforced: true, source: "StreamsConfig.checkIfUnexpectedUserSpecifiedConsumerConfig"},
	{part: App, key: "output", value: "kafka", source: "StreamsProducer"},
	{part: App, key: "send", value: "wait", when: noTransaction, source: "RecordCollectorImpl.flush before each commit"},
	{part: App, key: "on-send-error", value: "resend", when: noTransaction, source: "DefaultProductionExceptionHandler FAIL: the thread ends without a commit, and what it had read is sent again"},
	{part: App, key: "commit", value: "after-processing", when: noTransaction, source: "TaskExecutor.commitTasksAndMaybeUpdateCommittableOffsets"},
	{part: App, key: "commit-position", value: "finished-prefix", when: noTransaction, source: "StreamTask.committableOffsetsAndMetadata"},
	{part: App, key: "on-commit-failure", value: "rethrow", when: noTransaction, source: "TaskExecutor.commitOffsetsOrTransaction: TaskMigratedException, TimeoutException"},
	{part: App, key: "on-revoke", value: "commit", source: "TaskManager.handleRevocation"},
	{part: App, key: "on-stop", value: "close", source: "TaskManager.shutdown"},
	{part: App, key: "process", value: "inline", source: "StreamThread.runOnce"},
	{part: App, key: "attempts", value: "1", source: "StreamTask.process"},
	{part: App, key: "on-exception", value: "rethrow", source: "LogAndFailProcessingExceptionHandler"},
}
