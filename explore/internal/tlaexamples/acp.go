package tlaexamples

import (
	"slices"

	"github.com/kcheck/kcheck/explore"
)

// AtomicCommit is the atomic commitment protocol of Babaoglu and Toueg as in ACP_SB_TLC.cfg and ACP_NB_TLC.cfg: with a
// simple broadcast of the decision, or with one in which participants forward it before they decide.
type AtomicCommit struct {
	Participants int // up to 3
	Forwards     bool
}

const participants = 3

// Decisions, and what was sent of them.
const (
	undecided = iota // also: not sent
	decideCommit
	decideAbort
)

// Parties is a state of AtomicCommit. Sets of participants are bits.
type Parties struct {
	Yes, Alive, VoteSent uint8 // of the participants
	Decision             [participants]uint8
	Forward              [participants][participants]uint8

	Request, GotVote uint8 // of the coordinator
	Broadcast        [participants]uint8
	Decided          uint8
	CoordinatorAlive bool
}

const (
	acpParticipant = iota
	acpCoordinator
	acpParticipantDies
	acpCoordinatorDies
)

// Transitions implements explore.Model.
func (AtomicCommit) Transitions() []explore.Transition {
	return names("Participant", "Coordinator", "ParticipantDies", "CoordinatorDies")
}

func (m AtomicCommit) all() uint8 { return 1<<m.Participants - 1 }

// Initial implements explore.Model.
func (m AtomicCommit) Initial(dst []Parties) []Parties {
	for votes := range m.all() + 1 {
		dst = append(dst, Parties{Yes: votes, Alive: m.all(), CoordinatorAlive: true})
	}
	return dst
}

// Successors implements explore.Model.
func (m AtomicCommit) Successors(s *Parties, dst []explore.Successor[Parties]) []explore.Successor[Parties] {
	l := successors[Parties]{s, dst}
	if s.CoordinatorAlive {
		l.add(acpCoordinatorDies).CoordinatorAlive = false
		m.coordinate(s, &l)
	}
	for i := range m.Participants {
		if s.Alive>>i&1 == 0 {
			continue
		}
		if !m.Forwards {
			l.add(acpParticipantDies).Alive &^= 1 << i
			m.vote(s, &l, i)
			if s.Decision[i] == undecided && s.Broadcast[i] != undecided {
				l.add(acpParticipant).Decision[i] = s.Broadcast[i]
			}
			continue
		}
		for j := range m.Participants { // every action is there once for each j
			l.add(acpParticipantDies).Alive &^= 1 << i
			m.vote(s, &l, i)
			m.forward(s, &l, i, j)
		}
	}
	return l.all
}

// coordinate are the steps of the coordinator.
func (m AtomicCommit) coordinate(s *Parties, l *successors[Parties]) {
	for i := range m.Participants {
		bit := uint8(1) << i
		if s.Request&bit == 0 {
			l.add(acpCoordinator).Request |= bit
		}
		if s.Decided != undecided {
			if s.Broadcast[i] == undecided {
				l.add(acpCoordinator).Broadcast[i] = s.Decided
			}
			continue
		}
		if s.Request != m.all() || s.GotVote&bit != 0 {
			continue
		}
		if s.VoteSent&bit != 0 {
			l.add(acpCoordinator).GotVote |= bit
		} else if s.Alive&bit == 0 {
			l.add(acpCoordinator).Decided = decideAbort
		}
	}
	if s.Decided == undecided && s.GotVote == m.all() {
		if s.Yes == m.all() {
			l.add(acpCoordinator).Decided = decideCommit
		}
		for i := range m.Participants { // once for each vote against
			if s.Yes>>i&1 == 0 {
				l.add(acpCoordinator).Decided = decideAbort
			}
		}
	}
}

// vote are the steps of participant i until the decision.
func (m AtomicCommit) vote(s *Parties, l *successors[Parties], i int) {
	bit := uint8(1) << i
	if s.Request&bit != 0 {
		l.add(acpParticipant).VoteSent |= bit
	}
	if s.Decision[i] == undecided {
		if s.VoteSent&bit != 0 && s.Yes&bit == 0 {
			l.add(acpParticipant).Decision[i] = decideAbort
		}
		if !s.CoordinatorAlive && s.Request&bit == 0 {
			l.add(acpParticipant).Decision[i] = decideAbort
		}
	}
}

// forward are the steps of participant i by which a decision is passed on.
func (m AtomicCommit) forward(s *Parties, l *successors[Parties], i, j int) {
	own := s.Forward[i][i]
	if i != j && own != undecided && s.Forward[i][j] == undecided {
		l.add(acpParticipant).Forward[i][j] = own
	}
	if i != j && own == undecided && s.Forward[j][i] != undecided {
		l.add(acpParticipant).Forward[i][i] = s.Forward[j][i]
	}
	if own == undecided && s.Broadcast[i] != undecided {
		l.add(acpParticipant).Forward[i][i] = s.Broadcast[i]
	}
	if !slices.Contains(s.Forward[i][:m.Participants], undecided) {
		l.add(acpParticipant).Decision[i] = own
	}
	if s.Decision[i] == undecided && !s.CoordinatorAlive {
		m.abandon(s, l, i)
	}
}

// abandon is a timeout: the coordinator died before it, or anyone dead, told the decision to anyone alive.
func (m AtomicCommit) abandon(s *Parties, l *successors[Parties], i int) {
	for j := range m.Participants {
		alive := s.Alive>>j&1 == 1
		if alive && s.Broadcast[j] != undecided {
			return
		}
		for k := range m.Participants {
			if !alive && s.Alive>>k&1 == 1 && s.Forward[j][k] != undecided {
				return
			}
		}
	}
	l.add(acpParticipant).Decision[i] = decideAbort
}

// Agrees says that no participant commits while another aborts.
func (m AtomicCommit) Agrees(s *Parties) bool {
	return !slices.Contains(s.Decision[:], decideCommit) || !slices.Contains(s.Decision[:], decideAbort)
}
