package model

import "github.com/kcheck/kcheck/explore"

// inputRecreatedActions are an input topic that is deleted and created again under its name.
var inputRecreatedActions = []*Action{inputIsRecreated}

var inputIsRecreated = &Action{
	Name: "InputIsRecreated", Area: AreaProcess, Actor: "controller", Over: Once, Class: explore.Fault, Fault: TopicRecreated,
	Doc: Doc{
		Summary: "InputIsRecreated is the fault topic-recreated with an output topic: the input topic is deleted when all before the " +
			"followed messages is processed, and created again under its name before they are sent; what the group has committed stays.",
		Guard: "The group has a committed offset, and the process has polled nothing.",
		Effect: "The position of the process, and what the group has committed, is an offset of the deleted topic. Within the new " +
			"input the process goes on there, and what is before it is passed over. Beyond its end, with a later leader epoch of the " +
			"deleted topic where the client validates positions, or where the commit carries the topic's id, auto.offset.reset decides.",
		Abstracts: "As TopicIsRecreated. The records of the input are there at once: that a reset to the end, or a validation, found " +
			"some of them is a position among them. A client that takes the new metadata for outdated is one that goes on behind " +
			"all messages.",
		Sources: []string{
			"SubscriptionState.maybeCompleteValidation (clients 2.3 to 4.4)",
			"OffsetMetadataManager.isMismatchedTopicId (4.2, OffsetCommit v10)",
			"GroupCoordinator.onPartitionsDeleted",
		},
	},
	Applies: hasOutput,
	Guard: func(m *Model, s *State, b Binding) bool {
		p := m.process(s, 0)
		return m.groupCommitted(s) == 0 && p.size == 0 && (p.stage == stageIdle && p.pos == 0 || p.stage == stageStarting) &&
			m.process(s, 1).stage == stageGone && !m.offsetsPending(s) && !m.anyOutput(s)
	},
	Choices: func(m *Model, s *State, b Binding) int { return m.c.Scope.Messages + 1 },
	Effect: func(m *Model, s *State, b Binding) {
		p := m.process(s, 0)
		to := b.Choice + 1
		committed := to - b2i(m.c.App.CommitCurrent)
		if b.Choice == m.c.Scope.Messages || m.c.B.CommitsTopicID {
			committed = inputNone
		}
		m.setGroupCommitted(s, committed)
		switch {
		case p.pos == inputNone:
		case b.Choice == m.c.Scope.Messages:
			p.pos = m.startingPosition(s)
		default:
			p.pos = to
		}
		m.setProcess(s, 0, p)
	},
	Text: "the input topic is deleted and created again; the group ",
	Outcomes: []Outcome{
		{Word: "within", Text: "goes on with offset {offset} of the deleted one"},
		{Word: "reset", Text: "has an offset that is not of the new one, and goes on at offset {offset}"},
		{Word: "stopped", Text: "has an offset that is not of the new one; auto.offset.reset=none: the process stops with an error"},
		{Word: "no-offset", Text: "has no offset of the new one"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		pos, committed := m.process(post, 0).pos, m.groupCommitted(post)
		switch {
		case pos == inputStopped:
			return "stopped"
		case pos == inputNone && committed == inputNone:
			return "no-offset"
		case pos == inputNone:
			pos = committed
		}
		p.Offset = at(pos)
		if committed == inputNone && !m.c.B.CommitsTopicID || pos == 0 {
			return "reset"
		}
		return "within"
	},
	Causes: []Cause{byReset, byProtocol},
	Route:  Route{From: "input", Label: "input recreated"},
	Forced: Forced{Unforceable, "the topic that is followed is the one of the run"},
}

// anyOutput says that a broker has an output of the process.
func (m *Model) anyOutput(s *State) bool {
	for b := range m.n {
		if s.logLen(b) > 0 {
			return true
		}
	}
	return false
}
