package kafkaconf

import (
	"math"
	"strings"

	"github.com/kcheck/kcheck/model"
)

// idempotenceInput is what a client looks at when it decides whether its producer is idempotent.
type idempotenceInput struct {
	acks, retries, inFlight, transactionalID, enable setting
}

// explicit says whether the application itself asked for idempotence.
func (in idempotenceInput) explicit() bool { return in.enable.given && in.enable.is("true") }

// forbidden says whether the application itself turned idempotence off.
func (in idempotenceInput) forbidden() bool { return in.enable.given && !in.enable.is("true") }

// idempotence decides, as the client itself does, whether the producer is idempotent, and what that changes or forbids.
func (r *resolver) idempotence(p *model.ProducerConfig, in idempotenceInput) {
	switch r.producer.Client {
	case model.Java:
		r.javaIdempotence(p, in)
	case model.Librdkafka:
		if !r.producer.hasIdempotence() {
			r.noIdempotence(p, in)
			break
		}
		r.rdkafkaIdempotence(p, in)
	case model.Sarama:
		r.saramaIdempotence(p, in)
	case model.FranzGo:
		r.franzIdempotence(p, in)
	case model.KafkaJS, model.Aiokafka:
		r.askedForIdempotence(p, in)
	case model.KafkaPython:
		r.pythonIdempotence(p, in)
	default:
		r.noIdempotence(p, in)
	}
	r.needsIdempotence(p, in)
}

// javaIdempotence follows ProducerConfig of the client's version: before 3.0.1 the producer is idempotent only when the
// application says so or sets a transactional.id (3.0.0 and 3.1.0 have the new default but do not apply it,
// KAFKA-13598); from then on it is unless something contradicts.
func (r *resolver) javaIdempotence(p *model.ProducerConfig, in idempotenceInput) {
	v := r.producer.Version
	switch {
	case !in.enable.set: // before 0.11
		return
	case v < model.V3_0_1 || v >= model.V3_1 && v < model.V3_1_1:
		r.javaAskedFor(p, in)
	default:
		r.javaByDefault(p, in)
	}
}

// javaAskedFor is the rule of 0.11 to 3.0.0 and of 3.1.0: idempotence is asked for, and then acks and retries that the
// application left alone are raised, and what it set against it is refused.
func (r *resolver) javaAskedFor(p *model.ProducerConfig, in idempotenceInput) {
	limit, v := 5, r.producer.Version
	if v < model.V1_0 {
		limit = 1 // 0.11: one request in flight
	}
	assumedOn := !in.enable.given && in.enable.is("true") && !r.given[Producer]
	if v >= model.V3_0 && !r.given[Producer] && assumedOn || !in.explicit() && !p.Transactional && !assumedOn {
		if v >= model.V3_0 && in.enable.is("true") {
			r.note("enable.idempotence: %s has the default true and does not apply it (KAFKA-13598): the producer is not idempotent", r.producer.Name)
			r.change(in.enable, "false", "KAFKA-13598: the default is not applied")
		}
		return
	}
	if assumedOn && (in.acks.given && p.Acks != model.AcksAll || in.retries.given && p.Retries == 0 || p.MaxInFlight > limit) {
		r.change(in.enable, "false", "contradicted by another setting")
		return
	}
	p.Idempotent = !in.forbidden()
	if !p.Idempotent {
		return
	}
	r.change(in.enable, "true", map[bool]string{true: "", false: "transactional.id is set"}[in.explicit() || assumedOn])
	r.raise(p, in, limit)
}

// raise applies what idempotence demands to settings that were left alone, and refuses what was set against it.
func (r *resolver) raise(p *model.ProducerConfig, in idempotenceInput, limit int) {
	switch {
	case p.Acks != model.AcksAll && in.acks.given:
		r.refuse(in.acks, "must be all for an idempotent producer; write acks=all or enable.idempotence=false (%s)", r.refuser())
	case p.Acks != model.AcksAll:
		p.Acks = model.AcksAll
		r.change(in.acks, "all", "idempotence demands it")
	}
	switch {
	case p.Retries == 0 && in.retries.given:
		r.refuse(in.retries, "must not be 0 for an idempotent producer; leave retries at its default (%s)", r.refuser())
	case p.Retries == 0:
		p.Retries = model.Unlimited
		r.change(in.retries, "2147483647", "idempotence demands it")
	}
	switch {
	case p.MaxInFlight > limit && in.inFlight.given:
		r.refuse(in.inFlight, "must be at most %d for an idempotent producer; is %s (%s)", limit, in.inFlight.shown(), r.refuser())
	case p.MaxInFlight > limit:
		p.MaxInFlight = limit
		r.change(in.inFlight, itoa(limit), "idempotence demands it")
	}
}

// javaByDefault is the rule from 3.0.1 on (not 3.1.0): on unless something contradicts. What contradicts turns it off
// silently, or is refused when the application asked for idempotence itself. More than five requests in flight are
// refused in any case since 4.0.
func (r *resolver) javaByDefault(p *model.ProducerConfig, in idempotenceInput) {
	if in.forbidden() {
		return
	}
	p.Idempotent = true
	var against []string
	contradicts := func(s setting, rule string) {
		if in.explicit() {
			r.refuse(s, "%s (%s)", rule, r.refuser())
			return
		}
		against = append(against, s.key+"="+s.shown())
	}
	if p.Acks != model.AcksAll {
		contradicts(in.acks, "must be all for an idempotent producer; write acks=all or enable.idempotence=false")
	}
	if p.Retries == 0 {
		contradicts(in.retries, "must not be 0 for an idempotent producer; leave retries at its default")
	}
	switch {
	case p.MaxInFlight <= 5:
	case r.producer.Version >= model.V4_0:
		r.refuse(in.inFlight, "must be at most 5 for an idempotent producer; is %s (%s)", in.inFlight.shown(), r.refuser())
	default:
		contradicts(in.inFlight, "must be at most 5 for an idempotent producer; is "+in.inFlight.shown())
	}
	if len(against) > 0 {
		p.Idempotent = false
		what := strings.Join(against, ", ")
		r.change(in.enable, "false", "switched off by "+what)
		r.note("idempotence is off: the client switches it off silently because of %s (enable.idempotence was not set)", what)
	}
}

// rdkafkaIdempotence: off unless asked for or transactional; settings left alone are adjusted
// (rd_kafka_conf_finalize and rd_kafka_topic_conf_finalize in rdkafka_conf.c).
func (r *resolver) rdkafkaIdempotence(p *model.ProducerConfig, in idempotenceInput) {
	assumedOn := !in.enable.given && in.enable.is("true")
	if assumedOn && (in.acks.given && p.Acks != model.AcksAll || in.retries.given && p.Retries == 0 || p.MaxInFlight > 5) {
		r.change(in.enable, "false", "contradicted by another setting")
		return
	}
	if in.forbidden() || !in.enable.is("true") && !p.Transactional {
		return
	}
	p.Idempotent = true
	if !in.enable.is("true") {
		r.change(in.enable, "true", "transactional.id is set")
	}
	r.raise(p, in, 5)
}

// saramaIdempotence: off unless asked for; then RequiredAcks must be WaitForAll, Retry.Max at least 1 and
// Net.MaxOpenRequests 1 (Config.Validate in config.go).
func (r *resolver) saramaIdempotence(p *model.ProducerConfig, in idempotenceInput) {
	if !in.enable.is("true") {
		return
	}
	if !in.enable.given && (p.Acks != model.AcksAll || p.Retries == 0 || p.MaxInFlight > 1) {
		r.change(in.enable, "false", "contradicted by another setting")
		return
	}
	p.Idempotent = true
	for _, wrong := range []struct {
		is   bool
		s    setting
		rule string
	}{
		{p.Acks != model.AcksAll, in.acks, "Producer.RequiredAcks must be WaitForAll; write acks=all"},
		{p.Retries == 0, in.retries, "Producer.Retry.Max must be at least 1; leave retries at its default"},
		{p.MaxInFlight > 1, in.inFlight, "Net.MaxOpenRequests must be 1; write max.in.flight.requests.per.connection=1"},
	} {
		if wrong.is {
			r.refuse(wrong.s.orAt(in.enable), "an idempotent producer of sarama: %s (sarama's Config.Validate)", wrong.rule)
		}
	}
}

// franzIdempotence: on unless DisableIdempotentWrite; then acks must be all and the number of requests in flight is not
// the application's to choose (cfg.validate in pkg/kgo/config.go). Without it one request is in flight by default.
func (r *resolver) franzIdempotence(p *model.ProducerConfig, in idempotenceInput) {
	if in.forbidden() {
		if !in.inFlight.given {
			p.MaxInFlight = 1
			r.change(in.inFlight, "1", "the default without idempotence")
		}
		return
	}
	p.Idempotent = true
	if p.Acks != model.AcksAll {
		r.refuse(in.acks, "must be all while idempotence is on; write acks=all or enable.idempotence=false (franz-go's cfg.validate)")
	}
	if in.inFlight.given && p.MaxInFlight != 5 {
		r.refuse(in.inFlight, "cannot be set while idempotence is on; leave it out or write enable.idempotence=false (franz-go's cfg.validate)")
	}
}

// askedForIdempotence: off unless asked for or transactional; then acks must be all (kafkajs, messageProducer.js; aiokafka,
// AIOKafkaProducer.__init__, which raises acks where they were left alone).
func (r *resolver) askedForIdempotence(p *model.ProducerConfig, in idempotenceInput) {
	if in.forbidden() && !p.Transactional || !in.enable.is("true") && !p.Transactional {
		return
	}
	if !in.enable.given && !p.Transactional && p.Acks != model.AcksAll {
		r.change(in.enable, "false", "contradicted by another setting")
		return
	}
	p.Idempotent = true
	if !in.enable.is("true") {
		r.change(in.enable, "true", "transactional.id is set")
	}
	r.raise(p, in, math.MaxInt)
	if !in.retries.given { // kafkajs: Number.MAX_SAFE_INTEGER; aiokafka: until it succeeds
		p.Retries = model.Unlimited
	}
}

// pythonIdempotence: kafka-python before 2.2 has none; up to 2.3 it is asked for; from 3.0 on it is on unless something
// contradicts (KafkaProducer.__init__).
func (r *resolver) pythonIdempotence(p *model.ProducerConfig, in idempotenceInput) {
	switch {
	case !r.producer.hasIdempotence():
		r.noIdempotence(p, in)
	case in.explicit() || p.Transactional:
		p.Idempotent = true
		r.raise(p, in, 5)
	case in.forbidden() || !in.enable.is("true"):
	case in.acks.given && p.Acks != model.AcksAll || in.retries.given && p.Retries == 0 || p.MaxInFlight > 5:
		r.change(in.enable, "false", "contradicted by another setting")
		r.note("idempotence is off: the client switches it off silently because of acks, retries or the number of requests in flight (enable.idempotence was not set)")
	default:
		p.Idempotent = true
		r.raise(p, in, 5)
	}
}

// noIdempotence: the 0.8 producer, kafka-go and old releases of others have none.
func (r *resolver) noIdempotence(p *model.ProducerConfig, in idempotenceInput) {
	if in.explicit() {
		r.refuse(in.enable, "%s has no idempotent producer; leave it out", r.producer.Name)
	}
}

// needsIdempotence: a transactional producer has to be idempotent.
func (r *resolver) needsIdempotence(p *model.ProducerConfig, in idempotenceInput) {
	switch {
	case !p.Transactional || p.Idempotent || !in.transactionalID.given:
	case !in.enable.set || !r.producer.hasIdempotence():
		r.refuse(in.transactionalID, "%s has no transactional producer; leave it out", r.producer.Name)
	default:
		r.refuse(in.transactionalID, "cannot be set without idempotence, which is off; leave acks, retries and enable.idempotence at their defaults (%s)", r.refuser())
	}
}

// refuse adds a refusal at a setting, unless its value was refused already.
func (r *resolver) refuse(s setting, format string, args ...any) {
	if k := r.dialectOf(s.part).key(s.part, s.key); k != nil && r.wrong[k] {
		return
	}
	name := s.name()
	if v, found := r.values[s.part][s.key]; found {
		name = r.nameOf(v)
	}
	at := s.at
	if at.File == "" {
		at.File = r.out.File
	}
	r.problems.Add(Refusal, at, name, format, args...)
}

// orAt is the setting with the position of another one where it was not given itself.
func (s setting) orAt(other setting) setting {
	if !s.given {
		s.at = other.at
	}
	return s
}

// refuser names the producer's class that checks combinations.
func (r *resolver) refuser() string { return refuser(r.producer, Producer) }
