package model

import "github.com/kcheck/kcheck/explore"

// handoverActions are rebalances in which the member that loses the partition is told and stops.
var handoverActions = []*Action{partitionIsHandedOver}

var partitionIsHandedOver = &Action{
	Name: "PartitionIsHandedOver", Area: AreaClients, Actor: "consumer", Over: Once, Class: explore.Fault, Fault: OrderlyRebalance,
	Doc: Doc{
		Summary: "PartitionIsHandedOver is the fault orderly-rebalance: the partition moves to another member after the first has " +
			"been told and has stopped.",
		Guard: "The member is not waiting for a person. In the poll loop of Java's consumer, or kafka-python's, it has finished with what it polled, " +
			"since it is told within poll(); another client, or another thread that processes, stops at the border of a record.",
		Effect: "With auto commit the client commits what it would commit next; else with app.on-revoke: commit the application " +
			"commits what app.commit-position says, with nothing it does not. What is in hand is dropped, and the new member " +
			"starts from the committed offset.",
		Abstracts: "The group protocol. Whether all partitions are revoked or only this one (eager, cooperative, KIP-848) makes no " +
			"difference to it, nor does it whether the same member gets it back. Static membership (KIP-345) spares a restart the " +
			"rebalance, but not the fetch of the committed offset; close() calls the listener of a static member too.",
		Sources: []string{
			"ConsumerCoordinator.onJoinPrepare: maybeAutoCommitOffsetsAsync, then onPartitionsRevoked (clients 2.4 to 4.4)",
			"ConsumerMembershipManager: auto commit before the revocation is acknowledged (KIP-848, clients 4.0)",
			"librdkafka rd_kafka_cgrp_rebalance: stored offsets are committed on revoke; IBM/sarama consumer_group.go: " +
				"the session's offsets are flushed on release",
		},
	},
	Applies: hasConsumer,
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.cons(s, cStoppedShift, 1) == 0 && (m.hand(s) == 0 || m.c.App.Handoff || !m.toldInPoll() && m.atBorder(s))
	},
	Effect: func(m *Model, s *State, b Binding) {
		m.commitsOnRevoke(s)
		m.setLead(s, leadsAware)
		m.restartConsumer(s)
	},
	Text: "the partition moves to another member of the group; the first is told and stops",
	Outcomes: []Outcome{
		{Word: "committed", Text: ", after it has committed offset {committed}"},
		{Word: "not-committed"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		for i := range m.hand(pre) {
			if !m.done(pre, i) {
				p.Messages = append(p.Messages, messageID(m.inHand(pre, i)))
			}
		}
		to, commits := m.revokeTarget(pre)
		if !commits {
			return "not-committed"
		}
		p.Committed = at(to)
		return "committed"
	},
	Causes: []Cause{byOnRevoke, byPosition.when(commitsUnfinished), byAutoCommit.when(commitsItself), byCommit},
	Route:  Route{From: "consumer", Label: "partition revoked"},
	Forced: Forced{Unforceable, "no second member takes part in the group's protocol"},
}

// toldInPoll says that the client tells the application within poll(), which comes when it has finished with the last: Java,
// kafka-python (coordinator/consumer.py, poll).
func (m *Model) toldInPoll() bool {
	return m.c.Cons.Client == Java || m.c.Cons.Client == KafkaPython
}

// atBorder says that no record is in work: a library that counts a record as consumed when it hands it out has not committed
// one that is in hand.
func (m *Model) atBorder(s *State) bool {
	committed := m.cons(s, cCommittedShift, 4)
	return m.c.App.Commit != CommitAuto || !m.c.B.HandsOutSingly || committed == offsetNone || committed <= m.consumerPosition(s)-m.hand(s)
}

// commitsOnRevoke is the commit of a member that is told that it loses the partition.
func (m *Model) commitsOnRevoke(s *State) {
	if to, commits := m.revokeTarget(s); commits {
		m.commitTo(s, to)
	}
}

// revokeTarget is the offset that a member commits when it is told that it loses the partition, and whether it commits.
func (m *Model) revokeTarget(s *State) (to int, commits bool) {
	c := &m.c.App
	if c.Effect == EffectTransactional || c.Commit == CommitBeforeProcessing || c.Commit != CommitAuto && !c.CommitOnRevoke ||
		m.cons(s, cUncommittedShift, 1) == 0 {
		return 0, false
	}
	to, _ = m.commitTarget(s)
	if !m.followsRecords() && (m.marks() || !c.Handoff) {
		to = m.consumerPosition(s) - m.hand(s) - b2i(c.CommitCurrent) // what is finished
	}
	return to, to >= 0 && to != m.cons(s, cCommittedShift, 4)
}
