package model

import "github.com/kcheck/kcheck/explore"

// shareFaultActions are the faults that a share group meets.
var shareFaultActions = []*Action{
	shareMemberCrashes, shareProcessingThrows, shareConnectionIsLost, shareLockRunsOut, shareStateIsGone,
	shareRecordsAreDeleted, sharePartitionIsAdded, deadLetterIsRefused,
}

var shareMemberCrashes = &Action{
	Name: "ShareMemberCrashes", Area: AreaClients, Actor: sharePart, Over: PerMember, Class: explore.Fault, Fault: ConsumerCrash, Applies: hasShare,
	Doc: Doc{
		Summary: "ShareMemberCrashes is the fault consumer-crash: the process of a share group's member dies and is started again.",
		Guard:   "It has records in hand, or the leader has records acquired for it.",
		Effect: "What it has in hand is gone. Its connection breaks, upon which the leader releases at once what it has " +
			"acquired for the member: available again, or at share.delivery.count.limit archived or on its way to the " +
			"dead-letter queue. The delivery stays counted.",
		Abstracts: "Crash, release and start are one step.",
		Sources: []string{
			"SharePartitionManager.releaseSession, SharePartition.releaseAcquiredRecords (4.2 to 4.4)",
			"KAFKA-19972 (4.2): the count is not taken back",
		},
	},
	Guard:  holdsAnything,
	Effect: func(m *Model, s *State, b Binding) { m.restartMember(s, b.Slot) },
	Text:   "the process of {member} dies and is started again; what it had acquired is released",
	Result: releasedRecords,
	Causes: []Cause{byDeliveries, byCommit},
	Route:  Route{From: "{member}", Label: "crash"},
	Forced: steady,
}

func holdsAnything(m *Model, s *State, b Binding) bool {
	return m.hold(s, b.Slot).n > 0 || m.shareLeader(s) >= 0 && m.owns(s, b.Slot, anyRecord)
}

func anyRecord(int) bool { return true }

// restartMember empties the hand of a member and ends its session.
func (m *Model) restartMember(s *State, slot int) {
	m.setHold(s, slot, holding{})
	m.endSession(s, slot)
}

// endSession is the leader releasing what it has acquired for a member. Where that cannot be persisted it does not happen,
// and the locks run out.
func (m *Model) endSession(s *State, slot int) {
	if m.persists(s) {
		m.release(s, slot, true, anyRecord)
	}
}

// releasedRecords gives the records that the leader had acquired for a member.
func releasedRecords(m *Model, pre *State, b Binding, post *State, p *Params) string {
	l := m.shareLeader(pre)
	if l < 0 {
		return ""
	}
	p.Broker = brokerID(l)
	for o := range maxShared {
		if d := m.delivery(pre, o); d.state == acquired && d.owner == b.Slot && o < pre.logLen(l) {
			p.Messages = append(p.Messages, messageID(m.msgOf(m.at(pre, l, o))))
		}
	}
	return ""
}

var shareProcessingThrows = &Action{
	Name: "ShareProcessingThrows", Area: AreaClients, Actor: sharePart, Over: PerMember, Class: explore.Fault, Fault: ConsumerException, Applies: hasShare,
	Doc: Doc{
		Summary: "ShareProcessingThrows is the fault consumer-exception in a share group: processing a record throws.",
		Guard:   "A record is in hand and due to be processed.",
		Effect: "It has no effect. An explicit consumer says of the record what app.share-on-exception says, and goes on " +
			"with the next; one that says nothing is closed by the exception of its next poll, which releases the " +
			"record. An implicit one goes on with app.on-exception: skip, and its next poll accepts the record; with " +
			"dead-letter the record also counts as processed; else the loop ends, and what the member has acquired is " +
			"released. A record that was acknowledged before is not delivered again.",
		Abstracts: "The next process takes the place of a loop that ends at once.",
		Sources: []string{
			"ShareConsumerImpl.poll: implicit acknowledgement, IllegalStateException with unacknowledged records in explicit mode",
			"ShareConsumerImpl.close",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		msg, tries := m.shareTries(s, b.Slot)
		return tries && !m.sharePoisoned(s, msg)
	},
	Effect: func(m *Model, s *State, b Binding) {
		h := m.hold(s, b.Slot)
		msg := h.records[m.nextToProcess(s, b.Slot)].msg
		switch a := &m.c.App; {
		case a.Share == ShareExplicit:
			m.finish(s, b.Slot, shareMarks[a.ShareOnException])
		case a.DeadLetter:
			m.countProcessed(s, msg, 2)
			m.finish(s, b.Slot, toAccept)
		case a.SkipOnException:
			m.finish(s, b.Slot, toAccept)
		default:
			m.restartMember(s, b.Slot)
		}
	},
	Text: "{member} fails to process {message}",
	Outcomes: []Outcome{
		{Word: "release", Text: " and will release it"},
		{Word: "reject", Text: " and will reject it"},
		{Word: "nothing", Text: " and says nothing of it: its next poll throws, and closing the consumer releases the record"},
		{Word: "acknowledged", Text: ", which is acknowledged already"},
		{Word: "skipped", Text: "; the application logs it and goes on, so that its next poll accepts the record"},
		{Word: "dead-letter", Text: "; the application sends the record to a dead-letter topic and goes on"},
		{Word: "ended", Text: "; the loop ends and is started again, and what it had acquired is released"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		shareRecord(m, pre, b, post, p)
		h := m.hold(pre, b.Slot)
		first := h.records[m.nextToProcess(pre, b.Slot)].mark == acceptFirst
		switch a := &m.c.App; {
		case a.Share == ShareExplicit && first:
			return "acknowledged"
		case a.Share == ShareExplicit:
			return [...]string{"release", "reject", "nothing"}[a.ShareOnException]
		case a.DeadLetter:
			return "dead-letter"
		case a.SkipOnException:
			return "skipped"
		}
		return "ended"
	},
	Causes: []Cause{byOnShareThrow.when(isExplicit), byOnThrow.when(isImplicit), byShare, byDeliveries},
	Route:  Route{From: "{member}", Label: "exception"},
	Forced: steady,
}

// shareMarks are the marks of app.share-on-exception.
var shareMarks = [...]mark{ShareRelease: toRelease, ShareReject: toReject, ShareNothing: toRelease}

var shareConnectionIsLost = &Action{
	Name: "ShareConnectionIsLost", Area: AreaClients, Actor: sharePart, Over: PerMember, Class: explore.Fault, Fault: ConnectionLost, Applies: hasShare,
	Doc: Doc{
		Summary: "ShareConnectionIsLost is the fault connection-lost: the connection of a share group's member to the leader breaks.",
		Guard:   "The leader has records acquired for the member.",
		Effect: "The leader releases at once what it has acquired for the member, as in ShareMemberCrashes. The member " +
			"goes on with what it has in hand, and its acknowledgements will be refused; if it acknowledges before " +
			"processing, the acknowledgement on the way has failed for it, whether it took effect or not.",
		Abstracts: "Breaking and connecting again are one step.",
		Sources: []string{
			"SharePartitionManager.onDisconnect, releaseSession (4.2 to 4.4)",
			"ShareConsumeRequestManager: an acknowledgement is not sent again on another connection",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.shareLeader(s) >= 0 && m.owns(s, b.Slot, anyRecord)
	},
	Choices: func(m *Model, s *State, b Binding) int {
		return 1 + b2i(m.ackFirst && m.takesAcknowledgements(s, b.Slot))
	},
	Effect: func(m *Model, s *State, b Binding) {
		h := m.hold(s, b.Slot)
		if b.Choice == 1 {
			m.applyAcknowledgements(s, &h)
		}
		if m.ackFirst {
			m.setHold(s, b.Slot, m.acknowledgedHand(h, false))
		}
		m.endSession(s, b.Slot)
	},
	Text: "the connection of {member} to {broker} breaks",
	Outcomes: []Outcome{
		{Word: "released", Text: "; {broker} releases what it has acquired"},
		{Word: "acknowledged", Text: " after its acknowledgement took effect; for the member it has failed"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		releasedRecords(m, pre, b, post, p)
		h := m.hold(pre, b.Slot)
		for _, r := range h.records[:h.n] {
			if d := m.delivery(post, r.offset); m.ackFirst && r.mark == toDo && (d.state == acknowledged || r.offset < m.shareStart(post)) {
				return "acknowledged"
			}
		}
		return "released"
	},
	Causes: []Cause{byDeliveries, byCommit},
	Route:  Route{From: "{broker}", To: "{member}", Label: "connection lost", Lost: true},
	Forced: steady,
}

var shareLockRunsOut = &Action{
	Name: "ShareLockRunsOut", Area: AreaClients, Actor: sharePart, Over: PerMember, Class: explore.Fault, Fault: LockTimeout, Applies: hasShare,
	Doc: Doc{
		Summary: "ShareLockRunsOut is the fault lock-timeout: the acquisition lock on what a member works on runs out.",
		Guard:   "The member has in hand what the leader has acquired for it, and it is not acknowledged.",
		Effect: "The records are available again, or at share.delivery.count.limit archived or on their way to the " +
			"dead-letter queue, also where that cannot be persisted. The member does not notice before its " +
			"acknowledgement is refused.",
		Abstracts: "The locks of what one poll returned run out together.",
		Sources: []string{
			"SharePartition.releaseAcquisitionLockOnTimeout (4.2 to 4.4)",
			"share.record.lock.duration.ms",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		h := m.hold(s, b.Slot)
		return m.shareLeader(s) >= 0 && m.owns(s, b.Slot, h.has)
	},
	Effect: func(m *Model, s *State, b Binding) {
		h := m.hold(s, b.Slot)
		m.release(s, b.Slot, m.persists(s), h.has)
	},
	Text:   "the acquisition lock of {member} on {messages} runs out while it works",
	Result: releasedRecords,
	Causes: []Cause{byLock, byDeliveries},
	Route:  Route{From: "{broker}", Label: "lock ends"},
	Forced: steady,
}

var shareStateIsGone = &Action{
	Name: "ShareStateIsGone", Area: AreaClients, Actor: sharePart, Over: Once, Class: explore.Fault, Fault: OffsetLost, Applies: hasShare,
	Doc: Doc{
		Summary: "ShareStateIsGone is the fault offset-lost in a share group: the state of the share-partition is set back, or lost, with __share_group_state.",
		Guard:   "The share coordinator has the state.",
		Effect: "Set back, the group begins anew: what was acknowledged is delivered again, from where it began, or for a " +
			"new group from where share.auto.offset.reset says. Lost, reads of the state fail, and the partition " +
			"delivers nothing.",
		Abstracts: "The state is set back to its first record, from which everything can be delivered again. The leader " +
			"reads it anew in the same step: a loss that no leader reads has no effect.",
		Sources: []string{
			"ShareCoordinatorService.shareGroupStateTopicConfigs: unclean elections are not forced off (4.2 to 4.4)",
			"ShareCoordinatorShard.maybeGetReadStateError: INVALID_REQUEST",
			"share.coordinator.state.topic.replication.factor and .min.isr, 1 and 1 in the sample server.properties",
		},
	},
	Guard:   func(m *Model, s *State, b Binding) bool { return !m.shareStateLost(s) },
	Choices: func(m *Model, s *State, b Binding) int { return 2 },
	Effect: func(m *Model, s *State, b Binding) {
		m.forgetShare(s)
		s[m.wShare+3], s[m.wShare+4] = 0, 0
		m.setPersistedStart(s, offsetNone*b2i(m.c.App.NewGroup && b.Choice == 0))
		m.setShared(s, shLostShift, 1, b.Choice)
	},
	Text: "the persisted state of the share group",
	Outcomes: []Outcome{
		{Word: "set-back", Text: " is set back to its beginning"},
		{Word: "lost", Text: " is gone"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		if m.shareStateLost(post) {
			return "lost"
		}
		return "set-back"
	},
	Causes: []Cause{byShareReset.when(startsWithoutState)},
	Route:  Route{From: ActorBrokers, Label: "share state gone"},
	Forced: notPlayed,
}

var shareRecordsAreDeleted = &Action{
	Name: "ShareRecordsAreDeleted", Actor: "broker", Area: AreaClients, Over: PerBroker, Class: explore.Fault, Fault: Retention, Applies: hasShare,
	Doc: Doc{
		Summary: "ShareRecordsAreDeleted is the fault retention in a share group: records are deleted before the group is done with them.",
		Guard:   "A leader has readable records that the group is not done with.",
		Effect: "The log start moves to any offset beyond the group's start offset, and the start offset with it. What " +
			"members have in hand they process, and their acknowledgements of it count for nothing.",
		Abstracts: "As RecordsAreDeleted. Kafka archives what is deleted when its lock ends or it is fetched next.",
		Sources: []string{
			"log.retention.hours, cleanup.policy",
			"SharePartition.updateCacheAndOffsets (4.2 to 4.4)",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.leader(s) == b.Broker && s.actsAsLeader(b.Broker) && m.shareDeletable(s, b.Broker) > 0
	},
	Choices: func(m *Model, s *State, b Binding) int { return m.shareDeletable(s, b.Broker) },
	Effect: func(m *Model, s *State, b Binding) {
		put(&s[wControl], ctlStartShift, 4, max(m.groupStart(s), m.logStart(s))+1+b.Choice)
		if l := m.shareLeader(s); l >= 0 {
			m.skipDeleted(s, l)
			m.moveStart(s)
		}
	},
	Text: "records are deleted before the group is done with them",
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		p.Offset = at(m.logStart(post))
		return ""
	},
	Causes: []Cause{byCleanup},
	Route:  Route{From: ActorBrokers, Label: "records deleted"},
	Forced: steady,
}

// groupStart is the first offset that the share group is not done with.
func (m *Model) groupStart(s *State) int {
	if m.shareLeader(s) >= 0 {
		return m.shareStart(s)
	}
	return m.persistedStart(s) % offsetNone
}

// shareDeletable is deletable for a share group.
func (m *Model) shareDeletable(s *State, b int) int {
	return s.hw(b) - b2i(m.c.Topic.Compact) - max(m.groupStart(s), m.logStart(s))
}

var sharePartitionIsAdded = &Action{
	Name: "SharePartitionIsAdded", Area: AreaClients, Actor: "controller", Over: Once, Class: explore.Fault, Fault: PartitionAdded, Applies: hasShare,
	Doc: Doc{
		Summary: "SharePartitionIsAdded is the fault partition-added in a share group: the followed partition is new, and the group has not found it yet.",
		Guard:   "The group has the state of the partition, and nothing of it was delivered.",
		Effect: "The share coordinator has no start offset for it: share.auto.offset.reset decides at the first fetch. " +
			"From 4.4 a partition of a topic that the group knows starts at offset 0.",
		Abstracts: "The topic's other partitions.",
		Sources: []string{
			"KAFKA-20742 (4.4)",
			"SharePartition.startOffsetDuringInitialization",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		return !s.control(ctlAddedShift) && m.persistedStart(s) == 0 && m.shareStart(s) == 0 && m.delivery(s, 0).state == untouched &&
			!m.shareStateLost(s)
	},
	Effect: func(m *Model, s *State, b Binding) {
		s.setControl(ctlAddedShift, true)
		m.forgetShare(s)
		if !m.c.B.StartsAddedPartitionsAtZero {
			m.setPersistedStart(s, offsetNone)
		}
	},
	Text:   "the partition is added to the topic; the group has not found it yet",
	Causes: []Cause{byShareReset},
	Route:  Route{From: "controller", Label: "new partition"},
	Forced: notPlayed,
}

var deadLetterIsRefused = &Action{
	Name: "DeadLetterIsRefused", Actor: sharePart, Area: AreaClients, Over: Once, Class: explore.Fault, Fault: SendRefused, Applies: hasDeadLetters,
	Doc: Doc{
		Summary: "DeadLetterIsRefused is the fault send-refused at the dead-letter queue: its topic refuses a record.",
		Guard:   "A record is archiving, and the leader reaches the other brokers.",
		Effect:  "The record is archived all the same, and is in no dead-letter queue.",
		Abstracts: "Why: the in-sync set of the topic is smaller than its min.insync.replicas, the record is too large, the " +
			"topic is missing or does not allow it.",
		Sources: []string{
			"ShareGroupDLQStateManager (4.4): errors other than NOT_LEADER_OR_FOLLOWER, NETWORK_EXCEPTION and REQUEST_TIMED_OUT are not retried",
			"SharePartition.initiateDLQAndArchive (4.4)",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool { return shareRecordIsDeadLettered.Guard(m, s, b) },
	Effect: func(m *Model, s *State, b Binding) {
		m.settle(s, m.firstIn(s, archiving), archived, true)
		m.moveStart(s)
	},
	Text:   "the dead-letter queue refuses {message}; {broker} archives it all the same",
	Result: withdrawnRecord(archiving),
	Causes: []Cause{byDeadLetters},
	Route:  Route{From: "{broker}", Label: "{message} refused by the dead-letter queue"},
	Forced: Forced{Unsteady, "the topic refuses every record or none"},
}
