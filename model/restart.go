package model

import "github.com/kcheck/kcheck/explore"

// restartActions are deployments: an application is stopped in order and started again.
var restartActions = []*Action{producerIsRestarted, consumerIsRestarted}

var producerIsRestarted = &Action{
	Name: "ProducerIsRestarted", Area: AreaClients, Actor: "producer", Over: Once, Class: explore.Fault, Fault: AppRestart,
	Doc: Doc{
		Summary: "ProducerIsRestarted is the fault app-restart for the application that sends, where it exits without closing its producer.",
		Guard:   "Some message is in the producer. An application that waits for each result has none there when it exits.",
		Effect: "What was in its memory is gone, and with it every report that the application has not had. With app.on-restart: " +
			"resend the unacknowledged messages are sent again, by a producer with a new producer id.",
		Abstracts: "With app.on-stop: close the producer finishes with every message before it ends (flush), which is a restart that " +
			"finds nothing in it: no step. Exit and start are one step.",
		Sources: []string{
			"KafkaProducer.close: waits until the sender thread has finished what was sent (clients)",
			"librdkafka INTRODUCTION.md, Termination: rd_kafka_flush before rd_kafka_destroy",
		},
	},
	Applies: func(m *Model) bool { return m.c.App.ExitOnStop && m.c.App.Send != SendWait },
	Guard:   func(m *Model, s *State, b Binding) bool { return producerCrashes.Guard(m, s, b) },
	Effect:  func(m *Model, s *State, b Binding) { m.dropAccumulator(s) },
	Text:    "the application exits without flush or close of its producer, and is started again",
	Result:  func(m *Model, pre *State, b Binding, post *State, p *Params) string { return pendingResult(m, pre, p) },
	Causes:  []Cause{byOnStop, byOnRestart, bySend},
	Route:   Route{From: "producer", Label: "exit"},
	Forced:  Forced{Unforceable, "the producer that is played dies by a signal"},
}

var consumerIsRestarted = &Action{
	Name: "ConsumerIsRestarted", Area: AreaClients, Actor: "consumer", Over: Once, Class: explore.Fault, Fault: AppRestart,
	Doc: Doc{
		Summary: "ConsumerIsRestarted is the fault app-restart for the application that consumes.",
		Guard: "The consumer is not waiting for a person. The poll loop of Java's consumer ends when it has finished with what it " +
			"polled; another client, or another thread that processes, stops at the border of a record.",
		Effect: "With app.on-stop: close the consumer is closed: auto commit commits what it would commit next, and the application " +
			"what it commits when partitions are revoked (app.on-revoke). With exit nothing is committed. What is in hand is " +
			"dropped; the application starts from the committed offset.",
		Abstracts: "Stop, start and the fetch of the committed offset are one step.",
		Sources: []string{
			"ConsumerCoordinator.close: maybeAutoCommitOffsetsSync, then onLeavePrepare with onPartitionsRevoked (clients 2.4 to 4.4)",
			"rd_kafka_consumer_close of librdkafka; IBM/sarama offset_manager.go, Close flushes what was marked",
		},
	},
	Applies: hasConsumer,
	Guard:   func(m *Model, s *State, b Binding) bool { return partitionIsHandedOver.Guard(m, s, b) },
	Effect: func(m *Model, s *State, b Binding) {
		if !m.c.App.ExitOnStop {
			m.commitsOnRevoke(s)
		}
		m.restartConsumer(s)
		m.rejoinsAsStatic(s)
	},
	Text: "the application is stopped ",
	Outcomes: []Outcome{
		{Word: "closed", Text: "in order and closes its consumer[, which commits offset {committed}]; it is started again"},
		{Word: "exited", Text: "and exits without closing its consumer; it is started again"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		if m.c.App.ExitOnStop {
			return "exited"
		}
		if to, commits := m.revokeTarget(pre); commits {
			p.Committed = at(to)
		}
		return "closed"
	},
	Causes: []Cause{byOnStop, byOnRevoke, byPosition.when(commitsUnfinished), byAutoCommit.when(commitsItself), byCommit},
	Route:  Route{From: "consumer", Label: "restart"},
	Forced: Forced{Unforceable, "the consumer that is played dies by a signal"},
}

// pendingResult tells which messages are in the producer.
func pendingResult(m *Model, pre *State, p *Params) string {
	for i := range m.c.Scope.Messages {
		if pre.phase(i).pending() {
			p.Messages = append(p.Messages, messageID(i))
		}
	}
	return ""
}

var consumerCrashes = &Action{
	Name: "ConsumerCrashes", Area: AreaClients, Actor: "consumer", Over: Once, Class: explore.Fault, Fault: ConsumerCrash,
	Doc: Doc{
		Summary: "ConsumerCrashes is the fault consumer-crash: the consumer's process dies and is started again.",
		Guard:   "It is not waiting for a person.",
		Effect: "What it has in hand is gone; it goes on from the committed offset, or without one as " +
			"auto.offset.reset says. With app.restarts: false the process stays down.",
		Abstracts: "Crash, start and the fetch of the committed offset are one step.",
		Sources: []string{
			"KafkaConsumer keeps its position in memory",
			"OffsetFetch at the start",
		},
	},
	Applies:  hasConsumer,
	Guard:    func(m *Model, s *State, b Binding) bool { return m.cons(s, cStoppedShift, 1) == 0 },
	Effect:   func(m *Model, s *State, b Binding) { m.endConsumer(s) },
	Text:     "the consumer's process dies",
	Outcomes: endOutcomes,
	Result:   func(m *Model, pre *State, b Binding, post *State, p *Params) string { return m.startedAgain() },
	Causes:   []Cause{byRestarts.when(staysDown), byProtocol.when(commitsInBackground), byAutoCommit.when(commitsItself), byCommit, byCommitAt.when(commitsCurrent)},
	Route:    Route{From: "consumer", Label: "crash"},
	Forced:   steady,
}

// restartConsumer starts a consumer from the committed offset.
func (m *Model) restartConsumer(s *State) {
	m.dropLateCommit(s)
	m.dropHand(s)
	m.setCons(s, cRecordsShift, 8, 0)
	m.setCons(s, cHandShift, 3, 0)
	m.setCons(s, cUncommittedShift, 1, 0)
	put(&s[m.wCons+1], cTriesShift, 12, 0)
	put(&s[m.wCons+1], cDoneShift, 5, 0)
	m.setStale(s, m.staleCommit(s))
	committed := m.cons(s, cCommittedShift, 4)
	m.setCons(s, cLostShift, 1, b2i(committed == offsetNone))
	m.setCons(s, cPosShift, 4, committed%offsetNone)
	m.setCons(s, cHasEpochShift, 1, m.cons(s, cHasCommitShift, 1))
	m.setCons(s, cLastEpochShift, 3, m.cons(s, cCommitEpochShift, 3))
	m.setCons(s, cKnownShift, 3, m.cons(s, cCommitEpochShift, 3)*m.cons(s, cHasCommitShift, 1))
}

// A process that has ended is started again, or with app.restarts: false stays down.

// consumerIsDown says that the consumer's process has ended and nobody starts it again.
func (m *Model) consumerIsDown(s *State) bool { return m.consumer && s[m.wCons+1]>>cDownShift&1 != 0 }

// endConsumer is the end of the consumer's process.
func (m *Model) endConsumer(s *State) {
	m.restartConsumer(s)
	m.rejoinsAsStatic(s)
	if m.c.App.NoRestarts {
		m.setCons(s, cStoppedShift, 1, 1)
		put(&s[m.wCons+1], cDownShift, 1, 1)
	}
}

// producerIsDown says that the producer's process has ended and nobody starts it again.
func (s *State) producerIsDown() bool { return s[wProducer]>>prodDownShift&1 != 0 }

// startsAt is the offset at which a consumer that is down would start, and whether it would start at one that it can be
// told now.
func (m *Model) startsAt(s *State) (offset int, known bool) {
	if at := m.cons(s, cCommittedShift, 4); at != offsetNone {
		return at, true
	}
	return 0, m.c.Cons.Reset != ResetLatest
}
