package model

import "github.com/kcheck/kcheck/explore"

// shareApplicationActions are what the application around a share group's member, and its acknowledgements, suffer: a record that
// cannot be processed, a deployment, an acknowledgement that fails.
var shareApplicationActions = []*Action{sharePoisonRecordFails, shareRecordIsPoison, shareMemberIsRestarted, shareAcknowledgementFails}

// sharePoisoned says that processing message msg throws every time.
func (m *Model) sharePoisoned(s *State, msg int) bool {
	return m.shared(s, shPoisonShift+uint(msg), 1) != 0
}

// shareTries is the message of the record that a member has to process next; tries is whether there is one.
func (m *Model) shareTries(s *State, slot int) (msg int, tries bool) {
	i := m.nextToProcess(s, slot)
	if i < 0 {
		return 0, false
	}
	h := m.hold(s, slot)
	return h.records[i].msg, true
}

// shareTrier is the first member that has to process message msg next; -1 where none has.
func (m *Model) shareTrier(s *State, msg int) int {
	for slot := range m.shareMembers() {
		if next, tries := m.shareTries(s, slot); tries && next == msg {
			return slot
		}
	}
	return -1
}

var shareRecordIsPoison = &Action{
	Name: "ShareRecordIsPoison", Area: AreaClients, Actor: sharePart, Over: PerMessage, Class: explore.Fault, Fault: PoisonRecord, Applies: hasShare,
	Doc: Doc{
		Summary:   "ShareRecordIsPoison is the fault poison-record in a share group: processing a message will throw every time that it is tried.",
		Guard:     "The message was never processed, and a member is about to process it.",
		Effect:    "It is poison from now on, for every member and in every delivery (SharePoisonRecordFails).",
		Abstracts: "Why it throws. That it is poison is decided when it is first tried.",
		Sources: []string{
			"None: this is the application's loop",
			"ShareCompletedFetch: a record that cannot be deserialised is released (4.2 to 4.4)",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.processed(s, b.Msg) == 0 && !m.sharePoisoned(s, b.Msg) && m.shareTrier(s, b.Msg) >= 0
	},
	Effect: func(m *Model, s *State, b Binding) { m.setShared(s, shPoisonShift+uint(b.Msg), 1, 1) },
	Text:   "processing {message} throws, and will throw every time",
	Result: func(m *Model, pre *State, b Binding, _ *State, p *Params) string {
		p.Member = shareMember(m.shareTrier(pre, b.Msg))
		return ""
	},
	Causes: []Cause{byOnShareThrow.when(isExplicit), byOnThrow.when(isImplicit)},
	Route:  Route{From: "{member}", Label: "poison {message}"},
	Forced: steady,
}

var sharePoisonRecordFails = &Action{
	Name: "SharePoisonRecordFails", Area: AreaClients, Actor: sharePart, Over: PerMember,
	Doc: Doc{
		Summary: "SharePoisonRecordFails is a member failing at a record whose processing throws every time.",
		Guard:   "The record is in hand and due to be processed.",
		Effect: "As ShareProcessingThrows. A record that is released is delivered again, and fails again, until it has no delivery " +
			"left: share.delivery.count.limit ends it where a consumer group stands still.",
		Abstracts: "As ShareProcessingThrows.",
		Sources: []string{
			"InFlightState.tryUpdateState: at the limit a record is archived, or goes to the dead-letter queue (4.2 to 4.4)",
			"ShareConsumerImpl.poll, ShareConsumerImpl.close",
		},
	},
	Applies: func(m *Model) bool { return m.share && m.c.Faults[PoisonRecord] > 0 },
	Guard: func(m *Model, s *State, b Binding) bool {
		msg, tries := m.shareTries(s, b.Slot)
		return tries && m.sharePoisoned(s, msg)
	},
	Effect:   shareProcessingThrows.Effect,
	Text:     shareProcessingThrows.Text,
	Outcomes: shareProcessingThrows.Outcomes,
	Result:   shareProcessingThrows.Result,
	Causes:   []Cause{byOnShareThrow.when(isExplicit), byOnThrow.when(isImplicit), byShare, byDeliveries},
	Route:    Route{From: "{member}", Label: "exception"},
	Forced:   steady,
}

var shareMemberIsRestarted = &Action{
	Name: "ShareMemberIsRestarted", Area: AreaClients, Actor: sharePart, Over: PerMember, Class: explore.Fault, Fault: AppRestart, Applies: hasShare,
	Doc: Doc{
		Summary: "ShareMemberIsRestarted is the fault app-restart in a share group: the process of a member is stopped in order and started again.",
		Guard: "It has records in hand. With app.on-stop: close the loop has finished with what it polled, unless another thread " +
			"processes.",
		Effect: "KafkaShareConsumer.close sends the acknowledgements that the application has made, and the leader releases the " +
			"rest. An implicit consumer has made none: only its next poll would, so that what it has processed is delivered " +
			"again. With app.on-stop: exit nothing is sent, as in a crash.",
		Abstracts: "Stop and start are one step. Another thread stops at the border of a record.",
		Sources: []string{
			"ShareConsumerImpl.close: acknowledgementsToSend, then the final epoch of the share session (4.2 to 4.4)",
			"SharePartitionManager.releaseSession",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		finished := m.c.App.ExitOnStop || m.handsOff || m.nextToProcess(s, b.Slot) < 0
		return m.hold(s, b.Slot).n > 0 && finished
	},
	Effect: func(m *Model, s *State, b Binding) {
		if h := m.hold(s, b.Slot); m.closeAcknowledges() && m.takesAcknowledgements(s, b.Slot) {
			m.applyMade(s, &h)
		}
		m.restartMember(s, b.Slot)
	},
	Text: "the application of {member} is stopped ",
	Outcomes: []Outcome{
		{Word: "closed", Text: "in order and closes its consumer, which sends the acknowledgements that were made; what else it had acquired is released"},
		{Word: "released", Text: "in order and closes its consumer, which has made no acknowledgement; what it had acquired is released"},
		{Word: "exited", Text: "and exits without closing its consumer; what it had acquired is released"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		releasedRecords(m, pre, b, post, p)
		switch {
		case m.c.App.ExitOnStop:
			return "exited"
		case m.closeAcknowledges():
			return "closed"
		}
		return "released"
	},
	Causes: []Cause{byOnStop, byShare, byCommit, byDeliveries},
	Route:  Route{From: "{member}", Label: "restart"},
	Forced: Forced{Unforceable, "the member that is played dies by a signal"},
}

// closeAcknowledges says that closing the consumer sends acknowledgements that the application has made and not yet sent.
func (m *Model) closeAcknowledges() bool {
	return m.c.App.Share == ShareExplicit && !m.ackFirst && !m.c.App.ExitOnStop
}

// applyMade changes the share-partition as the acknowledgements say that the application has made: of records that it is done with.
func (m *Model) applyMade(s *State, h *holding) {
	made := holding{live: h.live}
	for _, r := range h.records[:h.n] {
		if r.mark != toDo {
			made.records[made.n] = r
			made.n++
		}
	}
	m.applyAcknowledgements(s, &made)
}

var shareAcknowledgementFails = &Action{
	Name: "ShareAcknowledgementFails", Area: AreaClients, Actor: sharePart, Over: PerMember, Class: explore.Fault, Fault: CommitLost, Applies: hasShare,
	Doc: Doc{
		Summary: "ShareAcknowledgementFails is the fault commit-lost in a share group: the leader cannot persist acknowledgements, while nobody dies.",
		Guard:   "As ShareMemberAcknowledges, where the leader would take the acknowledgements.",
		Effect: "The records stay acquired until their locks run out, and the member is done with them: it is told, and nothing " +
			"sends the acknowledgements again. One that acknowledges first does not process them.",
		Abstracts: "An acknowledgement that takes effect although its answer is lost is connection-lost.",
		Sources: []string{
			"SharePartition.writeShareGroupState, rollbackOrProcessStateUpdates (4.2 to 4.4): back to Acquired",
			"PersisterStateManager: five attempts (4.2 to 4.4)",
			"ShareConsumeRequestManager",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		return shareMemberAcknowledges.Guard(m, s, b) && m.takesAcknowledgements(s, b.Slot)
	},
	Effect: func(m *Model, s *State, b Binding) {
		m.setHold(s, b.Slot, m.acknowledgedHand(m.hold(s, b.Slot), false))
	},
	Text: "{member} acknowledges {messages}, which fails: {broker} cannot persist it",
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		acknowledgeResult(m, pre, b, post, p)
		p.Message = 0
		return ""
	},
	Causes: []Cause{byCommit, byShare},
	Route:  Route{From: "{member}", To: "{broker}", Label: "acknowledge {messages}", Lost: true},
	Forced: Forced{Unforceable, "the share coordinator cannot be kept from answering"},
}
