package kafkaconf

import (
	"testing"

	"github.com/kcheck/kcheck/model"
)

// SmallRye's channels, as Quarkus applications have them: the connector's own defaults, profiles, and what is chosen.
func TestQuarkus(t *testing.T) {
	t.Parallel()
	const two = "mp.messaging.outgoing.a.acks=all\nmp.messaging.outgoing.b.acks=1\n"
	for _, w := range []wild{
		{name: "a channel that is silent", files: files{"application.properties": "mp.messaging.outgoing.prices.connector=smallrye-kafka\nmp.messaging.outgoing.prices.topic=p\n"},
			want: map[string]string{"producer.acks": "1", "producer.enable.idempotence": "false"}},
		{name: "its own setting", files: files{"application.properties": "mp.messaging.outgoing.prices.acks=all\nkafka.acks=0\n"}, want: map[string]string{"producer.acks": "all"}},
		{name: "a setting of all clients", files: files{"application.properties": "mp.messaging.outgoing.prices.topic=p\nkafka.acks=0\n"}, want: map[string]string{"producer.acks": "0"}},
		{name: "a setting of the connector", files: files{"application.properties": "mp.messaging.outgoing.prices.topic=p\nmp.messaging.connector.smallrye-kafka.acks=0\nkafka.acks=all\n"}, want: map[string]string{"producer.acks": "0"}},
		{name: "an incoming channel", files: files{"application.yml": "mp:\n  messaging:\n    incoming:\n      prices:\n        connector: smallrye-kafka\n        auto.offset.reset: earliest\n"},
			want: map[string]string{"consumer.auto.offset.reset": "earliest", "consumer.enable.auto.commit": "false", "app.commit": "after-processing"}},
		{name: "auto commit", files: files{"application.properties": "mp.messaging.incoming.prices.enable.auto.commit=true\n"}, want: map[string]string{"app.commit": "auto"}},
		{name: "another connector", files: files{"application.properties": "mp.messaging.incoming.q.connector=smallrye-amqp\nmp.messaging.outgoing.p.connector=smallrye-kafka\n"}, want: map[string]string{"consumer.enable.auto.commit": "false", "producer.acks": "1"}},
		{name: "the profile of production", files: files{"application.properties": "mp.messaging.outgoing.p.acks=1\n%prod.mp.messaging.outgoing.p.acks=all\n%dev.mp.messaging.outgoing.p.acks=0\n"}, want: map[string]string{"producer.acks": "all"}},
		{name: "another profile", files: files{"application.properties": "mp.messaging.outgoing.p.acks=1\n%prod.mp.messaging.outgoing.p.acks=all\n%dev.mp.messaging.outgoing.p.acks=0\n"}, request: Request{Profile: "dev"}, want: map[string]string{"producer.acks": "0"}},
		{name: "two channels", files: files{"application.properties": two}, failed: []string{"mp.messaging"}},
		{name: "one of them", files: files{"application.properties": two}, request: Request{Service: "b"}, want: map[string]string{"producer.acks": "1"}},
		{name: "the environment", files: files{"application.properties": "mp.messaging.outgoing.my-prices.acks=1\n", "app.env": "MP_MESSAGING_OUTGOING_MY_PRICES_ACKS=all\n"}, want: map[string]string{"producer.acks": "all"}},
		{name: "a misspelt setting", files: files{"application.properties": "mp.messaging.outgoing.p.ackss=1\nmp.messaging.outgoing.p.waitForWriteCompletion=true\n"}, warned: []string{"ackss"}},
		{name: "Kafka Streams", files: files{"application.properties": "quarkus.kafka-streams.application-id=a\nkafka-streams.processing.guarantee=exactly_once_v2\n"}, want: map[string]string{"app.commit": "in-transaction", "producer.transactional.id": "a"}},
		{name: "a broken file", files: files{"application.yml": "mp:\n  messaging: {outgoing: [\n"}, failed: []string{"*"}},
	} {
		w.check(t)
	}
}

// Other frameworks and languages, each with its own names.
func TestOtherClients(t *testing.T) {
	t.Parallel()
	for _, w := range []wild{
		{name: "Micronaut", files: files{"application.yml": "kafka:\n  bootstrap: {servers: k}\n  acks: 1\n  producers:\n    default: {acks: all}\n    p: {retries: 5}\n  consumers:\n    default: {auto: {offset: {reset: earliest}}}\n"},
			want: map[string]string{"producer.acks": "all", "producer.retries": "5", "consumer.auto.offset.reset": "earliest", "consumer.enable.auto.commit": "true"}},
		{name: "Micronaut's properties", files: files{"application.properties": "kafka.producers.p.acks=0\n"}, want: map[string]string{"producer.acks": "0"}},
		{name: "two producers", files: files{"application.properties": "kafka.producers.p.acks=0\nkafka.producers.q.acks=1\n"}, failed: []string{"kafka"}},
		{name: "one of them", files: files{"application.properties": "kafka.producers.p.acks=0\nkafka.producers.q.acks=1\n"}, request: Request{Service: "q"}, want: map[string]string{"producer.acks": "1"}},
		{name: "sections", files: files{"getting_started.ini": "[default]\nbootstrap.servers=k:9092\nsecurity.protocol=SASL_SSL\nsasl.mechanisms=PLAIN\nacks=all\n\n[consumer]\ngroup.id=g\n; first time\nauto.offset.reset=Earliest\n"},
			want: map[string]string{"producer.acks": "all", "consumer.auto.offset.reset": "earliest", "app.producer-client": "librdkafka", "app.consumer-client": "librdkafka"}},
		{name: "a section counts before the shared one", files: files{"c.ini": "[default]\nacks=all\n[producer]\nacks=1\n"}, want: map[string]string{"producer.acks": "1"}},
		{name: "one section", files: files{"c.ini": "[default]\nbootstrap.servers=k\nacks=1\n"}, want: map[string]string{"producer.acks": "1", "app.producer-client": "librdkafka"}},
		{name: "sections of something else", files: files{"c.ini": "[mysqld]\nport=1\n"}, failed: []string{"*"}},
		{name: ".NET", files: files{"appsettings.json": `{"Logging": {"LogLevel": {}}, "Kafka": {"BootstrapServers": "k", "Producer": {"Acks": "Leader", "EnableIdempotence": false}, "ConsumerSettings": {"GroupId": "g", "AutoOffsetReset": "Earliest", "IsolationLevel": "ReadCommitted"}}}`},
			want: map[string]string{"producer.acks": "1", "consumer.auto.offset.reset": "earliest", "consumer.isolation.level": "read_committed", "app.producer-client": "librdkafka"}},
		{name: "a session shorter than brokers allow by default", files: files{"c.properties": "group.id=g\nsession.timeout.ms=150\nheartbeat.interval.ms=50\nenable.auto.commit=false\n"}},
		{name: ".NET with one section", files: files{"appsettings.json": `{"Kafka": {"BootstrapServers": "k", "SecurityProtocol": "SaslSsl", "Acks": "None"}}`}, want: map[string]string{"producer.acks": "0"}},
		{name: "a topic's settings in a client's", files: files{"c.json": `{"bootstrap.servers": "k", "default.topic.config": {"request.required.acks": 0}}`}, want: map[string]string{"producer.request.required.acks": "0"}},
	} {
		w.check(t)
	}
}

// Clusters and topics as operators, charts and tools describe them.
func TestClusterTools(t *testing.T) {
	t.Parallel()
	const cfk = "apiVersion: platform.confluent.io/v1beta1\nkind: Kafka\nmetadata: {name: kafka}\nspec:\n  replicas: 3\n  image: {application: 'confluentinc/cp-server:7.9.0'}\n" +
		"  dependencies: {kRaftController: {clusterRef: {name: k}}}\n  configOverrides: {server: ['default.replication.factor=3', 'min.insync.replicas=2']}\n"
	const cfkTopic = "---\napiVersion: platform.confluent.io/v1beta1\nkind: KafkaTopic\nmetadata: {name: o}\nspec: {replicas: 2, partitionCount: 1, configs: {min.insync.replicas: '1'}}\n"
	const stateful = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: kafka}\nspec:\n  replicas: 3\n  template:\n    spec:\n      containers:\n      - name: kafka\n        image: confluentinc/cp-kafka:7.8.0\n" +
		"        env:\n        - {name: KAFKA_PROCESS_ROLES, value: 'broker,controller'}\n        - {name: KAFKA_DEFAULT_REPLICATION_FACTOR, value: '3'}\n        envFrom: [{configMapRef: {name: m}}]\n---\n" +
		"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {KAFKA_MIN_INSYNC_REPLICAS: '2'}\n"
	topic := map[string]string{"topic.replication.factor": "3", "topic.min.insync.replicas": "2"}
	for _, w := range []wild{
		{name: "Confluent for Kubernetes", files: files{"k.yaml": cfk}, kafka: model.V3_9, kraft: true, want: map[string]string{"broker.min.insync.replicas": "2", silentFactor: "3"}},
		{name: "its topic", files: files{"k.yaml": cfk + cfkTopic}, want: map[string]string{"topic.replication.factor": "2", "topic.min.insync.replicas": "1"}},
		{name: "its connector", files: files{"k.yaml": "apiVersion: platform.confluent.io/v1beta1\nkind: Connector\nmetadata: {name: c}\nspec: {class: XSource, configs: {producer.override.acks: '1'}}\n"}, want: map[string]string{"producer.acks": "1"}},
		{name: "none of what decides", files: files{"k.yaml": "apiVersion: platform.confluent.io/v1beta1\nkind: SchemaRegistry\nmetadata: {name: c}\n"}, failed: []string{"*"}},
		{name: "a StatefulSet", files: files{"s.yaml": stateful}, kafka: model.V3_8, kraft: true, want: map[string]string{"broker.min.insync.replicas": "2", silentFactor: "3"}},
		{name: "a Deployment of something else", files: files{"d.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: web, image: nginx}]}}}\n"}, failed: []string{"*"}},
		{name: "Bitnami's values", files: files{"values.yaml": "controller:\n  replicaCount: 3\noverrideConfiguration:\n  default.replication.factor: 3\n  min.insync.replicas: 2\nprovisioning:\n  topics:\n    - {name: o, partitions: 1, replicationFactor: 3, config: {min.insync.replicas: 2}}\n"}, want: topic},
		{name: "below the chart's name", files: files{"values.yaml": "kafka:\n  controller:\n    replicaCount: 1\n  image: {tag: 4.0.0-debian-12-r10}\n"}, kafka: model.V4_0, kraft: true, warned: []string{silentFactor}},
		{name: "Confluent's values", files: files{"values.yaml": "cp-kafka:\n  brokers: 2\n  image: confluentinc/cp-kafka\n  imageTag: 7.6.1\n  configurationOverrides:\n    default.replication.factor: '3'\n    process.roles: broker\n"},
			kafka: model.V3_6, kraft: true, warned: []string{silentFactor}, want: map[string]string{silentFactor: "2"}},
		{name: "topicctl", files: files{"t.yaml": "meta:\n  name: o\nspec:\n  partitions: 1\n  replicationFactor: 3\n  settings:\n    min.insync.replicas: 2\n"}, want: topic},
		{name: "jikkou", files: files{"t.yaml": "apiVersion: kafka.jikkou.io/v1beta2\nkind: KafkaTopicList\nitems:\n- metadata: {name: o}\n  spec: {partitions: 1, replicas: 3, configMapRefs: [m]}\n---\napiVersion: core.jikkou.io/v1beta2\nkind: ConfigMap\nmetadata: {name: m}\ndata: {min.insync.replicas: 2}\n"}, want: topic},
		{name: "julie", files: files{"t.yaml": "context: c\nprojects:\n- name: p\n  topics:\n  - {name: o, config: {replication.factor: '3', num.partitions: '1', min.insync.replicas: '2'}}\n"}, want: topic},
		{name: "a list of Ansible's", files: files{"t.yml": "kafka_topics:\n  - name: o\n    partitions: 1\n    replica_factor: 3\n    options:\n      min.insync.replicas: 2\n"}, want: topic},
		{name: "Terraform's language", files: files{"t.tf": "variable \"isr\" { default = 2 }\nresource \"kafka_topic\" \"o\" {\n  name = \"o\"\n  replication_factor = 3\n  partitions = 1\n  config = { \"min.insync.replicas\" = \"${var.isr}\" }\n}\n"}, want: topic},
		{name: "a value that Terraform evaluates", files: files{"t.tf": "resource \"kafka_topic\" \"o\" {\n  name = \"o\"\n  replication_factor = var.unknown\n}\n"}, failed: []string{"replication.factor"}},
		{name: "Amazon MSK", files: files{"m.tf": "resource \"aws_msk_configuration\" \"c\" {\n  server_properties = <<EOT\nmin.insync.replicas = 1\nEOT\n}\nresource \"aws_msk_cluster\" \"c\" {\n  kafka_version = \"3.6.0\"\n  number_of_broker_nodes = 3\n  broker_node_group_info {\n    client_subnets = [a.x, b.x, c.x]\n  }\n}\n"},
			kafka: model.V3_6, want: map[string]string{"broker.min.insync.replicas": "1", silentFactor: "3", "broker.unclean.leader.election.enable": "true"}},
		{name: "other resources", files: files{"o.tf": "resource \"aws_s3_bucket\" \"b\" {\n}\n"}, failed: []string{"*"}},
		{name: "broken Terraform", files: files{"o.tf": "resource \"kafka_topic\" \"b\" {\n  name = \n"}, failed: []string{"*"}},
		{name: "rpk", files: files{"t.txt": "SUMMARY\n=======\nNAME        o\nPARTITIONS  1\nREPLICAS    3\n\nCONFIGS\n=======\nKEY                  VALUE   SOURCE\ncleanup.policy       delete  DEFAULT_CONFIG\nmin.insync.replicas  2       DYNAMIC_TOPIC_CONFIG\n"}, want: topic},
		{name: "kcat", files: files{"t.txt": "Metadata for o (from broker 1: k:9092/1):\n 3 brokers:\n  broker 1 at k:9092\n 1 topics:\n  topic \"o\" with 1 partitions:\n    partition 0, leader 1, replicas: 1,2,3, isrs: 1,2,3\n"}, want: map[string]string{"topic.replication.factor": "3"}},
		{name: "a quoted description", files: files{"t.txt": "> Topic: o\tPartitionCount: 1\tReplicationFactor: 3\tConfigs: min.insync.replicas=2\n"}, want: topic},
		{name: "an old form of kafka-configs", files: files{"t.txt": "Configs for topic:o are min.insync.replicas=2\n"}, want: map[string]string{"topic.min.insync.replicas": "2"}},
	} {
		w.check(t)
	}
}
