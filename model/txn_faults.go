package model

import "github.com/kcheck/kcheck/explore"

// outputFaultActions are the faults of the process's requests and of its transactions.
var outputFaultActions = []*Action{
	outputIsLate, endTxnIsLate, outputRequestIsLost, outputResponseIsLost, outputIsRefusedForGood, transactionTimesOut,
}

var outputIsLate = &Action{
	Name: "OutputIsLate", Area: AreaProcess, Actor: "network", Over: PerProcessAndBroker, Class: explore.Fault, Fault: Delay,
	Doc: Doc{
		Summary: "OutputIsLate is the fault delay for a produce request of the process.",
		Guard: "The request could reach a broker that believes that it leads now; fewer than two requests are " +
			"late.",
		Effect: "The request stays on its way (LateOutputArrives). Its sender sends it again, or gives up and has to " +
			"abort.",
		Abstracts: "At most two produce requests are late at once.",
		Sources: []string{
			"Requests in a broker's socket buffer outlive their connection",
			"KIP-890, KAFKA-17754",
		},
	},
	Applies: func(m *Model) bool { return m.output && m.c.Prod.Acks != AcksNone },
	Guard: func(m *Model, s *State, b Binding) bool {
		_, full := s.lateRequest(maxLateRequests - 1)
		return !full && m.canTransmit(s, b.Slot, b.Broker)
	},
	Choices: func(m *Model, s *State, b Binding) int { return m.failures() },
	Effect: func(m *Model, s *State, b Binding) {
		p := m.process(s, b.Slot)
		i := 0
		if _, taken := s.lateRequest(0); taken {
			i = 1
		}
		s.setLateRequest(i, lateRequest{p.from + p.sent, s.epochOf(b.Broker), p.attempt})
		m.attemptEnds(s, b)
	},
	Text: "the produce request to {broker} is late",
	Outcomes: []Outcome{
		{Word: "aborts", Text: "; its sender gives up and has to abort"},
		{Word: "gives-up", Text: "; its sender gives up"},
		{Word: "sent-again", Text: "; it is sent again"},
	},
	Result: failureResult,
	Causes: []Cause{byOnAbort.when(goesOnAfterAbort), byCommit.when(commitsOutside), byRetries, byDelivery},
	Route:  Route{From: "{member}", To: "{broker}", Label: "produce, late", Lost: true},
	Forced: steady,
}

// failures counts the ways in which the client can take the failure of a produce request: it sends it again, it gives
// up. Without retries it gives up; without a time to bound the delivery it sends it again.
func (m *Model) failures() int {
	if m.c.Prod.Retries == 0 || !m.c.Prod.DeliveryTimeout && m.c.Prod.Retries == Unlimited {
		return 1
	}
	return 2
}

// gaveUp says which of the failures a choice is.
func (m *Model) gaveUp(choice int) bool { return choice == 1 || m.c.Prod.Retries == 0 }

// attemptEnds is the failure of a produce request of the process.
func (m *Model) attemptEnds(s *State, b Binding) {
	if m.gaveUp(b.Choice) {
		m.givesUp(s, b.Slot)
		return
	}
	p := m.process(s, b.Slot)
	p.awaiting, p.to = false, 0
	m.setProcess(s, b.Slot, p)
}

var endTxnIsLate = &Action{
	Name: "EndTxnIsLate", Area: AreaProcess, Actor: "network", Over: PerProcess, Class: explore.Fault, Fault: Delay,
	Doc: Doc{
		Summary:   "EndTxnIsLate is the fault delay for an EndTxn request.",
		Guard:     "The process could end its transaction now, and no EndTxn of it is late.",
		Effect:    "The request stays on its way (LateEndTxnArrives); the process sends it again.",
		Abstracts: "At most two EndTxn requests are late at once.",
		Sources: []string{
			"TransactionManager.TxnRequestHandler.onComplete sends again after a disconnect (clients)",
			"KAFKA-17754",
		},
	},
	Applies: hasTransactions,
	Guard: func(m *Model, s *State, b Binding) bool {
		_, ready := m.ending(s, b.Slot)
		l, first := m.lateEndTxn(s, 0)
		_, second := m.lateEndTxn(s, 1)
		return ready && !second && !(first && l.number == m.process(s, b.Slot).attempt)
	},
	Effect: func(m *Model, s *State, b Binding) {
		commit, _ := m.ending(s, b.Slot)
		p := m.process(s, b.Slot)
		i := 0
		if _, taken := m.lateEndTxn(s, 0); taken {
			i = 1
		}
		m.setLateEndTxn(s, i, lateEndTxn{commit, p.attempt})
		if commit {
			p.stage = stageCommitting
		}
		m.setProcess(s, b.Slot, p)
	},
	Text: "the EndTxn request of {member} is late; it sends it again",
	Outcomes: []Outcome{
		{Word: "commit"},
		{Word: "abort"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		commit, _ := m.ending(pre, b.Slot)
		p.Transaction = m.transactionParam(m.idOf(pre, m.process(pre, b.Slot).attempt))
		if commit {
			return "commit"
		}
		return "abort"
	},
	Causes: []Cause{byClient.when(isOldClient), byTxnLevel},
	Route:  Route{From: "{member}", To: "coordinator", Label: "EndTxn, late", Lost: true},
	Forced: steady,
}

var outputRequestIsLost = &Action{
	Name: "OutputRequestIsLost", Area: AreaProcess, Actor: "network", Over: PerProcess, Class: explore.Fault, Fault: RequestLost,
	Doc: Doc{
		Summary:   "OutputRequestIsLost is the fault request-lost for a produce request of the process.",
		Guard:     "The process has an output to send and some broker believes that it leads.",
		Effect:    "The request does not arrive; the client sends it again, or gives up.",
		Abstracts: "As RequestIsLost.",
		Sources: []string{
			"As RequestIsLost",
		},
	},
	Applies: hasOutput,
	Guard: func(m *Model, s *State, b Binding) bool {
		p := m.process(s, b.Slot)
		return m.sending(s, b.Slot) && !p.awaiting && m.anyLeads(s)
	},
	Choices: func(m *Model, s *State, b Binding) int {
		if m.c.Prod.Acks == AcksNone {
			return 1
		}
		return m.failures()
	},
	Effect: func(m *Model, s *State, b Binding) {
		if m.c.Prod.Acks == AcksNone {
			m.advance(s, b.Slot, m.process(s, b.Slot)) // nobody waits for an answer
			return
		}
		m.attemptEnds(s, b)
	},
	Text: "the connection breaks and the produce request of {member} is lost",
	Outcomes: []Outcome{
		{Word: "acked", Text: "; without acknowledgements its sender goes on"},
		{Word: "aborts", Text: "; its sender gives up and has to abort"},
		{Word: "gives-up", Text: "; its sender gives up"},
		{Word: "sent-again", Text: "; it is sent again"},
	},
	Result: failureResult,
	Causes: []Cause{byAcks.when(waitsForNobody), byRetries, byIdempotence},
	Route:  Route{From: "{member}", To: "{leader}", Label: "produce", Lost: true},
	Forced: steady,
}

// anyLeads says that some broker believes that it leads.
func (m *Model) anyLeads(s *State) bool {
	for b := 0; b < m.n; b++ {
		if s.actsAsLeader(b) {
			return true
		}
	}
	return false
}

var outputResponseIsLost = &Action{
	Name: "OutputResponseIsLost", Area: AreaProcess, Actor: "network", Over: PerProcess, Class: explore.Fault, Fault: ResponseLost,
	Doc: Doc{
		Summary:   "OutputResponseIsLost is the fault response-lost for a produce request of the process.",
		Guard:     "An output is appended and its answer outstanding.",
		Effect:    "The client sends it again, or gives up.",
		Abstracts: "As ResponseIsLost.",
		Sources: []string{
			"As ResponseIsLost",
		},
	},
	Applies: func(m *Model) bool { return m.output && m.c.Prod.Acks != AcksNone },
	Guard:   func(m *Model, s *State, b Binding) bool { return m.process(s, b.Slot).awaiting },
	Choices: func(m *Model, s *State, b Binding) int { return m.failures() },
	Effect:  func(m *Model, s *State, b Binding) { m.attemptEnds(s, b) },
	Text:    "the connection breaks before the answer to {member} arrives",
	Outcomes: []Outcome{
		{Word: "aborts", Text: "; its sender gives up and has to abort"},
		{Word: "gives-up", Text: "; its sender gives up"},
		{Word: "sent-again", Text: "; it is sent again"},
	},
	Result: failureResult,
	Causes: []Cause{byRetries, byIdempotence},
	Route:  Route{From: "{leader}", To: "{member}", Label: "answer", Lost: true},
	Forced: steady,
}

var outputIsRefusedForGood = &Action{
	Name: "OutputIsRefusedForGood", Area: AreaProcess, Actor: "process", Over: PerProcess, Class: explore.Fault, Fault: SendRefused,
	Doc: Doc{
		Summary:   "OutputIsRefusedForGood is the fault send-refused for an output.",
		Guard:     "The process has an output to send that is not appended.",
		Effect:    "The send failed: a transaction has to be aborted; without one the application gives the output up.",
		Abstracts: "As SendIsRefused. Done again, the output is taken.",
		Sources: []string{
			"RecordTooLargeException",
			"TransactionManager.maybeTransitionToErrorState (clients)",
		},
	},
	Applies: hasOutput,
	Guard: func(m *Model, s *State, b Binding) bool {
		p := m.process(s, b.Slot)
		return m.sending(s, b.Slot) && !p.awaiting
	},
	Effect: func(m *Model, s *State, b Binding) { m.givesUp(s, b.Slot) },
	Text:   "the output of {member} is refused permanently",
	Result: nextOutputResult,
	Causes: []Cause{byTxnID, byOnAbort},
	Route:  Route{From: "{member}", Label: "refused permanently"},
	Forced: Forced{Unforceable, "a broker would refuse the output again when it is sent again"},
}

var transactionTimesOut = &Action{
	Name: "TransactionTimesOut", Area: AreaProcess, Actor: "coordinator", Over: PerTransaction, Class: explore.Fault,
	Doc: Doc{
		Summary: "TransactionTimesOut is the fault transaction-timeout: the coordinator aborts an open transaction.",
		Guard:   "A transaction is open and a process has it in hand.",
		Effect: "The epoch grows and the transaction is going to be aborted; the process will find its producer " +
			"fenced.",
		Abstracts: "Nothing beyond CoordinatorFencesPredecessor. With two-phase commit a transaction has no timeout (KIP-939).",
		Sources: []string{
			"TransactionCoordinator.abortTimedOutTransactions (0.11 to 4.1)",
			"transaction.timeout.ms",
		},
	},
	Fault: TransactionTimeout, Applies: func(m *Model) bool { return m.transactional && !m.c.Txn.TwoPhase },
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.transaction(s, b.Slot).state == txnOngoing && m.inHands(s, b.Slot)
	},
	Effect: func(m *Model, s *State, b Binding) { m.abortWithNewEpoch(s, b.Slot) },
	Text:   "the transaction times out; the coordinator aborts it",
	Causes: []Cause{byReadsOut.when(readsAborted), byOnAbort.when(goesOnAfterAbort), byCommit.when(commitsOutside), byTwoPhase.when(resumesTransactions), byTxnTimeout},
	Route:  Route{From: "coordinator", Label: "timeout, aborts"},
	Forced: steady,
}

func failureResult(m *Model, pre *State, b Binding, post *State, p *Params) string {
	was, is := m.process(pre, b.Slot), m.process(post, b.Slot)
	p.Message = m.nextOutput(pre, b.Slot)
	p.Leader = m.leaderIn(pre, pre.epoch())
	if was.awaiting {
		p.Leader = m.leaderIn(pre, was.to)
	}
	switch {
	case m.c.Prod.Acks == AcksNone:
		return "acked"
	case is.stage != was.stage && m.transactional:
		return "aborts"
	case is.sent != was.sent || is.stage != was.stage:
		return "gives-up"
	}
	return "sent-again"
}
