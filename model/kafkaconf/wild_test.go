package kafkaconf

import (
	"slices"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/model"
)

// wild is a set of files as people have them, and what kcheck makes of it.
type wild struct {
	name    string
	files   files
	request Request           // Files is filled in with the names of files, sorted, unless it names some
	want    map[string]string // settings by their full name; "" means that there is none
	kafka   model.Version     // 0: not looked at
	kraft   bool
	refused []string // keys that Kafka or the framework refuses
	failed  []string // keys of failures; "*" for one without a key
	warned  []string // keys of warnings
}

// check loads the files and compares.
func (w wild) check(t *testing.T) {
	t.Helper()
	q := w.request
	if q.Files == nil && q.PartFiles == nil {
		for name := range w.files {
			q.Files = append(q.Files, name)
		}
		slices.Sort(q.Files)
	}
	q.ReadFile = w.files.read
	r, problems := loadAll(q)
	keysOf := func(s Severity) []string {
		var keys []string
		for _, p := range problems.Only(s) {
			key := p.Key
			if key == "" {
				key = "*"
			}
			keys = append(keys, key)
		}
		slices.Sort(keys)
		return keys
	}
	for severity, want := range map[Severity][]string{Failure: w.failed, Refusal: w.refused, Warning: w.warned} {
		slices.Sort(want)
		if got := keysOf(severity); !slices.Equal(got, want) {
			t.Errorf("%s: %s of %q, want %q\n%v", w.name, severity, got, want, problems)
		}
	}
	if r == nil {
		if len(w.failed) == 0 {
			t.Errorf("%s: no result: %v", w.name, problems)
		}
		return
	}
	for name, want := range w.want {
		got, _, _ := strings.Cut(effective(r, name), " | ")
		if got != want {
			t.Errorf("%s: %s is %q, want %q\n%s", w.name, name, got, want, strings.Join(r.Notes, "\n"))
		}
	}
	if w.kafka != 0 && (r.Config.Kafka.Line() != w.kafka.Line() || r.Config.KRaft != w.kraft) {
		t.Errorf("%s: Kafka %s, KRaft %v; want %s, %v", w.name, r.Config.Kafka, r.Config.KRaft, w.kafka, w.kraft)
	}
}

const silentFactor = "broker.default.replication.factor" // the key of the warning about brokers that give a topic one replica

// How many replicas a topic has where a file lists the brokers.
func TestReplicasOfListedBrokers(t *testing.T) {
	t.Parallel()
	const one = "services: {kafka: {image: 'apache/kafka:3.9.0', environment: {KAFKA_NODE_ID: 1, KAFKA_PROCESS_ROLES: 'broker,controller'}}}\n"
	const strimzi = "apiVersion: kafka.strimzi.io/v1beta2\nkind: Kafka\nmetadata: {name: a}\nspec: {kafka: {replicas: 1, version: 3.9.0, config: {default.replication.factor: 3}}}\n"
	const pool = "---\napiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaNodePool\nmetadata: {name: p, labels: {strimzi.io/cluster: a}}\nspec: {replicas: 3, roles: [broker]}\n"
	const topic = "---\napiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaTopic\nmetadata: {name: o, labels: {strimzi.io/cluster: a}}\nspec: {partitions: 1}\n"
	for _, w := range []wild{
		{name: "a broker without a factor", files: files{"c.yaml": one}, warned: []string{silentFactor},
			want: map[string]string{silentFactor: "1"}},
		{name: "more replicas than brokers", files: files{"c.yaml": strings.ReplaceAll(one, "KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 1, KAFKA_DEFAULT_REPLICATION_FACTOR: 3")},
			warned: []string{silentFactor}, want: map[string]string{silentFactor: "1"}},
		{name: "a topic of another system", files: files{"c.yaml": one, "t.properties": "replication.factor=3\nmin.insync.replicas=2\n"},
			warned: []string{"topic.replication.factor"}, want: map[string]string{"topic.replication.factor": "3"}},
		{name: "a server.properties that is silent", files: files{"server.properties": "node.id=1\nprocess.roles=broker\nmin.insync.replicas=2\n"},
			warned: []string{silentFactor}, want: map[string]string{silentFactor: "1"}},
		{name: "a Kafka of one broker", files: files{"k.yaml": strimzi}, warned: []string{silentFactor}, want: map[string]string{silentFactor: "1"}},
		{name: "node pools", files: files{"k.yaml": strimzi + pool}, want: map[string]string{silentFactor: "3"}},
		{name: "a topic without replicas", files: files{"k.yaml": strimzi + pool + topic}, want: map[string]string{silentFactor: "3", "topic.replication.factor": ""}},
		{name: "topics that a container creates", files: files{"c.yaml": "services: {kafka: {image: 'wurstmeister/kafka:2.12-2.3.0', environment: {KAFKA_ZOOKEEPER_CONNECT: 'z:2181', KAFKA_CREATE_TOPICS: 'bills:1:1:compact'}}}\n"},
			want: map[string]string{"topic.replication.factor": "1", "topic.cleanup.policy": "compact"}},
	} {
		w.check(t)
	}
}

// Which Kafka, and with ZooKeeper or KRaft, a file is for.
func TestVersionOfFiles(t *testing.T) {
	t.Parallel()
	compose := func(image, environment string) files {
		return files{"c.yaml": "services: {b: {image: '" + image + "', environment: {KAFKA_DEFAULT_REPLICATION_FACTOR: 1, " + environment + "}}}\n"}
	}
	const zooKeeper, kraft = "KAFKA_BROKER_ID: 1, KAFKA_ZOOKEEPER_CONNECT: 'zk:2181'", "KAFKA_PROCESS_ROLES: 'broker,controller'"
	for _, w := range []wild{
		{name: "zookeeper.connect and no version", files: files{"server.properties": "broker.id=1\nzookeeper.connect=z:2181\ndefault.replication.factor=1\n"}, kafka: model.V3_9},
		{name: "kafka-configs of such a broker", files: files{"b.txt": "All configs for broker 1 are:\n  default.replication.factor=1 sensitive=false synonyms={STATIC_BROKER_CONFIG:default.replication.factor=1}\n" +
			"  zookeeper.connect=z:2181 sensitive=false synonyms={STATIC_BROKER_CONFIG:zookeeper.connect=z:2181}\n"}, kafka: model.V3_9},
		{name: "Confluent's old image", files: compose("confluentinc/cp-enterprise-kafka:5.5.0", zooKeeper), kafka: mustVersion("2.5")},
		{name: "a tag with a default", files: compose("confluentinc/cp-kafka:${TAG:-7.6.0}", kraft), kafka: model.V3_6, kraft: true},
		{name: "a registry and a tag with defaults", files: compose("${REPOSITORY:-confluentinc}/cp-server:${TAG:-7.7.1}", kraft), kafka: model.V3_7, kraft: true},
		{name: "3.5 in KRaft", files: compose("confluentinc/cp-kafka:7.5.0", kraft), kafka: mustVersion("3.5"), kraft: true},
		{name: "Debezium's own version", files: compose("quay.io/debezium/kafka:2.7", "KAFKA_NODE_ID: 1"), kafka: model.V3_7, kraft: true},
		{name: "Red Hat's image", files: files{"c.yaml": "services: {b: {image: 'registry.redhat.io/amq-streams/kafka-37-rhel9:2.7.0', command: 'bin/kafka-server-start.sh x --override default.replication.factor=1', environment: {KAFKA_MIN_INSYNC_REPLICAS: 2}}}\n"},
			kafka: model.V3_7, kraft: true, want: map[string]string{"topic.min.insync.replicas": "1"}},
		{name: "an image without an environment", files: files{"c.yaml": "services: {b: {image: 'apache/kafka:4.0.0'}}\n"}, kafka: model.V4_0, kraft: true, warned: []string{silentFactor}},
	} {
		w.check(t)
	}
}

// mustVersion is the version that a text names.
func mustVersion(text string) model.Version {
	v, err := model.ParseVersion(text)
	if err != nil {
		panic(err)
	}
	return v
}

// Services of a compose file that differ, and which of them is read.
func TestServices(t *testing.T) {
	t.Parallel()
	const head = "services:\n"
	const a, b = "  a: {image: 'apache/kafka:3.9.0', environment: {KAFKA_NODE_ID: 1, KAFKA_PROCESS_ROLES: 'broker,controller', KAFKA_CONTROLLER_QUORUM_VOTERS: '1@a:9093', KAFKA_DEFAULT_REPLICATION_FACTOR: 1, ",
		"  b: {image: 'apache/kafka:3.9.0', environment: {KAFKA_NODE_ID: 2, KAFKA_PROCESS_ROLES: broker, KAFKA_CONTROLLER_QUORUM_VOTERS: '1@a:9093', KAFKA_DEFAULT_REPLICATION_FACTOR: 1, "
	const west = "  west: {image: 'apache/kafka:3.9.0', environment: {KAFKA_NODE_ID: 1, KAFKA_PROCESS_ROLES: 'broker,controller', KAFKA_CONTROLLER_QUORUM_VOTERS: '1@west:9093', KAFKA_DEFAULT_REPLICATION_FACTOR: 1, "
	const app = "  one: {build: ., environment: {SPRING_KAFKA_PRODUCER_ACKS: all}}\n  two: {build: ., environment: {SPRING_KAFKA_PRODUCER_ACKS: 1}}\n"
	for _, w := range []wild{
		{name: "roles and the factor of the offsets differ", files: files{"c.yaml": head + a + "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1}}\n" + b + "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 2}}\n"}},
		{name: "what decides differs", files: files{"c.yaml": head + a + "KAFKA_MIN_INSYNC_REPLICAS: 1}}\n" + b + "KAFKA_MIN_INSYNC_REPLICAS: 2}}\n"}, failed: []string{"min.insync.replicas"}},
		{name: "one is chosen", files: files{"c.yaml": head + a + "KAFKA_MIN_INSYNC_REPLICAS: 1}}\n" + b + "KAFKA_MIN_INSYNC_REPLICAS: 2}}\n"}, request: Request{Service: "b"},
			want: map[string]string{"broker.min.insync.replicas": "2"}},
		{name: "two clusters that are alike", files: files{"c.yaml": head + a + "KAFKA_MIN_INSYNC_REPLICAS: 1}}\n" + west + "KAFKA_MIN_INSYNC_REPLICAS: 1}}\n"}},
		{name: "two clusters that differ", files: files{"c.yaml": head + a + "KAFKA_MIN_INSYNC_REPLICAS: 1}}\n" + west + "KAFKA_MIN_INSYNC_REPLICAS: 2}}\n"}, failed: []string{"*"}},
		{name: "one of two clusters", files: files{"c.yaml": head + a + "KAFKA_MIN_INSYNC_REPLICAS: 1}}\n" + west + "KAFKA_MIN_INSYNC_REPLICAS: 2}}\n"}, request: Request{Cluster: "west"},
			want: map[string]string{"broker.min.insync.replicas": "2"}},
		{name: "a container that creates topics", files: files{"c.yaml": head + a + "KAFKA_MIN_INSYNC_REPLICAS: 2}}\n" +
			"  init: {image: 'confluentinc/cp-kafka:7.5.0', command: 'bash -c \"cub kafka-ready -b a:9092 1 20 && kafka-topics --create\"', environment: {KAFKA_BROKER_ID: ignored, KAFKA_ZOOKEEPER_CONNECT: ignored}}\n"},
			kafka: model.V3_9, kraft: true, want: map[string]string{"broker.min.insync.replicas": "2"}},
		{name: "two applications", files: files{"c.yaml": head + app}, failed: []string{"*"}},
		{name: "one of two applications", files: files{"c.yaml": head + app}, request: Request{Service: "two"}, want: map[string]string{"producer.acks": "1"}},
		{name: "no such service", files: files{"c.yaml": head + app}, request: Request{Service: "three"}, failed: []string{"--service"}},
		{name: "Debezium's Connect", files: files{"c.yaml": "services: {c: {image: 'debezium/connect:2.7', environment: {GROUP_ID: 1, CONFIG_STORAGE_TOPIC: c, CONNECT_PRODUCER_ACKS: 1}}}\n"}, want: map[string]string{"producer.acks": "1"}},
		{name: "a variable that Bitnami's image does not read", files: files{"c.yaml": "services: {b: {image: 'bitnami/kafka:3.9', environment: {KAFKA_MIN_INSYNC_REPLICAS: 2, KAFKA_CFG_DEFAULT_REPLICATION_FACTOR: 1}}}\n"},
			warned: []string{"KAFKA_MIN_INSYNC_REPLICAS"}, want: map[string]string{"topic.min.insync.replicas": "1"}},
		{name: "an environment file with a name of the application's own", files: files{"b.env": "KAFKA_MIN_INSYNC_REPLICAS=2\nKAFKA_DEFAULT_REPLICATION_FACTOR=1\nkafka_topic=x\n"}, want: map[string]string{"broker.min.insync.replicas": "2"}},
		{name: "ZooKeeper from Kafka's image", files: files{"c.yaml": head + a + "KAFKA_MIN_INSYNC_REPLICAS: 2}}\n  z: {image: 'x/kafka:native-zookeeper-server-start'}\n  y: {image: 'apache/kafka:3.9.0', command: 'bin/zookeeper-server-start.sh z'}\n"},
			want: map[string]string{"broker.default.replication.factor": "1"}},
		{name: "two Kafka resources that differ", files: files{"k.yaml": twoKafkas("2")}, failed: []string{"*"}},
		{name: "two that do not", files: files{"k.yaml": twoKafkas("1")}},
		{name: "one of them", files: files{"k.yaml": twoKafkas("2")}, request: Request{Cluster: "b"}, want: map[string]string{"broker.min.insync.replicas": "2"}},
	} {
		w.check(t)
	}
}

func twoKafkas(minISR string) string {
	kafka := func(name, minISR string) string {
		return "apiVersion: kafka.strimzi.io/v1\nkind: Kafka\nmetadata: {name: " + name + "}\nspec: {kafka: {config: {default.replication.factor: 3, min.insync.replicas: " + minISR + "}}}\n"
	}
	return kafka("a", "1") + "---\n" + kafka("b", minISR)
}

// Kafka Streams and Connect: what comes from elsewhere, which way a connector goes, and misspelt names.
func TestStreamsAndConnect(t *testing.T) {
	t.Parallel()
	for _, w := range []wild{
		{name: "Spring's name for the application", files: files{"application.yml": "spring: {application: {name: totals}, kafka: {streams: {properties: {processing.guarantee: exactly_once_v2}}}}\n"},
			want: map[string]string{"producer.transactional.id": "totals", "app.commit": "in-transaction"}},
		{name: "an id that the code sets", files: files{"s.properties": "processing.guarantee=exactly_once_v2\n"}, want: map[string]string{"app.commit": "in-transaction"}},
		{name: "ksqlDB", files: files{"ksql-server.properties": "bootstrap.servers=k:9092\nksql.service.id=x_\nksql.streams.processing.guarantee=exactly_once_v2\nksql.streams.producer.linger.ms=7\n"},
			want: map[string]string{"producer.transactional.id": "_confluent-ksql-x_", "producer.linger.ms": "7"}},
		{name: "a misspelt guarantee", files: files{"s.properties": "application.id=a\nprocesing.guarantee=exactly_once_v2\n"}, warned: []string{"procesing.guarantee"}},
		{name: "a source that names topics", files: files{"c.json": `{"config":{"connector.class":"org.apache.camel.kafkaconnector.aws2sqs.CamelAws2sqsSourceConnector","topics":"bills","producer.override.acks":"1"}}`},
			want: map[string]string{"producer.acks": "1"}},
		{name: "an override decides where the class does not", files: files{"c.json": `{"config":{"connector.class":"x.Y","topics":"bills","producer.override.acks":"1"}}`}, want: map[string]string{"producer.acks": "1"}},
		{name: "a misspelt override", files: files{"c.json": `{"config":{"connector.class":"x.YSource","producer.overide.acks":"1"}}`}, warned: []string{"producer.overide.acks"}},
		{name: "a misspelt prefix", files: files{"w.properties": "key.converter=x\nproducers.acks=1\n"}, warned: []string{"producers.acks"}},
		{name: "two connectors", files: files{"c.json": `[{"name":"a","config":{"connector.class":"ASource"}},{"name":"b","config":{"connector.class":"BSink"}}]`}, failed: []string{"*"}},
		{name: "one of them", files: files{"c.json": `[{"name":"a","config":{"connector.class":"ASource","producer.override.acks":"0"}},{"name":"b","config":{"connector.class":"BSink"}}]`},
			request: Request{Service: "a"}, want: map[string]string{"producer.acks": "0"}},
		{name: "MirrorMaker 2", files: files{"mm2.properties": "clusters = a, b\na->b.enabled = true\nreplication.factor = 3\nb.producer.acks = 1\na->b.consumer.auto.offset.reset = latest\n"},
			want: map[string]string{"producer.acks": "1", "consumer.auto.offset.reset": "latest", "topic.replication.factor": "3"}},
		{name: "MirrorMaker 2 of Strimzi", files: files{"m.yaml": "apiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaMirrorMaker2\nmetadata: {name: m}\nspec:\n  connectCluster: b\n  clusters:\n  - {alias: a}\n" +
			"  - {alias: b, config: {producer.acks: 1}}\n  mirrors:\n  - {sourceCluster: a, targetCluster: b, sourceConnector: {config: {producer.override.linger.ms: 5}}}\n"}, want: map[string]string{"producer.acks": "1", "producer.linger.ms": "5"}},
	} {
		w.check(t)
	}
}

// Spring's own rules: profiles, environment, imports, placeholders, names, booleans, and what it refuses.
func TestSpring(t *testing.T) {
	t.Parallel()
	const all = "spring: {kafka: {producer: {acks: all}}}\n"
	profile := func(activate, on, acks string) string {
		return "spring: {" + activate + "kafka: {producer: {acks: all}}}\n---\nspring: {config: {activate: {on-profile: '" + on + "'}}, kafka: {producer: {acks: " + acks + "}}}\n"
	}
	for _, w := range []wild{
		{name: "an active profile", files: files{"application.yml": profile("profiles: {active: live}, ", "live", "0")}, want: map[string]string{"producer.acks": "0"}},
		{name: "the default profile", files: files{"application.yml": profile("", "default", "0")}, want: map[string]string{"producer.acks": "0"}},
		{name: "a profile that is not active", files: files{"application.yml": profile("", "live", "0")}, want: map[string]string{"producer.acks": "all"}},
		{name: "a profile that is asked for", files: files{"application.yml": profile("", "live & !test", "0")}, request: Request{Profile: "live"}, want: map[string]string{"producer.acks": "0"}},
		{name: "and excluded", files: files{"application.yml": profile("", "live & !(test | x)", "0")}, request: Request{Profile: "live,x"}, want: map[string]string{"producer.acks": "all"}},
		{name: "a broken expression", files: files{"application.yml": profile("", "live & ", "0")}, failed: []string{"on-profile"}},
		{name: "the file of a profile", files: files{"application.yml": all, "application-prod.yml": "spring: {kafka: {producer: {acks: 1}}}\n"}, want: map[string]string{"producer.acks": "1"}},
		{name: "which another profile leaves out", files: files{"application.yml": all, "application-prod.yml": "spring: {kafka: {producer: {acks: 1}}}\n"}, request: Request{Profile: "dev"}, want: map[string]string{"producer.acks": "all"}},
		{name: "and may not choose profiles", files: files{"application.yml": all, "application-prod.yml": "spring: {profiles: {active: x}}\n"}, refused: []string{"spring.profiles.active"}},
		{name: "the environment", files: files{"application.yml": all, "c.yaml": "services: {app: {build: ., environment: {SPRING_KAFKA_PRODUCER_ACKS: 0}}}\n"}, want: map[string]string{"producer.acks": "0"}},
		{name: "the environment, with underscores for dashes", files: files{"application.yml": all, "c.yaml": "services: {app: {build: ., environment: {SPRING_KAFKA_BOOTSTRAP_SERVERS: 'k:9092', SPRING_KAFKA_CONSUMER_AUTO_OFFSET_RESET: earliest, SPRING_KAFKA_LISTENER_ACK_MODE: record}}}\n"},
			want: map[string]string{"consumer.auto.offset.reset": "earliest"}},
		{name: "a profile that the environment activates", files: files{"application.yml": profile("", "live", "0"), "c.yaml": "services: {app: {build: ., environment: {SPRING_PROFILES_ACTIVE: live}}}\n"}, want: map[string]string{"producer.acks": "0"}},
		{name: "a file that is imported", files: files{"application.yml": "spring: {config: {import: 'optional:file:./x.properties'}, kafka: {producer: {acks: all}}}\n", "x.properties": "spring.kafka.producer.acks=0\n"}, want: map[string]string{"producer.acks": "0"}},
		{name: "a placeholder of the same file", files: files{"application.yml": "my: {acks: 1}\nspring: {kafka: {producer: {acks: '${my.acks:all}'}}}\n"}, want: map[string]string{"producer.acks": "1"}},
		{name: "a placeholder of the environment", files: files{"application.yml": "spring: {kafka: {producer: {acks: '${ACKS:all}'}}}\n", "c.yaml": "services: {app: {build: ., environment: {SPRING_PROFILES_ACTIVE: x, ACKS: 1}}}\n"}, want: map[string]string{"producer.acks": "1"}},
		{name: "Kafka's own name counts before Spring's", files: files{"application.yml": "spring: {kafka: {producer: {acks: all, properties: {acks: 1}}}}\n"}, want: map[string]string{"producer.acks": "1"}},
		{name: "a listener beside Streams", files: files{"application.yml": "spring: {kafka: {producer: {acks: 0}, consumer: {enable-auto-commit: true}, streams: {application-id: totals}}}\n"},
			want: map[string]string{"producer.acks": "0", "consumer.enable.auto.commit": "true", "app.commit": "auto"}},
		{name: "Streams beside a listener", files: files{"application.yml": "spring: {kafka: {producer: {acks: 0}, consumer: {enable-auto-commit: true}, streams: {application-id: totals}}}\n"}, request: Request{Service: "streams"},
			want: map[string]string{"producer.acks": "all", "consumer.enable.auto.commit": "false"}},
		{name: "manual acknowledgement with auto commit", files: files{"application.yml": "spring: {kafka: {consumer: {enable-auto-commit: true}, listener: {ack-mode: MANUAL_IMMEDIATE}}}\n"}, refused: []string{"spring.kafka.listener.ack-mode"}},
		{name: "record mode in a batch listener", files: files{"application.yml": "spring: {kafka: {listener: {type: batch, ack-mode: record}}}\n"}, refused: []string{"spring.kafka.listener.ack-mode"}},
		{name: "YAML's no", files: files{"application.yml": "spring: {kafka: {consumer: {enable-auto-commit: no}}}\n"}, want: map[string]string{"consumer.enable.auto.commit": "false"}},
		{name: "Spring's off", files: files{"application.properties": "spring.kafka.consumer.enable-auto-commit=off\n"}, want: map[string]string{"consumer.enable.auto.commit": "false"}},
		{name: "names that Kafka does not know", files: files{"application.properties": "spring.kafka.properties.auto-offset-reset=earliest\nspring.kafka.properties.enable-idempotence=false\nspring.kafka.producer.acks=all\n"}, warned: []string{"auto-offset-reset", "enable-idempotence"}},
		{name: "names that Spring does not know", files: files{"application.yml": "spring: {kafka: {listner: {ack-mode: record}, listener: {ackmod: record}, producer: {ack: 1}}}\n"},
			warned: []string{"spring.kafka.listener.ackmod", "spring.kafka.listner.ack-mode", "spring.kafka.producer.ack"}},
		{name: "names of serializers", files: files{"application.yml": "spring: {kafka: {producer: {properties: {schema.registry.url: x, specific.avro.reader: true}}, consumer: {properties: {spring.json.trusted.packages: '*', spring.deserializer.value.delegate.class: x}}, properties: {auto.register.schemas: false}}}\n"}},
		{name: "Spring Cloud Stream", files: files{"application.yml": "spring: {kafka: {consumer: {enable-auto-commit: true}}, cloud: {stream: {kafka: {binder: {producer-properties: {acks: 0}}}, bindings: {out-out-0: {destination: x}}}}}\n"}, want: map[string]string{"producer.acks": "0"}},
		{name: "acks of the binder", files: files{"application.yml": "spring.cloud.stream.kafka.binder.required-acks: 1\n"}, want: map[string]string{"producer.acks": "1", "consumer.enable.auto.commit": "false", "app.commit": "after-processing"}},
		{name: "a binding counts before the binder", files: files{"application.properties": "spring.cloud.stream.kafka.binder.producer-properties.acks=all\nspring.cloud.stream.kafka.bindings.p-out-0.producer.configuration.acks=1\nspring.cloud.stream.kafka.bindings.p-out-0.producer.sync=true\n"},
			want: map[string]string{"producer.acks": "1", "app.send": "wait"}},
		{name: "an anonymous group", files: files{"application.yml": "spring: {cloud: {stream: {kafka: {binder: {brokers: x}}, bindings: {c-in-0: {destination: x}}}}}\n"}, want: map[string]string{"consumer.auto.offset.reset": "latest"}},
		{name: "a group", files: files{"application.yml": "spring: {cloud: {stream: {kafka: {binder: {brokers: x}}, bindings: {c-in-0: {destination: x, group: g}}}}}\n"}, want: map[string]string{"consumer.auto.offset.reset": "earliest"}},
		{name: "the binder of Kafka Streams", files: files{"application.yml": "spring: {cloud: {stream: {kafka: {streams: {binder: {application-id: a, configuration: {processing.guarantee: exactly_once_v2}}}}}}}\n"}, want: map[string]string{"app.commit": "in-transaction"}},
	} {
		w.check(t)
	}
}

// What is not a configuration of Kafka is refused, not checked as one.
func TestForeignFiles(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"ci.yml":       "name: ci\non: push\nenv:\n  acks: all\njobs:\n  test:\n    runs-on: ubuntu-latest\n",
		".env":         "KAFKA_HOST=k\nKAFKA_PORT=9092\nKAFKA_TOPIC=t\n",
		"site.yml":     "- hosts: k\n  vars: {min.insync.replicas: 2}\n",
		"topic.yaml":   "{{- if .Values.topics }}\napiVersion: kafka.strimzi.io/v1\nkind: KafkaTopic\n{{- end }}\n",
		"run.sh":       "#!/bin/sh\nacks=all\n",
		"other.conf":   "kafka.bootstrapServers=k:9092\nlocal.server.port=8041\n",
		"log4j.conf":   "log4j.rootLogger=INFO, stdout\nlog4j.appender.stdout=org.apache.log4j.ConsoleAppender\n",
		"package.json": `{"name": "x", "version": "1", "dependencies": {"kafkajs": "2"}}`,
		"app.conf":     "akka {\n  loglevel = INFO\n}\nkafka = {\n  acks = all\n}\n",
		"a.avsc":       `{"type": "record", "name": "x", "fields": []}`,
		"App.java":     "package x;\nimport y.Z;\n",
		"own.yaml":     "kafka:\n  brokers: [k]\n  acks: all\nserver:\n  port: 80\n",
		"unknown.conf": "acks=all\none=1\ntwo=2\nthree=3\n",
	} {
		r, problems := loadAll(Request{Files: []string{name}, ReadFile: files{name: text}.read})
		if r != nil || len(problems) != 1 || !problems.Failed() {
			t.Errorf("%s: %v", name, problems)
		}
	}
}
