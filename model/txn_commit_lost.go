package model

import "github.com/kcheck/kcheck/explore"

// offsetFaultActions are commits of the process's offsets that fail while nobody dies.
var offsetFaultActions = []*Action{offsetCommitIsLost}

var offsetCommitIsLost = &Action{
	Name: "OffsetCommitIsLost", Area: AreaProcess, Actor: "process", Over: Once, Class: explore.Fault, Fault: CommitLost,
	Doc: Doc{
		Summary: "OffsetCommitIsLost is the fault commit-lost for the offsets of the process.",
		Guard: "The process is about to commit its offset, or to send it to the transaction, or has just committed it in its " +
			"poll.",
		Effect: "The offset is stored or not; in a transaction it is not. Then app.on-commit-failure: with retry the process " +
			"sends it again; with ignore it goes on as if it had committed; with rethrow it is as if processing had thrown. " +
			"An offset that could not join the transaction makes the process abort it, unless it is sent again.",
		Abstracts: "As CommitIsLost.",
		Sources: []string{
			"KafkaConsumer.commitSync, KafkaProducer.sendOffsetsToTransaction (CommitFailedException, KafkaException)",
		},
	},
	Applies: func(m *Model) bool { return m.output && m.c.App.Commit != CommitAuto && !m.resumes() },
	Guard:   commitsOffset,
	Choices: func(m *Model, s *State, b Binding) int {
		return 2 - b2i(m.c.App.OnCommitFailure == RetryCommit || m.isolated())
	},
	Effect: offsetCommitIsLostEffect,
	Text:   "the commit of input offset {offset} fails[, although it is stored: {committed}]",
	Outcomes: append([]Outcome{
		{Word: "retried", Text: "; it will be sent again"},
		{Word: "ignored", Text: "; the application goes on as if it had committed"},
	}, inputOutcomes...),
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		q := m.process(pre, 0)
		p.Offset = at(q.pos - b2i(m.c.App.CommitCurrent))
		how := m.offsetFailureHow(q)
		if how != "retried" && m.groupCommitted(post) == *p.Offset {
			p.Committed = p.Offset
		}
		return how
	},
	Causes: []Cause{byOnCommitFailure, byOnThrow.when(rethrowsCommits), byCommit},
	Route:  Route{From: "process", To: "input", Label: "commit", Lost: true},
	Forced: Forced{Unforceable, "no answer to a commit is withheld"},
}

// commitsOffset says that the process is about to commit its offset, or has just done so.
func commitsOffset(m *Model, s *State, b Binding) bool {
	p := m.process(s, 0)
	switch {
	case m.isolated():
		return m.offersOffsets(s, 0)
	case m.commitsBefore():
		return p.stage == stageWorking && p.sent == 0 && !p.awaiting && m.groupCommitted(s) == m.offsetBehind(p) &&
			(p.size == 1 || !m.sendsAhead())
	}
	return offsetsAreCommitted.Guard(m, s, b)
}

// commitsBefore says that the process commits its offset in the poll.
func (m *Model) commitsBefore() bool {
	return !m.resumes() && (m.c.App.Commit == CommitBeforeTransaction || m.c.App.Commit == CommitBeforeProcessing)
}

func offsetCommitIsLostEffect(m *Model, s *State, b Binding) {
	p := m.process(s, 0)
	stored := b.Choice == 1
	switch {
	case m.commitsBefore() && !stored:
		m.setGroupCommitted(s, m.committedBefore(p))
	case !m.commitsBefore() && stored:
		m.setGroupCommitted(s, p.pos-b2i(m.c.App.CommitCurrent))
	}
	switch how := m.offsetFailureHow(p); {
	case how == "retried":
		if m.commitsBefore() {
			m.setGroupCommitted(s, m.offsetBehind(p))
		}
	case how == "ignored", p.stage == stageOffsetDue && m.c.App.SkipOnException:
		if p.stage == stageOffsetDue {
			p.stage = stageIdle
		}
		m.setProcess(s, 0, p)
	case p.stage == stageOffsetDue || p.size == 0:
		processCrashEffect(m, s, b)
	default:
		m.givesInputUp(s, 0, m.throwsAt(p))
	}
}

// committedBefore is what the group had committed before the poll of what p has in hand.
func (m *Model) committedBefore(p process) int {
	if p.from == 0 && m.c.App.NewGroup {
		return inputNone
	}
	return max(0, p.from-b2i(m.c.App.CommitCurrent))
}

// offsetFailureHow is the outcome of OffsetCommitIsLost.
func (m *Model) offsetFailureHow(p process) string {
	a := &m.c.App
	switch {
	case a.OnCommitFailure == RetryCommit:
		return "retried"
	case a.OnCommitFailure == IgnoreCommit && !m.isolated():
		return "ignored"
	case p.stage == stageOffsetDue && a.SkipOnException:
		return "ignored"
	case p.stage == stageOffsetDue && a.NoRestarts:
		return "down"
	case p.stage == stageOffsetDue:
		return "restarts"
	}
	return m.inputGivenUpHow()
}
