package model

import "github.com/kcheck/kcheck/explore"

// A request of the process that commits input offsets and is late.

// lateOffsetsActions are the ends of such delays, offsetsFaultActions their beginnings.
var (
	lateOffsetsActions  = []*Action{lateOffsetsArrive, lateInputCommitArrives}
	offsetsFaultActions = []*Action{offsetsAreLate, inputCommitIsLate}
)

// offsetsCanBeLate says that a late TxnOffsetCommit can make a difference. With an epoch for each transaction a newer one
// fences it, and within one transaction it says what its repeat has said.
func offsetsCanBeLate(m *Model) bool {
	return m.isolated() && !m.c.B.BumpsEpochPerTransaction && m.c.Faults[Delay] > 0
}

var offsetsAreLate = &Action{
	Name: "OffsetsAreLate", Area: AreaProcess, Actor: "network", Over: PerProcess, Class: explore.Fault, Fault: Delay,
	Doc: Doc{
		Summary: "OffsetsAreLate is the fault delay for a TxnOffsetCommit request.",
		Guard:   "As OffsetsJoinTransaction, before transaction.version 2; none is late.",
		Effect: "The request stays on its way (LateOffsetsArrive). The process sends it again, which is answered, or gives " +
			"up and has to abort.",
		Abstracts: "At most one commit of offsets is late at a time.",
		Sources: []string{
			"TransactionManager.TxnOffsetCommitHandler sends again after a disconnect (clients 0.11 to 4.4)",
			"max.block.ms bounds sendOffsetsToTransaction (clients 2.5 to 4.4)",
		},
	},
	Applies: offsetsCanBeLate,
	Guard: func(m *Model, s *State, b Binding) bool {
		_, taken := m.lateOffsets(s)
		return !taken && offsetsJoinTransaction.Guard(m, s, b)
	},
	Choices: func(m *Model, s *State, b Binding) int { return 2 },
	Effect: func(m *Model, s *State, b Binding) {
		p := m.process(s, b.Slot)
		joinEffect(m, s, b)
		m.setLateOffsets(s, lateOffsets{p.attempt, m.offsetBehind(p)})
		if b.Choice == 1 {
			p.stage = stageAborting
			m.setProcess(s, b.Slot, p)
		}
	},
	Text: "the request with the offsets of {member} is late",
	Outcomes: []Outcome{
		{Word: "sent-again", Text: "; it sends it again"},
		{Word: "aborts", Text: "; it gives up and has to abort"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		q := m.process(pre, b.Slot)
		p.Transaction, p.Offset = m.transactionParam(m.idOf(pre, q.attempt)), at(m.offsetBehind(q))
		if m.process(post, b.Slot).stage == stageAborting {
			return "aborts"
		}
		return "sent-again"
	},
	Causes: []Cause{byTxnLevel, byVerifies},
	Route:  Route{From: "{member}", To: "input", Label: "offsets, late", Lost: true},
	Forced: Forced{Unforceable, "kcheck reproduce holds back produce and EndTxn requests only"},
}

var lateOffsetsArrive = &Action{
	Name: "LateOffsetsArrive", Area: AreaProcess, Actor: "group", Over: Once,
	Doc: Doc{
		Summary: "LateOffsetsArrive is a TxnOffsetCommit request that arrives after its sender has gone on.",
		Guard:   "Such a request is on its way, and no newer epoch of its producer has sent offsets or ended a transaction with some.",
		Effect: "Where the producer's next transaction has sent offsets already, these are replaced: what it will commit is an " +
			"older offset. Before 3.7, and without verification, offsets that are in no open transaction wait for one: until " +
			"then nobody gets the group's offset who asks for a stable one (2.5 on).",
		Abstracts: "The delay ends at any moment.",
		Sources: []string{
			"GroupMetadata.prepareTxnOffsetCommit (0.11 to 3.9), OffsetMetadataManager.commitTransactionalOffset (4.0 to 4.4)",
			"GroupCoordinator.doTxnCommitOffsets (3.7, KIP-890 part 1)",
			"UNSTABLE_OFFSET_COMMIT (2.5, KIP-447)",
		},
	},
	Applies: offsetsCanBeLate,
	Guard: func(m *Model, s *State, b Binding) bool {
		_, ok := m.lateOffsets(s)
		return ok
	},
	Effect: func(m *Model, s *State, b Binding) {
		l, _ := m.lateOffsets(s)
		m.dropLateOffsets(s)
		id := m.idOf(s, l.number)
		if t := m.transaction(s, id); m.lateOffsetsCount(s, l, t) {
			t.pending = l.offset
			m.setTransaction(s, id, t)
		}
	},
	Text: "the late offsets arrive",
	Outcomes: []Outcome{
		{Word: "refused", Text: " and are refused"},
		{Word: "joined", Text: ": the open transaction will commit input offset {offset}"},
		{Word: "pending", Text: ": they are in no open transaction, and nobody will end them"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		l, _ := m.lateOffsets(pre)
		id := m.idOf(pre, l.number)
		p.Transaction, p.Offset = m.transactionParam(id), at(l.offset)
		t := m.transaction(pre, id)
		switch {
		case !m.lateOffsetsCount(pre, l, t):
			return "refused"
		case t.offsets:
			return "joined"
		}
		return "pending"
	},
	Causes: []Cause{byTxnLevel, byVerifies},
	Route:  Route{From: "process", To: "input", Label: "late offsets"},
	Forced: Forced{Unforceable, "kcheck reproduce holds back produce and EndTxn requests only"},
}

// lateOffsetsCount says that the group takes late offsets of a transactional.id.
func (m *Model) lateOffsetsCount(s *State, l lateOffsets, t transaction) bool {
	if t.state == txnOngoing && t.offsets {
		return m.epochNumber(s, l.number) == m.epochNumber(s, t.at)
	}
	return !m.c.B.VerifiesTransactionOffsets && !t.offsets
}

// fenceLateOffsets drops a late request of an epoch of the id before the present one, of which offsets arrive now.
func (m *Model) fenceLateOffsets(s *State, id int) {
	if !offsetsCanBeLate(m) {
		return
	}
	l, ok := m.lateOffsets(s)
	if ok && m.idOf(s, l.number) == id && m.epochNumber(s, l.number) < m.epochNumber(s, m.transaction(s, id).at) {
		m.dropLateOffsets(s)
	}
}

// endGeneration drops a late request that the group refuses from now on, since its member is no more.
func (m *Model) endGeneration(s *State) {
	if !m.isolated() || m.fencesByGroup() {
		m.dropLateOffsets(s)
	}
}

// waitingOffset is the offset that waits for a transaction, although none that is open has sent it; 0 is none.
func (t transaction) waitingOffset() int {
	if t.offsets {
		return 0
	}
	return t.pending
}

var inputCommitIsLate = &Action{
	Name: "InputCommitIsLate", Area: AreaProcess, Actor: "network", Over: Once, Class: explore.Fault, Fault: Delay,
	Doc: Doc{
		Summary:   "InputCommitIsLate is the fault delay for an OffsetCommit request of the process.",
		Guard:     "As OffsetsAreCommitted; none is late.",
		Effect:    "The request stays on its way (LateInputCommitArrives); the process sends it again, which is answered.",
		Abstracts: "As OffsetsAreLate. That it is not sent again, and the next one is, makes the same difference.",
		Sources: []string{
			"ConsumerCoordinator.commitOffsetsSync sends again after a disconnect (clients)",
		},
	},
	Applies: func(m *Model) bool { return offsetsAreCommitted.Applies(m) },
	Guard: func(m *Model, s *State, b Binding) bool {
		_, taken := m.lateOffsets(s)
		return !taken && offsetsAreCommitted.Guard(m, s, b)
	},
	Effect: func(m *Model, s *State, b Binding) {
		offsetsAreCommitted.Effect(m, s, b)
		m.setLateOffsets(s, lateOffsets{offset: m.groupCommitted(s)})
	},
	Text: "the commit of the process is late; it sends it again",
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		p.Offset = at(m.groupCommitted(post))
		return ""
	},
	Causes: []Cause{byCommit},
	Route:  Route{From: "process", To: "input", Label: "commit, late", Lost: true},
	Forced: Forced{Unforceable, "kcheck reproduce holds back produce and EndTxn requests only"},
}

var lateInputCommitArrives = &Action{
	Name: "LateInputCommitArrives", Area: AreaProcess, Actor: "group", Over: Once,
	Doc: Doc{
		Summary:   "LateInputCommitArrives is an OffsetCommit request of the process that arrives after its repeat.",
		Guard:     "Such a request is on its way; its member has its partition still.",
		Effect:    "The group's offset is what the request says, also if it was further.",
		Abstracts: "The delay ends at any moment.",
		Sources: []string{
			"GroupMetadata.onOffsetCommitAppend (0.9 to 3.9), OffsetMetadataManager.commitOffset (4.0 to 4.4): the last one counts",
		},
	},
	Applies: func(m *Model) bool { return offsetsAreCommitted.Applies(m) && m.c.Faults[Delay] > 0 },
	Guard: func(m *Model, s *State, b Binding) bool {
		l, ok := m.lateOffsets(s)
		return ok && l.offset != m.groupCommitted(s)
	},
	Effect: func(m *Model, s *State, b Binding) {
		l, _ := m.lateOffsets(s)
		m.dropLateOffsets(s)
		m.setGroupCommitted(s, l.offset)
	},
	Text: "the late commit of the process arrives: the group's offset is {offset} again",
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		p.Offset = at(m.groupCommitted(post))
		return ""
	},
	Causes: []Cause{byCommit},
	Route:  Route{From: "process", To: "input", Label: "late commit {offset}"},
	Forced: Forced{Unforceable, "kcheck reproduce holds back produce and EndTxn requests only"},
}
