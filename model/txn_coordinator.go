package model

import "github.com/kcheck/kcheck/explore"

// CoordinatorFencesPredecessor is InitProducerId finding a transaction of a predecessor open.
//
// Guard: a process is starting with a transactional.id of which a transaction is open.
//
// Effect: the epoch grows and the transaction is going to be aborted; the process asks again. A predecessor that still
// works is fenced and ends.
//
// Abstracts: as ProcessStarts. PrepareEpochFence is not kept as a state: nobody is given that epoch.
//
// Kafka: TransactionCoordinator.prepareInitProducerIdTransit, TransactionMetadata.prepareFenceProducerEpoch (0.11 to
// 4.1); KIP-98.
var CoordinatorFencesPredecessor = Action{
	Name: "CoordinatorFencesPredecessor", Actor: "coordinator", Over: Once, Applies: hasTransactions,
	Guard: func(m *Model, s *State, b Binding) bool {
		p := m.process(s, 0)
		return p.stage == stageStarting && !m.takesNewID(p) &&
			m.transaction(s, m.idOf(s, p.attempt)).state == txnOngoing
	},
	Effect: func(m *Model, s *State, b Binding) {
		m.abortWithNewEpoch(s, m.idOf(s, m.process(s, 0).attempt))
		m.endFenced(s)
	},
	Text: "the coordinator finds the predecessor's transaction open, fences it and aborts",
}

// abortWithNewEpoch is the coordinator aborting an open transaction of its own accord, which fences its producer.
func (m *Model) abortWithNewEpoch(s *State, id int) {
	t := m.transaction(s, id)
	m.void(s, t.at)
	t = m.decide(s, t, false)
	t.at = m.newNumber(s, id, true)
	m.setTransaction(s, id, t)
}

// CoordinatorWritesMarker is a control record arriving at the output partition's leader.
//
// Guard: a transaction with the output partition in it is decided and its marker is not on its way; the broker leads by
// its own belief, reaches the others and has min.insync.replicas members in its in-sync set.
//
// Effect: the marker is at the leader's log end. It ends all that the producer has written before. Where the partition
// is replicated its answer is outstanding; else the transaction is complete.
//
// Abstracts: the coordinator knows any leader that believes to be it. The epoch of the marker is the coordinator's.
//
// Kafka: TransactionMarkerChannelManager, WriteTxnMarkers; ProducerAppendInfo.appendEndTxnMarker (0.11 to 4.1); KIP-98,
// KIP-890.
var CoordinatorWritesMarker = Action{
	Name: "CoordinatorWritesMarker", Actor: "coordinator", Over: PerTransactionAndBroker, Applies: hasTransactions,
	Guard: func(m *Model, s *State, b Binding) bool {
		t := m.transaction(s, b.Ghost)
		return t.state.preparing() && !t.marking && m.takesMarkers(s, b.Broker)
	},
	Effect: func(m *Model, s *State, b Binding) {
		t := m.transaction(s, b.Ghost)
		k := kindCommit
		if t.state == txnPrepareAbort {
			k = kindAbort
		}
		m.appendRecord(s, b.Broker, m.outputRecord(0, s.epochOf(b.Broker), k, t.at))
		m.advanceHighWatermark(s, b.Broker)
		if m.reliable {
			t = t.completed()
		} else {
			t.marking, t.to = true, s.epochOf(b.Broker)
		}
		m.setTransaction(s, b.Ghost, t)
	},
	Text: "the coordinator writes the marker to {b}", Detail: markerText,
}

// takesMarkers says that broker b appends what needs the whole in-sync set.
func (m *Model) takesMarkers(s *State, b int) bool {
	return s.leads(b) && !s.has(b, flagCut) && m.isrSize(s, s.epochOf(b)) >= m.minISR
}

// completed is a decided transaction whose markers are written.
func (t transaction) completed() transaction {
	return transaction{state: t.state + txnCompleteCommit - txnPrepareCommit, at: t.at}
}

// MarkerIsReplicated is the answer to WriteTxnMarkers.
//
// Guard: the leader that appended the marker still leads; its high watermark has passed it.
//
// Effect: the transaction is complete.
//
// Abstracts: an answer that cannot come because the leader changed has the marker written again.
//
// Kafka: TransactionMarkerRequestCompletionHandler, TransactionCoordinator: CompleteCommit and CompleteAbort (0.11 to
// 4.1).
var MarkerIsReplicated = Action{
	Name: "MarkerIsReplicated", Actor: "coordinator", Over: PerTransaction,
	Applies: func(m *Model) bool { return m.transactional && !m.reliable },
	Guard: func(m *Model, s *State, b Binding) bool {
		t := m.transaction(s, b.Ghost)
		if !t.marking {
			return false
		}
		l := m.ledBy(s, t.to)
		return l >= 0 && s.hw(l) > m.markerAt(s, l, t.at)
	},
	Effect: func(m *Model, s *State, b Binding) {
		m.setTransaction(s, b.Ghost, m.transaction(s, b.Ghost).completed())
	},
	Text: "the marker is replicated; the transaction is complete",
}

// OrphanTimesOut is transaction.timeout.ms running out on a transaction nobody will end.
//
// Guard: transactional.ids are random; the transaction is open and no process has it in hand.
//
// Effect: the epoch grows and the transaction is going to be aborted. Until then readers stop at the last stable
// offset, and whoever needs the group's offsets waits.
//
// Abstracts: with a stable id the successor comes first (CoordinatorFencesPredecessor).
//
// Kafka: TransactionCoordinator.abortTimedOutTransactions (0.11 to 4.1); transaction.timeout.ms.
var OrphanTimesOut = Action{
	Name: "OrphanTimesOut", Actor: "coordinator", Over: PerTransaction, Class: explore.Recovery,
	Applies: func(m *Model) bool { return m.transactional && m.c.App.RandomTxnID },
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.transaction(s, b.Ghost).state == txnOngoing && !m.inHands(s, b.Ghost)
	},
	Effect: func(m *Model, s *State, b Binding) { m.abortWithNewEpoch(s, b.Ghost) },
	Text:   "the transaction nobody will end times out; the coordinator aborts it",
}

// inHands says that some process has a transaction of the id in hand and is not fenced, or will fence it itself.
func (m *Model) inHands(s *State, id int) bool {
	for slot := 0; slot < MaxMembers; slot++ {
		p := m.process(s, slot)
		if p.stage == stageGone || m.idOf(s, p.attempt) != id || p.stage == stageStarting && m.takesNewID(p) {
			continue
		}
		if p.stage == stageStarting || p.stage >= stageWorking && p.stage <= stageResetting && m.current(s, p) {
			return true
		}
	}
	return false
}

// LateEndTxnArrives is an EndTxn request that arrives after its sender has timed out.
//
// Guard: such a request is on its way.
//
// Effect: where its epoch is the coordinator's and a transaction is open, that transaction is decided as the request
// says: with transaction.version 2 it is the one that the request was meant for, before that it may be a later one. Its
// sender, if it still waits, finds its work done. Everything else is refused.
//
// Abstracts: the delay ends at any moment. The answer to a sender that asks again is part of the step with
// transaction.version 2, where a repeat is told by its epoch.
//
// Kafka: TransactionCoordinator.endTransactionWithTV1: the same epoch is accepted whichever transaction is open
// (KAFKA-17754; Jepsen, Bufstream 0.1.0); endTransaction: isValidEpoch and retryOnEpochBump (4.0, KIP-890 part 2).
var LateEndTxnArrives = Action{
	Name: "LateEndTxnArrives", Actor: "coordinator", Over: PerGhost,
	Applies: func(m *Model) bool { return m.transactional && m.c.Faults[Delay] > 0 },
	Guard: func(m *Model, s *State, b Binding) bool {
		_, ok := m.late(s, b.Ghost)
		return ok
	},
	Effect: lateEndTxnArrives,
	Text:   "the late EndTxn arrives", Detail: lateEndTxnText,
}

func lateEndTxnArrives(m *Model, s *State, b Binding) {
	l, _ := m.late(s, b.Ghost)
	m.dropLate(s, b.Ghost)
	id := m.idOf(s, l.number)
	t := m.transaction(s, id)
	if !m.lateEndTxnCounts(s, l, t) {
		return
	}
	if slot := m.sender(s, l); slot >= 0 && m.c.B.BumpsEpochPerTransaction {
		m.endsTransaction(s, slot, l.commit)
		return
	}
	t = m.decide(s, t, l.commit)
	if m.c.B.BumpsEpochPerTransaction {
		t.at = m.newNumber(s, id, true)
	}
	m.setTransaction(s, id, t)
}

// lateEndTxnCounts says that the coordinator obeys a late EndTxn.
func (m *Model) lateEndTxnCounts(s *State, l late, t transaction) bool {
	if m.epochNumber(s, l.number) != m.epochNumber(s, t.at) {
		return false
	}
	return t.state == txnOngoing || m.c.B.BumpsEpochPerTransaction && !l.commit && !t.state.preparing()
}

// sender is the process that waits for the answer to a late EndTxn, or -1.
func (m *Model) sender(s *State, l late) int {
	for slot := 0; slot < MaxMembers; slot++ {
		p := m.process(s, slot)
		if p.attempt == l.number && p.stage >= stageCommitting && p.stage <= stageResetting {
			return slot
		}
	}
	return -1
}
