package kafkaconf

import (
	"math"

	"github.com/kcheck/kcheck/model"
)

// manyRetries is a number of retries that no run in scope reaches.
const manyRetries = 100

// producerSettings resolves the producer's part.
func (r *resolver) producerSettings(p *model.ProducerConfig) {
	d := r.producer
	p.Client, p.Version = d.Client, d.Version
	acks := r.read(Producer, "acks")
	p.Acks = r.acks(acks)
	retries := r.read(Producer, "retries")
	p.Retries = retryCount(retries.number(0))
	inFlight := r.read(Producer, "max.in.flight.requests.per.connection")
	p.MaxInFlight = int(min(inFlight.number(1), math.MaxInt16))
	transactionalID := r.read(Producer, "transactional.id")
	p.Transactional = transactionalID.given && transactionalID.text != ""
	r.idempotence(p, idempotenceInput{acks, retries, inFlight, transactionalID, r.read(Producer, "enable.idempotence")})
	r.deliveryTimeout(p)
	r.timers(p)
	r.requestOutlastsDelivery(p)
	r.queue(p)
	if p.Acks == model.AcksNone && p.Client != model.Scala08 && retries.given && p.Retries != 0 {
		r.note("retries do not apply with acks=0: the client counts a request as sent once it is written to the socket")
	}
}

// acks reads the acks setting. The values themselves were checked with the key table; more than one copy by number is
// refused by brokers since 0.8.2 or 0.9 (INVALID_REQUIRED_ACKS).
func (r *resolver) acks(s setting) model.Acks {
	switch s.text {
	case "all", "-1":
		return model.AcksAll
	case "0":
		return model.AcksNone
	case "1":
		return model.AcksOne
	}
	k := r.producer.key(Producer, s.key)
	switch {
	case k == nil || k.check(s.text, r.producer.tableVersion()) != "": // reported already
	case s.number(0) > 1 && r.kafka >= model.V0_9:
		r.problems.Add(Refusal, s.at, s.name(), "brokers refuse acks=%s; write all, 0 or 1 (ReplicaManager.isValidRequiredAcks)", s.shown())
	case s.number(0) > 1:
		r.problems.Add(Failure, s.at, s.name(), "acks=%s, a number of replicas, is not modelled; write -1, 0 or 1", s.shown())
	}
	return model.AcksOne
}

func retryCount(n int64) int {
	if n >= manyRetries {
		return model.Unlimited
	}
	return int(max(n, 0))
}

// deliveryTimeout finds out whether a time bounds the delivery of a message: Java since 2.1 (KIP-91), librdkafka unless
// it is 0, kafka-python since 2.2, aiokafka without idempotence. The other libraries count attempts only.
func (r *resolver) deliveryTimeout(p *model.ProducerConfig) {
	s := r.read(Producer, "delivery.timeout.ms")
	switch r.producer.Client {
	case model.Java:
		// The largest number, 25 days, is how Connect and Streams write that there is no bound (Worker.baseProducerConfigs,
		// StreamsConfig.PRODUCER_EOS_OVERRIDES): no run of the model reaches it.
		p.DeliveryTimeout = s.set && s.number(0) < math.MaxInt32
	case model.Librdkafka:
		p.DeliveryTimeout = s.number(1) != 0
	case model.KafkaPython:
		p.DeliveryTimeout = s.set
	case model.Aiokafka: // a batch expires after request_timeout_ms, unless the producer is idempotent (sender.py, _can_retry)
		p.DeliveryTimeout = !p.Idempotent
	default:
		p.DeliveryTimeout = s.given
	}
}

// timers compares the timers of a send with the time that a follower which has stopped to fetch stays in the in-sync set:
// replica.lag.time.max.ms and up to half of it more (ReplicaManager.startup, isr-expiration).
func (r *resolver) timers(p *model.ProducerConfig) {
	if p.Acks != model.AcksAll {
		return
	}
	lag := r.read(Broker, "replica.lag.time.max.ms").number(30000)
	longest := lag + lag/2
	p.RequestBeforeLag = r.read(Producer, "request.timeout.ms").number(longest) < longest
	timeout := "delivery.timeout.ms"
	if p.Client == model.Aiokafka {
		timeout = "request.timeout.ms"
	}
	p.DeliveryBeforeLag = p.DeliveryTimeout && r.peek(Producer, timeout).number(longest) < longest
}

// requestOutlastsDelivery compares the time for a request with that for a delivery, which begins with linger.ms before the
// request is sent. It matters where an error after that time renumbers what is in flight.
func (r *resolver) requestOutlastsDelivery(p *model.ProducerConfig) {
	if p.Client != model.Java || !p.DeliveryTimeout || !p.Idempotent || p.MaxInFlight == 1 {
		return
	}
	request, linger := r.read(Producer, "request.timeout.ms").number(0), r.peek(Producer, "linger.ms").number(0)
	p.RequestOutlastsDelivery = linger+request >= r.peek(Producer, "delivery.timeout.ms").number(math.MaxInt32)
}

// queue finds out what a send does when the client's queue or buffer is full.
func (r *resolver) queue(p *model.ProducerConfig) {
	switch r.producer.Client {
	case model.Scala08:
		p.Async = r.read(Producer, "producer.type").is("async")
		if p.Async {
			p.QueueFull = queueFull(r.read(Producer, "max.block.ms").number(-1), -1)
		}
	case model.Aiokafka: // add_message waits for request_timeout_ms
		p.QueueFull = model.QueueBlocksFails
	case model.Java, model.KafkaPython:
		p.QueueFull = model.QueueBlocksFails
		if r.read(Producer, "block.on.buffer.full").is("true") { // until 0.10.2; the default in 0.8.2
			p.QueueFull = model.QueueBlocks
			return
		}
		if s := r.read(Producer, "max.block.ms"); s.set {
			p.QueueFull = queueFull(s.number(0), math.MaxInt64)
		}
	case model.Librdkafka: // RD_KAFKA_RESP_ERR__QUEUE_FULL, unless the application asks to block
		p.QueueFull = model.QueueFails
	default: // sarama, kafka-go and franz-go make the caller wait; kafkajs has no bound
		p.QueueFull = model.QueueBlocks
	}
}

// queueFull reads a time to block: not at all, for ever, or for a time.
func queueFull(ms, forever int64) model.QueueFull {
	switch {
	case ms == 0:
		return model.QueueFails
	case ms == forever || ms < 0:
		return model.QueueBlocks
	}
	return model.QueueBlocksFails
}
