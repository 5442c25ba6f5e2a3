package model

// transactionActions are the offsets and the end of an attempt: its commit, its abort, or the loss of its producer.
var transactionActions = []*Action{
	offsetsJoinTransaction, groupRefusesOffsets, transactionEnds, processIsFenced, offsetsAreCommitted,
}

var offsetsJoinTransaction = &Action{
	Name: "OffsetsJoinTransaction", Area: AreaProcess, Actor: "process", Over: PerProcess,
	Doc: Doc{
		Summary: "OffsetsJoinTransaction is sendOffsetsToTransaction().",
		Guard: "app.commit is in-transaction; all outputs in hand are acknowledged; the transactional.id is not " +
			"fenced and no transaction of it is being completed. A process that has lost the partition passes " +
			"only without the group's metadata, or before 2.5.",
		Effect: "The offset behind the messages in hand will be committed with the transaction; the transaction is " +
			"open, if it was not any more.",
		Abstracts: "AddOffsetsToTxn and TxnOffsetCommit are one step. Outputs come first, as in Kafka's example; the " +
			"other order commits nothing else.",
		Sources: []string{
			"TransactionManager.sendOffsetsToTransaction (clients 4.1)",
			"GroupCoordinator.commitTransactionalOffsets, ClassicGroup.validateOffsetCommit (4.1)",
			"KIP-447 (2.5)",
		},
	},
	Applies: (*Model).isolated,
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.offersOffsets(s, b.Slot) && (b.Slot == 0 || !m.fencesByGroup())
	},
	Effect: joinEffect,
	Text:   "{member} sends its offsets to the transaction",
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		q := m.process(pre, b.Slot)
		p.Transaction = m.transactionParam(m.idOf(pre, q.attempt))
		p.Offset = at(m.offsetBehind(q))
		return ""
	},
	Causes: []Cause{byCommit, byGroupMeta, byTxnID},
	Route:  Route{From: "{member}", To: "coordinator", Label: "offsets"},
	Forced: steady,
}

// offersOffsets says that the process calls sendOffsetsToTransaction next.
func (m *Model) offersOffsets(s *State, slot int) bool {
	p := m.process(s, slot)
	return p.stage == stageWorking && p.sent == p.size && !p.offsets && m.current(s, p) &&
		!m.transaction(s, m.idOf(s, p.attempt)).state.preparing()
}

func joinEffect(m *Model, s *State, b Binding) {
	p := m.process(s, b.Slot)
	p.offsets = true
	m.setProcess(s, b.Slot, p)
	id := m.idOf(s, p.attempt)
	t := m.transaction(s, id)
	if t.state != txnOngoing {
		t = transaction{state: txnOngoing, at: t.at}
	}
	t.offsets, t.pending = true, m.offsetBehind(p)
	m.setTransaction(s, id, t)
	m.fenceLateOffsets(s, id)
}

var groupRefusesOffsets = &Action{
	Name: "GroupRefusesOffsets", Area: AreaProcess, Actor: "process", Over: PerProcess,
	Doc: Doc{
		Summary:   "GroupRefusesOffsets is ILLEGAL_GENERATION for the offsets of a process that has lost the partition.",
		Guard:     "It sends its offsets with the group's metadata, and brokers look at it (2.5 on).",
		Effect:    "It has to abort its transaction.",
		Abstracts: "Nothing beyond OffsetsJoinTransaction.",
		Sources: []string{
			"TransactionManager.TxnOffsetCommitHandler (CommitFailedException)",
			"ClassicGroup.validateOffsetCommit (4.1)",
			"KIP-447 (2.5)",
		},
	},
	Applies: func(m *Model) bool { return m.isolated() && m.fencesByGroup() && hasOldProcess(m) },
	Guard: func(m *Model, s *State, b Binding) bool {
		return b.Slot == 1 && m.offersOffsets(s, b.Slot)
	},
	Effect: func(m *Model, s *State, b Binding) {
		p := m.process(s, b.Slot)
		p.stage = stageAborting
		m.setProcess(s, b.Slot, p)
	},
	Text:   "the group refuses the offsets of {member}: the partition is another member's",
	Causes: []Cause{byGroupMeta},
	Route:  Route{From: "input", To: "{member}", Label: "illegal generation"},
	Forced: steady,
}

var processIsFenced = &Action{
	Name: "ProcessIsFenced", Area: AreaProcess, Actor: "process", Over: PerProcess, Applies: hasTransactions,
	Doc: Doc{
		Summary: "ProcessIsFenced is a process finding that the coordinator has gone on to a newer epoch: " +
			"PRODUCER_FENCED or INVALID_PRODUCER_EPOCH.",
		Guard: "It has a transaction in hand, and its epoch is no longer the coordinator's.",
		Effect: "Its producer cannot be used. The owner of the partition replaces the producer and goes on as " +
			"app.on-abort says; a process that has lost the partition ends.",
		Abstracts: "Which request meets the error.",
		Sources: []string{
			"TransactionManager.EndTxnHandler and AddPartitionsToTxnHandler (fatal in clients up to 4.1)",
			"KIP-588 (2.7) makes it abortable for produce requests only",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		p := m.process(s, b.Slot)
		return p.stage >= stageWorking && p.stage <= stageResetting && !m.current(s, p)
	},
	Effect: func(m *Model, s *State, b Binding) {
		p := m.process(s, b.Slot)
		m.noteAborted(s, p.attempt)
		m.replaceProducer(s, b.Slot, p)
	},
	Text: "{member} finds that its producer is fenced",
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		p.Transaction = m.transactionParam(m.idOf(pre, m.process(pre, b.Slot).attempt))
		return ""
	},
	Causes: []Cause{byTxnID, byRandomID, byOnAbort},
	Route:  Route{From: "coordinator", To: "{member}", Label: "fenced"},
	Forced: steady,
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

var transactionEnds = &Action{
	Name: "TransactionEnds", Area: AreaProcess, Actor: "process", Over: PerProcess, Applies: hasTransactions,
	Doc: Doc{
		Summary: "TransactionEnds is commitTransaction() or abortTransaction(): EndTxn and its answer.",
		Guard: "The epoch is the coordinator's and no transaction of the id is being completed. To commit, all " +
			"outputs in hand are acknowledged and the offsets are in the transaction, if that is where they go; " +
			"or the process has to abort.",
		Effect: "An open transaction is decided: with the commit its offsets are the group's. Before " +
			"transaction.version 2 a transaction that is complete already gives success if the result is the " +
			"same; else INVALID_TXN_STATE ends the producer. With it the epoch grows, and what was not open can " +
			"be aborted. The process goes on with its next poll, or commits its offset after the transaction; " +
			"after an abort it goes on as app.on-abort says: back at the committed offset, or behind what it had " +
			"in hand. Before transaction.version 2 a failed request makes it begin a new epoch.",
		Abstracts: "The answer comes when the decision is durable; a request or answer that is lost and sent again " +
			"changes nothing that is not the fault delay.",
		Sources: []string{
			"TransactionCoordinator.endTransactionWithTV1 and endTransaction, TransactionMetadata.prepareAbortOrCommit (4.1",
			"one path up to 3.9)",
			"TransactionManager.beginCompletingTransaction (clients 2.5 to 4.1)",
			"KIP-890 part 2",
			"Kafka documentation 4.1, Message Delivery Semantics: an abort does not rewind the consumer",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		_, ready := m.ending(s, b.Slot)
		return ready
	},
	Effect: func(m *Model, s *State, b Binding) {
		commit, _ := m.ending(s, b.Slot)
		m.endsTransaction(s, b.Slot, commit)
	},
	Text: "{member} ",
	Outcomes: []Outcome{
		{Word: "commit", Text: "commits", Label: "EndTxn commit"},
		{Word: "commit-repeated", Text: "commits; the coordinator finds that done already", Label: "EndTxn commit"},
		{Word: "commit-invalid", Text: "ends its transaction; the coordinator answers INVALID_TXN_STATE and the producer cannot be used any more", Label: "EndTxn commit"},
		{Word: "abort", Text: "aborts[ and goes on at input offset {offset}]", Label: "EndTxn abort"},
		{Word: "abort-repeated", Text: "aborts; the coordinator finds that done already[ and goes on at input offset {offset}]", Label: "EndTxn abort"},
		{Word: "abort-invalid", Text: "ends its transaction; the coordinator answers INVALID_TXN_STATE and the producer cannot be used any more", Label: "EndTxn abort"},
	},
	Result: endResult,
	Causes: []Cause{byTxnID, byOnAbort.when(isAbort), byTxnLevel},
	Route:  Route{From: "{member}", To: "coordinator", Label: "EndTxn"},
	Forced: steady,
}

// ending says whether a process can send EndTxn now, and with which result.
func (m *Model) ending(s *State, slot int) (commit, ready bool) {
	p := m.process(s, slot)
	switch p.stage {
	case stageCommitting:
		commit = true
	case stageAborting, stageResetting:
	case stageWorking:
		if p.sent < p.size || !p.offsets && m.isolated() || m.resumes() {
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
		m.noteAborted(s, p.attempt)
	}
	newEpoch := m.c.B.BumpsEpochPerTransaction
	switch {
	case t.state == txnOngoing || newEpoch && !commit:
		t = m.decide(s, t, commit)
	case newEpoch && commit && m.sentNothing(s, slot, p):
		m.endsEmpty(s, slot, p)
		return
	case commit && t.state == txnCompleteCommit || !commit && t.state == txnCompleteAbort:
	default:
		m.noteAborted(s, p.attempt)
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
		p.stage = stageOffsetDue
	case !commit:
		p.pos = m.positionAfterAbort(s, p)
		if reset {
			p.stage = stageStarting
		}
	}
	m.setProcess(s, slot, p)
}

// sentNothing says that the process has given up all that it has in hand, so that there is no transaction to end.
func (m *Model) sentNothing(s *State, slot int, p process) bool {
	if !m.followsFailures() || p.stage != stageWorking {
		return false
	}
	for msg := p.from; msg < p.from+p.size; msg++ {
		if !m.passesOver(s, slot, msg) {
			return false
		}
	}
	return true
}

// endsEmpty is a commit of a transaction to which nothing was added: the client sends no EndTxn.
//
// Kafka: TransactionManager.nextRequest, "Not sending EndTxn for completed transaction since no partitions or offsets were
// successfully added" (clients 0.11 to 4.4).
func (m *Model) endsEmpty(s *State, slot int, p process) {
	if slot == 1 {
		m.setProcess(s, slot, process{})
		return
	}
	p = p.emptied()
	p.stage = stageIdle
	if m.commitsAfter() {
		p.stage = stageOffsetDue
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
	next := transaction{state: txnPrepareAbort, output: t.output && t.state == txnOngoing, at: t.at, pending: t.waitingOffset()}
	next.offsets = losesOffsetsMarkers(m) && next.output && t.offsets
	if commit {
		next.state = txnPrepareCommit
	}
	if !next.output {
		next.state += txnCompleteCommit - txnPrepareCommit
	}
	return next
}

var offsetsAreCommitted = &Action{
	Name: "OffsetsAreCommitted", Area: AreaProcess, Actor: "process", Over: Once,
	Doc: Doc{
		Summary: "OffsetsAreCommitted is a commit of offsets outside any transaction.",
		Guard: "The process owns the partition. After the transaction, or after processing, where app.commit says " +
			"so, which with app.send: callback or forget is when send() has returned; with auto commit in a later poll (Java), or at any moment (libraries whose timer commits what " +
			"was handed out).",
		Effect: "The committed offset is the position, or one less with app.commit-offset: current.",
		Abstracts: "The commit is one step that does not fail. The offset of a process that has lost the partition is " +
			"refused by its generation, which needs no step.",
		Sources: []string{
			"ConsumerCoordinator.commitOffsetsSync and maybeAutoCommitOffsetsAsync (clients 4.1)",
		},
	},
	Applies: func(m *Model) bool {
		c := m.c.App.Commit
		return m.output && c != CommitInTransaction && c != CommitBeforeTransaction && c != CommitBeforeProcessing
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		p := m.process(s, 0)
		if m.c.App.Commit != CommitAuto && !m.sendsAhead() {
			return p.stage == stageOffsetDue
		}
		return (p.stage == stageIdle || p.stage == stageWorking && (m.c.B.CommitsUnprocessed || m.sendsAhead())) &&
			p.pos < inputStopped && p.pos > 0 && m.groupCommitted(s) != p.pos-b2i(m.c.App.CommitCurrent) &&
			!(m.sendsAhead() && m.failsNext(s, 0) >= 0)
	},
	Effect: func(m *Model, s *State, b Binding) {
		p := m.process(s, 0)
		m.setGroupCommitted(s, p.pos-b2i(m.c.App.CommitCurrent))
		if p.stage == stageOffsetDue {
			p.stage = stageIdle
		}
		if p.size == 0 {
			m.setFailing(s, failTriesShift, triesWidth, 0) // what follows has its own attempts
		}
		m.setProcess(s, 0, p)
	},
	Text: "the process commits its offset",
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		p.Offset = at(m.groupCommitted(post))
		return ""
	},
	Causes: []Cause{bySend.when(commitsUnsent), byCommit, byAutoCommit.when(commitsItself), byCommitAt},
	Route:  Route{From: "process", To: "input", Label: "commit"},
	Forced: steady,
}

func endResult(m *Model, pre *State, b Binding, post *State, p *Params) string {
	commit, _ := m.ending(pre, b.Slot)
	id := m.idOf(pre, m.process(pre, b.Slot).attempt)
	p.Transaction = m.transactionParam(id)
	word := "abort"
	if commit {
		word = "commit"
	}
	before, after := m.transaction(pre, id), m.transaction(post, id)
	if after == before {
		return word + "-invalid"
	}
	if q := m.process(post, b.Slot); b.Slot == 0 && !commit && q.pos < inputStopped {
		p.Offset = at(q.pos)
	}
	if before.state == after.state {
		return word + "-repeated"
	}
	return word
}
