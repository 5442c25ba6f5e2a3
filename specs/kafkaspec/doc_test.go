// Package kafkaspec has the public TLA+ specifications of Kafka's replication
// as models in Go: the module KafkaReplication in its five variants, from the
// Kafka before KIP-101 to KIP-320, and AsyncIsr. They were written anew from
// what the specifications say, and serve the tests: what holds of them, what
// does not, and after how many steps, is known.
//
// One partition is replicated. Brokers do not crash and messages are not sent:
// a broker that is down takes no step, and the requests by which the controller
// announces leaders stay in a set for ever, to be obeyed late or never. All
// that matters to the specifications is which broker believes what when it
// copies, truncates, or moves its high watermark.
//
// The variants differ in four rules, which is what a [Variant] consists of.
package kafkaspec
