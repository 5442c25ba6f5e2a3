package model

import "github.com/kcheck/kcheck/explore"

// inputPoisonActions are what the process does with an input message that cannot be processed.
var inputPoisonActions = []*Action{processFails, inputIsPoison}

// Fields of the word that says which messages have failed; only where a process can go on without a message, try again or
// stand still.
const (
	failPoisonShift = 0  // 4: messages whose processing throws every time
	failDeadShift   = 4  // 4 x 2: how often each was sent to the dead-letter topic, up to 2
	failEndedShift  = 12 // 1: the loop has ended over a poison message, or has aborted, and goes on before it
	failTriesShift  = 16 // 2 x 3: failed attempts of each process at its next message
	failGivenShift  = 24 // 2 x 4: messages that each process has given up and passes over
)

// followsFailures says that the state has the word.
func (m *Model) followsFailures() bool { return m.wFail > 0 }

// layOutFailures gives the state the word.
func (m *Model) layOutFailures() {
	c := &m.c
	thrown := c.Faults[ConsumerException] > 0 || c.Faults[CommitLost] > 0
	if c.Faults[PoisonRecord] > 0 || thrown && (c.App.SkipOnException || m.attempts() > 1) {
		m.wFail, m.words = m.words, m.words+1
	}
}

func (m *Model) failing(s *State, shift, width uint) int {
	if !m.followsFailures() {
		return 0
	}
	return get(s[m.wFail], shift, width)
}

func (m *Model) setFailing(s *State, shift, width uint, v int) {
	if m.followsFailures() {
		put(&s[m.wFail], shift, width, v)
	}
}

// poisonedInput says that processing message msg throws every time.
func (m *Model) poisonedInput(s *State, msg int) bool {
	return m.failing(s, failPoisonShift+uint(msg), 1) != 0
}

// passesOver says that a process has given message msg up.
func (m *Model) passesOver(s *State, slot, msg int) bool {
	return m.failing(s, failGivenShift+4*uint(slot)+uint(msg), 1) != 0
}

// deadLetters is how often message msg was sent to the dead-letter topic.
func (m *Model) deadLetters(s *State, msg int) int {
	return m.failing(s, failDeadShift+2*uint(msg), 2)
}

// forgetFailures is what the memory of a process had of failures gone; failures go with a process that loses the partition.
func (m *Model) forgetFailures(s *State, slot int) {
	m.setFailing(s, failTriesShift+triesWidth*uint(slot), triesWidth, 0)
	m.setFailing(s, failGivenShift+4*uint(slot), 4, 0)
}

func (m *Model) moveFailures(s *State) {
	m.setFailing(s, failTriesShift+triesWidth, triesWidth, m.failing(s, failTriesShift, triesWidth))
	m.setFailing(s, failGivenShift+4, 4, m.failing(s, failGivenShift, 4))
	m.forgetFailures(s, 0)
}

// failsNext is the message in hand that a process is about to fail at, or -1: a poison message that it has not given up.
// With send() alone the outputs of what is in hand are in the producer, and processing fails at any of them; else
// outputs come one after the other.
func (m *Model) failsNext(s *State, slot int) int {
	p := m.process(s, slot)
	if !m.hasPoison() || p.stage != stageWorking || p.awaiting || p.offsets {
		return -1
	}
	last := p.sent + 1
	if m.sendsAhead() {
		last = p.size
	}
	for i := p.sent; i < min(last, p.size); i++ {
		if msg := p.from + i; m.poisonedInput(s, msg) && !m.passesOver(s, slot, msg) {
			return msg
		}
	}
	return -1
}

var inputIsPoison = &Action{
	Name: "InputIsPoison", Area: AreaProcess, Actor: "process", Over: PerMessage, Class: explore.Fault, Fault: PoisonRecord,
	Doc: Doc{
		Summary:   "InputIsPoison is the fault poison-record: processing an input message will throw every time that it is tried.",
		Guard:     "No output of the message is in the log, and a process is about to process it.",
		Effect:    "It is poison from now on (ProcessFails).",
		Abstracts: "As RecordIsPoison.",
		Sources: []string{
			"None: this is the application's loop",
		},
	},
	Applies: hasOutput,
	Guard: func(m *Model, s *State, b Binding) bool {
		if m.poisonedInput(s, b.Msg) || m.deadLetters(s, b.Msg) > 0 || m.everSent(s, b.Msg) {
			return false
		}
		for slot := range m.members() {
			if m.triesInput(s, slot, b.Msg) {
				return true
			}
		}
		return false
	},
	Effect: func(m *Model, s *State, b Binding) { s[m.wFail] |= 1 << (failPoisonShift + uint(b.Msg)) },
	Text:   "processing {message} throws, and will throw every time",
	Causes: []Cause{byOnThrow},
	Route:  Route{From: "process", Label: "poison {message}"},
	Forced: steady,
}

// everSent says that an output of message msg is in a log, or on its way.
func (m *Model) everSent(s *State, msg int) bool {
	for i := 0; i < maxLateRequests; i++ {
		if g, ok := s.lateRequest(i); ok && g.msg == msg {
			return true
		}
	}
	for b := 0; b < m.n; b++ {
		for i, n := 0, s.logLen(b); i < n; i++ {
			if r := m.at(s, b, i); !m.kindOf(r).marker() && m.msgOf(r) == msg {
				return true
			}
		}
	}
	return false
}

// triesInput says that a process is about to process message msg.
func (m *Model) triesInput(s *State, slot, msg int) bool {
	p := m.process(s, slot)
	if p.stage != stageWorking || p.offsets || m.passesOver(s, slot, msg) || msg < p.from+p.sent || msg >= p.from+p.size {
		return false
	}
	if m.sendsAhead() {
		return !(p.awaiting && msg == p.from) && !(slot == 0 && m.commitsAfter() && !m.commitDue(s, p))
	}
	return !p.awaiting && msg == p.from+p.sent
}

var processFails = &Action{
	Name: "ProcessFails", Area: AreaProcess, Actor: "process", Over: PerProcess,
	Doc: Doc{
		Summary: "ProcessFails is the last attempt at an input message whose processing throws every time.",
		Guard: "The message is in hand and due to be processed. A loop that has ended over it before, or aborted and gone " +
			"back, and has committed nothing since, could only fail as before: that is no step, the loop stands still.",
		Effect: "A loop with transactions aborts the open one. With app.on-exception: skip the process passes over the message, " +
			"in the next transaction or at once; with dead-letter it does so too, and the message counts as processed. With " +
			"rethrow and close a loop with transactions goes on as app.on-abort says, any other ends and is started again. A " +
			"process that has lost the partition ends.",
		Abstracts: "All attempts are one step. A record is in the dead-letter topic as soon as it is sent there. What a process " +
			"passes over it forgets when it is started again.",
		Sources: []string{
			"KafkaProducer.abortTransaction",
			"org.springframework.kafka.listener.DefaultAfterRollbackProcessor (spring-kafka 3.3): attempts, rollback, then the recoverer",
		},
	},
	Applies: func(m *Model) bool { return m.output && m.hasPoison() },
	Guard: func(m *Model, s *State, b Binding) bool {
		msg := m.failsNext(s, b.Slot)
		return msg >= 0 && !(b.Slot == 0 && m.repeatsFailure(s, msg))
	},
	Effect:   func(m *Model, s *State, b Binding) { m.givesInputUp(s, b.Slot, m.failsNext(s, b.Slot)) },
	Text:     "the last attempt of {member} at {message} fails",
	Outcomes: inputOutcomes,
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		p.Message = messageID(m.failsNext(pre, b.Slot))
		return m.inputGivenUpHow()
	},
	Causes: []Cause{byOnThrow, byAttempts, byOnAbort.when(isTransaction), byAutoCommit.when(commitsItself), byCommit},
	Route:  Route{From: "{member}", Label: "exception"},
	Forced: Forced{Unforceable, "the process that is played cannot go on without a message"},
}

// inputOutcomes are the ways in which a process goes on when it gives a message up.
var inputOutcomes = []Outcome{
	{Word: "aborts", Text: "; the transaction has to be aborted"},
	{Word: "restarts", Text: "; the loop ends and is started again"},
	{Word: "down", Text: "; the loop ends, and nobody starts it again"},
	{Word: "skipped", Text: "; the application logs it and goes on without the message"},
	{Word: "dead-letter", Text: "; the application sends the message to the dead-letter topic and goes on"},
	{Word: "aborts-skipped", Text: "; the transaction has to be aborted, then the application goes on without the message"},
	{Word: "aborts-dead-letter", Text: "; the transaction has to be aborted, then the message goes to the dead-letter topic"},
}

func (m *Model) inputGivenUpHow() string {
	a := &m.c.App
	switch {
	case m.transactional && a.DeadLetter:
		return "aborts-dead-letter"
	case m.transactional && a.SkipOnException:
		return "aborts-skipped"
	case m.transactional:
		return "aborts"
	case a.DeadLetter:
		return "dead-letter"
	case a.SkipOnException:
		return "skipped"
	case a.NoRestarts:
		return "down"
	}
	return "restarts"
}

// givesInputUp is what a process does when the last attempt at message msg has failed.
func (m *Model) givesInputUp(s *State, slot, msg int) {
	m.setFailing(s, failTriesShift+triesWidth*uint(slot), triesWidth, 0)
	if m.c.App.SkipOnException {
		m.setFailing(s, failGivenShift+4*uint(slot)+uint(msg), 1, 1)
		if m.c.App.DeadLetter {
			m.setFailing(s, failDeadShift+2*uint(msg), 2, min(2, m.deadLetters(s, msg)+1))
		}
	}
	p := m.process(s, slot)
	switch {
	case m.transactional:
		p.stage = stageAborting
		m.setProcess(s, slot, p)
		m.noteEnded(s, slot, msg, !m.c.App.ContinueOnAbort)
	case m.c.App.SkipOnException:
		m.passOver(s, slot, p)
	case slot == 1:
		m.setProcess(s, slot, process{})
	default:
		if m.c.App.CloseOnException && m.c.App.Commit == CommitAuto {
			m.setGroupCommitted(s, p.pos-b2i(m.c.App.CommitCurrent))
		}
		processCrashEffect(m, s, Binding{})
		m.noteEnded(s, slot, msg, true)
	}
}

// noteEnded notes that the loop goes on before the poison message msg.
func (m *Model) noteEnded(s *State, slot, msg int, goesBack bool) {
	if slot == 0 && !m.c.App.SkipOnException && goesBack && m.poisonedInput(s, msg) {
		m.setFailing(s, failEndedShift, 1, b2i(m.startingPosition(s) <= msg))
	}
}

// repeatsFailure says that the process has failed at poison message msg before, and nothing has changed since.
func (m *Model) repeatsFailure(s *State, msg int) bool {
	return m.failing(s, failEndedShift, 1) != 0 && m.startingPosition(s) <= msg
}

// passOver goes on behind the messages that the process has given up, where one of them is next.
func (m *Model) passOver(s *State, slot int, p process) {
	if p.stage == stageWorking && !p.awaiting && p.sent < p.size && m.passesOver(s, slot, p.from+p.sent) {
		m.advance(s, slot, p)
		return
	}
	m.setProcess(s, slot, p)
}

// failingInput is the poison message before which the process stands still; 0 for none.
func (m *Model) failingInput(s *State) MessageID {
	if msg := m.failsNext(s, 0); msg >= 0 && m.repeatsFailure(s, msg) {
		return messageID(msg)
	}
	return 0
}

// inputAwaitsPerson is AwaitsPerson with app.output: kafka: whoever helps goes on at the committed offset.
func (m *Model) inputAwaitsPerson(s *State, msg int) bool {
	down := m.process(s, 0).stage == stageGone
	return (down || m.failingInput(s) != 0) && msg >= m.startingPosition(s)%inputStopped
}
