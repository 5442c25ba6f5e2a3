package formats

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// everything knows every name, and passes nothing on.
var everything = Options{
	Knows: func(_ Part, name string) bool { return len(name)%2 == 0 }, OfClient: func(_ Part, name string) bool { return len(name)%3 != 0 },
	Bears: func(_ Part, name string) bool { return len(name)%5 != 0 }, Suggest: func(Part, string) string { return "" },
}

// seeds are a small file of each format.
var seeds = []string{
	"Topic: o\tPartitionCount: 1\tReplicationFactor: 3\tConfigs: min.insync.replicas=2\n",
	"Dynamic configs for topic o are:\n  min.insync.replicas=2 sensitive=false synonyms={}\n",
	"SUMMARY\nNAME o\nREPLICAS 3\nCONFIGS\nKEY VALUE SOURCE\nacks 1 X\n",
	"Metadata for o (from broker 1: k/1):\n 3 brokers:\n topic \"o\" with 1 partitions:\n partition 0, leader 1, replicas: 1,2, isrs: 1\n",
	`{"planned_values": {"root_module": {"resources": [{"type": "kafka_topic", "values": {"name": "o", "config": {"a": "b"}}}]}}}`,
	`[{"name": "a", "config": {"connector.class": "XSource", "producer.override.acks": "1"}}]`,
	"apiVersion: kafka.strimzi.io/v1\nkind: Kafka\nmetadata: {name: a}\nspec: {kafka: {replicas: 1, config: {a: b}}}\n---\napiVersion: kafka.strimzi.io/v1\nkind: KafkaMirrorMaker2\nspec: {mirrors: [{sourceCluster: a}]}\n",
	"apiVersion: platform.confluent.io/v1beta1\nkind: Kafka\nspec: {configOverrides: {server: [a=b]}}\n",
	"apiVersion: kafka.jikkou.io/v1\nkind: KafkaTopicList\nitems: [{metadata: {name: o}, spec: {configMapRefs: [m]}}]\n",
	"apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: [{image: 'apache/kafka:3', env: [{name: KAFKA_X, value: y}]}]}}}\n",
	"resource \"kafka_topic\" \"o\" {\n  config = { \"a\" = var.x }\n}\n", `{"Kafka": {"Acks": "Leader", "Producer": {"BootstrapServers": "k"}}}`, `{"acks": "1"}`,
	"spring: {kafka: {producer: {acks: '${a:${b}}'}, streams: {application-id: a}}, cloud: {stream: {kafka: {binder: {required-acks: 1}}}}}\n---\nspring.config.activate.on-profile: 'a & !(b | c)'\n",
	"mp:\n  messaging: {outgoing: {o: {acks: 1}}, incoming: {i: {commit-strategy: ignore}}}\n", "kafka:\n  producers: {default: {acks: 1}}\n  streams: {s: {a: b}}\n",
	"services:\n  a: {image: 'x/kafka:${T:-1}', command: [--override, a=$$KAFKA_A], environment: [KAFKA_A=b, CONNECT_C=d, SPRING_KAFKA_E=f, KSQL_KSQL_G=h]}\n",
	"controller: {replicaCount: 1}\noverrideConfiguration: {a: b}\nprovisioning:\n  topics: [{name: o}]\n", "meta: {name: o}\nspec:\n  replicationFactor: 3\n", "context: c\nprojects: [{topics: [{name: o, config: {a: b}}]}]\n",
	"topics:\n- name: o\n  partitions: 1\n  replicas: 2\n", "spring.kafka.producer.acks=1\n#---\nspring.profiles.active=a\n", "KAFKA_A=b\nKAFKA_CREATE_TOPICS=o:1:1\n",
	"mp.messaging.outgoing.o.acks=1\n%dev.kafka.acks=0\n", "kafka.consumers.a.b=c\n", "[default]\nacks=1\n[consumer]\n;x\ngroup.id=g\n", "clusters = a, b\na->b.enabled = true\na.producer.x = y\n",
	"ksql.service.id=x\nksql.streams.a=b\n", "application.id=a\nprocessing.guarantee=exactly_once_v2\n", "name=a\nconnector.class=X\n", "key.converter=x\nproducer.acks=1\n", "acks=1\n",
}

// Whatever the file holds, every reader ends with values or with problems of one line each; also one that the file's
// content does not ask for.
func FuzzReaders(f *testing.F) {
	for i, seed := range seeds {
		f.Add(uint8(i), []byte(seed))
		f.Add(uint8(len(table)), []byte(seed))
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		if _, bad := NotText("f", data); bad {
			return
		}
		r := &reading{Source: Source{File: "f"}, options: everything, content: newContent("f", data)}
		if int(which) < len(table) {
			table[which].read(r)
		} else {
			r.Source, r.problems = Read("f", data, everything)
		}
		_, combined := Combine([]Source{r.Source, r.Source}, everything)
		for _, p := range append(r.problems, combined...) {
			if strings.ContainsAny(p.String(), "\n\r") || p.Message == "" {
				t.Errorf("not one clear line: %q", p.String())
			}
		}
	})
}

// Files that grow when they are read, or whose parts are compared with each other, are read or refused in a moment.
func TestHugeFiles(t *testing.T) {
	t.Parallel()
	many := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	for name, text := range map[string]string{
		"placeholders that stand for others": "spring.kafka.producer.acks=${a0}\n" + many(9, "a%[1]d="+strings.Repeat("${x}", 3000)+"\n"),
		"aliases":                            "a: &a [x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c]\ne: &e [*d, *d, *d, *d, *d, *d, *d, *d]\nf: &f [*e, *e, *e, *e, *e, *e, *e, *e]\nservices: [*f, *f, *f, *f, *f, *f, *f, *f]\n",
		"brackets in Terraform":              "resource \"kafka_topic\" \"o\" {\n a = " + strings.Repeat("(", 400_000),
		"signs in Terraform":                 "resource \"kafka_topic\" \"o\" {\n a = " + strings.Repeat("!", 400_000),
		"conditions in Terraform":            "resource \"kafka_topic\" \"o\" {\n a = " + strings.Repeat("a?b:", 100_000),
		"bindings":                           many(9000, "spring.cloud.stream.kafka.bindings.b%d-out-0.producer.configuration.acks=1\n"),
		"channels":                           many(9000, "mp.messaging.outgoing.c%d.acks=1\n"),
		"clients":                            many(9000, "kafka.producers.c%d.acks=1\n"),
		"services":                           "services:\n" + many(9000, "  s%d: {image: 'apache/kafka:3.9.0', environment: {KAFKA_X: 1}}\n"),
		"topics":                             "topics:\n" + many(9000, "- {name: t%d, partitions: 1, replicas: 1}\n"),
		"parentheses in a profile":           "spring.kafka.producer.acks=1\nspring.config.activate.on-profile=" + strings.Repeat("(", 400_000) + "\n",
		"sections":                           many(9000, "[s%d]\na=b\n"),
		"variables":                          many(9000, "KAFKA_A%d=1\n"),
		"deep JSON":                          strings.Repeat(`{"a":`, 100_000),
		"deep YAML":                          strings.Repeat("[", 100_000),
	} {
		begin := time.Now()
		_, problems := Read("f", []byte(text), everything)
		if d := time.Since(begin); d > 20*time.Second {
			t.Errorf("%s: %v, %d problems", name, d, len(problems))
		} else if testing.Verbose() {
			t.Logf("%s: %v, %d problems", name, d, len(problems))
		}
	}
}
