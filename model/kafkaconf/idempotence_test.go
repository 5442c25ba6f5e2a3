package kafkaconf

import (
	"strings"
	"testing"

	"github.com/kcheck/kcheck/model"
)

// When is a producer idempotent? The rules of each client and version: "on", "off", "off!"
// with a note, or what refuses.
func TestIdempotence(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ client, settings, want string }{
		{"java-2.0", "", "off"},
		{"java-2.8", "", "off"},
		{"java-2.8", "enable.idempotence: true", "on"},
		{"java-2.8", "enable.idempotence: true, acks: 1", "producer.acks: must be all"},
		{"java-2.8", "enable.idempotence: true, retries: 0", "producer.retries: must not be 0"},
		{"java-2.8", "enable.idempotence: true, max.in.flight.requests.per.connection: 6", "producer.max.in.flight.requests.per.connection: must be at most 5"},
		{"java-2.8", "transactional.id: t", "on"},
		{"java-2.8", "transactional.id: t, enable.idempotence: false", "producer.transactional.id: cannot be set without idempotence"},
		{"java-2.0", "enable.idempotence: true", "on"},
		{"java-2.1", "enable.idempotence: true, max.in.flight.requests.per.connection: 2", "on"},
		{"java-3.0.0", "", "off!"},
		{"java-3.1.0", "", "off!"},
		{"java-3.0.0", "enable.idempotence: true", "on"},
		{"java-3.0.1", "", "on"},
		{"java-3.0", "", "on"},
		{"java-3.1.1", "", "on"},
		{"java-3.9", "acks: 1", "off!"},
		{"java-3.9", "acks: 0, retries: 0", "off!"},
		{"java-3.9", "max.in.flight.requests.per.connection: 6", "off!"},
		{"java-3.9", "acks: '-1'", "on"},
		{"java-3.9", "enable.idempotence: false", "off"},
		{"java-3.9", "enable.idempotence: true, acks: 1", "producer.acks: must be all"},
		{"java-3.9", "transactional.id: t, acks: 1", "producer.transactional.id: cannot be set without idempotence"},
		{"java-4.1", "max.in.flight.requests.per.connection: 6", "producer.max.in.flight.requests.per.connection: must be at most 5"},
		{"java-4.1", "max.in.flight.requests.per.connection: 6, acks: 1", "producer.max.in.flight.requests.per.connection: must be at most 5"},
		{"java-4.1", "max.in.flight.requests.per.connection: 6, enable.idempotence: false", "off"},
		{"librdkafka", "", "off"},
		{"librdkafka", "enable.idempotence: true", "on"},
		{"librdkafka", "transactional.id: t", "on"},
		{"librdkafka", "enable.idempotence: true, acks: 1", "producer.acks: must be all"},
		{"librdkafka", "enable.idempotence: true, max.in.flight: 6", "producer.max.in.flight: must be at most 5"},
		{"sarama", "", "off"},
		{"sarama", "enable.idempotence: true, acks: all, max.in.flight.requests.per.connection: 1", "on"},
		{"sarama", "enable.idempotence: true, max.in.flight.requests.per.connection: 1", "producer.acks: an idempotent producer of sarama"},
		{"sarama", "enable.idempotence: true, acks: all", "producer.max.in.flight.requests.per.connection: an idempotent producer of sarama"},
		{"kafka-go", "", "off"},
		{"kafka-go", "enable.idempotence: true", "producer.enable.idempotence: kafka-go has no idempotent producer"},
		{"franz-go", "", "on"},
		{"franz-go", "acks: 1", "producer.acks: must be all while idempotence is on"},
		{"franz-go", "acks: 1, enable.idempotence: false", "off"},
	} {
		kafka := "3.9"
		if strings.HasPrefix(test.client, "java-2.0") {
			kafka = "2.0"
		}
		r := loadSpec(t, "guarantee: order\nkafka: "+kafka+"\nproducer: {"+test.settings+"}\napp: {producer-client: "+test.client+"}\n")
		got := map[bool]string{true: "on", false: "off"}[r.Config.Prod.Idempotent]
		if got == "off" && strings.Contains(strings.Join(r.Notes, " "), "idempot") {
			got = "off!"
		}
		if len(r.Refused) > 0 {
			got = r.Refused[0].Key + ": " + r.Refused[0].Message
		}
		if got != test.want && !(len(r.Refused) == 1 && strings.HasPrefix(got, test.want)) {
			t.Errorf("%s {%s}: got %q, want %q (%v)", test.client, test.settings, got, test.want, r.Refused)
		}
	}
}

// 0.11 has one request in flight with idempotence, whether asked for or not.
func TestIdempotence011(t *testing.T) {
	t.Parallel()
	r := loadSpec(t, "guarantee: order\nkafka: 0.11\nproducer: {enable.idempotence: true}\n")
	if p := r.Config.Prod; p.MaxInFlight != 1 || p.Retries != model.Unlimited || p.Acks != model.AcksAll || !p.Idempotent {
		t.Errorf("%+v", p)
	}
	r = loadSpec(t, "guarantee: order\nkafka: 0.11\nproducer: {enable.idempotence: true, max.in.flight.requests.per.connection: 2}\n")
	if len(r.Refused) != 1 {
		t.Error(r.Refused)
	}
}

// Combinations that Kafka or a client refuses to start with.
func TestRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ spec, want string }{
		{"producer: {delivery.timeout.ms: 30000, linger.ms: 1}", "producer.delivery.timeout.ms: 30000 is less than linger.ms + request.timeout.ms = 30001"},
		{"producer: {request.timeout.ms: 200000}", ""},
		{"kafka: '0.8'\nproducer: {batch.num.messages: 300, queue.buffering.max.messages: 200}", "producer.batch.num.messages: 300 is more than queue.buffering.max.messages (200)"},
		{"kafka: '0.8'\nproducer: {producer.type: both}", `producer.producer.type: "both" is not a valid value`},
		{"kafka: '0.8'\nproducer: {request.required.acks: 2}", "producer.request.required.acks: 2 is outside the valid range"},
		{"kafka: '0.8'\nconsumer: {auto.offset.reset: earliest}", `consumer.auto.offset.reset: "earliest" is not a valid value; write smallest or largest`},
		{"consumer: {heartbeat.interval.ms: 45000}", "consumer.heartbeat.interval.ms: 45000 is not less than session.timeout.ms (45000)"},
		{"consumer: {session.timeout.ms: 5000}", "consumer.session.timeout.ms: 5000 is outside what the brokers allow, group.min.session.timeout.ms=6000"},
		{"consumer: {group.protocol: consumer, session.timeout.ms: 30000}", "consumer.session.timeout.ms: cannot be set with group.protocol=consumer"},
		{"kafka: 3.9\nconsumer: {group.protocol: consumer, session.timeout.ms: 30000}", ""},
		{"kafka: 4.1\nconsumer: {share.acknowledgement.mode: implicit}", "consumer.share.acknowledgement.mode: cannot be set with group.protocol=classic"},
		{"kafka: 4.1\nconsumer: {share.acknowledgement.mode: sometimes}", "consumer.share.acknowledgement.mode: \"sometimes\" is not a valid value"},
		{"kafka: 4.2\nconsumer: {group.protocol: consumer, share.acquire.mode: record_limit}", "consumer.share.acquire.mode: cannot be set with group.protocol=consumer"},
		{"kafka: 4.4\nconsumer: {bootstrap.servers: ''}", "consumer.bootstrap.servers: the value is empty"},
		{"kafka: 2.0\nconsumer: {auto.offset.reset: latest}\nbroker: {replica.fetch.wait.max.ms: 20000}", "broker.replica.lag.time.max.ms: 10000 is less than replica.fetch.wait.max.ms (20000)"},
		{"kafka: 4.1\nproducer: {transactional.id: t, transaction.timeout.ms: 1000000}", "producer.transaction.timeout.ms: 1000000 is more than the brokers' transaction.max.timeout.ms (900000)"},
		{"kafka: 4.1\nproducer: {transactional.id: t, transaction.timeout.ms: 10, transaction.two.phase.commit.enable: true}\nbroker: {transaction.two.phase.commit.enable: true}", "producer.transaction.timeout.ms: cannot be set with transaction.two.phase.commit.enable=true"},
		{"kafka: 4.4\nproducer: {transactional.id: t, transaction.two.phase.commit.enable: true}", "producer.transaction.two.phase.commit.enable: initTransactions is refused"},
		{"kafka: 4.1\nproducer: {}\napp: {producer-client: java-2.0}", "app.producer-client: brokers of 4.1 do not talk to clients from before 2.1"},
		{"kafka: 4.1\nbroker: {zookeeper.connect: z}", "broker.zookeeper.connect: Kafka 4.1 runs without ZooKeeper and requires process.roles"},
		{"consumer: {session.timeout.ms: 400000}\napp: {consumer-client: librdkafka}", "consumer.max.poll.interval.ms: 300000 is less than session.timeout.ms (400000)"},
	} {
		r := loadSpec(t, "guarantee: order\n"+test.spec)
		got := ""
		if len(r.Refused) > 0 {
			got = r.Refused[0].Key + ": " + r.Refused[0].Message
		}
		if !strings.HasPrefix(got, test.want) || (got == "") != (test.want == "") || len(r.Refused) > 1 {
			t.Errorf("%s: got %q, want %q", test.spec, r.Refused.Error(), test.want)
		}
	}
}

// The same settings read by another client.
func TestDialects(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		client   string
		acks     model.Acks
		retries  int
		inFlight int
		full     model.QueueFull
		reset    model.AutoOffsetReset
		auto     model.AutoCommit
		stores   bool
	}{
		{"java-4.1", model.AcksAll, model.Unlimited, 5, model.QueueBlocksFails, model.ResetLatest, model.AutoCommitInPoll, true},
		{"librdkafka", model.AcksAll, model.Unlimited, 32767, model.QueueFails, model.ResetLatest, model.AutoCommitTimer, true},
		{"sarama", model.AcksOne, 3, 5, model.QueueBlocks, model.ResetLatest, model.AutoCommitTimer, false},
		{"kafka-go", model.AcksNone, 9, 1, model.QueueBlocks, model.ResetEarliest, model.AutoCommitTimer, true},
		{"franz-go", model.AcksAll, model.Unlimited, 5, model.QueueBlocks, model.ResetEarliest, model.AutoCommitInPoll, true},
	} {
		r := loadSpec(t, "guarantee: order\nproducer: {}\nconsumer: {}\napp: {producer-client: "+test.client+", consumer-client: "+test.client+"}\n")
		p, c := r.Config.Prod, r.Config.Cons
		if p.Acks != test.acks || p.Retries != test.retries || p.MaxInFlight != test.inFlight || p.QueueFull != test.full ||
			c.Reset != test.reset || c.AutoCommit != test.auto || c.StoreOffsets != test.stores {
			t.Errorf("%s: %+v %+v", test.client, p, c)
		}
	}
	p := loadSpec(t, "guarantee: order\nkafka: '0.8'\nproducer: {producer.type: async, queue.enqueue.timeout.ms: 0}\nconsumer: {}\n").Config
	if p.Prod.Acks != model.AcksNone || p.Prod.Retries != 3 || !p.Prod.Async || p.Prod.QueueFull != model.QueueFails ||
		p.App.Send != model.SendForget || p.Cons.AutoCommit != model.AutoCommitTimer || p.Cons.Reset != model.ResetLatest {
		t.Errorf("scala-0.8: %+v", p)
	}
}
