package kafkaconf

import (
	"fmt"
	"testing"
)

// Which of the timers of a process with an output topic can run out first while it waits for an output: the poll interval
// before the delivery, the transaction before the delivery, always before it, and before a follower leaves the in-sync set.
func TestProcessTimers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ producer, consumer, more, want string }{
		{"transactional.id: t", "", "", "poll false, transaction true always true lag false"},
		{"transactional.id: t, transaction.timeout.ms: 120000", "", "", "poll false, transaction true always false lag false"},
		{"transactional.id: t, transaction.timeout.ms: 115000", "", "", "poll false, transaction true always false lag false"},
		{"transactional.id: t, transaction.timeout.ms: 120001", "", "", "poll false, transaction false always false lag false"},
		{"transactional.id: t, transaction.timeout.ms: 10000, delivery.timeout.ms: 2147483647", "", "", "poll true, transaction true always true lag true"},
		{"transactional.id: t, transaction.timeout.ms: 10000", "", "broker: {replica.lag.time.max.ms: 6000}\n", "poll false, transaction true always true lag false"},
		{"transactional.id: t, transaction.timeout.ms: 115000", "", "kafka: 2.4\n", "poll false, transaction true always false lag false"},
		{"transactional.id: t, transaction.timeout.ms: 60000", "", "kafka: 2.4\n", "poll false, transaction true always false lag false"}, // noticed within 60 s
		{"delivery.timeout.ms: 300000", "", "", "poll true, transaction false always false lag false"},
		{"delivery.timeout.ms: 299999", "", "", "poll false, transaction false always false lag false"},
		{"", "max.poll.interval.ms: 60000", "", "poll true, transaction false always false lag false"},
		{"", "max.poll.interval.ms: 60000, group.instance.id: i", "", "poll true, transaction false always false lag false"},
		{"", "max.poll.interval.ms: 80000, group.instance.id: i", "", "poll false, transaction false always false lag false"},
		{"", "max.poll.interval.ms: 80000, group.instance.id: i, group.protocol: consumer", "", "poll false, transaction false always false lag false"},
		{"", "max.poll.interval.ms: 2147483647", "", "poll false, transaction false always false lag false"},
		{"enable.idempotence: false, retries: 2", "", "kafka: 1.0\n", "poll false, transaction false always false lag false"},
		{"enable.idempotence: false, retries: 10", "", "kafka: 1.0\n", "poll true, transaction false always false lag false"},
		{"retries: 10", "", "kafka: 0.9\n", "poll true, transaction false always false lag false"},
		{"retries: 0", "session.timeout.ms: 29000, request.timeout.ms: 40000", "kafka: 0.9\n", "poll true, transaction false always false lag false"},
	} {
		r := loadSpec(t, "guarantee: order\n"+test.more+"producer: {"+test.producer+"}\nconsumer: {"+test.consumer+"}\napp: {output: kafka}\n")
		c := r.Config
		got := fmt.Sprintf("poll %t, transaction %t always %t lag %t", c.Cons.PollBeforeDelivery, c.Txn.TimeoutBeforeDelivery, c.Txn.TimeoutFirst, c.Txn.TimeoutBeforeLag)
		if got != test.want {
			t.Errorf("producer {%s} consumer {%s} %s: %s, want %s", test.producer, test.consumer, test.more, got, test.want)
		}
	}
	if r := loadSpec(t, "guarantee: order\nproducer: {delivery.timeout.ms: 300000}\napp: {output: kafka}\n"); r.Config.Cons.PollBeforeDelivery {
		t.Error("a consumer that is not given is evicted")
	}
}
