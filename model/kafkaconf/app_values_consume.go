package kafkaconf

// What the values of the application's keys look like in a program: reading, processing and committing.

var groupValues = []ValueDoc{
	{
		Value: "existing",
		Text:  "The group has committed its position before the messages are sent.",
		Code:  `group.id=orders                                  # has run before`,
	},
	{
		Value: "new",
		Text:  "The group has committed nothing: auto.offset.reset says where it begins.",
		Code:  `props.put("group.id", "orders-" + UUID.randomUUID());   // Java`,
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

var commitValues = []ValueDoc{
	{
		Value: "before-processing",
		Text:  "The position behind a poll is committed before its records are processed: a crash in between loses them.",
		Code: `var records = consumer.poll(timeout);      // Java
consumer.commitSync();
for (var record : records) process(record);`,
	},
	{
		Value: "after-processing",
		Text:  "The position is committed when the records before it are processed: a crash in between processes them again.",
		Code: `for (var record : consumer.poll(timeout)) process(record);   // Java
consumer.commitSync();
process(message); reader.CommitMessages(ctx, message)        // Go, kafka-go`,
	},
	{
		Value: "auto",
		Text: "The client commits by itself: Java within poll and close, what earlier polls returned; librdkafka by a timer, what " +
			"was handed out or stored; sarama what was marked.",
		Code: `enable.auto.commit=true`,
	},
	{
		Value: "in-transaction",
		Text:  "The offsets are part of the transaction that writes the output: both are there, or neither.",
		Code: `producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());   // Java
producer.commitTransaction();`,
	},
	{
		Value: "before-transaction",
		Text:  "The offsets are committed first, outside the transaction of the output: when that is aborted, its output is lost.",
		Code: `consumer.commitSync(offsets);            // Java
producer.commitTransaction();`,
	},
	{
		Value: "after-transaction",
		Text:  "The offsets are committed after the transaction of the output: a crash in between writes the output again.",
		Code: `producer.commitTransaction();            // Java
consumer.commitSync(offsets);`,
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

var commitOffsetValues = []ValueDoc{
	{
		Value: "next",
		Text:  "The committed offset is that of the next record to read.",
		Code:  `consumer.commitSync(Map.of(partition, new OffsetAndMetadata(record.offset() + 1)));   // Java`,
	},
	{
		Value: "current",
		Text:  "The committed offset is that of the record just processed, which is read again after every start.",
		Code:  `consumer.commitSync(Map.of(partition, new OffsetAndMetadata(record.offset())));       // Java: one too few`,
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

var effectValues = []ValueDoc{
	{
		Value: "plain",
		Text:  "Processing a message again has its effect again.",
		Code: `db.execute("UPDATE account SET balance = balance + ?", amount);   // Java
mailer.Send(order)                                                // Go`,
	},
	{
		Value: "idempotent",
		Text:  "The effect is keyed by the message: a second time changes nothing.",
		Code:  `cursor.execute("INSERT INTO orders (id, total) VALUES (%s, %s) ON CONFLICT (id) DO NOTHING", row)   # Python`,
	},
	{
		Value: "transactional",
		Text: "Effect and offset are stored in one transaction of the external store, and the consumer starts from the offset that " +
			"is stored there.",
		Code: `tx.Exec("INSERT INTO orders ..."); tx.Exec("UPDATE offsets SET next = $1", m.Offset+1); tx.Commit()   // Go
consumer.seek(partition, db.nextOffset(partition));                                                  // Java, at the start`,
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
