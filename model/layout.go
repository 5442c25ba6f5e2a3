package model

// State is one assignment of all variables of the model: a fixed-size value without pointers, comparable with ==. This
// file and state.go alone know where its fields are.
//
//	word 0   control   what the controller decided, and flags of the run
//	word 1   producer  the producing process, requests of it that are late
//	word 2   messages  16 bits a message
//	word 3.. brokers   two words a broker: its log, and everything else about it
//	then     kept      a word for two brokers: what leaders of superseded epochs remember of them; see kept.go
//	then     consumer  two words, where the question can see a consumer
//	then     once      a word that tells records of a message apart, where the question is about repetitions; see once.go
//	then     exposed   two words: the records consumers could read, where the question is about them
//	then     output    with app.output: kafka: coordinator, processes, numbers, a second word for each log; what has failed
//
// Brokers carry no index of another broker: who leads an epoch and who is in its in-sync set are bits in each broker's
// own word, and what the leader knows of a follower is in the follower's word. Exchanging two brokers is exchanging
// their words, so that sorting gives the canonical form.
type State [stateWords]uint64

const stateWords = 28

const (
	wControl  = 0
	wProducer = 1
	wMessages = 2
	wBrokers  = 3
)

// Fields of the control word.
const (
	ctlEpochShift    = 0  // 3: the newest leader epoch that the controller decided
	ctlLeaderShift   = 3  // 1: the newest epoch has a leader
	ctlBoundShift    = 4  // 1: a limit of the model was hit
	ctlStartShift    = 5  // 4: log start offset (retention)
	ctlSlowShift     = 9  // 1: the brokers do not answer
	ctlAddedShift    = 10 // 1: the topic has gained a partition the group has not found
	ctlDisorderShift = 11 // 1: a message was first processed after a later one
	ctlConflictShift = 12 // 1: two leaders exposed different records at one offset
	ctlLimitShift    = 13 // 2: Limit, which was hit
)

// Fields of the producer word.
const (
	prodKnownShift      = 0  // 3: the newest leader epoch the client has proof of: an append in it, or a refusal
	prodSessionShift    = 3  // 2: how often the process was started anew
	prodEpochShift      = 5  // 2: producer epoch within the session
	prodUnresolvedShift = 7  // 1: a numbered message failed and it is not known whether the broker took it
	prodLateShift       = 8  // 2 x 12: late requests
	prodDownShift       = 32 // 1: the process has ended and nobody starts it again
	lateRequestWidth    = 12
	maxLateRequests     = 2
	anyLateRequest      = (1 | 1<<lateRequestWidth) << (prodLateShift + lateValidShift)
)

// Fields of a late request: valid 1, message 2, leader epoch it was sent to 3, incarnation 4.
const (
	lateValidShift = 0
	lateMsgShift   = 1
	lateEpochShift = 3
	lateIncShift   = 6
)

// Fields of a message, 16 bits each in the messages word.
const (
	msgWidth              = 16
	msgPhaseShift         = 0  // 3: Phase
	msgAtShift            = 3  // 3: leader epoch of the broker that the last attempt went to, where acks are awaited
	msgRetriesShift       = 6  // 3: retries used, where the number is bounded; 0 after an error
	msgIncShift           = 9  // 4: producer incarnation (session and epoch) the message was last numbered in
	msgAckedShift         = 13 // 1: some send of it was acknowledged
	msgErrorReportedShift = 14 // 1: the application was told that a send of it failed
	msgRequeuedShift      = 15 // 1: it was queued behind messages with a greater number, or behind such a message; while it waits for a retry: later ones may pass
)

// Fields of a broker's status word (the second of its two words).
const (
	bLenShift    = 0  // 4: log end offset
	bHWShift     = 4  // 4: high watermark
	bFlushShift  = 8  // 4: every record below is known to be on disk
	bEpochShift  = 12 // 3: the leader epoch it acts on
	bPosShift    = 15 // 4: its log end as its leader knows it; positionUnknown before the first fetch of the epoch and of the process
	bStartShift  = 19 // 4: log end when it became leader of its epoch; 0 for a follower
	bFlagShift   = 27 // 13 flags
	bLedShift    = 40 // 8: epochs that it was made leader of
	bISRShift    = 48 // 8: epochs whose in-sync set has it; the bit of the newest epoch is the controller's present set
	bReturnShift = 56 // 8: epochs that it was made leader of when it did not lead the one before
)

// maxRetriesCounted is how many retries of a message the state counts; with a larger bound they never run out one by one.
const maxRetriesCounted = 7

// Flags of a broker.
const (
	flagDead        = 1 << iota // the process is not running
	flagFenced                  // the controller counts it as gone
	flagCut                     // no connection to the controller and the other brokers
	flagTruncating              // has yet to ask its leader where to truncate
	flagDirty                   // stopped without order: what survives is chosen at restart
	flagPower                   // the machine went down, so the page cache is gone
	flagELR                     // eligible leader replica
	flagLastKnown               // last known leader
	flagEverLed                 // has assigned a leader epoch once, so its epoch cache is not empty
	flagUnclean                 // the controller will see an unclean shutdown when it registers again
	flagUntold                  // ZooKeeper: the controller that deposed it as leader is gone, and its requests with it
	flagStalled                 // a follower in the in-sync set that has stopped to fetch, until it leaves the set
	flagNoDirectory             // came back with a new disk: its replica is assigned to a log directory that is gone
)

// positionUnknown stands for a position that the leader does not know.
const positionUnknown = 15

// epochs is how many distinct leader epochs a state can tell apart; they are ranks, renumbered when one is needed.
const epochs = 8

// maxLog is the largest log end offset a state can hold.
const maxLog = 14

func get(w uint64, shift, width uint) int { return int(w >> shift & (1<<width - 1)) }

func put(w *uint64, shift, width uint, v int) {
	mask := uint64(1<<width-1) << shift
	*w = *w&^mask | uint64(v)<<shift&mask
}

// Fields of the consumer's first word.
const (
	cPosShift         = 0  // 4: offset of the next record to poll
	cCommittedShift   = 4  // 4: committed offset; offsetNone where there is none
	cLastEpochShift   = 8  // 3: leader epoch of the record before the position
	cHasEpochShift    = 11 // 1: that epoch is known
	cCommitEpochShift = 12 // 3: leader epoch committed with the offset
	cHasCommitShift   = 15 // 1: that epoch is known
	cKnownShift       = 16 // 3: the newest leader epoch the client has proof of
	cHandShift        = 19 // 3: records polled and not processed yet
	cRecordsShift     = 22 // 4 x 2: their messages, the next one lowest
	cLostShift        = 30 // 1: there is no valid position; the reset policy decides
	cStoppedShift     = 31 // 1: has stopped with an error (auto.offset.reset=none)
	cUncommittedShift = 32 // 1: has polled since the last commit
	cLateShift        = 55 // 1: a commit is late
	cLateOffsetShift  = 56 // 4: its offset
	cLateEpochShift   = 60 // 3: leader epoch committed with it
	cHasLateShift     = 63 // 1: that epoch is known
)

// Fields of the consumer's second word: how often each message was processed, 2 bits each, up to 2; then what a group
// member that has lost the partition still has in hand; then what has failed.
const (
	processedWidth    = 2
	cOldHandShift     = 8  // 3: its records, not processed yet
	cOldNextShift     = 11 // 8: their messages, the next one lowest
	cOldPosShift      = 19 // 4: offset behind the last of them
	cPoisonShift      = 23 // 4: messages whose processing throws every time
	cTriesShift       = 27 // 4 x 3: failed attempts at the records in hand, the next one lowest
	cDoneShift        = 40 // 4: records in hand that are finished while earlier ones are not
	cStaleShift       = 46 // 2: how the position belongs to a topic that was deleted and created again
	cStaleCommitShift = 48 // 2: the same of the committed offset
	cFailedShift      = 50 // 4: one behind the offset of the poison record over which the loop has ended; 0 for none
	cDownShift        = 45 // 1: the process has ended and nobody starts it again
	cLeadShift        = 54 // 2: whether a static member leads the group without knowing it, see leadership
	cTouchedShift     = 44 // 1: a record was finished that a commit has yet to follow
)

// oldHandWidth is the width of all that a former member has in hand.
const oldHandWidth = cPoisonShift - cOldHandShift

// triesWidth is the width of a number of failed attempts.
const triesWidth = 3

// maxHand is how many records one poll returns at most.
const maxHand = 4

// offsetNone stands for no committed offset.
const offsetNone = 15
