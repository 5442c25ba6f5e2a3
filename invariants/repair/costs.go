package repair

import "slices"

// The ranks of effort: 1 a line in a client's or topic's configuration, 2 a change that the whole cluster sees or a
// small change of the application, 3 data is copied or the application is written differently. Latency and throughput:
// 1 noticeable, 2 a round trip or a wait for other machines, 3 an order of magnitude. Risk: 1 a margin is smaller, 2 a
// protection is off, 3 acknowledged messages rest on one copy, or failures go unheard. The sources say why; the ranks are
// kcheck's judgement, and costs.md is made of this table.

func free(effort int, text, source string) Cost { return Cost{effort, 0, 0, 0, text, source} }

func risky(effort, risk int, text, source string) Cost { return Cost{effort, 0, 0, risk, text, source} }

const (
	docDesign    = "Kafka documentation, Design: Replication"
	docSemantics = "Kafka documentation, Design: Message Delivery Semantics"
	docProducer  = "Kafka documentation, producer configuration"
	docConsumer  = "Kafka documentation, consumer configuration"
	docTopic     = "Kafka documentation, topic configuration"
)

// settings is the lattice.
var settings = slices.Concat(fileSettings, appSettings)

var fileSettings = []Setting{
	{Names: []string{"producer.acks", "producer.request.required.acks"}, Values: []Value{
		{"all", Cost{1, 2, 1, 0, "a write waits for the whole in-sync set", docProducer + ", acks"}},
		{"1", risky(1, 3, "an acknowledgement says nothing of the followers", docProducer+", acks")},
		{"0", risky(1, 3, "the producer hears of no failure", docProducer+", acks")},
	}},
	{Names: []string{"producer.enable.idempotence"}, Values: []Value{
		{"true", Cost{1, 0, 1, 0, "at most 5 requests in flight, and a producer id for each producer", "KIP-98; " + docProducer + ", enable.idempotence"}},
		{"false", risky(1, 2, "a retry may be appended twice, or overtake", "KIP-98")},
	}},
	{Names: []string{"producer.retries", "producer.message.send.max.retries", "producer.max.retries"}, Values: []Value{
		{"2147483647", Cost{1, 1, 0, 0, "an error reaches the application only after delivery.timeout.ms", "KIP-91; " + docProducer + ", retries"}},
		{"0", risky(1, 2, "every failed request is the application's to deal with", docProducer+", retries")},
	}},
	{Names: []string{"producer.max.in.flight.requests.per.connection"}, Values: []Value{
		{"1", Cost{1, 1, 3, 0, "one request at a time on a connection: throughput is bounded by the round trip", docProducer + ", max.in.flight.requests.per.connection"}},
		{"5", risky(1, 1, "a retry may overtake unless the producer is idempotent", docProducer+", max.in.flight.requests.per.connection")},
	}},
	{Names: []string{"producer.max.block.ms", "producer.queue.enqueue.timeout.ms"}, Values: []Value{
		{"9223372036854775807", Cost{1, 3, 0, 0, "send blocks without end while the buffer is full", docProducer + ", max.block.ms"}},
	}},
	{Names: []string{"producer.producer.type"}, Values: []Value{
		{"sync", Cost{2, 2, 3, 0, "each send waits for its answer", "Kafka 0.8 documentation, producer.type"}},
	}},
	{Names: []string{"producer.transactional.id"}, Only: Transfer, Values: []Value{
		{"kcheck-1", Cost{3, 2, 1, 0, "the application begins and commits transactions; output is readable once they commit", "KIP-98"}},
	}},
	{Names: []string{"topic.replication.factor", "broker.default.replication.factor"}, Values: []Value{
		{"1", Cost{3, 0, 0, 3, "one copy: nothing is left when its broker is lost", docDesign}},
		{"2", Cost{3, 0, 1, 1, "two copies on disk and network, and a reassignment", docDesign}},
		{"3", Cost{3, 0, 2, 0, "three copies on disk and network, and a reassignment", docDesign}},
		{"4", Cost{3, 0, 3, 0, "four copies on disk and network, and a reassignment", docDesign}},
	}},
	{Names: []string{"topic.min.insync.replicas", "broker.min.insync.replicas", "controller.min.insync.replicas"}, Values: []Value{
		{"1", risky(1, 3, "a write may be acknowledged on a single copy", docTopic+", min.insync.replicas")},
		{"2", Cost{1, 1, 0, 0, "writes with acks=all stop while fewer than two replicas are in sync", docTopic + ", min.insync.replicas"}},
		{"3", Cost{1, 2, 0, 0, "writes with acks=all stop while fewer than three replicas are in sync", docTopic + ", min.insync.replicas"}},
	}},
	{Names: []string{"topic.unclean.leader.election.enable", "broker.unclean.leader.election.enable", "controller.unclean.leader.election.enable"}, Values: []Value{
		{"false", Cost{1, 1, 0, 0, "the partition is offline until a replica that was in sync is back", docTopic + ", unclean.leader.election.enable"}},
		{"true", risky(1, 3, "what only the lost replicas had is gone", docTopic+", unclean.leader.election.enable")},
	}},
	{Names: []string{"topic.flush.messages", "broker.log.flush.interval.messages"}, Values: []Value{
		{"1", Cost{1, 3, 3, 0, "every record is forced to disk before it counts as written", docTopic + ", flush.messages"}},
		{"9223372036854775807", risky(1, 2, "what was acknowledged may be in memory only", docTopic+", flush.messages")},
	}},
	{Names: []string{"topic.cleanup.policy", "broker.log.cleanup.policy"}, Values: []Value{
		{"delete", Cost{1, 0, 1, 0, "older values of a key are kept until retention", docTopic + ", cleanup.policy"}},
	}},
	{Names: []string{"features.eligible.leader.replicas.version"}, Values: []Value{
		{"1", free(2, "a feature of the whole cluster, from 4.0; the controllers keep one min.insync.replicas", "KIP-966")},
		{"0", risky(2, 2, "a feature of the whole cluster is taken back", "KIP-966")},
	}},
	{Names: []string{"features.transaction.version"}, Only: Transfer, Values: []Value{
		{"2", free(2, "a feature of the whole cluster, from 4.0; the producer must be of 4.0 or later", "KIP-890")},
		{"1", risky(2, 2, "a feature of the whole cluster is taken back", "KIP-890")},
	}},
	{Names: []string{"broker.transaction.partition.verification.enable"}, Only: Transfer, Values: []Value{
		{"true", Cost{2, 1, 0, 0, "the first write of a transaction to a partition is verified with the coordinator", "KIP-890"}},
		{"false", risky(2, 2, "late writes of an ended transaction are not recognised", "KIP-890")},
	}},
	{Names: []string{"consumer.enable.auto.commit", "consumer.auto.commit.enable"}, Values: []Value{
		{"false", Cost{1, 0, 1, 0, "the application commits by itself, after each batch that it has processed", docConsumer + ", enable.auto.commit"}},
		{"true", risky(1, 2, "the library commits what the loop has returned from", docConsumer+", enable.auto.commit")},
	}},
	{Names: []string{"consumer.enable.auto.offset.store"}, Values: []Value{
		{"false", free(2, "the application stores the offset of each message that it has processed", "librdkafka, CONFIGURATION.md")},
		{"true", risky(1, 2, "an offset counts as consumed when the message is handed out", "librdkafka, CONFIGURATION.md")},
	}},
	{Names: []string{"consumer.auto.offset.reset"}, Values: []Value{
		{"earliest", Cost{1, 0, 1, 0, "a group without a position reads everything that is left again", docConsumer + ", auto.offset.reset"}},
		{"none", Cost{1, 2, 0, 0, "a group without a position stops until a person sets one", docConsumer + ", auto.offset.reset"}},
		{"latest", risky(1, 2, "a group without a position skips what is in the log", docConsumer+", auto.offset.reset")},
	}},
	{Names: []string{"consumer.isolation.level"}, Only: Transfer, Values: []Value{
		{"read_committed", Cost{1, 1, 0, 0, "records are readable once their transaction has ended", "KIP-98"}},
	}},
	{Names: []string{"downstream.isolation.level"}, Only: Transfer, Values: []Value{
		{"read_committed", Cost{1, 1, 0, 0, "outputs are readable once their transaction has ended", "KIP-98"}},
		{"read_uncommitted", risky(1, 3, "outputs of aborted transactions are read", "KIP-98")},
	}},
}
