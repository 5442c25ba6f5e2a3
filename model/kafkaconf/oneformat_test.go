package kafkaconf

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// pairs is a configuration by Kafka's own names.
type pairs map[string]string

// lines writes the settings one after the other, each as the format says, in the order of their names.
func (p pairs) lines(format string) string {
	var b strings.Builder
	for _, k := range p.names() {
		fmt.Fprintf(&b, format, k, p[k])
	}
	return b.String()
}

func (p pairs) names() []string {
	var names []string
	for k := range p {
		names = append(names, k)
	}
	sort.Strings(names)
	return names
}

// list joins the settings with commas.
func (p pairs) list(format string) string {
	return strings.TrimSuffix(p.lines(format+", "), ", ")
}

// variables writes the settings as variables of an environment.
func (p pairs) variables(prefix, format string) string {
	named := pairs{}
	for k, v := range p {
		named[prefix+strings.ToUpper(strings.ReplaceAll(k, ".", "_"))] = v
	}
	return named.lines(format)
}

// without leaves one setting out, and gives its value.
func (p pairs) without(name string) (string, pairs) {
	rest := pairs{}
	for k, v := range p {
		if k != name {
			rest[k] = v
		}
	}
	return p[name], rest
}

// identity names what files say of the clients and the cluster, whatever they say of the application.
func identity(t interface{ Fatalf(string, ...any) }, name, text string) string {
	r, problems := Load(Request{Files: []string{name}, Kafka: "3.9", ReadFile: files{name: text}.read})
	if r == nil {
		t.Fatalf("%s: %v\n%s", name, problems, text)
		return ""
	}
	read := map[string]string{}
	for _, e := range r.Effective {
		if e.Read && e.Part != App {
			read[e.Name()] = e.Value
		}
	}
	return ConfigurationID(r.Config.Kafka.String(), read)
}

// agree writes a configuration in every format and compares what is read.
func agree(t *rapid.T, formats map[string]string) {
	want, of := "", ""
	names := []string{}
	for name := range formats {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		got := identity(t, name, formats[name])
		if want == "" {
			want, of = got, name
		}
		if got != want {
			t.Fatalf("%s and %s differ:\n%s\n%s", of, name, formats[of], formats[name])
		}
	}
}

// One topic, written for every tool that describes topics, is one configuration.
func TestTopicInEveryFormat(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := pairs{
			"replication.factor":             fmt.Sprint(rapid.IntRange(1, 5).Draw(t, "factor")),
			"min.insync.replicas":            fmt.Sprint(rapid.IntRange(1, 3).Draw(t, "minISR")),
			"unclean.leader.election.enable": rapid.SampledFrom([]string{"true", "false"}).Draw(t, "unclean"),
			"cleanup.policy":                 rapid.SampledFrom([]string{"delete", "compact"}).Draw(t, "policy"),
		}
		factor, rest := p.without("replication.factor")
		flow := "{" + rest.list("%s: '%s'") + "}"
		agree(t, map[string]string{
			"t.properties":  p.lines("%s=%s\n"),
			"topics.txt":    "Topic: o\tPartitionCount: 1\tReplicationFactor: " + factor + "\tConfigs: " + strings.ReplaceAll(rest.list("%s=%s"), ", ", ",") + "\n",
			"rpk.txt":       "SUMMARY\nNAME o\nPARTITIONS 1\nREPLICAS " + factor + "\nCONFIGS\nKEY VALUE SOURCE\n" + rest.lines("%s %s DYNAMIC_TOPIC_CONFIG\n"),
			"strimzi.yaml":  "apiVersion: kafka.strimzi.io/v1\nkind: KafkaTopic\nmetadata: {name: o}\nspec: {replicas: " + factor + ", config: " + flow + "}\n",
			"cfk.yaml":      "apiVersion: platform.confluent.io/v1beta1\nkind: KafkaTopic\nmetadata: {name: o}\nspec: {replicas: " + factor + ", configs: " + flow + "}\n",
			"topicctl.yaml": "meta: {name: o}\nspec:\n  replicationFactor: " + factor + "\n  settings: " + flow + "\n",
			"jikkou.yaml":   "apiVersion: kafka.jikkou.io/v1beta2\nkind: KafkaTopic\nmetadata: {name: o}\nspec: {replicas: " + factor + ", configs: " + flow + "}\n",
			"julie.yaml":    "context: c\nprojects:\n- name: p\n  topics:\n  - {name: o, config: {replication.factor: '" + factor + "', " + rest.list("%s: '%s'") + "}}\n",
			"list.yaml":     "topics:\n- name: o\n  partitions: 1\n  replication_factor: " + factor + "\n  config: " + flow + "\n",
			"main.tf":       "resource \"kafka_topic\" \"o\" {\n  name = \"o\"\n  replication_factor = " + factor + "\n  partitions = 1\n  config = {\n" + rest.lines("    \"%s\" = \"%s\"\n") + "  }\n}\n",
			"plan.json": `{"planned_values": {"root_module": {"resources": [{"type": "kafka_topic", "values": {"name": "o", "replication_factor": ` + factor +
				`, "config": {` + rest.list(`"%s": "%s"`) + `}}}]}}}`,
			"spec.yaml": "guarantee: order\ntopic: {" + p.list("%s: '%s'") + "}\n",
		})
	})
}

// One cluster, in every way in which brokers are configured.
func TestClusterInEveryFormat(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := pairs{
			"default.replication.factor":     fmt.Sprint(rapid.IntRange(1, 3).Draw(t, "factor")),
			"min.insync.replicas":            fmt.Sprint(rapid.IntRange(1, 3).Draw(t, "minISR")),
			"unclean.leader.election.enable": rapid.SampledFrom([]string{"true", "false"}).Draw(t, "unclean"),
			"process.roles":                  "broker",
		}
		flow := "{" + p.list("%s: '%s'") + "}"
		service := func(name, prefix, image string) string {
			return "  " + name + ":\n    image: " + image + "\n    environment:\n" + p.variables(prefix, "      %s: '%s'\n")
		}
		container := "      - name: kafka\n        image: apache/kafka:3.9.0\n        env:\n" + p.variables("KAFKA_", "        - {name: %s, value: '%s'}\n")
		agree(t, map[string]string{
			"server.properties": p.lines("%s=%s\n"),
			"server.env":        p.variables("KAFKA_", "%s=%s\n"),
			"apache.yaml":       "services:\n" + service("a", "KAFKA_", "apache/kafka:3.9.0") + service("b", "KAFKA_", "apache/kafka:3.9.0") + service("c", "KAFKA_", "apache/kafka:3.9.0"),
			"bitnami.yaml":      "services:\n" + service("a", "KAFKA_CFG_", "bitnami/kafka:3.9") + service("b", "KAFKA_CFG_", "bitnami/kafka:3.9") + service("c", "KAFKA_CFG_", "bitnami/kafka:3.9"),
			"strimzi.yaml":      "apiVersion: kafka.strimzi.io/v1\nkind: Kafka\nmetadata: {name: a}\nspec: {kafka: {replicas: 3, config: " + flow + "}}\n",
			"cfk.yaml": "apiVersion: platform.confluent.io/v1beta1\nkind: Kafka\nmetadata: {name: a}\nspec:\n  replicas: 3\n  dependencies: {kRaftController: {clusterRef: {name: k}}}\n" +
				"  configOverrides:\n    server:\n" + p.lines("    - '%s=%s'\n"),
			"stateful.yaml": "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: kafka}\nspec:\n  replicas: 3\n  template:\n    spec:\n      containers:\n" + container,
			"values.yaml":   "controller:\n  replicaCount: 3\noverrideConfiguration:\n" + p.lines("  %s: '%s'\n"),
			"cp.yaml":       "cp-kafka:\n  brokers: 3\n  configurationOverrides:\n" + p.lines("    %s: '%s'\n"),
			"configs.txt":   "All configs for broker 1 are:\n" + p.lines("  %[1]s=%[2]s sensitive=false synonyms={STATIC_BROKER_CONFIG:%[1]s=%[2]s}\n"),
			"spec.yaml":     "guarantee: order\nbroker: " + flow + "\n",
		})
	})
}

// One producer, written in the words of every framework that uses Java's, is one configuration.
func TestProducerInEveryFormat(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := pairs{
			"acks":                                  rapid.SampledFrom([]string{"all", "-1", "1", "0"}).Draw(t, "acks"),
			"retries":                               fmt.Sprint(rapid.IntRange(1, 9).Draw(t, "retries")),
			"enable.idempotence":                    "false",
			"max.in.flight.requests.per.connection": fmt.Sprint(rapid.IntRange(1, 5).Draw(t, "inFlight")),
		}
		if a := p["acks"]; a == "all" || a == "-1" {
			p["enable.idempotence"] = rapid.SampledFrom([]string{"true", "false"}).Draw(t, "idempotence")
		}
		agree(t, map[string]string{
			"producer.properties":    p.lines("%s=%s\n"),
			"spring.properties":      p.lines("spring.kafka.producer.properties.%s=%s\n"),
			"application.yml":        "spring:\n  kafka:\n    producer:\n      acks: '" + p["acks"] + "'\n      properties:\n" + p.lines("        %s: '%s'\n"),
			"spring.env":             p.variables("SPRING_KAFKA_PRODUCER_PROPERTIES_", "%s=%s\n"),
			"stream.properties":      "spring.cloud.stream.bindings.p-out-0.destination=o\n" + p.lines("spring.cloud.stream.kafka.bindings.p-out-0.producer.configuration.%s=%s\n"),
			"binder.properties":      "spring.cloud.stream.bindings.p-out-0.destination=o\n" + p.lines("spring.cloud.stream.kafka.binder.producer-properties.%s=%s\n"),
			"quarkus.properties":     p.lines("mp.messaging.outgoing.o.%s=%s\n"),
			"quarkus.yml":            "mp:\n  messaging:\n    outgoing:\n      o:\n" + p.lines("        %s: '%s'\n"),
			"micronaut.properties":   p.lines("kafka.producers.default.%s=%s\n"),
			"producer-section.yaml":  "guarantee: order\nproducer: {" + p.list("%s: '%s'") + "}\n",
			"other-producer.ini.txt": p.lines("%s: %s\n"),
		})
	})
}

// One client of librdkafka, in the forms in which its bindings take it.
func TestLibrdkafkaInEveryFormat(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		acks := rapid.SampledFrom([]string{"all", "1", "0"}).Draw(t, "acks")
		p := pairs{"bootstrap.servers": "k:9092", "acks": acks, "retries": fmt.Sprint(rapid.IntRange(1, 9).Draw(t, "retries")), "socket.keepalive.enable": "true"}
		net := map[string]string{"all": "All", "1": "Leader", "0": "None"}[acks]
		agree(t, map[string]string{
			"c.conf":           p.lines("%s=%s\n"),
			"c.json":           "{" + p.list(`"%s": "%s"`) + "}",
			"c.ini":            "[default]\n" + p.lines("%s=%s\n"),
			"appsettings.json": `{"Kafka": {"BootstrapServers": "k:9092", "Acks": "` + net + `", "SocketKeepaliveEnable": true, "retries": "` + p["retries"] + `"}}`,
		})
	})
}
