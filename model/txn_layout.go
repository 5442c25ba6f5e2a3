package model

import "math/bits"

// The process of app.output: kafka, with its coordinator and the readers of its output, is a model of its own on top of
// the replicated partition: the files txn_*.go, which no other rule reads. It is not a package of its own, because both work
// on one state within one step: a change of leader fails the requests of the process in the step in which the broker learns
// of it, an append of an output moves the high watermark, and epochs are renumbered in both at once. As a package it
// would need the packed state and some thirty rules of replication to be exported, or copied.
//
// What the rules of the partition need of it are the six functions below, which do nothing without it: initOutput,
// outputDisconnects, outputGoesOn, outputEpochs, rankOutputEpochs and clearUnreadOutput.

// outputSystem is what a model knows of the process; its variables are described in txn_state.go.
type outputSystem struct {
	output        bool // there is one
	transactional bool
	reliable      bool // the output partition is one broker that does not fail
	startsProcess int  // how often the process can be started anew
	maxNumber     int  // of an attempt
	wTxn          int
	wFail         int // 0 where nothing follows what has failed
}

// ReplicatedOutput says that the output partition's replicas can fail in this question.
func (m *Model) ReplicatedOutput() bool { return m.output && !m.reliable }

// layOutOutput is layOut for app.output: kafka.
func (m *Model) layOutOutput() {
	c := &m.c
	m.output, m.transactional = true, c.Prod.Transactional
	m.reliable = c.Faults.Where(isOfBroker) == 0
	m.startsProcess = c.Faults.Where(func(f Fault) bool { return f.StartsProcess == Yes })
	if m.evictsWaiting() {
		m.startsProcess += c.Faults.Where(isOfBroker)
	}
	if m.reliable {
		m.n, m.minISR = 1, 1+b2i(m.minISR > m.n) // which no in-sync set reaches, with brokers that do not fail either
	}
	m.maxNumber = 1<<min(4, bits.Len(uint(m.numbersNeeded()))) - 1
	m.msgBits = uint(bits.Len(uint(c.Scope.Messages - 1)))
	m.incBits = 2 + uint(bits.Len(uint(m.maxNumber)))
	m.entryBits = m.msgBits + 3 + m.incBits
	m.entryMask = 1<<m.entryBits - 1
	m.perWord = min(maxLog, 64/int(m.entryBits))
	m.layOutRecords()
	m.consumer = c.Sees&SeesConsumer != 0 && !m.reliable
	m.exposed = c.Sees&SeesExposed != 0
	m.words = wBrokers + 2*m.n
	m.layOutKept()
	m.wTxn = m.words
	m.words = m.wTxn + 3 + b2i(m.numbersHaveIDs())
	m.layOutFailures()
	m.logCap = m.perWord
	if !m.exposed {
		m.wLog2, m.words = m.words, m.words+m.n
		m.logCap = min(maxLog, 2*m.perWord)
	}
	if m.consumer {
		m.wCons, m.wDone, m.words = m.words, m.words+1, m.words+2
	}
	if m.exposed {
		m.wExposed, m.words = m.words, m.words+2
	}
}

// numbersNeeded bounds the attempts and epochs of a run: an attempt for each message, and what each fault adds.
func (m *Model) numbersNeeded() int {
	f := &m.c.Faults
	if !m.transactional {
		if !m.c.Prod.Idempotent {
			return 0
		}
		return f.Total() + int(f[PoisonRecord]) // the loop ends over one with what was polled before it, and over it alone
	}
	n := m.c.Scope.Messages
	for kind, most := range f {
		n += faults[kind].Attempts * int(most)
		if m.evictsWaiting() && faults[kind].Side == SideBroker {
			n += faults[Rebalance].Attempts * int(most)
		}
	}
	return n + m.startsProcess*int(f[PoisonRecord]) // a new process fails anew
}

// initOutput is the initial state of process and coordinator: the producer is initialised, nothing is polled.
func (m *Model) initOutput(s *State) {
	if !m.output {
		return
	}
	put(&s[m.wTxn+1], groupNextShift, 4, 1)
	p := process{stage: stageIdle}
	if m.c.App.NewGroup {
		m.setGroupCommitted(s, inputNone)
		p.pos = m.startingPosition(s)
	}
	m.setProcess(s, 0, p)
	if m.consumer {
		s[m.wCons] = 0
	}
}

// hasFormerMember says that a member that has lost the partition can go on beside the one that has it.
func (m *Model) hasFormerMember() bool {
	return m.losesPartition() || m.evictsWaiting()
}

// losesPartition says that a fault of the budget makes a member lose the partition while it still works.
func (m *Model) losesPartition() bool {
	handedOver := m.output && m.c.Faults[OrderlyRebalance] > 0 // outputs of a loop that does not wait go on being sent
	return handedOver || m.c.Faults.Where(func(f Fault) bool { return f.FormerMember == Yes }) > 0
}

// members is how many processes there can be at once.
func (m *Model) members() int {
	if m.hasFormerMember() {
		return MaxMembers
	}
	return 1
}

// ids is how many transactional.ids there can be in a run.
func (m *Model) ids() int {
	switch {
	case !m.numbersHaveIDs():
		return 1
	case m.c.App.TxnID == IDPerInstance:
		return MaxMembers
	}
	return min(maxIDs, 1+m.startsProcess)
}

// What the rules of replication need to know of requests to the output partition.

// outputDisconnects ends what waits for the leader of epoch e, as breakConnections does.
func (m *Model) outputDisconnects(s *State, e int, crash bool) {
	if !m.output {
		return
	}
	for slot := 0; slot < MaxMembers; slot++ {
		p := m.process(s, slot)
		switch {
		case !p.awaiting || p.to != e:
		case m.c.Prod.Acks == AcksOne && !crash:
			m.advance(s, slot, p)
		default:
			m.attemptEnds(s, Binding{Slot: slot})
		}
	}
	for id := 0; id < maxIDs; id++ {
		if t := m.transaction(s, id); t.marking && t.to == e {
			t.marking, t.to = false, 0
			m.setTransaction(s, id, t)
		}
	}
}

// outputGoesOn moves what waits for a leader that goes on in a new epoch.
func (m *Model) outputGoesOn(s *State, old, epoch int) {
	m.eachSentTo(s, func(e int) int {
		if e == old {
			return epoch
		}
		return e
	})
}

// outputEpochs is the set of leader epochs that requests to the output partition refer to.
func (m *Model) outputEpochs(s *State) uint {
	set := uint(0)
	m.eachSentTo(s, func(e int) int {
		set |= 1 << e
		return e
	})
	return set
}

// rankOutputEpochs renumbers the leader epochs that requests to the output partition refer to.
func (m *Model) rankOutputEpochs(s *State, rank *[epochs]int) {
	m.eachSentTo(s, func(e int) int { return rank[e] })
}

// eachSentTo replaces the leader epochs that requests to the output partition were sent in.
func (m *Model) eachSentTo(s *State, f func(e int) int) {
	if !m.output {
		return
	}
	for slot := 0; slot < MaxMembers; slot++ {
		if p := m.process(s, slot); p.awaiting {
			p.to = f(p.to)
			m.setProcess(s, slot, p)
		}
	}
	for id := 0; id < maxIDs; id++ {
		if t := m.transaction(s, id); t.marking {
			t.to = f(t.to)
			m.setTransaction(s, id, t)
		}
	}
	if l, ok := m.lateMarker(s); ok && !l.group {
		l.to = f(l.to)
		m.setLateMarker(s, l)
	}
}

// clearUnreadOutput zeroes what no rule about the output will read again.
func (m *Model) clearUnreadOutput(s *State) {
	if !m.output {
		return
	}
	used := uint64(0)
	for number := 0; number <= m.maxNumber; number++ {
		if m.wasAborted(s, number) && m.leftOf(s, number) {
			used |= 1 << number
		}
	}
	if m.followsFailures() && m.process(s, 1).stage == stageGone {
		m.forgetFailures(s, 1)
	}
	s[m.wTxn+2] &^= 0xffff << numAbortedShift
	s[m.wTxn+2] |= used << numAbortedShift
	if !m.sendsAgain(s) {
		s.setKnown(s.epoch())
	}
}

// sendsAgain says that the process may still send an output.
func (m *Model) sendsAgain(s *State) bool {
	p := m.process(s, 0)
	throws := m.c.Faults[ConsumerException] > 0 && !m.transactional // also when it has nothing in hand, until it commits
	return p.stage != stageIdle || p.pos < m.c.Scope.Messages || m.startsProcess > 0 || throws
}
