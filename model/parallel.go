package model

// A consumer whose records are finished in another order than they were polled, or whose commits follow something else than
// the end of a poll. The records in hand are those from the first unfinished one to the position.

// marks says that the application says what is committed: it commits after processing, or marks for a library that commits
// only what was marked.
func (m *Model) marks() bool {
	c := &m.c.App
	return c.Commit == CommitAfterProcessing || c.Commit == CommitAuto && !m.c.B.CommitsHandedOff
}

// followsRecords says that commits follow single records, and not the end of a poll.
func (m *Model) followsRecords() bool {
	return m.marks() && (m.c.App.Parallel || m.c.App.CommitPosition != FinishedPrefix)
}

// done says that the record in place i of the hand is finished.
func (m *Model) done(s *State, i int) bool { return s[m.wCons+1]>>(cDoneShift+uint(i))&1 != 0 }

// finishRecord is the application done with the record in place i of the hand.
func (m *Model) finishRecord(s *State, i int) {
	w := &s[m.wCons+1]
	if i > 0 {
		*w |= 1 << (cDoneShift + uint(i))
	} else {
		m.takeFromHand(s)
		for m.hand(s) > 0 && m.done(s, 0) {
			m.takeFromHand(s)
		}
	}
	if m.followsRecords() && m.cons(s, cUncommittedShift, 1) != 0 && (i == 0 || m.c.App.CommitPosition != FinishedPrefix) {
		*w |= 1 << cTouchedShift
	}
}

// committable is the position that a commit which follows records would store.
func (m *Model) committable(s *State) int {
	to := m.consumerPosition(s)
	if m.c.App.CommitPosition == Delivered {
		return to
	}
	to -= m.hand(s)
	for i := m.hand(s) - 1; i >= 0 && m.c.App.CommitPosition == HighestFinished; i-- {
		if m.done(s, i) {
			return to + i + 1
		}
	}
	return to
}

// commitIsDue says that a commit which follows records can come: as soon as records are handed to another thread where that
// is what is committed, else when one has been finished since the last.
func (m *Model) commitIsDue(s *State) bool {
	if m.c.App.CommitPosition == Delivered && m.c.App.Handoff {
		return true
	}
	return s[m.wCons+1]>>cTouchedShift&1 != 0
}
