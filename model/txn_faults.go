package model

import "github.com/kcheck/kcheck/explore"

// OutputIsLate is the fault delay for a produce request of the process.
//
// Guard: the request could reach a broker that takes itself for the leader now; fewer than two requests are late.
//
// Effect: the request stays on its way (LateOutputArrives). Its sender sends it again, or gives up and has to abort.
//
// Abstracts: at most two produce requests are late at once.
//
// Kafka: requests in a broker's socket buffer outlive their connection; KIP-890, KAFKA-17754.
var OutputIsLate = Action{
	Name: "OutputIsLate", Actor: "network", Over: PerProcessAndBroker, Class: explore.Fault, Fault: Delay,
	Applies: func(m *Model) bool { return m.output && m.c.Prod.Acks != AcksNone },
	Guard: func(m *Model, s *State, b Binding) bool {
		_, full := s.ghost(maxGhosts - 1)
		return !full && m.canTransmit(s, b.Ghost, b.Broker)
	},
	Choices: func(m *Model, s *State, b Binding) int { return m.failures() },
	Effect: func(m *Model, s *State, b Binding) {
		p := m.process(s, b.Ghost)
		i := 0
		if _, taken := s.ghost(0); taken {
			i = 1
		}
		s.setGhost(i, ghost{p.from + p.sent, s.epochOf(b.Broker), p.attempt})
		m.attemptEnds(s, b)
	},
	Text: "the produce request to {b} is late", Detail: failureText,
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
		m.givesUp(s, b.Ghost)
		return
	}
	p := m.process(s, b.Ghost)
	p.awaiting, p.to = false, 0
	m.setProcess(s, b.Ghost, p)
}

// EndTxnIsLate is the fault delay for an EndTxn request.
//
// Guard: the process could end its transaction now, and no EndTxn of it is late.
//
// Effect: the request stays on its way (LateEndTxnArrives); the process sends it again.
//
// Abstracts: at most two EndTxn requests are late at once.
//
// Kafka: TransactionManager.TxnRequestHandler.onComplete sends again after a disconnect (clients); KAFKA-17754.
var EndTxnIsLate = Action{
	Name: "EndTxnIsLate", Actor: "network", Over: PerProcess, Class: explore.Fault, Fault: Delay,
	Applies: hasTransactions,
	Guard: func(m *Model, s *State, b Binding) bool {
		_, ready := m.ending(s, b.Ghost)
		l, first := m.late(s, 0)
		_, second := m.late(s, 1)
		return ready && !second && !(first && l.number == m.process(s, b.Ghost).attempt)
	},
	Effect: func(m *Model, s *State, b Binding) {
		commit, _ := m.ending(s, b.Ghost)
		p := m.process(s, b.Ghost)
		i := 0
		if _, taken := m.late(s, 0); taken {
			i = 1
		}
		m.setLate(s, i, late{commit, p.attempt})
		if commit {
			p.stage = stageCommitting
		}
		m.setProcess(s, b.Ghost, p)
	},
	Text: "the EndTxn request of {p} is late; it sends it again",
}

// OutputRequestIsLost is the fault request-lost for a produce request of the process.
//
// Guard: the process has an output to send and some broker takes itself for the leader.
//
// Effect: the request does not arrive; the client sends it again, or gives up.
//
// Abstracts: as RequestIsLost.
//
// Kafka: as RequestIsLost.
var OutputRequestIsLost = Action{
	Name: "OutputRequestIsLost", Actor: "network", Over: PerProcess, Class: explore.Fault, Fault: RequestLost,
	Applies: hasOutput,
	Guard: func(m *Model, s *State, b Binding) bool {
		p := m.process(s, b.Ghost)
		return p.sending() && !p.awaiting && m.anyLeads(s)
	},
	Choices: func(m *Model, s *State, b Binding) int {
		if m.c.Prod.Acks == AcksNone {
			return 1
		}
		return m.failures()
	},
	Effect: func(m *Model, s *State, b Binding) {
		if m.c.Prod.Acks == AcksNone {
			m.advance(s, b.Ghost, m.process(s, b.Ghost)) // nobody waits for an answer
			return
		}
		m.attemptEnds(s, b)
	},
	Text: "the connection breaks and the produce request of {p} is lost", Detail: failureText,
}

// anyLeads says that some broker takes itself for the leader.
func (m *Model) anyLeads(s *State) bool {
	for b := 0; b < m.n; b++ {
		if s.leads(b) {
			return true
		}
	}
	return false
}

// OutputResponseIsLost is the fault response-lost for a produce request of the process.
//
// Guard: an output is appended and its answer outstanding.
//
// Effect: the client sends it again, or gives up.
//
// Abstracts: as ResponseIsLost.
//
// Kafka: as ResponseIsLost.
var OutputResponseIsLost = Action{
	Name: "OutputResponseIsLost", Actor: "network", Over: PerProcess, Class: explore.Fault, Fault: ResponseLost,
	Applies: func(m *Model) bool { return m.output && m.c.Prod.Acks != AcksNone },
	Guard:   func(m *Model, s *State, b Binding) bool { return m.process(s, b.Ghost).awaiting },
	Choices: func(m *Model, s *State, b Binding) int { return m.failures() },
	Effect:  func(m *Model, s *State, b Binding) { m.attemptEnds(s, b) },
	Text:    "the connection breaks before the answer to {p} arrives", Detail: failureText,
}

// OutputIsRefusedForGood is the fault send-refused for an output.
//
// Guard: the process has an output to send that is not appended.
//
// Effect: the send failed: a transaction has to be aborted; without one the application gives the output up.
//
// Abstracts: as SendIsRefused. Done again, the output is taken.
//
// Kafka: RecordTooLargeException; TransactionManager.maybeTransitionToErrorState (clients).
var OutputIsRefusedForGood = Action{
	Name: "OutputIsRefusedForGood", Actor: "process", Over: PerProcess, Class: explore.Fault, Fault: SendRefused,
	Applies: hasOutput,
	Guard: func(m *Model, s *State, b Binding) bool {
		p := m.process(s, b.Ghost)
		return p.sending() && !p.awaiting
	},
	Effect: func(m *Model, s *State, b Binding) { m.givesUp(s, b.Ghost) },
	Text:   "the output of {p} is refused for good",
}

// ProcessCrashes is the fault consumer-crash: the process dies and is started again.
//
// Guard: it is not just starting.
//
// Effect: what it has in hand is gone. What it has written in a transaction it did not ask to commit will be aborted.
//
// Abstracts: crash and start are one step.
//
// Kafka: consumer and producer keep position, buffer and transaction in memory.
var ProcessCrashes = Action{
	Name: "ProcessCrashes", Actor: "process", Over: Once, Class: explore.Fault, Fault: ConsumerCrash,
	Applies: hasOutput, Guard: canCrash, Effect: processCrashes,
	Text: "the process dies and is started again",
}

// ProcessCrashesAsProducer is the fault producer-crash: consumer and producer are one process.
//
// Guard: as ProcessCrashes.
//
// Effect: as ProcessCrashes.
//
// Abstracts: as ProcessCrashes.
//
// Kafka: as ProcessCrashes.
var ProcessCrashesAsProducer = Action{
	Name: "ProcessCrashesAsProducer", Actor: "process", Over: Once, Class: explore.Fault, Fault: ProducerCrash,
	Applies: hasOutput, Guard: canCrash, Effect: processCrashes,
	Text: "the process dies, its producer with it, and is started again",
}

func canCrash(m *Model, s *State, b Binding) bool {
	p := m.process(s, 0)
	return p.pos != inputStopped && !(p.stage == stageStarting && p.pos == inputNone)
}

func processCrashes(m *Model, s *State, b Binding) {
	p := m.process(s, 0)
	m.abandon(s, p)
	m.setProcess(s, 0, process{stage: stageStarting, pos: inputNone, attempt: p.attempt})
}

// ProcessThrows is the fault consumer-exception: processing a message throws.
//
// Guard: the process owns the partition, has messages in hand, waits for no answer and has not sent its offsets.
//
// Effect: a loop that uses transactions aborts the open one. Any other ends and is started again; with app.on-exception:
// close and auto commit it commits its position on the way out.
//
// Abstracts: when in the batch it throws is any moment between two outputs, before the first and after the last.
//
// Kafka: KafkaProducer.abortTransaction; ConsumerCoordinator.close (clients).
var ProcessThrows = Action{
	Name: "ProcessThrows", Actor: "process", Over: Once, Class: explore.Fault, Fault: ConsumerException,
	Applies: hasOutput,
	Guard: func(m *Model, s *State, b Binding) bool {
		p := m.process(s, 0)
		return p.stage == stageWorking && !p.awaiting && !p.offsets
	},
	Effect: func(m *Model, s *State, b Binding) {
		p := m.process(s, 0)
		if m.transactional {
			p.stage = stageAborting
			m.setProcess(s, 0, p)
			return
		}
		if m.c.App.CloseOnException && m.c.App.Commit == CommitAuto {
			m.setGroupCommitted(s, p.pos-b2i(m.c.App.CommitCurrent))
		}
		processCrashes(m, s, b)
	},
	Text: "processing throws",
}

// InputIsReassigned is the fault rebalance: the input partition moves to another member while the first still works.
//
// Guard: the process is not just starting, and no other that lost the partition still works.
//
// Effect: the other member's process starts from the committed offset. The first goes on with what it has in hand.
//
// Abstracts: two members; the new one is a process that has just started.
//
// Kafka: max.poll.interval.ms, session.timeout.ms; GroupCoordinator generations; KIP-447 for producers per process.
var InputIsReassigned = Action{
	Name: "InputIsReassigned", Actor: "group", Over: Once, Class: explore.Fault, Fault: Rebalance,
	Applies: hasOutput,
	Guard: func(m *Model, s *State, b Binding) bool {
		return canCrash(m, s, b) && m.process(s, 1).stage == stageGone
	},
	Effect: func(m *Model, s *State, b Binding) {
		p := m.process(s, 0)
		if p.stage >= stageWorking && p.stage <= stageResetting {
			m.setProcess(s, 1, p)
		}
		m.setProcess(s, 0, process{stage: stageStarting, pos: inputNone, attempt: p.attempt})
	},
	Text: "the input partition moves to another member; the first still works",
}

// TransactionTimesOut is the fault transaction-timeout: the coordinator aborts an open transaction.
//
// Guard: a transaction is open and a process has it in hand.
//
// Effect: the epoch grows and the transaction is going to be aborted; the process will find its producer fenced.
//
// Abstracts: nothing beyond CoordinatorFencesPredecessor.
//
// Kafka: TransactionCoordinator.abortTimedOutTransactions (0.11 to 4.1); transaction.timeout.ms.
var TransactionTimesOut = Action{
	Name: "TransactionTimesOut", Actor: "coordinator", Over: PerTransaction, Class: explore.Fault,
	Fault: TransactionTimeout, Applies: hasTransactions,
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.transaction(s, b.Ghost).state == txnOngoing && m.inHands(s, b.Ghost)
	},
	Effect: func(m *Model, s *State, b Binding) { m.abortWithNewEpoch(s, b.Ghost) },
	Text:   "the transaction times out; the coordinator aborts it",
}
