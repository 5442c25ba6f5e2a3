package examples

import (
	"fmt"

	"github.com/kcheck/kcheck/explore"
)

// MaxRM is the greatest number of resource managers.
const MaxRM = 15

// TwoPhase is two-phase commit as in TwoPhase.tla of the TLA+ examples.
type TwoPhase struct {
	RMs     int
	actions table
}

// Commit is a state of TwoPhase or TCommit. Each resource manager is one byte:
// its state, whether its message was sent, and whether that was received.
type Commit struct {
	TM uint8
	RM [MaxRM]uint8
}

// States of a resource manager, and flags beside them.
const (
	Working = iota
	Prepared
	Committed
	Aborted
	stateMask = 3
	sent      = 1 << 2
	received  = 1 << 3
)

// States of the transaction manager. Its message is sent when it decides.
const (
	tmInit = iota
	tmCommitted
	tmAborted
)

// The actions of TwoPhase; those of a resource manager come once for each.
const (
	tmCommit = iota
	tmAbort
	tmRcvPrepared
	rmPrepare
	rmChooseToAbort
	rmRcvCommit
	rmRcvAbort
)

// NewTwoPhase returns the protocol with n resource managers.
func NewTwoPhase(n int) *TwoPhase {
	m := &TwoPhase{RMs: n}
	m.actions.add("TMCommit", "")
	m.actions.add("TMAbort", "")
	for _, a := range []string{"TMRcvPrepared", "RMPrepare", "RMChooseToAbort", "RMRcvCommitMsg", "RMRcvAbortMsg"} {
		for i := range n {
			m.actions.add(a, fmt.Sprint("r", i+1))
		}
	}
	return m
}

// id is the number of an action of resource manager i.
func (m *TwoPhase) id(action, i int) explore.TransitionID {
	return explore.TransitionID(tmRcvPrepared + (action-tmRcvPrepared)*m.RMs + i)
}

// Transitions implements explore.Model.
func (m *TwoPhase) Transitions() []explore.Transition { return m.actions }

// Initial implements explore.Model.
func (m *TwoPhase) Initial(dst []Commit) []Commit { return append(dst, Commit{}) }

// StateSize implements explore.Sizer.
func (m *TwoPhase) StateSize() int { return (1 + m.RMs + 7) / 8 * 8 }

// Successors implements explore.Model.
func (m *TwoPhase) Successors(s *Commit, dst []explore.Successor[Commit]) []explore.Successor[Commit] {
	if s.TM == tmInit {
		dst = m.decide(s, dst)
	}
	for i := range m.RMs {
		rm := s.RM[i]
		if s.TM == tmInit && rm&sent != 0 {
			dst = m.move(s, dst, tmRcvPrepared, i, rm|received)
		}
		if rm&stateMask == Working {
			dst = m.move(s, dst, rmPrepare, i, rm|Prepared|sent)
			dst = m.move(s, dst, rmChooseToAbort, i, rm|Aborted)
		}
		if s.TM == tmCommitted {
			dst = m.move(s, dst, rmRcvCommit, i, rm&^stateMask|Committed)
		}
		if s.TM == tmAborted {
			dst = m.move(s, dst, rmRcvAbort, i, rm&^stateMask|Aborted)
		}
	}
	return dst
}

// decide appends the decisions of the transaction manager.
func (m *TwoPhase) decide(s *Commit, dst []explore.Successor[Commit]) []explore.Successor[Commit] {
	all := uint8(received)
	for i := range m.RMs {
		all &= s.RM[i]
	}
	if all != 0 {
		var to *Commit
		dst, to = explore.Add(dst, s, tmCommit)
		to.TM = tmCommitted
	}
	dst, to := explore.Add(dst, s, tmAbort)
	to.TM = tmAborted
	return dst
}

func (m *TwoPhase) move(s *Commit, dst []explore.Successor[Commit], action, i int, rm uint8) []explore.Successor[Commit] {
	dst, to := explore.Add(dst, s, m.id(action, i))
	to.RM[i] = rm
	return dst
}

// Consistent says that no resource manager has committed while another has
// aborted.
func (m *TwoPhase) Consistent(s *Commit) bool { return consistent(s, m.RMs) }

func consistent(s *Commit, n int) bool {
	committed, aborted := false, false
	for _, rm := range s.RM[:n] {
		committed = committed || rm&stateMask == Committed
		aborted = aborted || rm&stateMask == Aborted
	}
	return !committed || !aborted
}

// SymmetricTwoPhase is TwoPhase with interchangeable resource managers.
type SymmetricTwoPhase struct {
	*TwoPhase
	// Unsorted, for tests, leaves the last resource manager where it is.
	Unsorted bool
}

// Canonical implements explore.Canonicalizer by sorting.
func (m SymmetricTwoPhase) Canonical(s *Commit) {
	n := m.RMs
	if m.Unsorted {
		n--
	}
	for i := 1; i < n; i++ {
		for j := i; j > 0 && s.RM[j] < s.RM[j-1]; j-- {
			s.RM[j], s.RM[j-1] = s.RM[j-1], s.RM[j]
		}
	}
}

// TCommit is the specification of transaction commit, TCommit.tla.
type TCommit struct {
	RMs     int
	actions table
}

// NewTCommit returns the specification for n resource managers.
func NewTCommit(n int) *TCommit {
	m := &TCommit{RMs: n}
	for _, a := range []string{"Prepare", "DecideCommit", "DecideAbort"} {
		for i := range n {
			m.actions.add(a, fmt.Sprint("r", i+1))
		}
	}
	return m
}

// Transitions implements explore.Model.
func (m *TCommit) Transitions() []explore.Transition { return m.actions }

// Initial implements explore.Model.
func (m *TCommit) Initial(dst []Commit) []Commit { return append(dst, Commit{}) }

// Successors implements explore.Model.
func (m *TCommit) Successors(s *Commit, dst []explore.Successor[Commit]) []explore.Successor[Commit] {
	canCommit, notCommitted := true, true
	for _, rm := range s.RM[:m.RMs] {
		canCommit = canCommit && (rm == Prepared || rm == Committed)
		notCommitted = notCommitted && rm != Committed
	}
	move := func(action, i int, rm uint8) {
		var to *Commit
		dst, to = explore.Add(dst, s, explore.TransitionID(action*m.RMs+i))
		to.RM[i] = rm
	}
	for i, rm := range s.RM[:m.RMs] {
		if rm == Working {
			move(0, i, Prepared)
		}
		if rm == Prepared && canCommit {
			move(1, i, Committed)
		}
		if (rm == Working || rm == Prepared) && notCommitted {
			move(2, i, Aborted)
		}
	}
	return dst
}

// Consistent says that no resource manager has committed while another has
// aborted.
func (m *TCommit) Consistent(s *Commit) bool { return consistent(s, m.RMs) }
