package kafkaconf

import (
	"strings"
	"testing"
)

// Forms that public repositories have of formats that are read, each as small as it shows the form.
func TestFormsOfPublicFiles(t *testing.T) {
	t.Parallel()
	const commented = "{\n  // the broker\n  \"Kafka\": { /* a producer's */ \"ProducerConfig\": {\n    \"BootstrapServers\": \"k:9092\", \"Acks\": \"Leader\",\n  }, \"Url\": \"http://x\", }\n}\n"
	const cloudTopic = "resource \"confluent_kafka_topic\" \"bills\" {\n  topic_name = \"bills\"\n  partitions_count = 3\n  config = {\n    %s\n  }\n}\n"
	for _, w := range []wild{
		{name: "a section for every client beside one for consumers", files: files{"c.ini": "[kafka_client]\nbootstrap.servers=k:9092\n[kafka-consumer]\nenable.auto.commit=true\ngroup.id=g\n"},
			want: map[string]string{"consumer.enable.auto.commit": "true", "app.consumer-client": "librdkafka"}},
		{name: "only a section for every client", files: files{"c.ini": "[kafka_client]\nbootstrap.servers=k:9092\nauto.offset.reset=earliest\ngroup.id=g\n"}, want: map[string]string{"consumer.auto.offset.reset": "earliest"}},
		{name: "sections of something else", files: files{"c.ini": "[mysqld]\nacks=1\n"}, failed: []string{"*"}},

		{name: ".NET with comments and a comma behind the last value", files: files{"appsettings.json": commented}, want: map[string]string{"producer.acks": "1"}},
		{name: "and no other JSON", files: files{"c.json": "{// x\n\"acks\": \"all\"}\n"}, failed: []string{"*"}},
		{name: "JSON behind a comment", files: files{"ProduceRequest.json": "// Licensed to nobody.\n// At all.\n{ \"apiKey\": 0, // x\n \"fields\": [{\"name\": \"Acks\"}] }\n"}, failed: []string{"*"}},

		{name: "a topic of jikkou that is to be deleted", files: files{"t.yaml": "apiVersion: kafka.jikkou.io/v1\nkind: KafkaTopicList\nitems:\n- {metadata: {name: a}, spec: {replicas: 2}}\n- {metadata: {name: b, annotations: {jikkou.io/delete: true}}, spec: {replicas: 3}}\n"},
			want: map[string]string{"topic.replication.factor": "2"}},

		{name: "replicas that Confluent's placement gives", files: files{"d.yaml": "context: c\nprojects:\n- name: p\n  topics:\n  - name: t\n    config: {confluent.placement.constraints: '{\"replicas\":[{\"count\":1},{\"count\":1}],\"observers\":[{\"count\":2}]}'}\n"},
			want: map[string]string{"topic.replication.factor": "2"}},
		{name: "a provider of values", files: files{"server.properties": "config.providers=file\nconfig.providers.file.class=x\ndefault.replication.factor=3\nzookeeper.connect=z:2181\n"}, want: map[string]string{"broker.default.replication.factor": "3"}},

		{name: "a topic of Confluent Cloud", files: files{"t.tf": replaced(cloudTopic, `"cleanup.policy" = "delete"`)}, want: map[string]string{"topic.replication.factor": "3", "topic.min.insync.replicas": "2"}},
		{name: "with a setting of its own", files: files{"t.tf": replaced(cloudTopic, `"min.insync.replicas" = "1"`)}, want: map[string]string{"topic.min.insync.replicas": "1"}},

		{name: "values of Confluent's charts together", files: files{"values.yaml": "cp-zookeeper: {servers: 3}\ncp-kafka:\n  brokers: 3\n  imageTag: 6.1.0\n  image: confluentinc/cp-kafka\n"}, warned: []string{"broker.default.replication.factor"},
			want: map[string]string{"broker.default.replication.factor": "1"}},
		{name: "old values of Bitnami's chart", files: files{"kafka-values.yaml": "replicaCount: 3\nkraft: {enabled: false}\nextraEnvVars:\n- {name: KAFKA_CFG_MIN_INSYNC_REPLICAS, value: '2'}\n- {name: KAFKA_CFG_DEFAULT_REPLICATION_FACTOR, value: '3'}\n"},
			want: map[string]string{"broker.default.replication.factor": "3", "broker.min.insync.replicas": "2"}},
		{name: "values of another chart", files: files{"values.yaml": "replicaCount: 3\nkafka:\n  bootstrapServers: k:9092\n"}, failed: []string{"*"}},

		{name: "a topic of Confluent Private Cloud", files: files{"t.yaml": "apiVersion: apps.cpc.platform.confluent.io/v1beta1\nkind: KafkaTopic\nmetadata: {name: a}\nspec: {parameters: {replicationFactor: 1, partitions: 12}}\n"},
			want: map[string]string{"topic.replication.factor": "1"}},
		{name: "a connector of Confluent Private Cloud", files: files{"c.yaml": "apiVersion: apps.cpc.platform.confluent.io/v1beta1\nkind: Connector\nmetadata: {name: a}\nspec: {connectorConfigs: {class: x.YSourceConnector, configs: {producer.override.acks: '1'}}}\n"},
			want: map[string]string{"producer.acks": "1"}},

		{name: "the group of a worker of Strimzi v1", files: files{"c.yaml": "apiVersion: kafka.strimzi.io/v1\nkind: KafkaConnect\nmetadata: {name: c}\nspec: {groupId: mine, config: {exactly.once.source.support: enabled}}\n---\n" +
			"apiVersion: kafka.strimzi.io/v1\nkind: KafkaConnector\nmetadata: {name: s}\nspec: {class: x.YSourceConnector, config: {exactly.once.support: required}}\n"},
			want: map[string]string{"producer.transactional.id": "mine-CONNECTOR-TASK"}},
		{name: "a client's file that says only how to connect", files: files{"client.properties": "bootstrap.servers=k:9092\nsecurity.protocol=SASL_SSL\n"}, want: map[string]string{"producer.acks": "all", "consumer.enable.auto.commit": "true"}},
		{name: "a listener beside Streams that says nothing", files: files{"application.properties": "spring.kafka.consumer.group-id=g\nspring.kafka.streams.application-id=a\n"}, want: map[string]string{"app.framework": "kafka-streams"}},

		{name: "kafka.KEY of an application", files: files{"application.properties": "kafka.group.id=g\nkafka.auto.offset.reset=earliest\nkafka.topic.name=t\nquarkus.http.port=1\n%dev.kafka.enable.auto.commit=false\n"},
			want: map[string]string{"consumer.auto.offset.reset": "earliest", "consumer.enable.auto.commit": "true", "app.framework": ""}},
		{name: "what every client has", files: files{"application.properties": "kafka.client.id=x\nkafka.request.timeout.ms=1000\n"}, want: map[string]string{"producer.request.timeout.ms": "1000", "consumer.client.id": "x"}},
		{name: "only where the cluster is", files: files{"application.properties": "kafka.bootstrap.servers=k:9092\n"}, want: map[string]string{"producer.acks": "all"}},
		{name: "Micronaut that says only where the cluster is", files: files{"application.yml": "kafka:\n  bootstrap:\n    servers: k:9092\n"}, want: map[string]string{"app.framework": "micronaut"}},
		{name: "names of the application's own", files: files{"application.properties": "kafka.topic.name=t\nquarkus.kafka.health.enabled=true\n"}, failed: []string{"kafka.topic.name"}},
	} {
		w.check(t)
	}
}

// Channels of SmallRye's that belong to other brokers are not taken for Kafka's.
func TestForeignChannels(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"AMQP by name": "mp.messaging.outgoing.a.connector=smallrye-amqp\nmp.messaging.incoming.b.connector=smallrye-amqp\n",
		"MQTT by name": "mp.messaging.outgoing.a.connector=smallrye-mqtt\nmp.messaging.outgoing.a.topic=t\n",
		"AMQP":         "mp.messaging.incoming.a.address=x\n",
		"RabbitMQ":     "mp.messaging.incoming.a.queue.name=x\nmp.messaging.outgoing.b.exchange.name=y\n",
		"SQS":          "mp.messaging.incoming.a.queue=x\n",
		"Pulsar":       "mp.messaging.outgoing.a.topic=persistent://public/default/x\n",
	} {
		wild{name: name, files: files{"application.properties": text}, failed: []string{"mp.messaging"}}.check(t)
	}
	wild{name: "one of each", files: files{"application.properties": "mp.messaging.incoming.a.address=x\nmp.messaging.outgoing.b.connector=smallrye-kafka\n"}, want: map[string]string{"producer.acks": "1"}}.check(t)
	wild{name: "no connector, and nothing of another's", files: files{"application.properties": "mp.messaging.outgoing.b.topic=x\n"}, want: map[string]string{"producer.acks": "1"}}.check(t)
}

// replaced puts a text where a pattern has %s.
func replaced(pattern, text string) string { return strings.Replace(pattern, "%s", text, 1) }
