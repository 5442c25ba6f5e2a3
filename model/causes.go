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

// by names the settings that actions depend on, by what they mean.
var setting = struct {
	acks        Cause
	retries     Cause
	inFlight    Cause
	idempotence Cause
	txnID       Cause
	txnTimeout  Cause
	delivery    Cause
	queueFull   Cause
	minISR      Cause
	replicas    Cause
	unclean     Cause
	elr         Cause
	flush       Cause
	format      Cause
	cleanup     Cause
	fromDisk    Cause
	reset       Cause
	autoCommit  Cause
	store       Cause
	protocol    Cause
	isolation   Cause
	readsOut    Cause
	txnLevel    Cause
	verifies    Cause
	commit      Cause
	commitAt    Cause
	process     Cause
	effect      Cause
	send        Cause
	onError     Cause
	onRestart   Cause
	onThrow     Cause
	onAbort     Cause
	randomID    Cause
	groupMeta   Cause
	group       Cause
	client      Cause
	output      Cause
}{
	acks:        Cause{Keys: []string{"producer.acks", "producer.request.required.acks"}},
	retries:     Cause{Keys: []string{"producer.retries", "producer.message.send.max.retries", "producer.max.retries"}},
	inFlight:    Cause{Keys: []string{"producer.max.in.flight.requests.per.connection"}},
	idempotence: Cause{Keys: []string{"producer.enable.idempotence"}},
	txnID:       Cause{Keys: []string{"producer.transactional.id"}},
	txnTimeout:  Cause{Keys: []string{"producer.transaction.timeout.ms"}},
	delivery:    Cause{Keys: []string{"producer.delivery.timeout.ms", "producer.message.timeout.ms"}},
	queueFull:   Cause{Keys: []string{"producer.max.block.ms", "producer.block.on.buffer.full", "producer.queue.enqueue.timeout.ms", "producer.producer.type"}},
	minISR:      Cause{Keys: []string{"topic.min.insync.replicas", "broker.min.insync.replicas", "controller.min.insync.replicas"}},
	replicas:    Cause{Keys: []string{"topic.replication.factor", "broker.default.replication.factor"}},
	unclean:     Cause{Keys: []string{"topic.unclean.leader.election.enable", "broker.unclean.leader.election.enable", "controller.unclean.leader.election.enable"}},
	elr:         Cause{Keys: []string{"features.eligible.leader.replicas.version"}},
	flush:       Cause{Keys: []string{"topic.flush.messages", "broker.log.flush.interval.messages"}},
	format:      Cause{Keys: []string{"topic.message.format.version", "broker.log.message.format.version"}},
	cleanup:     Cause{Keys: []string{"topic.cleanup.policy", "broker.log.cleanup.policy"}},
	fromDisk:    Cause{Keys: []string{"model.replicate-from"}},
	reset:       Cause{Keys: []string{"consumer.auto.offset.reset"}},
	autoCommit:  Cause{Keys: []string{"consumer.enable.auto.commit", "consumer.auto.commit.enable"}},
	store:       Cause{Keys: []string{"consumer.enable.auto.offset.store"}},
	protocol:    Cause{Keys: []string{"consumer.group.protocol"}},
	isolation:   Cause{Keys: []string{"consumer.isolation.level"}},
	readsOut:    Cause{Keys: []string{"downstream.isolation.level"}},
	txnLevel:    Cause{Keys: []string{"features.transaction.version"}},
	verifies:    Cause{Keys: []string{"broker.transaction.partition.verification.enable"}},
	commit:      Cause{Keys: []string{"app.commit"}},
	commitAt:    Cause{Keys: []string{"app.commit-offset"}},
	process:     Cause{Keys: []string{"app.process"}},
	effect:      Cause{Keys: []string{"app.effect"}},
	send:        Cause{Keys: []string{"app.send"}},
	onError:     Cause{Keys: []string{"app.on-send-error"}},
	onRestart:   Cause{Keys: []string{"app.on-restart"}},
	onThrow:     Cause{Keys: []string{"app.on-exception"}},
	onAbort:     Cause{Keys: []string{"app.on-abort"}},
	randomID:    Cause{Keys: []string{"app.transactional-id"}},
	groupMeta:   Cause{Keys: []string{"app.group-metadata"}},
	group:       Cause{Keys: []string{"app.group"}},
	client:      Cause{Keys: []string{"app.producer-client"}},
	output:      Cause{Keys: []string{"app.output"}},
}

// Causes are the keys of the settings that make a step possible, those that decide first in front: for each setting all
// names that it can have.
func (s *Step) Causes(c *Config) [][]string {
	causes := ActionNamed(s.Action).Causes
	if s.Acknowledges() { // whatever step completes a send, acks decides when it is complete
		causes = slices.Concat([]Cause{setting.acks}, causes)
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
func waitsForNobody(c *Config, _ *Step) bool { return c.Prod.Acks == AcksNone }
func isUnclean(_ *Config, s *Step) bool      { return s.Outcome == "unclean" }
func changesISR(_ *Config, s *Step) bool     { return s.changes("isr") || s.changes("elr") }
func changesELR(_ *Config, s *Step) bool     { return s.changes("elr") || s.Outcome == "last-known-leader" }
func isAbort(_ *Config, s *Step) bool        { return slices.Contains(aborts, s.Outcome) }

// aborts are the outcomes of TransactionEnds that are no commits.
var aborts = []string{"abort", "abort-repeated", "abort-invalid"}

func isRetry(_ *Config, s *Step) bool {
	return slices.ContainsFunc(s.Changes, func(c Change) bool { return c.Kind == KindPhase && c.From.Word == Retrying.String() })
}

func commitsItself(c *Config, _ *Step) bool  { return c.App.Commit == CommitAuto }
func isTransaction(c *Config, _ *Step) bool  { return c.Prod.Transactional }
func hasOldFormat(c *Config, _ *Step) bool   { return c.Topic.OldFormat }
func copiesFromDisk(c *Config, _ *Step) bool { return c.ReplicateFromDisk }
func isRandom(c *Config, _ *Step) bool       { return c.App.RandomTxnID }
func commitsCurrent(c *Config, _ *Step) bool { return c.App.CommitCurrent }
func handsOff(c *Config, _ *Step) bool       { return c.App.Handoff }
func goesUnfenced(c *Config, _ *Step) bool   { return !c.App.GroupMetadata }

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
