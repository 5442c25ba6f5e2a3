package kafkaconf

// What the values of the application's keys look like in a program: sending, ending and starting.

var outputValues = []ValueDoc{
	{
		Value: "none",
		Text:  "The effect of processing a message is outside Kafka: a row, a file, a call.",
		Code:  `for (var record : consumer.poll(timeout)) db.insert(record.value());   // Java`,
	},
	{
		Value: "kafka",
		Text:  "Processing a message writes a record to another topic: consume, transform, produce.",
		Code:  `for record in consumer: producer.send("prices", transform(record.value))   # Python`,
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

var onSendErrorValues = []ValueDoc{
	{
		Value: "give-up",
		Text:  "The application logs that a send failed, or counts it, and drops the message.",
		Code: `producer.send(record, (metadata, e) -> { if (e != null) log.error("lost", e); });   // Java
def delivered(err, message): errors.inc() if err else None                       # Python`,
	},
	{
		Value: "resend",
		Text: "The application keeps the message until a send of it succeeds, and sends it again when it is told of a failure. What " +
			"failed may be in the log already.",
		Code: `def delivered(err, message):                             # Python
    if err: producer.produce(topic, message.value(), on_delivery=delivered)
for err := range producer.Errors() { producer.Input() <- err.Msg }   // Go, sarama`,
	},
}

var onRestartValues = []ValueDoc{
	{
		Value: "forget",
		Text:  "What was in memory when the process ended is gone: nobody knows any more what was to be sent.",
		Code:  `func handle(w http.ResponseWriter, r *http.Request) { producer.Input() <- message(r) }   // Go: answered before it is sent`,
	},
	{
		Value: "resend",
		Text: "What is to be sent stands in a database or a file until it is acknowledged (an outbox), and is sent again after a " +
			"start.",
		Code: `for (Row row : outbox.unsent()) producer.send(row.record(), (m, e) -> { if (e == null) outbox.done(row); });   // Java`,
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
