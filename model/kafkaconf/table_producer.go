package kafkaconf

import "github.com/kcheck/kcheck/model"

// producerRows are the settings of producers.
var producerRows = []row{
	{
		part: Producer, name: "acks",
		bearing: Modelled, source: "ProducerConfig; Partition.appendRecordsToLeader",
		doc:     "whose acknowledgement the producer waits for: none (0), the leader's after the append to its page cache (1), or that of all in-sync replicas (all)",
		assumed: "all",
		libraries: defaults{
			model.Sarama:  "1",   // Producer.RequiredAcks = WaitForLocal
			model.KafkaGo: "0",   // Writer.RequiredAcks: the zero value is RequireNone
			model.FranzGo: "all", // AllISRAcks
			model.KafkaJS: "all", model.Aiokafka: "1", model.KafkaPython: "1 ; 3.0=all", model.Librdkafka: "1 ; 1.0=-1",
		},
		prices: []Price{
			{"all", Cost{1, 2, 1, 0, "a write waits for the whole in-sync set", docProducer + ", acks"}},
			{"1", risky(1, 3, "an acknowledgement says nothing of the followers", docProducer+", acks")},
			{"0", risky(1, 3, "no failure is reported to the producer", docProducer+", acks")},
		},
	},
	{
		part: Producer, name: "enable.idempotence",
		bearing: Modelled, source: "ProducerConfig; KIP-98, KIP-679, KAFKA-13598",
		doc:     "sequence numbers by which the broker recognises a repeated batch of the same producer session; switched off without an error when acks or retries contradict it",
		assumed: "true",
		libraries: defaults{
			model.Sarama:  "false", // Producer.Idempotent
			model.KafkaGo: "false", // there is none
			model.FranzGo: "true",
			model.KafkaJS: "false", model.Aiokafka: "false", model.KafkaPython: "false ; 3.0=true",
		},
		prices: []Price{
			{"true", Cost{1, 0, 1, 0, "at most 5 requests in flight, and a producer id for each producer", "KIP-98; " + docProducer + ", enable.idempotence"}},
			{"false", risky(1, 2, "a retry may be appended twice, or overtake", "KIP-98")},
		},
	},
	{
		part: Producer, name: "retries",
		bearing: Modelled, source: "ProducerConfig; default 0 up to 2.0",
		doc: "how often a failed request is sent again; every attempt may be appended again unless the producer is idempotent",
		libraries: defaults{
			model.Sarama:  "3",          // Producer.Retry.Max
			model.KafkaGo: "9",          // Writer.MaxAttempts, 10 attempts
			model.FranzGo: "2147483647", // recordRetries, unbounded
			model.KafkaJS: "5", model.Aiokafka: "2147483647", model.KafkaPython: "0 ; 2.2=2147483647", model.Librdkafka: "2 ; 1.6=2147483647",
		},
		prices: []Price{
			{"2147483647", Cost{1, 1, 0, 0, "an error reaches the application only after delivery.timeout.ms", "KIP-91; " + docProducer + ", retries"}},
			{"0", risky(1, 2, "every failed request is the application's to deal with", docProducer+", retries")},
		},
	},
	{
		part: Producer, name: "max.in.flight.requests.per.connection",
		bearing: Modelled, source: "ProducerConfig, InFlightRequests",
		doc:     "how many requests are under way on a connection: above 1, and without idempotence, a retry can overtake",
		assumed: "1",
		libraries: defaults{
			model.Sarama:      "5",          // Net.MaxOpenRequests
			model.KafkaGo:     "1",          // a partition's batches are written one after the other
			model.FranzGo:     "5",          // with idempotence; 1 without (maxProduceInflight)
			model.KafkaJS:     "2147483647", // maxInFlightRequests = null
			model.Aiokafka:    "1",          // a partition is muted while a request of it is under way
			model.KafkaPython: "5",
		},
		lacking: []model.Client{model.KafkaGo, model.Aiokafka},
		prices: []Price{
			{"1", Cost{1, 1, 3, 0, "one request at a time on a connection: throughput is bounded by the round trip", docProducer + ", max.in.flight.requests.per.connection"}},
			{"5", risky(1, 1, "a retry may overtake unless the producer is idempotent", docProducer+", max.in.flight.requests.per.connection")},
		},
	},
	{
		part: Producer, name: "max.block.ms",
		bearing: Modelled, source: "ProducerConfig, BufferPool",
		doc:       "how long send waits when the buffer is full, before it fails with an exception",
		libraries: defaults{model.KafkaPython: "60000"},
		lacking:   []model.Client{model.Sarama, model.KafkaGo, model.FranzGo, model.KafkaJS, model.Aiokafka},
		prices: []Price{
			{"9223372036854775807", Cost{1, 3, 0, 0, "send blocks without end while the buffer is full", docProducer + ", max.block.ms"}},
		},
	},
	{
		client: model.Scala08, part: Producer, name: "producer.type",
		bearing: Modelled, source: "ProducerConfig, ProducerSendThread 0.8.2",
		doc: "sync: send does the whole work in the caller's thread and throws after the retries; async: a queue and a thread that drops silently after the retries",
		prices: []Price{
			{"sync", Cost{2, 2, 3, 0, "each send waits for its answer", "Kafka 0.8 documentation, producer.type"}},
		},
	},
	{
		part: Producer, name: "transactional.id",
		bearing: Modelled, source: "ProducerConfig; KIP-98",
		doc:  "makes the producer transactional and fences its predecessors of the same id",
		only: Transfer,
		prices: []Price{
			{"kcheck-1", Cost{3, 2, 1, 0, "the application begins and commits transactions; output is readable once they commit", "KIP-98"}},
		},
	},
	{
		part: Producer, name: "delivery.timeout.ms",
		bearing: Modelled, source: "KIP-91; KafkaProducer.configureDeliveryTimeout",
		doc:       "bounds the time from send to result, retries included; a batch that expires may have been written",
		libraries: defaults{model.KafkaPython: " ; 2.2=120000"},
		lacking:   []model.Client{model.Sarama, model.KafkaGo, model.KafkaJS, model.Aiokafka},
	},
	{
		part: Producer, name: "block.on.buffer.full",
		bearing: Modelled, source: "ProducerConfig 0.8.2 to 0.10.2",
		doc:     "whether send waits without end when the buffer is full; later replaced by max.block.ms",
		lacking: []model.Client{model.Sarama, model.KafkaGo, model.FranzGo, model.KafkaJS, model.Aiokafka, model.KafkaPython},
	},
	{
		part: Producer, name: "transaction.timeout.ms",
		bearing: Modelled, source: "ProducerConfig; TransactionStateManager.timedOutTransactions, looked at every 10 s (60 s before 2.5)",
		doc: "how long a transaction may stay open before the coordinator aborts it; where it is not longer than a delivery, it runs out while an output can get no answer, and where it is shorter, it does so before delivery.timeout.ms; because of a slow process it is the fault transaction-timeout, whatever its length",
		libraries: defaults{
			model.Sarama:  "60000", // Producer.Transaction.Timeout
			model.FranzGo: "40000",
			model.KafkaJS: "60000", model.Aiokafka: "60000", model.KafkaPython: "60000",
		},
		lacking: []model.Client{model.KafkaGo},
	},
	{
		part: Producer, name: "request.timeout.ms",
		bearing: Modelled, source: "ProducerConfig, NetworkClient, DelayedProduce",
		doc: "how long a client waits for an answer; in the model it runs out only while no answer can come, which is also while a follower that has stopped to fetch is still in the in-sync set, if it can be shorter than 1.5 x replica.lag.time.max.ms",
		libraries: defaults{
			model.Sarama:  "10000", // Producer.Timeout
			model.KafkaGo: "10000", // Writer.WriteTimeout
			model.FranzGo: "10000", // produceTimeout
			model.KafkaJS: "30000", model.Aiokafka: "40000", model.KafkaPython: "30000",
		},
	},
	{
		part: Producer, name: "linger.ms",
		bearing: Explained, source: "ProducerConfig; 0 before 4.0",
		doc: "how long the producer waits for more records before it sends a batch; waiting records are lost with the process, however short the time",
		libraries: defaults{
			model.Sarama:  "0",    // Producer.Flush.Frequency
			model.KafkaGo: "1000", // Writer.BatchTimeout
			model.FranzGo: "10",
			model.KafkaJS: "0", model.Aiokafka: "0", model.KafkaPython: "0",
		},
	},
	{
		part: Producer, name: "batch.size",
		bearing: Explained, source: "ProducerConfig",
		doc: "how many bytes make a batch; a message alone in its batch is always possible",
	},
	{
		part: Producer, name: "buffer.memory",
		bearing: Explained, source: "ProducerConfig, BufferPool",
		doc: "how many bytes may wait in the producer before send blocks; a full buffer is the fault slow-broker, whatever its size",
	},
	{
		part: Producer, name: "retry.backoff.ms",
		bearing: Explained, source: "ProducerConfig",
		doc: "the pause before a retry; the model has no clock",
	},
	{
		part: Producer, name: "max.request.size",
		bearing: Explained, source: "ProducerConfig",
		doc: "larger records are refused permanently: the fault send-refused",
	},
	{
		part: Producer, name: "metadata.max.age.ms",
		bearing: Explained, source: "ProducerConfig",
		doc: "how old the client's idea of the leader may get; the model lets it be outdated at any moment",
	},
	{
		part: Producer, name: "transaction.two.phase.commit.enable",
		bearing: Modelled, source: "KIP-939, 4.1",
		doc: "leaves the end of a transaction to an external coordinator (app.on-restart-transaction: resume), without a timeout",
	},
	{
		client: model.Scala08, part: Producer, name: "request.required.acks", java: "acks",
		words:   map[string]string{"all": "-1"},
		bearing: Modelled, source: "SyncProducerConfig 0.8.2",
		doc: "acks under its old name, with the default 0: success once the bytes are in the socket",
	},
	{
		client: model.Scala08, part: Producer, name: "message.send.max.retries", java: "retries",
		words:   map[string]string{"2147483647": "10000000"},
		bearing: Modelled, source: "ProducerConfig, DefaultEventHandler 0.8.2",
		doc: "how often a batch that failed is sent again; then a sync send throws and an async batch is dropped with a line in the log",
	},
	{
		client: model.Scala08, part: Producer, name: "queue.enqueue.timeout.ms", java: "max.block.ms",
		words:   map[string]string{"9223372036854775807": "-1"},
		bearing: Modelled, source: "AsyncProducerConfig, Producer.asyncSend 0.8.2",
		doc: "what an async send does when the queue is full: 0 drops the message at once, a time waits and then drops it (QueueFullException either way), -1 blocks for ever",
	},
	{
		client: model.Scala08, part: Producer, name: "queue.buffering.max.ms", java: "linger.ms",
		bearing: Explained, source: "AsyncProducerConfig 0.8.2",
		doc: "how long the send thread waits for a full batch; waiting messages are lost with the process, however short the time",
	},
	{
		client: model.Scala08, part: Producer, name: "queue.buffering.max.messages", java: "buffer.memory",
		bearing: Explained, source: "AsyncProducerConfig 0.8.2",
		doc: "how many messages the queue takes; a full queue is the fault slow-broker, whatever its size",
	},
	{
		client: model.Scala08, part: Producer, name: "batch.num.messages", java: "batch.size",
		bearing: Explained, source: "AsyncProducerConfig, ProducerConfig.validateBatchSize 0.8.2",
		doc: "how many messages make a batch; at most queue.buffering.max.messages",
	},
	{
		client: model.Scala08, part: Producer, name: "request.timeout.ms",
		bearing: Modelled, source: "SyncProducerConfig 0.8.2",
		doc: "how long the broker waits for the in-sync set before it answers with an error",
	},
	{
		client: model.Scala08, part: Producer, name: "retry.backoff.ms",
		bearing: Explained, source: "ProducerConfig 0.8.2",
		doc: "the pause before a retry; the model has no clock",
	},
	{
		client: model.Librdkafka, part: Producer, name: "enable.gapless.guarantee",
		bearing: Explained, source: "librdkafka 2.15, CONFIGURATION.md",
		doc: "whether the producer stops permanently when a message of a sequence is missing; experimental and not modelled",
	},
	{
		client: model.Librdkafka, part: Producer, name: "delivery.report.only.error",
		bearing: Explained, source: "librdkafka 2.15, CONFIGURATION.md",
		doc: "whether reports of success reach the application; app.send says which of them it sees",
	},
	{
		client: model.Scala08, part: Producer, name: "metadata.broker.list", java: "bootstrap.servers",
	},
	{
		client: model.Scala08, part: Producer, name: "key.serializer.class", java: "key.serializer",
	},
	{
		client: model.Scala08, part: Producer, name: "serializer.class", java: "value.serializer",
	},
	{
		client: model.Scala08, part: Producer, name: "compression.codec", java: "compression.type",
	},
	{
		client: model.Scala08, part: Producer, name: "topic.metadata.refresh.interval.ms", java: "metadata.max.age.ms",
	},
	{
		client: model.Librdkafka, part: Producer, name: "request.required.acks", java: "acks",
	},
	{
		client: model.Librdkafka, part: Producer, name: "message.send.max.retries", java: "retries",
	},
	{
		client: model.Librdkafka, part: Producer, name: "queue.buffering.max.ms", java: "linger.ms",
	},
	{
		client: model.Librdkafka, part: Producer, name: "max.in.flight", java: "max.in.flight.requests.per.connection",
	},
	{
		client: model.Librdkafka, part: Producer, name: "message.timeout.ms", java: "delivery.timeout.ms",
	},
	{
		client: model.Librdkafka, part: Producer, name: "queue.buffering.max.messages", java: "buffer.memory",
	},
	{
		client: model.Librdkafka, part: Producer, name: "queue.buffering.max.kbytes", java: "buffer.memory",
	},
}
