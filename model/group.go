package model

import "github.com/kcheck/kcheck/explore"

// groupActions are the faults of a consumer group beyond the crash of its member.
var groupActions = []*Action{processingThrows, partitionIsReassigned, committedOffsetIsLost, recordsAreDeleted, partitionIsAdded}

// commitsOnClose says that a loop which ends in an exception commits its position on the way out.
func (m *Model) commitsOnClose() bool {
	return m.c.App.CloseOnException && m.c.App.Commit == CommitAuto && m.c.B.CommitsOnClose
}

func (m *Model) oldHand(s *State) int { return get(s[m.wCons+1], cOldHandShift, 3) }

var processingThrows = &Action{
	Name: "ProcessingThrows", Area: AreaClients, Actor: "consumer", Over: Once, Class: explore.Fault, Fault: ConsumerException,
	Doc: Doc{
		Summary: "ProcessingThrows is the fault consumer-exception: processing a record throws.",
		Guard:   "A record is in hand and due to be processed.",
		Effect: "It has no effect. While app.attempts are left it is tried again. After the last the loop ends and is started " +
			"again from the committed offset; with app.on-exception: close the consumer is closed on the way out, upon " +
			"which auto commit commits the position, also of what was not processed. With skip the loop goes on behind the " +
			"record; with dead-letter it does so too, and the record counts as processed.",
		Abstracts: "The next process takes the place of the loop at once. A record is in the dead-letter topic as soon as " +
			"it is sent there.",
		Sources: []string{
			"ConsumerCoordinator.close and maybeAutoCommitOffsetsSync",
			"ZookeeperConsumerConnector.shutdown (0.8.2)",
		},
	},
	Applies: hasConsumer,
	Guard:   func(m *Model, s *State, b Binding) bool { return consumerProcesses.Guard(m, s, b) },
	Choices: (*Model).choosesRecord,
	Effect: func(m *Model, s *State, b Binding) {
		i := m.chosen(s, b)
		if n := m.tries(s, i) + 1; n < m.attempts() {
			m.setTries(s, i, n)
			return
		}
		m.givesRecordUp(s, i)
	},
	Text:     "processing {message} throws",
	Outcomes: append([]Outcome{{Word: "tried-again", Text: "; it will be tried again"}}, exceptionOutcomes...),
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		i := m.chosen(pre, b)
		p.Message = messageID(m.inHand(pre, i))
		if m.tries(pre, i)+1 < m.attempts() {
			return "tried-again"
		}
		return m.givenUpHow(post, p)
	},
	Causes: []Cause{byRestarts.when(staysDown), byOnThrow, byAttempts, byAutoCommit.when(commitsItself), byCommit},
	Route:  Route{From: "consumer", Label: "exception"},
	Forced: steady,
}

var partitionIsReassigned = &Action{
	Name: "PartitionIsReassigned", Area: AreaClients, Actor: "consumer", Over: Once, Class: explore.Fault, Fault: Rebalance,
	Doc: Doc{
		Summary: "PartitionIsReassigned is the fault rebalance: the partition moves to another member while the first " +
			"still works.",
		Guard: "The member is not waiting for a person; an earlier member that lost the partition has finished.",
		Effect: "The new member starts from the committed offset. The first goes on processing what it has in hand " +
			"(OldMemberProcesses); its commits are refused.",
		Abstracts: "The group protocol; that a member which gives the partition up in order commits first is a rebalance " +
			"with nothing in hand.",
		Sources: []string{
			"max.poll.interval.ms, session.timeout.ms",
			"CommitFailedException",
			"ConsumerCoordinator.onJoinPrepare",
		},
	},
	Applies: hasConsumer,
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.cons(s, cStoppedShift, 1) == 0 && m.oldHand(s) == 0
	},
	Effect: reassignEffect,
	Text:   "the partition moves to another member of the group; the first still works on what it has polled",
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		for i := range m.oldHand(post) {
			p.Messages = append(p.Messages, messageID(get(post[m.wCons+1], cOldNextShift+2*uint(i), 2)))
		}
		return ""
	},
	Causes: []Cause{byProtocol.when(commitsInBackground), byAutoCommit.when(commitsItself), byCommit},
	Route:  Route{From: "consumer", Label: "rebalance"},
	Forced: steady,
}

func reassignEffect(m *Model, s *State, b Binding) {
	m.setLead(s, leadsAware)
	// a loop that commits before it processes has its commit refused and processes nothing
	if n := m.hand(s); n > 0 && (m.c.App.Commit != CommitBeforeProcessing || m.cons(s, cUncommittedShift, 1) == 0) {
		w := &s[m.wCons+1]
		left, records := 0, 0
		for i := range n {
			if !m.done(s, i) {
				records |= m.inHand(s, i) << (2 * left)
				m.passEpoch(s, i, left)
				left++
			}
		}
		put(w, cOldHandShift, 3, left)
		put(w, cOldNextShift, 8, records)
		put(w, cOldPosShift, 4, m.consumerPosition(s))
	}
	m.restartConsumer(s)
}

var oldMemberProcesses = &Action{
	Name: "OldMemberProcesses", Time: Timing{Step: "process"}, Area: AreaClients, Actor: "consumer", Over: Once,
	Doc: Doc{
		Summary:   "OldMemberProcesses is a member that has lost the partition processing what it polled before.",
		Guard:     "It has a record in hand.",
		Effect:    "As ConsumerProcesses.",
		Abstracts: "It polls nothing more.",
		Sources: []string{
			"A member learns of a rebalance in poll, not while it processes",
		},
	},
	Applies: func(m *Model) bool { return m.consumer && m.hasFormerMember() },
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.oldHand(s) > 0 && !(m.hasPoison() && m.poisoned(s, get(s[m.wCons+1], cOldNextShift, 2)))
	},
	Effect: func(m *Model, s *State, b Binding) {
		msg, offset, epoch := m.takeFromOldHand(s)
		m.takeEffect(s, msg, offset, epoch)
	},
	Text: "the member that lost the partition processes {message}",
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		w := pre[m.wCons+1]
		p.Member, p.Message = MemberFormer, messageID(get(w, cOldNextShift, 2))
		p.Offset = at(get(w, cOldPosShift, 4) - m.oldHand(pre))
		return ""
	},
	Causes: []Cause{byEffect, byCommit},
	Route:  Route{From: "consumer", Label: "old member processes {message}"},
	Forced: steady,
}

// takeFromOldHand is a member that has lost the partition done with the first record in its hand.
func (m *Model) takeFromOldHand(s *State) (msg, offset, epoch int) {
	w := &s[m.wCons+1]
	n, records, pos := m.oldHand(s), get(*w, cOldNextShift, 8), get(*w, cOldPosShift, 4)
	put(w, cOldHandShift, 3, n-1)
	put(w, cOldNextShift, 8, records>>2)
	put(w, cOldPosShift, 4, pos*b2i(n > 1))
	epoch = m.epochInHand(s, onceFormerShift, 0)
	m.takeEpochFromHand(s, onceFormerShift)
	return records & 3, pos - n, epoch
}

var committedOffsetIsLost = &Action{
	Name: "CommittedOffsetIsLost", Area: AreaClients, Actor: "consumer", Over: Once, Class: explore.Fault, Fault: OffsetLost,
	Doc: Doc{
		Summary: "CommittedOffsetIsLost is the fault offset-lost.",
		Guard:   "The group has a committed offset and has finished with what it polled.",
		Effect:  "The group starts again without a committed offset; auto.offset.reset decides where.",
		Abstracts: "The group stops and comes back in the same step; a loss that no member sees has no effect. An offset " +
			"that is kept in the external store with the effect is not Kafka's to lose.",
		Sources: []string{
			"offsets.retention.minutes",
			"a lost __consumer_offsets partition",
		},
	},
	Applies: func(m *Model) bool { return m.consumer && m.c.App.Effect != EffectTransactional },
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.cons(s, cCommittedShift, 4) != offsetNone && m.hand(s) == 0 && m.cons(s, cStoppedShift, 1) == 0
	},
	Effect: func(m *Model, s *State, b Binding) { m.loseCommitted(s) },
	Text:   "the group's committed offset is gone",
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		p.Offset = at(m.cons(pre, cCommittedShift, 4))
		return ""
	},
	Causes: []Cause{byReset},
	Route:  Route{From: "consumer", Label: "offset gone"},
	Forced: steady,
}

func (m *Model) loseCommitted(s *State) {
	m.setCons(s, cCommittedShift, 4, offsetNone)
	m.setCons(s, cHasCommitShift, 1, 0)
	m.setCons(s, cCommitEpochShift, 3, 0)
	m.setStaleCommit(s, fresh)
	m.restartConsumer(s)
}

var recordsAreDeleted = &Action{
	Name: "RecordsAreDeleted", Actor: "broker", Area: AreaClients, Over: PerBroker, Class: explore.Fault, Fault: Retention,
	Doc: Doc{
		Summary: "RecordsAreDeleted is the fault retention: records are deleted before the group has read them.",
		Guard:   "A leader has readable records that the group has not polled; cleanup.policy is not empty.",
		Effect:  "The log start moves to any offset beyond the group's position.",
		Abstracts: "Retention by time and size, and the removal of older values of a key by compaction, are the same " +
			"here: the group does not see the records. All brokers delete at once.",
		Sources: []string{
			"log.retention.hours, cleanup.policy",
			"UnifiedLog.deleteOldSegments, LogCleaner",
		},
	},
	Applies: func(m *Model) bool { return m.consumer && !m.c.Topic.KeepsAll },
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.leader(s) == b.Broker && s.actsAsLeader(b.Broker) && m.deletable(s, b.Broker) > 0
	},
	Choices: func(m *Model, s *State, b Binding) int { return m.deletable(s, b.Broker) },
	Effect: func(m *Model, s *State, b Binding) {
		put(&s[wControl], ctlStartShift, 4, max(m.consumerPosition(s), m.logStart(s))+1+b.Choice)
	},
	Text: "records are deleted before the group has read them",
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		p.Offset = at(m.logStart(post))
		return ""
	},
	Causes: []Cause{byCleanup},
	Route:  Route{From: ActorBrokers, Label: "records deleted"},
	Forced: steady,
}

// deletable counts the records of leader b that may be deleted before the group has read them. Compaction never removes
// the newest record of a key, which is the last of the log where all records have one key.
func (m *Model) deletable(s *State, b int) int {
	return s.hw(b) - b2i(m.c.Topic.Compact) - max(m.consumerPosition(s), m.logStart(s))
}

var partitionIsAdded = &Action{
	Name: "PartitionIsAdded", Area: AreaClients, Actor: "controller", Over: Once, Class: explore.Fault, Fault: PartitionAdded,
	Doc: Doc{
		Summary: "PartitionIsAdded is the fault partition-added: the followed partition is new, and the group has not " +
			"found it yet.",
		Guard: "The group has read and committed nothing.",
		Effect: "The group has no committed offset for it; it will start where auto.offset.reset says at the moment " +
			"at which it finds the partition. A group whose leader is a static member that does not know that it leads, " +
			"since it was started again within session.timeout.ms (before KIP-814), finds it with the next rebalance.",
		Abstracts: "The topic's other partitions.",
		Sources: []string{
			"metadata.max.age.ms",
			"KAFKA-12261, KAFKA-20539",
			"ConsumerCoordinator.rejoinNeededOrPending: the leader alone compares the metadata (clients 2.3 to 4.4)",
			"GroupCoordinator.updateStaticMemberAndRebalance answers with the leader of before; since 3.2 skipAssignment (KIP-814)",
		},
	},
	Applies: hasConsumer,
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.consumerPosition(s) == 0 && m.cons(s, cCommittedShift, 4) == 0 && m.cons(s, cLostShift, 1) == 0 &&
			!s.control(ctlAddedShift)
	},
	Choices: func(m *Model, s *State, b Binding) int { return 1 + b2i(m.lead(s) == leadsUnaware) },
	Effect: func(m *Model, s *State, b Binding) {
		s.setControl(ctlAddedShift, true)
		m.loseCommitted(s)
		if b.Choice == 1 {
			m.setLead(s, looksNoMore)
		}
	},
	Text: "the partition is added to the topic; the group ",
	Outcomes: []Outcome{
		{Word: "not-found-yet", Text: "has not found it yet"},
		{Word: "not-looked-for", Text: "does not find it: its leader, a static member that was started again, does not know that it leads"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		if m.lead(post) == looksNoMore {
			return "not-looked-for"
		}
		return "not-found-yet"
	},
	Causes: []Cause{byInstance.when(isNotLookedFor), byReset},
	Route:  Route{From: "controller", Label: "new partition"},
	Forced: Forced{Unsteady, "the cluster has to be prepared for it when the run begins"},
}
