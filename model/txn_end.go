package model

// The end of an attempt: its commit, its abort, or the loss of its producer.

// ProcessIsFenced is a process finding that the coordinator has gone on to a newer epoch: PRODUCER_FENCED or
// INVALID_PRODUCER_EPOCH.
//
// Guard: it has a transaction in hand, and its epoch is not the coordinator's any more.
//
// Effect: its producer is of no use. The owner of the partition replaces the producer and goes on as app.on-abort says;
// a process that has lost the partition ends.
//
// Abstracts: which request meets the error.
//
// Kafka: TransactionManager.EndTxnHandler and AddPartitionsToTxnHandler (fatal in clients up to 4.1); KIP-588 (2.7)
// makes it abortable for produce requests only.
var ProcessIsFenced = Action{
	Name: "ProcessIsFenced", Actor: "process", Over: PerProcess, Applies: hasTransactions,
	Guard: func(m *Model, s *State, b Binding) bool {
		p := m.process(s, b.Ghost)
		return p.stage >= stageWorking && p.stage <= stageResetting && !m.current(s, p)
	},
	Effect: func(m *Model, s *State, b Binding) {
		p := m.process(s, b.Ghost)
		m.void(s, p.attempt)
		m.replaceProducer(s, b.Ghost, p)
	},
	Text: "{p} finds that its producer is fenced",
}

// replaceProducer ends an attempt whose producer cannot go on.
func (m *Model) replaceProducer(s *State, slot int, p process) {
	if slot == 1 {
		m.setProcess(s, slot, process{})
		return
	}
	p = p.emptied()
	p.stage, p.pos = stageStarting, m.positionAfterAbort(s, p)
	m.setProcess(s, slot, p)
}

// positionAfterAbort is where the loop goes on after an aborted attempt.
func (m *Model) positionAfterAbort(s *State, p process) int {
	if m.c.App.ContinueOnAbort {
		return p.pos
	}
	return m.startingPosition(s)
}

// TransactionEnds is commitTransaction() or abortTransaction(): EndTxn and its answer.
//
// Guard: the epoch is the coordinator's and no transaction of the id is being completed. To commit, all outputs in hand
// are acknowledged and the offsets are in the transaction, if that is where they go; or the process has to abort.
//
// Effect: an open transaction is decided: with the commit its offsets are the group's. Before transaction.version 2 a
// transaction that is complete already gives success if the result is the same; else INVALID_TXN_STATE ends the
// producer. With it the epoch grows, and what was not open can be aborted. The process goes on with its next poll, or
// commits its offset after the transaction; after an abort it goes on as app.on-abort says: back at the committed offset,
// or behind what it had in hand. Before transaction.version 2 a failed request makes it begin a new epoch.
//
// Abstracts: the answer comes when the decision is durable; a request or answer that is lost and sent again changes
// nothing that is not the fault delay.
//
// Kafka: TransactionCoordinator.endTransactionWithTV1 and endTransaction, TransactionMetadata.prepareAbortOrCommit
// (4.1; one path up to 3.9); TransactionManager.beginCompletingTransaction (clients 2.5 to 4.1); KIP-890 part 2;
// Kafka documentation 4.1, Message Delivery Semantics: an abort does not rewind the consumer.
var TransactionEnds = Action{
	Name: "TransactionEnds", Actor: "process", Over: PerProcess, Applies: hasTransactions,
	Guard: func(m *Model, s *State, b Binding) bool {
		_, ready := m.ending(s, b.Ghost)
		return ready
	},
	Effect: func(m *Model, s *State, b Binding) {
		commit, _ := m.ending(s, b.Ghost)
		m.endsTransaction(s, b.Ghost, commit)
	},
	Text: "{p} ", Detail: endedText,
}

// ending says whether a process can send EndTxn now, and with which result.
func (m *Model) ending(s *State, slot int) (commit, ready bool) {
	p := m.process(s, slot)
	switch p.stage {
	case stageCommitting:
		commit = true
	case stageAborting, stageResetting:
	case stageWorking:
		if p.sent < p.size || !p.offsets && m.isolated() {
			return false, false
		}
		commit = true
	default:
		return false, false
	}
	return commit, m.current(s, p) && !m.transaction(s, m.idOf(s, p.attempt)).state.preparing()
}

func (m *Model) endsTransaction(s *State, slot int, commit bool) {
	p := m.process(s, slot)
	id := m.idOf(s, p.attempt)
	t := m.transaction(s, id)
	if !commit {
		m.void(s, p.attempt)
	}
	newEpoch := m.c.B.BumpsEpochPerTransaction
	switch {
	case t.state == txnOngoing || newEpoch && !commit:
		t = m.decide(s, t, commit)
	case commit && t.state == txnCompleteCommit || !commit && t.state == txnCompleteAbort:
	default:
		m.void(s, p.attempt)
		m.replaceProducer(s, slot, p)
		return
	}
	number := m.newNumber(s, id, newEpoch)
	t.at = number
	m.setTransaction(s, id, t)
	if slot == 1 {
		m.setProcess(s, slot, process{})
		return
	}
	reset := p.stage == stageResetting && !newEpoch
	p = p.emptied()
	p.attempt, p.stage = number, stageIdle
	switch {
	case commit && m.commitsAfter():
		p.stage = stageOwing
	case !commit:
		p.pos = m.positionAfterAbort(s, p)
		if reset {
			p.stage = stageStarting
		}
	}
	m.setProcess(s, slot, p)
}

// commitsAfter says that the offset is committed once the outputs are done with.
func (m *Model) commitsAfter() bool {
	return m.c.App.Commit == CommitAfterTransaction || m.c.App.Commit == CommitAfterProcessing
}

// decide is the coordinator's decision about a transaction: PrepareCommit or PrepareAbort, and at once CompleteCommit or
// CompleteAbort where the output partition is not in it. The group's offsets take their part with the decision.
func (m *Model) decide(s *State, t transaction, commit bool) transaction {
	if commit && t.offsets && t.state == txnOngoing {
		m.setGroupCommitted(s, t.pending)
	}
	next := transaction{state: txnPrepareAbort, output: t.output && t.state == txnOngoing, at: t.at}
	if commit {
		next.state = txnPrepareCommit
	}
	if !next.output {
		next.state += txnCompleteCommit - txnPrepareCommit
	}
	return next
}
