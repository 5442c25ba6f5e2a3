package model

import "github.com/kcheck/kcheck/explore"

// processRestartActions are deployments of the process.
var processRestartActions = []*Action{processIsRestarted}

var processIsRestarted = &Action{
	Name: "ProcessIsRestarted", Area: AreaProcess, Actor: "process", Over: Once, Class: explore.Fault, Fault: AppRestart,
	Doc: Doc{
		Summary: "ProcessIsRestarted is the fault app-restart: the process is stopped in order and started again.",
		Guard: "With app.on-stop: close it is about to poll, and no output is in its producer. With exit it ends at the border of " +
			"a message, whatever is in its producer.",
		Effect: "With close it commits what it commits when partitions are revoked; with exit nothing. What it has in hand is gone. " +
			"It starts from the committed offset.",
		Abstracts: "As ProducerIsRestarted and ConsumerIsRestarted, which are one process here.",
		Sources: []string{
			"KafkaProducer.close, ConsumerCoordinator.close (clients)",
		},
	},
	Applies: hasOutput,
	Guard: func(m *Model, s *State, b Binding) bool {
		p := m.process(s, 0)
		if !canCrash(m, s, b) {
			return false
		}
		if m.c.App.ExitOnStop {
			return p.stage == stageIdle || p.stage == stageWorking && (!p.awaiting || m.sendsAhead())
		}
		return p.stage == stageIdle
	},
	Effect: func(m *Model, s *State, b Binding) {
		if to, commits := m.revokedOffset(s); commits && !m.c.App.ExitOnStop {
			m.setGroupCommitted(s, to)
		}
		m.restartProcess(s)
	},
	Text: "the process is stopped ",
	Outcomes: []Outcome{
		{Word: "closed", Text: "in order and closes its clients[, upon which offset {committed} is committed]; it is started again"},
		{Word: "exited", Text: "and exits without flush or close; it is started again"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		if m.c.App.ExitOnStop {
			return "exited"
		}
		if to, commits := m.revokedOffset(pre); commits {
			p.Committed = at(to)
		}
		return "closed"
	},
	Causes: []Cause{byOnStop, bySend.when(commitsUnsent), byAutoCommit.when(commitsItself), byCommit},
	Route:  Route{From: "process", Label: "restart"},
	Forced: Forced{Unforceable, "the process that is played dies by a signal"},
}

// restartProcess starts the process anew, with nothing in its memory.
func (m *Model) restartProcess(s *State) {
	p := m.process(s, 0)
	m.forgetFailures(s, 0)
	m.endGeneration(s)
	if m.isPrepared(p) {
		return // the new process has the same to do
	}
	m.noteAbandoned(s, p)
	m.setProcess(s, 0, process{stage: stageStarting, pos: inputNone, attempt: p.attempt})
}
