package model

import "github.com/kcheck/kcheck/explore"

// outputActions are the sends of the process.
var outputActions = []*Action{outputAppends, outputIsAcknowledged, outputIsRefused, outputExpires}

var outputAppends = &Action{
	Name: "OutputAppends", Actor: "broker", Area: AreaProcess, Over: PerProcessAndBroker, Applies: hasOutput,
	Doc: Doc{
		Summary: "OutputAppends is a produce request of the process that reaches the output partition's leader and is " +
			"taken.",
		Guard: "The process has an output to send, which follows the one before; the broker leads by its own belief " +
			"in an epoch not older than the client has proof of, with acks=all reaches the others and has " +
			"min.insync.replicas members in its in-sync set; the sequence number is the next one, the epoch is " +
			"the producer's newest that the broker knows, and where the broker asks the coordinator, the " +
			"transaction is open in that epoch or is opened by it.",
		Effect: "The record takes the leader's log end offset; with transaction.version 2 the partition is added to " +
			"the transaction, which is open from here on. A repeat that the broker remembers is not appended. The " +
			"answer is outstanding where it can be lost or has to wait for followers; else the output is " +
			"acknowledged.",
		Abstracts: "Outputs are sent one after the other: with idempotence a later batch is not taken before an earlier " +
			"one. Since a request that is merely on its way can be chosen to be lost or late when it matters, " +
			"there is no step for it.",
		Sources: []string{
			"ReplicaManager.handleProduceAppend, maybeSendPartitionsToTransactionCoordinator",
			"ProducerAppendInfo. checkProducerEpoch and checkSequence",
			"UnifiedLog.maybeStartTransactionVerification (3.6 to 4.1)",
			"KIP-890",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.canTransmit(s, b.Slot, b.Broker) && m.admission(s, b.Slot, b.Broker) == admitted
	},
	Effect: appendOutputEffect,
	Text:   "{broker} appends the output of {message} sent by {member}",
	Outcomes: []Outcome{
		{Word: "appended"},
		{Word: "remembered", Text: ", no second time: it remembers the sequence number"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		p.Message = m.nextOutput(pre, b.Slot)
		return appended(pre, b.Broker, post, p)
	},
	Causes: []Cause{byOutput, byMinISR.when(waitsForAll), byIdempotence, byTxnLevel.when(isTransaction), byVerifies.when(isTransaction)},
	Route:  Route{From: "{member}", To: "{broker}", Label: "produce {message}"},
	Silent: true,
	Forced: steady,
}

// canTransmit says that a produce request of the process can reach broker b and b may take it.
func (m *Model) canTransmit(s *State, slot, b int) bool {
	p := m.process(s, slot)
	if !m.sending(s, slot) || p.awaiting || !s.actsAsLeader(b) || slot == 0 && s.epochOf(b) < s.known() {
		return false
	}
	return m.c.Prod.Acks != AcksAll || !s.hasFlag(b, flagCut) && m.hasEnoughReplicas(s, b) && !m.failsAsBefore(s, p, b)
}

// failsAsBefore says that the next output of p, sent anew, would wait for the same follower that has stopped to fetch as one
// that was given up: a send that could only fail as before is no step.
func (m *Model) failsAsBefore(s *State, p process, b int) bool {
	if !m.waitsForStalled(s, b) {
		return false
	}
	for i := range s.logLen(b) {
		r := m.at(s, b, i)
		if k := m.kindOf(r); (k == kindData || k == kindPlain) && m.msgOf(r) == p.from+p.sent &&
			!(m.c.Prod.Idempotent && m.numberOf(r) == p.attempt) {
			return true
		}
	}
	return false
}

// sending says that the process has an output in hand that is not acknowledged.
func (m *Model) sending(s *State, slot int) bool {
	p := m.process(s, slot)
	return p.stage == stageWorking && p.sent < p.size && m.failsNext(s, slot) != p.from+p.sent
}

// admission is what the brokers make of a produce request in a transaction.
type admission uint8

const (
	admitted         admission = iota
	admissionWaits             // CONCURRENT_TRANSACTIONS: asked again
	admissionFenced            // an old epoch
	admissionRefused           // the transaction is not open, or the sequence has a gap
)

func (m *Model) admission(s *State, slot, b int) admission {
	p := m.process(s, slot)
	if !m.inSequence(s, slot, b) {
		return admissionRefused
	}
	return m.admits(s, b, p.attempt)
}

// admits checks a produce request of an attempt against the coordinator and broker b's producer state. Nothing is asked
// of the coordinator while the transaction is open at the partition. Before transaction.version 2 it is asked from 3.6
// on only whether the partition is in an open transaction of this epoch; with it the partition is added.
func (m *Model) admits(s *State, b, number int) admission {
	if !m.transactional {
		return admitted
	}
	id, epoch := m.idOf(s, number), m.epochNumber(s, number)
	if epoch < m.lastEpochOf(s, b, id) {
		return admissionFenced
	}
	if open, in := m.openAt(s, b, id); open && in == epoch {
		return admitted
	}
	t := m.transaction(s, id)
	adds := m.c.B.BumpsEpochPerTransaction
	switch {
	case !adds && !m.c.B.VerifiesTransactionPartitions:
		return admitted
	case epoch != m.epochNumber(s, t.at):
		return admissionFenced
	case t.state.preparing():
		return admissionWaits
	case !adds && !(t.state == txnOngoing && t.output):
		return admissionRefused
	}
	return admitted
}

// inSequence says that broker b takes the next output of a process as the next in sequence: the output before it is in
// the log, or, without any record of the producer there, a first sequence above 0 is accepted (KIP-360; not with
// transaction.version 2).
//
// Outside a transaction a gap keeps nothing from being taken: outputs are sent one after the other, so the one before has
// been acknowledged or has failed, and the client begins a new epoch, before 2.5 as a new producer, in which the sequence
// begins anew (TransactionManager.canRetry and handleFailedBatch of the clients, KIP-360).
func (m *Model) inSequence(s *State, slot, b int) bool {
	p := m.process(s, slot)
	before := p.from + p.sent - 1
	for before >= p.from && m.passesOver(s, slot, before) {
		before--
	}
	if !m.transactional || !m.c.Prod.Idempotent || before < p.from || m.outputAt(s, b, before, p.attempt) >= 0 {
		return true
	}
	return !m.c.B.BumpsEpochPerTransaction && m.c.B.AcceptsFirstSequence && m.lastEpochOf(s, b, m.idOf(s, p.attempt)) < 0
}

func appendOutputEffect(m *Model, s *State, b Binding) {
	p := m.process(s, b.Slot)
	m.appendOutput(s, b.Broker, p.from+p.sent, p.attempt)
	m.setEvicted(s, false)
	if b.Slot == 0 {
		s.setKnown(s.epochOf(b.Broker))
	}
	if m.acksAtOnce() {
		m.advance(s, b.Slot, p)
		return
	}
	p.awaiting, p.to = true, s.epochOf(b.Broker)
	m.setProcess(s, b.Slot, p)
}

// acksAtOnce says that an answer neither waits for followers nor can be lost, with its broker or on the way, so it needs no
// step.
//
// Kafka: Sender.handleProduceResponse (clients 0.9 to 4.4) fails what waits for a broker whose connection breaks with
// NETWORK_EXCEPTION, which is retried, whatever acks is.
func (m *Model) acksAtOnce() bool {
	return m.c.Prod.Acks == AcksNone || m.reliable && m.c.Faults[ResponseLost] == 0
}

// appendOutput appends the output of msg, unless the broker remembers it, and joins the partition to the transaction.
func (m *Model) appendOutput(s *State, b, msg, number int) {
	if m.transactional && m.c.B.BumpsEpochPerTransaction {
		id := m.idOf(s, number)
		if open, _ := m.openAt(s, b, id); !open {
			t := m.transaction(s, id)
			if t.state != txnOngoing {
				t = transaction{state: txnOngoing, at: t.at}
			}
			t.output = true
			m.setTransaction(s, id, t)
		}
	}
	if m.c.Prod.Idempotent && m.outputAt(s, b, msg, number) >= 0 {
		return
	}
	k := kindPlain
	if m.transactional {
		k = kindData
	}
	m.appendRecord(s, b, m.outputRecord(msg, s.epochOf(b), k, number))
	m.advanceHighWatermark(s, b)
}

// advance is an output of process p done with: acknowledged, or given up for good.
func (m *Model) advance(s *State, slot int, p process) {
	p.sent++
	p.awaiting, p.to = false, 0
	if m.sendsAhead() {
		p.from, p.size, p.sent = p.from+1, p.size-1, 0
	}
	if !m.transactional && p.sent == p.size {
		if slot == 1 {
			m.setProcess(s, slot, process{})
			return
		}
		p = p.emptied()
		p.stage = stageIdle
		if m.commitsAfter() && !m.sendsAhead() {
			p.stage = stageOffsetDue
		}
	}
	m.setFailing(s, failTriesShift+triesWidth*uint(slot), triesWidth, 0)
	m.passOver(s, slot, p)
}

var outputIsAcknowledged = &Action{
	Name: "OutputIsAcknowledged", Area: AreaProcess, Actor: "process", Over: PerProcess,
	Doc: Doc{
		Summary: "OutputIsAcknowledged is the answer to a produce request of the process.",
		Guard: "The leader that appended the output still leads in that epoch; with acks=all its high watermark has " +
			"passed the record and the in-sync set has min.insync.replicas members.",
		Effect:    "The output is acknowledged; the process goes on.",
		Abstracts: "As ProducerReceivesAck.",
		Sources: []string{
			"DelayedProduce, Partition.checkEnoughReplicasReachOffset",
			"TransactionManager.handleCompletedBatch (clients)",
		},
	},
	Applies: func(m *Model) bool { return m.output && !m.acksAtOnce() },
	Guard: func(m *Model, s *State, b Binding) bool {
		p := m.process(s, b.Slot)
		return p.awaiting && m.outputAnswered(s, p)
	},
	Effect: func(m *Model, s *State, b Binding) { m.advance(s, b.Slot, m.process(s, b.Slot)) },
	Text:   "{member} receives the acknowledgement",
	Result: outputAnswerResult,
	Causes: []Cause{byAcks, byMinISR.when(waitsForAll)},
	Route:  Route{From: "{leader}", To: "{member}", Label: "ack"},
	Forced: steady,
}

// outputAnswered says that the leader can acknowledge what process p waits for.
func (m *Model) outputAnswered(s *State, p process) bool {
	l := m.leaderOf(s, p.to)
	if l < 0 || m.c.Prod.Acks != AcksAll {
		return l >= 0
	}
	return s.hw(l) > m.outputAt(s, l, p.from+p.sent, p.attempt) && m.isrSize(s, s.epochOf(l)) >= m.minISR
}

var outputIsRefused = &Action{
	Name: "OutputIsRefused", Actor: "broker", Area: AreaProcess, Over: PerProcessAndBroker, Applies: hasTransactions,
	Doc: Doc{
		Summary: "OutputIsRefused is a produce request that the broker refuses: TRANSACTION_ABORTABLE, " +
			"INVALID_TXN_STATE or OUT_OF_ORDER_SEQUENCE.",
		Guard: "The process has an output to send and its epoch is the coordinator's; the leader finds that the " +
			"partition is not in an open transaction (3.6 on, before transaction.version 2), or that the output " +
			"before is missing.",
		Effect: "The process has to abort; before transaction.version 2 it begins a new epoch then.",
		Abstracts: "A refusal that the client answers by asking again is no step. Before 2.5 the error is fatal and the " +
			"producer is replaced, which begins a new epoch as well and aborts what was open.",
		Sources: []string{
			"TransactionCoordinator.handleVerifyPartitionsInTransaction (3.6 to 4.1)",
			"ProducerAppendInfo.checkSequence",
			"TransactionManager.maybeTransitionToErrorState (clients 2.5 to 4.1)",
			"KIP-890 part 1",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.canTransmit(s, b.Slot, b.Broker) && m.current(s, m.process(s, b.Slot)) &&
			m.admission(s, b.Slot, b.Broker) == admissionRefused
	},
	Effect: func(m *Model, s *State, b Binding) { m.givesUp(s, b.Slot) },
	Text:   "{broker} refuses the output of {member}; it has to abort",
	Result: nextOutputResult,
	Causes: []Cause{byVerifies, byTxnLevel},
	Route:  Route{From: "{broker}", To: "{member}", Label: "refused"},
	Forced: steady,
}

// givesUp is the end of a send in an error. In a transaction the process has to abort it; else the application sends the
// output again or goes on without it.
func (m *Model) givesUp(s *State, slot int) {
	p := m.process(s, slot)
	p.awaiting, p.to = false, 0
	switch {
	case m.transactional && m.c.B.BumpsEpochPerTransaction:
		p.stage = stageAborting
	case m.transactional:
		p.stage = stageResetting
	case !m.goesOnAfterFailure():
		if m.c.Prod.Idempotent {
			p.attempt = m.newNumber(s, 0, false) // a new send has a sequence number of its own
		}
	default:
		m.advance(s, slot, p)
		return
	}
	m.setProcess(s, slot, p)
}

var outputExpires = &Action{
	Name: "OutputExpires", Area: AreaProcess, Actor: "process", Over: PerProcess, Class: explore.Recovery,
	Doc: Doc{
		Summary: "OutputExpires is delivery.timeout.ms running out on an output while no answer can come.",
		Guard: "A time bounds the delivery. The output is appended and its answer outstanding, and the leader is cut " +
			"off or its in-sync set is below min.insync.replicas; or it is not sent, no leader can take it, also as " +
			"the one that is elected does not know so yet, and giving it up is not followed by doing the same again; it is where " +
			"an output of the same transaction is in a log already, which the abort ends. The coordinator does not abort the " +
			"transaction in any case before (transaction.timeout.ms).",
		Effect:    "The send failed; its record may be, and stay, in the log.",
		Abstracts: "As ProducerGivesUp.",
		Sources: []string{
			"RecordAccumulator.expiredBatches (KIP-91), TransactionManager.handleFailedBatch (clients)",
		},
	},
	Applies: func(m *Model) bool { return m.output && !m.reliable && m.c.Prod.DeliveryTimeout },
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.waitsInVain(s, b.Slot, m.c.Prod.DeliveryBeforeLag) && !(m.abortsWaiting() && m.c.Txn.TimeoutFirst && m.isOpenFor(s, b.Slot))
	},
	Effect: func(m *Model, s *State, b Binding) { m.givesUp(s, b.Slot) },
	Text:   "the delivery of the output of {member} times out",
	Result: nextOutputResult,
	Causes: []Cause{byDelivery, byMinISR},
	Route:  Route{From: "{member}", Label: "delivery timeout"},
	Forced: Forced{Unforceable, "delivery.timeout.ms cannot be made to expire on one output alone"},
}

// goesOnAfterFailure says that a failed send is not followed by the same send.
func (m *Model) goesOnAfterFailure() bool {
	if m.transactional {
		return m.c.App.ContinueOnAbort
	}
	return !m.c.App.ResendOnError || m.c.App.Send == SendForget
}

// nextOutput is the message whose output the process sends next, or has just sent.
func (m *Model) nextOutput(s *State, slot int) MessageID {
	p := m.process(s, slot)
	return messageID(p.from + p.sent)
}

func nextOutputResult(m *Model, pre *State, b Binding, post *State, p *Params) string {
	p.Message = m.nextOutput(pre, b.Slot)
	return ""
}

func outputAnswerResult(m *Model, pre *State, b Binding, post *State, p *Params) string {
	p.Message, p.Leader = m.nextOutput(pre, b.Slot), m.leaderIn(pre, m.process(pre, b.Slot).to)
	return ""
}
