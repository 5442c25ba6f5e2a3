package model

import "github.com/kcheck/kcheck/explore"

// coordinatorActions are the decisions of the transaction coordinator and their markers.
var coordinatorActions = []*Action{coordinatorFencesPredecessor, coordinatorWritesMarker, markerIsReplicated, orphanTimesOut}

var coordinatorFencesPredecessor = &Action{
	Name: "CoordinatorFencesPredecessor", Area: AreaProcess, Actor: "coordinator", Over: Once, Applies: hasTransactions,
	Doc: Doc{
		Summary: "CoordinatorFencesPredecessor is InitProducerId finding a transaction of a predecessor open.",
		Guard:   "A process is starting with a transactional.id of which a transaction is open.",
		Effect: "The epoch grows and the transaction is going to be aborted; the process asks again. A predecessor " +
			"that still works is fenced and ends.",
		Abstracts: "As ProcessStarts. PrepareEpochFence is not kept as a state: no producer gets that epoch.",
		Sources: []string{
			"TransactionCoordinator.prepareInitProducerIdTransit, TransactionMetadata.prepareFenceProducerEpoch (0.11 to 4.1)",
			"KIP-98",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		p := m.process(s, 0)
		return p.stage == stageStarting && !m.takesNewID(p) &&
			m.transaction(s, m.startingID(s, p)).state == txnOngoing
	},
	Effect: func(m *Model, s *State, b Binding) {
		id := m.startingID(s, m.process(s, 0))
		m.abortWithNewEpoch(s, id)
		m.endFenced(s, id)
	},
	Text: "the coordinator finds the predecessor's transaction open, fences it and aborts",
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		p.Transaction = m.transactionParam(m.startingID(pre, m.process(pre, 0)))
		return ""
	},
	Causes: []Cause{byTxnID, byRandomID},
	Route:  Route{From: "coordinator", Label: "fences, aborts"},
	Forced: steady,
}

// abortWithNewEpoch is the coordinator aborting an open transaction of its own accord, which fences its producer.
func (m *Model) abortWithNewEpoch(s *State, id int) {
	t := m.transaction(s, id)
	m.noteAborted(s, t.at)
	ended := t.offsets // the marker with the new epoch goes to the offsets, too
	t = m.decide(s, t, false)
	t.at = m.newNumber(s, id, true)
	m.setTransaction(s, id, t)
	if ended {
		m.fenceLateOffsets(s, id)
	}
}

var coordinatorWritesMarker = &Action{
	Name: "CoordinatorWritesMarker", Area: AreaProcess, Actor: "coordinator", Over: PerTransactionAndBroker, Applies: hasTransactions,
	Doc: Doc{
		Summary: "CoordinatorWritesMarker is a control record arriving at the output partition's leader.",
		Guard: "A transaction with the output partition in it is decided and its marker is not on its way; the " +
			"broker leads by its own belief, reaches the others and has min.insync.replicas members in its " +
			"in-sync set.",
		Effect: "The marker is at the leader's log end. It ends all that the producer has written before. Where the " +
			"partition is replicated its answer is outstanding; else the transaction is complete.",
		Abstracts: "The coordinator knows any leader that believes to be it. The epoch of the marker is the " +
			"coordinator's.",
		Sources: []string{
			"TransactionMarkerChannelManager, WriteTxnMarkers",
			"ProducerAppendInfo.appendEndTxnMarker (0.11 to 4.1)",
			"KIP-98, KIP-890",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		t := m.transaction(s, b.Slot)
		return t.state.preparing() && !t.marking && m.takesMarkers(s, b.Broker)
	},
	Effect: func(m *Model, s *State, b Binding) {
		t := m.transaction(s, b.Slot)
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
		m.setTransaction(s, b.Slot, t)
	},
	Text: "the coordinator writes the marker to {broker}",
	Outcomes: []Outcome{
		{Word: "commit", Text: ": COMMIT[ of transaction-{transaction}]", Label: "COMMIT"},
		{Word: "abort", Text: ": ABORT[ of transaction-{transaction}]", Label: "ABORT"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		p.Offset = at(pre.logLen(b.Broker))
		return m.markerResult(pre, b)
	},
	Causes: []Cause{byTxnID},
	Route:  Route{From: "coordinator", To: "{broker}", Label: "marker"},
	Forced: steady,
}

// takesMarkers says that broker b appends what needs the whole in-sync set.
func (m *Model) takesMarkers(s *State, b int) bool {
	return s.actsAsLeader(b) && !s.hasFlag(b, flagCut) && m.isrSize(s, s.epochOf(b)) >= m.minISR
}

// completed is a decided transaction whose markers are written.
func (t transaction) completed() transaction {
	return transaction{state: t.state + txnCompleteCommit - txnPrepareCommit, at: t.at, pending: t.waitingOffset()}
}

var markerIsReplicated = &Action{
	Name: "MarkerIsReplicated", Area: AreaProcess, Actor: "coordinator", Over: PerTransaction,
	Doc: Doc{
		Summary:   "MarkerIsReplicated is the answer to WriteTxnMarkers.",
		Guard:     "The leader that appended the marker still leads; its high watermark has passed it.",
		Effect:    "The transaction is complete.",
		Abstracts: "An answer that cannot come because the leader changed has the marker written again.",
		Sources: []string{
			"TransactionMarkerRequestCompletionHandler, TransactionCoordinator: CompleteCommit and CompleteAbort (0.11 to 4.1)",
		},
	},
	Applies: func(m *Model) bool { return m.transactional && !m.reliable },
	Guard: func(m *Model, s *State, b Binding) bool {
		t := m.transaction(s, b.Slot)
		if !t.marking {
			return false
		}
		l := m.leaderOf(s, t.to)
		return l >= 0 && s.hw(l) > m.markerAt(s, l, t.at)
	},
	Effect: func(m *Model, s *State, b Binding) {
		m.setTransaction(s, b.Slot, m.transaction(s, b.Slot).completed())
	},
	Text: "the marker is replicated; the transaction is complete",
	Outcomes: []Outcome{
		{Word: "commit"},
		{Word: "abort"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		p.Leader = brokerID(m.leaderOf(pre, m.transaction(pre, b.Slot).to))
		return m.markerResult(pre, b)
	},
	Causes: []Cause{byTxnID},
	Route:  Route{From: "{leader}", To: "coordinator", Label: "marker written"},
	Forced: steady,
}

var orphanTimesOut = &Action{
	Name: "OrphanTimesOut", Area: AreaProcess, Actor: "coordinator", Over: PerTransaction, Class: explore.Recovery,
	Doc: Doc{
		Summary: "OrphanTimesOut is transaction.timeout.ms running out on a transaction that no producer will end.",
		Guard: "There can be several transactional.ids, or a process that has ended stays down; the transaction is open and no " +
			"process has it in hand.",
		Effect: "The epoch grows and the transaction is going to be aborted. Until then readers stop at the last " +
			"stable offset, and whoever needs the group's offsets waits.",
		Abstracts: "With the same id the successor comes first (CoordinatorFencesPredecessor).",
		Sources: []string{
			"TransactionCoordinator.abortTimedOutTransactions (0.11 to 4.1)",
			"transaction.timeout.ms",
		},
	},
	Applies: func(m *Model) bool {
		return m.transactional && !m.c.Txn.TwoPhase && (m.numbersHaveIDs() || m.c.App.NoRestarts)
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.transaction(s, b.Slot).state == txnOngoing && !m.inHands(s, b.Slot)
	},
	Effect: func(m *Model, s *State, b Binding) { m.abortWithNewEpoch(s, b.Slot) },
	Text:   "the transaction without a producer times out; the coordinator aborts it",
	Causes: []Cause{byTxnTimeout, byRandomID},
	Route:  Route{From: "coordinator", Label: "timeout, aborts"},
	Forced: steady,
}

// inHands says that some process has a transaction of the id in hand and is not fenced, or will fence it itself.
func (m *Model) inHands(s *State, id int) bool {
	for slot := 0; slot < MaxMembers; slot++ {
		p := m.process(s, slot)
		if p.stage == stageStarting && !m.takesNewID(p) && m.startingID(s, p) == id {
			return true
		}
		if p.stage == stageGone || m.idOf(s, p.attempt) != id {
			continue
		}
		if p.stage >= stageWorking && p.stage <= stageResetting && m.current(s, p) {
			return true
		}
	}
	return false
}

// markerResult is which marker a transaction that is being completed has.
func (m *Model) markerResult(pre *State, b Binding) string {
	if m.transaction(pre, b.Slot).state == txnPrepareCommit {
		return "commit"
	}
	return "abort"
}
