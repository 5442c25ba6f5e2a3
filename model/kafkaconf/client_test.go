package kafkaconf

import (
	"strings"
	"testing"
)

// What each library has by itself in the releases that differ: retries, acks, idempotence, where a group begins.
func TestClientReleases(t *testing.T) {
	t.Parallel()
	for client, want := range map[string]map[string]string{
		"sarama":             {"producer.acks": "1", "producer.retries": "3", "producer.max.in.flight.requests.per.connection": "5", "consumer.auto.offset.reset": "latest"},
		"kafka-go-0.4.50":    {"producer.acks": "0", "producer.retries": "9", "consumer.auto.offset.reset": "earliest"},
		"franz-go-1.21":      {"producer.acks": "all", "producer.enable.idempotence": "true"},
		"librdkafka":         {"producer.acks": "-1", "producer.retries": "2147483647", "producer.enable.idempotence": "false", "consumer.isolation.level": "read_committed"},
		"librdkafka-1.5":     {"producer.acks": "-1", "producer.retries": "2"},
		"librdkafka-0.11.4":  {"producer.acks": "1", "producer.retries": "2", "consumer.isolation.level": "read_uncommitted"},
		"kafkajs":            {"producer.acks": "all", "producer.retries": "5", "producer.enable.idempotence": "false", "consumer.isolation.level": "read_committed", "consumer.auto.offset.reset": "latest"},
		"aiokafka-0.12":      {"producer.acks": "1", "producer.enable.idempotence": "false", "consumer.enable.auto.commit": "true", "consumer.auto.offset.reset": "latest"},
		"kafka-python":       {"producer.acks": "all", "producer.enable.idempotence": "true", "producer.delivery.timeout.ms": "120000"},
		"kafka-python-2.2":   {"producer.acks": "1", "producer.enable.idempotence": "false", "producer.retries": "2147483647"},
		"kafka-python-2.0.2": {"producer.acks": "1", "producer.retries": "0", "producer.delivery.timeout.ms": ""},
	} {
		r, problems := loadAll(Request{Files: []string{"s.yaml"}, ReadFile: files{"s.yaml": "kafka: \"3.6\"\nguarantee: order\nproducer: {}\nconsumer: {}\n" +
			"app: {producer-client: " + client + ", consumer-client: " + client + "}\n"}.read})
		if r == nil || len(r.Refused) > 0 {
			t.Errorf("%s: %v", client, problems)
			continue
		}
		for name, value := range want {
			if got, from, _ := strings.Cut(effective(r, name), " | "); got != value || value != "" && from != "default of "+client {
				t.Errorf("%s: %s is %q of %q, want %q", client, name, got, from, value)
			}
		}
	}
}

// Names of clients that are none: what would be right.
func TestClientNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"sarma":                        "did you mean sarama?",
		"kafka-pyton-2.0":              "did you mean kafka-python?",
		"sarama-x":                     `"x" is not a version`,
		"sarama-1.70":                  "sarama 1.70 is newer than 1.60, the newest that kcheck knows",
		"java-9.9":                     "unknown Kafka version",
		"confluent-kafka-python-2.3.0": "is a binding of librdkafka; write librdkafka",
		"whatever":                     "write NAME or NAME-VERSION of java, librdkafka",
	} {
		if _, err := ParseDialect(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	for _, name := range []string{"java", "java-4.1", "librdkafka-2.3.0", "scala-0.8", "sarama-1.50.3", "kafka-go-0.4", "franz-go-1.20", "kafkajs-2.2.4", "aiokafka", "kafka-python-2.0.2"} {
		if _, err := ParseDialect(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Idempotence is asked for, and what contradicts it is refused, as in each library.
func TestClientIdempotence(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		client, producer string
		idempotent       bool
		refused          string
	}{
		{"kafkajs", "{}", false, ""},
		{"kafkajs", "{enable.idempotence: true}", true, ""},
		{"kafkajs", "{enable.idempotence: true, acks: 1}", false, "must be all"},
		{"aiokafka", "{enable.idempotence: true}", true, ""},
		{"aiokafka", "{transactional.id: t}", true, ""},
		{"kafka-python", "{acks: 1}", false, ""},
		{"kafka-python-2.2", "{enable.idempotence: true}", true, ""},
		{"kafka-python-2.0.2", "{enable.idempotence: true}", false, "has no idempotent producer"},
		{"kafka-python-2.0.2", "{transactional.id: t}", false, "has no transactional producer"},
		{"librdkafka-0.11.6", "{enable.idempotence: true}", false, "has no idempotent producer"},
	} {
		r, problems := loadAll(Request{Files: []string{"s.yaml"}, ReadFile: files{"s.yaml": "kafka: \"3.6\"\nguarantee: order\nproducer: " + test.producer +
			"\napp: {producer-client: " + test.client + "}\n"}.read})
		switch {
		case r == nil:
			t.Errorf("%s %s: %v", test.client, test.producer, problems)
		case test.refused != "" && !strings.Contains(r.Refused.Error(), test.refused):
			t.Errorf("%s %s: refused: %v, want %q", test.client, test.producer, r.Refused, test.refused)
		case test.refused == "" && (len(r.Refused) > 0 || r.Config.Prod.Idempotent != test.idempotent):
			t.Errorf("%s %s: idempotent %v, refused: %v", test.client, test.producer, r.Config.Prod.Idempotent, r.Refused)
		}
	}
}
