package kafkaconf

// springFrameworks are the frameworks of Spring.
//
// Sources: the tags v1.3.11 to v4.1.1 of spring-projects/spring-kafka, and v3.2.10 to v5.0.3 of
// spring-cloud/spring-cloud-stream.
var springFrameworks = []framework{
	{
		name: "spring-kafka", doc: "a KafkaTemplate, and listeners in a KafkaMessageListenerContainer",
		source:   "KafkaMessageListenerContainer",
		versions: []string{"1.3", "2.0", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "2.9", "3.0", "3.1", "3.2", "3.3", "4.0", "4.1"},
		settings: slicesOf(
			[]presetRow{
				{part: Consumer, key: "enable.auto.commit", value: "false", releases: "2.3..", source: "KafkaMessageListenerContainer.determineAutoCommit"},
				{part: App, key: "attempts", value: "10", releases: "2.5..", source: "DefaultErrorHandler, SeekToCurrentErrorHandler before 2.8: SeekUtils.DEFAULT_MAX_FAILURES; DefaultAfterRollbackProcessor"},
				{part: App, key: "attempts", value: "1", releases: "..2.4", source: "LoggingErrorHandler, BatchLoggingErrorHandler"},
				{part: App, key: "transactional-id", value: "per-partition", releases: "..2.5", when: inTransaction, source: "DefaultKafkaProducerFactory.producerPerConsumerPartition, EOSMode.ALPHA"},
				{part: App, key: "transactional-id", value: "per-instance", releases: "2.6..", when: inTransaction, source: "ContainerProperties.eosMode, EOSMode.BETA and V2"},
				{part: App, key: "group-metadata", value: "false", releases: "..2.5", when: inTransaction, source: "ContainerProperties.eosMode, EOSMode.ALPHA"},
				{part: App, key: "group-metadata", value: "true", releases: "2.6..", when: inTransaction, source: "KafkaMessageListenerContainer.doSendOffsets, EOSMode.V2"},
			}, springContainer),
		modes: []presetMode{
			{name: "ack-mode=record", doc: "commits after each record", settings: springCommits},
			{name: "ack-mode=batch", doc: "commits after what a poll returned; the default", settings: springCommits},
			{name: "ack-mode=time", doc: "commits what is processed when ack-time has passed", settings: springCommits},
			{name: "ack-mode=count", doc: "commits what is processed after ack-count records", settings: springCommits},
			{name: "ack-mode=count-time", doc: "commits at the earlier of both", settings: springCommits},
			{name: "ack-mode=manual", doc: "commits what the listener acknowledged, with what else a poll returned", settings: springManual},
			{name: "ack-mode=manual-immediate", doc: "commits when the listener acknowledges", settings: springManual},
			{name: "async-acks", doc: "acknowledgements in any order; what is committed waits for the oldest", settings: []presetRow{
				{part: App, key: "commit-position", value: "finished-prefix", when: commitsByHand, source: "ContainerProperties.asyncAcks"}}},
			{name: "dead-letter", doc: "a DeadLetterPublishingRecoverer takes what the attempts could not process", settings: []presetRow{
				{part: App, key: "on-exception", value: "dead-letter", source: "DeadLetterPublishingRecoverer, failIfSendResultIsError"}}},
		},
		notes: []presetNote{
			{mode: "ack-mode=manual", text: manualNote},
			{mode: "ack-mode=manual-immediate", text: manualNote},
			{text: "a commit that fails between poll and listener leaves the position ahead, and what was polled is skipped until a restart; kcheck does not follow that", when: commitsByHand},
		},
	},
	{
		name: "spring-cloud-stream", doc: "the Kafka binder of Spring Cloud Stream, by message channels", source: "KafkaMessageChannelBinder",
		versions: []string{"3.0", "3.1", "3.2", "4.0", "4.1", "4.2", "4.3", "5.0"},
		settings: slicesOf(
			[]presetRow{
				{part: Producer, key: "acks", value: "all", releases: "5.0.2..", source: "KafkaBinderConfigurationProperties.requiredAcks"},
				{part: Producer, key: "acks", value: "1", releases: "..5.0.1", source: "KafkaBinderConfigurationProperties.requiredAcks"},
				{part: Producer, key: "batch.size", value: "16384", source: "BindingUtils, KafkaProducerProperties.bufferSize"},
				{part: Producer, key: "linger.ms", value: "0", source: "BindingUtils, KafkaProducerProperties.batchTimeout"},
				{part: Consumer, key: "enable.auto.commit", value: "false", source: "KafkaBinderConfigurationProperties.mergedConsumerConfiguration"},
				{part: Consumer, key: "auto.commit.interval.ms", value: "100", source: "BindingUtils"},
				{part: Consumer, key: "auto.offset.reset", value: "earliest", source: "BindingUtils"},
				{part: App, key: "send", value: "forget", when: noTransaction, source: "KafkaProducerProperties.sync; KafkaProducerMessageHandler without an error channel"},
				{part: App, key: "attempts", value: "3", source: "ConsumerProperties.maxAttempts"},
				{part: App, key: "transactional-id", value: "per-instance", when: inTransaction, source: "DefaultKafkaProducerFactory, transactionIdPrefix"},
				{part: App, key: "group-metadata", value: "true", when: inTransaction, source: "KafkaMessageListenerContainer.doSendOffsets"},
			}, springContainer),
		modes: []presetMode{
			{name: "ack-mode=record", doc: "commits after each record", settings: springCommits},
			{name: "ack-mode=batch", doc: "commits after what a poll returned; the default", settings: springCommits},
			{name: "ack-mode=time", doc: "commits what is processed when ack-time has passed", settings: springCommits},
			{name: "ack-mode=count", doc: "commits what is processed after ack-count records", settings: springCommits},
			{name: "ack-mode=count-time", doc: "commits at the earlier of both", settings: springCommits},
			{name: "ack-mode=manual", doc: "commits what the function acknowledged", settings: springManual},
			{name: "ack-mode=manual-immediate", doc: "commits when the function acknowledges", settings: springManual},
			{name: "sync=true", doc: "a producer binding waits for each result", settings: []presetRow{{part: App, key: "send", value: "wait", source: "KafkaProducerProperties.sync"}}},
			{name: "enable-dlq=true", doc: "what the attempts could not process goes to a dead-letter topic", settings: []presetRow{
				{part: App, key: "on-exception", value: "dead-letter", source: "KafkaConsumerProperties.enableDlq"}}},
			{name: "anonymous group", doc: "a consumer binding without a group begins at the end", settings: []presetRow{
				{part: Consumer, key: "auto.offset.reset", value: "latest", source: "BindingUtils"}}},
		},
		notes: []presetNote{
			{mode: "ack-mode=manual", text: manualNote},
			{mode: "ack-mode=manual-immediate", text: manualNote},
		},
	},
}

const manualNote = "the application acknowledges, after processing as kcheck assumes; say otherwise with --set app.commit"

// springContainer is what Spring's listener container does in whatever framework of Spring's.
var springContainer = slicesOf(springCommits, []presetRow{
	{part: App, key: "send", value: "callback", when: noTransaction, source: "KafkaTemplate.send"},
	{part: App, key: "on-send-error", value: "give-up", source: "KafkaTemplate.send"},
	{part: App, key: "on-restart", value: "forget", source: "KafkaTemplate"},
	{part: App, key: "process", value: "inline", source: "KafkaMessageListenerContainer.ListenerConsumer.pollAndInvoke"},
	{part: App, key: "on-exception", value: "skip", source: "DefaultErrorHandler: the recoverer logs, and the record is committed"},
	{part: App, key: "commit", value: "in-transaction", when: inTransaction.and(toKafka), source: "KafkaMessageListenerContainer.sendOffsetsToTransaction"},
	{part: App, key: "on-abort", value: "rewind", when: inTransaction, source: "DefaultAfterRollbackProcessor"},
	{part: App, key: "on-stop", value: "close", source: "KafkaMessageListenerContainer.ListenerConsumer.wrapUp"},
})

// springCommits is what every mode of acknowledgement has: the container commits after processing.
var springCommits = []presetRow{
	{part: App, key: "commit", value: "after-processing", when: commitsByHand.and(noTransaction), source: "ContainerProperties.ackMode"},
	{part: App, key: "commit-position", value: "finished-prefix", when: commitsByHand.and(noTransaction), source: "ContainerProperties.ackMode"},
	{part: App, key: "on-commit-failure", value: "retry", when: commitsByHand, source: "KafkaMessageListenerContainer.ListenerConsumer.doCommitSync"},
	{part: App, key: "on-revoke", value: "commit", when: commitsByHand, source: "KafkaMessageListenerContainer.ListenerConsumerRebalanceListener.onPartitionsRevoked"},
}

// springManual: the listener says when. An acknowledgement from another thread is taken as it comes, the highest counts.
var springManual = []presetRow{
	{part: App, key: "commit", value: "after-processing", when: commitsByHand.and(noTransaction), source: "ContainerProperties.AckMode.MANUAL"},
	{part: App, key: "commit-position", value: "highest-finished", when: commitsByHand.and(noTransaction), source: "KafkaMessageListenerContainer.ListenerConsumer.addOffset"},
}

// slicesOf joins rows, of which the first that hold for a setting count.
func slicesOf(rows ...[]presetRow) []presetRow {
	var all []presetRow
	for _, r := range rows {
		all = append(all, r...)
	}
	return all
}
