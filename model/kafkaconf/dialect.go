package kafkaconf

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// Dialect is a client library as app.producer-client and app.consumer-client name it: which keys it knows, by which
// names, and with which defaults.
type Dialect struct {
	Client  model.Client
	Version model.Version // of a Java client, with its patch; 0 for others
	Name    string        // as the user wrote it
}

// dialectNames says what a client may be called.
const dialectNames = "java-VERSION, librdkafka, scala-0.8, sarama, kafka-go or franz-go"

// newestJava is the newest release whose keys and defaults the table has.
const newestJava = model.Version(40199)

// ParseDialect reads a client's name. "java-3.0" is the last patch of 3.0, "java-3.0.0" that patch.
func ParseDialect(name string) (Dialect, error) {
	if version, found := strings.CutPrefix(name, "java-"); found {
		v, err := model.ParseClientVersion(version)
		switch {
		case err != nil:
			return Dialect{}, err
		case v < model.V0_8 || v > newestJava:
			return Dialect{}, fmt.Errorf("there is no Java client %s that kcheck knows; write java-0.8.2 to java-%s",
				version, model.Newest)
		}
		return Dialect{model.Java, v, name}, nil
	}
	for c := model.Librdkafka; c <= model.FranzGo; c++ {
		if c.String() == name {
			return Dialect{Client: c, Name: name}, nil
		}
	}
	return Dialect{}, fmt.Errorf("unknown client %s; write %s", formats.Quote(name), dialectNames)
}

// DefaultDialect is the client that a spec without one has: the Scala client with Kafka 0.8, else Java's of the
// brokers' version.
func DefaultDialect(kafka model.Version) Dialect {
	if kafka == model.V0_8 {
		return Dialect{Client: model.Scala08, Name: "scala-0.8"}
	}
	return Dialect{model.Java, lastPatch(kafka), "java-" + kafka.String()}
}

// family is whose keys the client reads. The Go libraries have no configuration files: their settings are given under
// Java's names.
func (d Dialect) family() family {
	switch d.Client {
	case model.Scala08:
		return scalaKeys
	case model.Librdkafka:
		return rdkafkaKeys
	}
	return javaKeys
}

// tableVersion is the version whose column of the key table counts.
func (d Dialect) tableVersion() model.Version {
	if d.Client == model.Java {
		return d.Version
	}
	return newestJava
}

// key finds a key of the client; nil when no version of it has that key.
func (d Dialect) key(p Part, name string) *key { return findKey(d.family(), tablePart(p), name) }

// knows says whether this very client has the key.
func (d Dialect) knows(p Part, name string) bool {
	k := d.key(p, name)
	return k != nil && (d.Client != model.Java || k.known(d.Version)) && !slices.Contains(absent[d.Client], name)
}

// absent are settings of Java's that decide about delivery and that a library has nothing like.
var absent = map[model.Client][]string{
	model.Sarama: {"max.block.ms", "block.on.buffer.full", "delivery.timeout.ms", "group.protocol"},
	model.KafkaGo: {"max.block.ms", "block.on.buffer.full", "delivery.timeout.ms", "group.protocol",
		"max.in.flight.requests.per.connection", "transaction.timeout.ms"},
	model.FranzGo: {"max.block.ms", "block.on.buffer.full", "group.protocol"},
}

// otherNames are the names that a setting has in a client under which Java's name is not, or not the only one. Sources:
// AsyncProducerConfig, SyncProducerConfig and ConsumerConfig of 0.8.2; librdkafka's CONFIGURATION.md.
var otherNames = map[model.Client]map[string][]string{
	model.Scala08: {
		"acks":                      {"request.required.acks"},
		"retries":                   {"message.send.max.retries"},
		"max.block.ms":              {"queue.enqueue.timeout.ms"},
		"linger.ms":                 {"queue.buffering.max.ms"},
		"buffer.memory":             {"queue.buffering.max.messages"},
		"batch.size":                {"batch.num.messages"},
		"enable.auto.commit":        {"auto.commit.enable"},
		"bootstrap.servers":         {"metadata.broker.list"},
		"key.serializer":            {"key.serializer.class"},
		"value.serializer":          {"serializer.class"},
		"compression.type":          {"compression.codec"},
		"metadata.max.age.ms":       {"topic.metadata.refresh.interval.ms"},
		"fetch.max.wait.ms":         {"fetch.wait.max.ms"},
		"receive.buffer.bytes":      {"socket.receive.buffer.bytes"},
		"max.partition.fetch.bytes": {"fetch.message.max.bytes"},
	},
	model.Librdkafka: {
		"acks":                                  {"acks", "request.required.acks"},
		"retries":                               {"retries", "message.send.max.retries"},
		"linger.ms":                             {"linger.ms", "queue.buffering.max.ms"},
		"max.in.flight.requests.per.connection": {"max.in.flight.requests.per.connection", "max.in.flight"},
		"delivery.timeout.ms":                   {"delivery.timeout.ms", "message.timeout.ms"},
		"buffer.memory":                         {"queue.buffering.max.messages", "queue.buffering.max.kbytes"},
	},
}

// names are the names under which a client takes the setting that Java calls name; the first is the one to show.
func (d Dialect) names(name string) []string {
	if names, found := otherNames[d.Client][name]; found {
		return names
	}
	return []string{name}
}

// ownDefaults are the defaults of libraries whose settings are given under Java's names, each with the field it stands
// for. Sources: IBM/sarama config.go (NewConfig), segmentio/kafka-go writer.go and reader.go, twmb/franz-go
// pkg/kgo/config.go (defaultCfg), read in 2026-08.
var ownDefaults = map[model.Client]map[string]string{
	model.Sarama: {
		"producer.acks":    "1", // Producer.RequiredAcks = WaitForLocal
		"producer.retries": "3", // Producer.Retry.Max
		"producer.max.in.flight.requests.per.connection": "5",      // Net.MaxOpenRequests
		"producer.enable.idempotence":                    "false",  // Producer.Idempotent
		"producer.request.timeout.ms":                    "10000",  // Producer.Timeout
		"producer.linger.ms":                             "0",      // Producer.Flush.Frequency
		"producer.transaction.timeout.ms":                "60000",  // Producer.Transaction.Timeout
		"consumer.enable.auto.commit":                    "true",   // Consumer.Offsets.AutoCommit.Enable
		"consumer.auto.commit.interval.ms":               "1000",   // Consumer.Offsets.AutoCommit.Interval
		"consumer.auto.offset.reset":                     "latest", // Consumer.Offsets.Initial = OffsetNewest
		"consumer.isolation.level":                       "read_uncommitted",
		"consumer.session.timeout.ms":                    "10000", // Consumer.Group.Session.Timeout
		"consumer.heartbeat.interval.ms":                 "3000",
	},
	model.KafkaGo: {
		"producer.acks":    "0", // Writer.RequiredAcks: the zero value is RequireNone
		"producer.retries": "9", // Writer.MaxAttempts, 10 attempts
		"producer.max.in.flight.requests.per.connection": "1",        // a partition's batches are written one after the other
		"producer.enable.idempotence":                    "false",    // there is none
		"producer.request.timeout.ms":                    "10000",    // Writer.WriteTimeout
		"producer.linger.ms":                             "1000",     // Writer.BatchTimeout
		"consumer.enable.auto.commit":                    "true",     // Reader.ReadMessage commits what it returns
		"consumer.auto.offset.reset":                     "earliest", // ReaderConfig.StartOffset = FirstOffset
		"consumer.isolation.level":                       "read_uncommitted",
		"consumer.session.timeout.ms":                    "30000",
		"consumer.heartbeat.interval.ms":                 "3000",
	},
	model.FranzGo: {
		"producer.acks":    "all",                          // AllISRAcks
		"producer.retries": strconv.FormatInt(1<<31-1, 10), // recordRetries, unbounded
		"producer.max.in.flight.requests.per.connection": "5", // with idempotence; 1 without (maxProduceInflight)
		"producer.enable.idempotence":                    "true",
		"producer.request.timeout.ms":                    "10000", // produceTimeout
		"producer.linger.ms":                             "10",
		"producer.transaction.timeout.ms":                "40000",
		"consumer.enable.auto.commit":                    "true",
		"consumer.auto.commit.interval.ms":               "5000",
		"consumer.auto.offset.reset":                     "earliest", // resetOffset = NewOffset().AtStart()
		"consumer.isolation.level":                       "read_uncommitted",
		"consumer.session.timeout.ms":                    "45000",
		"consumer.heartbeat.interval.ms":                 "3000",
	},
}

// defaultOf is the library's own default of a setting, by the name that the library has for it.
func (d Dialect) defaultOf(p Part, name string) (string, bool) {
	if own, found := ownDefaults[d.Client]; found {
		s, ok := own[string(tablePart(p))+"."+name]
		return s, ok
	}
	k := d.key(p, name)
	if k == nil || d.Client == model.Java && !k.known(d.Version) {
		return "", false
	}
	return k.valueAt(d.tableVersion())
}

func itoa(n int) string { return strconv.Itoa(n) }
