package kafkaconf

// What the values of the application's keys look like in a program: transactions.

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

var groupMetadataValues = []ValueDoc{
	{
		Value: "true",
		Text:  "The metadata of the group goes with the offsets, so that a member that has lost the partition is refused (KIP-447).",
		Code:  `producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());                // Java`,
	},
	{
		Value: "false",
		Text:  "Only the name of the group goes with the offsets: they are taken from whoever sends them.",
		Code:  `producer.sendOffsetsToTransaction(offsets, new ConsumerGroupMetadata(groupId));      // Java; before 2.5 there is nothing else`,
	},
}

var onAbortValues = []ValueDoc{
	{
		Value: "rewind",
		Text:  "After an aborted transaction the consumer goes back to the committed offsets, and its records are processed again.",
		Code: `producer.abortTransaction();                                              // Java
consumer.committed(assignment).forEach((p, o) -> consumer.seek(p, o));`,
	},
	{
		Value: "continue",
		Text:  "The loop polls on. An abort does not move the consumer back: what the transaction had read is never done.",
		Code: `try { sendAll(records); producer.commitTransaction(); }                   // Java
catch (KafkaException e) { producer.abortTransaction(); }`,
	},
}

var onRestartTransactionValues = []ValueDoc{
	{
		Value: "abort",
		Text: "initTransactions() of the process that is started again aborts what its predecessor had open. With an offset that is " +
			"committed before the transaction, that output is lost.",
		Code: `producer.initTransactions();                                             // Java`,
	},
	{
		Value: "resume",
		Text: "An external coordinator keeps the offset together with the open transaction, and commits that later, also after a " +
			"restart. It is lost if the coordinator's timeout aborts it first; with two-phase commit it has no timeout.",
		Code: `KafkaSink.builder().setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)   // Flink: commits after the checkpoint
producer.initTransactions(true); producer.completeTransaction(prepared);  // KIP-939: keepPreparedTxn`,
	},
}
