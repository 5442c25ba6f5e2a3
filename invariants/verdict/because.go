package verdict

import (
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model"
)

// cause is a setting that an action depends on: the names that the same thing has in different clients, versions and
// parts, and where given the condition under which the action looks at it.
type cause struct {
	names []string
	when  func(c *model.Config, s *Step) bool
}

// The settings that actions depend on, by what they mean.
var (
	acks        = cause{names: []string{"producer.acks", "producer.request.required.acks"}}
	retries     = cause{names: []string{"producer.retries", "producer.message.send.max.retries", "producer.max.retries"}}
	inFlight    = cause{names: []string{"producer.max.in.flight.requests.per.connection"}}
	idempotence = cause{names: []string{"producer.enable.idempotence"}}
	txnID       = cause{names: []string{"producer.transactional.id"}}
	txnTimeout  = cause{names: []string{"producer.transaction.timeout.ms"}}
	delivery    = cause{names: []string{"producer.delivery.timeout.ms", "producer.message.timeout.ms"}}
	queueFull   = cause{names: []string{"producer.max.block.ms", "producer.block.on.buffer.full",
		"producer.queue.enqueue.timeout.ms", "producer.producer.type"}}
	minISR = cause{names: []string{"topic.min.insync.replicas", "broker.min.insync.replicas",
		"controller.min.insync.replicas"}}
	replicas = cause{names: []string{"topic.replication.factor", "broker.default.replication.factor"}}
	unclean  = cause{names: []string{"topic.unclean.leader.election.enable",
		"broker.unclean.leader.election.enable", "controller.unclean.leader.election.enable"}}
	elr       = cause{names: []string{"features.eligible.leader.replicas.version"}}
	flush     = cause{names: []string{"topic.flush.messages", "broker.log.flush.interval.messages"}}
	format    = cause{names: []string{"topic.message.format.version", "broker.log.message.format.version"}}
	cleanup   = cause{names: []string{"topic.cleanup.policy", "broker.log.cleanup.policy"}}
	fromDisk  = cause{names: []string{"model.replicate-from"}}
	reset     = cause{names: []string{"consumer.auto.offset.reset"}}
	autoCmt   = cause{names: []string{"consumer.enable.auto.commit", "consumer.auto.commit.enable"}}
	store     = cause{names: []string{"consumer.enable.auto.offset.store"}}
	protocol  = cause{names: []string{"consumer.group.protocol"}}
	isolation = cause{names: []string{"consumer.isolation.level"}}
	readsOut  = cause{names: []string{"downstream.isolation.level"}}
	txnLevel  = cause{names: []string{"features.transaction.version"}}
	verifies  = cause{names: []string{"broker.transaction.partition.verification.enable"}}
	commit    = cause{names: []string{"app.commit"}}
	commitAt  = cause{names: []string{"app.commit-offset"}}
	process   = cause{names: []string{"app.process"}}
	effect    = cause{names: []string{"app.effect"}}
	send      = cause{names: []string{"app.send"}}
	onError   = cause{names: []string{"app.on-send-error"}}
	onRestart = cause{names: []string{"app.on-restart"}}
	onThrow   = cause{names: []string{"app.on-exception"}}
	onAbort   = cause{names: []string{"app.on-abort"}}
	randomID  = cause{names: []string{"app.transactional-id"}}
	groupMeta = cause{names: []string{"app.group-metadata"}}
	group     = cause{names: []string{"app.group"}}
	client    = cause{names: []string{"app.producer-client"}}
	output    = cause{names: []string{"app.output"}}
)

// only gives a cause the condition under which the action looks at it.
func (c cause) only(when func(c *model.Config, s *Step) bool) cause {
	c.when = when
	return c
}

// Conditions of causes.
func waitsForAll(c *model.Config, _ *Step) bool    { return c.Prod.Acks == model.AcksAll }
func waitsForNobody(c *model.Config, _ *Step) bool { return c.Prod.Acks == model.AcksNone }
func isRetry(_ *model.Config, s *Step) bool        { return before(s, "to be retried") }
func isUnclean(_ *model.Config, s *Step) bool      { return strings.Contains(s.Text, "unclean") }
func changesISR(_ *model.Config, s *Step) bool     { return changed(s, "isr") || changed(s, "elr") }
func commitsItself(c *model.Config, _ *Step) bool  { return c.App.Commit == model.CommitAuto }
func isTransaction(c *model.Config, _ *Step) bool  { return c.Prod.Transactional }
func hasOldFormat(c *model.Config, _ *Step) bool   { return c.Topic.OldFormat }
func copiesFromDisk(c *model.Config, _ *Step) bool { return c.ReplicateFromDisk }
func isRandom(c *model.Config, _ *Step) bool       { return c.App.RandomTxnID }
func isAbort(_ *model.Config, s *Step) bool        { return strings.Contains(s.Text, "abort") }
func commitsCurrent(c *model.Config, _ *Step) bool { return c.App.CommitCurrent }
func handsOff(c *model.Config, _ *Step) bool       { return c.App.Handoff }
func goesUnfenced(c *model.Config, _ *Step) bool   { return !c.App.GroupMetadata }

// goesOnAfterAbort says that an application with transactions does not go back to what an aborted one had read.
func goesOnAfterAbort(c *model.Config, _ *Step) bool {
	return c.Prod.Transactional && c.App.ContinueOnAbort
}

// commitsOutside says that an application with transactions does not commit its offsets in them.
func commitsOutside(c *model.Config, _ *Step) bool {
	return c.Prod.Transactional && c.App.Commit != model.CommitInTransaction
}

// isOldClient says that the client knows no transactions with an epoch each, although the brokers do.
func isOldClient(c *model.Config, _ *Step) bool {
	return c.Prod.Client == model.Java && c.Prod.Version < model.V4_0 && c.Kafka >= model.V4_0
}

// commitsInBackground is the auto commit of the new group protocol before 4.0: of what was handed out, processed or not.
func commitsInBackground(c *model.Config, _ *Step) bool {
	return c.App.Commit == model.CommitAuto && c.Cons.NewProtocol && c.B.CommitsUnprocessed
}

// readsAborted says that downstream does not wait for the end of a transaction.
func readsAborted(c *model.Config, _ *Step) bool {
	return c.Prod.Transactional && !c.Cons.DownstreamReadCommitted
}

func changesELR(_ *model.Config, s *Step) bool {
	return changed(s, "elr") || strings.Contains(s.Text, "last known")
}

func mayLosePower(c *model.Config, _ *Step) bool {
	return c.Faults[model.PowerLoss]+c.Faults[model.TotalPowerLoss] > 0
}

// before says that a step changed something that had a value.
func before(s *Step, value string) bool {
	return slices.ContainsFunc(s.Changes, func(c Change) bool { return c.Before == value })
}

// after says that a step gave something a value.
func after(s *Step, value string) bool {
	return slices.ContainsFunc(s.Changes, func(c Change) bool { return c.After == value })
}

// changed says that a step changed something.
func changed(s *Step, what string) bool {
	return slices.ContainsFunc(s.Changes, func(c Change) bool { return c.What == what })
}

// becauseOf says for every action of the model which settings make a step of it possible, the decisive one first. An
// action that happens under any configuration has none. A test says when an action is missing.
var becauseOf = map[string][]cause{
	"ProducerSends":            {},
	"LeaderAppends":            {retries.only(isRetry), idempotence.only(isRetry), minISR.only(waitsForAll)},
	"ProducerReceivesAck":      {acks, minISR.only(waitsForAll)},
	"LeaderRefuses":            {retries},
	"LeaderRefusesAfterAppend": {minISR, acks},
	"LeaderRefusesSequence":    {idempotence, inFlight},
	"SendIsLost":               {acks},
	"RequestTimesOut":          {acks, minISR},
	"ProducerGivesUp":          {delivery, retries, minISR.only(waitsForAll), onError},
	"LateRequestArrives":       {idempotence, acks},

	"FollowerFetches":   {fromDisk.only(copiesFromDisk), format.only(hasOldFormat)},
	"FollowerTruncates": {format.only(hasOldFormat)},
	"LeaderExpandsISR":  {},

	"ControllerFencesFollower":     {elr.only(changesELR), minISR.only(changesELR)},
	"ControllerElectsLeader":       {unclean.only(isUnclean), elr.only(changesELR)},
	"ControllerTakesLeaderOffline": {unclean, elr, replicas},
	"BrokerLearns":                 {format.only(hasOldFormat)},
	"BrokerRestarts":               {flush.only(mayLosePower), elr.only(changesISR)},
	"PartitionHeals":               {},

	"ConsumerPolls":     {isolation.only(isTransaction), commit},
	"ConsumerProcesses": {commit, effect},
	"ConsumerCommits": {autoCmt.only(commitsItself), protocol.only(commitsInBackground), commit, store,
		commitAt.only(commitsCurrent), process.only(handsOff)},
	"ConsumerResets":     {reset, group},
	"OldMemberProcesses": {effect, commit},
	"SendMeetsFullQueue": {queueFull},
	"BrokersAnswerAgain": {},

	"RequestIsLost":       {acks.only(waitsForNobody), retries, inFlight},
	"ResponseIsLost":      {retries, idempotence, inFlight},
	"RequestIsDelayed":    {retries, idempotence},
	"SendIsRefused":       {acks.only(waitsForNobody), onError, send},
	"ProducerCrashes":     {onRestart, send},
	"BrokerCrashes":       {},
	"BrokerLosesPower":    {flush},
	"AllBrokersLosePower": {flush},
	"BrokerLosesDisk":     {replicas},
	"BrokerShutsDown":     {},
	"LeaderMoves":         {},
	"ReplicaLags":         {minISR.only(changesELR), elr.only(changesELR)},
	"LeaderIsCutOff":      {},
	"BrokersAreSlow":      {queueFull},

	"ConsumerCrashes":       {protocol.only(commitsInBackground), autoCmt.only(commitsItself), commit, commitAt.only(commitsCurrent)},
	"ProcessingThrows":      {onThrow, autoCmt.only(commitsItself), commit},
	"PartitionIsReassigned": {protocol.only(commitsInBackground), autoCmt.only(commitsItself), commit},
	"CommittedOffsetIsLost": {reset},
	"RecordsAreDeleted":     {cleanup},
	"PartitionIsAdded":      {reset},

	"ProcessStarts":          {txnID, randomID, reset},
	"ProcessPolls":           {commit, txnLevel.only(isTransaction)},
	"OffsetsJoinTransaction": {commit, groupMeta, txnID},
	"GroupRefusesOffsets":    {groupMeta},
	"OffsetsAreCommitted":    {commit, autoCmt.only(commitsItself), commitAt},
	"ProcessIsFenced":        {txnID, randomID, onAbort},
	"TransactionEnds":        {txnID, onAbort.only(isAbort), txnLevel},
	"OutputAppends":          {output, minISR.only(waitsForAll), idempotence, txnLevel.only(isTransaction), verifies.only(isTransaction)},
	"OutputIsAcknowledged":   {acks, minISR.only(waitsForAll)},
	"OutputIsRefused":        {verifies, txnLevel},
	"OutputExpires":          {delivery, minISR},
	"LateOutputArrives":      {verifies, txnLevel, idempotence},

	"CoordinatorFencesPredecessor": {txnID, randomID},
	"CoordinatorWritesMarker":      {txnID},
	"MarkerIsReplicated":           {txnID},
	"OrphanTimesOut":               {txnTimeout, randomID},
	"LateEndTxnArrives":            {txnLevel},
	"DownstreamReads":              {readsOut},

	"OutputIsLate":             {onAbort.only(goesOnAfterAbort), commit.only(commitsOutside), retries, delivery},
	"EndTxnIsLate":             {client.only(isOldClient), txnLevel},
	"OutputRequestIsLost":      {acks.only(waitsForNobody), retries, idempotence},
	"OutputResponseIsLost":     {retries, idempotence},
	"OutputIsRefusedForGood":   {txnID, onAbort},
	"ProcessCrashes":           {readsOut.only(readsAborted), commit, txnID, randomID},
	"ProcessCrashesAsProducer": {readsOut.only(readsAborted), commit, txnID, randomID},
	"ProcessThrows": {readsOut.only(readsAborted), onAbort.only(goesOnAfterAbort), commit.only(commitsOutside), onAbort,
		onThrow, commit},
	"InputIsReassigned": {groupMeta.only(goesUnfenced), randomID.only(isRandom), commit},
	"TransactionTimesOut": {readsOut.only(readsAborted), onAbort.only(goesOnAfterAbort), commit.only(commitsOutside),
		txnTimeout},
}

// because lists the settings of a result that make a step possible, the decisive one first.
func because(step *Step, c *model.Config, settings []Setting) []string {
	keys := []string{}
	causes := becauseOf[step.Action]
	if after(step, "acknowledged") {
		causes = append([]cause{acks}, causes...) // also where something else brings the answer forth
	}
	for _, cause := range causes {
		if cause.when != nil && !cause.when(c, step) {
			continue
		}
		for _, name := range cause.names {
			read := func(s Setting) bool { return s.Read && s.Key == name }
			if slices.ContainsFunc(settings, read) && !slices.Contains(keys, name) {
				keys = append(keys, name)
			}
		}
	}
	return keys
}
