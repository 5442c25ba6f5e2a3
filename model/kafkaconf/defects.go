package kafkaconf

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model"
)

// defect is a known defect of released brokers or clients that bears on delivery and that the model does not have: it is
// a note of every verdict about a configuration that it could change.
type defect struct {
	issue    string // of Kafka's tracker
	of       Part   // whose versions: Broker, or Producer and Consumer for Java's clients
	releases string // "2.8..3.9.1, 4.0..4.0.1": first and last release that has it
	fixed    string // where it is fixed, in words
	text     string // what happens
	when     func(r *resolver) bool
}

// defects are in the order of their numbers. Which release has a fix was seen in the released classes (KAFKA-19012,
// KAFKA-20634), in the tags of Kafka's repository (KAFKA-7415, KAFKA-13636), or is said by the issue.
var defects = []defect{
	{"KAFKA-7415", Broker, "2.0.0..2.0.0", "2.0.1",
		"a new leader that has not written yet has no entry for its epoch, so that a follower falls back to its own high watermark and may cut off what is committed",
		always},
	{"KAFKA-13636", Broker, "2.1..2.8.1, 3.0.0..3.0.0, 3.1.0..3.1.0", "2.8.2, 3.0.1, 3.1.1 and 3.2.0",
		"committed offsets may be deleted while the group rebalances, if it has not committed for offsets.retention.minutes",
		ofConsumer},
	{"KAFKA-15529", Consumer, "3.7..4.3.1", "4.4.0",
		"with group.protocol=consumer records at a position that is outdated may be fetched again",
		newProtocol},
	{"KAFKA-19012", Producer, "2.8..3.9.1, 4.0..4.0.1, 4.1..4.1.1", "3.9.2, 4.0.2, 4.1.2 and 4.2.0",
		"a batch that expires, or whose broker disconnects, while its request is being written may go out with the bytes of another batch",
		ofProducer},
	{"KAFKA-19479", Producer, "0.10.0..4.1.0", "4.1.1 and 4.2.0",
		"Kafka Streams drops records silently when a batch is refused as too large, with processing.guarantee=at_least_once",
		func(r *resolver) bool { return r.readsStreams() && !r.out.Config.Prod.Transactional }},
	{"KAFKA-20090", Broker, "4.0..4.2.2", "4.3.0",
		"after 32,766 transactions of one producer session a timeout may leave a transaction open forever",
		transactionPerEpoch},
	{"KAFKA-20310", Broker, "4.0..4.2.2", "4.3.0",
		"when the coordinator moves after 32,766 transactions of one producer session, the producer may be fenced or stop",
		transactionPerEpoch},
	{"KAFKA-20321", Consumer, "3.7..4.2.2", "4.3.0",
		"with group.protocol=consumer records of a partition that is lost may be returned after the callback",
		newProtocol},
	{"KAFKA-20322", Broker, "4.2.0..4.2.0", "4.2.1",
		"during a rolling upgrade a transactional producer may fail with UnsupportedVersionException",
		func(r *resolver) bool { return r.out.Config.Prod.Transactional }},
	{"KAFKA-20332", Consumer, "3.7..4.2.0", "4.2.1",
		"with group.protocol=consumer records of a partition that is being revoked may be returned",
		newProtocol},
	{"KAFKA-20634", Broker, "4.0..4.2.1, 4.3.0..4.3.0", "4.2.2, 4.3.1 and 4.4.0",
		"an offset commit may be acknowledged and lost when its partition of __consumer_offsets changes leader",
		ofConsumer},
	{"KAFKA-20732", Broker, "3.6..4.3.1", "4.4.0",
		"with tiered storage and a retention by size a new leader may delete records that are inside the retention",
		func(r *resolver) bool { return r.peek(Topic, "remote.storage.enable").is("true") }},
}

func always(*resolver) bool { return true }

// A part that nobody gave is not the question.
func ofProducer(r *resolver) bool { return r.given[Producer] }

func ofConsumer(r *resolver) bool {
	_, commit := r.values[App]["commit"]
	return r.given[Consumer] || commit
}

func newProtocol(r *resolver) bool { return r.out.Config.Cons.NewProtocol }

func transactionPerEpoch(r *resolver) bool {
	return r.out.Config.Prod.Transactional && r.out.Config.Txn.Version >= 2
}

// readsStreams says whether the application is one of Kafka Streams.
func (r *resolver) readsStreams() bool { return slices.Contains(r.frameworkNames, "kafka-streams") }

// in says whether a version has the defect.
func (d *defect) in(v model.Version) bool {
	for _, releases := range strings.Split(d.releases, ", ") {
		from, to, _ := strings.Cut(releases, "..")
		if tableVersion(from).First() <= v && v.Release() <= tableVersion(to).Release() {
			return true
		}
	}
	return false
}

// noteDefects notes the known defects that the configuration has and the model has not.
func (r *resolver) noteDefects() {
	for i := range defects {
		d := &defects[i]
		v, who := r.kafka, fmt.Sprintf("brokers of Kafka %s", r.kafka.Release())
		if d.of != Broker {
			client := r.dialectOf(d.of)
			if client.Client != model.Java {
				continue
			}
			v, who = client.Version, fmt.Sprintf("the Java %s %s", d.of, client.Version.Release())
		}
		if d.in(v) && d.when(r) {
			r.note("%s of %s is not in the model: %s (fixed in %s)", d.issue, who, d.text, d.fixed)
		}
	}
	r.noteClientDefects()
}
