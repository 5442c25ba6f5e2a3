package model

import "github.com/kcheck/kcheck/explore"

// commitFaultActions are commits of offsets that fail while nobody dies.
var commitFaultActions = []*Action{commitIsLost}

var commitIsLost = &Action{
	Name: "CommitIsLost", Area: AreaClients, Actor: "consumer", Over: Once, Class: explore.Fault, Fault: CommitLost,
	Doc: Doc{
		Summary: "CommitIsLost is the fault commit-lost: a commit of offsets fails, or its answer is lost, while nobody dies.",
		Guard:   "The application is about to commit, as in ConsumerCommits.",
		Effect: "The offset is stored or not. Then app.on-commit-failure: with retry the application commits again; with ignore " +
			"it goes on as if it had committed; with rethrow it is as if processing had thrown, for all that is in hand. " +
			"kafka-go's ReadMessage, which commits before it hands a record out, does not hand it out then.",
		Abstracts: "A library that commits by itself tries again with the next commit, so that nothing happens. app.attempts do " +
			"not count here.",
		Sources: []string{
			"KafkaConsumer.commitSync: CommitFailedException, RetriableCommitFailedException, TimeoutException",
			"segmentio/kafka-go reader.go, Reader.ReadMessage (0.4.x)",
		},
	},
	Applies: func(m *Model) bool {
		return m.consumer && m.c.App.Effect != EffectTransactional && m.c.App.Commit != CommitAuto
	},
	Guard: func(m *Model, s *State, b Binding) bool { return consumerCommits.Guard(m, s, b) },
	Choices: func(m *Model, s *State, b Binding) int {
		return 2 - b2i(m.c.App.OnCommitFailure == RetryCommit && !m.dropsUncommitted)
	},
	Effect: commitIsLostEffect,
	Text:   "the commit of offset {offset} fails[, although it is stored: {committed}]",
	Outcomes: []Outcome{
		{Word: "retried", Text: "; it will be sent again"},
		{Word: "ignored", Text: "; the application goes on as if it had committed"},
		{Word: "dropped", Text: "; ReadMessage returns the error and not the record, and the application goes on with the next"},
		{Word: "restarts", Text: "; the loop ends"},
		{Word: "skipped", Text: "; the application logs it and goes on with the next poll"},
		{Word: "dead-letter", Text: "; the application sends what it has in hand to the dead-letter topic and goes on"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		to, _ := m.commitTarget(pre)
		p.Offset = at(to)
		if m.cons(pre, cCommittedShift, 4) != to && m.cons(post, cCommittedShift, 4) == to {
			p.Committed = at(to)
		}
		return m.commitFailureHow()
	},
	Causes: []Cause{byOnCommitFailure, byOnThrow.when(rethrowsCommits), byCommit, byConsumerClient.when(handsOutAfterCommit)},
	Route:  Route{From: "consumer", Label: "commit {offset}", To: "broker", Lost: true},
	Forced: Forced{Unforceable, "no answer to a commit is withheld"},
}

func commitIsLostEffect(m *Model, s *State, b Binding) {
	stored := b.Choice == 1
	if stored {
		m.commits(s)
	}
	switch m.commitFailureHow() {
	case "retried":
	case "ignored":
		m.setCons(s, cUncommittedShift, 1, b2i(stored)*m.cons(s, cUncommittedShift, 1))
		put(&s[m.wCons+1], cTouchedShift, 1, 0)
	case "restarts":
		m.endConsumer(s)
	default:
		for i := range m.hand(s) {
			if m.c.App.DeadLetter && !m.done(s, i) && !m.dropsUncommitted {
				m.deadLetter(s, i)
			}
		}
		m.dropHand(s)
		m.setCons(s, cRecordsShift, 8, 0)
		m.setCons(s, cHandShift, 3, 0)
		m.setCons(s, cUncommittedShift, 1, 0)
		put(&s[m.wCons+1], cTriesShift, 12, 0)
		put(&s[m.wCons+1], cDoneShift, 5, 0)
	}
}

// commitFailureHow is the outcome of CommitIsLost.
func (m *Model) commitFailureHow() string {
	a := &m.c.App
	switch {
	case a.OnCommitFailure == RethrowCommit && a.DeadLetter:
		return "dead-letter"
	case a.OnCommitFailure == RethrowCommit && a.SkipOnException:
		return "skipped"
	case a.OnCommitFailure == RethrowCommit:
		return "restarts"
	case m.dropsUncommitted:
		return "dropped"
	case a.OnCommitFailure == IgnoreCommit:
		return "ignored"
	}
	return "retried"
}
