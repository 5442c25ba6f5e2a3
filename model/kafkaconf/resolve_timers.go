package kafkaconf

import (
	"math"

	"github.com/kcheck/kcheck/model"
)

// processTimers compares the timers that run while a process with an output topic waits for the answer to an output: those
// of the delivery, of its transaction, and of its membership of the group. Of two the shorter runs out first.
func (r *resolver) processTimers(c *model.Config) {
	if !c.App.OutputKafka {
		return
	}
	c.Cons.PollBeforeDelivery = r.given[Consumer] && r.pollInterval() <= r.longestDelivery(&c.Prod)
	if c.Prod.Transactional && !c.Txn.TwoPhase {
		r.transactionTimeout(c)
	}
}

// transactionTimeout compares transaction.timeout.ms with the time for a delivery, and with the time that a follower which
// has stopped to fetch stays in the in-sync set. The coordinator looks for transactions whose time is over now and then
// (TransactionCoordinator.startup, transaction-abort).
func (r *resolver) transactionTimeout(c *model.Config) {
	timeout := r.read(Producer, "transaction.timeout.ms")
	if !timeout.set {
		return
	}
	noticed := r.peek(Broker, "transaction.abort.timed.out.transaction.cleanup.interval.ms").number(10000)
	lag := r.peek(Broker, "replica.lag.time.max.ms").number(30000)
	shortest, delivery := timeout.number(60000), r.longestDelivery(&c.Prod)
	c.Txn.TimeoutBeforeDelivery = shortest <= delivery
	c.Txn.TimeoutFirst = shortest+noticed < delivery
	c.Txn.TimeoutBeforeLag = c.Prod.Acks == model.AcksAll && shortest < lag+lag/2
}

// longestDelivery is how long a send can take while no answer comes, in milliseconds: the time that bounds it, or what its
// retries take if each attempt times out.
func (r *resolver) longestDelivery(p *model.ProducerConfig) int64 {
	request := r.peek(Producer, "request.timeout.ms").number(math.MaxInt32)
	switch {
	case p.DeliveryTimeout && p.Client == model.Aiokafka:
		return request
	case p.DeliveryTimeout:
		return r.peek(Producer, "delivery.timeout.ms").number(math.MaxInt32)
	case p.Retries == model.Unlimited:
		return math.MaxInt32
	}
	return int64(p.Retries+1) * request
}

// pollInterval is how long a member may take between two polls before it loses its partitions, in milliseconds; the largest
// number where nothing bounds it.
//
// Java's client leaves the group after max.poll.interval.ms; a static member only stops its heartbeats, so that its session
// has to run out, too (AbstractCoordinator.HeartbeatThread, maybeLeaveGroup: clients 0.10.1 to 4.4). Before 0.10.1 heartbeats
// are sent in poll alone, and kafkajs sends them between records (runner.js): there the session is the bound. The other
// libraries' heartbeats do not depend on the loop.
func (r *resolver) pollInterval() int64 {
	session := r.peek(Consumer, "session.timeout.ms").number(math.MaxInt32)
	d := r.consumer
	switch {
	case d.Client == model.KafkaJS || d.Client == model.Java && d.Version < model.V0_10_1:
		return session
	case d.Client != model.Java && d.Client != model.Librdkafka && d.Client != model.Aiokafka && d.Client != model.KafkaPython:
		return math.MaxInt64
	}
	interval := r.read(Consumer, "max.poll.interval.ms").number(300000)
	if interval >= math.MaxInt32 { // no bound, as Streams writes it
		return math.MaxInt64
	}
	if static := r.peek(Consumer, "group.instance.id"); static.given && static.text != "" {
		if r.out.Config.Cons.NewProtocol { // ConsumerMembershipManager: a static member leaves for a while (KIP-848)
			session = r.peek(Broker, "group.consumer.session.timeout.ms").number(45000)
		}
		interval += session
	}
	return interval
}
