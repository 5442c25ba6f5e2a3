package model

import "github.com/kcheck/kcheck/explore"

// An OffsetCommit request of a consumer that is late: the consumer has sent it again and went on.

// hasLateCommit says that a commit of the consumer is late.
func (m *Model) hasLateCommit(s *State) bool { return m.cons(s, cLateShift, 1) != 0 }

// keepLateCommit notes that a copy of the commit just made is still on its way.
func (m *Model) keepLateCommit(s *State) {
	m.setCons(s, cLateShift, 1, 1)
	m.setCons(s, cLateOffsetShift, 4, m.cons(s, cCommittedShift, 4))
	m.setCons(s, cLateEpochShift, 3, m.cons(s, cCommitEpochShift, 3))
	m.setCons(s, cHasLateShift, 1, m.cons(s, cHasCommitShift, 1))
}

func (m *Model) dropLateCommit(s *State) { s[m.wCons] &= 1<<cLateShift - 1 }

var commitIsLate = &Action{
	Name: "CommitIsLate", Area: AreaClients, Actor: "network", Over: Once, Class: explore.Fault, Fault: Delay,
	Doc: Doc{
		Summary:   "CommitIsLate is the fault delay for an OffsetCommit request.",
		Guard:     "As ConsumerCommits; no commit is late.",
		Effect:    "The request stays on its way (LateCommitArrives); the consumer sends it again, which is answered.",
		Abstracts: "At most one commit is late at a time. That it is not sent again, and the next one is, makes the same difference.",
		Sources: []string{
			"ConsumerCoordinator.commitOffsetsSync sends again after a disconnect (clients)",
		},
	},
	Applies: func(m *Model) bool { return consumerCommits.Applies(m) },
	Guard: func(m *Model, s *State, b Binding) bool {
		return !m.hasLateCommit(s) && consumerCommits.Guard(m, s, b)
	},
	Effect: func(m *Model, s *State, b Binding) {
		m.commits(s)
		m.keepLateCommit(s)
	},
	Text: "the commit of offset {offset} is late; the consumer sends it again",
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		p.Offset = at(m.cons(post, cCommittedShift, 4))
		return ""
	},
	Causes: []Cause{byCommit},
	Route:  Route{From: "consumer", Label: "commit {offset}, late"},
	Forced: Forced{Unforceable, "kcheck reproduce holds back produce and EndTxn requests only"},
}

var lateCommitArrives = &Action{
	Name: "LateCommitArrives", Time: Timing{Step: "late-request"}, Area: AreaClients, Actor: "consumer", Over: Once,
	Doc: Doc{
		Summary: "LateCommitArrives is an OffsetCommit request that arrives after its repeat.",
		Guard:   "Such a request is on its way; its member has its partition still.",
		Effect:  "The group's offset is what the request says, also if it was further.",
		Abstracts: "The delay ends at any moment. A member that is started anew, or has lost the partition, has its late commit " +
			"refused by its generation.",
		Sources: []string{
			"GroupMetadata.onOffsetCommitAppend (0.9 to 3.9), OffsetMetadataManager.commitOffset (4.0 to 4.4): the last one counts",
			"ClassicGroup.validateOffsetCommit, ConsumerGroup.validateOffsetCommit (4.4)",
		},
	},
	Applies: func(m *Model) bool { return consumerCommits.Applies(m) && m.c.Faults[Delay] > 0 },
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.hasLateCommit(s) && m.cons(s, cLateOffsetShift, 4) != m.cons(s, cCommittedShift, 4)
	},
	Effect: func(m *Model, s *State, b Binding) {
		m.setCons(s, cCommittedShift, 4, m.cons(s, cLateOffsetShift, 4))
		m.setCons(s, cCommitEpochShift, 3, m.cons(s, cLateEpochShift, 3))
		m.setCons(s, cHasCommitShift, 1, m.cons(s, cHasLateShift, 1))
		m.setFailedAt(s, nowhere)
		m.dropLateCommit(s)
	},
	Text: "the late commit arrives: the group's offset is {offset} again",
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		p.Offset = at(m.cons(post, cCommittedShift, 4))
		return ""
	},
	Causes: []Cause{byCommit},
	Route:  Route{From: "consumer", Label: "late commit {offset}"},
	Forced: Forced{Unforceable, "kcheck reproduce holds back produce and EndTxn requests only"},
}
