package reproduce

import (
	"context"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// handle is how an action of the model is made to happen on a cluster.
type handle struct {
	play func(rp *replay, ctx context.Context, s *verdict.Step) error
	// unsteady says that the handle needs to know the whole trace, or takes the producer's time to run out: it is not worth a
	// random run.
	unsteady bool
}

// handles are the handles of the model's actions, by name.
var handles = map[string]handle{
	// the producer
	"ProducerSends":            {play: (*replay).producerSends},
	"LeaderAppends":            {play: (*replay).leaderAppends},
	"ProducerReceivesAck":      {play: (*replay).producerReceivesAck},
	"LeaderRefuses":            {play: (*replay).leaderRefuses},
	"LeaderRefusesAfterAppend": {play: (*replay).answerArrives},
	"LeaderRefusesSequence":    {play: (*replay).leaderRefuses},
	"SendIsLost":               {play: (*replay).sendIsLost, unsteady: true},
	"RequestTimesOut":          {play: (*replay).requestTimesOut, unsteady: true},
	"ProducerGivesUp":          {play: (*replay).producerGivesUp, unsteady: true},
	"RequestIsLost":            {play: (*replay).requestIsLost},
	"ResponseIsLost":           {play: (*replay).responseIsLost},
	"RequestIsDelayed":         {play: (*replay).requestIsDelayed, unsteady: true},
	"LateRequestArrives":       {play: (*replay).lateRequestArrives},
	"SendIsRefused":            {play: (*replay).sendIsRefused, unsteady: true},
	"ProducerCrashes":          {play: (*replay).producerCrashes},
	"BrokersAreSlow":           {play: (*replay).brokersAreSlow, unsteady: true},
	"SendMeetsFullQueue":       {play: (*replay).sendMeetsFullQueue},
	"BrokersAnswerAgain":       {play: (*replay).brokersAnswerAgain},

	// replication
	"FollowerFetches":              {play: (*replay).followerFetches},
	"LeaderExpandsISR":             {play: (*replay).leaderExpandsISR},
	"ControllerFencesFollower":     {play: (*replay).controllerFences},
	"ControllerElectsLeader":       {play: (*replay).controllerElects},
	"ControllerTakesLeaderOffline": {play: (*replay).controllerElects},
	"BrokerLearns":                 {play: (*replay).brokerLearns},
	"BrokerRestarts":               {play: (*replay).brokerRestarts},
	"PartitionHeals":               {play: (*replay).partitionHeals},

	// faults of brokers
	"BrokerCrashes":       {play: (*replay).brokerCrashes},
	"BrokerLosesPower":    {play: (*replay).brokerLosesPower},
	"AllBrokersLosePower": {play: (*replay).allBrokersLosePower},
	"BrokerLosesDisk":     {play: (*replay).brokerLosesDisk},
	"BrokerShutsDown":     {play: (*replay).brokerShutsDown},
	"LeaderMoves":         {play: (*replay).leaderMoves},
	"ReplicaLags":         {play: (*replay).replicaLags},
	"LeaderIsCutOff":      {play: (*replay).leaderIsCutOff},

	// the consumer
	"ConsumerPolls":         {play: (*replay).consumerPolls},
	"ConsumerProcesses":     {play: (*replay).consumerProcesses},
	"ConsumerCommits":       {play: (*replay).consumerCommits},
	"ConsumerResets":        {play: (*replay).consumerResets},
	"OldMemberProcesses":    {play: (*replay).oldMemberProcesses},
	"ConsumerCrashes":       {play: (*replay).consumerCrashes},
	"ProcessingThrows":      {play: (*replay).processingThrows},
	"PartitionIsReassigned": {play: (*replay).partitionIsReassigned},
	"CommittedOffsetIsLost": {play: (*replay).committedOffsetIsLost},
	"RecordsAreDeleted":     {play: (*replay).recordsAreDeleted},
	"PartitionIsAdded":      {play: (*replay).partitionIsAdded, unsteady: true},

	// the consume-transform-produce process
	"ProcessStarts":                {play: (*replay).processStarts},
	"ProcessPolls":                 {play: (*replay).processPolls},
	"OutputAppends":                {play: (*replay).outputAppends},
	"OutputIsAcknowledged":         {play: (*replay).outputIsAcknowledged},
	"OutputIsRefused":              {play: (*replay).outputIsRefused},
	"OffsetsJoinTransaction":       {play: (*replay).offsetsJoin},
	"GroupRefusesOffsets":          {play: (*replay).groupRefuses},
	"TransactionEnds":              {play: (*replay).transactionEnds},
	"ProcessIsFenced":              {play: (*replay).processIsFenced},
	"OffsetsAreCommitted":          {play: (*replay).offsetsAreCommitted},
	"CoordinatorFencesPredecessor": {play: (*replay).coordinatorFences},
	"CoordinatorWritesMarker":      {play: (*replay).coordinatorWritesMarker},
	"MarkerIsReplicated":           {play: nothingToDo},
	"DownstreamReads":              {play: nothingToDo},
	"LateOutputArrives":            {play: (*replay).lateOutputArrives},
	"LateEndTxnArrives":            {play: (*replay).lateEndTxnArrives},
	"OutputIsLate":                 {play: (*replay).outputIsLate},
	"EndTxnIsLate":                 {play: (*replay).endTxnIsLate},
	"OutputRequestIsLost":          {play: (*replay).outputRequestIsLost},
	"OutputResponseIsLost":         {play: (*replay).outputResponseIsLost},
	"ProcessCrashes":               {play: (*replay).processCrashes},
	"ProcessCrashesAsProducer":     {play: (*replay).processCrashes},
	"ProcessThrows":                {play: (*replay).processThrows},
	"InputIsReassigned":            {play: (*replay).inputIsReassigned},
	"TransactionTimesOut":          {play: (*replay).transactionTimesOut},
	"OrphanTimesOut":               {play: (*replay).transactionTimesOut},
}

// nothingToDo is for steps that happen by themselves; what they change is looked at where it matters.
func nothingToDo(*replay, context.Context, *verdict.Step) error { return nil }
