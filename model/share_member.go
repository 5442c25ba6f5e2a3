package model

// shareMemberActions are the loop of a share group's members.
var shareMemberActions = []*Action{shareMemberPolls, shareMemberProcesses, shareMemberAcknowledges, shareLockIsGivenUp}

func hasShare(m *Model) bool { return m.share }

// sharePart is what steps of the share group concern.
const sharePart = "consumer"

var shareMemberPolls = &Action{
	Name: "ShareMemberPolls", Area: AreaClients, Actor: sharePart, Over: PerMember, Applies: hasShare,
	Doc: Doc{
		Summary: "ShareMemberPolls is a poll of a share group's member that returns records.",
		Guard: "The member has nothing in hand, or, where another thread processes, only records that are acknowledged; " +
			"the leader has the share-partition in memory, and a record below its high watermark is available or was " +
			"never acquired.",
		Effect: "The leader acquires the records for the member, each with one more delivery, in its memory alone; up to " +
			"four are in the member's hand, with share.acquire.mode=record_limit up to max.poll.records. Records that " +
			"were acquired together when they were new are delivered together, until one of them has half of " +
			"share.delivery.count.limit: then a half of them is, then a quarter, and the last delivery of a record is " +
			"alone. With a limit of 2 they are never apart.",
		Abstracts: "A poll returns all there is; smaller batches are polls that came earlier. Records that the client " +
			"fetches ahead are taken for polled. share.partition.max.record.locks is never reached.",
		Sources: []string{
			"SharePartition.acquire, acquireNewBatchRecords and acquireSubsetBatchRecords (4.2 to 4.4)",
			"SharePartition.shouldThrottleRecordsDelivery (KAFKA-17541, 4.2)",
			"ShareConsumerImpl.poll",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		l := m.shareLeader(s)
		if l < 0 || !m.mayPollShare(s, b.Slot) {
			return false
		}
		from, to := m.fetchOffset(s, l)
		return from < to
	},
	Effect: func(m *Model, s *State, b Binding) {
		m.acquire(s, b.Slot, m.shareLeader(s), maxHand-m.hold(s, b.Slot).n)
	},
	Text: "{member} polls {broker} and gets {messages}[, delivery {delivery}]",
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		p.Broker = brokerID(m.shareLeader(post))
		h := m.hold(post, b.Slot)
		for _, r := range h.records[m.hold(pre, b.Slot).n:h.n] {
			p.Messages = append(p.Messages, messageID(r.msg))
			p.Delivery = max(p.Delivery, m.delivery(post, r.offset).count)
		}
		return ""
	},
	Causes: []Cause{byDeliveries, byAcquire},
	Route:  Route{From: "{broker}", To: "{member}", Label: "records"},
	Silent: true,
	Forced: steady,
}

// mayPollShare says that the loop of a member calls poll next.
func (m *Model) mayPollShare(s *State, slot int) bool {
	h := m.hold(s, slot)
	return h.n == 0 || m.handsOff && h.n < maxHand && h.next(toDo, toRelease) < 0
}

var shareMemberProcesses = &Action{
	Name: "ShareMemberProcesses", Area: AreaClients, Actor: sharePart, Over: PerMember, Applies: hasShare,
	Doc: Doc{
		Summary: "ShareMemberProcesses is the application of a share group's member processing the next record.",
		Guard:   "A record is in hand that is not processed, and not poison; with app.commit: before-processing it is acknowledged.",
		Effect: "The message counts as processed once more, whether the member still has the lock or not; an idempotent " +
			"effect counts once.",
		Abstracts: "Processing is one step that succeeds. RENEW, which restarts the timer of a lock, changes nothing where " +
			"there is no clock.",
		Sources: []string{
			"None",
			"this is the application's loop",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		msg, tries := m.shareTries(s, b.Slot)
		return tries && !m.sharePoisoned(s, msg)
	},
	Effect: func(m *Model, s *State, b Binding) {
		h := m.hold(s, b.Slot)
		msg := h.records[m.nextToProcess(s, b.Slot)].msg
		m.finish(s, b.Slot, toAccept)
		m.countProcessed(s, msg, 2-b2i(m.c.App.Effect == EffectIdempotent))
	},
	Text:   "{member} processes {message}",
	Result: shareRecord,
	Causes: []Cause{byCommit, byEffect},
	Route:  Route{From: "{member}", Label: "processes {message}"},
	Silent: true,
	Forced: steady,
}

// shareRecord gives the record that a member has to process next.
func shareRecord(m *Model, pre *State, b Binding, post *State, p *Params) string {
	h := m.hold(pre, b.Slot)
	r := h.records[m.nextToProcess(pre, b.Slot)]
	p.Message, p.Offset = messageID(r.msg), at(r.offset)
	return ""
}

// nextToProcess is the place of the record that a member has to process next, or -1.
func (m *Model) nextToProcess(s *State, slot int) int {
	h := m.hold(s, slot)
	switch {
	case m.ackFirst:
		return h.next(acceptFirst, acceptFirst)
	case m.handsOff:
		return h.next(toDo, acceptFirst)
	}
	return h.next(toDo, toDo)
}

// finish is a member done with the record that it had to process next: it leaves the hand where it is acknowledged already.
func (m *Model) finish(s *State, slot int, as mark) {
	h := m.hold(s, slot)
	i := m.nextToProcess(s, slot)
	switch {
	case h.records[i].mark == acceptFirst:
		h.drop(i)
	case m.handsOff:
		h.records[i].mark = toRelease // processed; the next poll accepts it all the same
	default:
		h.records[i].mark = as
	}
	m.setHold(s, slot, h)
}

var shareMemberAcknowledges = &Action{
	Name: "ShareMemberAcknowledges", Area: AreaClients, Actor: sharePart, Over: PerMember, Applies: hasShare,
	Doc: Doc{
		Summary: "ShareMemberAcknowledges is a share group's member acknowledging what it polled, by commitSync or, " +
			"implicitly, by its next poll.",
		Guard: "It is done with all records in hand; with app.commit: before-processing it has processed none of them; " +
			"where another thread processes and the next poll accepts, at any moment.",
		Effect: "The leader takes the acknowledgements if it still has each of the records acquired for the member and " +
			"reaches the share coordinator: accepted records are acknowledged, rejected ones archived or on their way " +
			"to the dead-letter queue, released ones available, or at share.delivery.count.limit as rejected. That is " +
			"persisted first, and the start offset moves over what is done. Otherwise all are refused: the records " +
			"wait for the end of their locks. Either way the member is done with them; one that acknowledges first " +
			"does not process what was refused.",
		Abstracts: "One request acknowledges what one poll returned. The share coordinator does not fail but for " +
			"offset-lost.",
		Sources: []string{
			"SharePartition.acknowledge, rollbackOrProcessStateUpdates (4.2 to 4.4)",
			"InFlightState.startStateTransition",
			"ShareConsumerImpl.acknowledgeBatchIfImplicitAcknowledgement, commitSync",
			"ShareConsumeRequestManager, which does not retry NOT_LEADER_OR_FOLLOWER, FENCED_LEADER_EPOCH or a broken connection",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		h := m.hold(s, b.Slot)
		switch {
		case m.ackFirst:
			return h.next(toDo, toDo) >= 0
		case m.handsOff:
			return h.next(toDo, toRelease) >= 0
		}
		return h.n > 0 && h.next(toDo, toDo) < 0
	},
	Effect: func(m *Model, s *State, b Binding) {
		h := m.hold(s, b.Slot)
		taken := m.takesAcknowledgements(s, b.Slot)
		if taken {
			m.applyAcknowledgements(s, &h)
		}
		m.setHold(s, b.Slot, m.acknowledgedHand(h, taken))
	},
	Text: "{member} acknowledges {messages}",
	Outcomes: []Outcome{
		{Word: "taken"},
		{Word: "archived", Text: "; {message} has no delivery left and is archived"},
		{Word: "rejected", Text: "; {message} is rejected and archived"},
		{Word: "dead-letter", Text: "; {message} goes to the dead-letter queue"},
		{Word: "refused", Text: ", which the leader refuses: it does not have all of it acquired for the member", Label: "refused", Back: true},
		{Word: "failed", Text: ", which fails: the leader that delivered it has lost or cannot persist its state", Label: "failed", Back: true},
	},
	Result: acknowledgeResult,
	Causes: []Cause{byCommit, byShare, byDeliveries, byOnShareThrow.when(isExplicit), byDeadLetters},
	Route:  Route{From: "{member}", To: "{broker}", Label: "acknowledge {messages}"},
	Forced: steady,
}

// takesAcknowledgements says that the leader has all records that a member acknowledges acquired for it, and can persist it.
func (m *Model) takesAcknowledgements(s *State, slot int) bool {
	l, h := m.shareLeader(s), m.hold(s, slot)
	if l < 0 || !h.live || s.hasFlag(l, flagCut) {
		return false
	}
	for _, r := range h.records[:h.n] {
		d := m.delivery(s, r.offset)
		if m.acknowledges(r.mark) && r.offset >= m.shareStart(s) && (d.state != acquired || d.owner != slot) {
			return false
		}
	}
	return true
}

// acknowledges says that the next acknowledgement is about a record with this mark.
func (m *Model) acknowledges(k mark) bool {
	return k != acceptFirst || !m.ackFirst && !m.handsOff
}

// applyAcknowledgements changes the share-partition as a member's acknowledgements say.
func (m *Model) applyAcknowledgements(s *State, h *holding) {
	for _, r := range h.records[:h.n] {
		if r.offset < m.shareStart(s) || !m.acknowledges(r.mark) {
			continue
		}
		to := acknowledged
		switch {
		case m.ackFirst || m.handsOff:
		case r.mark == toRelease:
			to = available
		case r.mark == toReject:
			to = m.withdrawn()
		}
		m.settle(s, r.offset, to, true)
	}
	m.moveStart(s)
}

// acknowledgedHand is what is left in hand after an acknowledgement.
func (m *Model) acknowledgedHand(h holding, taken bool) holding {
	rest := holding{} // of what is acknowledged it makes no difference whether the leader has it
	for _, r := range h.records[:h.n] {
		switch {
		case r.mark == acceptFirst && (m.ackFirst || m.handsOff), m.ackFirst && taken, m.handsOff && r.mark == toDo:
			r.mark = acceptFirst
			rest.records[rest.n] = r
			rest.n++
		}
	}
	return rest
}

func acknowledgeResult(m *Model, pre *State, b Binding, post *State, p *Params) string {
	h := m.hold(pre, b.Slot)
	l := m.shareLeader(pre)
	p.Broker = brokerID(max(l, m.leader(pre), 0))
	for _, r := range h.records[:h.n] {
		if m.acknowledges(r.mark) {
			p.Messages = append(p.Messages, messageID(r.msg))
		}
	}
	switch {
	case l < 0 || !h.live || pre.hasFlag(l, flagCut):
		return "failed"
	case !m.takesAcknowledgements(pre, b.Slot):
		return "refused"
	}
	for _, r := range h.records[:h.n] {
		rejected := r.mark == toReject
		if !m.ackFirst && !m.handsOff && (rejected || r.mark == toRelease && m.delivery(pre, r.offset).count >= m.limit) {
			p.Message = messageID(r.msg)
			switch {
			case m.c.Group.DeadLetter:
				return "dead-letter"
			case rejected:
				return "rejected"
			}
			return "archived"
		}
	}
	return "taken"
}

var shareLockIsGivenUp = &Action{
	Name: "ShareLockIsGivenUp", Area: AreaClients, Actor: sharePart, Over: PerMember, Applies: hasShare,
	Doc: Doc{
		Summary: "ShareLockIsGivenUp is the end of acquisition locks for which nobody works any more.",
		Guard: "The leader has records acquired for a member that does not have them in hand: their acknowledgement was " +
			"refused with that of another, or failed.",
		Effect: "They are available again, or at share.delivery.count.limit archived or on their way to the dead-letter " +
			"queue. That takes effect even where it cannot be persisted.",
		Abstracts: "The locks of one member run out together.",
		Sources: []string{
			"SharePartition.releaseAcquisitionLockOnTimeout (4.2 to 4.4)",
			"share.record.lock.duration.ms",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		h := m.hold(s, b.Slot)
		return m.shareLeader(s) >= 0 && m.owns(s, b.Slot, func(o int) bool { return !h.has(o) })
	},
	Effect: func(m *Model, s *State, b Binding) {
		h := m.hold(s, b.Slot)
		m.release(s, b.Slot, m.persists(s), func(o int) bool { return !h.has(o) })
	},
	Text:   "the acquisition locks of {member} on records that it has given up run out",
	Causes: []Cause{byDeliveries},
	Route:  Route{From: "{member}", Label: "locks end"},
	Forced: steady,
}

// owns says that the leader has a record acquired for a member, of those that a condition holds for.
func (m *Model) owns(s *State, slot int, which func(o int) bool) bool {
	for o := range maxShared {
		if d := m.delivery(s, o); d.state == acquired && d.owner == slot && which(o) {
			return true
		}
	}
	return false
}

// persists says that the leader of the share-partition reaches the share coordinator.
func (m *Model) persists(s *State) bool {
	l := m.shareLeader(s)
	return l >= 0 && !s.hasFlag(l, flagCut)
}
