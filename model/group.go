package model

import "github.com/kcheck/kcheck/explore"

// The faults of a consumer group beyond the crash of its member, and what they leave behind.

func (m *Model) oldHand(s *State) int { return get(s[m.wCons+1], cOldHandShift, 3) }

// ProcessingThrows is the fault consumer-exception: processing a record throws.
//
// Guard: a record is in hand and due to be processed.
//
// Effect: it has no effect; the loop ends and is started again from the committed offset. With app.on-exception: close
// the consumer is closed on the way out, upon which auto commit commits the position, also of what was not processed.
//
// Abstracts: the next process takes the place of the loop at once.
//
// Kafka: ConsumerCoordinator.close and maybeAutoCommitOffsetsSync; ZookeeperConsumerConnector.shutdown (0.8.2).
var ProcessingThrows = Action{
	Name: "ProcessingThrows", Actor: "consumer", Over: Once, Class: explore.Fault, Fault: ConsumerException,
	Applies: hasConsumer,
	Guard:   func(m *Model, s *State, b Binding) bool { return ConsumerProcesses.Guard(m, s, b) },
	Effect: func(m *Model, s *State, b Binding) {
		if m.c.App.CloseOnException && m.c.App.Commit == CommitAuto && m.c.B.CommitsOnClose {
			m.commits(s)
		}
		m.restartConsumer(s)
	},
	Text: "processing {h} throws; the loop ends and is started again",
}

// PartitionIsReassigned is the fault rebalance: the partition moves to another member while the first still works.
//
// Guard: the member is not waiting for a person; an earlier member that lost the partition has finished.
//
// Effect: the new member starts from the committed offset. The first goes on processing what it has in hand
// (OldMemberProcesses); its commits are refused.
//
// Abstracts: the group protocol; that a member which gives the partition up in order commits first is a rebalance with
// nothing in hand.
//
// Kafka: max.poll.interval.ms, session.timeout.ms; CommitFailedException; ConsumerCoordinator.onJoinPrepare.
var PartitionIsReassigned = Action{
	Name: "PartitionIsReassigned", Actor: "consumer", Over: Once, Class: explore.Fault, Fault: Rebalance,
	Applies: hasConsumer,
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.cons(s, cStoppedShift, 1) == 0 && m.oldHand(s) == 0
	},
	Effect: reassigned,
	Text:   "the partition moves to another member of the group; the first still works on what it has polled",
}

func reassigned(m *Model, s *State, b Binding) {
	// a loop that commits before it processes has its commit refused and processes nothing
	if n := m.hand(s); n > 0 && (m.c.App.Commit != CommitBeforeProcessing || m.cons(s, cOwesShift, 1) == 0) {
		w := &s[m.wCons+1]
		put(w, cOldHandShift, 3, n)
		put(w, cOldNextShift, 8, m.cons(s, cRecordsShift, 8))
		put(w, cOldPosShift, 4, m.position0(s))
	}
	m.restartConsumer(s)
}

// OldMemberProcesses is a member that has lost the partition processing what it polled before.
//
// Guard: it has a record in hand.
//
// Effect: as ConsumerProcesses.
//
// Abstracts: it polls nothing more.
//
// Kafka: a member learns of a rebalance in poll, not while it processes.
var OldMemberProcesses = Action{
	Name: "OldMemberProcesses", Actor: "consumer", Over: Once,
	Applies: func(m *Model) bool { return m.consumer && m.c.Faults[Rebalance] > 0 },
	Guard:   func(m *Model, s *State, b Binding) bool { return m.oldHand(s) > 0 },
	Effect: func(m *Model, s *State, b Binding) {
		w := &s[m.wCons+1]
		n, records, pos := m.oldHand(s), get(*w, cOldNextShift, 8), get(*w, cOldPosShift, 4)
		put(w, cOldHandShift, 3, n-1)
		put(w, cOldNextShift, 8, records>>2)
		put(w, cOldPosShift, 4, pos*b2i(n > 1))
		m.takeEffect(s, records&3, pos-n)
	},
	Text: "the member that lost the partition processes {o}",
}

// CommittedOffsetIsLost is the fault offset-lost.
//
// Guard: the group has a committed offset and has finished with what it polled.
//
// Effect: the group starts again without a committed offset; auto.offset.reset decides where.
//
// Abstracts: the group stops and comes back in the same step; a loss that nobody meets has no effect. An offset that is
// kept in the external store with the effect is not Kafka's to lose.
//
// Kafka: offsets.retention.minutes; a lost __consumer_offsets partition.
var CommittedOffsetIsLost = Action{
	Name: "CommittedOffsetIsLost", Actor: "consumer", Over: Once, Class: explore.Fault, Fault: OffsetLost,
	Applies: func(m *Model) bool { return m.consumer && m.c.App.Effect != EffectTransactional },
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.cons(s, cCommittedShift, 4) != offsetNone && m.hand(s) == 0 && m.cons(s, cStoppedShift, 1) == 0
	},
	Effect: func(m *Model, s *State, b Binding) { m.loseCommitted(s) },
	Text:   "the group's committed offset is gone",
}

func (m *Model) loseCommitted(s *State) {
	m.setCons(s, cCommittedShift, 4, offsetNone)
	m.setCons(s, cHasCommitShift, 1, 0)
	m.setCons(s, cCommitEpochShift, 3, 0)
	m.restartConsumer(s)
}

// RecordsAreDeleted is the fault retention: records are deleted before the group has read them.
//
// Guard: a leader has readable records that the group has not polled.
//
// Effect: the log start moves to any offset beyond the group's position.
//
// Abstracts: retention by time and size, and the removal of older values of a key by compaction, are the same here: the
// group does not see the records. All brokers delete at once.
//
// Kafka: log.retention.hours, cleanup.policy; UnifiedLog.deleteOldSegments, LogCleaner.
var RecordsAreDeleted = Action{
	Name: "RecordsAreDeleted", Over: PerBroker, Class: explore.Fault, Fault: Retention,
	Applies: hasConsumer,
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.leader(s) == b.Broker && s.leads(b.Broker) && m.deletable(s, b.Broker) > 0
	},
	Choices: func(m *Model, s *State, b Binding) int { return m.deletable(s, b.Broker) },
	Effect: func(m *Model, s *State, b Binding) {
		put(&s[wControl], ctlStartShift, 4, max(m.position0(s), m.logStart(s))+1+b.Choice)
	},
	Text: "records are deleted before the group has read them",
}

// deletable counts the records of leader b that may be deleted before the group has read them. Compaction never removes
// the newest record of a key, which is the last of the log where all records have one key.
func (m *Model) deletable(s *State, b int) int {
	return s.hw(b) - b2i(m.c.Topic.Compact) - max(m.position0(s), m.logStart(s))
}

// PartitionIsAdded is the fault partition-added: the followed partition is new, and the group has not found it yet.
//
// Guard: the group has read and committed nothing.
//
// Effect: the group has no committed offset for it; it will start where auto.offset.reset says at the moment at which it
// finds the partition.
//
// Abstracts: the topic's other partitions.
//
// Kafka: metadata.max.age.ms; KAFKA-12261, KAFKA-20539.
var PartitionIsAdded = Action{
	Name: "PartitionIsAdded", Actor: "controller", Over: Once, Class: explore.Fault, Fault: PartitionAdded,
	Applies: hasConsumer,
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.position0(s) == 0 && m.cons(s, cCommittedShift, 4) == 0 && m.cons(s, cLostShift, 1) == 0 &&
			!s.control(ctlAddedShift)
	},
	Effect: func(m *Model, s *State, b Binding) {
		s.setControl(ctlAddedShift, true)
		m.loseCommitted(s)
	},
	Text: "the partition is added to the topic; the group has not found it yet",
}
