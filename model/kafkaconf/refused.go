package kafkaconf

import (
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// refuseProducer applies the checks that the producers make on combinations of settings.
func (r *resolver) refuseProducer(c *model.Config) {
	switch r.producer.Client {
	case model.Java:
		r.refuseDeliveryTimeout()
		r.refuseTwoPhase()
	case model.Scala08:
		r.refuseScala()
	case model.Librdkafka:
		linger, timeout := r.peek(Producer, "linger.ms"), r.peek(Producer, "delivery.timeout.ms")
		if linger.given && timeout.number(0) != 0 && timeout.number(0) <= linger.number(0) {
			r.refuse(timeout.orAt(linger), "must be greater than linger.ms (%s), or 0 for no limit (librdkafka's rd_kafka_conf_finalize)", linger.shown())
		}
	}
	r.refuseTransactionTimeout(c)
}

// refuseTransactionTimeout: the brokers bound transaction.timeout.ms, and librdkafka wants it to cover message.timeout.ms.
func (r *resolver) refuseTransactionTimeout(c *model.Config) {
	if limit, timeout := r.peek(Broker, "transaction.max.timeout.ms"), r.peek(Producer, "transaction.timeout.ms"); c.Prod.Transactional &&
		limit.set && timeout.given && timeout.number(0) > limit.number(0) {
		r.refuse(timeout, "%s is more than the brokers' transaction.max.timeout.ms (%s); write at most that (initTransactions: InvalidTxnTimeoutException)", timeout.shown(), limit.shown())
	}
	delivery, transaction := r.peek(Producer, "delivery.timeout.ms"), r.peek(Producer, "transaction.timeout.ms")
	if r.producer.Client == model.Librdkafka && c.Prod.Transactional && delivery.given && delivery.number(0) > transaction.number(0) {
		r.refuse(delivery, "%s is more than transaction.timeout.ms (%s); write at most that (librdkafka's rd_kafka_topic_conf_finalize)", delivery.shown(), transaction.shown())
	}
}

// refuseDeliveryTimeout: delivery.timeout.ms, if set, covers linger.ms and request.timeout.ms
// (KafkaProducer.configureDeliveryTimeout, 2.1 on). Left alone it is raised.
func (r *resolver) refuseDeliveryTimeout() {
	timeout := r.peek(Producer, "delivery.timeout.ms")
	linger, request := r.peek(Producer, "linger.ms"), r.peek(Producer, "request.timeout.ms")
	sum := linger.number(0) + request.number(0)
	if !timeout.set || timeout.number(0) >= sum {
		return
	}
	if timeout.given {
		r.refuse(timeout, "%s is less than linger.ms + request.timeout.ms = %d; write at least that (Kafka's KafkaProducer)", timeout.shown(), sum)
		return
	}
	r.note("delivery.timeout.ms is raised to %d: linger.ms + request.timeout.ms", sum)
	r.change(timeout, itoa(int(sum)), "raised to linger.ms + request.timeout.ms")
}

// refuseTwoPhase: with two-phase commit the transaction has no timeout to set (ProducerConfig, 4.1), and initTransactions
// fails with TRANSACTIONAL_ID_AUTHORIZATION_FAILED unless the brokers allow it (TransactionCoordinator.handleInitProducerId,
// KIP-939).
func (r *resolver) refuseTwoPhase() {
	const name = "transaction.two.phase.commit.enable"
	timeout, enabled := r.peek(Producer, "transaction.timeout.ms"), r.peek(Producer, name)
	if enabled.is("true") && r.peek(Producer, "transactional.id").given && !r.peek(Broker, name).is("true") {
		r.refuse(enabled, "initTransactions is refused unless the brokers have %s=true, too; leave it out (Kafka's TransactionCoordinator)", name)
	}
	if enabled.is("true") && timeout.given {
		r.refuse(timeout, "cannot be set with transaction.two.phase.commit.enable=true; leave it out (%s)", r.refuser())
	}
}

// refuseScala: ProducerConfig.validate of 0.8.2.
func (r *resolver) refuseScala() {
	batch, queue := r.peek(Producer, "batch.size"), r.peek(Producer, "buffer.memory")
	if batch.number(0) > queue.number(0) {
		r.refuse(batch.orAt(queue), "%s is more than queue.buffering.max.messages (%s); write at most that (Kafka's ProducerConfig)", batch.shown(), queue.shown())
	}
	if kind := r.peek(Producer, "producer.type"); kind.given && !slices.Contains([]string{"sync", "async"}, kind.text) {
		r.refuse(kind, "%s is not a valid value; write sync or async (Kafka's ProducerConfig)", formats.QuoteWord(kind.text))
	}
}

// refuseConsumer applies the checks that the consumers make on combinations of settings.
func (r *resolver) refuseConsumer(c *model.Config) {
	if c.App.Share != model.ShareNone { // see refuseShareConsumer
		return
	}
	r.refuseProtocol(c.Cons.NewProtocol)
	heartbeat, session := r.peek(Consumer, "heartbeat.interval.ms"), r.peek(Consumer, "session.timeout.ms")
	classic := !c.Cons.NewProtocol && r.consumer.Client != model.Scala08 && heartbeat.set && session.set
	if classic && (heartbeat.given || session.given) && heartbeat.number(0) >= session.number(1) {
		r.refuse(heartbeat.orAt(session), "%s is not less than session.timeout.ms (%s); write a third of it (%s)",
			heartbeat.shown(), session.shown(), map[bool]string{true: "Kafka's Heartbeat", false: r.consumer.Name}[r.consumer.Client == model.Java])
	}
	poll := r.peek(Consumer, "max.poll.interval.ms")
	if r.consumer.Client == model.Librdkafka && classic && (poll.given || session.given) && poll.number(0) < session.number(0) {
		r.refuse(poll.orAt(session), "%s is less than session.timeout.ms (%s); write at least that (librdkafka's rd_kafka_conf_finalize)", poll.shown(), session.shown())
	}
	r.refuseRequestTimeout()
	r.refuseStatic(c.Cons.Static)
	if reset := r.peek(Consumer, "auto.offset.reset"); r.consumer.Client == model.Scala08 && reset.given &&
		!slices.Contains([]string{"smallest", "largest"}, reset.text) {
		r.refuse(reset, "%s is not a valid value; write smallest or largest (Kafka's ConsumerConfig)", formats.QuoteWord(reset.text))
	}
	for _, limit := range []struct {
		name  string
		above bool
	}{{"group.max.session.timeout.ms", true}, {"group.min.session.timeout.ms", false}} {
		bound := r.peek(Broker, limit.name)
		if classic && session.given && bound.set && (limit.above && session.number(0) > bound.number(0) || !limit.above && session.number(0) < bound.number(0)) {
			if r.files && !bound.given && !r.given[Broker] { // of brokers that nobody gave it is not known what they allow
				r.note("%s=%s is outside what brokers allow by default, %s=%s", session.name(), session.shown(), limit.name, bound.shown())
				continue
			}
			r.refuse(session, "%s is outside what the brokers allow, %s=%s (INVALID_SESSION_TIMEOUT)", session.shown(), limit.name, bound.shown())
		}
	}
}

// The settings of share consumers (KIP-932), which a KafkaConsumer refuses whatever they say.
const (
	shareAcknowledgement = "share.acknowledgement.mode"
	shareAcquire         = "share.acquire.mode"
)

// refuseProtocol: which settings a group protocol forbids (ConsumerConfig, the classic one since 3.9, the new one since
// 4.0; librdkafka's rd_kafka_conf_finalize), and which brokers have the new one.
func (r *resolver) refuseProtocol(newProtocol bool) {
	protocol := r.peek(Consumer, "group.protocol")
	forbidden := []string{"group.remote.assignor", shareAcknowledgement, shareAcquire}
	if newProtocol {
		forbidden = []string{"partition.assignment.strategy", "heartbeat.interval.ms", "session.timeout.ms", shareAcknowledgement, shareAcquire}
		if r.kafka < model.V3_7 {
			r.refuse(protocol, "brokers have the new group protocol since 3.7; write classic (KIP-848)")
		} else if r.kafka < model.V4_0 {
			r.note("group.protocol=consumer was a preview in %s: the brokers must allow it with group.coordinator.rebalance.protocols", r.kafka)
		}
	}
	since := map[bool]model.Version{true: model.V4_0, false: model.V3_9}[newProtocol]
	if r.consumer.Client == model.Java && r.consumer.Version < since || r.consumer.Client != model.Java && !newProtocol {
		return
	}
	for _, name := range forbidden {
		if s := r.peek(Consumer, name); s.given && s.text != "" {
			r.refuse(s, "cannot be set with group.protocol=%s; leave it out (%s)", protocol.shown(), refuser(r.consumer, Consumer))
		}
	}
}

// refuseStatic: brokers before 2.3 know no static members, and the clients do not join without it (JoinGroupRequest.Builder,
// clients 2.3 to 4.4; IBM/sarama config.go, Validate). librdkafka leaves the id out (rd_kafka_JoinGroupRequest).
func (r *resolver) refuseStatic(static bool) {
	if c := r.consumer.Client; static && r.kafka < model.V2_3 && (c == model.Java || c == model.Sarama) {
		r.refuse(r.peek(Consumer, "group.instance.id"), "brokers know static members since 2.3 (%s has none); leave it out (%s, KIP-345)",
			r.kafka, map[bool]string{true: "Kafka's JoinGroupRequest", false: r.consumer.Name}[c == model.Java])
	}
}

// refuseRequestTimeout: up to 1.1 the consumer wants request.timeout.ms above session.timeout.ms and fetch.max.wait.ms
// (KafkaConsumer).
func (r *resolver) refuseRequestTimeout() {
	if r.consumer.Client != model.Java || r.consumer.Version >= model.V2_0 {
		return
	}
	request := r.peek(Consumer, "request.timeout.ms")
	for _, name := range []string{"session.timeout.ms", "fetch.max.wait.ms"} {
		if s := r.peek(Consumer, name); (s.given || request.given) && request.number(0) <= s.number(0) {
			r.refuse(request.orAt(s), "%s is not greater than %s (%s); write more (Kafka's KafkaConsumer)", request.shown(), name, s.shown())
		}
	}
}

// refuseBroker applies checks that KafkaConfig.validateValues makes on combinations.
func (r *resolver) refuseBroker(c *model.Config) {
	for _, server := range []Part{Broker, Controller} {
		wait := r.peek(server, "replica.fetch.wait.max.ms")
		for _, name := range []string{"replica.lag.time.max.ms", "replica.socket.timeout.ms"} {
			if s := r.peek(server, name); (s.given || wait.given) && s.number(0) < wait.number(0) {
				r.refuse(s.orAt(wait), "%s is less than replica.fetch.wait.max.ms (%s); write at least that (Kafka's KafkaConfig)", s.shown(), wait.shown())
			}
		}
	}
	if roles := r.peek(Broker, "process.roles"); roles.given && !strings.Contains(roles.text, "broker") && c.KRaft {
		r.refuse(roles, "%s names no broker; give this file as the controllers' (controller part, --controller)", formats.QuoteWord(roles.text))
	}
}

// compatible refuses clients and brokers of versions that do not talk to each other: 4.0 dropped the protocols from
// before 2.1 on both sides (KIP-896); a client newer than its brokers needs brokers from 0.10 on and a client from
// 0.10.2 on (KIP-97).
func (r *resolver) compatible() {
	for _, side := range []struct {
		key string
		d   Dialect
	}{{"producer-client", r.producer}, {"consumer-client", r.consumer}} {
		v := side.d.Version
		s := r.peek(App, side.key)
		switch {
		case r.kafka >= model.V4_0 && (side.d.Client == model.Scala08 || side.d.Client == model.Java && v < model.V2_1):
			r.refuse(s, "brokers of %s do not talk to clients from before 2.1; write java-2.1 or later (KIP-896)", r.kafka)
		case side.d.Client == model.Java && v >= model.V4_0 && r.kafka < model.V2_1:
			r.refuse(s, "%s does not talk to brokers from before 2.1; write an older client (KIP-896)", side.d.Name)
		case side.d.Client == model.Java && v > r.kafka && (r.kafka < model.V0_10 || v < model.V0_10_2):
			r.refuse(s, "%s does not talk to older brokers (%s); write a client of their version (KIP-97)", side.d.Name, r.kafka)
		}
	}
}
