package model

// preparedActions are a transaction that an external coordinator will commit.
var preparedActions = []*Action{transactionIsPrepared}

// With app.on-restart-transaction: resume an external coordinator keeps, in one place, the input offset and which transaction
// goes with it: Flink in its checkpoint, KIP-939 in the application's database. It does so when all outputs are
// acknowledged, and commits the transaction then. A process that is started again finds there what is to be committed.

// resumes says that a process that is started again commits what was prepared before.
func (m *Model) resumes() bool { return m.transactional && m.c.App.ResumeTransaction }

// isPrepared says that only the commit of the process's transaction is left to be done.
func (m *Model) isPrepared(p process) bool { return m.resumes() && p.stage == stageCommitting }

var transactionIsPrepared = &Action{
	Name: "TransactionIsPrepared", Area: AreaProcess, Actor: "process", Over: Once,
	Doc: Doc{
		Summary: "TransactionIsPrepared is an external coordinator noting the input offset together with the open transaction.",
		Guard:   "app.on-restart-transaction is resume; all outputs in hand are acknowledged, and the process owns the partition.",
		Effect: "The offset behind the messages in hand is what the application goes on with; only the commit of the transaction is " +
			"left to be done, also by a process that is started again.",
		Abstracts: "The checkpoint is one step that does not fail. The process that is started again has the transactional.id, " +
			"producer id and epoch of the transaction.",
		Sources: []string{
			"KafkaWriter.prepareCommit and KafkaCommitter of the Flink Kafka connector (flink-connector-kafka 3.x)",
			"KIP-939",
		},
	},
	Applies: (*Model).resumes,
	Guard: func(m *Model, s *State, b Binding) bool {
		p := m.process(s, 0)
		return p.stage == stageWorking && p.sent == p.size && m.current(s, p)
	},
	Effect: func(m *Model, s *State, b Binding) {
		p := m.process(s, 0)
		m.setGroupCommitted(s, m.offsetBehind(p))
		p.stage = stageCommitting
		m.setProcess(s, 0, p)
	},
	Text: "the external coordinator notes input offset {offset} and the open transaction, which is to be committed",
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		p.Offset = at(m.groupCommitted(post))
		p.Transaction = m.transactionParam(m.idOf(pre, m.process(pre, 0).attempt))
		return ""
	},
	Causes: []Cause{byResume, byCommit},
	Route:  Route{From: "process", To: "input", Label: "checkpoint {offset}"},
	Forced: Forced{Unforceable, "there is no external coordinator"},
}
