package model

import "github.com/kcheck/kcheck/explore"

// networkActions are the faults between producer and brokers, and of the producer itself.
var networkActions = []*Action{requestIsLost, responseIsLost, requestIsDelayed, sendIsRefused, batchIsRefused, producerCrashes}

var requestIsLost = &Action{
	Name: "RequestIsLost", Area: AreaClients, Actor: "network", Over: PerMessageAndBroker, Class: explore.Fault, Fault: RequestLost,
	Doc: Doc{
		Summary: "RequestIsLost is the fault request-lost: the connection breaks with a produce request on it.",
		Guard:   "The client may send the message now and the broker believes that it leads.",
		Effect: "The request, and those sent after it on the connection, do not arrive; the client fails all that was " +
			"in flight on the connection at once. With acks=0 they were counted as sent. A bound on retries or " +
			"time may run out over it; an idempotent Java producer of 2.5 or later that notices so only with the error " +
			"begins a new epoch and numbers anew what is in flight.",
		Abstracts: "How many later requests were on the connection is a choice.",
		Sources: []string{
			"NetworkClient.processDisconnection, Sender.handleProduceResponse (NETWORK_EXCEPTION)",
			"Sender.completeBatch and canRetry: an error that comes after delivery.timeout.ms fails the batch with " +
				"adjustSequenceNumbers, as a refusal (clients 2.5 to 4.4)",
		},
	},
	Ready: anyToTransmit,
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.mayTransmit(s, b.Msg) && s.actsAsLeader(b.Broker) && s.epochOf(b.Broker) >= s.known()
	},
	Choices: func(m *Model, s *State, b Binding) int {
		return (m.queuedAfter(s, b.Msg) + 1) * m.expiries(s, b.Msg, b.Broker)
	},
	Effect: func(m *Model, s *State, b Binding) {
		n, first := m.expiries(s, b.Msg, b.Broker), m.firstLost(s, b.Msg, b.Broker)
		for i := b.Msg; i <= b.Msg+b.Choice/n; i++ {
			m.loseAttempt(s, i, b.Broker, b.Choice%n == expireAll)
		}
		m.loseAwaiting(s, b.Broker, first, b.Choice%n)
	},
	Text: "the connection to {broker} breaks and the request with {message} is lost",
	Outcomes: []Outcome{
		{Word: "acked"},
		{Word: "retried"},
		{Word: "failed"},
		expiredAndRenumbered,
	},
	Result: requestLostResult,
	Causes: []Cause{byAcks.when(waitsForNobody), byRetries, byInFlight},
	Route:  Route{From: "producer", To: "{broker}", Label: "produce {message}", Lost: true},
	Forced: steady,
}

// queuedAfter counts the queued messages after msg that can be on the same connection, where it matters whether they are.
func (m *Model) queuedAfter(s *State, msg int) int {
	if m.c.Prod.Retries == Unlimited && m.c.Prod.Acks != AcksNone {
		return 0 // whether a queued message was sent once makes no difference: it is retried
	}
	n := 0
	for i := msg + 1; i < m.c.Scope.Messages && s.phase(i) == Queued && !s.requeued(i) && n+1 < m.c.Prod.MaxInFlight; i++ {
		n++
	}
	return n
}

// loseAttempt ends an attempt at broker b by the loss of its request or answer.
func (m *Model) loseAttempt(s *State, msg, b int, expire bool) {
	if m.c.Prod.Acks == AcksNone {
		m.acknowledge(s, msg)
		return
	}
	switch s.phase(msg) {
	case Queued:
		s.setInc(msg, m.incFor(s, msg))
		s.setPhase(msg, Retrying) // it was numbered and sent
		s.setSentTo(msg, s.epochOf(b))
	case Retrying:
		s.setSentTo(msg, s.epochOf(b))
	}
	if expire {
		m.fail(s, msg)
		return
	}
	m.attemptFails(s, msg, m.c.B.RetriesBehindAfterDisconnect)
}

// loseAwaiting ends the attempts that broker b has not answered; first is the first of all that are lost.
func (m *Model) loseAwaiting(s *State, b, first, expiry int) {
	for i := 0; i < m.c.Scope.Messages; i++ {
		if s.phase(i) == Awaiting && s.wasLeaderOf(b, s.sentTo(i)) {
			m.loseAttempt(s, i, b, expiry == expireAll)
		}
	}
	if expiry == expireFirst && s.phase(first) == Retrying { // it may have been its last retry
		m.failRenumbering(s, first)
	}
}

var responseIsLost = &Action{
	Name: "ResponseIsLost", Area: AreaClients, Actor: "network", Over: PerBroker, Class: explore.Fault, Fault: ResponseLost,
	Doc: Doc{
		Summary: "ResponseIsLost is the fault response-lost: the connection breaks before the answer to a produce " +
			"request arrives.",
		Guard: "A request has taken effect and its answer is outstanding.",
		Effect: "The client fails all that was in flight on the connection at once. A bound on retries or time may " +
			"run out over it, as with RequestIsLost.",
		Abstracts: "A request that was answered in time is one whose ProducerReceivesAck came before.",
		Sources: []string{
			"As RequestIsLost",
		},
	},
	Ready:   anyAwaiting,
	Guard:   owesAnswer,
	Choices: func(m *Model, s *State, b Binding) int { return m.expiries(s, -1, b.Broker) },
	Effect: func(m *Model, s *State, b Binding) {
		m.loseAwaiting(s, b.Broker, m.firstLost(s, -1, b.Broker), b.Choice)
	},
	Text: "the connection to {broker} breaks before the answer arrives",
	Outcomes: []Outcome{
		{Word: "retried"},
		{Word: "failed"},
		expiredAndRenumbered,
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		for i := range m.c.Scope.Messages {
			if pre.phase(i) == Awaiting && pre.wasLeaderOf(b.Broker, pre.sentTo(i)) {
				p.Messages = append(p.Messages, messageID(i))
			}
		}
		p.Message = p.Messages[0]
		return m.attemptResult(pre, post, int(p.Message)-1)
	},
	Causes: []Cause{byRetries, byIdempotence, byInFlight},
	Route:  Route{From: "{broker}", To: "producer", Label: "answer", Lost: true},
	Forced: steady,
}

func owesAnswer(m *Model, s *State, b Binding) bool {
	for i := 0; i < m.c.Scope.Messages; i++ {
		if s.phase(i) == Awaiting && s.wasLeaderOf(b.Broker, s.sentTo(i)) {
			return true
		}
	}
	return false
}

var requestIsDelayed = &Action{
	Name: "RequestIsDelayed", Area: AreaClients, Actor: "network", Over: PerMessageAndBroker, Class: explore.Fault, Fault: Delay,
	Doc: Doc{
		Summary: "RequestIsDelayed is the fault delay: a produce request will arrive after its sender has timed out.",
		Guard:   "Acks are awaited; the client may send the message now to a broker that believes that it leads.",
		Effect: "The request stays on its way (LateRequestArrives); its sender fails it, and all else in flight on " +
			"the connection, as if it were lost.",
		Abstracts: "At most two requests are late at once.",
		Sources: []string{
			"As LateRequestArrives",
		},
	},
	Applies: func(m *Model) bool { return m.c.Prod.Acks != AcksNone },
	Ready:   anyToTransmit,
	Guard: func(m *Model, s *State, b Binding) bool {
		_, second := s.lateRequest(maxLateRequests - 1)
		return !second && m.mayTransmit(s, b.Msg) && m.reachesLeader(s, b.Msg, b.Broker)
	},
	Choices: func(m *Model, s *State, b Binding) int { return m.expiries(s, b.Msg, b.Broker) },
	Effect: func(m *Model, s *State, b Binding) {
		first := m.firstLost(s, b.Msg, b.Broker)
		i := 0
		if _, taken := s.lateRequest(0); taken {
			i = 1
		}
		s.setLateRequest(i, lateRequest{b.Msg, s.epochOf(b.Broker), m.incFor(s, b.Msg)})
		m.loseAttempt(s, b.Msg, b.Broker, b.Choice == expireAll)
		m.loseAwaiting(s, b.Broker, first, b.Choice)
	},
	Text: "the request with {message} to {broker} is late; its sender times out",
	Outcomes: []Outcome{
		{Word: "retried"},
		{Word: "failed"},
		expiredAndRenumbered,
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		return m.attemptResult(pre, post, b.Msg)
	},
	Causes: []Cause{byRetries, byIdempotence},
	Route:  Route{From: "producer", To: "{broker}", Label: "produce {message}, late", Lost: true},
	Forced: Forced{Unsteady, "a timeout of the producer has to expire"},
}

var sendIsRefused = &Action{
	Name: "SendIsRefused", Area: AreaClients, Actor: "producer", Over: PerMessage, Class: explore.Fault, Fault: SendRefused,
	Doc: Doc{
		Summary: "SendIsRefused is the fault send-refused: a send is refused permanently.",
		Guard:   "The message is in the producer, not sent yet.",
		Effect: "The send failed; nothing is in any log. With acks=0 it may be the broker that refuses it, after the " +
			"client has reported success: the broker only closes the connection.",
		Abstracts: "Why: too large, not authorised, cannot be serialised.",
		Sources: []string{
			"RecordTooLargeException and the other errors that are not retriable",
			"KafkaApis.handleProduceRequest",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool { return s.phase(b.Msg) == Queued && !s.producerIsDown() },
	Choices: func(m *Model, s *State, b Binding) int {
		return 1 + b2i(m.c.Prod.Acks == AcksNone)
	},
	Effect: refuseForGoodEffect,
	Text:   "the send of {message} is refused permanently",
	Outcomes: []Outcome{
		{Word: "by-client"},
		{Word: "by-broker", Text: " by the broker, which with acks=0 only closes the connection"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		if post.phase(b.Msg) == Acked {
			return "by-broker"
		}
		return "by-client"
	},
	Causes: []Cause{byAcks.when(waitsForNobody), byOnError, bySend},
	Route:  Route{From: "producer", To: "application", Label: "{message} refused"},
	Forced: Forced{Unsteady, "the cluster has to be prepared for it when the run begins"},
}

func refuseForGoodEffect(m *Model, s *State, b Binding) {
	if b.Choice == 1 {
		m.acknowledge(s, b.Msg)
		return
	}
	m.leaveUnnumbered(s, b.Msg)
	s.setPhase(b.Msg, Failed)
	s.setSendErrorReported(b.Msg, m.c.App.Send != SendForget)
}

var batchIsRefused = &Action{
	Name: "BatchIsRefused", Area: AreaClients, Actor: ActorBroker, Over: PerMessageAndBroker, Class: explore.Fault, Fault: SendRefused,
	Doc: Doc{
		Summary: "BatchIsRefused is the fault send-refused where the broker refuses a numbered batch while others are in flight.",
		Guard: "Idempotent Java producer of 2.5 or later; the message can reach a broker that takes itself for the leader, and " +
			"another message has no answer yet.",
		Effect: "The send failed; nothing of it is in any log. The producer begins a new epoch and numbers everything anew " +
			"that is in flight, so the broker can no longer recognise what it already has. At the last retry it does not, and " +
			"sends nothing new until all in flight are done.",
		Abstracts: "Why: too large, not authorised, not valid. Producers of 2.4 and before, and other libraries, number only " +
			"later batches anew or wait for those in flight, which is as if the refused one had had no number: SendIsRefused.",
		Sources: []string{
			"Sender.completeBatch: adjustSequenceNumbers = attempts < retries (clients 2.5 to 4.4)",
			"Sender.failBatch (adjustSequenceNumbers), TransactionManager.handleFailedBatch, " +
				"requestIdempotentEpochBumpForPartition, TxnPartitionEntry.startSequencesAtBeginning (clients 2.5 to 4.4)",
			"KAFKA-14034 (open)",
			"TransactionManager.adjustSequencesDueToFailedBatch (clients up to 2.4)",
		},
	},
	Applies: func(m *Model) bool {
		return m.c.Prod.Idempotent && m.c.B.RenumbersOnRefusal && m.c.Scope.Messages > 1
	},
	Ready: anyToTransmit,
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.mayTransmit(s, b.Msg) && m.reachesLeader(s, b.Msg, b.Broker) && m.othersInFlight(s, b.Msg)
	},
	Effect: func(m *Model, s *State, b Binding) {
		last := m.c.Prod.Retries != Unlimited && s.retries(b.Msg) >= m.c.Prod.Retries
		refuseForGoodEffect(m, s, Binding{Msg: b.Msg})
		s.setRetries(b.Msg, 0)
		if last {
			s.setUnresolved(true)
			m.resolveSequences(s)
			return
		}
		m.bumpProducerEpoch(s)
	},
	Text: "{broker} refuses {message} permanently",
	Outcomes: []Outcome{
		{Word: expiredAndRenumbered.Word, Text: "; the producer begins a new epoch and renumbers what is in flight"},
		{Word: "failed", Text: " at its last retry; what is in flight keeps its numbers"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, _ *Params) string {
		if m.hasRenumbered(pre, post) {
			return expiredAndRenumbered.Word
		}
		return "failed"
	},
	Causes: []Cause{byIdempotence, byInFlight},
	Route:  Route{From: "{broker}", To: "producer", Label: "{message} refused"},
	Forced: Forced{Unsteady, "the cluster has to be prepared for it when the run begins"},
}

// othersInFlight says that a message other than msg has been sent and has no answer.
func (m *Model) othersInFlight(s *State, msg int) bool {
	for i := 0; i < m.c.Scope.Messages; i++ {
		if p := s.phase(i); i != msg && (p == Awaiting || p == Retrying) {
			return true
		}
	}
	return false
}

var producerCrashes = &Action{
	Name: "ProducerCrashes", Area: AreaClients, Actor: "producer", Over: Once, Class: explore.Fault, Fault: ProducerCrash,
	Doc: Doc{
		Summary: "ProducerCrashes is the fault producer-crash: the producer's process dies and is started again.",
		Guard:   "Some message is in the producer.",
		Effect: "What was in its memory is gone, and with it every report that the application has not had. With " +
			"app.on-restart: resend the unacknowledged messages are sent again, by a producer with a new producer " +
			"id. With app.restarts: false the process stays down.",
		Abstracts: "Crash and start are one step.",
		Sources: []string{
			"KafkaProducer keeps its buffer in memory",
			"a new instance gets a new producer id (KIP-98)",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		for i := 0; i < m.c.Scope.Messages; i++ {
			if s.phase(i).pending() {
				return !s.producerIsDown()
			}
		}
		return false
	},
	Effect: func(m *Model, s *State, b Binding) {
		m.dropAccumulator(s)
		put(&s[wProducer], prodDownShift, 1, b2i(m.c.App.NoRestarts))
	},
	Text:     "the producer's process dies",
	Outcomes: endOutcomes,
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		pendingResult(m, pre, p)
		return m.startedAgain()
	},
	Causes: []Cause{byRestarts.when(staysDown), byOnRestart, bySend},
	Route:  Route{From: "producer", Label: "crash"},
	Forced: steady,
}

// endOutcomes are what becomes of a process that has ended.
var endOutcomes = []Outcome{
	{Word: "restarted", Text: " and is started again"},
	{Word: "down", Text: ", and nobody starts it again"},
}

// startedAgain is the outcome of the end of a process.
func (m *Model) startedAgain() string {
	if m.c.App.NoRestarts {
		return "down"
	}
	return "restarted"
}

// dropAccumulator is the end of the producer's process, with what is in its memory, and the start of another.
func (m *Model) dropAccumulator(s *State) {
	for i := 0; i < m.c.Scope.Messages; i++ {
		if !s.phase(i).pending() {
			continue
		}
		s.setRetries(i, 0)
		s.setRequeued(i, false)
		switch {
		case m.c.App.ResendOnRestart:
			s.setPhase(i, Queued)
		case m.c.App.Send == SendWait:
			s.setPhase(i, Failed) // the call never returned
			s.setSendErrorReported(i, true)
		default:
			s.setPhase(i, Gone)
		}
	}
	if s.session() == 3 {
		if m.c.Prod.Idempotent {
			s.ranOut(ProducerEpochs)
		}
		return
	}
	s.setSession(s.session() + 1)
	s.setProdEpoch(0)
	s.setUnresolved(false)
}

// attemptResult is what became of an attempt that got no answer.
func (m *Model) attemptResult(pre, post *State, msg int) string {
	if m.hasRenumbered(pre, post) {
		return expiredAndRenumbered.Word
	}
	switch post.phase(msg) {
	case Acked:
		return "acked"
	case Retrying:
		return "retried"
	}
	return "failed" // also where the application has called send again
}

// requestLostResult tells which messages were lost together.
func requestLostResult(m *Model, pre *State, b Binding, post *State, p *Params) string {
	for i := b.Msg; i < m.c.Scope.Messages && (i == b.Msg || pre.phase(i) == Queued && post.phase(i) != Queued); i++ {
		p.Messages = append(p.Messages, messageID(i))
	}
	return m.attemptResult(pre, post, b.Msg)
}
