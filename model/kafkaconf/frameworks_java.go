package kafkaconf

// javaFrameworks are other frameworks and libraries around Kafka's Java clients.
//
// Sources: smallrye/smallrye-reactive-messaging 5.0.0-beta4, micronaut-projects/micronaut-kafka 5.7,
// apache/pekko-connectors-kafka 1.2 and the Alpakka Kafka that it was forked from, confluentinc/parallel-consumer 0.5.3.3.
var javaFrameworks = []framework{
	{
		name: "quarkus", aliases: []string{"smallrye"}, doc: "channels of SmallRye Reactive Messaging, as Quarkus applications have them",
		source: "KafkaConnector", versions: []string{"2", "3"},
		settings: []presetRow{
			{part: Producer, key: "acks", value: "1", source: "KafkaConnector, attribute acks"},
			{part: Producer, key: "retries", value: "2147483647", source: "KafkaConnector, attribute retries"},
			{part: Consumer, key: "enable.auto.commit", value: "false", source: "KafkaConnector, attribute enable.auto.commit"},
			{part: Consumer, key: "auto.offset.reset", value: "latest", source: "KafkaConnector, attribute auto.offset.reset"},
			{part: App, key: "send", value: "wait", when: toKafka, source: "KafkaConnector, attribute waitForWriteCompletion: the input is acknowledged after the output"},
			{part: App, key: "send", value: "callback", when: notToKafka, source: "KafkaSink: a message is acknowledged, or not, when its write has ended"},
			{part: App, key: "on-send-error", value: "give-up", source: "KafkaSink"},
			{part: App, key: "on-restart", value: "forget", source: "KafkaSink"},
			{part: App, key: "process", value: "inline", source: "KafkaSource"},
			{part: App, key: "commit", value: "after-processing", when: commitsByHand, source: "KafkaThrottledLatestProcessedCommit"},
			{part: App, key: "commit-position", value: "finished-prefix", when: commitsByHand, source: "KafkaThrottledLatestProcessedCommit"},
			{part: App, key: "on-commit-failure", value: "ignore", when: commitsByHand, source: "KafkaThrottledLatestProcessedCommit: a failure is logged"},
			{part: App, key: "on-revoke", value: "commit", when: commitsByHand, source: "KafkaThrottledLatestProcessedCommit.partitionsRevoked"},
			{part: App, key: "on-stop", value: "close", source: "KafkaThrottledLatestProcessedCommit.terminate"},
			{part: App, key: "attempts", value: "1", source: "KafkaFailureHandler"},
			{part: App, key: "on-exception", value: "rethrow", source: "KafkaFailStop"},
		},
		modes: []presetMode{
			{name: "commit-strategy=throttled", doc: "commits what all before it is processed; the default without auto commit", settings: []presetRow{
				{part: App, key: "commit", value: "after-processing", when: commitsByHand, source: "KafkaThrottledLatestProcessedCommit"}}},
			{name: "commit-strategy=latest", doc: "commits the highest record that is processed", settings: []presetRow{
				{part: App, key: "commit", value: "after-processing", when: commitsByHand, source: "KafkaLatestCommit"},
				{part: App, key: "commit-position", value: "highest-finished", when: commitsByHand, source: "KafkaLatestCommit"},
				{part: App, key: "on-revoke", value: "nothing", when: commitsByHand, source: "KafkaLatestCommit"}}},
			{name: "commit-strategy=ignore", doc: "the connector commits nothing: the client does, or the application; the default with auto commit"},
			{name: "failure-strategy=fail", doc: "the application is reported unhealthy and reads no more; the default", settings: []presetRow{
				{part: App, key: "on-exception", value: "rethrow", source: "KafkaFailStop"}}},
			{name: "failure-strategy=ignore", doc: "the failure is logged and the record is acknowledged", settings: []presetRow{
				{part: App, key: "on-exception", value: "skip", source: "KafkaIgnoreFailure"}}},
			{name: "failure-strategy=dead-letter-queue", doc: "the record is sent to a dead-letter topic", settings: []presetRow{
				{part: App, key: "on-exception", value: "dead-letter", source: "KafkaDeadLetterQueue"}}},
		},
		notes: []presetNote{
			{mode: "commit-strategy=ignore", when: commitsByHand, text: "commit-strategy=ignore without auto commit: nothing commits unless the application does; say when with --set app.commit"},
			{mode: "failure-strategy=fail", text: "after a failure the application reads no more until something restarts it, such as a liveness probe"},
		},
	},
	{
		name: "micronaut", doc: "@KafkaClient and @KafkaListener of Micronaut Kafka", source: "KafkaConsumerProcessor", versions: []string{"4", "5"},
		settings: []presetRow{
			{part: Consumer, key: "enable.auto.commit", value: "true", source: "KafkaListener.offsetStrategy = AUTO"},
			{part: Consumer, key: "auto.offset.reset", value: "latest", source: "KafkaListener.offsetReset = LATEST"},
			{part: App, key: "send", value: "wait", source: "KafkaClientIntroductionAdvice: a method that returns no publisher and no future waits"},
			{part: App, key: "on-send-error", value: "give-up", source: "KafkaClientIntroductionAdvice"},
			{part: App, key: "on-restart", value: "forget", source: "KafkaClientIntroductionAdvice"},
			{part: App, key: "process", value: "inline", source: "ConsumerStateSingle.processRecords"},
			{part: App, key: "commit", value: "auto", when: commitsItself, source: "KafkaListener.offsetStrategy = AUTO"},
			{part: App, key: "commit", value: "after-processing", when: commitsByHand, source: "OffsetStrategy.SYNC and SYNC_PER_RECORD"},
			{part: App, key: "on-commit-failure", value: "ignore", when: commitsByHand, source: "ConsumerStateSingle.commitSync: a failure goes to the exception handler"},
			{part: App, key: "attempts", value: "1", source: "ErrorStrategyValue.NONE"},
			{part: App, key: "on-exception", value: "skip", source: "ErrorStrategyValue.NONE, ConsumerStateSingle.resolveWithErrorStrategy"},
			{part: App, key: "on-stop", value: "close", source: "ConsumerState.close"},
		},
		notes: []presetNote{
			{text: "with the default error strategy what else a poll returned of the partition is skipped together with the record that failed; kcheck skips the one record", when: notToKafka},
		},
	},
	{
		name: "alpakka", aliases: []string{"pekko"}, doc: "Consumer.committableSource with a Committer of Alpakka Kafka or Pekko Connectors Kafka",
		source: "Committer, reference.conf", versions: []string{"1.0", "1.1", "1.2"},
		settings: []presetRow{
			{part: Consumer, key: "enable.auto.commit", value: "false", source: "reference.conf, kafka.consumer.kafka-clients"},
			{part: App, key: "send", value: "wait", when: toKafka.and(noTransaction), source: "CommittingProducerSinkStage: an offset is committed after the answer to its output"},
			{part: App, key: "send", value: "callback", when: notToKafka, source: "DefaultProducerStage"},
			{part: App, key: "on-send-error", value: "give-up", source: "DefaultProducerStage: the stream fails"},
			{part: App, key: "on-restart", value: "forget", source: "DefaultProducerStage"},
			{part: App, key: "process", value: "inline", source: "SingleSourceLogic"},
			{part: App, key: "commit", value: "in-transaction", when: toKafka.and(inTransaction), source: "TransactionalProducerStage"},
			{part: App, key: "transactional-id", value: "per-instance", when: inTransaction, source: "Transactional.source"},
			{part: App, key: "group-metadata", value: "false", when: inTransaction, source: "TransactionalProducerStage.commitTransaction: new ConsumerGroupMetadata(group), which has no generation (Alpakka Kafka 3.0, Pekko 1.0 to 1.2)"},
			{part: App, key: "commit", value: "after-processing", when: commitsByHand.and(noTransaction), source: "Committer.sink"},
			{part: App, key: "commit-position", value: "finished-prefix", when: commitsByHand.and(noTransaction), source: "CommitCollectorStage, in the order of the stream"},
			{part: App, key: "on-commit-failure", value: "rethrow", when: commitsByHand, source: "CommitDelivery.WaitForAck: the stream fails"},
			{part: App, key: "on-revoke", value: "nothing", when: commitsByHand, source: "KafkaConsumerActor, PartitionAssignmentHandler"},
			{part: App, key: "attempts", value: "1", source: "the default supervision of a stream"},
			{part: App, key: "on-exception", value: "rethrow", source: "the default supervision of a stream: stop"},
		},
		notes: []presetNote{
			{text: "a stage that changes the order, such as mapAsyncUnordered, makes the Committer commit the highest offset: say so with --set app.process=parallel and app.commit-position=highest-finished", when: commitsByHand},
		},
	},
	{
		name: "parallel-consumer", doc: "Confluent's Parallel Consumer: many records of a partition at a time, each key in order",
		source: "ParallelConsumerOptions", versions: []string{"0.5.2", "0.5.3"},
		settings: []presetRow{
			{part: Consumer, key: "enable.auto.commit", value: "false", source: "AbstractParallelEoSStreamProcessor.checkAutoCommitIsDisabled"},
			{part: App, key: "process", value: "parallel", source: "ParallelConsumerOptions.ordering = KEY"},
			{part: App, key: "commit", value: "after-processing", when: noTransaction, source: "CommitMode.PERIODIC_CONSUMER_ASYNCHRONOUS"},
			{part: App, key: "commit-position", value: "finished-prefix", when: noTransaction, source: "PartitionState.getOffsetHighestSequentialSucceeded"},
			{part: App, key: "on-commit-failure", value: "ignore", source: "ConsumerOffsetCommitter.commitOffsets, asynchronous"},
			{part: App, key: "on-revoke", value: "commit", source: "AbstractParallelEoSStreamProcessor.onPartitionsRevoked"},
			{part: App, key: "on-stop", value: "close", source: "AbstractParallelEoSStreamProcessor.close"},
			{part: App, key: "on-exception", value: "rethrow", source: "a record that fails is tried again after defaultMessageRetryDelay, for ever"},
		},
		notes: []presetNote{
			{text: "before 0.5.3.2 it commits the highest offset that it has seen when it closes or loses partitions (confluentinc/parallel-consumer 826): --set app.commit-position=delivered", releases: "..0.5.3.1"},
			{text: "offsets that are finished behind an unfinished one are kept in the metadata of the commit and are not processed again; kcheck processes them again", when: noTransaction},
		},
	},
}
