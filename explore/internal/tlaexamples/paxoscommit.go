package tlaexamples

import (
	"math/bits"

	"github.com/kcheck/kcheck/explore"
)

// PaxosCommit is transaction commit by consensus as in PaxosCommit.cfg: two resource managers, three acceptors, the
// ballots 0 and 1.
type PaxosCommit struct{}

const (
	managers  = 2
	acceptors = 3
	ballots   = 2
)

// Values of an instance of consensus, and of what an acceptor has accepted.
const (
	valueNone = iota
	valuePrepared
	valueAborted
)

// States of a resource manager.
const (
	rmWorking = iota
	rmPrepared
	rmCommitted
	rmAborted
)

// Votes is a state of PaxosCommit. Msgs is the set of all messages ever sent, a bit for each.
type Votes struct {
	Msgs     uint64
	RM       [managers]uint8
	Promised [managers][acceptors]uint8 // mbal
	Ballot   [managers][acceptors]uint8 // bal + 1
	Value    [managers][acceptors]uint8
	Unused   [4]uint8 // a state has no padding
}

// The places of messages in Votes.Msgs.
const (
	commitMsg = 1 << 0
	abortMsg  = 1 << 1
)

func phase1aMsg(rm int) uint64 { return 1 << (2 + rm) }

// phase1bMsg is the promise for ballot 1 of an acceptor that has accepted value, or nothing, in ballot 0.
func phase1bMsg(rm, acc, value int) uint64 { return 1 << (4 + (rm*acceptors+acc)*3 + value) }

func phase2aMsg(rm, bal, value int) uint64 { return 1 << (22 + (rm*ballots+bal)*2 + value - 1) }

func phase2bMsg(rm, acc, bal, value int) uint64 {
	return 1 << (30 + ((rm*acceptors+acc)*ballots+bal)*2 + value - 1)
}

const (
	paxosPrepare = iota
	paxosChooseToAbort
	paxosReceiveDecision
	paxosPhase1a
	paxosPhase2a
	paxosDecide
	paxosPhase1b
	paxosPhase2b
)

// Transitions implements explore.Model.
func (PaxosCommit) Transitions() []explore.Transition {
	return names("RMPrepare", "RMChooseToAbort", "RMRcvMsg", "Phase1a", "Phase2a", "Decide", "Phase1b", "Phase2b")
}

// Initial implements explore.Model.
func (PaxosCommit) Initial(dst []Votes) []Votes { return append(dst, Votes{}) }

// Successors implements explore.Model.
func (PaxosCommit) Successors(s *Votes, dst []explore.Successor[Votes]) []explore.Successor[Votes] {
	l := successors[Votes]{s, dst}
	for rm := range managers {
		l.all = s.manage(l, rm)
		l.add(paxosPhase1a).Msgs |= phase1aMsg(rm)
		l.all = s.propose(l, rm)
		for acc := range acceptors {
			l.all = s.accept(l, rm, acc)
		}
	}
	l.all = s.decide(l)
	return l.all
}

// manage are the steps of a resource manager.
func (s *Votes) manage(l successors[Votes], rm int) []explore.Successor[Votes] {
	if s.RM[rm] == rmWorking {
		t := l.add(paxosPrepare)
		t.RM[rm], t.Msgs = rmPrepared, s.Msgs|phase2aMsg(rm, 0, valuePrepared)
		t = l.add(paxosChooseToAbort)
		t.RM[rm], t.Msgs = rmAborted, s.Msgs|phase2aMsg(rm, 0, valueAborted)
	}
	if s.Msgs&commitMsg != 0 {
		l.add(paxosReceiveDecision).RM[rm] = rmCommitted
	}
	if s.Msgs&abortMsg != 0 {
		l.add(paxosReceiveDecision).RM[rm] = rmAborted
	}
	return l.all
}

// majorities are the sets of two acceptors.
var majorities = [...][2]int{{0, 1}, {0, 2}, {1, 2}}

// propose is the leader's Phase2a in ballot 1, once for each majority that has promised.
func (s *Votes) propose(l successors[Votes], rm int) []explore.Successor[Votes] {
	if s.Msgs&(phase2aMsg(rm, 1, valuePrepared)|phase2aMsg(rm, 1, valueAborted)) != 0 {
		return l.all
	}
	for _, majority := range majorities {
		value, all := valueAborted, true
		for _, acc := range majority {
			switch {
			case s.Msgs&phase1bMsg(rm, acc, valuePrepared) != 0:
				value = valuePrepared
			case s.Msgs&(phase1bMsg(rm, acc, valueAborted)|phase1bMsg(rm, acc, valueNone)) == 0:
				all = false
			}
		}
		if all {
			l.add(paxosPhase2a).Msgs |= phase2aMsg(rm, 1, value)
		}
	}
	return l.all
}

// accept are the steps of an acceptor in the instance of a resource manager.
func (s *Votes) accept(l successors[Votes], rm, acc int) []explore.Successor[Votes] {
	if s.Msgs&phase1aMsg(rm) != 0 && s.Promised[rm][acc] < 1 {
		t := l.add(paxosPhase1b)
		t.Promised[rm][acc] = 1
		t.Msgs |= phase1bMsg(rm, acc, int(s.Value[rm][acc]))
	}
	for bal := range ballots {
		for value := valuePrepared; value <= valueAborted; value++ {
			if s.Msgs&phase2aMsg(rm, bal, value) != 0 && int(s.Promised[rm][acc]) <= bal {
				t := l.add(paxosPhase2b)
				t.Promised[rm][acc], t.Ballot[rm][acc], t.Value[rm][acc] = uint8(bal), uint8(bal)+1, uint8(value)
				t.Msgs |= phase2bMsg(rm, acc, bal, value)
			}
		}
	}
	return l.all
}

// decide is the leader's decision, once for each way in which it is justified.
func (s *Votes) decide(l successors[Votes]) []explore.Successor[Votes] {
	commits := 1
	for rm := range managers {
		commits *= s.chosen(rm, valuePrepared)
		for range s.chosen(rm, valueAborted) {
			l.add(paxosDecide).Msgs |= abortMsg
		}
	}
	for range commits {
		l.add(paxosDecide).Msgs |= commitMsg
	}
	return l.all
}

// chosen counts the ballots and majorities by which a value is chosen.
func (s *Votes) chosen(rm, value int) int {
	n := 0
	for bal := range ballots {
		for _, majority := range majorities {
			both := phase2bMsg(rm, majority[0], bal, value) | phase2bMsg(rm, majority[1], bal, value)
			if bits.OnesCount64(s.Msgs&both) == 2 {
				n++
			}
		}
	}
	return n
}

// Consistent says that no resource manager has committed while another has aborted.
func (PaxosCommit) Consistent(s *Votes) bool {
	return !(s.RM[0] == rmCommitted && s.RM[1] == rmAborted || s.RM[0] == rmAborted && s.RM[1] == rmCommitted)
}
