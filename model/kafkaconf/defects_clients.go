package kafkaconf

import (
	"fmt"

	"github.com/kcheck/kcheck/model"
)

// clientDefect is a known defect of released versions of another library than Java's.
type clientDefect struct {
	issue  string // of the library's tracker
	client model.Client
	of     Part   // Producer or Consumer
	since  string // the first release that has it; "" where no first one is known
	fixed  string // the first release that has it no more
	text   string // what happens
	when   func(r *resolver) bool
}

// clientDefects are about loss, repetition, order and commits. They were read in the libraries' changelogs and commits:
// librdkafka CHANGELOG.md (2.15.0), IBM/sarama CHANGELOG.md and commits 6b4f9bec, 35ecd488, f7b64cfa, ceadf4f6,
// twmb/franz-go CHANGELOG.md (1.21.6), segmentio/kafka-go commits c48c6e1 and 382e96d, tulios/kafkajs CHANGELOG.md (2.2.4),
// aio-libs/aiokafka CHANGES.rst (0.14.0), dpkp/kafka-python CHANGES.md (3.0) and commit 3463f595. A defect that the model has
// as a behaviour of releases is none of them: sarama 3644, librdkafka 1092, kafka-go 1179.
var clientDefects = []clientDefect{
	{"4844", model.Librdkafka, Consumer, "2.2.0", "2.13.2",
		"rd_kafka_consume_batch_queue moves the position when it returns an end of partition or an error, so that the offset of a message that was not handed out may be committed",
		ofConsumer},
	{"4059", model.Librdkafka, Consumer, "1.6.0", "2.10.0",
		"a commit during an incremental rebalance may lose the assignment, so that what was read is read again",
		isCooperative},
	{"4636", model.Librdkafka, Consumer, "1.0.0", "2.4.0",
		"after a change of the subscription with the cooperative assignor, or a resume of what was not paused, messages are fetched again from an earlier position",
		ofConsumer},
	{"4442", model.Librdkafka, Consumer, "2.1.0", "2.3.0",
		"a stored offset without a leader epoch may not be committed",
		ofConsumer},
	{"4261", model.Librdkafka, Consumer, "2.1.0", "2.1.1",
		"a message is handed out twice when its fetch is answered during a validation of the position",
		ofConsumer},
	{"3340", model.Librdkafka, Consumer, "", "1.7.0",
		"rd_kafka_consume_batch returns messages of partitions that were revoked during the call",
		ofConsumer},
	{"2791", model.Librdkafka, Consumer, "", "1.4.2",
		"the error of one partition in the answer to a commit is not handled",
		ofConsumer},
	{"2782", model.Librdkafka, Consumer, "", "1.4.2",
		"an offset that was stored in an earlier assignment may be committed over a newer one",
		ofConsumer},
	{"3575", model.Librdkafka, Producer, "", "1.8.2",
		"after quick changes of the leader a transaction may be committed without the messages that were sent in it before",
		isTransactional},
	{"commit 6a17fdd9b", model.Librdkafka, Producer, "1.0.0", "1.9.0",
		"when a restarting broker reports that the topic does not exist, sequence numbers begin anew, and messages that are reported as delivered may be dropped as duplicates",
		isIdempotent},

	{"2940", model.Sarama, Consumer, "", "1.43.3",
		"two commits under way at a time may be sent in the wrong order, so that an older offset replaces a newer one",
		ofConsumer},
	{"1846", model.Sarama, Consumer, "", "1.28.0",
		"closing the consumer commits although Consumer.Offsets.AutoCommit.Enable is false",
		func(r *resolver) bool { return ofConsumer(r) && r.out.Config.App.Commit != model.CommitAuto }},
	{"3354", model.Sarama, Producer, "", "1.46.3",
		"a message that waits while others are retried is sent without its sequence number and refused",
		isIdempotent},
	{"1661", model.Sarama, Producer, "1.20.0", "1.26.2",
		"sequence numbers are out of order after a broker died, so that messages fail",
		isIdempotent},

	{"1217", model.FranzGo, Producer, "", "1.20.7",
		"after a timeout a record that may be in the log can be cancelled, and the next one has its sequence number: it is reported as delivered and dropped as a duplicate",
		isIdempotent},
	{"1348", model.FranzGo, Consumer, "", "1.21.4",
		"the seek after an aborted transaction may be undone when a leader moves at that moment, so that records are skipped; and a member that rejoins may read a partition that another member has",
		ofConsumer},
	{"commit ff5a3ed", model.FranzGo, Consumer, "1.3.3", "1.5.2",
		"MarkCommitRecords with an earlier record moves the offset back that is committed",
		ofConsumer},

	{"716", model.KafkaGo, Producer, "0.4.0", "0.4.18",
		"a Writer writes batches of one partition at the same time, so that a later one may come first",
		ofProducer},
	{"715", model.KafkaGo, Consumer, "", "0.4.27",
		"with synchronous commits what waits to be committed when a generation of the group ends is not committed",
		ofConsumer},

	{"1050", model.KafkaJS, Producer, "", "2.0.0",
		"concurrent calls of send have wrong sequence numbers, so that messages are refused or taken for duplicates",
		isIdempotent},
	{"1012", model.KafkaJS, Consumer, "", "1.16.0",
		"consumer.seek commits the offset although autoCommit is false",
		ofConsumer},
	{"866", model.KafkaJS, Consumer, "", "1.14.0",
		"when eachMessage throws, offsets are committed although autoCommit is false",
		ofConsumer},
	{"874", model.KafkaJS, Consumer, "", "1.14.0",
		"offsets are not committed when the consumer is stopped right after a batch",
		ofConsumer},
	{"124", model.KafkaJS, Consumer, "", "1.4.0",
		"the offsets of some partitions are lost when fetched ones are taken over",
		ofConsumer},

	{"228", model.Aiokafka, Producer, "", "0.5.0",
		"messages are not delivered in order when the leader changes",
		ofProducer},
	{"184", model.Aiokafka, Producer, "", "0.2.3",
		"a batch that is sent again is not read from its beginning",
		ofProducer},

	{"2629", model.KafkaPython, Consumer, "", "2.2.9",
		"when the fetch of the committed offset times out, auto_offset_reset decides, so that messages are skipped or read again",
		ofConsumer},
	{"2555", model.KafkaPython, Consumer, "", "2.1.2",
		"the position moves ahead of what poll returns, so that a commit may be of what was not handed out",
		ofConsumer},
	{"1239", model.KafkaPython, Consumer, "1.3.5", "1.4.0",
		"a consumer that begins in the middle of a compressed batch returns what is before it again",
		ofConsumer},
}

func isIdempotent(r *resolver) bool { return ofProducer(r) && r.out.Config.Prod.Idempotent }

func isTransactional(r *resolver) bool { return ofProducer(r) && r.out.Config.Prod.Transactional }

func isCooperative(r *resolver) bool {
	return ofConsumer(r) && r.peek(Consumer, "partition.assignment.strategy").is("cooperative-sticky")
}

// in says whether a release has the defect.
func (d *clientDefect) in(v model.Version) bool {
	since, _ := model.ParseReleaseNumber(d.since)
	fixed, _ := model.ParseReleaseNumber(d.fixed)
	return v < fixed && (d.since == "" || v >= since)
}

// noteClientDefects notes the known defects of the libraries that the configuration names.
func (r *resolver) noteClientDefects() {
	for i := range clientDefects {
		d := &clientDefects[i]
		if c := r.dialectOf(d.of); c.Client == d.client && d.in(c.Version) && d.when(r) {
			r.note("%s of the %s %s is not in the model: %s (fixed in %s)", d.name(), d.of, c.Name, d.text, d.fixed)
		}
	}
}

// name is the issue as a reader finds it.
func (d *clientDefect) name() string {
	if d.issue[0] >= '0' && d.issue[0] <= '9' {
		return fmt.Sprintf("%s issue %s", d.client, d.issue)
	}
	return fmt.Sprintf("%s %s", d.client, d.issue)
}
