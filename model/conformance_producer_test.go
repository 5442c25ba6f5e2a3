package model

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// senderScript follows the producer of a random run: what it puts on the wire, and what becomes of its messages. The model
// decides by mayTransmit, incFor, attemptFails, fail, resolveSequences and bumpProducerEpoch; the broken one tries once more
// than retries allows, and does not renumber what is in flight upon a refusal.
func senderScript(rng *rand.Rand, v Version, broken bool) *script {
	idempotent, retries := rng.IntN(3) > 0, Unlimited
	if rng.IntN(2) == 0 {
		retries = 1 + rng.IntN(2)
	}
	unclean := rng.IntN(3) == 0 // then a leader can lack what was acknowledged, and refuse the next sequence number
	m := conformanceModel(v, Budget{LeaderMove: 1, RequestLost: 2, ResponseLost: 2, SendRefused: 2, ReplicaLag: 2, BrokerCrash: 1}, func(c *Config) {
		c.Scope.Messages, c.Topic.Replicas, c.Topic.MinISR = 3, 3, 2
		c.Prod.Idempotent, c.Prod.Retries, c.Prod.DeliveryTimeout = idempotent, retries, retries == Unlimited
		c.Prod.RequestOutlastsDelivery = true // the script lets the time run out whenever it likes
		if unclean {
			c.Topic.MinISR, c.Topic.UncleanElection, c.Topic.ELR = 1, true, false
		}
		c.Prod.MaxInFlight = 1
		if idempotent && rng.IntN(3) > 0 {
			c.Prod.MaxInFlight = 5
		}
	}, brokenIf(broken, func(c *Config) {
		if retries == Unlimited {
			c.B.BumpsEpochOnSequenceError = false
			return
		}
		c.Prod.Retries++
	}))
	most := retries
	if most == Unlimited {
		most = -1
	}
	p := &producerRun{m: m, script: &script{driver: fmt.Sprintf("Producer %v %d %v", idempotent, most, m.c.Prod.MaxInFlight == 1)}}
	walkSome(m, rng, p.follows, p.visit)
	return p.script
}

// producerRun is a run of a model on its way to a driver.
type producerRun struct {
	m *Model
	*script
}

// follows says that the producer can be made to take a step. It drains its queue in order; that a later batch is on the wire
// when an earlier one fails is a step before that failure.
func (p *producerRun) follows(pre *State, action string, b Binding, post *State) bool {
	switch action {
	case "LeaderAppends", "LeaderRefuses", "LeaderRefusesSequence", "BatchIsRefused":
		return b.Msg == p.next(pre)
	case "RequestIsLost":
		return b.Msg == p.next(pre) && p.expiry(pre, b) != expireAll && b.Choice < p.m.expiries(pre, b.Msg, b.Broker)
	case "ResponseIsLost":
		return p.expiry(pre, b) != expireAll
	case "SendIsRefused": // the client may refuse it before it is in the queue
		return false
	case "ProducerGivesUp":
		return p.m.c.Prod.DeliveryTimeout && b.Msg == p.oldest(pre) && b.Choice == 0
	}
	return true
}

// expiry is how the time for a delivery runs out over the loss of a request or answer. The first in the queue is the oldest.
func (p *producerRun) expiry(s *State, b Binding) int {
	expiry := b.Choice % p.m.expiries(s, b.Msg, b.Broker)
	if expiry == expireFirst && p.m.firstLost(s, b.Msg, b.Broker) != p.oldest(s) {
		return expireAll
	}
	return expiry
}

// next is the message that the producer puts on the wire now, or -1.
func (p *producerRun) next(s *State) int {
	for _, phase := range []Phase{Retrying, Queued} {
		for msg := range p.m.c.Scope.Messages {
			if s.phase(msg) == phase {
				if p.m.mayTransmit(s, msg) {
					return msg
				}
				return -1
			}
		}
	}
	return -1
}

// oldest is the first message that is not done, or -1.
func (p *producerRun) oldest(s *State) int {
	for msg := range p.m.c.Scope.Messages {
		if s.phase(msg).pending() {
			return msg
		}
	}
	return -1
}

func (p *producerRun) visit(pre *State, action string, b Binding, post *State) bool {
	outcomes := p.outcomes(post)
	switch action {
	case "ProducerSends":
		p.add(fmt.Sprintf("send %d", b.Msg+1))
	case "LeaderAppends":
		p.transmit(pre, b, post.inc(b.Msg))
	case "LeaderRefuses":
		p.transmit(pre, b, p.m.incFor(pre, b.Msg))
		p.add(fmt.Sprintf("answer %d NOT_LEADER_OR_FOLLOWER", b.Msg+1), outcomes)
	case "LeaderRefusesSequence":
		p.transmit(pre, b, p.m.incFor(pre, b.Msg))
		p.add(fmt.Sprintf("answer %d OUT_OF_ORDER_SEQUENCE_NUMBER", b.Msg+1), outcomes)
	case "BatchIsRefused":
		p.transmit(pre, b, p.m.incFor(pre, b.Msg))
		p.add(fmt.Sprintf("answer %d MESSAGE_TOO_LARGE", b.Msg+1), outcomes)
	case "RequestIsLost":
		p.transmit(pre, b, p.m.incFor(pre, b.Msg))
		p.disconnect(pre, b, outcomes)
	case "ResponseIsLost":
		p.disconnect(pre, b, outcomes)
	case "ProducerReceivesAck":
		p.add(fmt.Sprintf("answer %d NONE", b.Msg+1), outcomes)
	case "ProducerGivesUp":
		p.add(fmt.Sprintf("expire %d", b.Msg+1), outcomes)
		if pre.phase(b.Msg) == Awaiting { // with one request in flight the next one waits until this one has ended
			p.add(fmt.Sprintf("answer %d REQUEST_TIMED_OUT", b.Msg+1), outcomes)
		}
	default:
		p.refused(pre, action, b, post)
	}
	if p.leavesGap(pre, action, post) {
		return false
	}
	if n := len(p.commands); p.next(post) < 0 && n > 0 && p.commands[n-1] != "transmit" {
		p.add("transmit", "none")
	}
	return true
}

// disconnect is a broken connection, which the producer may notice when the time for its oldest message has run out.
func (p *producerRun) disconnect(s *State, b Binding, outcomes string) {
	if p.expiry(s, b) == expireFirst {
		p.add(fmt.Sprintf("late %d", p.oldest(s)+1))
	}
	p.add(fmt.Sprintf("disconnect %d", b.Broker), outcomes)
}

// leavesGap says that a numbered message has just failed in a way that the model does not follow to the end: see ProducerGivesUp.
func (p *producerRun) leavesGap(pre *State, action string, post *State) bool {
	for i := range p.m.c.Scope.Messages {
		if post.phase(i) != Failed || pre.phase(i) == Failed || !p.m.c.Prod.Idempotent {
			continue
		}
		last := p.m.c.Prod.Retries != Unlimited && (action != "BatchIsRefused" || pre.retries(i) >= p.m.c.Prod.Retries)
		if last || action == "ProducerGivesUp" && pre.phase(i) == Awaiting {
			return true
		}
	}
	return false
}

// transmit is the producer putting a message on the wire to the leader that it knows.
func (p *producerRun) transmit(s *State, b Binding, inc int) {
	sequence, epoch := 0, inc
	for i := range p.m.c.Scope.Messages {
		sent := s.phase(i) != Unsent && s.phase(i) != Queued
		sequence += b2i(s.before(i, b.Msg) && i != b.Msg && sent && s.inc(i) == inc)
	}
	if !p.m.c.Prod.Idempotent {
		epoch, sequence = -1, -1
	}
	p.add(fmt.Sprintf("leader %d %d", b.Broker, s.epochOf(b.Broker)))
	p.add("transmit", fmt.Sprintf("%d %d %d.%d", b.Msg+1, b.Broker, epoch, sequence))
}

// refused are the answers to what a broker no longer waits for: its own, or none where it has died.
func (p *producerRun) refused(pre *State, action string, b Binding, post *State) {
	word := "NOT_LEADER_OR_FOLLOWER"
	switch action {
	case "LeaderRefusesAfterAppend":
		word = "NOT_ENOUGH_REPLICAS_AFTER_APPEND"
	case "RequestTimesOut":
		word = "REQUEST_TIMED_OUT"
	}
	last := -1
	for i := range p.m.c.Scope.Messages {
		if pre.phase(i) != Awaiting || post.phase(i) == Awaiting {
			continue
		}
		if last = len(p.commands); action == "BrokerCrashes" {
			p.add(fmt.Sprintf("disconnect %d", b.Broker))
			break
		}
		given := word
		if post.phase(i) == Acked { // a broker that stops to lead has answered it before
			given = "NONE"
		}
		p.add(fmt.Sprintf("answer %d %s", i+1, given))
	}
	if last >= 0 {
		p.want[len(p.want)-1] = []string{p.outcomes(post)}
	}
}

func (p *producerRun) outcomes(s *State) string {
	var acked, failed []string
	for i := range p.m.c.Scope.Messages {
		switch s.phase(i) {
		case Acked:
			acked = append(acked, fmt.Sprint(i+1))
		case Failed:
			failed = append(failed, fmt.Sprint(i+1))
		}
	}
	return "acked=" + strings.Join(acked, ",") + " failed=" + strings.Join(failed, ",")
}
