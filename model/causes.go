package model

import "slices"

// Cause is a setting that steps of an action depend on.
type Cause struct {
	// Keys are the names that the same thing has in different clients, versions and parts, each with its part.
	Keys []string
	// When says whether a step depends on it under a configuration; nil is always.
	When func(c *Config, s *Step) bool
}

// when gives a cause the condition under which a step depends on it.
func (c Cause) when(when func(c *Config, s *Step) bool) Cause {
	c.When = when
	return c
}

// anyConfiguration are the causes of what happens under any configuration.
var anyConfiguration = []Cause{}

// The settings that actions depend on, by what they mean.
var (
	byAcks            = settingNamed("producer.acks", "producer.request.required.acks")
	byRetries         = settingNamed("producer.retries", "producer.message.send.max.retries", "producer.max.retries")
	byInFlight        = settingNamed("producer.max.in.flight.requests.per.connection")
	byIdempotence     = settingNamed("producer.enable.idempotence")
	byTxnID           = settingNamed("producer.transactional.id")
	byTxnTimeout      = settingNamed("producer.transaction.timeout.ms")
	byDelivery        = settingNamed("producer.delivery.timeout.ms", "producer.message.timeout.ms")
	byLagTime         = settingNamed("broker.replica.lag.time.max.ms")
	byQueueFull       = settingNamed("producer.max.block.ms", "producer.block.on.buffer.full", "producer.queue.enqueue.timeout.ms", "producer.producer.type")
	byMinISR          = settingNamed("topic.min.insync.replicas", "broker.min.insync.replicas", "controller.min.insync.replicas")
	byReplicas        = settingNamed("topic.replication.factor", "broker.default.replication.factor")
	byUnclean         = settingNamed("topic.unclean.leader.election.enable", "broker.unclean.leader.election.enable", "controller.unclean.leader.election.enable")
	byElr             = settingNamed("features.eligible.leader.replicas.version")
	byFlush           = settingNamed("topic.flush.messages", "broker.log.flush.interval.messages")
	byFormat          = settingNamed("topic.message.format.version", "broker.log.message.format.version")
	byCleanup         = settingNamed("topic.cleanup.policy", "broker.log.cleanup.policy")
	byFromDisk        = settingNamed("model.replicate-from")
	byReset           = settingNamed("consumer.auto.offset.reset")
	byAutoCommit      = settingNamed("consumer.enable.auto.commit", "consumer.auto.commit.enable")
	byStore           = settingNamed("consumer.enable.auto.offset.store")
	byPollInterval    = settingNamed("consumer.max.poll.interval.ms", "consumer.session.timeout.ms")
	byInstance        = settingNamed("consumer.group.instance.id")
	byProtocol        = settingNamed("consumer.group.protocol")
	byIsolation       = settingNamed("consumer.isolation.level")
	byReadsOut        = settingNamed("downstream.isolation.level")
	byTxnLevel        = settingNamed("features.transaction.version")
	byVerifies        = settingNamed("broker.transaction.partition.verification.enable")
	byCommit          = settingNamed("app.commit")
	byCommitAt        = settingNamed("app.commit-offset")
	byOnCommitFailure = settingNamed("app.on-commit-failure")
	byConsumerClient  = settingNamed("app.consumer-client")
	byOnRevoke        = settingNamed("app.on-revoke")
	byOnStop          = settingNamed("app.on-stop")
	byRestarts        = settingNamed("app.restarts")
	byResume          = settingNamed("app.on-restart-transaction")
	byTwoPhase        = settingNamed("producer.transaction.two.phase.commit.enable")
	byPosition        = settingNamed("app.commit-position")
	byProcess         = settingNamed("app.process")
	byEffect          = settingNamed("app.effect")
	bySend            = settingNamed("app.send")
	byOnError         = settingNamed("app.on-send-error")
	byOnRestart       = settingNamed("app.on-restart")
	byOnThrow         = settingNamed("app.on-exception")
	byOnAbort         = settingNamed("app.on-abort")
	byAttempts        = settingNamed("app.attempts")
	byRandomID        = settingNamed("app.transactional-id")
	byGroupMeta       = settingNamed("app.group-metadata")
	byGroup           = settingNamed("app.group")
	byClient          = settingNamed("app.producer-client")
	byOutput          = settingNamed("app.output")
	byShare           = settingNamed("app.share")
	// of a share group
	byOnShareThrow = settingNamed("app.share-on-exception")
	byDeliveries   = settingNamed("group.share.delivery.count.limit", "broker.group.share.delivery.count.limit")
	byLock         = settingNamed("group.share.record.lock.duration.ms", "broker.group.share.record.lock.duration.ms")
	byShareReset   = settingNamed("group.share.auto.offset.reset")
	byDeadLetters  = settingNamed("group.errors.deadletterqueue.topic.name")
	byAcquire      = settingNamed("consumer.share.acquire.mode")
)

// settingNamed is a cause without a condition.
func settingNamed(keys ...string) Cause { return Cause{Keys: keys} }

// Causes are the keys of the settings that make a step possible, those that decide first in front: for each setting all
// names that it can have.
func (s *Step) Causes(c *Config) [][]string {
	causes := ActionNamed(s.Action).Causes
	if s.Acknowledges() { // whatever step completes a send, acks decides when it is complete
		causes = slices.Concat([]Cause{byAcks}, causes)
	}
	var all [][]string
	for _, cause := range causes {
		if cause.When == nil || cause.When(c, s) {
			all = append(all, cause.Keys)
		}
	}
	return all
}

// CauseKeys are the keys of all settings that steps of the action can depend on.
func (a Action) CauseKeys() []string {
	var keys []string
	for _, c := range a.Causes {
		keys = append(keys, c.Keys...)
	}
	return keys
}

// Acknowledges says that the producer counts a send as a success by the step.
func (s *Step) Acknowledges() bool {
	return slices.ContainsFunc(s.Changes, func(c Change) bool { return c.Kind == KindPhase && c.To.Word == Acked.String() })
}

// changes says that a step changes a part of the state.
func (s *Step) changes(what string) bool {
	return slices.ContainsFunc(s.Changes, func(c Change) bool { return c.What == what })
}

// Conditions of causes.
func waitsForAll(c *Config, _ *Step) bool    { return c.Prod.Acks == AcksAll }
func countsRetries(c *Config, _ *Step) bool  { return c.Prod.Retries != Unlimited }
func waitsForNobody(c *Config, _ *Step) bool { return c.Prod.Acks == AcksNone }
func isUnclean(_ *Config, s *Step) bool      { return s.Outcome == "unclean" }
func changesISR(_ *Config, s *Step) bool     { return s.changes("isr") || s.changes("elr") }
func changesELR(_ *Config, s *Step) bool     { return s.changes("elr") || s.Outcome == "last-known-leader" }
func isAbort(_ *Config, s *Step) bool        { return slices.Contains(aborts, s.Outcome) }

// aborts are the outcomes of TransactionEnds that are no commits.
var aborts = []string{"abort", "abort-repeated", "abort-invalid"}

func overtook(_ *Config, s *Step) bool { return s.Outcome == "overtook" }

func isRetry(_ *Config, s *Step) bool {
	return slices.ContainsFunc(s.Changes, func(c Change) bool { return c.Kind == KindPhase && c.From.Word == Retrying.String() })
}

func commitsItself(c *Config, _ *Step) bool       { return c.App.Commit == CommitAuto }
func isTransaction(c *Config, _ *Step) bool       { return c.Prod.Transactional }
func hasOldFormat(c *Config, _ *Step) bool        { return c.Topic.OldFormat }
func copiesFromDisk(c *Config, _ *Step) bool      { return c.ReplicateFromDisk }
func differentIDs(c *Config, _ *Step) bool        { return c.App.TxnID != IDPerPartition }
func commitsCurrent(c *Config, _ *Step) bool      { return c.App.CommitCurrent }
func handsOff(c *Config, _ *Step) bool            { return c.App.Handoff }
func rethrowsCommits(c *Config, _ *Step) bool     { return c.App.OnCommitFailure == RethrowCommit }
func handsOutAfterCommit(c *Config, _ *Step) bool { return c.B.CommitsBeforeHandingOut }
func staysDown(c *Config, _ *Step) bool           { return c.App.NoRestarts }
func resumesTransactions(c *Config, _ *Step) bool { return c.App.ResumeTransaction }
func isParallel(c *Config, _ *Step) bool          { return c.App.Parallel }

// commitsUnfinished says that a commit may be ahead of what is finished because the application says so.
func commitsUnfinished(c *Config, _ *Step) bool {
	return !c.App.OutputKafka && c.App.CommitPosition != FinishedPrefix
}

func goesUnfenced(c *Config, _ *Step) bool { return !c.App.GroupMetadata }

func isExplicit(c *Config, _ *Step) bool { return c.App.Share == ShareExplicit }
func isImplicit(c *Config, _ *Step) bool { return c.App.Share == ShareImplicit }

// startsWithoutState says that the share coordinator had no start offset.
func startsWithoutState(c *Config, _ *Step) bool {
	return c.App.NewGroup || c.Faults[PartitionAdded] > 0
}

// commitsUnsent says that the loop can commit while its outputs are still in the producer.
func commitsUnsent(c *Config, _ *Step) bool {
	return c.App.OutputKafka && !c.Prod.Transactional && c.App.Send != SendWait
}

// goesOnAfterAbort says that an application with transactions does not go back to what an aborted one had read.
func goesOnAfterAbort(c *Config, _ *Step) bool {
	return c.Prod.Transactional && c.App.ContinueOnAbort
}

// commitsOutside says that an application with transactions does not commit its offsets in them.
func commitsOutside(c *Config, _ *Step) bool {
	return c.Prod.Transactional && c.App.Commit != CommitInTransaction
}

// isOldClient says that the client knows no transactions with an epoch each, although the brokers do.
func isOldClient(c *Config, _ *Step) bool {
	return c.Prod.Client == Java && c.Prod.Version < V4_0 && c.Kafka >= V4_0
}

// commitsInBackground is the auto commit of the new group protocol before 4.0: of what was handed out, processed or not.
func commitsInBackground(c *Config, _ *Step) bool {
	return c.App.Commit == CommitAuto && c.Cons.NewProtocol && c.B.CommitsUnprocessed
}

// readsAborted says that downstream does not wait for the end of a transaction.
func readsAborted(c *Config, _ *Step) bool {
	return c.Prod.Transactional && !c.Cons.DownstreamReadCommitted
}

func mayLosePower(c *Config, _ *Step) bool {
	return c.Faults.Where(func(f Fault) bool { return f.Loses == LosesUnflushed }) > 0
}
