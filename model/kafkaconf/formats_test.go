package kafkaconf

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/model"
)

const fixtures = "testdata/formats/"

// loadFiles loads configuration files of the fixtures as one question.
func loadFiles(names ...string) (*Resolved, Problems) {
	request := Request{}
	for _, n := range names {
		request.Files = append(request.Files, fixtures+n)
	}
	return loadAll(request)
}

// newestName is the version that is assumed where nobody says one.
var newestName = model.Newest.String()

// lineNames are the lines of releases, as a message lists them.
func lineNames() string {
	var names []string
	for _, v := range model.Lines() {
		names = append(names, v.String())
	}
	return strings.Join(names, " ")
}

// Each format, as people have it: what it is taken for, the parts that it gives, and some values with their places.
func TestFormats(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		file, format, parts, kafka string
		want                       []string // "name value place"; the place without the file
	}{
		{"topics-describe.txt", "kafka-topics --describe", "topic", newestName, []string{
			"topic.replication.factor 3 1:65", "topic.min.insync.replicas 2 1:125", "topic.cleanup.policy compact,delete 1:95"}},
		{"configs-describe.txt", "kafka-configs --describe", "broker, topic", "3.9", []string{
			"topic.min.insync.replicas 2 5:3", "topic.cleanup.policy delete default of the cluster", "broker.default.replication.factor 3 10:3"}},
		{"strimzi.yaml", "Strimzi resources", "broker, topic", "3.9.0", []string{
			"topic.replication.factor 3 46:3", "topic.min.insync.replicas 2 48:5", "broker.min.insync.replicas 1 32:7",
			"broker.unclean.leader.election.enable false 33:7"}},
		{"application.yml", "Spring application.yml", "producer, consumer", newestName, []string{
			"producer.acks all 8:7", "producer.batch.size 32768 9:7", "producer.max.in.flight.requests.per.connection 5 12:9",
			"consumer.isolation.level read_committed 16:7", "consumer.session.timeout.ms 45000 18:9", "app.commit after-processing 20:7",
			"consumer.enable.auto.commit false spring-kafka 4.1"}},
		{"application.properties", "Spring application.properties", "producer, consumer", newestName, []string{
			"producer.acks all 3:1", "producer.max.in.flight.requests.per.connection 5 5:1", "consumer.auto.offset.reset earliest 7:1"}},
		{"compose.yaml", "docker-compose, services kafka-1, kafka-2, kafka-3, orders", "broker, producer, consumer", "3.9", []string{
			"broker.min.insync.replicas 2 5:3", "broker.default.replication.factor 3 4:3", "producer.acks all 28:9",
			"consumer.auto.offset.reset earliest 30:9"}},
		{"broker.env", "environment variables", "broker", newestName, []string{
			"broker.min.insync.replicas 2 4:8", "broker.default.replication.factor 3 5:1"}},
		{"rdkafka.json", "librdkafka settings in JSON", "producer", newestName, []string{
			"producer.request.required.acks -1 4:3", "producer.message.timeout.ms 300000 6:3", "app.producer-client librdkafka 6:3"}},
		{"rdkafka.conf", "librdkafka settings", "consumer", newestName, []string{
			"consumer.enable.auto.offset.store false 5:1", "app.consumer-client librdkafka 5:1",
			"consumer.isolation.level read_committed default of librdkafka"}},
		{"connect-distributed.properties", "Connect worker", "producer, consumer", newestName, []string{
			"producer.acks 1 9:1", "producer.enable.idempotence false kafka-connect-source 4.4", "consumer.max.poll.records 100 11:1",
			"app.on-restart resend kafka-connect-source 4.4"}},
		{"connector.json", "Connect connector", "producer", newestName, []string{
			"producer.enable.idempotence true 8:5", "producer.acks all 7:5", "producer.max.block.ms 9223372036854775807 kafka-connect-source 4.4"}},
		{"streams.properties", "Kafka Streams configuration", "producer, consumer", newestName, []string{
			"producer.transactional.id order-totals 3:1", "producer.linger.ms 20 6:1", "consumer.isolation.level read_committed 3:1",
			"app.output kafka kafka-streams 4.4", "producer.transaction.timeout.ms 10000 kafka-streams 4.4"}},
		{"plan.json", "Terraform plan", "broker, topic", "3.9", []string{
			"topic.min.insync.replicas 2 29:28", "topic.replication.factor 3 27:17", "broker.auto.create.topics.enable false 13:35", "broker.min.insync.replicas 1 13:70"}},
	} {
		r, problems := loadFiles(test.file)
		if r == nil || len(problems) > 0 {
			t.Errorf("%s: %v", test.file, problems)
			continue
		}
		if read := r.Read[0]; read.Format != test.format || read.PartNames() != test.parts || r.Config.Kafka.String() != test.kafka {
			t.Errorf("%s: taken for %s: %s, Kafka %s", test.file, read.Format, read.PartNames(), r.Config.Kafka)
		}
		var all []string
		for _, e := range r.Effective {
			all = append(all, fmt.Sprintf("%s %s %s", e.Name(), e.Value, strings.TrimPrefix(e.Source, fixtures+test.file+":")))
		}
		for _, want := range test.want {
			if !slices.Contains(all, want) {
				t.Errorf("%s: no %q in\n%s", test.file, want, strings.Join(all, "\n"))
			}
		}
	}
}

// A broken file of each format is one line with a place and nothing else.
func TestBrokenFormats(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"topics-describe-bad.txt":            "kafka-topics output without a line that has ReplicationFactor; give the whole output of kafka-topics --describe",
		"configs-describe-bad.txt":           `:2:3: "min.insync.replicas: 2" is not a line of kafka-configs --describe; expected KEY=VALUE sensitive=false synonyms={…}`,
		"strimzi-bad.yaml":                   ":7:3: spec.config: expected a mapping from settings to values; found a list",
		"application-bad.yml":                `:6:7: spring.kafka.listener.ack-mode: "sometimes" is not an ack mode; write record, batch, time, count, count-time, manual or manual-immediate`,
		"application-bad.properties":         `:1:28: malformed \u escape; write four hexadecimal digits, \u0041`,
		"compose-bad.yaml":                   `:11:9: min.insync.replicas: is "1" here and "2" at testdata/formats/compose-bad.yaml:6:9; choose one of the services with --service kafka-1 or --service kafka-2`,
		"broker-bad.env":                     "these are variables of an application's own, and none is a setting of a broker (KAFKA_…, KAFKA_CFG_…), a Connect worker (CONNECT_…), ksqlDB (KSQL_…) or Spring (SPRING_KAFKA_…); give the configuration that the application makes of them",
		"rdkafka-bad.json":                   `:4:3: not valid JSON: invalid character '"' after object key:value pair`,
		"rdkafka-bad.conf":                   "has keys of several parts; say whose it is with --producer rdkafka-bad.conf, --broker rdkafka-bad.conf or --consumer rdkafka-bad.conf",
		"connect-distributed-bad.properties": `:2:15: malformed \u escape; write four hexadecimal digits, \u0041`,
		"connector-bad.json":                 ":4:3: transforms: expected a text; found a mapping: the settings of a connector are texts",
		"streams-bad.properties":             `:2:1: processing.guarantee: "exactly_twice" is not a processing guarantee; write at_least_once or exactly_once_v2`,
		"plan-bad.json":                      ":1:1: no kafka_topic, confluent_kafka_topic, aws_msk_topic or aws_msk_configuration in this plan; nothing to check",
	} {
		r, problems := loadFiles(file)
		if r != nil || len(problems) != 1 || !strings.HasSuffix(problems.Error(), file+strings.TrimPrefix(": "+want, ": :")) &&
			!strings.HasSuffix(problems.Error(), file+want) {
			t.Errorf("%s: a result %v\n got %v\nwant %s", file, r != nil, problems, want)
		}
	}
	bad, _ := filepath.Glob(fixtures + "*-bad*")
	if len(bad) != 13 {
		t.Errorf("%d broken fixtures", len(bad))
	}
}

// One setup, written in many formats, has one name; another setup has another.
func TestOneSetupOneName(t *testing.T) {
	t.Parallel()
	const producer, consumer = "acks=all\nenable.idempotence=true\n", "enable.auto.commit=false\nauto.offset.reset=earliest\n"
	const springYAML = "spring:\n  kafka:\n    producer:\n      acks: \"-1\"\n      properties: {enable.idempotence: true}\n" +
		"    consumer: {auto-offset-reset: EARLIEST}\n"
	read := files{
		"p.properties": producer, "c.properties": consumer,
		"t.properties":   "replication.factor=3\nmin.insync.replicas=2\n",
		"server.env":     "KAFKA_DEFAULT_REPLICATION_FACTOR=3\nKAFKA_MIN_INSYNC_REPLICAS=2\n",
		"topics.txt":     "Topic: o\tPartitionCount: 1\tReplicationFactor: 3\tConfigs: min.insync.replicas=2\n",
		"strimzi.yaml":   "apiVersion: kafka.strimzi.io/v1\nkind: KafkaTopic\nmetadata: {name: o}\nspec: {replicas: 3, config: {min.insync.replicas: 2}}\n",
		"plan.json":      `{"planned_values": {"root_module": {"resources": [{"type": "kafka_topic", "values": {"name": "o", "replication_factor": 3, "config": {"min.insync.replicas": "2"}}}]}}}`,
		"client.json":    `{"acks": "all", "enable.idempotence": true, "key.serializer": "x"}`,
		"app.yml":        strings.ReplaceAll(springYAML, "EARLIEST", "earliest"),
		"app.properties": "spring.kafka.producer.acks=all\nspring.kafka.producer.properties[enable.idempotence]=True\nspring.kafka.consumer.autoOffsetReset=earliest\n",
		"compose.yaml": "services:\n  k:\n    deploy: {replicas: 3}\n    environment: [KAFKA_CFG_MIN_INSYNC_REPLICAS=2, KAFKA_CFG_DEFAULT_REPLICATION_FACTOR=3]\n" +
			"  app:\n    environment: {SPRING_KAFKA_PRODUCER_ACKS: all, SPRING_KAFKA_PRODUCER_PROPERTIES_ENABLE_IDEMPOTENCE: 'true', SPRING_KAFKA_CONSUMER_AUTOOFFSETRESET: earliest}\n",
		"s.yaml": "guarantee: order\nproducer: {acks: all, enable.idempotence: true}\ntopic: {min.insync.replicas: 2}\n" +
			"consumer: {enable.auto.commit: false, auto.offset.reset: earliest}\n",
		"other.properties": "min.insync.replicas=1\nreplication.factor=3\n",
	}.read
	id := func(names []string, set ...string) string {
		r, problems := loadAll(Request{Files: names, Set: set, ReadFile: read})
		if r == nil {
			t.Fatalf("%v: %v", names, problems)
		}
		return r.ID()
	}
	plain := []string{"p.properties", "c.properties", "t.properties"}
	want, ofSpring := id(plain), id(plain, "app.framework=spring-kafka")
	if want == ofSpring {
		t.Error("Spring's error handler makes no difference")
	}
	for _, names := range [][]string{
		{"p.properties", "c.properties", "server.env"}, {"client.json", "c.properties", "plan.json"}, {"s.yaml"},
		{"p.properties", "c.properties", "t.properties", "topics.txt"},
	} {
		if got := id(names); got != want {
			t.Errorf("%v: %s, want %s", names, got, want)
		}
	}
	for _, names := range [][]string{{"app.yml", "topics.txt"}, {"app.properties", "strimzi.yaml"}, {"compose.yaml"}} {
		if got := id(names); got != ofSpring {
			t.Errorf("%v: %s, want %s", names, got, ofSpring)
		}
	}
	if id([]string{"p.properties", "c.properties", "other.properties"}) == want {
		t.Error("another min.insync.replicas has the same name")
	}
}

// Several files are one question. What two of them say differently is an error that names both places, unless one
// overrides the other by Kafka's or the framework's own rule, which is a note.
func TestMerging(t *testing.T) {
	t.Parallel()
	read := files{
		"producer-a.properties": "acks=all\nclient.id=a\nlinger.ms=5\n", "producer-b.properties": "acks=1\nclient.id=b\n",
		"producer-c.properties": "acks = -1\nretries=7\n",
		"worker.properties":     "key.converter=x\nproducer.acks=1\nconsumer.isolation.level=read_committed\n",
		"source.json":           `{"connector.class": "S", "producer.override.acks": "all"}`,
		"sink.json":             `{"connector.class": "S", "topics": "o"}`,
		"server.properties":     "broker.id=1\nmin.insync.replicas=1\n",
		"brokers.txt":           "Dynamic configs for broker 1 are:\n  min.insync.replicas=2 sensitive=false synonyms={DYNAMIC_BROKER_CONFIG:min.insync.replicas=2}\n",
		"two.txt":               "Topic: a\tPartitionCount: 1\tReplicationFactor: 3\tConfigs: \nTopic: b\tPartitionCount: 1\tReplicationFactor: 1\tConfigs: \n",
	}.read
	load := func(names ...string) (*Resolved, Problems) { return loadAll(Request{Files: names, ReadFile: read}) }

	if _, problems := load("producer-a.properties", "producer-b.properties"); problems.Error() !=
		`producer-b.properties:1:1: acks: is "1" here and "all" at producer-a.properties:1:1; leave out one of them, or say which counts with --set producer.acks=VALUE` {
		t.Errorf("a conflict: %v", problems)
	}
	if r, problems := load("producer-a.properties", "producer-c.properties"); r == nil || len(problems) > 0 ||
		effective(r, "producer.retries") != "7 | producer-c.properties:2:1" || effective(r, "producer.acks") != "all | producer-a.properties:1:1" {
		t.Errorf("parts of one producer: %v", problems)
	}
	for _, names := range [][]string{{"worker.properties", "source.json"}, {"source.json", "worker.properties"}} {
		r, problems := load(names...)
		if r == nil || effective(r, "producer.acks") != "all | source.json:1:26" || effective(r, "consumer.isolation.level") != "read_uncommitted | default of "+newestName {
			t.Errorf("a source connector and its worker: %v %v", problems, r)
		} else if names[0] == "worker.properties" && !slices.Contains(r.Notes, "source.json:1:26: acks=all counts before 1 at worker.properties:2:1") {
			t.Errorf("no word of the override: %q", r.Notes)
		}
	}
	if r, problems := load("worker.properties", "sink.json"); r == nil || effective(r, "producer.acks") != "all | assumed" ||
		effective(r, "consumer.isolation.level") != "read_committed | worker.properties:3:1" || effective(r, "app.on-restart") != "forget | assumed" {
		t.Errorf("a sink connector and its worker: %v", problems)
	}
	if r, problems := load("brokers.txt", "server.properties"); r == nil || effective(r, "broker.min.insync.replicas") != "2 | brokers.txt:2:3" {
		t.Errorf("dynamic configuration: %v", problems)
	}
	if _, problems := load("two.txt"); problems.Error() !=
		`two.txt:2:1: topics "a" and "b" have different settings; choose one with --topic-name NAME (a, b)` {
		t.Errorf("two topics: %v", problems)
	}
	if r, problems := loadAll(Request{Files: []string{"two.txt"}, TopicName: "b", ReadFile: read}); r == nil || r.Config.Topic.Replicas != 1 {
		t.Errorf("a named topic: %v", problems)
	}
	if _, problems := loadAll(Request{Files: []string{"two.txt"}, TopicName: "c", ReadFile: read}); problems.Error() !=
		`two.txt: --topic-name: topic "c" is not in this file; it has a, b` {
		t.Errorf("a topic that is not there: %v", problems)
	}
}

// A part flag takes any format, and of a richer one what it says of that part.
func TestPartOfAFile(t *testing.T) {
	t.Parallel()
	r, problems := loadAll(Request{PartFiles: map[Part]string{Consumer: fixtures + "application.yml"}})
	if r == nil || !strings.HasPrefix(effective(r, "consumer.isolation.level"), "read_committed") || effective(r, "producer.acks") != "all | assumed" ||
		!strings.HasPrefix(effective(r, "app.commit"), "after-processing | testdata") {
		t.Errorf("the consumer of a Spring application: %v", problems)
	}
	if _, problems := loadAll(Request{PartFiles: map[Part]string{Topic: fixtures + "application.yml"}}); problems.Error() !=
		fixtures+"application.yml: --topic: this Spring application.yml says nothing of the topic" {
		t.Errorf("a part that is not there: %v", problems)
	}
	if r, _ := loadAll(Request{PartFiles: map[Part]string{Producer: fixtures + "rdkafka.json"}}); r == nil || r.Config.Prod.Client.String() != "librdkafka" {
		t.Error("a producer of librdkafka in JSON is not told by its keys")
	}
}

// A value that is filled in elsewhere is an error where it decides, and nothing where it does not.
func TestPlaceholders(t *testing.T) {
	t.Parallel()
	read := files{
		"producer.properties": "acks=${env:ACKS}\nclient.id=${env:HOSTNAME}\n",
		"application.yml":     "spring: {kafka: {producer: {acks: '${ACKS}', client-id: '${HOST}'}}}\n",
		"compose.yaml":        "services: {k: {environment: {KAFKA_MIN_INSYNC_REPLICAS: '${MIN_ISR}', KAFKA_DEFAULT_REPLICATION_FACTOR: 1, KAFKA_NODE_ID: '${ID}'}}}\n",
	}.read
	for file, want := range map[string]string{
		"producer.properties": `producer.properties:1:1: acks: "${env:ACKS}" is filled in elsewhere, so that kcheck cannot know it; say what it is with --set producer.acks=VALUE`,
		"application.yml":     `application.yml:1:29: acks: "${ACKS}" is filled in elsewhere, so that kcheck cannot know it; say what it is with --set producer.acks=VALUE`,
		"compose.yaml":        `compose.yaml:1:30: min.insync.replicas: "${MIN_ISR}" is filled in elsewhere, so that kcheck cannot know it; say what it is with --set broker.min.insync.replicas=VALUE`,
	} {
		if r, problems := loadAll(Request{Files: []string{file}, ReadFile: read}); r != nil || problems.Error() != want {
			t.Errorf("%s:\n got %v\nwant %s", file, problems, want)
		}
	}
	if r, problems := loadAll(Request{Files: []string{"producer.properties"}, Set: []string{"producer.acks=1"}, ReadFile: read}); r == nil {
		t.Errorf("with --set: %v", problems)
	}
}

// The version that files state is the version that is asked about, or the newest that kcheck has before it.
func TestStatedVersion(t *testing.T) {
	t.Parallel()
	compose := "services: {k: {image: '%s', command: 'kafka-server-start x', environment: {KAFKA_MIN_INSYNC_REPLICAS: 2}}}\n"
	for image, want := range map[string]string{
		"apache/kafka:3.7.1": "3.7", "confluentinc/cp-kafka:7.6.0": "3.6", "confluentinc/cp-kafka:8.0.0": "4.0", "wurstmeister/kafka:2.13-2.8.1": "2.8", "apache/kafka:3.4.0": "3.4",
		"apache/kafka:latest": newestName, "quay.io/strimzi/kafka:0.45.0-kafka-3.9.0": "3.9", "apache/kafka:9.1.0": newestName,
	} {
		read := files{"c.yaml": fmt.Sprintf(compose, image)}.read
		r, problems := loadAll(Request{Files: []string{"c.yaml"}, ReadFile: read})
		if r == nil || r.Config.Kafka.String() != want {
			t.Errorf("%s: %v, want %s", image, problems, want)
		}
		if r, _ := loadAll(Request{Files: []string{"c.yaml"}, Kafka: "2.8", ReadFile: read}); r == nil || r.Config.Kafka.String() != "2.8" {
			t.Errorf("%s: --kafka does not count", image)
		}
	}
}

// What frameworks make of a few settings: their own defaults, what they enforce, and how they use their clients.
func TestFrameworks(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		want       map[string]string
	}{
		{"an exactly-once source worker", "group.id=g\nconfig.storage.topic=c\nexactly.once.source.support=enabled\nproducer.enable.idempotence=false\n", map[string]string{
			"producer.enable.idempotence": "true | f:3:1", "producer.transactional.id": "g-CONNECTOR-TASK | f:3:1", "producer.acks": "all | kafka-connect-source 4.4",
			"app.on-restart": "forget | f:3:1"}},
		{"a source that skips what cannot be sent", "connector.class=S\nerrors.tolerance=all\n", map[string]string{
			"app.on-send-error": "give-up | f:2:1", "app.on-restart": "resend | kafka-connect-source 4.4"}},
		{"a sink", `{"config": {"connector.class": "S", "topics": "o", "consumer.override.auto.offset.reset": "latest", "producer.override.acks": "0"}}`, map[string]string{
			"consumer.auto.offset.reset": "latest | f:1:52", "producer.acks": "all | assumed", "app.commit": "after-processing | kafka-connect-sink 4.4"}},
		{"a sink that queues", "connector.class=com.clickhouse.kafka.connect.ClickHouseSinkConnector\ntopics=o\n", map[string]string{
			"app.commit": "after-processing | kafka-connect-sink 4.4", "app.process": "inline | kafka-connect-sink 4.4"}},
		{"a worker and a connector of Strimzi", "apiVersion: kafka.strimzi.io/v1\nkind: KafkaConnect\nspec: {config: {producer.acks: 1}}\n---\n" +
			"apiVersion: kafka.strimzi.io/v1\nkind: KafkaConnector\nmetadata: {name: n}\nspec: {class: S, config: {producer.override.acks: all}}\n", map[string]string{
			"producer.acks": "all | f:8:27", "producer.max.in.flight.requests.per.connection": "1 | kafka-connect-source 4.4"}},
		{"a cluster of Strimzi with ZooKeeper", "apiVersion: kafka.strimzi.io/v1beta2\nkind: Kafka\nmetadata: {name: n}\nspec: {kafka: {version: 3.7.0}, zookeeper: {replicas: 3}}\n", map[string]string{
			"broker.zookeeper.connect": "n-zookeeper-client:2181 | set by Strimzi's operator"}},
		{"Streams at least once", "application.id=a\nmain.consumer.auto.offset.reset=latest\nconsumer.auto.offset.reset=none\nenable.auto.commit=true\nacks=1\n", map[string]string{
			"consumer.auto.offset.reset": "latest | f:2:1", "consumer.enable.auto.commit": "false | kafka-streams 4.4", "producer.acks": "1 | f:5:1",
			"app.output": "kafka | kafka-streams 4.4"}},
		{"Streams below Spring", "spring.kafka.streams.application-id=a\nspring.kafka.streams.properties[processing.guarantee]=exactly_once_v2\n", map[string]string{
			"producer.transactional.id": "a | f:2:1", "app.output": "kafka | kafka-streams 4.4", "app.commit": "in-transaction | f:2:1"}},
		{"Spring with auto commit", "spring.kafka.consumer.enable-auto-commit=true\nspring.kafka.listener.ack-mode=batch\n", map[string]string{
			"consumer.enable.auto.commit": "true | f:1:1", "app.commit": "auto | assumed"}},
		{"Spring with transactions", "spring.kafka.producer.transaction-id-prefix=tx-\nspring.kafka.consumer.group-id=g\n", map[string]string{
			"producer.transactional.id": "tx- | f:1:1", "app.commit": "after-processing | assumed"}},
		{"later documents of Spring count", "spring.kafka.producer.acks=1\n#---\nspring.kafka.producer.acks=all\n#---\nspring.config.activate.on-profile=x\nspring.kafka.producer.acks=0\n", map[string]string{
			"producer.acks": "all | f:3:1"}},
		{"settings for all of Spring's clients", "spring: {kafka: {properties: {isolation.level: read_committed, linger.ms: 1}, producer: {acks: all}}}\n", map[string]string{
			"consumer.isolation.level": "read_committed | f:1:31", "producer.linger.ms": "1 | f:1:64"}},
		{"a controller of its own", "services:\n  c: {environment: {KAFKA_PROCESS_ROLES: controller, KAFKA_MIN_INSYNC_REPLICAS: 1}}\n" +
			"  b: {environment: {KAFKA_PROCESS_ROLES: broker, KAFKA_MIN_INSYNC_REPLICAS: 2}}\n", map[string]string{
			"controller.min.insync.replicas": "1 | f:2:54", "broker.min.insync.replicas": "2 | f:3:50"}},
	} {
		r, problems := loadAll(Request{Files: []string{"f"}, ReadFile: files{"f": test.text}.read})
		if r == nil {
			t.Errorf("%s: %v", test.name, problems)
			continue
		}
		for name, want := range test.want {
			if got := effective(r, name); got != want {
				t.Errorf("%s: %s: got %q, want %q", test.name, name, got, want)
			}
		}
	}
}
