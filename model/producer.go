package model

// producerActions are the producer's sends, and what becomes of them.
var producerActions = []*Action{
	producerSends, leaderAppends, producerReceivesAck, leaderRefuses, leaderRefusesAfterAppend, leaderRefusesSequence,
	sendIsLost, requestTimesOut, producerGivesUp, lateRequestArrives,
}

var producerSends = &Action{
	Name: "ProducerSends", Time: Timing{Step: "send"}, Area: AreaClients, Actor: "producer", Over: PerMessage,
	Doc: Doc{
		Summary: "ProducerSends is the application's call of send for the next message.",
		Guard: "The message has not been sent and every earlier one has; with app.send: wait the earlier ones also " +
			"have their result; the brokers answer, or the producer still has room.",
		Effect: "The message is in the producer's memory. Nothing is on the wire.",
		Abstracts: "A batch is one message, so there is no linger and no fill level: a batch of one is always allowed, " +
			"and larger ones only make appends atomic.",
		Sources: []string{
			"KafkaProducer.doSend and RecordAccumulator.append (clients)",
			"Producer.send and its queue in 0.8.2 (core/src/main/scala/kafka/producer/Producer.scala)",
		},
	},
	Guard: canSend, Effect: sendEffect,
	Text:     "the application sends {message}",
	Causes:   anyConfiguration,
	Route:    Route{From: "application", To: "producer", Label: "send {message}"},
	Hastened: Hastened{By: SendsAtOnce},
	Silent:   true,
	Forced:   steady,
}

func canSend(m *Model, s *State, b Binding) bool {
	return m.isNext(s, b.Msg) && (!s.control(ctlSlowShift) || !m.hasQueue())
}

// isNext says that the application's next call of send is for msg.
func (m *Model) isNext(s *State, msg int) bool {
	if s.phase(msg) != Unsent || s.producerIsDown() {
		return false
	}
	for i := 0; i < msg; i++ {
		if p := s.phase(i); p == Unsent || m.c.App.Send == SendWait && p.pending() {
			return false
		}
	}
	return true
}

func sendEffect(m *Model, s *State, b Binding) {
	for i := 0; i < b.Msg; i++ {
		if s.phase(i) == Queued && s.requeued(i) {
			s.setRequeued(b.Msg, true) // behind a message that was sent again
		}
	}
	s.setPhase(b.Msg, Queued)
}

// pending says that the producer has not finished with a message in this phase.
func (p Phase) pending() bool { return p == Queued || p == Awaiting || p == Retrying }

var leaderAppends = &Action{
	Name: "LeaderAppends", Time: Timing{Step: "produce"}, Actor: "broker", Area: AreaClients, Over: PerMessageAndBroker,
	Doc: Doc{
		Summary: "LeaderAppends is a produce request that reaches a broker which believes to be the leader and takes " +
			"it.",
		Guard: "It is the turn of this message, with no more than max.in.flight.requests.per.connection unanswered; " +
			"the broker runs, leads by its own belief in an epoch not older than the client has proof of, and " +
			"answers; with acks=all its in-sync set has min.insync.replicas members; an idempotent producer's " +
			"sequence is the next one, or a repeat that the broker remembers. A retry that could only fail as " +
			"before is no step: with acks=all it does not go back to a leader that is still cut off, or waits for a follower that has stopped to fetch.",
		Effect: "The record takes the leader's log end offset in its page cache, and its high watermark is computed " +
			"anew; a remembered repeat is not appended. With acks=0 the client has already counted the send as a " +
			"success.",
		Abstracts: "Request and append are one step, since a request that is merely on its way can be chosen to be lost " +
			"or late when it matters (RequestIsLost, RequestIsDelayed, SendIsLost).",
		Sources: []string{
			"ReplicaManager.appendRecords, Partition.appendRecordsToLeader (NOT_ENOUGH_REPLICAS before the append), ProducerStateManager and ProducerAppendInfo (sequence checks), KIP-98",
		},
	},
	Ready: anyToTransmit, Guard: canAppend, Effect: appendEffect,
	Text: "{broker} appends {message}",
	Outcomes: []Outcome{
		{Word: "appended", Text: " at offset {offset}"},
		{Word: "remembered", Text: " no second time: it remembers the sequence number"},
		{Word: "overtook", Text: " at offset {offset}, before an earlier message that the client has yet to send again"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		if word := appended(pre, b.Broker, post, p); word != "appended" || !m.overtakes(pre, b.Msg) {
			return word
		}
		return "overtook"
	},
	Causes: []Cause{byClient.when(overtook), byRetries.when(isRetry), byIdempotence.when(isRetry), byMinISR.when(waitsForAll)},
	Route:  Route{From: "producer", To: "{broker}", Label: "produce {message}"},
	Silent: true,
	Forced: steady,
}

// overtakes says that the client sends a message although an earlier one has to be sent again first.
func (m *Model) overtakes(s *State, msg int) bool {
	for i := 0; i < msg && m.c.B.RetriesBehindAfterRefusal; i++ {
		if s.phase(i) == Retrying && s.requeued(i) {
			return true
		}
	}
	return false
}

func anyToTransmit(m *Model, s *State) bool {
	for i := 0; i < m.c.Scope.Messages; i++ {
		if p := s.phase(i); p == Queued || p == Retrying {
			return !s.control(ctlSlowShift) && !s.producerIsDown()
		}
	}
	return false
}

func canAppend(m *Model, s *State, b Binding) bool {
	return m.mayTransmit(s, b.Msg) && m.reachesLeader(s, b.Msg, b.Broker) && m.hasEnoughReplicas(s, b.Broker) &&
		m.sequence(s, b.Broker, b.Msg, m.incFor(s, b.Msg)) != sequenceRefused
}

func appendEffect(m *Model, s *State, b Binding) {
	inc := m.incFor(s, b.Msg)
	s.setInc(b.Msg, inc)
	m.appendAt(s, b.Broker, b.Msg, inc)
	s.setKnown(s.epochOf(b.Broker))
	if m.c.Prod.Acks == AcksNone {
		m.acknowledge(s, b.Msg)
		return
	}
	s.setPhase(b.Msg, Awaiting)
	if m.c.B.RetriesBehindAfterRefusal {
		s.setRequeued(b.Msg, false)
	}
	s.setSentTo(b.Msg, s.epochOf(b.Broker))
}

// appendAt appends a message at a leader unless it remembers it as a repeat.
func (m *Model) appendAt(s *State, b, msg, inc int) {
	if m.sequence(s, b, msg, inc) == sequenceRepeat {
		return
	}
	m.appendRecord(s, b, m.makeRecord(msg, s.epochOf(b), inc))
	m.advanceHighWatermark(s, b)
}

func (m *Model) acknowledge(s *State, msg int) {
	s.setPhase(msg, Acked)
	s.setAcked(msg)
	m.resolveSequences(s)
}

// reachesLeader says that a request for msg can reach broker b and that b believes that it leads.
func (m *Model) reachesLeader(s *State, msg, b int) bool {
	if !s.actsAsLeader(b) || s.epochOf(b) < s.known() || m.blocked(s, msg, b) || m.muted(s, msg, b) {
		return false
	}
	return !(m.c.Prod.Acks == AcksAll && s.phase(msg) == Retrying && s.sentTo(msg) == s.epochOf(b) &&
		(s.hasFlag(b, flagCut) || m.waitsForStalled(s, b)))
}

// blocked says that a new message of an idempotent producer waits behind an earlier one that is to be retried. It can
// only have overtaken it by having gone to another broker: what was behind it on its own connection failed with it, and
// a requeued batch is at the head of the queue.
//
// Kafka: RecordAccumulator.drainBatchesForOneNode, insertInSequenceOrder.
func (m *Model) blocked(s *State, msg, b int) bool {
	if !m.c.Prod.Idempotent || s.phase(msg) != Queued {
		return false
	}
	for i := 0; i < m.c.Scope.Messages; i++ {
		if s.phase(i) == Retrying && s.sentTo(i) == s.epochOf(b) {
			return true
		}
	}
	return false
}

// hasEnoughReplicas is the check before the append: for acks=all only, on the leader's own view of the in-sync set.
func (m *Model) hasEnoughReplicas(s *State, b int) bool {
	return m.c.Prod.Acks != AcksAll || m.isrSize(s, s.epochOf(b)) >= m.minISR
}

var producerReceivesAck = &Action{
	Name: "ProducerReceivesAck", Time: Timing{Step: "ack"}, Area: AreaClients, Actor: "producer", Over: PerMessage,
	Doc: Doc{
		Summary: "ProducerReceivesAck is the answer to a produce request.",
		Guard: "The leader that appended the message still leads in that epoch; with acks=all its high watermark has " +
			"passed the record and the in-sync set still has min.insync.replicas members.",
		Effect:    "The client reports success.",
		Abstracts: "The answer is sent and received in one step; an answer that is lost is ResponseIsLost.",
		Sources: []string{
			"DelayedProduce, Partition.checkEnoughReplicasReachOffset",
		},
	},
	Ready: anyAwaiting, Guard: canAck,
	Effect: func(m *Model, s *State, b Binding) { m.acknowledge(s, b.Msg) },
	Text:   "the producer receives the acknowledgement of {message}",
	Result: answeredBy,
	Causes: []Cause{byAcks, byMinISR.when(waitsForAll)},
	Route:  Route{From: "{leader}", To: "producer", Label: "ack {message}"},
	Forced: steady,
}

func anyAwaiting(m *Model, s *State) bool {
	for i := 0; i < m.c.Scope.Messages; i++ {
		if s.phase(i) == Awaiting {
			return true
		}
	}
	return false
}

func canAck(m *Model, s *State, b Binding) bool {
	return s.phase(b.Msg) == Awaiting && !s.control(ctlSlowShift) && m.answer(s, b.Msg) == answerAck
}

// answer is what the leader can say to a produce request that it appended.
type answer uint8

const (
	answerNone      answer = iota // the high watermark has not passed the record
	answerAck                     // success
	answerNotEnough               // NOT_ENOUGH_REPLICAS_AFTER_APPEND
)

func (m *Model) answer(s *State, msg int) answer {
	b := m.leaderOf(s, s.sentTo(msg))
	switch {
	case b < 0:
		return answerNone
	case m.c.Prod.Acks == AcksOne:
		return answerAck
	case s.hw(b) <= m.lastOf(s, b, msg):
		return answerNone
	case m.isrSize(s, s.epochOf(b)) < m.minISR:
		return answerNotEnough
	}
	return answerAck
}

// answeredBy tells which leader answers, or should.
func answeredBy(m *Model, pre *State, b Binding, post *State, p *Params) string {
	p.Leader = m.leaderIn(pre, pre.sentTo(b.Msg))
	return ""
}
