package model

import "github.com/kcheck/kcheck/explore"

var leaderRefuses = &Action{
	Name: "LeaderRefuses", Time: Timing{Step: "produce"}, Actor: "broker", Area: AreaClients, Over: PerMessageAndBroker,
	Doc: Doc{
		Summary: "LeaderRefuses is an attempt that the broker refuses without an append.",
		Guard: "The client may send the message and the number of its retries is bounded; the broker led an epoch " +
			"not older than the client has proof of and knows that it no longer leads " +
			"(NOT_LEADER_OR_FOLLOWER), which the client has yet to learn.",
		Effect: "The attempt is used up; without a retry left the send fails. The client asks for metadata. While some " +
			"broker has yet to learn of the newest leader the answer may name the old one, so that the next attempt " +
			"can be refused as well; else the client learns of the newest leader.",
		Abstracts: "With unlimited retries such an attempt changes nothing and is not modelled as a step; " +
			"NOT_ENOUGH_REPLICAS, which is refused again while nothing changes, is covered by ProducerGivesUp.",
		Sources: []string{
			"Errors.NOT_LEADER_OR_FOLLOWER, Sender.completeBatch; each refusal is an attempt (ProducerBatch.reenqueued, " +
				"Sender.canRetry: attempts < retries, clients 0.8.2 to 4.4)",
			"Metadata.update: with leader epochs (KIP-320) an answer of a broker that lags is ignored once the client has seen a newer epoch in one",
			"retries (producer configuration)",
		},
	},
	Applies: func(m *Model) bool { return m.c.Prod.Retries != Unlimited && m.c.Prod.Acks != AcksNone },
	Ready:   anyToTransmit, Guard: canRefuse, Effect: refuseEffect,
	Text:   "{broker} refuses {message}: it is no longer the leader",
	Causes: []Cause{byRetries},
	Route:  Route{From: "{broker}", To: "producer", Label: "not the leader"},
	Forced: steady,
}

func canRefuse(m *Model, s *State, b Binding) bool {
	return m.mayTransmit(s, b.Msg) && s.alive(b.Broker) && m.isStaleTarget(s, b.Broker)
}

// isStaleTarget says that the client can still take broker b for the leader although b knows that it is not.
func (m *Model) isStaleTarget(s *State, b int) bool {
	if s.alive(b) && s.actsAsLeader(b) {
		return false
	}
	return lastLed(s, b) >= s.known()
}

// lastLed is the newest epoch that broker b has led and does not lead any more, or -1.
func lastLed(s *State, b int) int {
	e := s.epoch() - b2i(s.alive(b))
	for ; e >= 0 && !s.wasLeaderOf(b, e); e-- {
	}
	return e
}

func refuseEffect(m *Model, s *State, b Binding) {
	if s.phase(b.Msg) == Queued {
		s.setInc(b.Msg, m.incFor(s, b.Msg)) // it was numbered when it was sent
	}
	if m.needsTarget(Retrying) {
		s.setSentTo(b.Msg, lastLed(s, b.Broker))
	}
	m.attemptFails(s, b.Msg, m.c.B.RetriesBehindAfterRefusal)
	again := s.phase(b.Msg) == Retrying && s.retries(b.Msg) < maxRetriesCounted
	if !again || m.c.App.ResendOnError || m.everyBrokerKnows(s) { // who sends again on an error would fail as before
		s.setKnown(s.epoch())
	}
}

// everyBrokerKnows says that every broker that answers requests for metadata has learnt the newest leader epoch.
func (m *Model) everyBrokerKnows(s *State) bool {
	for b := 0; b < m.n; b++ {
		if s.alive(b) && s.epochOf(b) < s.epoch() {
			return false
		}
	}
	return true
}

var leaderRefusesAfterAppend = &Action{
	Name: "LeaderRefusesAfterAppend", Time: Timing{Step: "ack"}, Area: AreaClients, Actor: "producer", Over: PerMessage,
	Doc: Doc{
		Summary: "LeaderRefusesAfterAppend is NOT_ENOUGH_REPLICAS_AFTER_APPEND.",
		Guard: "Acks=all, the high watermark has passed the record, and meanwhile the in-sync set is below " +
			"min.insync.replicas.",
		Effect:    "The attempt failed although the record is, and stays, in the log.",
		Abstracts: "Nothing beyond what ProducerReceivesAck does.",
		Sources: []string{
			"Partition.checkEnoughReplicasReachOffset. Since 3.7 the high watermark does not move below the minimum (KAFKA-15583), which makes this rare",
		},
	},
	Applies: func(m *Model) bool { return m.c.Prod.Acks == AcksAll && m.minISR > 1 },
	Ready:   anyAwaiting,
	Guard: func(m *Model, s *State, b Binding) bool {
		return s.phase(b.Msg) == Awaiting && !s.control(ctlSlowShift) && m.answer(s, b.Msg) == answerNotEnough
	},
	Effect: func(m *Model, s *State, b Binding) { m.attemptFails(s, b.Msg, m.c.B.RetriesBehindAfterRefusal) },
	Text:   "the producer is told NOT_ENOUGH_REPLICAS_AFTER_APPEND for {message}, which stays in the log",
	Result: answeredBy,
	Causes: []Cause{byMinISR, byAcks},
	Route:  Route{From: "{leader}", To: "producer", Label: "not enough replicas"},
	Forced: steady,
}

var sendIsLost = &Action{
	Name: "SendIsLost", Time: Timing{Step: "produce"}, Area: AreaClients, Actor: "producer", Over: PerMessageAndBroker,
	Doc: Doc{
		Summary: "SendIsLost is a send with acks=0 to a broker that has died or no longer leads.",
		Guard: "Acks=0; the client still takes the broker for the leader: it led an epoch not older than the client " +
			"has proof of, and is down or knows of a newer one.",
		Effect: "The bytes are written to the socket and the client reports success; the broker never reads them, or " +
			"only closes the connection, upon which the client learns of the newest leader.",
		Abstracts: "That the write came before the crash is not distinguished from a write just after it.",
		Sources: []string{
			"KafkaApis.handleProduceRequest (acks = 0 closes the connection on an error)",
		},
	},
	Applies: func(m *Model) bool { return m.c.Prod.Acks == AcksNone },
	Ready:   anyToTransmit,
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.mayTransmit(s, b.Msg) && m.isStaleTarget(s, b.Broker)
	},
	Effect: func(m *Model, s *State, b Binding) {
		s.setKnown(s.epoch())
		m.acknowledge(s, b.Msg)
	},
	Text:   "the producer writes {message} to the socket of {broker}, which no longer leads, and counts it as sent",
	Causes: []Cause{byAcks},
	Route:  Route{From: "producer", To: "{broker}", Label: "produce {message}", Lost: true},
	Forced: Forced{Unsteady, "the cluster has to be prepared for it when the run begins"},
}

var requestTimesOut = &Action{
	Name: "RequestTimesOut", Time: Timing{Step: "request-timeout"}, Area: AreaClients, Actor: "producer", Over: PerMessage,
	Doc: Doc{
		Summary: "RequestTimesOut is request.timeout.ms running out on a request that the leader appended.",
		Guard: "Acks=all, and the answer cannot come: the leader's in-sync set is below min.insync.replicas while " +
			"the high watermark is frozen, the leader is cut off from its followers, a follower in the set " +
			"has stopped to fetch and the timer can be shorter than replica.lag.time.max.ms, or the brokers do " +
			"not answer.",
		Effect:    "The attempt failed although the record is in the log.",
		Abstracts: "There is no clock; the timer runs out only where the answer cannot come without it.",
		Sources: []string{
			"DelayedProduce.onExpiration (REQUEST_TIMED_OUT)",
		},
	},
	Ready: anyAwaiting, Guard: canTimeOut,
	Effect: func(m *Model, s *State, b Binding) { m.attemptFails(s, b.Msg, m.c.B.RetriesBehindAfterRefusal) },
	Text:   "the request with {message} times out; the record stays in the log",
	Result: answeredBy,
	Causes: []Cause{byAcks, byMinISR},
	Route:  Route{From: "producer", Label: "request timeout {message}"},
	Forced: Forced{Unsteady, "a timeout of the producer has to expire"},
}

func canTimeOut(m *Model, s *State, b Binding) bool {
	if s.phase(b.Msg) != Awaiting {
		return false
	}
	if s.control(ctlSlowShift) {
		return true
	}
	l := m.leaderOf(s, s.sentTo(b.Msg))
	return m.answer(s, b.Msg) == answerNone && l >= 0 &&
		(s.hasFlag(l, flagCut) || m.isrSize(s, s.epochOf(l)) < m.minISR && m.c.Prod.Acks == AcksAll ||
			m.c.Prod.RequestBeforeLag && m.waitsForStalled(s, l))
}

var producerGivesUp = &Action{
	Name: "ProducerGivesUp", Time: Timing{Step: "delivery-timeout"}, Area: AreaClients, Actor: "producer", Over: PerMessage, Class: explore.Recovery,
	Doc: Doc{
		Summary: "ProducerGivesUp is the end of a send by delivery.timeout.ms or by the last retry.",
		Guard: "Acks are awaited, the delivery is bounded by a time or a number of retries, and no answer can come. " +
			"A request that was appended can get none while its leader is cut off or has too small an in-sync " +
			"set; any other message while there is no leader, or the one of the newest epoch is down or cut off, " +
			"or does not know yet that it leads and refuses every attempt, or has too small an in-sync set for " +
			"acks=all, or refuses the sequence number permanently; either while the brokers do not answer. " +
			"Earlier messages that are yet to be sent, or sent again, are given up " +
			"first.",
		Effect: "The send failed; its record may be, and may still come, in the log. A numbered one leaves its sequence " +
			"number open: no new message is sent until all in flight are done. An idempotent Java producer of 2.5 or later " +
			"that notices only with an error that the time has run out numbers anew what is in flight at once.",
		Abstracts: "While no answer can come, all retries and the time run out in one step. That a send with acks=0 " +
			"expires before it is on a socket is left out: it is in no log and reported, as after SendIsRefused. A batch " +
			"that fails by its last retry, or expires in its first attempt, leaves a gap in the sequence and no wait: if " +
			"the broker lacks it, the next one fails too before a new epoch begins. Here that begins at once: who loses the " +
			"next message so has lost this one.",
		Sources: []string{
			"ProducerBatch expiry in Sender.sendProducerData and RecordAccumulator.expiredBatches (KIP-91)",
			"Sender.failExpiredBatches, TransactionManager.markSequenceUnresolved and maybeResolveSequences; " +
				"Sender.completeBatch for an error that comes after the time has run out (clients 2.5 to 4.4)",
			"DefaultEventHandler in 0.8.2",
			"Partition.appendRecordsToLeader: NOT_LEADER_OR_FOLLOWER until the broker has applied its election (0.8.2 to 4.4)",
		},
	},
	Applies: func(m *Model) bool {
		return m.c.Prod.Acks != AcksNone && (m.c.Prod.DeliveryTimeout || m.c.Prod.Retries != Unlimited)
	},
	Guard: canGiveUp,
	Choices: func(m *Model, s *State, b Binding) int {
		return 1 + b2i(m.c.Prod.DeliveryTimeout && m.renumbersOnExpiry() && m.endsInError(s, b.Msg) && m.othersInFlight(s, b.Msg))
	},
	Effect: func(m *Model, s *State, b Binding) {
		if b.Choice == 1 {
			m.failRenumbering(s, b.Msg)
			return
		}
		m.fail(s, b.Msg)
	},
	Text: "the producer gives up {message}: delivery timeout or retries have run out",
	Outcomes: []Outcome{
		{Word: "in-log", Text: "; its record may be in the log anyway"},
		{Word: "not-in-log"},
		{Word: expiredAndRenumbered.Word, Text: "; the time for it was over when an error came, so that the producer begins a new " +
			"epoch and renumbers what is in flight"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		if m.hasRenumbered(pre, post) {
			return expiredAndRenumbered.Word
		}
		if m.lastOf(pre, max(0, m.leader(pre)), b.Msg) >= 0 {
			return "in-log"
		}
		return "not-in-log"
	},
	Causes: []Cause{byRetries.when(countsRetries), byDelivery, byMinISR.when(waitsForAll), byOnError},
	Route:  Route{From: "producer", To: "application", Label: "{message} failed"},
	Forced: Forced{Unsteady, "a timeout of the producer has to expire"},
}

func canGiveUp(m *Model, s *State, b Binding) bool {
	p := s.phase(b.Msg)
	if !p.pending() || s.producerIsDown() || p == Queued && m.c.App.ResendOnError || !m.outage(s, b.Msg) {
		return false
	}
	for i := 0; i < b.Msg; i++ {
		if q := s.phase(i); q == Queued || q == Retrying {
			return false
		}
	}
	return true
}

// outage says that no answer to a produce request for msg can come as things stand.
func (m *Model) outage(s *State, msg int) bool {
	if s.control(ctlSlowShift) {
		return true
	}
	if s.phase(msg) == Awaiting {
		b := m.leaderOf(s, s.sentTo(msg))
		return m.answer(s, msg) == answerNone && b >= 0 &&
			(s.hasFlag(b, flagCut) || m.isrSize(s, s.epochOf(b)) < m.minISR || m.c.Prod.DeliveryBeforeLag && m.waitsForStalled(s, b))
	}
	if b := m.leaderOf(s, s.sentTo(msg)); s.phase(msg) == Retrying && b >= 0 && m.c.Prod.DeliveryBeforeLag && m.waitsForStalled(s, b) {
		return true
	}
	l := m.leader(s)
	if l >= 0 && s.actsAsLeader(l) && m.refusedForGood(s, msg, l) {
		return true
	}
	return m.leaderIsOut(s)
}

// leaderIsOut says that the leader of the newest epoch takes no request: there is none, it is down or cut off, it does not
// know yet that it leads, or with acks=all its in-sync set is too small.
//
// Kafka: Partition.appendRecordsToLeader answers NOT_LEADER_OR_FOLLOWER until the broker has applied its election, and a
// retry with 100 ms of backoff may well come before that.
func (m *Model) leaderIsOut(s *State) bool {
	l := m.leader(s)
	return l < 0 || !s.up(l) || !s.actsAsLeader(l) || m.c.Prod.Acks == AcksAll && m.isrSize(s, s.epoch()) < m.minISR
}

// refusedForGood says that leader l refuses the sequence of a retried message and the client will not renumber it, so that
// every retry fails until delivery.timeout.ms.
func (m *Model) refusedForGood(s *State, msg, l int) bool {
	return s.phase(msg) == Retrying && m.sequence(s, l, msg, s.inc(msg)) == sequenceRefused &&
		(m.laterAcked(s, msg) || !m.c.B.BumpsEpochOnSequenceError && !m.c.B.FailsOnSequenceError)
}

var lateRequestArrives = &Action{
	Name: "LateRequestArrives", Time: Timing{Step: "late-request"}, Actor: "broker", Area: AreaClients, Over: PerLateRequestAndBroker,
	Doc: Doc{
		Summary:   "LateRequestArrives is a produce request that arrives after its sender has timed out.",
		Guard:     "Such a request is on its way; its broker runs.",
		Effect:    "The broker appends it if it leads and its checks pass, else drops it. No client waits for the answer.",
		Abstracts: "The delay ends at any moment.",
		Sources: []string{
			"Requests in the socket buffer of a broker outlive the connection that they came on",
			"KAFKA-17754 for what that does to transactions",
		},
	},
	Applies: func(m *Model) bool { return m.c.Faults[Delay] > 0 },
	Guard: func(m *Model, s *State, b Binding) bool {
		g, ok := s.lateRequest(b.Slot)
		return ok && m.leaderOf(s, g.epoch) == b.Broker
	},
	Effect: lateRequestEffect,
	Text:   "a late produce request arrives at {broker}",
	Outcomes: []Outcome{
		{Word: "appended"},
		{Word: "dropped"},
	},
	Result: lateResult,
	Causes: []Cause{byIdempotence, byAcks},
	Route:  Route{From: "producer", To: "{broker}", Label: "late produce"},
	Forced: steady,
}

func lateRequestEffect(m *Model, s *State, b Binding) {
	g, _ := s.lateRequest(b.Slot)
	s.dropLateRequest(b.Slot)
	if s.actsAsLeader(b.Broker) && m.hasEnoughReplicas(s, b.Broker) && m.sequence(s, b.Broker, g.msg, g.inc) != sequenceRefused {
		m.appendAt(s, b.Broker, g.msg, g.inc)
	}
}

// attemptFails ends one attempt to send msg: it will be retried while retries are left, and behind says that a later
// message may go first.
func (m *Model) attemptFails(s *State, msg int, behind bool) {
	if r := m.c.Prod.Retries; r != Unlimited {
		if s.retries(msg) >= r {
			m.fail(s, msg)
			return
		}
		s.setRetries(msg, min(maxRetriesCounted, s.retries(msg)+1))
	}
	s.setPhase(msg, Retrying)
	if m.c.B.RetriesBehindAfterRefusal {
		s.setRequeued(msg, behind)
	}
}

// enqueueAgain puts a message that the application sends again behind what is in the queue.
func (m *Model) enqueueAgain(s *State, msg int) {
	s.setRequeued(msg, false)
	for i := 0; i < m.c.Scope.Messages; i++ {
		if i != msg && s.phase(i) == Queued {
			s.setRequeued(msg, true)
		}
	}
	s.setPhase(msg, Queued)
}

// fail ends a send with an error. The application may send the message again, as a new send.
func (m *Model) fail(s *State, msg int) {
	numbered := m.epochBits > 0 && s.phase(msg) != Queued
	if !numbered {
		m.leaveUnnumbered(s, msg)
	}
	s.setPhase(msg, Failed)
	s.setRetries(msg, 0)
	if m.c.App.Send != SendForget {
		s.setSendErrorReported(msg, true)
		if m.c.App.ResendOnError {
			m.enqueueAgain(s, msg)
		}
	}
	if numbered {
		s.setUnresolved(true)
	}
	m.resolveSequences(s)
}

// muted says that broker b has yet to answer an earlier request on the connection. A broker reads the next request of a
// connection only when it has answered the one before, and with acks=all that takes the in-sync set.
//
// Kafka: SocketServer.processCompletedReceives mutes the channel, processCompletedSends unmutes it.
func (m *Model) muted(s *State, msg, b int) bool {
	if m.c.Prod.Acks != AcksAll {
		return false
	}
	for i := 0; i < m.c.Scope.Messages; i++ {
		if i != msg && s.phase(i) == Awaiting && s.wasLeaderOf(b, s.sentTo(i)) && m.answer(s, i) == answerNone {
			return true
		}
	}
	return false
}

// laterAcked says that a message numbered after msg in its incarnation was acknowledged.
func (m *Model) laterAcked(s *State, msg int) bool {
	for i := 0; i < m.c.Scope.Messages; i++ {
		if s.before(msg, i) && s.inc(i) == s.inc(msg) && s.phase(i) == Acked {
			return true
		}
	}
	return false
}

func lateResult(m *Model, pre *State, b Binding, post *State, p *Params) string {
	g, _ := pre.lateRequest(b.Slot)
	p.Message = messageID(g.msg)
	if post.logLen(b.Broker) == pre.logLen(b.Broker) {
		return "dropped"
	}
	p.Offset = at(pre.logLen(b.Broker))
	return "appended"
}
