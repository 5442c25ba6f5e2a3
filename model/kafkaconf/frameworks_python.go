package kafkaconf

// pythonFrameworks are frameworks in Python.
//
// Sources: faust-streaming/faust v0.15.2.
var pythonFrameworks = []framework{
	{
		name: "faust", doc: "agents of Faust (faust-streaming)", source: "faust/types/settings/settings.py",
		versions: []string{"0.8", "0.9", "0.10", "0.11", "0.12", "0.13", "0.14", "0.15"},
		settings: []presetRow{
			{part: App, key: "producer-client", value: "aiokafka", source: "faust/transport/drivers/aiokafka.py"},
			{part: App, key: "consumer-client", value: "aiokafka", source: "faust/transport/drivers/aiokafka.py"},
			{part: Producer, key: "acks", value: "all", source: "settings.producer_acks = -1"},
			{part: Consumer, key: "enable.auto.commit", value: "false", source: "faust/transport/drivers/aiokafka.py, _create_worker_consumer"},
			{part: Consumer, key: "auto.offset.reset", value: "earliest", source: "settings.consumer_auto_offset_reset"},
			{part: App, key: "send", value: "callback", when: noTransaction, source: "faust/topics.py, publish_message"},
			{part: App, key: "on-send-error", value: "give-up", source: "faust/topics.py, publish_message"},
			{part: App, key: "on-restart", value: "forget", source: "faust/topics.py, publish_message"},
			{part: App, key: "process", value: "inline", source: "faust/streams.py"},
			{part: App, key: "commit", value: "in-transaction", when: inTransaction.and(toKafka), source: "settings.processing_guarantee = exactly_once"},
			{part: App, key: "transactional-id", value: "per-partition", when: inTransaction, source: "faust/transport/consumer.py, TransactionManager.commit"},
			{part: App, key: "group-metadata", value: "false", when: inTransaction, source: "faust/transport/drivers/aiokafka.py, send_offsets_to_transaction"},
			{part: App, key: "commit", value: "after-processing", when: commitsByHand.and(noTransaction), source: "faust/transport/consumer.py, Consumer.commit"},
			{part: App, key: "commit-position", value: "finished-prefix", when: commitsByHand.and(noTransaction), source: "faust/transport/consumer.py, Consumer._new_offset"},
			{part: App, key: "attempts", value: "1", source: "faust/agents/agent.py"},
			{part: App, key: "on-exception", value: "skip", source: "settings.stream_ack_exceptions = True"},
			{part: App, key: "on-stop", value: "close", source: "faust/transport/consumer.py, on_stop"},
		},
		notes: []presetNote{
			{text: "tables and their changelogs are not followed beyond the delivery of records"},
		},
	},
}
