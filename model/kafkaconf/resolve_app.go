package kafkaconf

import (
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
	a.Handoff = r.read(App, "process").is("handoff")
	a.Effect = r.effect()
	a.CommitCurrent = r.read(App, "commit-offset").is("current")
	a.Commit = r.commit(c)
	if shareWords[r.peek(App, "share").text] != model.ShareExplicit {
		r.onException(a)
	}
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
	if a.SkipOnException && a.OutputKafka {
		r.problems.Add(Failure, s.at, s.name(), "%s is modelled without an output topic only; write rethrow or close, or output: none", formats.Quote(s.text))
	}
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
func (r *resolver) hasConsumer() bool { return r.given[Consumer] }

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
		r.problems.AddContradiction(v.KeyAt, r.nameOf(v), "%s contradicts the settings: %s", formats.Quote(v.Text), wrong)
	}
}

// transactions resolves what of the transaction protocol clients and brokers agree on: the epoch per transaction of
// level 2 (KIP-890) needs brokers of 4.0 and a producer that speaks it: Java's of 4.0 or later, or franz-go.
func (r *resolver) transactions(c *model.Config) {
	if s := r.read(Broker, "transaction.partition.verification.enable"); s.set {
		c.Txn.PartitionVerify = s.is("true")
	}
	level := r.read(Features, "transaction.version")
	c.Txn.Version = int(level.number(0))
	speaks := c.Prod.Client == model.Java && c.Prod.Version >= model.V4_0 || c.Prod.Client == model.FranzGo
	if c.Txn.Version >= 2 && !speaks {
		c.Txn.Version = 1
		if c.Prod.Transactional {
			r.note("transaction.version=2 does not help this producer: %s does not speak it, a Java producer of 4.0 does (KIP-890)", r.producer.Name)
		}
	}
	if c.Prod.Transactional {
		r.read(Producer, "transaction.timeout.ms")
	}
}
