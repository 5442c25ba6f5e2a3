package examples

import (
	"fmt"

	"github.com/kcheck/kcheck/explore"
)

// AtomicCommit is the atomic commitment protocol of Babaoglu and Toueg with a
// simple broadcast of the decision, as in ACP_SB.tla of the TLA+ examples, or
// without blocking, as in ACP_NB.tla: there participants forward the decision
// before they take it.
type AtomicCommit struct {
	Participants int
	NonBlocking  bool

	actions explore.Table

	request, getVote, detectFault, coordBroadcast, makeDecision, coordDie explore.TransitionID
	sendVote, abortOnVote, abortOnTimeoutRequest, parDie, decide          explore.TransitionID
	forward, preDecideOnForward, preDecide, abortOnTimeout                explore.TransitionID
}

// MaxSites is the greatest number of participants.
const MaxSites = 3

// Decisions is a state of AtomicCommit. Who is dead is faulty.
type Decisions struct {
	Site [MaxSites]Site
	// CoordinatorDead and Decision are the coordinator's.
	CoordinatorDead bool
	Decision        uint8
}

// Site is a participant, and what the coordinator knows of it.
type Site struct {
	VotesNo, VoteSent, Dead bool
	Decision                uint8
	// Forward is what it has forwarded to each; to itself, the decision that it
	// is going to take.
	Forward [MaxSites]uint8
	// Requested and Received are about its vote, Told is the decision sent to
	// it, all by the coordinator.
	Requested, Received bool
	Told                uint8
}

// Decisions; 0 is none.
const (
	toCommit = 1 + iota
	toAbort
)

// NewAtomicCommit returns the model.
func NewAtomicCommit(participants int, nonBlocking bool) *AtomicCommit {
	m := &AtomicCommit{Participants: participants, NonBlocking: nonBlocking}
	var sites []string
	for i := range participants {
		sites = append(sites, fmt.Sprint("p", i))
	}
	t := &m.actions
	m.request = t.Each("request", sites...)
	m.getVote = t.Each("getVote", sites...)
	m.detectFault = t.Each("detectFault", sites...)
	m.coordBroadcast = t.Each("coordBroadcast", sites...)
	m.makeDecision = t.Add("makeDecision", "")
	m.coordDie = t.Add("coordDie", "")
	m.sendVote = t.Each("sendVote", sites...)
	m.abortOnVote = t.Each("abortOnVote", sites...)
	m.abortOnTimeoutRequest = t.Each("abortOnTimeoutRequest", sites...)
	m.parDie = t.Each("parDie", sites...)
	if !nonBlocking {
		m.decide = t.Each("decide", sites...)
		return m
	}
	m.forward = t.Each("forward", sites...)
	m.preDecideOnForward = t.Each("preDecideOnForward", sites...)
	m.preDecide = t.Each("preDecide", sites...)
	m.decide = t.Each("decideNB", sites...)
	m.abortOnTimeout = t.Each("abortOnTimeout", sites...)
	return m
}

// Transitions implements explore.Model.
func (m *AtomicCommit) Transitions() []explore.Transition { return m.actions }

// Initial implements explore.Model: any votes.
func (m *AtomicCommit) Initial(dst []Decisions) []Decisions {
	for votes := range 1 << m.Participants {
		var s Decisions
		for i := range m.Participants {
			s.Site[i].VotesNo = votes>>i&1 != 0
		}
		dst = append(dst, s)
	}
	return dst
}

// Successors implements explore.Model. The next-state relation of ACP_NB.tla
// takes all actions of a participant once for each other one and itself, even
// those that concern no other.
func (m *AtomicCommit) Successors(s *Decisions, out *explore.Out[Decisions]) {
	x := expansion[Decisions]{s, out}
	if !s.CoordinatorDead {
		m.coordinate(&x)
		x.take(m.coordDie, 0).CoordinatorDead = true
	}
	for i := range m.Participants {
		switch {
		case s.Site[i].Dead:
		case m.NonBlocking:
			for j := range m.Participants {
				m.participate(&x, i)
				m.relay(&x, i, j)
			}
		default:
			m.participate(&x, i)
			if s.Site[i].Decision == 0 && s.Site[i].Told != 0 {
				x.take(m.decide, i).Site[i].Decision = s.Site[i].Told
			}
		}
	}
}

// coordinate adds the actions of the coordinator.
func (m *AtomicCommit) coordinate(x *expansion[Decisions]) {
	sites := x.from.Site[:m.Participants]
	requested, received, noes := true, true, 0
	for i := range sites {
		requested, received = requested && sites[i].Requested, received && sites[i].Received
		if sites[i].VotesNo {
			noes++
		}
	}
	undecided := x.from.Decision == 0
	for i := range sites {
		p := &sites[i]
		if !p.Requested {
			x.take(m.request, i).Site[i].Requested = true
		}
		if undecided && requested && !p.Received {
			if p.VoteSent {
				x.take(m.getVote, i).Site[i].Received = true
			} else if p.Dead {
				x.take(m.detectFault, i).Decision = toAbort
			}
		}
		if !undecided && p.Told == 0 {
			x.take(m.coordBroadcast, i).Site[i].Told = x.from.Decision
		}
	}
	switch {
	case !undecided || !received:
	case noes == 0:
		x.take(m.makeDecision, 0).Decision = toCommit
	default: // once for each that voted no
		for range noes {
			x.take(m.makeDecision, 0).Decision = toAbort
		}
	}
}

// participate adds the actions of a participant that both protocols have.
func (m *AtomicCommit) participate(x *expansion[Decisions], i int) {
	p := &x.from.Site[i]
	if p.Requested {
		x.take(m.sendVote, i).Site[i].VoteSent = true
	}
	if p.Decision == 0 && p.VoteSent && p.VotesNo {
		x.take(m.abortOnVote, i).Site[i].Decision = toAbort
	}
	if p.Decision == 0 && x.from.CoordinatorDead && !p.Requested {
		x.take(m.abortOnTimeoutRequest, i).Site[i].Decision = toAbort
	}
	x.take(m.parDie, i).Site[i].Dead = true
}

// relay adds the actions by which a participant gets the decision, hands it on
// to another one, and takes it when all have it, or gives up.
func (m *AtomicCommit) relay(x *expansion[Decisions], i, j int) {
	p := &x.from.Site[i]
	if other := &x.from.Site[j]; j != i {
		if p.Forward[i] != 0 && p.Forward[j] == 0 {
			x.take(m.forward, i).Site[i].Forward[j] = p.Forward[i]
		}
		if p.Forward[i] == 0 && other.Forward[i] != 0 {
			x.take(m.preDecideOnForward, i).Site[i].Forward[i] = other.Forward[i]
		}
	}
	if p.Forward[i] == 0 && p.Told != 0 {
		x.take(m.preDecide, i).Site[i].Forward[i] = p.Told
	}
	all := true
	for _, d := range p.Forward[:m.Participants] {
		all = all && d != 0
	}
	if all {
		x.take(m.decide, i).Site[i].Decision = p.Forward[i]
	}
	if p.Decision == 0 && x.from.CoordinatorDead && !m.reached(x.from) {
		x.take(m.abortOnTimeout, i).Site[i].Decision = toAbort
	}
}

// reached tells whether a decision is on its way to somebody alive from the
// coordinator or from a dead participant.
func (m *AtomicCommit) reached(s *Decisions) bool {
	for k := range m.Participants {
		if s.Site[k].Dead {
			continue
		}
		if s.Site[k].Told != 0 {
			return true
		}
		for j := range m.Participants {
			if s.Site[j].Dead && s.Site[j].Forward[k] != 0 {
				return true
			}
		}
	}
	return false
}

// Justified says that no participant has committed while another has aborted,
// that all voted yes if one has committed, and that one voted no or somebody
// died if one has aborted: AC1, AC2 and AC3_1.
func (m *AtomicCommit) Justified(s *Decisions) bool {
	committed, aborted, no, died := false, false, false, s.CoordinatorDead
	for i := range m.Participants {
		p := &s.Site[i]
		committed, aborted = committed || p.Decision == toCommit, aborted || p.Decision == toAbort
		no, died = no || p.VotesNo, died || p.Dead
	}
	return !(committed && (aborted || no)) && (!aborted || no || died)
}

// Final says that nobody changes a decision: AC4, a step invariant.
func (m *AtomicCommit) Final(pre *Decisions, _ explore.TransitionID, post *Decisions) bool {
	for i := range m.Participants {
		if was := pre.Site[i].Decision; was != 0 && post.Site[i].Decision != was {
			return false
		}
	}
	return true
}
