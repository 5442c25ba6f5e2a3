package model

// sequenceCheck is what a leader makes of the sequence number of a produce request.
type sequenceCheck uint8

const (
	sequenceNext    sequenceCheck = iota // the next one, or no idempotence
	sequenceRepeat                       // a repeat of a batch that the broker remembers
	sequenceRefused                      // OUT_OF_ORDER_SEQUENCE, UNKNOWN_PRODUCER_ID or a fenced epoch
)

// incFor is the incarnation (session and producer epoch) that a send of msg carries: a retry keeps the one it was
// numbered in, a first attempt takes the producer's present one.
func (m *Model) incFor(s *State, msg int) int {
	if !m.c.Prod.Idempotent {
		return 0
	}
	if s.phase(msg) == Retrying {
		return s.inc(msg)
	}
	return m.incNow(s)
}

func (m *Model) incNow(s *State) int {
	return (s.session()<<m.epochBits | s.prodEpoch()) & (1<<m.incBits - 1)
}

// sequence checks a produce request against the producer state of broker b, which is derived from b's log: a leader
// rebuilds it from there, so it survives a change of leader for the batches that survived (ProducerStateManager).
//
// Sequence numbers are not stored. Within an incarnation messages are numbered in the order of the queue, so the record
// before msg in its incarnation is predecessor(msg), and "the next sequence number" is "follows its predecessor".
func (m *Model) sequence(s *State, b, msg, inc int) sequenceCheck {
	if !m.c.Prod.Idempotent {
		return sequenceNext
	}
	window, last := 5, -1
	if m.c.B.RemembersOneBatch {
		window = 1
	}
	olderEpoch := false
	for i, left := s.logLen(b)-1, window; i >= 0; i-- {
		r := m.at(s, b, i)
		switch ri := m.incOf(r); {
		case ri == inc:
			if m.msgOf(r) == msg && left > 0 {
				return sequenceRepeat
			}
			if last < 0 {
				last = m.msgOf(r)
			}
			left--
		case ri>>m.epochBits == inc>>m.epochBits && ri > inc:
			return sequenceRefused // INVALID_PRODUCER_EPOCH
		case ri>>m.epochBits == inc>>m.epochBits:
			olderEpoch = true
		}
	}
	return m.checkOrder(s, msg, inc, last, olderEpoch)
}

// checkOrder decides about a batch that is no repeat; last is the newest message of the incarnation in the log, or -1.
func (m *Model) checkOrder(s *State, msg, inc, last int, olderEpoch bool) sequenceCheck {
	before := m.predecessor(s, msg, inc)
	switch {
	case last == before:
		return sequenceNext // includes the first of an incarnation without a record in the log
	case last >= 0 || olderEpoch || !m.c.B.AcceptsFirstSequence:
		return sequenceRefused
	}
	return sequenceNext // no state for this producer id: any first sequence is accepted (KIP-360)
}

// predecessor is the message numbered just before msg in incarnation inc, or -1.
func (m *Model) predecessor(s *State, msg, inc int) int {
	last := -1
	for i := 0; i < m.c.Scope.Messages; i++ {
		p := s.phase(i)
		if s.inc(i) == inc && p != Unsent && p != Queued && s.before(i, msg) && (last < 0 || s.before(last, i)) {
			last = i
		}
	}
	return last
}

var leaderRefusesSequence = &Action{
	Name: "LeaderRefusesSequence", Time: Timing{Step: "produce"}, Actor: "broker", Area: AreaClients, Over: PerMessageAndBroker,
	Doc: Doc{
		Summary: "LeaderRefusesSequence is OUT_OF_ORDER_SEQUENCE_NUMBER, or UNKNOWN_PRODUCER_ID before 2.5, for a batch of an idempotent producer.",
		Guard: "The leader lacks what comes before the message in its incarnation. Java's client: it is the next expected one, " +
			"so that nothing before it is under way, and no later message of the incarnation has been acknowledged (if one has, " +
			"the client tries the same again until its time runs out). Any client whose retries are counted: a first attempt that " +
			"has overtaken one before it.",
		Effect: "From 2.5 on (KIP-360) Java's client begins a new producer epoch and numbers everything unresolved anew, so the " +
			"broker can no longer recognise what it already has. Before, the send fails and a new producer id is asked for. The " +
			"attempt is used up; at the last retry the send fails. What has overtaken another waits for it.",
		Abstracts: "Answers that make the client try the same again are no steps where retries are not counted. That a client before " +
			"2.5 drops what is in flight under the old producer id when it fails is left to what the broker answers to it.",
		Sources: []string{
			"TransactionManager.canRetry, bumpIdempotentProducerEpoch (clients), KIP-360",
			"TransactionManager.canRetry, Sender.failBatch, handleFailedBatch: resetProducerId (clients 0.11 to 2.4)",
			"RecordAccumulator.shouldStopDrainBatchesForPartition: a batch that is sent again waits for the first in flight",
			"Sender.canRetry: attempts < retries comes first; TransactionManager.handleFailedBatch begins a new epoch after " +
				"OUT_OF_ORDER_SEQUENCE_NUMBER all the same (clients 2.5 to 4.4)",
		},
	},
	Applies: func(m *Model) bool {
		return m.c.Prod.Idempotent && m.c.Scope.Messages > 1 &&
			(m.c.B.BumpsEpochOnSequenceError || m.c.B.FailsOnSequenceError || m.c.Prod.Retries != Unlimited)
	},
	Ready: anyToTransmit, Guard: canRefuseSequence, Effect: refuseSequenceEffect,
	Text: "{broker} refuses the sequence number of {message}",
	Outcomes: []Outcome{
		{Word: "retried", Text: "; the producer begins a new epoch and renumbers what is unresolved"},
		{Word: "waits", Text: ", which has overtaken one before it and is sent again behind that"},
		{Word: "failed", Text: " at its last retry; the producer begins a new epoch"},
		{Word: "failed-for-good", Text: "; the send fails and the producer asks for a new id"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, _ *Params) string {
		switch {
		case post.phase(b.Msg) == Retrying && post.prodEpoch() == pre.prodEpoch():
			return "waits"
		case post.phase(b.Msg) == Retrying:
			return "retried"
		case m.c.B.FailsOnSequenceError && !m.waitsForEarlier(pre, b.Msg):
			return "failed-for-good"
		}
		return "failed"
	},
	Causes: []Cause{byIdempotence, byInFlight, byRetries.when(countsRetries)},
	Route:  Route{From: "{broker}", To: "producer", Label: "out of sequence"},
	Forced: steady,
}

func refuseSequenceEffect(m *Model, s *State, b Binding) {
	waits := m.waitsForEarlier(s, b.Msg)
	s.setInc(b.Msg, m.incFor(s, b.Msg)) // a first attempt was numbered when it was sent
	s.setPhase(b.Msg, Retrying)
	s.setSentTo(b.Msg, s.epochOf(b.Broker))
	if m.c.B.FailsOnSequenceError && !waits {
		m.fail(s, b.Msg)
		return
	}
	if m.c.Prod.Retries != Unlimited {
		if s.retries(b.Msg) >= m.c.Prod.Retries {
			m.failRenumbering(s, b.Msg)
			return
		}
		s.setRetries(b.Msg, min(maxRetriesCounted, s.retries(b.Msg)+1))
	}
	if !waits {
		m.bumpProducerEpoch(s)
	}
}

func canRefuseSequence(m *Model, s *State, b Binding) bool {
	if !m.mayTransmit(s, b.Msg) || !m.reachesLeader(s, b.Msg, b.Broker) || !m.hasEnoughReplicas(s, b.Broker) ||
		m.sequence(s, b.Broker, b.Msg, m.incFor(s, b.Msg)) != sequenceRefused {
		return false
	}
	if m.waitsForEarlier(s, b.Msg) {
		return m.c.Prod.Retries != Unlimited
	}
	if !m.c.B.BumpsEpochOnSequenceError && !m.c.B.FailsOnSequenceError {
		return false
	}
	for i := 0; i < m.c.Scope.Messages; i++ { // what this broker has taken it has answered, or will before it refuses
		if s.phase(i) == Awaiting && s.before(b.Msg, i) && s.inc(i) == s.inc(b.Msg) && s.wasLeaderOf(b.Broker, s.sentTo(i)) {
			return false
		}
	}
	return !m.laterAcked(s, b.Msg)
}

// waitsForEarlier says that a message numbered before msg in its incarnation is under way, so that msg is not the next that
// the client expects to be acknowledged.
func (m *Model) waitsForEarlier(s *State, msg int) bool {
	inc := m.incFor(s, msg)
	for i := 0; i < m.c.Scope.Messages; i++ {
		if p := s.phase(i); (p == Awaiting || p == Retrying) && s.inc(i) == inc && s.before(i, msg) {
			return true
		}
	}
	return false
}

// unnumbered is the incarnation of a message that was refused and has no sequence number, or whose number another got.
const unnumbered = 15

// leaveUnnumbered marks a message that fails before it was sent, or that gives its number back: none of a later message
// follows it.
func (m *Model) leaveUnnumbered(s *State, msg int) {
	if m.c.Prod.Idempotent {
		s.setInc(msg, unnumbered)
	}
}

// bumpProducerEpoch begins a new producer epoch. Whatever is in flight is numbered anew in it, even if the broker has it
// already under its old number.
//
// Kafka: TransactionManager.bumpIdempotentProducerEpoch, TxnPartitionEntry.startSequencesAtBeginning.
func (m *Model) bumpProducerEpoch(s *State) {
	s.setUnresolved(false)
	if s.prodEpoch() == 1<<m.epochBits-1 || m.incNow(s)+1 == unnumbered {
		s.ranOut(ProducerEpochs)
		return
	}
	s.setProdEpoch(s.prodEpoch() + 1)
	for i := 0; i < m.c.Scope.Messages; i++ {
		if p := s.phase(i); p == Retrying || p == Awaiting {
			s.setInc(i, m.incNow(s))
		}
	}
}

// resolveSequences ends the wait that follows the failure of a numbered message: no new message is sent until all in
// flight are done; then, unless the last numbered one was acknowledged, a new producer epoch begins.
//
// Kafka: TransactionManager.markSequenceUnresolved, maybeResolveSequences; RecordAccumulator.shouldStopDrainBatches.
func (m *Model) resolveSequences(s *State) {
	if !s.unresolved() {
		return
	}
	last := -1
	for i := 0; i < m.c.Scope.Messages; i++ {
		p := s.phase(i)
		if p == Awaiting || p == Retrying {
			return
		}
		if p != Unsent && p != Queued && s.inc(i) == m.incNow(s) && (last < 0 || s.before(last, i)) {
			last = i
		}
	}
	if last >= 0 && s.phase(last) == Acked && !m.c.App.ResendOnError {
		s.setUnresolved(false)
		return
	}
	m.bumpProducerEpoch(s)
}

// mayTransmit says that the client may put a request with msg on the wire now.
//
// A request that is in flight need not be shown before it arrives, so a queued message counts as possibly in flight
// while the window has room, even if an earlier one has just failed.
func (m *Model) mayTransmit(s *State, msg int) bool {
	p := s.phase(msg)
	if p != Queued && p != Retrying || p == Queued && s.unresolved() {
		return false
	}
	awaiting, retrying := 0, 0
	for i := 0; i < m.c.Scope.Messages; i++ {
		switch s.phase(i) {
		case Queued:
			if p == Queued && s.before(i, msg) {
				return false // first attempts go in order
			}
		case Awaiting:
			awaiting++
			if p == Retrying && m.c.Prod.Idempotent && s.before(i, msg) {
				return false // a retried batch waits for those numbered before it
			}
		case Retrying:
			if p == Retrying && m.c.Prod.Idempotent && s.before(i, msg) {
				return false
			}
			if i != msg && !(m.c.B.RetriesBehindAfterRefusal && s.requeued(i)) {
				retrying++
			}
		}
	}
	if p == Retrying {
		return awaiting < m.c.Prod.MaxInFlight
	}
	return awaiting+retrying < m.c.Prod.MaxInFlight
}
