package model

import "github.com/kcheck/kcheck/explore"

// outageActions are the timers that run out beside delivery.timeout.ms while a process waits for the answer to an output
// that cannot come. Which of them can run out before which is in the configuration (kafkaconf, processTimers).
var outageActions = []*Action{waitingTransactionTimesOut, waitingMemberIsEvicted}

var waitingTransactionTimesOut = &Action{
	Name: "WaitingTransactionTimesOut", Area: AreaProcess, Actor: "coordinator", Over: PerTransaction, Class: explore.Recovery,
	Doc: Doc{
		Summary: "WaitingTransactionTimesOut is transaction.timeout.ms running out while the producer waits for an answer that cannot come.",
		Guard: "transaction.timeout.ms can run out before the time for a delivery; the transaction is open, and its process has " +
			"an output for which no answer can come, as in OutputExpires.",
		Effect: "As TransactionTimesOut: the epoch grows, the transaction is going to be aborted, and the process will find its " +
			"producer fenced.",
		Abstracts: "A transaction that times out since its process is slow is the fault transaction-timeout. Begun again after the " +
			"abort, a transaction of which nothing is in a log yet does not time out again: that could only end as before. The time " +
			"is compared with that of one delivery, which is the whole of a transaction of one output.",
		Sources: []string{
			"TransactionCoordinator.abortTimedOutTransactions, TransactionStateManager.timedOutTransactions: Ongoing, " +
				"txnStartTimestamp + txnTimeoutMs < now (0.11 to 4.4)",
			"TransactionCoordinator.startup: looked for every 60 s, from 2.5 on every 10 s " +
				"(transaction.abort.timed.out.transaction.cleanup.interval.ms)",
			"StreamsConfig.PRODUCER_EOS_OVERRIDES for a client whose deliveries have no bound but this one",
		},
	},
	Applies: (*Model).abortsWaiting,
	Guard: func(m *Model, s *State, b Binding) bool {
		if m.transaction(s, b.Slot).state != txnOngoing {
			return false
		}
		for slot := range MaxMembers {
			if m.isOpenFor(s, slot) && m.idOf(s, m.process(s, slot).attempt) == b.Slot && m.waitsInVain(s, slot, m.c.Txn.TimeoutBeforeLag) {
				return true
			}
		}
		return false
	},
	Effect: func(m *Model, s *State, b Binding) { m.abortWithNewEpoch(s, b.Slot) },
	Text:   "the transaction times out while its output has no answer; the coordinator aborts it",
	Causes: []Cause{byReadsOut.when(readsAborted), byOnAbort.when(goesOnAfterAbort), byCommit.when(commitsOutside), byTxnTimeout, byMinISR},
	Route:  Route{From: "coordinator", Label: "timeout, aborts"},
	Forced: Forced{Unforceable, "a timer of the coordinator has to run out while the partition is away"},
}

// abortsWaiting says that a transaction can time out while an output in it has no answer.
func (m *Model) abortsWaiting() bool {
	return m.transactional && !m.reliable && !m.c.Txn.TwoPhase && m.c.Txn.TimeoutBeforeDelivery
}

// abortShows says that an abort in an outage leaves something behind in a log that loses nothing: the application goes on behind
// the messages, it commits their offset outside the transaction, or who reads the output sees what was aborted. Else the same is
// done again, and process and coordinator alone need not be explored with it (OutageEnds).
func (m *Model) abortShows() bool {
	return m.c.App.ContinueOnAbort || m.c.App.Commit != CommitInTransaction || !m.c.Cons.DownstreamReadCommitted
}

// isOpenFor says that the transaction that a process writes is open at the coordinator.
func (m *Model) isOpenFor(s *State, slot int) bool {
	p := m.process(s, slot)
	return m.transactional && p.stage == stageWorking && m.current(s, p) && m.transaction(s, m.idOf(s, p.attempt)).state == txnOngoing
}

// waitsInVain says that a process waits for the answer to an output, that none can come as things stand, and that it makes a
// difference when it stops to wait. With stalled, the timer in question can be shorter than the time for which a follower
// that has stopped to fetch stays in the in-sync set.
func (m *Model) waitsInVain(s *State, slot int, stalled bool) bool {
	if !m.sending(s, slot) {
		return false
	}
	p := m.process(s, slot)
	if p.awaiting {
		return m.answerIsOut(s, p, stalled)
	}
	if !m.leaderIsOut(s) {
		return false
	}
	return m.goesOnAfterFailure() || m.transactional && (p.sent > 0 || m.leftOf(s, p.attempt)) && !m.anyTakes(s, slot)
}

// answerIsOut says that what process p has sent can get no answer as things stand.
func (m *Model) answerIsOut(s *State, p process, stalled bool) bool {
	l := m.leaderOf(s, p.to)
	return l >= 0 && !m.outputAnswered(s, p) &&
		(s.hasFlag(l, flagCut) || m.isrSize(s, s.epochOf(l)) < m.minISR || stalled && m.waitsForStalled(s, l))
}

// anyTakes says that some broker takes a produce request of a process.
func (m *Model) anyTakes(s *State, slot int) bool {
	for b := 0; b < m.n; b++ {
		if m.canTransmit(s, slot, b) {
			return true
		}
	}
	return false
}

var waitingMemberIsEvicted = &Action{
	Name: "WaitingMemberIsEvicted", Area: AreaProcess, Actor: "group", Over: Once, Class: explore.Recovery,
	Doc: Doc{
		Summary: "WaitingMemberIsEvicted is max.poll.interval.ms running out on a process that waits for an output, so that it cannot poll.",
		Guard: "max.poll.interval.ms can run out before the time for a delivery; the loop waits for an output for which no answer " +
			"can come; no other member that lost the partition still works, and none has been evicted so since an output was appended.",
		Effect: "As InputIsReassigned: the input partition moves to another member, and the first goes on with what it has in hand " +
			"as soon as the brokers answer.",
		Abstracts: "A member that is evicted since processing takes long, or its heartbeats do not arrive, is the fault rebalance. A " +
			"static member (group.instance.id) is evicted when its session has run out, too. The other member waits in the same " +
			"way, so it is not evicted in its turn.",
		Sources: []string{
			"AbstractCoordinator.HeartbeatThread, handlePollTimeoutExpiry, maybeLeaveGroup (clients 0.10.1 to 4.4; KIP-62, KIP-345)",
			"AbstractCoordinator.HeartbeatTask: heartbeats within poll, so that session.timeout.ms is the bound (clients 0.9 and 0.10.0)",
		},
	},
	Applies: (*Model).evictsWaiting,
	Guard: func(m *Model, s *State, b Binding) bool {
		if m.sendsAhead() || m.hasEvicted(s) || !m.sending(s, 0) || m.process(s, 1).stage != stageGone {
			return false
		}
		if p := m.process(s, 0); p.awaiting {
			return m.answerIsOut(s, p, false)
		}
		return m.leaderIsOut(s) && !m.anyTakes(s, 0)
	},
	Effect: func(m *Model, s *State, b Binding) {
		m.reassignInput(s)
		m.setEvicted(s, true)
	},
	Text:   "the process has not polled for max.poll.interval.ms, since it waits for its output; the input partition moves to another member",
	Result: formerHand,
	Causes: []Cause{byGroupMeta.when(goesUnfenced), byRandomID.when(differentIDs), byPollInterval, byDelivery, byCommit},
	Route:  Route{From: "input", Label: "rebalance"},
	Forced: Forced{Unforceable, "a timer of the consumer has to run out while the partition is away"},
}

// evictsWaiting says that a process can lose the input partition while it waits for an output.
func (m *Model) evictsWaiting() bool {
	c := &m.c
	return c.App.OutputKafka && c.Cons.PollBeforeDelivery && c.Prod.Acks != AcksNone && c.Faults.Where(isOfBroker) > 0
}

// evictedShift is where the processes' word says that a member was evicted and no output appended since.
const evictedShift = lateOffsetsShift + 8

func (m *Model) hasEvicted(s *State) bool { return get(s[m.wTxn+1], evictedShift, 1) != 0 }
func (m *Model) setEvicted(s *State, yes bool) {
	if m.evictsWaiting() {
		put(&s[m.wTxn+1], evictedShift, 1, b2i(yes))
	}
}

func isOfBroker(f Fault) bool { return f.Side == SideBroker }
