package reproduce

import (
	"context"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// handle makes a step happen on the cluster, and waits until its effect is seen.
type handle func(rp *replay, ctx context.Context, s *verdict.Step) error

// handles are the handles of the model's actions, by name: of all that the model's registry does not declare unforceable.
var handles = map[string]handle{
	// the producer
	"ProducerSends":            (*replay).producerSends,
	"LeaderAppends":            (*replay).leaderAppends,
	"ProducerReceivesAck":      (*replay).producerReceivesAck,
	"LeaderRefuses":            (*replay).leaderRefuses,
	"LeaderRefusesAfterAppend": (*replay).answerArrives,
	"LeaderRefusesSequence":    (*replay).leaderRefuses,
	"SendIsLost":               (*replay).sendIsLost,
	"RequestTimesOut":          (*replay).requestTimesOut,
	"ProducerGivesUp":          (*replay).producerGivesUp,
	"RequestIsLost":            (*replay).requestIsLost,
	"ResponseIsLost":           (*replay).responseIsLost,
	"RequestIsDelayed":         (*replay).requestIsDelayed,
	"LateRequestArrives":       (*replay).lateRequestArrives,
	"SendIsRefused":            (*replay).sendIsRefused,
	"BatchIsRefused":           (*replay).sendIsRefused,
	"ProducerCrashes":          (*replay).producerCrashes,
	"BrokersAreSlow":           (*replay).brokersAreSlow,
	"SendMeetsFullQueue":       (*replay).sendMeetsFullQueue,
	"BrokersAnswerAgain":       (*replay).brokersAnswerAgain,

	// replication
	"FollowerFetches":              (*replay).followerFetches,
	"FollowerTruncates":            (*replay).followerTruncates,
	"FollowerHalts":                (*replay).followerHalts,
	"LeaderExpandsISR":             (*replay).leaderExpandsISR,
	"ControllerFencesFollower":     (*replay).controllerFences,
	"ControllerElectsLeader":       (*replay).controllerElects,
	"ControllerTakesLeaderOffline": (*replay).controllerElects,
	"BrokerLearns":                 (*replay).brokerLearns,
	"BrokerRestarts":               (*replay).brokerRestarts,
	"PartitionHeals":               (*replay).partitionHeals,

	// faults of brokers
	"BrokerCrashes":       (*replay).brokerCrashes,
	"BrokerLosesPower":    (*replay).brokerLosesPower,
	"AllBrokersLosePower": (*replay).allBrokersLosePower,
	"BrokerLosesDisk":     (*replay).brokerLosesDisk,
	"BrokerShutsDown":     (*replay).brokerShutsDown,
	"LeaderMoves":         (*replay).leaderMoves,
	"ReplicaLags":         (*replay).replicaLags,
	"LeaderIsCutOff":      (*replay).leaderIsCutOff,

	// the consumer
	"ConsumerPolls":         (*replay).consumerPolls,
	"ConsumerProcesses":     (*replay).consumerProcesses,
	"ConsumerCommits":       (*replay).consumerCommits,
	"ConsumerResets":        (*replay).consumerResets,
	"OldMemberProcesses":    (*replay).oldMemberProcesses,
	"ConsumerCrashes":       (*replay).consumerCrashes,
	"ProcessingThrows":      (*replay).processingThrows,
	"RecordIsPoison":        nothingToDo,
	"PoisonRecordFails":     (*replay).processingThrows,
	"OldMemberFails":        (*replay).oldMemberFails,
	"PartitionIsReassigned": (*replay).partitionIsReassigned,
	"CommittedOffsetIsLost": (*replay).committedOffsetIsLost,
	"RecordsAreDeleted":     (*replay).recordsAreDeleted,
	"PartitionIsAdded":      (*replay).partitionIsAdded,

	// a share group
	"ShareMemberPolls":          (*replay).shareMemberPolls,
	"ShareMemberProcesses":      (*replay).shareMemberProcesses,
	"ShareMemberAcknowledges":   (*replay).shareMemberAcknowledges,
	"ShareLockIsGivenUp":        (*replay).shareLocksEnd,
	"ShareStateIsRead":          (*replay).shareStateIsRead,
	"ShareMemberCrashes":        (*replay).shareMemberCrashes,
	"ShareProcessingThrows":     (*replay).shareProcessingThrows,
	"ShareRecordIsPoison":       nothingToDo,
	"SharePoisonRecordFails":    (*replay).shareProcessingThrows,
	"ShareConnectionIsLost":     (*replay).shareConnectionIsLost,
	"ShareLockRunsOut":          (*replay).shareLocksEnd,
	"ShareRecordsAreDeleted":    (*replay).recordsAreDeleted,
	"ShareRecordIsDeadLettered": (*replay).recordIsDeadLettered,
	"ShareRecordIsArchived":     nothingToDo,
	"DeadLetterIsRefused":       (*replay).deadLetterIsRefused,

	// the consume-transform-produce process
	"ProcessStarts":                (*replay).processStarts,
	"ProcessPolls":                 (*replay).processPolls,
	"OutputAppends":                (*replay).outputAppends,
	"OutputIsAcknowledged":         (*replay).outputIsAcknowledged,
	"OutputIsRefused":              (*replay).outputIsRefused,
	"OffsetsJoinTransaction":       (*replay).offsetsJoin,
	"GroupRefusesOffsets":          (*replay).groupRefuses,
	"TransactionEnds":              (*replay).transactionEnds,
	"ProcessIsFenced":              (*replay).processIsFenced,
	"OffsetsAreCommitted":          (*replay).offsetsAreCommitted,
	"CoordinatorFencesPredecessor": (*replay).coordinatorFences,
	"CoordinatorWritesMarker":      (*replay).coordinatorWritesMarker,
	"MarkerIsReplicated":           nothingToDo,
	"DownstreamReads":              nothingToDo,
	"LateOutputArrives":            (*replay).lateOutputArrives,
	"LateEndTxnArrives":            (*replay).lateEndTxnArrives,
	"OutputIsLate":                 (*replay).outputIsLate,
	"EndTxnIsLate":                 (*replay).endTxnIsLate,
	"OutputRequestIsLost":          (*replay).outputRequestIsLost,
	"OutputResponseIsLost":         (*replay).outputResponseIsLost,
	"ProcessCrashes":               (*replay).processCrashes,
	"ProcessCrashesAsProducer":     (*replay).processCrashes,
	"ProcessThrows":                (*replay).processThrows,
	"InputIsPoison":                nothingToDo,
	"InputIsReassigned":            (*replay).inputIsReassigned,
	"TransactionTimesOut":          (*replay).transactionTimesOut,
	"OrphanTimesOut":               (*replay).transactionTimesOut,
}

// nothingToDo is for steps that happen by themselves; what they change is looked at where it matters.
func nothingToDo(*replay, context.Context, *verdict.Step) error { return nil }
