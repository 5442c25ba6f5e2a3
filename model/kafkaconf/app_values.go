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
