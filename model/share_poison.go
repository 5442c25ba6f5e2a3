package model

import "github.com/kcheck/kcheck/explore"

// sharePoisoned says that processing message msg throws every time.
func (m *Model) sharePoisoned(s *State, msg int) bool {
	return m.shared(s, shPoisonShift+uint(msg), 1) != 0
}

// nextMessage is the message that a member has to process next, or -1.
func (m *Model) nextMessage(s *State, slot int) int {
	i := m.nextToProcess(s, slot)
	if i < 0 {
		return -1
	}
	return m.hold(s, slot).records[i].msg
}

var shareRecordIsPoison = &Action{
	Name: "ShareRecordIsPoison", Area: AreaClients, Actor: sharePart, Over: PerMember, Class: explore.Fault, Fault: PoisonRecord, Applies: hasShare,
	Doc: Doc{
		Summary:   "ShareRecordIsPoison is the fault poison-record in a share group: processing a message will throw every time that it is tried.",
		Guard:     "The message was never processed, and a member is about to process it.",
		Effect:    "It is poison from now on (SharePoisonFails).",
		Abstracts: "Why it throws. That it is poison is decided when it is first tried.",
		Sources: []string{
			"None: this is the application's loop",
			"org.apache.kafka.common.errors.RecordDeserializationException of a record that poll() of a share consumer cannot get past",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		msg := m.nextMessage(s, b.Slot)
		return msg >= 0 && m.processed(s, msg) == 0 && !m.sharePoisoned(s, msg)
	},
	Effect: func(m *Model, s *State, b Binding) {
		m.setShared(s, shPoisonShift+uint(m.nextMessage(s, b.Slot)), 1, 1)
	},
	Text:   "processing {message} throws in {member}, and will throw every time",
	Result: shareRecord,
	Causes: []Cause{byOnShareThrow.when(isExplicit), byOnThrow.when(isImplicit)},
	Route:  Route{From: "{member}", Label: "poison {message}"},
	Forced: steady,
}

var sharePoisonFails = &Action{
	Name: "SharePoisonFails", Time: Timing{Step: "process"}, Area: AreaClients, Actor: sharePart, Over: PerMember,
	Doc: Doc{
		Summary: "SharePoisonFails is a share group's member failing at a record whose processing throws every time.",
		Guard:   "The record is in hand and due to be processed.",
		Effect: "As ShareProcessingThrows. What is released is delivered again until share.delivery.count.limit, and then " +
			"archived or on its way to the dead-letter queue: the group does not stand still before it.",
		Abstracts: "All attempts of one delivery are one step.",
		Sources: []string{
			"SharePartition.acknowledge, InFlightState.startStateTransition (4.2 to 4.4): the count of deliveries",
		},
	},
	Applies: func(m *Model) bool { return m.share && m.hasPoison() },
	Guard: func(m *Model, s *State, b Binding) bool {
		msg := m.nextMessage(s, b.Slot)
		return msg >= 0 && m.sharePoisoned(s, msg)
	},
	Effect:   func(m *Model, s *State, b Binding) { m.shareGivesUp(s, b.Slot) },
	Text:     "{member} fails to process {message}",
	Outcomes: shareExceptionOutcomes,
	Result:   shareGivenUpHow,
	Causes:   []Cause{byOnShareThrow.when(isExplicit), byOnThrow.when(isImplicit), byShare, byDeliveries},
	Route:    Route{From: "{member}", Label: "exception"},
	Forced:   steady,
}

// shareMarks are the marks of app.share-on-exception.
var shareMarks = [...]mark{ShareRelease: toRelease, ShareReject: toReject, ShareNothing: toRelease}

// shareGivesUp is what a member does with the record that it had to process next, and whose processing throws.
func (m *Model) shareGivesUp(s *State, slot int) {
	msg := m.nextMessage(s, slot)
	switch a := &m.c.App; {
	case a.Share == ShareExplicit:
		m.finish(s, slot, shareMarks[a.ShareOnException])
	case a.DeadLetter:
		m.countProcessed(s, msg, 2)
		m.finish(s, slot, toAccept)
	case a.SkipOnException:
		m.finish(s, slot, toAccept)
	default:
		m.restartMember(s, slot)
	}
}

// shareExceptionOutcomes are the ways in which a member goes on when it gives a record up.
var shareExceptionOutcomes = []Outcome{
	{Word: "release", Text: " and will release it"},
	{Word: "reject", Text: " and will reject it"},
	{Word: "nothing", Text: " and says nothing of it: its next poll throws, and closing the consumer releases the record"},
	{Word: "acknowledged", Text: ", which is acknowledged already"},
	{Word: "skipped", Text: "; the application logs it and goes on, so that its next poll accepts the record"},
	{Word: "dead-letter", Text: "; the application sends the record to a dead-letter topic and goes on"},
	{Word: "ended", Text: "; the loop ends and is started again, and what it had acquired is released"},
}

// shareGivenUpHow is the outcome of shareGivesUp.
func shareGivenUpHow(m *Model, pre *State, b Binding, post *State, p *Params) string {
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
}
