package kafkaconf

import (
	"slices"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/model"
)

// A known defect that the model does not have is a note of the verdicts that it could change, by patch level.
func TestDefects(t *testing.T) {
	t.Parallel()
	const consumer, producer = "consumer: {enable.auto.commit: false}\n", "producer: {}\n"
	const transactional = "producer: {transactional.id: t}\napp: {output: kafka}\n"
	for _, test := range []struct{ kafka, parts, issue, noted string }{
		{"4.2.1", consumer, "KAFKA-20634", "brokers of Kafka 4.2.1"},
		{"4.2", consumer, "KAFKA-20634", ""},
		{"4.2.2", consumer, "KAFKA-20634", ""},
		{"4.3.0", consumer, "KAFKA-20634", "brokers of Kafka 4.3.0"},
		{"4.3", consumer, "KAFKA-20634", ""},
		{"4.1", consumer, "KAFKA-20634", "brokers of Kafka 4.1.2"},
		{"4.1", producer, "KAFKA-20634", ""}, // nobody asks about the consumer
		{"4.4", consumer, "KAFKA-20634", ""},
		{"3.9.2", consumer, "KAFKA-20634", ""},
		{"4.1.1", producer, "KAFKA-19012", "the Java producer 4.1.1"},
		{"4.1.2", producer, "KAFKA-19012", ""},
		{"4.0", producer, "KAFKA-19012", ""},
		{"3.9.1", producer, "KAFKA-19012", "the Java producer 3.9.1"},
		{"2.7", producer, "KAFKA-19012", ""},
		{"4.4", "producer: {}\napp: {producer-client: java-3.6}\n", "KAFKA-19012", "the Java producer 3.6.2"},
		{"3.9.1", "producer: {}\napp: {producer-client: librdkafka}\n", "KAFKA-19012", ""},
		{"2.0.0", producer, "KAFKA-7415", "brokers of Kafka 2.0.0"},
		{"2.0", producer, "KAFKA-7415", ""},
		{"4.2", transactional, "KAFKA-20090", "brokers of Kafka 4.2.2"},
		{"4.3", transactional, "KAFKA-20090", ""},
		{"4.2", "topic: {remote.storage.enable: true}\n", "KAFKA-20732", "brokers of Kafka 4.2.2"},
		{"4.2", "consumer: {group.protocol: consumer}\n", "KAFKA-20321", "the Java consumer 4.2.2"},
	} {
		r := loadSpec(t, "guarantee: order\nkafka: "+test.kafka+"\n"+test.parts)
		i := slices.IndexFunc(r.Notes, func(n string) bool { return strings.HasPrefix(n, test.issue) })
		switch {
		case i < 0 && test.noted != "":
			t.Errorf("%s, %q: no note of %s", test.kafka, test.parts, test.issue)
		case i >= 0 && (test.noted == "" || !strings.HasPrefix(r.Notes[i], test.issue+" of "+test.noted+" ")):
			t.Errorf("%s, %q: %s", test.kafka, test.parts, r.Notes[i])
		}
	}
}

// The table of defects is in order, and its releases are released.
func TestDefectsTable(t *testing.T) {
	t.Parallel()
	for _, d := range defects {
		for _, span := range strings.Split(d.releases, ", ") {
			from, to, _ := strings.Cut(span, "..")
			first, err := model.ParseVersion(from)
			if err != nil {
				t.Errorf("%s: %v", d.issue, err)
			}
			last, err := model.ParseVersion(to)
			if err != nil || last < first.First() {
				t.Errorf("%s: %s: %v", d.issue, span, err)
			}
		}
		if d.text == "" || d.fixed == "" {
			t.Errorf("%s: %+v", d.issue, d)
		}
	}
}
