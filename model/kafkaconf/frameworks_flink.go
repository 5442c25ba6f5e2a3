package kafkaconf

// flinkFrameworks are the two sides of Flink's connector.
//
// Sources: the tags v3.0.0 to v5.0.0 of apache/flink-connector-kafka.
var flinkFrameworks = []framework{
	{
		name: "flink-sink", doc: "a KafkaSink of Flink behind a source of Kafka records", source: "KafkaSinkBuilder",
		versions: []string{"3.0", "3.1", "3.2", "3.3", "3.4", "4.0", "5.0"},
		settings: []presetRow{
			{part: Producer, key: "transaction.timeout.ms", value: "3600000", source: "KafkaSinkBuilder.DEFAULT_KAFKA_TRANSACTION_TIMEOUT"},
			{part: Consumer, key: "enable.auto.commit", value: "false", source: "KafkaSourceBuilder.parseAndSetRequiredProperties"},
			{part: Consumer, key: "auto.offset.reset", value: "earliest", source: "KafkaSourceBuilder: OffsetsInitializer.earliest"},
			{part: App, key: "output", value: "kafka", source: "KafkaSink"},
			{part: App, key: "commit", value: "before-transaction", when: inTransaction, source: "KafkaCommitter: the checkpoint with the offsets is complete before the transaction commits"},
			{part: App, key: "on-restart-transaction", value: "resume", when: inTransaction, source: "KafkaCommitter.commit, FlinkKafkaInternalProducer.resumeTransaction"},
			{part: App, key: "transactional-id", value: "per-instance", when: inTransaction, source: "TransactionNamingStrategy: prefix, subtask and checkpoint"},
			{part: App, key: "on-abort", value: "rewind", when: inTransaction, source: "the job restarts from its checkpoint"},
			{part: App, key: "send", value: "forget", when: noTransaction, source: "KafkaSinkBuilder.deliveryGuarantee = NONE; KafkaWriter.flush does not flush"},
			{part: App, key: "on-send-error", value: "resend", when: noTransaction.and(hearsOfErrors), source: "KafkaWriter.WriterCallback: the job fails and sends again from its checkpoint"},
			{part: App, key: "commit", value: "after-processing", when: noTransaction, source: "a checkpoint holds the offsets"},
			{part: App, key: "attempts", value: "1", source: "RestartStrategies"},
			{part: App, key: "on-exception", value: "rethrow", source: "the job restarts from its checkpoint"},
		},
		modes: []presetMode{
			{name: "AT_LEAST_ONCE", doc: "DeliveryGuarantee.AT_LEAST_ONCE: a checkpoint waits for every result (in a spec: send: wait)", settings: []presetRow{
				{part: App, key: "send", value: "wait", source: "KafkaWriter.flush"}}},
			{name: "EXACTLY_ONCE", doc: "DeliveryGuarantee.EXACTLY_ONCE, with a transactional id prefix (in a spec: a transactional.id)", when: inTransaction},
		},
		notes: []presetNote{
			{text: "the offsets are in Flink's checkpoint and not in the group; kcheck takes them to be as safe as committed ones"},
		},
	},
	{
		name: "flink-source", doc: "a KafkaSource of Flink, whose effects leave Flink without a transaction", source: "KafkaSourceBuilder",
		versions: []string{"3.0", "3.1", "3.2", "3.3", "3.4", "4.0", "5.0"},
		settings: []presetRow{
			{part: Consumer, key: "enable.auto.commit", value: "false", source: "KafkaSourceBuilder.parseAndSetRequiredProperties"},
			{part: Consumer, key: "auto.offset.reset", value: "earliest", source: "KafkaSourceBuilder: OffsetsInitializer.earliest"},
			{part: App, key: "process", value: "inline", source: "KafkaSourceReader"},
			{part: App, key: "commit", value: "after-processing", source: "KafkaSourceReader.snapshotState: a checkpoint holds the offsets behind which everything is processed"},
			{part: App, key: "commit-position", value: "finished-prefix", source: "checkpoint barriers"},
			{part: App, key: "attempts", value: "1", source: "RestartStrategies"},
			{part: App, key: "on-exception", value: "rethrow", source: "the job restarts from its checkpoint"},
		},
		notes: []presetNote{
			{text: "the offsets are in Flink's checkpoint and not in the group; the partition is assigned and no group moves it, so that the fault rebalance is none of this source"},
		},
	},
}
