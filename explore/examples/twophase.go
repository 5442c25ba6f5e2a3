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
	actions explore.Table
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
	m.actions.Add("TMCommit", "")
	m.actions.Add("TMAbort", "")
	for _, a := range []string{"TMRcvPrepared", "RMPrepare", "RMChooseToAbort", "RMRcvCommitMsg", "RMRcvAbortMsg"} {
		for i := range n {
			m.actions.Add(a, fmt.Sprint("r", i+1))
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
func (m *TwoPhase) Successors(s *Commit, out *explore.Out[Commit]) {
	if s.TM == tmInit {
		m.decide(s, out)
	}
	for i := range m.RMs {
		rm := s.RM[i]
		if s.TM == tmInit && rm&sent != 0 {
			out.Add(m.id(tmRcvPrepared, i)).RM[i] = rm | received
		}
		if rm&stateMask == Working {
			out.Add(m.id(rmPrepare, i)).RM[i] = rm | Prepared | sent
			out.Add(m.id(rmChooseToAbort, i)).RM[i] = rm | Aborted
		}
		if s.TM == tmCommitted {
			out.Add(m.id(rmRcvCommit, i)).RM[i] = rm&^stateMask | Committed
		}
		if s.TM == tmAborted {
			out.Add(m.id(rmRcvAbort, i)).RM[i] = rm&^stateMask | Aborted
		}
	}
}

// decide adds the decisions of the transaction manager.
func (m *TwoPhase) decide(s *Commit, out *explore.Out[Commit]) {
	all := uint8(received)
	for i := range m.RMs {
		all &= s.RM[i]
	}
	if all != 0 {
		out.Add(tmCommit).TM = tmCommitted
	}
	out.Add(tmAbort).TM = tmAborted
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

var (
	_ explore.Sizer                 = &TwoPhase{}
	_ explore.Canonicalizer[Commit] = SymmetricTwoPhase{}
)

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
	actions explore.Table
}

// NewTCommit returns the specification for n resource managers.
func NewTCommit(n int) *TCommit {
	m := &TCommit{RMs: n}
	for _, a := range []string{"Prepare", "DecideCommit", "DecideAbort"} {
		for i := range n {
			m.actions.Add(a, fmt.Sprint("r", i+1))
		}
	}
	return m
}

// Transitions implements explore.Model.
func (m *TCommit) Transitions() []explore.Transition { return m.actions }

// Initial implements explore.Model.
func (m *TCommit) Initial(dst []Commit) []Commit { return append(dst, Commit{}) }

// Successors implements explore.Model.
func (m *TCommit) Successors(s *Commit, out *explore.Out[Commit]) {
	canCommit, notCommitted := true, true
	for _, rm := range s.RM[:m.RMs] {
		canCommit = canCommit && (rm == Prepared || rm == Committed)
		notCommitted = notCommitted && rm != Committed
	}
	move := func(action, i int, rm uint8) {
		out.Add(explore.TransitionID(action*m.RMs + i)).RM[i] = rm
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
}

// Consistent says that no resource manager has committed while another has
// aborted.
func (m *TCommit) Consistent(s *Commit) bool { return consistent(s, m.RMs) }
