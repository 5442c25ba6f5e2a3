package model

import "github.com/kcheck/kcheck/explore"

// processFaultActions are the faults of the process itself and of its group.
var processFaultActions = []*Action{processCrashes, processCrashesAsProducer, processThrows, inputIsReassigned}

var processCrashes = &Action{
	Name: "ProcessCrashes", Area: AreaProcess, Actor: "process", Over: Once, Class: explore.Fault, Fault: ConsumerCrash,
	Doc: Doc{
		Summary: "ProcessCrashes is the fault consumer-crash: the process dies and is started again.",
		Guard:   "It is not just starting.",
		Effect: "What it has in hand is gone. What it has written in a transaction it did not ask to commit will be " +
			"aborted; one that an external coordinator has noted is committed by the next process (app.on-restart-transaction: " +
			"resume).",
		Abstracts: "Crash and start are one step.",
		Sources: []string{
			"Consumer and producer keep position, buffer and transaction in memory",
		},
	},
	Applies: hasOutput, Guard: canCrash, Effect: processCrashEffect,
	Text:     "the process dies",
	Outcomes: endOutcomes,
	Result:   func(m *Model, pre *State, b Binding, post *State, p *Params) string { return m.startedAgain() },
	Causes:   []Cause{byRestarts.when(staysDown), byReadsOut.when(readsAborted), bySend.when(commitsUnsent), byCommit, byTxnID, byRandomID},
	Route:    Route{From: "process", Label: "crash"},
	Forced:   steady,
}

var processCrashesAsProducer = &Action{
	Name: "ProcessCrashesAsProducer", Area: AreaProcess, Actor: "process", Over: Once, Class: explore.Fault, Fault: ProducerCrash,
	Doc: Doc{
		Summary:   "ProcessCrashesAsProducer is the fault producer-crash: consumer and producer are one process.",
		Guard:     "As ProcessCrashes.",
		Effect:    "As ProcessCrashes.",
		Abstracts: "As ProcessCrashes.",
		Sources: []string{
			"As ProcessCrashes",
		},
	},
	Applies: hasOutput, Guard: canCrash, Effect: processCrashEffect,
	Text:     "the process dies, its producer with it",
	Outcomes: endOutcomes,
	Result:   func(m *Model, pre *State, b Binding, post *State, p *Params) string { return m.startedAgain() },
	Causes:   []Cause{byRestarts.when(staysDown), byReadsOut.when(readsAborted), bySend.when(commitsUnsent), byCommit, byTxnID, byRandomID},
	Route:    Route{From: "process", Label: "crash"},
	Forced:   steady,
}

func canCrash(m *Model, s *State, b Binding) bool {
	p := m.process(s, 0)
	return p.stage != stageGone && p.pos != inputStopped && !(p.stage == stageStarting && p.pos == inputNone)
}

// processCrashEffect is the end of the process: it is started again, or stays down.
func processCrashEffect(m *Model, s *State, b Binding) {
	m.restartProcess(s)
	if m.c.App.NoRestarts {
		m.setProcess(s, 0, process{attempt: m.process(s, 0).attempt})
	}
}

var processThrows = &Action{
	Name: "ProcessThrows", Area: AreaProcess, Actor: "process", Over: Once, Class: explore.Fault, Fault: ConsumerException,
	Doc: Doc{
		Summary: "ProcessThrows is the fault consumer-exception: processing a message throws.",
		Guard: "The process owns the partition, has messages in hand, waits for no answer and has not sent or committed " +
			"its offsets. Outside a transaction it can throw until the offset is committed, also when all outputs are acknowledged.",
		Effect: "While app.attempts are left the message is tried again. After the last a loop that uses transactions aborts the " +
			"open one. Any other ends and is started again; with app.on-exception: close and auto commit it commits its " +
			"position on the way out. With skip and dead-letter it goes on without the message, with transactions after the " +
			"abort; a message that the dead-letter topic took counts as processed.",
		Abstracts: "When in the batch it throws is any moment between two outputs, before the first and after the last.",
		Sources: []string{
			"KafkaProducer.abortTransaction",
			"ConsumerCoordinator.close (clients)",
		},
	},
	Applies: hasOutput,
	Guard: func(m *Model, s *State, b Binding) bool {
		p := m.process(s, 0)
		switch {
		case !m.transactional && (p.stage == stageIdle || p.stage == stageOffsetDue):
			return m.commitDue(s, p)
		case m.sendsAhead() && m.commitsAfter():
			return p.stage == stageWorking && m.commitDue(s, p)
		}
		return p.stage == stageWorking && !p.awaiting && !p.offsets
	},
	Effect: func(m *Model, s *State, b Binding) {
		if n := m.failing(s, failTriesShift, triesWidth) + 1; n < m.attempts() {
			m.setFailing(s, failTriesShift, triesWidth, n)
			return
		}
		m.givesInputUp(s, 0, m.throwsAt(m.process(s, 0)))
	},
	Text:     "processing throws",
	Outcomes: append([]Outcome{{Word: "tried-again", Text: "; it will be tried again"}}, inputOutcomes...),
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		if m.failing(pre, failTriesShift, triesWidth)+1 < m.attempts() {
			return "tried-again"
		}
		return m.inputGivenUpHow()
	},
	Causes: []Cause{byReadsOut.when(readsAborted), byOnAbort.when(goesOnAfterAbort), byCommit.when(commitsOutside), byOnAbort, byOnThrow, byAttempts, byCommit},
	Route:  Route{From: "process", Label: "exception"},
	Forced: steady,
}

// throwsAt is the message at which processing throws: the next in hand, or the last where all outputs are acknowledged, or
// where send() has returned for the others.
func (m *Model) throwsAt(p process) int {
	if p.size == 0 {
		return p.pos - 1
	}
	if m.sendsAhead() {
		return p.from + p.size - 1
	}
	return p.from + min(p.sent, p.size-1)
}

var inputIsReassigned = &Action{
	Name: "InputIsReassigned", Area: AreaProcess, Actor: "group", Over: Once, Class: explore.Fault, Fault: Rebalance,
	Doc: Doc{
		Summary: "InputIsReassigned is the fault rebalance: the input partition moves to another member while the " +
			"first still works.",
		Guard: "The process is not just starting, and no other that lost the partition still works.",
		Effect: "The other member's process starts from the committed offset, with the same transactional.id if that " +
			"goes with the partition. The first goes on with what it has in hand.",
		Abstracts: "Two members, of which the one that does not own the partition has nothing else to do; the new owner is a " +
			"process that has just started.",
		Sources: []string{
			"max.poll.interval.ms, session.timeout.ms",
			"GroupCoordinator generations",
			"KIP-447 for producers per process",
		},
	},
	Applies: hasOutput,
	Guard: func(m *Model, s *State, b Binding) bool {
		return canCrash(m, s, b) && m.process(s, 1).stage == stageGone
	},
	Effect: func(m *Model, s *State, b Binding) { m.reassignInput(s) },
	Text:   "the input partition moves to another member; the first still works",
	Result: formerHand,
	Causes: []Cause{byGroupMeta.when(goesUnfenced), byRandomID.when(differentIDs), byCommit},
	Route:  Route{From: "input", Label: "rebalance"},
	Forced: steady,
}

// reassignInput gives the input partition to another member, while the first goes on with what it has in hand.
func (m *Model) reassignInput(s *State) {
	p := m.process(s, 0)
	if p.stage >= stageWorking && p.stage <= stageResetting {
		m.setProcess(s, 1, p)
		m.moveFailures(s)
	}
	m.forgetFailures(s, 0)
	m.setProcess(s, 0, process{stage: stageStarting, pos: inputNone, attempt: p.attempt})
	m.changeOwner(s)
	m.endGeneration(s)
}

// formerHand tells what the member that has lost the partition has in hand.
func formerHand(m *Model, pre *State, b Binding, post *State, p *Params) string {
	if q := m.process(post, 1); q.stage != stageGone {
		p.Messages = q.inHand()
	}
	return ""
}
