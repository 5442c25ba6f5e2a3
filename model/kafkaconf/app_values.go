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

var onExceptionValues = []ValueDoc{
	{
		Value: "rethrow",
		Text: "The loop ends without close() of its consumer, and is started again from the committed offset. With transactions " +
			"the open one is aborted, and the loop goes on as on-abort says. Over a record that throws every time it stands still.",
		Code: `for (var record : consumer.poll(timeout)) {
  process(record);                                            // nobody catches what it throws
}`,
	},
	{
		Value: "close",
		Text: "The loop ends and closes its consumer, upon which auto commit commits the position, also of what was not " +
			"processed.",
		Code: `try (var consumer = new KafkaConsumer<String, String>(props)) {
  while (true) for (var record : consumer.poll(timeout)) process(record);
}`,
	},
	{
		Value: "skip",
		Text: "The exception is logged and the loop goes on. A later commit covers the record: it is lost. In a transaction " +
			"the open one is aborted first, and the next goes on without the record.",
		Code: `for (var record : consumer.poll(timeout)) {
  try { process(record); } catch (Exception e) { log.error("failed", e); }
}
consumer.commitSync();`,
	},
	{
		Value: "dead-letter",
		Text: "The record is sent to another topic, where somebody looks after it, and the loop goes on. It counts as processed. " +
			"In a transaction the open one is aborted first.",
		Code: `try { process(record); } catch (Exception e) { producer.send(new ProducerRecord<>("orders.DLT", record.value())).get(); }`,
	},
}

var attemptsValues = []ValueDoc{
	{
		Value: "1",
		Text:  "Processing is tried once. The first exception decides, as on-exception says.",
		Code:  `for (var record : consumer.poll(timeout)) process(record);`,
	},
	{
		Value: "3",
		Text: "Processing is tried three times in all, with the record kept or sought back to in between. Only then on-exception " +
			"says what becomes of it. A record that throws every time is not helped by any number.",
		Code: `factory.setCommonErrorHandler(new DefaultErrorHandler(recoverer, new FixedBackOff(1000, 2)));   // Java, spring-kafka: 1 + 2
for attempt := 0; attempt < 3 && handle(message) != nil; attempt++ {}                           // Go`,
	},
}

var processValues = []ValueDoc{
	{
		Value: "inline",
		Text:  "A record is processed in the poll loop. The next poll comes when the records of the last are done with.",
		Code: `for (var record : consumer.poll(timeout)) process(record);      // Java
for message := range claim.Messages() { process(message) }      // Go, sarama: one at a time`,
	},
	{
		Value: "handoff",
		Text:  "Another thread processes records in the order in which they were polled, while the loop polls on.",
		Code: `for (var record : consumer.poll(timeout)) queue.put(record);    // Java; one worker takes from the queue
executor = ThreadPoolExecutor(max_workers=1)                    # Python`,
	},
	{
		Value: "parallel",
		Text:  "Several workers process records of one partition at the same time, and finish them in any order.",
		Code: `for (var record : consumer.poll(timeout)) pool.submit(() -> process(record));   // Java, a pool of several threads
go func() { process(message); session.MarkMessage(message, "") }()              // Go, sarama`,
	},
}

var commitPositionValues = []ValueDoc{
	{
		Value: "finished-prefix",
		Text: "The committed position is one before which everything is finished: at the end of a poll, or by a tracker that " +
			"waits for gaps to close.",
		Code: `for (var record : records) process(record);
consumer.commitSync();                                          // Java, after the last record of the poll
cl.CommitRecords(ctx, records[:firstUnfinished]...)             // Go, franz-go`,
	},
	{
		Value: "highest-finished",
		Text: "Each record that is finished commits or marks its own offset, and the highest wins. With several workers that " +
			"covers earlier records that are not finished yet.",
		Code: `go func() { process(message); session.MarkMessage(message, "") }()   // Go, sarama: MarkOffset keeps the maximum
consumer.store_offsets(message)                                     # Python, confluent-kafka, in a thread for each message`,
	},
	{
		Value: "delivered",
		Text: "The committed position is behind what was handed over - to a queue, a buffer, the next stage - finished or not. " +
			"So does commitSync() without arguments within the loop over a poll.",
		Code: `for (var record : consumer.poll(timeout)) {
  process(record);
  consumer.commitSync();                                        // Java: commits the end of the poll, not of the record
}
func (t *Task) Put(records []Record) { t.queue <- records }     // a sink whose preCommit() returns what put() took`,
	},
}

var onCommitFailureValues = []ValueDoc{
	{
		Value: "retry",
		Text: "The application commits again until it succeeds. kafka-go's ReadMessage leaves it no way to: the record whose " +
			"commit failed is not handed out, and the next call returns the next.",
		Code: `while (true) try { consumer.commitSync(); break; } catch (RetriableCommitFailedException e) { }   // Java
for err := reader.CommitMessages(ctx, m); err != nil; err = reader.CommitMessages(ctx, m) {}     // Go, kafka-go`,
	},
	{
		Value: "ignore",
		Text:  "The failure is logged, and the loop goes on as if it had committed. A later commit covers it, or a restart reads again.",
		Code: `consumer.commitAsync((offsets, e) -> { if (e != null) log.warn("commit failed", e); });   // Java
try: consumer.commit()
except KafkaException as e: log.warning(e)                                             # Python`,
	},
	{
		Value: "rethrow",
		Text: "It is as if processing had thrown: on-exception says what becomes of the loop, and of what it has in hand. An " +
			"offset that is stored although the answer was lost stays stored.",
		Code: `consumer.commitSync();                        // Java: CommitFailedException leaves the loop
process(records);                             // is not reached where the commit comes first`,
	},
}

var onRevokeValues = []ValueDoc{
	{
		Value: "commit",
		Text: "When it is told that it loses the partition the application commits what commit-position says, before another " +
			"member starts. What is finished is not processed again.",
		Code: `consumer.subscribe(topics, new ConsumerRebalanceListener() {                        // Java
  public void onPartitionsRevoked(Collection<TopicPartition> p) { consumer.commitSync(finished); }
  public void onPartitionsAssigned(Collection<TopicPartition> p) { }
});
func (h Handler) Cleanup(s sarama.ConsumerGroupSession) error { s.Commit(); return nil }   // Go, sarama`,
	},
	{
		Value: "nothing",
		Text: "The application has no listener, or its listener commits nothing. What was finished since the last commit is " +
			"processed again by the next member.",
		Code: `consumer.subscribe(topics);                         // Java
consumer.subscribe(["orders"])                      # Python: no on_revoke`,
	},
}

var onStopValues = []ValueDoc{
	{
		Value: "close",
		Text: "The application ends in order: it flushes and closes its producer, which waits for what was sent, and closes its " +
			"consumer, which commits as it does when partitions are revoked.",
		Code: `Runtime.getRuntime().addShutdownHook(new Thread(() -> { consumer.wakeup(); producer.close(); }));   // Java
producer.flush(); consumer.close()                                                             # Python
defer client.Close()                                                                           // Go, franz-go`,
	},
	{
		Value: "exit",
		Text: "The program just ends. What is in the producer's memory is gone, although send() returned without an error, and " +
			"nothing is committed.",
		Code: `for row in rows: producer.produce("orders", row)      # Python: the script ends here, without flush()
System.exit(0);                                       // Java`,
	},
}

var restartsValues = []ValueDoc{
	{
		Value: "true",
		Text:  "Somebody starts a process that has ended again, or another member takes its place.",
		Code: `restartPolicy: Always          # Kubernetes
Restart=on-failure             # systemd`,
	},
	{
		Value: "false",
		Text:  "A process that has ended stays down until a person looks. What it had to do waits.",
		Code:  `java -jar consumer.jar &       # from a shell`,
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
