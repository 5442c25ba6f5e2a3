package model

// shareLeaderActions are what the leader does with the share-partition by itself.
var shareLeaderActions = []*Action{shareStateIsRead, shareRecordIsDeadLettered, shareRecordIsArchived}

var shareStateIsRead = &Action{
	Name: "ShareStateIsRead", Actor: "broker", Area: AreaClients, Over: PerBroker, Applies: hasShare,
	Doc: Doc{
		Summary: "ShareStateIsRead is a leader reading the state of the share-partition from the share coordinator, for " +
			"the first fetch that it gets.",
		Guard: "The broker leads by its own belief, in an epoch not older than any in which the state was read; it " +
			"reaches the share coordinator, which has the state; and it does not have the share-partition in memory.",
		Effect: "It has the start offset and the states and counts that were persisted. What another leader had in memory " +
			"alone is gone: records that were acquired are available, with the count that was persisted last, and " +
			"acknowledgements of what that leader delivered fail. Without a start offset share.auto.offset.reset " +
			"decides: the log start, or the high watermark. That offset is persisted with the next write. The offset " +
			"is not compared with the log, which may end before it.",
		Abstracts: "A deposed leader delivers nothing once the new one has read the state, and its writes are fenced: what " +
			"it would deliver it could have delivered before.",
		Sources: []string{
			"SharePartition.maybeInitialize, startOffsetDuringInitialization (4.2 to 4.4)",
			"ShareCoordinatorShard.readStateAndMaybeUpdateLeaderEpoch: FENCED_LEADER_EPOCH",
			"Partition.fetchOffsetForTimestamp",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		l := b.Broker
		if !s.actsAsLeader(l) || s.hasFlag(l, flagCut) || s.epochOf(l) < m.shareEpoch(s) || m.shareStateLost(s) {
			return false
		}
		if m.shareLeader(s) == l {
			return false
		}
		return m.persistedStart(s) != offsetNone || m.c.Group.Reset != ResetLatest || s.hw(l) >= s.startOf(l)
	},
	Effect: func(m *Model, s *State, b Binding) { m.readShareState(s, b.Broker) },
	Text:   "{broker} reads the state of the share group[ and starts at offset {offset}]",
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		p.Offset = at(m.shareStart(post))
		return ""
	},
	Causes: []Cause{byShareReset.when(startsWithoutState), byGroup.when(startsWithoutState)},
	Route:  Route{From: "{broker}", Label: "reads the share state"},
	Forced: steady,
}

// readShareState gives broker l the share-partition as it is persisted.
func (m *Model) readShareState(s *State, l int) {
	m.forgetShare(s)
	m.setShared(s, shEpochShift, 3, s.epochOf(l))
	m.setShared(s, shReadShift, 1, 1)
	start := m.persistedStart(s)
	if start == offsetNone {
		start = m.startAt(s, l)
		if m.c.Group.Reset == ResetLatest {
			start = max(start, s.hw(l))
		}
	}
	m.setShareStart(s, start)
	before, beforeCount := untouched, 0
	for o := start; o < maxShared; o++ {
		state, count := m.persisted(s, o)
		if state != untouched {
			m.setDelivery(s, o, delivery{state: state, count: count, first: state != before || count != beforeCount})
		}
		before, beforeCount = state, count
	}
	m.skipDeleted(s, l)
	m.moveStart(s)
}

// skipDeleted moves the start offset to the start of the log: what is below it can be delivered no more.
//
// Kafka: SharePartition.updateCacheAndOffsets.
func (m *Model) skipDeleted(s *State, l int) {
	start := m.shareStart(s)
	for o := start; o < min(m.startAt(s, l), maxShared); o++ {
		m.setDelivery(s, o, delivery{})
		m.setShareStart(s, o+1)
	}
}

var shareRecordIsDeadLettered = &Action{
	Name: "ShareRecordIsDeadLettered", Actor: sharePart, Area: AreaClients, Over: Once, Applies: hasDeadLetters,
	Doc: Doc{
		Summary: "ShareRecordIsDeadLettered is the leader writing a record to the dead-letter queue.",
		Guard: "A record is archiving, by a rejection or because it has no delivery left, and the leader reaches the " +
			"other brokers.",
		Effect: "The dead-letter queue has the record: the message counts as processed once more. A leader that reads the " +
			"state before the record is archived writes it again.",
		Abstracts: "The topic of the dead-letter queue is reliable, but for send-refused; one record is written at a time.",
		Sources: []string{
			"SharePartition.initiateDLQAndArchive, maybeResumeDlqArchiving (4.4)",
			"ShareGroupDLQStateManager (4.4, KIP-1191): acks=-1, no producer id",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool { return m.persists(s) && m.firstIn(s, archiving) < maxShared },
	Effect: func(m *Model, s *State, b Binding) {
		o := m.firstIn(s, archiving)
		d := m.delivery(s, o)
		d.state = deadLettered
		m.setDelivery(s, o, d)
		if l := m.shareLeader(s); o < s.logLen(l) {
			m.countProcessed(s, m.msgOf(m.at(s, l, o)), 2)
		}
	},
	Text:   "{broker} writes {message} to the dead-letter queue",
	Result: withdrawnRecord(archiving),
	Causes: []Cause{byDeadLetters},
	Route:  Route{From: "{broker}", Label: "{message} to the dead-letter queue"},
	Forced: steady,
}

var shareRecordIsArchived = &Action{
	Name: "ShareRecordIsArchived", Actor: sharePart, Area: AreaClients, Over: Once, Applies: hasDeadLetters,
	Doc: Doc{
		Summary:   "ShareRecordIsArchived is the end of a record that the dead-letter queue has.",
		Guard:     "The dead-letter queue has a record that is archiving, and the leader reaches the share coordinator.",
		Effect:    "The record is archived, in memory and persisted.",
		Abstracts: "One record is archived at a time.",
		Sources: []string{
			"SharePartition.initiateDLQAndArchive (4.4)",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.persists(s) && m.firstIn(s, deadLettered) < maxShared
	},
	Effect: func(m *Model, s *State, b Binding) {
		m.settle(s, m.firstIn(s, deadLettered), archived, true)
		m.moveStart(s)
	},
	Text:   "{broker} archives {message}",
	Result: withdrawnRecord(deadLettered),
	Causes: []Cause{byDeadLetters},
	Route:  Route{From: "{broker}", Label: "{message} archived"},
	Forced: steady,
}

func hasDeadLetters(m *Model) bool { return m.share && m.c.Group.DeadLetter }

// firstIn is the first offset of a record in a state; maxShared where there is none.
func (m *Model) firstIn(s *State, state recordState) int {
	for o := range maxShared {
		if m.delivery(s, o).state == state {
			return o
		}
	}
	return maxShared
}

// withdrawnRecord gives the first record in a state as the parameters of a step.
func withdrawnRecord(state recordState) func(m *Model, pre *State, b Binding, post *State, p *Params) string {
	return func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		l, o := m.shareLeader(pre), m.firstIn(pre, state)
		p.Broker, p.Offset = brokerID(l), at(o)
		if o < pre.logLen(l) {
			p.Message = messageID(m.msgOf(m.at(pre, l, o)))
		}
		return ""
	}
}
