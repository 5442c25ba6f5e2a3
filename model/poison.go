package model

import "github.com/kcheck/kcheck/explore"

// poisonActions are what a consumer does with a record that cannot be processed.
var poisonActions = []*Action{poisonRecordFails, oldMemberFails, recordIsPoison}

// A loop that could only fail as before stands still: the record and what is behind it wait for a person. That is so when
// the loop has ended over it once and nothing has been committed since.

func (m *Model) hasPoison() bool { return m.c.Faults[PoisonRecord] > 0 }

// poisoned says that processing message msg throws every time.
func (m *Model) poisoned(s *State, msg int) bool {
	return s[m.wCons+1]>>(cPoisonShift+uint(msg))&1 != 0
}

// tries is how often processing the record in place i of the hand has failed.
func (m *Model) tries(s *State, i int) int {
	return get(s[m.wCons+1], cTriesShift+triesWidth*uint(i), triesWidth)
}

func (m *Model) setTries(s *State, i, n int) {
	put(&s[m.wCons+1], cTriesShift+triesWidth*uint(i), triesWidth, n)
}

// nowhere is the offset of no record.
const nowhere = -1

// setFailedAt notes the offset of the poison record over which the loop has ended.
func (m *Model) setFailedAt(s *State, offset int) { put(&s[m.wCons+1], cFailedShift, 4, 1+offset) }

// endsOnException says that the loop ends when it gives a record up.
func (m *Model) endsOnException() bool { return !m.c.App.SkipOnException }

// attempts is how often processing a record is tried.
func (m *Model) attempts() int { return max(1, m.c.App.Attempts) }

var recordIsPoison = &Action{
	Name: "RecordIsPoison", Area: AreaClients, Actor: "consumer", Over: PerMessage, Class: explore.Fault, Fault: PoisonRecord,
	Doc: Doc{
		Summary:   "RecordIsPoison is the fault poison-record: processing a message will throw every time that it is tried.",
		Guard:     "The message was never processed, and a member of the group is about to process it.",
		Effect:    "It is poison from now on (PoisonRecordFails, OldMemberFails).",
		Abstracts: "Why it throws. That it is poison is decided when it is first tried.",
		Sources: []string{
			"None: this is the application's loop",
			"org.apache.kafka.common.errors.SerializationException of a record that poll() cannot get past",
		},
	},
	Applies: hasConsumer,
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.processed(s, b.Msg) == 0 && !m.poisoned(s, b.Msg) && (m.isTried(s, b.Msg) || m.oldMemberTries(s, b.Msg))
	},
	Effect: func(m *Model, s *State, b Binding) { s[m.wCons+1] |= 1 << (cPoisonShift + uint(b.Msg)) },
	Text:   "processing {message} throws, and will throw every time",
	Causes: []Cause{byOnThrow},
	Route:  Route{From: "consumer", Label: "poison {message}"},
	Forced: steady,
}

// isTried says that the owner of the partition is about to process msg.
func (m *Model) isTried(s *State, msg int) bool {
	if !m.mayProcess(s) {
		return false
	}
	for i := range m.window(s) {
		if m.isProcessable(s, i) && m.inHand(s, i) == msg {
			return true
		}
	}
	return false
}

// failingPlace is the place in the hand of the poison record that the application fails at next, or -1.
func (m *Model) failingPlace(s *State) int {
	if !m.hasPoison() || !m.mayProcess(s) {
		return -1
	}
	for i := range m.window(s) {
		if !m.done(s, i) && m.poisoned(s, m.inHand(s, i)) {
			return i
		}
	}
	return -1
}

// oldMemberTries says that a member that has lost the partition is about to process msg.
func (m *Model) oldMemberTries(s *State, msg int) bool {
	return m.oldHand(s) > 0 && get(s[m.wCons+1], cOldNextShift, 2) == msg
}

var poisonRecordFails = &Action{
	Name: "PoisonRecordFails", Time: Timing{Step: "process"}, Area: AreaClients, Actor: "consumer", Over: Once,
	Doc: Doc{
		Summary: "PoisonRecordFails is the last attempt at a record whose processing throws every time.",
		Guard: "The record is in hand and due to be processed. A loop that has ended over it before, and has committed " +
			"nothing since, could only fail as before: that is no step, the loop stands still.",
		Effect: "As app.on-exception says: with rethrow and close the loop ends and is started again from the committed " +
			"offset, with close and auto commit after a commit of the position. With skip the loop goes on behind the " +
			"record; with dead-letter it does so too, and the record counts as processed.",
		Abstracts: "All attempts are one step. As ProcessingThrows.",
		Sources: []string{
			"ConsumerCoordinator.close and maybeAutoCommitOffsetsSync",
			"org.springframework.kafka.listener.FailedRecordTracker (spring-kafka 3.3) for attempts and recoverer",
		},
	},
	Applies: func(m *Model) bool { return m.consumer && m.hasPoison() },
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.failingPlace(s) >= 0 && !m.standsStill(s)
	},
	Effect:   func(m *Model, s *State, b Binding) { m.givesRecordUp(s, m.failingPlace(s)) },
	Text:     "the last attempt at {message} fails",
	Outcomes: exceptionOutcomes,
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		p.Message = messageID(m.inHand(pre, m.failingPlace(pre)))
		return m.givenUpHow(post, p)
	},
	Causes: []Cause{byRestarts.when(staysDown), byOnThrow, byAttempts, byAutoCommit.when(commitsItself), byCommit},
	Route:  Route{From: "consumer", Label: "exception"},
	Forced: steady,
}

// givesRecordUp is what the loop does with the record in place i of the hand when the last attempt at it has failed.
func (m *Model) givesRecordUp(s *State, i int) {
	msg, offset := m.inHand(s, i), m.consumerPosition(s)-m.hand(s)+i
	switch {
	case m.c.App.DeadLetter:
		m.deadLetter(s, i)
		m.finishRecord(s, i)
		return
	case m.c.App.SkipOnException:
		m.finishRecord(s, i)
		return
	case m.commitsOnClose():
		m.commits(s)
	}
	m.endConsumer(s)
	if m.hasPoison() && m.poisoned(s, msg) {
		m.setFailedAt(s, offset)
	}
}

// deadLetter sends the record in place i of the hand to the dead-letter topic, which keeps no offset and knows no keys.
func (m *Model) deadLetter(s *State, i int) {
	msg := m.inHand(s, i)
	if !m.repeats(s, msg, m.consumerPosition(s)-m.hand(s)+i, m.epochInHand(s, onceHandShift, i)) {
		m.countProcessed(s, msg, 2)
	}
}

// standsStill says that the loop has come to a poison record over which it has ended before, and nothing has changed since.
func (m *Model) standsStill(s *State) bool {
	i := m.failingPlace(s)
	return i >= 0 && m.endsOnException() && get(s[m.wCons+1], cFailedShift, 4) == 1+m.consumerPosition(s)-m.hand(s)+i
}

// exceptionOutcomes are the ways in which a loop goes on when it gives a record up.
var exceptionOutcomes = []Outcome{
	{Word: "committed", Text: "; the loop ends and is started again"},
	{Word: "not-committed", Text: "; the loop ends and is started again"},
	{Word: "down", Text: "; the loop ends, and nobody starts it again"},
	{Word: "skipped", Text: "; the application logs it and goes on with the next record"},
	{Word: "dead-letter", Text: "; the application sends the record to the dead-letter topic and goes on"},
}

// givenUpHow is the outcome of givesRecordUp.
func (m *Model) givenUpHow(post *State, p *Params) string {
	switch {
	case m.c.App.DeadLetter:
		return "dead-letter"
	case m.c.App.SkipOnException:
		return "skipped"
	case m.c.App.NoRestarts:
		return "down"
	case m.commitsOnClose():
		p.Committed = at(m.cons(post, cCommittedShift, 4))
		return "committed"
	}
	return "not-committed"
}

var oldMemberFails = &Action{
	Name: "OldMemberFails", Time: Timing{Step: "process"}, Area: AreaClients, Actor: "consumer", Over: Once,
	Doc: Doc{
		Summary: "OldMemberFails is a member that has lost the partition failing at a record whose processing throws every time.",
		Guard:   "The record is the next that it has in hand.",
		Effect: "With app.on-exception: skip it goes on behind the record, with dead-letter the record counts as processed as " +
			"well; else its loop ends, with what it has in hand.",
		Abstracts: "As OldMemberProcesses; what it commits is refused.",
		Sources: []string{
			"A member learns of a rebalance in poll, not while it processes",
		},
	},
	Applies: func(m *Model) bool { return m.consumer && m.hasFormerMember() && m.hasPoison() },
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.oldHand(s) > 0 && m.poisoned(s, get(s[m.wCons+1], cOldNextShift, 2))
	},
	Effect: func(m *Model, s *State, b Binding) {
		if m.endsOnException() {
			put(&s[m.wCons+1], cOldHandShift, oldHandWidth, 0)
			return
		}
		msg, offset, epoch := m.takeFromOldHand(s)
		if m.c.App.DeadLetter && !m.repeats(s, msg, offset, epoch) {
			m.countProcessed(s, msg, 2)
		}
	},
	Text: "the member that lost the partition fails at {message}",
	Outcomes: []Outcome{
		{Word: "ended", Text: "; its loop ends"},
		{Word: "skipped", Text: " and logs it"},
		{Word: "dead-letter", Text: " and sends it to the dead-letter topic"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		p.Member, p.Message = MemberFormer, messageID(get(pre[m.wCons+1], cOldNextShift, 2))
		switch {
		case m.c.App.DeadLetter:
			return "dead-letter"
		case m.c.App.SkipOnException:
			return "skipped"
		}
		return "ended"
	},
	Causes: []Cause{byOnThrow},
	Route:  Route{From: "consumer", Label: "old member fails at {message}"},
	Forced: steady,
}

// AwaitsPerson says that message msg waits for a person, so that nobody has lost it: it is, or is behind, a record that stops
// the loop every time; or a process that has ended, and that nobody starts again, would go on with it.
func (m *Model) AwaitsPerson(s *State, msg int) bool {
	if m.output {
		return m.inputAwaitsPerson(s, msg)
	}
	if !m.consumer {
		return false
	}
	from, waits := m.consumerPosition(s)-m.hand(s), m.standsStill(s)
	if m.consumerIsDown(s) {
		from, waits = m.startsAt(s)
	}
	if !waits {
		return s.phase(msg).pending() && s.producerIsDown()
	}
	if p := s.phase(msg); p == Unsent || p.pending() {
		return true
	}
	for b := 0; b < m.n; b++ {
		if m.lastOf(s, b, msg) >= from {
			return true
		}
	}
	return false
}

// Failing is the poison message over which the loop stands still; 0 for none.
func (m *Model) Failing(s *State) MessageID {
	switch {
	case m.output:
		return m.failingInput(s)
	case m.consumer && m.standsStill(s):
		return messageID(m.inHand(s, m.failingPlace(s)))
	}
	return 0
}
