package model

import "fmt"

// Client is a client library. Its release is a [Version] beside it, which for Java's is one of Kafka's.
type Client uint8

// The client libraries.
const (
	Java Client = iota
	Librdkafka
	Scala08
	Sarama
	KafkaGo
	FranzGo
	KafkaJS
	Aiokafka
	KafkaPython
	clients
)

// String is the name of the library as app.producer-client writes it, without a version.
func (c Client) String() string {
	return [...]string{"java", "librdkafka", "scala-0.8", "sarama", "kafka-go", "franz-go", "kafkajs", "aiokafka", "kafka-python"}[c]
}

// Clients lists the client libraries.
func Clients() []Client {
	all := make([]Client, clients)
	for i := range all {
		all[i] = Client(i)
	}
	return all
}

// The releases of other libraries than Java's at which something that kcheck models has changed.
const (
	Librdkafka1    = 1 * major          // 1.0: the idempotent producer
	KafkaPython22  = 2*major + 2*minor  // 2.2: the idempotent producer
	librdkafka0114 = 11*minor + 5*third // 0.11.4
	librdkafka16   = 1*major + 6*minor  // 1.6
	librdkafka21   = 2*major + 1*minor  // 2.1
	sarama131      = 1*major + 31*minor // 1.31
	sarama160      = 1*major + 60*minor // 1.60
	franzGo121     = 1*major + 21*minor // 1.21
	kafkaPython30  = 3 * major          // 3.0
)

// newestReleases are the newest releases of the libraries that kcheck knows: whose sources were read.
var newestReleases = [clients]string{
	Librdkafka: "2.15", Scala08: "0.8", Sarama: "1.60", KafkaGo: "0.4", FranzGo: "1.21", KafkaJS: "2.2", Aiokafka: "0.14", KafkaPython: "3.0",
}

// NewestRelease is the newest release of a library that kcheck knows. Java's is [Newest].
func (c Client) NewestRelease() Version {
	if c == Java {
		return Newest
	}
	v, _ := parse(newestReleases[c])
	return v
}

// ParseReleaseNumber reads the number of a release of any library, known or not.
func ParseReleaseNumber(s string) (Version, error) { return parse(s) }

// ParseRelease reads a release of a library, or a line, which stands for its last release. Java's are Kafka's own. The
// error says what would be right.
func (c Client) ParseRelease(s string) (Version, error) {
	if c == Java {
		return ParseVersion(s)
	}
	v, err := parse(s)
	if err == nil && v > c.NewestRelease() {
		err = fmt.Errorf("%s %s is newer than %s, the newest that kcheck knows", c, s, newestReleases[c])
	}
	return v, err
}

// validatesPosition: the client compares offset and leader epoch after a change of leader (KIP-320).
//
// Java since 2.3 (KAFKA-7747, OffsetsForLeaderEpochClient), librdkafka since 2.1.0 (CHANGELOG), franz-go (pkg/kgo
// source.go), kafka-python since 3.0.0 (consumer/fetcher.py, maybe_validate_positions).
func validatesPosition(c *Config) bool {
	switch q := &c.Cons; q.Client {
	case Java:
		return q.Version >= V2_3
	case Librdkafka:
		return q.Version >= librdkafka21
	case KafkaPython:
		return q.Version >= kafkaPython30
	case FranzGo:
		return true
	}
	return false
}

// waitsForStableOffsets: the client asks for committed offsets that no open transaction is about to change (KIP-447).
//
// Java since 2.5 (ConsumerCoordinator.sendOffsetFetchRequest), franz-go since 1.21.0 (CHANGELOG; before only with
// RequireStableFetchOffsets). With read_committed alone: librdkafka since 1.6.0 (rdkafka.c, require_stable_offsets) and
// kafka-python since 3.0.0 (coordinator/consumer.py). The others do not (sarama 1.60 offset_manager.go, kafka-go 0.4.50,
// kafkajs 2.2.4, aiokafka 0.14.0).
func waitsForStableOffsets(c *Config) bool {
	switch q := &c.Cons; q.Client {
	case Java:
		return q.Version >= V2_5
	case FranzGo:
		return q.Version >= franzGo121
	case Librdkafka:
		return q.Version >= librdkafka16 && q.ReadCommitted
	case KafkaPython:
		return q.Version >= kafkaPython30 && q.ReadCommitted
	}
	return false
}

// retriesBehindAfterDisconnect: of a producer without idempotence the next batch may be sent before the one whose
// connection broke is sent again, whatever max.in.flight.requests.per.connection says.
//
// sarama from 1.31 on, when requests became asynchronous (async_producer.go, handleError: retryMessages releases the
// partition), repaired in 1.60.0 (commit 8f58ebdc, pull request 3644). librdkafka before 0.11.4 (CHANGELOG and commit
// 7f95f095: retries are put behind what is in the queue; issue 1092). kafkajs: each call of send has its own loop of
// retries (src/producer/sendMessages.js, 2.2.4), so that a later call may pass.
func retriesBehindAfterDisconnect(c *Config) bool {
	if p := &c.Prod; p.Client == Sarama && p.Version >= sarama160 {
		return false
	}
	return retriesBehindAfterRefusal(c)
}

// retriesBehindAfterRefusal: the same after a broker refused a batch in a way that can be retried, such as
// NOT_LEADER_OR_FOLLOWER.
//
// sarama from 1.31 on, still in 1.60.1 (async_producer.go, handleSuccess: keepMuted is for idempotent producers alone;
// pull request 3689 is open).
func retriesBehindAfterRefusal(c *Config) bool {
	p := &c.Prod
	if p.Idempotent {
		return false
	}
	switch p.Client {
	case Sarama:
		return p.Version >= sarama131
	case Librdkafka:
		return p.Version < librdkafka0114
	case KafkaJS:
		return true
	}
	return false
}

// commitsUnprocessed: a timer of the library commits what was handed out, processed or not.
//
// aiokafka: GroupCoordinator._maybe_do_autocommit commits all_consumed_offsets from a task of its own (0.14.0).
func commitsUnprocessed(c *Config) bool {
	switch q := &c.Cons; q.Client {
	case Librdkafka:
		return q.StoreOffsets
	case Scala08, Aiokafka:
		return true
	case Java:
		return q.NewProtocol && q.Version < V4_0
	}
	return false
}

// commitsHandedOff: what was handed out counts as consumed, also if another thread still works on it. With sarama the
// application marks, and kafkajs marks what its own loop has processed (src/consumer/runner.js, resolveOffset).
func commitsHandedOff(c *Config) bool {
	q := &c.Cons
	return q.Client != Sarama && q.Client != KafkaJS && (q.Client != Librdkafka || q.StoreOffsets)
}

// commitsOnClose: closing the consumer commits the position.
//
// aiokafka: GroupCoordinator.close, _maybe_do_last_autocommit; kafka-python: ConsumerCoordinator.close(autocommit=True).
func commitsOnClose(c *Config) bool {
	switch q := &c.Cons; q.Client {
	case Java, Scala08, Aiokafka, KafkaPython:
		return true
	case Librdkafka:
		return q.StoreOffsets
	}
	return false
}

// handsOutSingly: the library hands out one record at a time and counts it as consumed then.
func handsOutSingly(c *Config) bool {
	q := &c.Cons
	return q.Client == Librdkafka || q.Client == Scala08 || q.Client == Aiokafka
}
