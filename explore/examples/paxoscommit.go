package examples

import (
	"math/bits"

	"github.com/kcheck/kcheck/explore"
)

// PaxosCommit is Paxos Commit as in PaxosCommit.tla of the TLA+ examples: each
// resource manager's vote is decided by an instance of Paxos. As in
// PaxosCommit.cfg there are two resource managers, three acceptors of which two
// are a majority, and the ballots 0, of the resource manager itself, and 1.
type PaxosCommit struct {
	actions explore.Table

	rmPrepare, rmChooseToAbort, rmRcvCommit, rmRcvAbort explore.TransitionID
	phase1a, phase2a, decide, phase1b, phase2b          explore.TransitionID
}

const (
	instances = 2
	acceptors = 3
)

// Votes is a state of PaxosCommit.
type Votes struct {
	Instance [instances]Instance
	// Announced is 1<<Committed if the commit was announced, and 1<<Aborted if
	// the abort was.
	Announced uint32
}

// Instance is a resource manager with the instance of Paxos for its vote.
type Instance struct {
	// Msgs is the set of messages ever sent, see the constants below.
	Msgs uint32
	// Acceptor holds, for each, the ballot it joined and, from bit 1, one more
	// than the proposal it accepted last, or 0.
	Acceptor [acceptors]uint8
	RM       uint8
}

// A proposal is a ballot and a value; its number is value + 2 ballot.
const (
	prepared  = iota // in ballot 0
	aborted          // in ballot 0
	ballot1          // plus the value
	proposals = 4
)

// The messages, as bits of Instance.Msgs.
const (
	msg1a = 0                           // for ballot 1
	msg1b = 1                           // by acceptor, and what it has accepted: nothing or one of ballot 0
	msg2a = msg1b + acceptors*(1+2)     // by proposal
	msg2b = msg2a + proposals           // by proposal and acceptor
	_     = msg2b + proposals*acceptors // 26 in all
)

// NewPaxosCommit returns the model.
func NewPaxosCommit() *PaxosCommit {
	m := &PaxosCommit{}
	t := &m.actions
	m.rmPrepare = t.Each("RMPrepare", "r1", "r2")
	m.rmChooseToAbort = t.Each("RMChooseToAbort", "r1", "r2")
	m.rmRcvCommit = t.Each("RMRcvCommitMsg", "r1", "r2")
	m.rmRcvAbort = t.Each("RMRcvAbortMsg", "r1", "r2")
	m.phase1a = t.Each("Phase1a", "r1", "r2")
	m.phase2a = t.Each("Phase2a", "r1", "r2")
	m.decide = t.Each("Decide", "commit", "abort")
	m.phase1b = t.Each("Phase1b", "r1, a1", "r1, a2", "r1, a3", "r2, a1", "r2, a2", "r2, a3")
	m.phase2b = t.Each("Phase2b", "r1, a1", "r1, a2", "r1, a3", "r2, a1", "r2, a2", "r2, a3")
	return m
}

// Transitions implements explore.Model.
func (m *PaxosCommit) Transitions() []explore.Transition { return m.actions }

// Initial implements explore.Model.
func (m *PaxosCommit) Initial(dst []Votes) []Votes { return append(dst, Votes{}) }

// Successors implements explore.Model.
func (m *PaxosCommit) Successors(s *Votes, out *explore.Out[Votes]) {
	x := expansion[Votes]{s, out}
	for r := range s.Instance {
		m.manage(&x, r)
		m.lead(&x, r)
		for a := range acceptors {
			m.accept(&x, r, a)
		}
	}
	m.announce(&x)
}

// manage adds the actions of a resource manager.
func (m *PaxosCommit) manage(x *expansion[Votes], r int) {
	if x.from.Instance[r].RM == Working {
		to := &x.take(m.rmPrepare, r).Instance[r]
		to.RM = Prepared
		to.Msgs |= 1 << (msg2a + prepared)
		to = &x.take(m.rmChooseToAbort, r).Instance[r]
		to.RM = Aborted
		to.Msgs |= 1 << (msg2a + aborted)
	}
	if x.from.Announced>>Committed&1 != 0 {
		x.take(m.rmRcvCommit, r).Instance[r].RM = Committed
	}
	if x.from.Announced>>Aborted&1 != 0 {
		x.take(m.rmRcvAbort, r).Instance[r].RM = Aborted
	}
}

// lead adds the actions of the leader of ballot 1. It starts the ballot, and
// proposes when a majority has joined: what one of them accepted in ballot 0, or
// else to abort. There is a proposal for every majority.
func (m *PaxosCommit) lead(x *expansion[Votes], r int) {
	x.take(m.phase1a, r).Instance[r].Msgs |= 1 << msg1a
	i := &x.from.Instance[r]
	if i.Msgs>>(msg2a+ballot1)&3 != 0 {
		return
	}
	for absent := range acceptors {
		value, majority := aborted, true
		for a := range acceptors {
			if a == absent {
				continue
			}
			joined := i.Msgs >> (msg1b + 3*a) & 7
			majority = majority && joined != 0
			if accepted := bits.TrailingZeros32(joined); accepted == 1 || accepted == 2 {
				value = accepted - 1
			}
		}
		if majority {
			x.take(m.phase2a, r).Instance[r].Msgs |= 1 << (msg2a + ballot1 + value)
		}
	}
}

// accept adds the actions of an acceptor: it joins ballot 1, and accepts each
// proposal of the ballot it joined or a later one, also again.
func (m *PaxosCommit) accept(x *expansion[Votes], r, a int) {
	i := &x.from.Instance[r]
	ballot, accepted := int(i.Acceptor[a]&1), int(i.Acceptor[a]>>1)
	if i.Msgs>>msg1a&1 != 0 && ballot == 0 {
		to := &x.take(m.phase1b, r*acceptors+a).Instance[r]
		to.Acceptor[a] |= 1
		to.Msgs |= 1 << (msg1b + 3*a + accepted)
	}
	for p := range proposals {
		if i.Msgs>>(msg2a+p)&1 != 0 && p/2 >= ballot {
			to := &x.take(m.phase2b, r*acceptors+a).Instance[r]
			to.Acceptor[a] = uint8(p/2 | (p+1)<<1)
			to.Msgs |= 1 << (msg2b + acceptors*p + a)
		}
	}
}

// announce adds a decision for each choice of ballots and majorities that
// warrants it: to commit, one for each instance, to abort, one for any.
func (m *PaxosCommit) announce(x *expansion[Votes]) {
	commit, abort := 1, 0
	for r := range x.from.Instance {
		commit *= x.from.Instance[r].decided(prepared)
		abort += x.from.Instance[r].decided(aborted)
	}
	for range commit {
		x.take(m.decide, 0).Announced |= 1 << Committed
	}
	for range abort {
		x.take(m.decide, 1).Announced |= 1 << Aborted
	}
}

// decided counts the ballots and majorities that have decided for a value.
func (i *Instance) decided(value int) int {
	n := 0
	for p := value; p < proposals; p += ballot1 {
		switch bits.OnesCount32(i.Msgs >> (msg2b + acceptors*p) & 7) {
		case 2:
			n++
		case 3:
			n += 3
		}
	}
	return n
}

// Consistent says that no resource manager has committed while another has
// aborted, and that not both were announced.
func (*PaxosCommit) Consistent(s *Votes) bool {
	a, b := s.Instance[0].RM, s.Instance[1].RM
	return s.Announced != 1<<Committed|1<<Aborted && (min(a, b) != Committed || max(a, b) != Aborted)
}
