package model

// processActions are the start of the process and its polls.
var processActions = []*Action{processStarts, processPolls}

// The process that consumes, transforms and produces: poll, send the outputs, send the offsets, end the transaction.

var processStarts = &Action{
	Name: "ProcessStarts", Area: AreaProcess, Actor: "process", Over: Once, Applies: hasOutput,
	Doc: Doc{
		Summary: "ProcessStarts is a process, or a producer that replaces one in it, getting ready: " +
			"initTransactions(), then the fetch of the committed offset.",
		Guard: "It has just started, or its producer needs a new epoch; with transactions no transaction of its " +
			"transactional.id is open or being completed; if the client asks for stable offsets (2.5), none of the " +
			"group's is waiting for a transaction's end.",
		Effect: "A transactional producer has a new epoch, or with random ids a new transactional.id at a new start; " +
			"a merely idempotent one a new producer id. Without a position the process goes on from the committed " +
			"offset, or without one as auto.offset.reset says. A predecessor with the same id that still works " +
			"is fenced and ends.",
		Abstracts: "InitProducerId and OffsetFetch are one step, in this order, as in KIP-98's loop. A fenced " +
			"predecessor can no longer do anything, so it is removed at once.",
		Sources: []string{
			"TransactionCoordinator.handleInitProducerId and TransactionMetadata.prepareIncrementProducerEpoch (0.11 to 4.1)",
			"OffsetFetch with require_stable, UNSTABLE_OFFSET_COMMIT (2.5, KIP-447)",
			"KIP-98",
			"KIP-360 for the producer that asks for a new epoch after an error (2.5)",
		},
	},
	Guard: canStart, Effect: startEffect,
	Text: "the process initialises its producer",
	Outcomes: []Outcome{
		{Word: "resumed", Text: "; it goes on at input offset {offset}"},
		{Word: "fetched", Text: " and fetches the committed offset: {offset}"},
	},
	Result: startResult,
	Causes: []Cause{byTxnID, byRandomID, byReset},
	Route:  Route{From: "coordinator", To: "process", Label: "InitProducerId"},
	Silent: true,
	Forced: steady,
}

func hasOutput(m *Model) bool        { return m.output }
func hasTransactions(m *Model) bool  { return m.transactional }
func hasOldProcess(m *Model) bool    { return m.output && m.hasFormerMember() }
func (m *Model) isolated() bool      { return m.transactional && m.c.App.Commit == CommitInTransaction }
func (m *Model) fencesByGroup() bool { return m.c.App.GroupMetadata && m.c.B.FencesByGroupMetadata }

func canStart(m *Model, s *State, b Binding) bool {
	p := m.process(s, 0)
	if p.stage != stageStarting || p.pos == inputNone && m.c.B.WaitsForStableOffsets && m.offsetsPending(s) {
		return false
	}
	if !m.transactional || m.takesNewID(p) {
		return true
	}
	t := m.transaction(s, m.startingID(s, p))
	return t.state != txnOngoing && !t.state.preparing()
}

// takesNewID says that a starting process will use a transactional.id nobody used before.
func (m *Model) takesNewID(p process) bool { return m.c.App.TxnID == IDRandom && p.pos == inputNone }

// startingID is the transactional.id that a starting process uses.
func (m *Model) startingID(s *State, p process) int {
	switch {
	case m.takesNewID(p):
		return m.lastID(s) + 1
	case m.c.App.TxnID == IDPerInstance && m.numbersHaveIDs():
		return get(s[m.wTxn+3], ownerShift, 1)
	}
	return m.idOf(s, p.attempt)
}

// offsetsPending says that an offset of the group waits for the end of a transaction.
func (m *Model) offsetsPending(s *State) bool {
	for id := 0; id < maxIDs; id++ {
		if t := m.transaction(s, id); t.state == txnOngoing && t.offsets || t.waitingOffset() > 0 {
			return true
		}
	}
	return false
}

func startEffect(m *Model, s *State, b Binding) {
	p := m.process(s, 0)
	switch {
	case m.transactional:
		p.attempt = m.newNumber(s, m.startingID(s, p), true)
		id := m.idOf(s, p.attempt)
		m.setTransaction(s, id, transaction{at: p.attempt, pending: m.transaction(s, id).waitingOffset()})
		m.endFenced(s, id)
	case m.c.Prod.Idempotent:
		p.attempt = m.newNumber(s, 0, false)
	}
	if p.pos == inputNone {
		p.pos = m.startingPosition(s)
	}
	p.stage = stageIdle
	m.setProcess(s, 0, p)
}

// endFenced takes away a process that a new epoch of its transactional.id, which is id, has fenced. Without partition verification
// its produce requests might still be taken, so it stays.
func (m *Model) endFenced(s *State, id int) {
	if old := m.process(s, 1); old.stage != stageGone && m.idOf(s, old.attempt) == id &&
		(m.c.B.BumpsEpochPerTransaction || m.c.B.VerifiesTransactionPartitions) {
		m.noteAbandoned(s, old)
		m.setProcess(s, 1, process{})
	}
}

// noteAbandoned notes that nobody will commit what process p has written, unless it has asked for the commit already.
func (m *Model) noteAbandoned(s *State, p process) {
	if m.transactional && (p.stage == stageWorking || p.stage == stageAborting || p.stage == stageResetting) {
		m.noteAborted(s, p.attempt)
	}
}

// startingPosition is the committed offset, or what auto.offset.reset says without one.
func (m *Model) startingPosition(s *State) int {
	switch at := m.groupCommitted(s); {
	case at != inputNone:
		return at
	case m.c.Cons.Reset == ResetEarliest:
		return 0
	case m.c.Cons.Reset == ResetLatest:
		return m.c.Scope.Messages
	}
	return inputStopped
}

var processPolls = &Action{
	Name: "ProcessPolls", Area: AreaProcess, Actor: "process", Over: Once, Applies: hasOutput,
	Doc: Doc{
		Summary: "ProcessPolls is a poll of the input and beginTransaction().",
		Guard: "The process owns the partition and has finished with what it polled before; without a transaction and with " +
			"app.send: callback or forget that is so when send() has returned and the offset is committed where the loop " +
			"does that; there is input behind its position; its transactional.id is not fenced and no transaction of it " +
			"is being completed.",
		Effect: "It has one or two messages in hand and its position is behind them. Before transaction.version 2 the " +
			"output partition is added to the transaction, which is open at the coordinator from here on. With " +
			"app.commit: before-transaction or before-processing the offset is committed first.",
		Abstracts: "How many messages a poll returns, up to two, is a choice. At most two outputs are in the producer. " +
			"AddPartitionsToTxn is part of this step; " +
			"with transaction.version 2 the leader adds the partition (OutputAppends). The poll waits for " +
			"CONCURRENT_TRANSACTIONS to pass, which in Kafka the first request of the transaction does. The input " +
			"topic is reliable.",
		Sources: []string{
			"TransactionManager.beginTransaction and maybeAddPartition (clients 4.1)",
			"TransactionCoordinator. handleAddPartitionsToTransaction and TransactionMetadata.prepareAddPartitions (0.11 to 4.1)",
			"KIP-98",
		},
	},
	Guard: canPollInput,
	Choices: func(m *Model, s *State, b Binding) int {
		p := m.process(s, 0)
		return min(maxInHand-p.size, m.c.Scope.Messages-p.pos)
	},
	Effect: pollInputEffect,
	Text:   "the process polls the input: {messages}",
	Outcomes: []Outcome{
		{Word: "polled"},
		{Word: "committed", Text: ", and commits offset {committed}"},
	},
	Result: pollInputResult,
	Causes: []Cause{byCommit, byTxnLevel.when(isTransaction)},
	Route:  Route{From: "input", To: "process", Label: "records {messages}"},
	Silent: true,
	Forced: steady,
}

// maxInHand is how many messages a process has in hand at most: enough for a transaction to be torn between two outputs.
const maxInHand = 2

// sendsAhead says that the loop goes on as soon as send() has returned: it commits, and polls, while outputs are still in
// the producer. commitTransaction() waits for them in any case (KafkaProducer.commitTransaction flushes).
func (m *Model) sendsAhead() bool { return !m.transactional && m.c.App.Send != SendWait }

// commitDue says that the loop commits its offset before it polls again.
func (m *Model) commitDue(s *State, p process) bool {
	return m.commitsAfter() && p.pos > 0 && m.groupCommitted(s) != p.pos-b2i(m.c.App.CommitCurrent)
}

func canPollInput(m *Model, s *State, b Binding) bool {
	p := m.process(s, 0)
	if p.pos >= m.c.Scope.Messages {
		return false
	}
	if m.sendsAhead() {
		return (p.stage == stageIdle || p.stage == stageWorking) && p.size < maxInHand && !m.commitDue(s, p) && m.failsNext(s, 0) < 0
	}
	if p.stage != stageIdle {
		return false
	}
	if !m.transactional {
		return true
	}
	t := m.transaction(s, m.idOf(s, p.attempt))
	return !t.state.preparing() && m.current(s, p)
}

// current says that the coordinator has not gone on to a newer epoch than the process has.
func (m *Model) current(s *State, p process) bool {
	return m.epochNumber(s, p.attempt) == m.epochNumber(s, m.transaction(s, m.idOf(s, p.attempt)).at)
}

func pollInputEffect(m *Model, s *State, b Binding) {
	p := m.process(s, 0)
	if p.size == 0 {
		p.from = p.pos
	}
	p.size, p.pos = p.size+b.Choice+1, p.pos+b.Choice+1
	p.stage = stageWorking
	m.passOver(s, 0, p)
	if m.transactional && !m.c.B.BumpsEpochPerTransaction {
		id := m.idOf(s, p.attempt)
		t := m.transaction(s, id)
		m.setTransaction(s, id, transaction{state: txnOngoing, output: true, at: t.at, pending: t.waitingOffset()})
	}
	if m.commitsBefore() {
		m.setGroupCommitted(s, m.offsetBehind(p))
	}
}

// offsetBehind is the offset that a commit of what p has in hand writes.
func (m *Model) offsetBehind(p process) int { return p.from + p.size - b2i(m.c.App.CommitCurrent) }

func startResult(m *Model, pre *State, b Binding, post *State, p *Params) string {
	q := m.process(post, 0)
	p.Offset = at(q.pos)
	if m.process(pre, 0).pos != inputNone {
		return "resumed"
	}
	return "fetched"
}

func pollInputResult(m *Model, pre *State, b Binding, post *State, p *Params) string {
	q := m.process(post, 0)
	p.Messages, p.Offset = q.inHand()[m.process(pre, 0).size:], at(q.pos)
	if m.groupCommitted(pre) == m.groupCommitted(post) {
		return "polled"
	}
	p.Committed = at(m.groupCommitted(post))
	return "committed"
}
