package model

import "github.com/kcheck/kcheck/explore"

// A WriteTxnMarkers request that is late: the coordinator has sent it again, and the first copy is still on its way. With
// transaction.version 2 the marker of a transaction has the epoch of the producer's next one, before that all have one.

// lateMarkerActions are the ends of such delays, markerFaultActions their beginnings.
var (
	lateMarkerActions  = []*Action{lateMarkerArrives, lateOffsetsMarkerArrives}
	markerFaultActions = []*Action{markerIsLate, offsetsMarkerIsLate}
)

// losesMarkers says that a late marker can make a difference. Where a marker must have a newer epoch than what it ends, a
// copy of it does nothing that the other one has not done.
func losesMarkers(m *Model) bool {
	return m.transactional && m.c.Faults[Delay] > 0 && !m.c.B.MarkerEpochStrict
}

// losesOffsetsMarkers says that a late marker for the group's offsets can make a difference.
func losesOffsetsMarkers(m *Model) bool { return losesMarkers(m) && m.isolated() }

var markerIsLate = &Action{
	Name: "MarkerIsLate", Area: AreaProcess, Actor: "network", Over: PerTransactionAndBroker, Class: explore.Fault, Fault: Delay,
	Doc: Doc{
		Summary:   "MarkerIsLate is the fault delay for the coordinator's WriteTxnMarkers request to the output partition.",
		Guard:     "As CoordinatorWritesMarker; no marker is late.",
		Effect:    "The request stays on its way (LateMarkerArrives); the coordinator sends it again.",
		Abstracts: "At most one marker is late at a time.",
		Sources: []string{
			"TransactionMarkerRequestCompletionHandler.onComplete puts the markers of a broken connection back into the queue (0.11 to 4.4)",
			"KIP-1228",
		},
	},
	Applies: losesMarkers,
	Guard: func(m *Model, s *State, b Binding) bool {
		_, taken := m.lateMarker(s)
		return !taken && coordinatorWritesMarker.Guard(m, s, b)
	},
	Effect: func(m *Model, s *State, b Binding) {
		t := m.transaction(s, b.Slot)
		m.setLateMarker(s, lateMarker{commit: t.state == txnPrepareCommit, number: t.at, to: s.epochOf(b.Broker)})
	},
	Text: "the coordinator's WriteTxnMarkers request to {broker} is late; it sends it again",
	Outcomes: []Outcome{
		{Word: "commit"},
		{Word: "abort"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string { return m.markerResult(pre, b) },
	Causes: []Cause{byTxnLevel},
	Route:  Route{From: "coordinator", To: "{broker}", Label: "marker, late", Lost: true},
	Forced: Forced{Unforceable, "a request between brokers is not kept until another has been answered"},
}

var offsetsMarkerIsLate = &Action{
	Name: "OffsetsMarkerIsLate", Area: AreaProcess, Actor: "network", Over: PerTransaction, Class: explore.Fault, Fault: Delay,
	Doc: Doc{
		Summary:   "OffsetsMarkerIsLate is the fault delay for the WriteTxnMarkers request to the partition with the group's offsets.",
		Guard:     "A transaction with the group's offsets in it is decided and not complete; no marker is late.",
		Effect:    "The request stays on its way (LateOffsetsMarkerArrives); the coordinator sends it again.",
		Abstracts: "As MarkerIsLate.",
		Sources: []string{
			"As MarkerIsLate",
			"GroupCoordinator.scheduleHandleTxnCompletion (0.11 to 3.9), GroupCoordinatorService.completeTransaction (4.0 to 4.4)",
		},
	},
	Applies: losesOffsetsMarkers,
	Guard: func(m *Model, s *State, b Binding) bool {
		_, taken := m.lateMarker(s)
		t := m.transaction(s, b.Slot)
		return !taken && t.state.preparing() && t.offsets
	},
	Effect: func(m *Model, s *State, b Binding) {
		t := m.transaction(s, b.Slot)
		m.setLateMarker(s, lateMarker{commit: t.state == txnPrepareCommit, group: true, number: t.at})
	},
	Text: "the coordinator's WriteTxnMarkers request for the group's offsets is late; it sends it again",
	Outcomes: []Outcome{
		{Word: "commit"},
		{Word: "abort"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string { return m.markerResult(pre, b) },
	Causes: []Cause{byTxnLevel},
	Route:  Route{From: "coordinator", To: "input", Label: "marker, late", Lost: true},
	Forced: Forced{Unforceable, "a request between brokers is not kept until another has been answered"},
}

var lateMarkerArrives = &Action{
	Name: "LateMarkerArrives", Area: AreaProcess, Actor: ActorBroker, Over: PerBroker,
	Doc: Doc{
		Summary: "LateMarkerArrives is a marker that arrives after the coordinator has sent it again.",
		Guard:   "Such a request is on its way; its broker led the epoch that it was sent in.",
		Effect: "The broker appends it if it leads, has enough replicas and the marker's epoch is not older than the producer's " +
			"last. It ends what the producer has open: perhaps its next transaction, which goes on. From 4.2 with " +
			"transaction.version 2 a marker of the same epoch is refused while a transaction is open, so there is no such step.",
		Abstracts: "The delay ends at any moment. A marker that ends nothing and tells the broker no newer epoch is not kept: " +
			"no rule reads it. A coordinator that took over would have a newer epoch, which fences those of the one before.",
		Sources: []string{
			"ProducerAppendInfo.appendEndTxnMarker and checkProducerEpoch (0.11 to 4.4)",
			"KIP-1228, KAFKA-19446, KAFKA-19999 (4.2)",
		},
	},
	Applies: losesMarkers,
	Guard: func(m *Model, s *State, b Binding) bool {
		l, ok := m.lateMarker(s)
		return ok && !l.group && m.leaderOf(s, l.to) == b.Broker
	},
	Effect: func(m *Model, s *State, b Binding) {
		l, _ := m.lateMarker(s)
		m.dropLateMarker(s)
		if !m.takesMarkers(s, b.Broker) || !m.markerCounts(s, b.Broker, l.number) {
			return
		}
		k := kindAbort
		if l.commit {
			k = kindCommit
		}
		m.appendRecord(s, b.Broker, m.outputRecord(0, s.epochOf(b.Broker), k, l.number))
		m.advanceHighWatermark(s, b.Broker)
	},
	Text: "the late marker arrives at {broker}",
	Outcomes: []Outcome{
		{Word: "dropped", Text: " and has no effect"},
		{Word: "commit", Text: ": COMMIT of what the producer has written so far", Label: "late COMMIT"},
		{Word: "abort", Text: ": ABORT of what the producer has written so far", Label: "late ABORT"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		l, _ := m.lateMarker(pre)
		p.Transaction = m.transactionParam(m.idOf(pre, l.number))
		if post.logLen(b.Broker) == pre.logLen(b.Broker) {
			return "dropped"
		}
		p.Offset = at(pre.logLen(b.Broker))
		return l.word()
	},
	Causes: []Cause{byTxnLevel},
	Route:  Route{From: "coordinator", To: "{broker}", Label: "late marker"},
	Forced: Forced{Unforceable, "a request between brokers is not kept until another has been answered"},
}

// markerCounts says that broker b appends a marker of a number and that it makes a difference there.
func (m *Model) markerCounts(s *State, b, number int) bool {
	id, epoch := m.idOf(s, number), m.epochNumber(s, number)
	open, last := m.openAt(s, b, id)
	switch {
	case epoch < last:
		return false
	case epoch > last:
		return true
	}
	return open && !m.c.B.MarkerEpochStrict
}

// word is the outcome that a late marker has where it counts.
func (l lateMarker) word() string {
	if l.commit {
		return "commit"
	}
	return "abort"
}

var lateOffsetsMarkerArrives = &Action{
	Name: "LateOffsetsMarkerArrives", Area: AreaProcess, Actor: "group", Over: Once,
	Doc: Doc{
		Summary: "LateOffsetsMarkerArrives is a marker for the group's offsets that arrives after the coordinator has sent it again.",
		Guard:   "Such a request is on its way.",
		Effect: "As LateMarkerArrives: the offsets that the producer has sent in its next transaction are committed, or dropped, " +
			"before that ends.",
		Abstracts: "As LateMarkerArrives.",
		Sources: []string{
			"As LateMarkerArrives",
			"GroupMetadata.completePendingTxnOffsetCommit (0.11 to 3.9), OffsetMetadataManager.replayEndTransactionMarker (4.0 to 4.4)",
		},
	},
	Applies: losesOffsetsMarkers,
	Guard: func(m *Model, s *State, b Binding) bool {
		l, ok := m.lateMarker(s)
		return ok && l.group
	},
	Effect: func(m *Model, s *State, b Binding) {
		l, _ := m.lateMarker(s)
		m.dropLateMarker(s)
		id := m.idOf(s, l.number)
		t := m.transaction(s, id)
		if !m.offsetsMarkerCounts(s, l, t) {
			return
		}
		if l.commit {
			m.setGroupCommitted(s, t.pending)
		}
		t.offsets, t.pending = false, 0
		m.setTransaction(s, id, t)
	},
	Text: "the late marker for the group's offsets arrives",
	Outcomes: []Outcome{
		{Word: "dropped", Text: " and has no effect"},
		{Word: "commit", Text: ": the offsets of the open transaction are committed", Label: "late COMMIT"},
		{Word: "abort", Text: ": the offsets of the open transaction are dropped", Label: "late ABORT"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		l, _ := m.lateMarker(pre)
		id := m.idOf(pre, l.number)
		p.Transaction = m.transactionParam(id)
		if !m.offsetsMarkerCounts(pre, l, m.transaction(pre, id)) {
			return "dropped"
		}
		return l.word()
	},
	Causes: []Cause{byTxnLevel},
	Route:  Route{From: "coordinator", To: "input", Label: "late marker"},
	Forced: Forced{Unforceable, "a request between brokers is not kept until another has been answered"},
}

// offsetsMarkerCounts says that a late marker finds offsets of its producer that wait for one, and may end them.
func (m *Model) offsetsMarkerCounts(s *State, l lateMarker, t transaction) bool {
	return t.state == txnOngoing && t.offsets && m.epochNumber(s, l.number) == m.epochNumber(s, t.at)
}
