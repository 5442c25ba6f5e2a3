package kafkaconf

import (
	"slices"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/model"
)

// A known defect of another library than Java's is a note of the verdicts that it could change, by release.
func TestClientDefects(t *testing.T) {
	t.Parallel()
	const consumer, producer, idempotent = "consumer: {enable.auto.commit: false}\n", "producer: {}\n", "producer: {enable.idempotence: true, acks: all}\n"
	for _, test := range []struct {
		client, parts, issue string
		noted                bool
	}{
		{"librdkafka-2.13.1", consumer, "librdkafka issue 4844", true},
		{"librdkafka-2.13.2", consumer, "librdkafka issue 4844", false},
		{"librdkafka-2.13", consumer, "librdkafka issue 4844", false}, // the last of the line
		{"librdkafka-2.1.1", consumer, "librdkafka issue 4844", false},
		{"librdkafka-2.12.0", producer, "librdkafka issue 4844", false}, // nobody asks about the consumer
		{"librdkafka-2.9.0", "consumer: {partition.assignment.strategy: cooperative-sticky}\n", "librdkafka issue 4059", true},
		{"librdkafka-2.9.0", consumer, "librdkafka issue 4059", false},
		{"librdkafka-1.8.0", "producer: {enable.idempotence: true}\n", "librdkafka commit 6a17fdd9b", true},
		{"librdkafka-1.8.0", producer, "librdkafka commit 6a17fdd9b", false}, // without idempotence there are no sequence numbers
		{"librdkafka-1.8.0", "producer: {transactional.id: t}\n", "librdkafka issue 3575", true},
		{"sarama-1.43.2", consumer, "sarama issue 2940", true},
		{"sarama-1.43.3", consumer, "sarama issue 2940", false},
		{"sarama-1.46.2", "producer: {enable.idempotence: true, acks: all, max.in.flight.requests.per.connection: 1}\n", "sarama issue 3354", true},
		{"sarama-1.27.2", consumer, "sarama issue 1846", true},
		{"franz-go-1.20.6", idempotent, "franz-go issue 1217", true},
		{"franz-go-1.20.7", idempotent, "franz-go issue 1217", false},
		{"franz-go-1.21.3", consumer, "franz-go issue 1348", true},
		{"franz-go-1.4.0", consumer, "franz-go commit ff5a3ed", true},
		{"kafka-go-0.4.17", producer, "kafka-go issue 716", true},
		{"kafka-go-0.4.18", producer, "kafka-go issue 716", false},
		{"kafka-go-0.3.10", producer, "kafka-go issue 716", false},
		{"kafka-go-0.4.26", consumer, "kafka-go issue 715", true},
		{"kafkajs-1.16.0", idempotent, "kafkajs issue 1050", true},
		{"kafkajs-2.2.4", idempotent, "kafkajs issue 1050", false},
		{"kafkajs-1.13.0", consumer, "kafkajs issue 866", true},
		{"aiokafka-0.4.3", producer, "aiokafka issue 228", true},
		{"aiokafka-0.5.0", producer, "aiokafka issue 228", false},
		{"kafka-python-2.2.8", consumer, "kafka-python issue 2629", true},
		{"kafka-python-2.2.9", consumer, "kafka-python issue 2629", false},
		{"java", consumer, "librdkafka issue 4844", false},
	} {
		r := loadSpec(t, "guarantee: order\nkafka: \"3.6\"\n"+test.parts+"app: {producer-client: "+test.client+", consumer-client: "+test.client+"}\n")
		i := slices.IndexFunc(r.Notes, func(n string) bool { return strings.HasPrefix(n, test.issue+" of the ") })
		if i >= 0 != test.noted {
			t.Errorf("%s, %q: a note of %s: %t, want %t\n%q", test.client, test.parts, test.issue, i >= 0, test.noted, r.Notes)
		}
	}
}

// Each row has a release that has the defect and one that has it no more, both released before the newest that is known.
func TestClientDefectsTable(t *testing.T) {
	t.Parallel()
	for _, d := range clientDefects {
		fixed, err := d.client.ParseRelease(d.fixed)
		if err != nil || d.in(fixed) {
			t.Errorf("%s: fixed in %q: %v", d.name(), d.fixed, err)
		}
		if d.since != "" {
			if since, err := model.ParseReleaseNumber(d.since); err != nil || !d.in(since) {
				t.Errorf("%s: since %q: %v", d.name(), d.since, err)
			}
		}
		if d.text == "" || d.of != Producer && d.of != Consumer {
			t.Errorf("%s: %+v", d.name(), d)
		}
	}
}
