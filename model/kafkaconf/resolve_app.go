package kafkaconf

import (
	"slices"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// application resolves what the application around the clients does, and refuses what contradicts its settings.
func (r *resolver) application(c *model.Config) {
	a := &c.App
	r.read(App, "framework")
	r.client("producer-client", r.producer)
	r.client("consumer-client", r.consumer)
	a.OutputKafka = r.read(App, "output").is("kafka")
	a.Send = r.send(c)
	a.ResendOnError = r.read(App, "on-send-error").is("resend")
	a.ResendOnRestart = r.read(App, "on-restart").is("resend")
	a.NewGroup = r.read(App, "group").is("new")
	process := r.read(App, "process")
	a.Parallel = process.is("parallel")
	a.Handoff = a.Parallel || process.is("handoff")
	a.Effect = r.effect()
	a.CommitCurrent = r.read(App, "commit-offset").is("current")
	a.Commit = r.commit(c)
	share := shareWords[r.peek(App, "share").text]
	if share != model.ShareExplicit {
		r.onException(a)
	}
	if share == model.ShareNone {
		r.commitPosition(c)
		r.parallel(a, process)
		r.onCommitFailure(c)
		r.onRevoke(a)
	}
	a.ExitOnStop = r.readWhere(r.budgeted(model.AppRestart), App, "on-stop").is("exit")
	asksProgress := slices.Contains(r.out.Guarantees, "availability") || slices.Contains(r.out.Guarantees, "uninterrupted")
	a.NoRestarts = r.readWhere(asksProgress && share == model.ShareNone, App, "restarts").is("false")
	a.ContinueOnAbort = r.read(App, "on-abort").is("continue")
	a.TxnID = idWords[r.read(App, "transactional-id").text]
	a.GroupMetadata = r.read(App, "group-metadata").is("true")
	if v, found := r.values[App]["on-send-error"]; found && a.ResendOnError && a.Send == model.SendForget {
		r.problems.Add(Failure, v.KeyAt, r.nameOf(v), "app.send is forget: no error reaches the application; write send: callback or wait, or on-send-error: give-up")
	}
	if r.given[Downstream] && !a.OutputKafka {
		r.note("the downstream part is not used: app.output is none")
	}
}

// onException reads what the loop does when processing throws.
func (r *resolver) onException(a *model.AppConfig) {
	s := r.read(App, "on-exception")
	a.CloseOnException = s.is("close")
	a.DeadLetter = s.is("dead-letter")
	a.SkipOnException = a.DeadLetter || s.is("skip")
	attempts := r.readWhere(r.budgeted(model.PoisonRecord, model.ConsumerException), App, "attempts")
	a.Attempts = int(min(attempts.number(1), model.MaxAttempts))
}

// onCommitFailure reads what the application does when a commit fails, and refuses it where the client commits and
// nothing reaches the application.
func (r *resolver) onCommitFailure(c *model.Config) {
	a := &c.App
	inClient := a.Commit == model.CommitAuto && c.Cons.Client != model.KafkaGo
	s := r.readWhere(r.budgeted(model.CommitLost) && !inClient, App, "on-commit-failure")
	a.OnCommitFailure = map[string]model.CommitFailure{"ignore": model.IgnoreCommit, "rethrow": model.RethrowCommit}[s.text]
	if s.written() && inClient {
		r.problems.AddContradiction(s.at, s.name(), "with commit: auto the client commits, and tries again by itself; leave it out, or commit another way")
	}
}

// onRevoke reads what a member commits that is told that it loses the partition, and refuses it where the client commits
// all the same.
func (r *resolver) onRevoke(a *model.AppConfig) {
	s := r.readWhere(r.budgeted(model.OrderlyRebalance) && a.Commit != model.CommitAuto, App, "on-revoke")
	a.CommitOnRevoke = s.is("commit")
	if s.written() && a.Commit == model.CommitAuto && !a.CommitOnRevoke {
		r.problems.AddContradiction(s.at, s.name(), "with commit: auto the client commits when the partition is revoked; leave it out, or commit another way")
	}
}

// positionWords are the values of app.commit-position.
var positionWords = map[string]model.CommitPosition{
	"finished-prefix": model.FinishedPrefix, "highest-finished": model.HighestFinished, "delivered": model.Delivered,
}

// commitPosition reads which position is committed, or marked for the library to commit, and refuses it where something
// else decides that.
func (r *resolver) commitPosition(c *model.Config) {
	a := &c.App
	marked := a.Commit == model.CommitAuto && (c.Cons.Client == model.Sarama || c.Cons.Client == model.Librdkafka && !c.Cons.StoreOffsets)
	decides := !a.OutputKafka && (a.Commit == model.CommitAfterProcessing || marked)
	s := r.readWhere(decides, App, "commit-position")
	a.CommitPosition = positionWords[s.text]
	if !s.written() || decides {
		return
	}
	wrong := ""
	switch {
	case a.OutputKafka && a.CommitPosition == model.FinishedPrefix, a.Commit == model.CommitBeforeProcessing && a.CommitPosition == model.Delivered:
		return // that is so in any case
	case a.OutputKafka:
		wrong = "with output: kafka messages are finished in order, and their end is what is committed; leave it out, or write output: none"
	case a.Commit == model.CommitAuto:
		wrong = "with commit: auto the client decides what is committed; leave it out, or commit another way. It says what the application " +
			"marks only with sarama, and with librdkafka where enable.auto.offset.store is false"
	default:
		wrong = "with commit: before-processing nothing is finished yet; write commit: after-processing, or commit-position: delivered"
	}
	r.problems.AddContradiction(s.at, s.name(), "%s contradicts the settings: %s", formats.QuoteWord(s.text), wrong)
}

// parallel refuses process: parallel where records cannot be finished out of order.
func (r *resolver) parallel(a *model.AppConfig, process setting) {
	switch {
	case !a.Parallel:
	case a.OutputKafka:
		r.problems.AddContradiction(process.at, process.name(), "parallel is not modelled with an output topic: its outputs are sent in the order of the input; write output: none, or process: inline")
	case a.Effect == model.EffectTransactional:
		r.problems.AddContradiction(process.at, process.name(), "an external store that keeps the offset with the effect takes records in order; write process: inline, or effect: idempotent")
	}
}

// budgeted says that one of the faults can happen in the question. Settings that decide nothing else are listed as read
// only then.
func (r *resolver) budgeted(faults ...model.FaultKind) bool {
	for _, f := range faults {
		if r.out.Config.Faults[f] > 0 {
			return true
		}
	}
	return false
}

// idWords are the values of app.transactional-id.
var idWords = map[string]model.TransactionalID{
	"per-instance": model.IDPerInstance, "per-partition": model.IDPerPartition, "random": model.IDRandom,
}

// client lists which library a side has: the one that was given, or the one of the brokers' version.
func (r *resolver) client(key string, d Dialect) {
	if s := r.read(App, key); !s.set {
		r.list(setting{part: App, key: key, text: d.Name}, Assumed)
	}
}

// send reads how the application sends. The 0.8 producer decides that itself, by producer.type.
func (r *resolver) send(c *model.Config) model.Send {
	v, found := r.values[App]["send"]
	if c.Prod.Client == model.Scala08 {
		if found {
			r.problems.Add(Failure, v.KeyAt, r.nameOf(v), "the 0.8 producer waits or not by producer.type; write producer: {producer.type: sync} or async")
		}
		if c.Prod.Async {
			return model.SendForget
		}
		return model.SendWait
	}
	switch r.read(App, "send").text {
	case "wait":
		return model.SendWait
	case "forget":
		return model.SendForget
	}
	return model.SendCallback
}

// effect reads what processing a message twice does. Where nobody has said anything of a consumer, or of the effect, it
// counts once for each record of the log: such a consumer cannot be the cause of a repetition.
func (r *resolver) effect() model.Effect {
	if _, said := r.values[App]["effect"]; !said && !r.hasConsumer() && !r.peek(App, "output").is("kafka") {
		return model.EffectOncePerRecord
	}
	s := r.read(App, "effect")
	switch s.text {
	case "idempotent":
		return model.EffectIdempotent
	case "transactional":
		if r.read(App, "output").is("kafka") {
			r.problems.Add(Failure, s.at, s.name(), "with output: kafka there is no external store; write effect: plain, or output: none")
		}
		return model.EffectTransactional
	}
	return model.EffectPlain
}

// hasConsumer says that the question has a consumer of its own.
func (r *resolver) hasConsumer() bool {
	return r.given[Consumer] || r.given[formats.Group] || r.shares()
}

// commitWords are the values of app.commit.
var commitWords = map[string]model.Commit{
	"after-processing": model.CommitAfterProcessing, "before-processing": model.CommitBeforeProcessing,
	"auto": model.CommitAuto, "in-transaction": model.CommitInTransaction,
	"before-transaction": model.CommitBeforeTransaction, "after-transaction": model.CommitAfterTransaction,
}

// commit reads when offsets are committed. Left out it follows the settings: in the transaction where there is one, by
// the library where auto commit is on, else after processing.
func (r *resolver) commit(c *model.Config) model.Commit {
	auto := setting{}
	if !r.shares() {
		auto = r.read(Consumer, "enable.auto.commit")
	}
	transactional := c.App.OutputKafka && c.Prod.Transactional
	v, found := r.values[App]["commit"]
	if !found {
		word := "after-processing"
		switch {
		case transactional:
			word = "in-transaction"
		case c.Cons.AutoCommit != model.AutoCommitOff:
			word = "auto"
		}
		r.list(setting{part: App, key: "commit", text: word}, Assumed)
		return commitWords[word]
	}
	s := r.read(App, "commit")
	commit := commitWords[s.text]
	if !r.shares() {
		r.checkCommit(v, commit, c, auto)
	}
	return commit
}

// checkCommit reports where app.commit contradicts the settings.
func (r *resolver) checkCommit(v Value, commit model.Commit, c *model.Config, auto setting) {
	on := c.Cons.AutoCommit != model.AutoCommitOff
	inTransaction := commit == model.CommitInTransaction || commit == model.CommitBeforeTransaction || commit == model.CommitAfterTransaction
	wrong := ""
	switch {
	case inTransaction && !c.App.OutputKafka:
		wrong = "without output: kafka there is no transaction; write app.output: kafka, or another commit"
	case inTransaction && !c.Prod.Transactional:
		wrong = "there is no transaction without a transactional.id; write producer: {transactional.id: ID}, or another commit"
	case commit == model.CommitAuto && !on:
		wrong = auto.name() + " is false (" + r.sourceOf(auto) + "), so nothing commits automatically; write consumer: {enable.auto.commit: true}, or another commit"
	case commit != model.CommitAuto && on && !inTransaction:
		wrong = auto.name() + " is true (" + r.sourceOf(auto) + "), so the library commits automatically; write consumer: {enable.auto.commit: false}, or commit: auto"
	case inTransaction && on:
		r.note("%s is true as well: the library also commits positions outside the transaction", auto.name())
	}
	if wrong != "" {
		r.problems.AddContradiction(v.KeyAt, r.nameOf(v), "%s contradicts the settings: %s", formats.QuoteWord(v.Text), wrong)
	}
}

// resume reads whether a process that is started again commits a transaction that was prepared before.
func (r *resolver) resume(c *model.Config) {
	a := &c.App
	outside := a.OutputKafka && c.Prod.Transactional && a.Commit == model.CommitBeforeTransaction
	s := r.readWhere(outside, App, "on-restart-transaction")
	a.ResumeTransaction = s.is("resume")
	if a.ResumeTransaction && !outside {
		r.problems.AddContradiction(s.at, s.name(), "an external coordinator keeps the offset before it commits the transaction; write app: {output: kafka, commit: before-transaction} "+
			"and a transactional.id, or on-restart-transaction: abort")
	}
	if !a.ResumeTransaction {
		return
	}
	ours := r.read(Producer, "transaction.two.phase.commit.enable").is("true")
	c.Txn.TwoPhase = ours && r.read(Broker, "transaction.two.phase.commit.enable").is("true")
	if ours && !c.Txn.TwoPhase {
		r.note("transaction.two.phase.commit.enable=true of the producer is refused by brokers that do not have it too (TransactionCoordinator.handleInitProducerId)")
	}
}

// transactions resolves what of the transaction protocol clients and brokers agree on: the epoch per transaction of
// level 2 (KIP-890) needs brokers of 4.0 and a producer that speaks it: Java's of 4.0 or later, or franz-go.
func (r *resolver) transactions(c *model.Config) {
	if s := r.read(Broker, "transaction.partition.verification.enable"); s.set {
		c.Txn.PartitionVerify = s.is("true")
	}
	r.resume(c)
	level := r.read(Features, "transaction.version")
	c.Txn.Version = int(level.number(0))
	speaks := c.Prod.Client == model.Java && c.Prod.Version >= model.V4_0 || c.Prod.Client == model.FranzGo
	if c.Txn.Version >= 2 && !speaks {
		c.Txn.Version = 1
		if c.Prod.Transactional {
			r.note("transaction.version=2 does not help this producer: %s does not speak it, a Java producer of 4.0 does (KIP-890)", r.producer.Name)
		}
	}
}
