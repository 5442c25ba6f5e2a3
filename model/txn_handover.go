package model

import "github.com/kcheck/kcheck/explore"

// inputHandoverActions are rebalances in which the process that loses the input partition is told and stops.
var inputHandoverActions = []*Action{inputIsHandedOver}

var inputIsHandedOver = &Action{
	Name: "InputIsHandedOver", Area: AreaProcess, Actor: "group", Over: Once, Class: explore.Fault, Fault: OrderlyRebalance,
	Doc: Doc{
		Summary: "InputIsHandedOver is the fault orderly-rebalance: the input partition moves to another member after the first has " +
			"been told and has stopped.",
		Guard: "The process is about to poll, since it is told within poll(); no other that lost the partition still works.",
		Effect: "With auto commit the client commits the position; else with app.on-revoke: commit the application commits what it " +
			"has finished, as far as it commits outside transactions. Outputs that are still in the producer of a loop that " +
			"does not wait for them go on being sent. The other member starts from the committed offset.",
		Abstracts: "As PartitionIsHandedOver. With transactions nothing is open when the process polls.",
		Sources: []string{
			"ConsumerCoordinator.onJoinPrepare (clients 2.4 to 4.4)",
			"KIP-447",
		},
	},
	Applies: hasOutput,
	Guard: func(m *Model, s *State, b Binding) bool {
		p := m.process(s, 0)
		return canCrash(m, s, b) && m.process(s, 1).stage == stageGone && m.failsNext(s, 0) < 0 &&
			(p.stage == stageIdle || p.stage == stageWorking && m.sendsAhead())
	},
	Effect: func(m *Model, s *State, b Binding) {
		if to, commits := m.revokedOffset(s); commits {
			m.setGroupCommitted(s, to)
		}
		m.reassignInput(s)
	},
	Text: "the input partition moves to another member; the first is told and stops",
	Outcomes: []Outcome{
		{Word: "committed", Text: ", after it has committed offset {committed}"},
		{Word: "not-committed"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		to, commits := m.revokedOffset(pre)
		if !commits {
			return "not-committed"
		}
		p.Committed = at(to)
		return "committed"
	},
	Causes: []Cause{byOnRevoke, byAutoCommit.when(commitsItself), bySend.when(commitsUnsent), byCommit},
	Route:  Route{From: "input", Label: "rebalance"},
	Forced: Forced{Unforceable, "no second member takes part in the group's protocol"},
}

// revokedOffset is the offset that a process commits when it is told that it loses the partition, and whether it commits.
func (m *Model) revokedOffset(s *State) (to int, commits bool) {
	p := m.process(s, 0)
	if p.pos == 0 || m.c.App.Commit != CommitAuto && !(m.c.App.CommitOnRevoke && m.commitsAfter()) {
		return 0, false
	}
	to = p.pos - b2i(m.c.App.CommitCurrent)
	return to, to != m.groupCommitted(s)
}
