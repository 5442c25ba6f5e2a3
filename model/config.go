package model

// The limits of the model. Beyond them a configuration is refused with an error, never cut down silently.
const (
	MaxReplicas = 5 // brokers, each with one replica of the one partition
	MaxMessages = 4 // messages that the application sends
	MaxMembers  = 2 // members of the consumer group
)

// MaxAttempts is the largest number of attempts to process a record that makes a difference: no budget has more exceptions.
const MaxAttempts = MaxOccurrences + 1

// Unlimited stands for a number of retries without a bound of its own.
const Unlimited = -1

// Config is a Kafka configuration as the rules of the model read it: every setting resolved to its effective value.
// Package kafkaconf makes one from files; a Go program can fill it in itself, starting from [DefaultConfig].
type Config struct {
	Kafka  Version // of the brokers
	KRaft  bool    // controllers run KRaft; otherwise ZooKeeper
	B      Behaviours
	Topic  TopicConfig
	Prod   ProducerConfig
	Cons   ConsumerConfig
	Group  GroupConfig // of a share group
	App    AppConfig
	Txn    TxnConfig
	Scope  Scope
	Faults Budget
	Bounds Bounds // of the fault budget as a whole
	Timed  bool   // the question gives times to steps and rates to faults

	ReplicateFromDisk bool  // model.replicate-from: disk, the seed document's pipeline
	Sees              Parts // the parts of the system that the question can see
	// NoReductions keeps every economy off that is exact but not part of the model's meaning.
	NoReductions bool
	// Shortcuts are steps that the model takes by itself as soon as they are possible.
	Shortcuts Shortcuts
}

// Parts are the parts of the system that can be left out where the question cannot see them.
type Parts uint8

// The parts.
const (
	SeesConsumer Parts = 1 << iota // the consumer group: polls, processing, commits
	SeesExposed                    // which records a consumer could ever have read
	SeesRepeats                    // with EffectOncePerRecord: from which record a message was processed
)

// Scope bounds what is explored.
type Scope struct {
	Messages int // 1 to MaxMessages
	Members  int // of a share group, 1 to MaxMembers; 0 for a consumer group
}

// TopicConfig holds the settings of the topic and of the brokers that decide about replication.
type TopicConfig struct {
	Replicas        int  // replication.factor, 1 to MaxReplicas
	MinISR          int  // min.insync.replicas as configured (Behaviours.EffectiveMinISR caps it)
	UncleanElection bool // unclean.leader.election.enable as it takes effect (KRaft 3.3 to 3.8 ignores the setting)
	ELR             bool // eligible.leader.replicas.version >= 1
	FlushMessages   int  // flush.messages / log.flush.interval.messages; 0 when it is the default, which never flushes
	OldFormat       bool // log.message.format.version below 0.11: records carry no leader epoch
	KeepsAll        bool // cleanup.policy is empty: nothing is ever deleted (UnifiedLog.deleteOldSegments)
	Compact         bool // cleanup.policy is compact alone, so that the newest value of a key stays
}

// Acks is the effective acks setting.
type Acks int8

// Values of Acks. Kafka 0.8.0 and 0.8.1 also knew numbers above 1; 0.8.2 treats them as a count of replicas.
const (
	AcksAll  Acks = -1
	AcksNone Acks = 0
	AcksOne  Acks = 1
)

// QueueFull says what happens when a send meets a full queue or buffer.
type QueueFull uint8

// What a send does when the queue (0.8), the buffer (Java) or the local queue (librdkafka) is full.
const (
	QueueFails       QueueFull = iota // at once: an error to the caller, the message is dropped
	QueueBlocksFails                  // blocks for a time, then as QueueFails
	QueueBlocks                       // blocks for ever: threads pile up until the process dies
)

// ProducerConfig holds what the rules read of the producer.
type ProducerConfig struct {
	Client      Client
	Version     Version // of the client
	Acks        Acks
	Retries     int // after the first attempt; Unlimited for a number that no run in scope reaches
	MaxInFlight int // max.in.flight.requests.per.connection; 1 for clients that block
	Idempotent  bool
	// Transactional is set when there is a transactional.id.
	Transactional bool
	// DeliveryTimeout says that a time bounds the delivery of a message (delivery.timeout.ms, message.timeout.ms).
	DeliveryTimeout bool
	// RequestOutlastsDelivery says that the first request for a message can end in an error when the time for the delivery
	// has run out already: request.timeout.ms is not shorter than what linger.ms leaves of delivery.timeout.ms.
	RequestOutlastsDelivery bool
	// RequestBeforeLag and DeliveryBeforeLag say that a request (request.timeout.ms), or a delivery, can time out before a
	// follower that has stopped to fetch leaves the in-sync set, up to 1.5 x replica.lag.time.max.ms later.
	RequestBeforeLag, DeliveryBeforeLag bool
	// Async is set for producer.type=async of the 0.8 producer: a queue, a background thread, and a silent drop
	// after the retries.
	Async     bool
	QueueFull QueueFull
}

// AutoOffsetReset is what a consumer does without a valid position.
type AutoOffsetReset uint8

// Values of auto.offset.reset. "smallest" and "largest" of 0.8 are earliest and latest.
const (
	ResetEarliest AutoOffsetReset = iota
	ResetLatest
	ResetNone
)

// AutoCommit is where the client library commits by itself.
type AutoCommit uint8

// Where enable.auto.commit commits.
const (
	AutoCommitOff AutoCommit = iota
	// AutoCommitInPoll: the Java classic consumer commits its positions, the ends of what earlier polls returned, at
	// the start of a later poll, when it gives up the partition, and in close().
	AutoCommitInPoll
	// AutoCommitTimer: a background thread commits the position as of the last record handed out, at any moment
	// (librdkafka, the 0.8 Scala consumer, the new-protocol Java consumer before KAFKA-18641).
	AutoCommitTimer
)

// ConsumerConfig holds what the rules read of the consumer.
type ConsumerConfig struct {
	Client        Client
	Version       Version // of the client
	Reset         AutoOffsetReset
	AutoCommit    AutoCommit
	ReadCommitted bool // isolation.level of the consumer that reads the followed partition
	NewProtocol   bool // group.protocol=consumer
	Static        bool // group.instance.id is set (KIP-345)
	// PollBeforeDelivery says that a process with an output topic can lose its membership of the group (max.poll.interval.ms)
	// before the delivery of an output that it waits for is over.
	PollBeforeDelivery bool
	// StoreOffsets is librdkafka's enable.auto.offset.store: the offset counts as consumed when handed out.
	StoreOffsets bool
	// DownstreamReadCommitted is isolation.level of who reads the output topic, with App.Output.
	DownstreamReadCommitted bool
}

// Send is how the application sends.
type Send uint8

// Values of app.send.
const (
	SendCallback Send = iota // asynchronous; errors reach the application
	SendWait                 // each send waits for its result
	SendForget               // asynchronous; nothing is ever reported
)

// Commit is when the application commits offsets.
type Commit uint8

// Values of app.commit.
const (
	CommitAfterProcessing Commit = iota
	CommitBeforeProcessing
	CommitAuto
	CommitInTransaction
	CommitBeforeTransaction
	CommitAfterTransaction
)

// Effect is what processing a message does.
type Effect uint8

// Values of app.effect.
const (
	EffectPlain         Effect = iota
	EffectIdempotent           // keyed by message: a second time changes nothing
	EffectTransactional        // stored together with the offset in the external store
	// EffectOncePerRecord counts once for each record of the log, read again or not: no word of a spec, but what is taken
	// where nobody has said anything of a consumer, so that it cannot be the cause.
	EffectOncePerRecord
)

// TransactionalID is how the processes of an application choose their transactional.id.
type TransactionalID uint8

// Values of app.transactional-id.
const (
	IDPerInstance  TransactionalID = iota // each process has its own, the same after a restart
	IDPerPartition                        // it goes with the input partition: whoever owns that has it
	IDRandom                              // a new one at every start
)

// CommitPosition is which position the application commits, or marks for its library to commit.
type CommitPosition uint8

// Values of app.commit-position.
const (
	FinishedPrefix  CommitPosition = iota // all before it is finished
	HighestFinished                       // behind the last record that is finished, also while earlier ones are not
	Delivered                             // behind what was handed over, finished or not
)

// CommitFailure is what the application does when a commit of offsets fails.
type CommitFailure uint8

// Values of app.on-commit-failure.
const (
	RetryCommit   CommitFailure = iota // it commits again
	IgnoreCommit                       // it goes on as if it had committed
	RethrowCommit                      // it is as if processing had thrown
)

// AppConfig is what the application around the clients does: the part app of a spec.
type AppConfig struct {
	Send              Send
	ResendOnError     bool // on-send-error: resend
	ResendOnRestart   bool // on-restart: resend
	NewGroup          bool // group: new
	Handoff           bool // process: handoff or parallel
	Parallel          bool // process: parallel
	Commit            Commit
	CommitPosition    CommitPosition
	OnCommitFailure   CommitFailure
	ExitOnStop        bool // on-stop: exit
	NoRestarts        bool // restarts: false
	CommitOnRevoke    bool // on-revoke: commit
	CommitCurrent     bool // commit-offset: current, the off-by-one
	Effect            Effect
	OutputKafka       bool // output: kafka
	ContinueOnAbort   bool // on-abort: continue
	ResumeTransaction bool // on-restart-transaction: resume
	TxnID             TransactionalID
	GroupMetadata     bool // group-metadata
	CloseOnException  bool // on-exception: close
	SkipOnException   bool // on-exception: skip or dead-letter
	DeadLetter        bool // on-exception: dead-letter
	Attempts          int  // attempts: how often processing is tried; 0 is 1, MaxAttempts stands for any number that no run uses up
	Share             Share
	ShareOnException  ShareOnException
}

// TxnConfig holds what the rules read of the transaction protocol.
type TxnConfig struct {
	Version int // transaction.version the client and the brokers agree on: 0, 1 or 2
	// TimeoutBeforeDelivery and TimeoutBeforeLag say that transaction.timeout.ms can run out before the time for a delivery,
	// and before a follower that has stopped to fetch leaves the in-sync set; TimeoutFirst that the coordinator aborts an open
	// transaction in any case before a delivery in it is over.
	TimeoutBeforeDelivery, TimeoutBeforeLag, TimeoutFirst bool

	TwoPhase        bool // transaction.two.phase.commit.enable of producer and brokers (4.1+): a transaction has no timeout
	PartitionVerify bool // transaction.partition.verification.enable (3.6+)
}

// Counted says which messages must not be lost.
type Counted uint8

// Values of counted.
const (
	CountAccepted Counted = iota
	CountAcked
	CountAttempted
)

// String is the word of a spec.
func (c Counted) String() string { return [...]string{"accepted", "acked", "attempted"}[c] }
