package kafkaconf

// What the values of the application's keys look like in a program.

var transactionalIDValues = []ValueDoc{
	{
		Value: "per-instance",
		Text: "Each process has its own transactional.id, the same after a restart. A restarted process fences its " +
			"predecessor; a member that takes a partition over has another id and fences nobody.",
		Code: `props.put("transactional.id", "orders-" + System.getenv("HOSTNAME"));   // a StatefulSet: orders-0, orders-1`,
	},
	{
		Value: "per-partition",
		Text: "The transactional.id follows from the input partition. Whoever owns the partition has the id, so that a new " +
			"owner fences the old one even without the group's metadata.",
		Code: `// one producer for each assigned partition
props.put("transactional.id", groupId + "-" + topic + "-" + partition);`,
	},
	{
		Value: "random",
		Text: "Every start has a new transactional.id. Nobody fences a predecessor; its open transaction waits for " +
			"transaction.timeout.ms.",
		Code: `props.put("transactional.id", "orders-" + UUID.randomUUID());`,
	},
}

var sendValues = []ValueDoc{
	{
		Value: "wait",
		Text: "Each send waits for its result. With output: kafka an offset is committed only when the outputs before it are " +
			"acknowledged; so does a loop that flushes and looks at every result before it commits.",
		Code: `producer.send(record).get();                                  // Java
producer.produce(topic, value); producer.flush()              # Python: and every delivery report looked at
err := writer.WriteMessages(ctx, message)                     // Go, kafka-go`,
	},
	{
		Value: "callback",
		Text: "send() returns at once, and a failure reaches the application in a callback. With output: kafka the loop " +
			"commits once send() has returned: outputs that are still in the producer die with the process.",
		Code: `producer.send(record, (metadata, e) -> { if (e != null) handle(e); });
consumer.commitSync();                                        // does not wait for the callback`,
	},
	{
		Value: "forget",
		Text:  "send() returns at once and nothing is ever reported. A failure is seen by nobody.",
		Code: `producer.send(record);
producer.Input() <- message                                   // Go, sarama, with Return.Errors off`,
	},
}
