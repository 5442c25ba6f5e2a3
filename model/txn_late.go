package model

// lateActions are the ends of delays: a request that its sender has given up arrives.
var lateActions = []*Action{lateOutputArrives, lateEndTxnArrives}

var lateOutputArrives = &Action{
	Name: "LateOutputArrives", Actor: "broker", Area: AreaProcess, Over: PerLateRequestAndBroker,
	Doc: Doc{
		Summary: "LateOutputArrives is a produce request of the process that arrives after it has timed out.",
		Guard:   "Such a request is on its way; its broker led the epoch that it was sent in.",
		Effect: "The broker appends it if it leads, its checks pass and it is no repeat. No client waits for the answer. " +
			"Where nothing asks whether the transaction is open, the record begins one that the coordinator does " +
			"not know of: readers stop at it, or the producer's next transaction takes it along.",
		Abstracts: "The delay ends at any moment.",
		Sources: []string{
			"As OutputAppends",
			"KIP-890 (hanging transactions), KAFKA-14402",
		},
	},
	Applies: func(m *Model) bool { return m.output && m.c.Faults[Delay] > 0 },
	Guard: func(m *Model, s *State, b Binding) bool {
		g, ok := s.lateRequest(b.Slot)
		return ok && m.leaderOf(s, g.epoch) == b.Broker
	},
	Effect: func(m *Model, s *State, b Binding) {
		g, _ := s.lateRequest(b.Slot)
		s.dropLateRequest(b.Slot)
		if s.actsAsLeader(b.Broker) && m.hasEnoughReplicas(s, b.Broker) && m.admits(s, b.Broker, g.inc) == admitted {
			m.appendOutput(s, b.Broker, g.msg, g.inc)
		}
	},
	Text: "a late produce request arrives at {broker}",
	Outcomes: []Outcome{
		{Word: "appended", Text: " and is appended: {message}"},
		{Word: "dropped", Text: " with {message} and is not appended"},
	},
	Result: lateResult,
	Causes: []Cause{byVerifies, byTxnLevel, byIdempotence},
	Route:  Route{From: "process", To: "{broker}", Label: "late produce"},
	Forced: steady,
}

var lateEndTxnArrives = &Action{
	Name: "LateEndTxnArrives", Area: AreaProcess, Actor: "coordinator", Over: PerLateRequest,
	Doc: Doc{
		Summary: "LateEndTxnArrives is an EndTxn request that arrives after its sender has timed out.",
		Guard:   "Such a request is on its way.",
		Effect: "Where its epoch is the coordinator's and a transaction is open, that transaction is decided as the " +
			"request says: with transaction.version 2 it is the one that the request was meant for, before that " +
			"it may be a later one. Its sender, if it still waits, finds its work done. Everything else is " +
			"refused.",
		Abstracts: "The delay ends at any moment. The answer to a sender that asks again is part of the step with " +
			"transaction.version 2, where a repeat is recognised by its epoch.",
		Sources: []string{
			"TransactionCoordinator.endTransactionWithTV1: the same epoch is accepted whichever transaction is open (KAFKA-17754",
			"Jepsen, Bufstream 0.1.0)",
			"endTransaction: isValidEpoch and retryOnEpochBump (4.0, KIP-890 part 2)",
		},
	},
	Applies: func(m *Model) bool { return m.transactional && m.c.Faults[Delay] > 0 },
	Guard: func(m *Model, s *State, b Binding) bool {
		_, ok := m.lateEndTxn(s, b.Slot)
		return ok
	},
	Effect: lateEndTxnEffect,
	Text:   "the late EndTxn arrives",
	Outcomes: []Outcome{
		{Word: "refused", Text: " and is refused"},
		{Word: "commit", Text: ": the coordinator decides to commit"},
		{Word: "abort", Text: ": the coordinator decides to abort"},
		{Word: "commit-other", Text: ": the coordinator takes it for the transaction that is open now and decides to commit that"},
		{Word: "abort-other", Text: ": the coordinator takes it for the transaction that is open now and decides to abort that"},
	},
	Result: lateEndTxnResult,
	Causes: []Cause{byTxnLevel},
	Route:  Route{From: "process", To: "coordinator", Label: "late EndTxn"},
	Forced: steady,
}

func lateEndTxnEffect(m *Model, s *State, b Binding) {
	l, _ := m.lateEndTxn(s, b.Slot)
	m.dropLateEndTxn(s, b.Slot)
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
func (m *Model) lateEndTxnCounts(s *State, l lateEndTxn, t transaction) bool {
	if m.epochNumber(s, l.number) != m.epochNumber(s, t.at) {
		return false
	}
	return t.state == txnOngoing || m.c.B.BumpsEpochPerTransaction && !l.commit && !t.state.preparing()
}

// sender is the process that waits for the answer to a late EndTxn, or -1.
func (m *Model) sender(s *State, l lateEndTxn) int {
	for slot := 0; slot < MaxMembers; slot++ {
		p := m.process(s, slot)
		if p.attempt == l.number && p.stage >= stageCommitting && p.stage <= stageResetting {
			return slot
		}
	}
	return -1
}

func lateEndTxnResult(m *Model, pre *State, b Binding, post *State, p *Params) string {
	l, _ := m.lateEndTxn(pre, b.Slot)
	id := m.idOf(pre, l.number)
	p.Transaction = m.transactionParam(id)
	t := m.transaction(pre, id)
	word := "abort"
	if l.commit {
		word = "commit"
	}
	switch {
	case !m.lateEndTxnCounts(pre, l, t):
		return "refused"
	case t.at != l.number:
		return word + "-other"
	}
	return word
}
