package model

import (
	"math/bits"
	"slices"
)

// brokerFaults are the faults that make the output partition's replicas differ. Without one in the budget the partition
// is a single reliable broker.
var brokerFaults = []FaultKind{
	BrokerCrash, PowerLoss, TotalPowerLoss, DiskLoss, CleanRestart, LeaderMove, ReplicaLag, Partition,
}

// OfBroker says that the fault is one of the partition's replicas.
func (f FaultKind) OfBroker() bool { return slices.Contains(brokerFaults, f) }

// ReplicatedOutput says that the output partition's replicas can fail in this question.
func (m *Model) ReplicatedOutput() bool { return m.output && !m.reliable }

// Expiries bounds how often an output can expire because brokers fail: once for each member in each outage. The in-sync
// set becomes too small only with more faults than it has members to spare, and each such fault begins one outage at
// most; so does a leader that is cut off. Where the application goes on after a failure, an output that no leader can take
// may expire, too, so any fault that takes a leader away begins one.
func (m *Model) Expiries() int {
	f := &m.c.Faults
	if !m.c.Prod.DeliveryTimeout {
		return 0
	}
	leaving := int(f[BrokerCrash] + f[PowerLoss] + f[DiskLoss] + f[CleanRestart] + f[ReplicaLag] + f[Partition])
	outages := max(0, leaving-(m.n-m.minISR)) + int(f[Partition]) + int(f[TotalPowerLoss])
	if f[TotalPowerLoss] > 0 {
		outages += min(leaving, m.n-m.minISR)
	}
	if m.goesOnAfterFailure() {
		outages = leaving + int(f[TotalPowerLoss])
	}
	return outages * m.members()
}

// replicationActions are the actions that a replicated output partition has in common with every other.
func replicationActions() []*Action {
	return []*Action{
		&FollowerFetches, &FollowerTruncates, &LeaderExpandsISR,
		&ControllerFencesFollower, &ControllerElectsLeader, &ControllerTakesLeaderOffline, &BrokerLearns,
		&BrokerRestarts, &PartitionHeals,
		&BrokerCrashes, &BrokerLosesPower, &AllBrokersLosePower, &BrokerLosesDisk, &BrokerShutsDown,
		&LeaderMoves, &ReplicaLags, &LeaderIsCutOff,
	}
}

// outputActions are the actions of consume-transform-produce.
func outputActions() []*Action {
	return []*Action{
		&ProcessStarts, &ProcessPolls, &OutputAppends, &OutputIsAcknowledged, &OutputIsRefused, &OutputExpires,
		&OffsetsJoinTransaction, &GroupRefusesOffsets, &TransactionEnds, &ProcessIsFenced, &OffsetsAreCommitted,
		&CoordinatorFencesPredecessor, &CoordinatorWritesMarker, &MarkerIsReplicated, &OrphanTimesOut,
		&LateOutputArrives, &LateEndTxnArrives, &DownstreamReads,
		&OutputIsLate, &EndTxnIsLate, &OutputRequestIsLost, &OutputResponseIsLost, &OutputIsRefusedForGood,
		&ProcessCrashes, &ProcessCrashesAsProducer, &ProcessThrows, &InputIsReassigned, &TransactionTimesOut,
	}
}

// concerns says that the action belongs to the system that the question is about. With app.output: kafka that is the
// process, the coordinator and, where they can fail, the replicas of the output partition.
func (m *Model) concerns(a *Action) bool {
	if !m.output {
		return !slices.Contains(outputActions(), a)
	}
	return slices.Contains(outputActions(), a) || !m.reliable && slices.Contains(replicationActions(), a)
}

// layOutOutput is layOut for app.output: kafka.
func (m *Model) layOutOutput() {
	c := &m.c
	m.output, m.transactional = true, c.Prod.Transactional
	m.reliable = !slices.ContainsFunc(brokerFaults, func(f FaultKind) bool { return c.Faults[f] > 0 })
	if m.reliable {
		m.n, m.minISR = 1, 1
	}
	m.maxNumber = 1<<min(4, bits.Len(uint(m.numbersNeeded()))) - 1
	m.msgBits = uint(bits.Len(uint(c.Scope.Messages - 1)))
	m.incBits = 2 + uint(bits.Len(uint(m.maxNumber)))
	m.entryBits = m.msgBits + 3 + m.incBits
	m.entryMask = 1<<m.entryBits - 1
	m.perWord = min(maxLog, 64/int(m.entryBits))
	m.consumer = c.Sees&SeesConsumer != 0 && !m.reliable
	m.exposed = c.Sees&SeesExposed != 0
	m.wTxn = wBrokers + 2*m.n
	m.words = m.wTxn + 3 + b2i(c.App.RandomTxnID)
	m.logCap = m.perWord
	if !m.exposed {
		m.wLog2, m.words = m.words, m.words+m.n
		m.logCap = min(maxLog, 2*m.perWord)
	}
	if m.consumer {
		m.wCons, m.words = m.words, m.words+2
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
		return f.Total()
	}
	n := m.c.Scope.Messages + int(f[ConsumerException]) + 2*int(f[ConsumerCrash]+f[ProducerCrash]+f[TransactionTimeout]) +
		3*int(f[Rebalance]) + 2*int(f[Delay])
	for _, k := range append([]FaultKind{RequestLost, ResponseLost, SendRefused}, brokerFaults...) {
		n += 2 * int(f[k])
	}
	return n
}

// initOutput is the initial state of process and coordinator: the producer is initialised, nothing is polled.
func (m *Model) initOutput(s *State) {
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

// members is how many processes there can be at once.
func (m *Model) members() int {
	if m.c.Faults[Rebalance] > 0 {
		return MaxMembers
	}
	return 1
}

// ids is how many transactional.ids there can be in a run.
func (m *Model) ids() int {
	if !m.c.App.RandomTxnID {
		return 1
	}
	f := &m.c.Faults
	return min(maxIDs, 1+int(f[ConsumerCrash]+f[ProducerCrash]+f[Rebalance]))
}

// What the rules of replication need to know of requests to the output partition.

// outputDisconnects fails what waits for the leader of epoch e.
func (m *Model) outputDisconnects(s *State, e int) {
	for slot := 0; slot < MaxMembers; slot++ {
		if p := m.process(s, slot); p.awaiting && p.to == e {
			m.attemptEnds(s, Binding{Ghost: slot})
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

// eachSentTo replaces the leader epochs that requests to the output partition were sent in.
func (m *Model) eachSentTo(s *State, f func(e int) int) {
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
}

// clearUnreadOutput zeroes what no rule about the output will read again.
func (m *Model) clearUnreadOutput(s *State) {
	used := uint64(0)
	for number := 0; number <= m.maxNumber; number++ {
		if m.voided(s, number) && m.leftOf(s, number) {
			used |= 1 << number
		}
	}
	s[m.wTxn+2] &^= 0xffff << numVoidShift
	s[m.wTxn+2] |= used << numVoidShift
	if !m.sendsAgain(s) {
		s.setKnown(s.epoch())
	}
}

// sendsAgain says that the process may still send an output.
func (m *Model) sendsAgain(s *State) bool {
	p := m.process(s, 0)
	return p.stage != stageIdle || p.pos < m.c.Scope.Messages || m.anyCrashLeft()
}

func (m *Model) anyCrashLeft() bool {
	return m.c.Faults[ConsumerCrash]+m.c.Faults[ProducerCrash]+m.c.Faults[Rebalance] > 0
}
