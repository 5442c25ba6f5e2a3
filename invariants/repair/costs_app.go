package repair

// appSettings are the application's settings: changes of code, not of a file.
var appSettings = []Setting{
	{Names: []string{"app.send"}, Values: []Value{
		{"callback", free(2, "the application handles the result of each send", docSemantics)},
		{"wait", Cost{2, 2, 3, 0, "each send waits for its result", docSemantics}},
		{"forget", risky(2, 3, "the application never hears of a failed send", docSemantics)},
	}},
	{Names: []string{"app.on-send-error"}, Values: []Value{
		{"resend", Cost{2, 1, 0, 0, "the application keeps a message until its send succeeds, and may send it twice", docSemantics}},
		{"give-up", risky(2, 3, "a message whose send failed is dropped by the application", docSemantics)},
	}},
	{Names: []string{"app.on-restart"}, Values: []Value{
		{"resend", Cost{3, 1, 1, 0, "the application keeps what it sends on disk until it is acknowledged (an outbox)", docSemantics}},
		{"forget", risky(2, 2, "what was in memory dies with the process", docSemantics)},
	}},
	{Names: []string{"app.process"}, Only: Sink, Values: []Value{
		{"inline", Cost{2, 1, 2, 0, "messages are processed in the poll loop, one thread for each partition", "KafkaConsumer, Multi-threaded Processing"}},
	}},
	{Names: []string{"app.commit"}, Values: []Value{
		{"after-processing", free(2, "offsets are committed after processing: a crash in between processes again", docSemantics)},
		{"before-processing", risky(2, 2, "offsets are committed before processing: a crash in between loses messages", docSemantics)},
		{"in-transaction", Cost{2, 1, 1, 0, "offsets are committed with the output", "KIP-98"}},
	}},
	{Names: []string{"app.commit-offset"}, Values: []Value{
		{"next", free(1, "the committed offset is that of the next message", "KafkaConsumer.commitSync")},
	}},
	{Names: []string{"app.effect"}, Only: Sink, Values: []Value{
		{"idempotent", Cost{3, 0, 1, 0, "effects are keyed by message, so that a second time changes nothing", docSemantics}},
		{"transactional", Cost{3, 1, 1, 0, "effect and offset are stored in one transaction of the external store", docSemantics}},
	}},
	{Names: []string{"app.on-exception"}, Values: []Value{
		{"rethrow", free(2, "the loop ends without closing its consumer, so that nothing is committed on the way out", "KafkaConsumer.close")},
	}},
	{Names: []string{"app.on-abort"}, Only: Transfer, Values: []Value{
		{"rewind", free(2, "after an aborted transaction the consumer goes back to the committed offsets", "KIP-98")},
	}},
	{Names: []string{"app.transactional-id"}, Only: Transfer, Values: []Value{
		{"stable", free(2, "each instance has a transactional.id of its own that a restart keeps", "KIP-98, KIP-447")},
	}},
	{Names: []string{"app.group-metadata"}, Only: Transfer, Values: []Value{
		{"true", free(2, "the consumer's group metadata is passed with the offsets", "KIP-447")},
	}},
}
