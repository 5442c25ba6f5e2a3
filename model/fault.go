package model

// FaultKind is one kind of fault that a budget counts. [FaultKind.Fault] is all that is known of it.
type FaultKind uint8

// The fault kinds, in the fixed order of lists and reports.
const (
	RequestLost FaultKind = iota
	ResponseLost
	Delay
	SendRefused
	ProducerCrash
	BrokerCrash
	PowerLoss
	TotalPowerLoss
	DiskLoss
	CleanRestart
	LeaderMove
	ReplicaLag
	Partition
	SlowBroker
	ConsumerCrash
	PoisonRecord
	AppRestart
	ConsumerException
	Rebalance
	OrderlyRebalance
	CommitLost
	ConnectionLost
	LockTimeout
	TopicRecreated
	OffsetLost
	Retention
	PartitionAdded
	TransactionTimeout
	NumFaults int = iota
)

// Fault is everything that is said or done with a kind of fault as a whole; what an occurrence of it does is in the
// actions whose Fault it is. [New] refuses a budget with a kind of
// which a field is empty, unless the field is optional, and a test names them all.
type Fault struct {
	Name         string // in specs, flags and results: "broker-crash"
	Noun, Plural string // of one occurrence and of several in a sentence: "broker crash", "broker crashes"
	Doc          string // what one occurrence does, in full sentences
	Side         Side
	// AlsoConsumer says that the consumer meets the fault, too, where another side meets it first.
	AlsoConsumer bool `registry:"optional"`
	Takes        Taken
	Loses        Loss
	// Shortcuts are those that stay exact although the fault can happen; see [Shortcuts].
	Shortcuts Shortcuts
	// StartsProcess says that an application with a producer and a consumer in one process goes on in a new process.
	StartsProcess Answer
	// FormerMember says that the group member that has lost the partition can go on beside the new one.
	FormerMember Answer
	// ResetsPosition says that a consumer can be without a valid position after it, so that auto.offset.reset decides.
	ResetsPosition Answer
	// Priced says that the price of a repair counts it: the ways to take one broker away that differ in what goes on.
	Priced Answer
	// Attempts is how many attempts at a transaction, or producer epochs, one occurrence adds to a run at most. It is 0
	// for a fault that does not happen with app.output: kafka.
	Attempts int `registry:"optional"`
	// Shows ranks the kinds by how much a run with one occurrence shows of a guarantee, from 1, the best.
	Shows int
	// Standard is how often the budget named "standard" has it; 0 where it is not part of it.
	Standard uint8 `registry:"optional"`
	// Rate is what a rate of the kind is of, where a question has rates; a kind without it has none.
	Rate Rate `registry:"optional"`
}

// Side is the part of the system that meets a fault first.
type Side uint8

// The sides.
const (
	SideProducer    Side = iota + 1 // the producer and its connection
	SideBroker                      // the replicas of the partition: they can then differ
	SideConsumer                    // the consumer: for the producer and the brokers nothing changes
	SideTransaction                 // the transaction coordinator
)

// Taken is what a fault takes away of the brokers.
type Taken uint8

// What a fault can take away.
const (
	TakesNone Taken = iota + 1
	TakesOne        // one broker stops, or leaves the in-sync set
	CutsOff         // as TakesOne; a leader goes on without its followers
	TakesAll        // all brokers stop at once
)

// Loss is what a fault takes away of the logs.
type Loss uint8

// What a fault can lose.
const (
	LosesNothing   Loss = iota + 1
	LosesUnflushed      // what a broker has in the page cache alone
	LosesLog            // a broker's whole log
)

// Answer is yes or no; 0 means that the field is missing.
type Answer uint8

// The answers.
const (
	Yes Answer = iota + 1
	No
)

// faults are all kinds of fault. That a fault coincides with another, or follows it, needs no kind of its own:
// occurrences come in any order.
var faults = [NumFaults]Fault{
	RequestLost: {
		Name: "request-lost", Noun: "lost request", Plural: "lost requests", Rate: Rate{Per: PerRequest, With: "produce"},
		Doc: "The connection breaks with a produce request on it. That request and the later ones on the connection " +
			"never reach the broker; the client fails everything that was in flight there at the same moment.",
		Side: SideProducer, Takes: TakesNone, Loses: LosesNothing, Shortcuts: AllShortcuts,
		StartsProcess: No, FormerMember: No, ResetsPosition: No, Priced: No, Attempts: 2, Shows: 7, Standard: 2,
	},
	ResponseLost: {
		Name: "response-lost", Noun: "lost response", Plural: "lost responses", Rate: Rate{Per: PerRequest, With: "ack"},
		Doc: "The broker has carried a produce request out, and the connection breaks before the client has its answer. " +
			"The client fails everything that was in flight on the connection at the same moment.",
		Side: SideProducer, Takes: TakesNone, Loses: LosesNothing, Shortcuts: AllShortcuts,
		StartsProcess: No, FormerMember: No, ResetsPosition: No, Priced: No, Attempts: 2, Shows: 6, Standard: 2,
	},
	Delay: {
		Name: "delay", Noun: "late request", Plural: "late requests", Rate: Rate{Per: PerRequest, With: "produce"},
		Doc: "A request that changes something is late: produce, EndTxn, the coordinator's WriteTxnMarkers, OffsetCommit or " +
			"TxnOffsetCommit. It arrives after its sender has timed out, perhaps after the sender has repeated it or begun its " +
			"next transaction.",
		Side: SideProducer, AlsoConsumer: true, Takes: TakesNone, Loses: LosesNothing, Shortcuts: AllShortcuts,
		StartsProcess: No, FormerMember: No, ResetsPosition: No, Priced: No, Attempts: 2, Shows: 11,
	},
	SendRefused: {
		Name: "send-refused", Noun: "refused send", Plural: "refused sends", Rate: Rate{Per: PerRequest, With: "produce"},
		Doc: "A send fails permanently, because the record is too large or the client may not write: in the client, before " +
			"it has a sequence number, or at the broker while others are in flight. A retry would fail as well.",
		Side: SideProducer, Takes: TakesNone, Loses: LosesNothing, Shortcuts: AllShortcuts,
		StartsProcess: No, FormerMember: No, ResetsPosition: No, Priced: No, Attempts: 2, Shows: 21,
	},
	ProducerCrash: {
		Name: "producer-crash", Noun: "producer crash", Plural: "producer crashes", Rate: Rate{Per: PerMemberYear},
		Doc:  "The process of the producer dies with everything in its memory, and is started again.",
		Side: SideProducer, Takes: TakesNone, Loses: LosesNothing, Shortcuts: AllShortcuts &^ SendsAtOnce,
		StartsProcess: Yes, FormerMember: No, ResetsPosition: No, Priced: No, Attempts: 2, Shows: 14,
	},
	BrokerCrash: {
		Name: "broker-crash", Noun: "broker crash", Plural: "broker crashes", Rate: Rate{Per: PerBrokerYear},
		Doc: "The process of a broker dies. Its page cache survives, so its log is complete; its high watermark falls " +
			"back to one that it had, as the checkpoint recorded it. It is started again, with ZooKeeper before 2.2 perhaps before the " +
			"controller has noticed, and the restart counts as unclean.",
		Side: SideBroker, Takes: TakesOne, Loses: LosesNothing, Shortcuts: AllShortcuts,
		StartsProcess: No, FormerMember: No, ResetsPosition: No, Priced: Yes, Attempts: 2, Shows: 1, Standard: 2,
	},
	PowerLoss: {
		Name: "power-loss", Noun: "power loss", Plural: "power losses", Rate: Rate{Per: PerBrokerYear},
		Doc: "The machine of a broker goes down. Of the records that were not flushed any prefix survives; the high " +
			"watermark falls back as after a crash. It is started again once the controller has noticed.",
		Side: SideBroker, Takes: TakesOne, Loses: LosesUnflushed, Shortcuts: AllShortcuts,
		StartsProcess: No, FormerMember: No, ResetsPosition: No, Priced: No, Attempts: 2, Shows: 2, Standard: 2,
	},
	TotalPowerLoss: {
		Name: "total-power-loss", Noun: "power loss of all brokers", Plural: "power losses of all brokers", Rate: Rate{Per: PerClusterYear},
		Doc:  "All machines go down at the same moment, each as in power-loss, and return in any order.",
		Side: SideBroker, Takes: TakesAll, Loses: LosesUnflushed, Shortcuts: AllShortcuts,
		StartsProcess: No, FormerMember: No, ResetsPosition: No, Priced: No, Attempts: 2, Shows: 3,
	},
	DiskLoss: {
		Name: "disk-loss", Noun: "disk loss", Plural: "disk losses", Rate: Rate{Per: PerBrokerYear},
		Doc:  "A broker loses its log permanently. It returns with an empty one, after the controller has noticed.",
		Side: SideBroker, Takes: TakesOne, Loses: LosesLog, Shortcuts: AllShortcuts,
		StartsProcess: No, FormerMember: No, ResetsPosition: No, Priced: Yes, Attempts: 2, Shows: 4,
	},
	CleanRestart: {
		Name: "clean-restart", Noun: "clean restart", Plural: "clean restarts", Rate: Rate{Per: PerBrokerYear},
		Doc: "A broker is shut down in order: it hands its leadership over where another replica may lead, flushes " +
			"its log, writes its high watermark down, and is started again.",
		Side: SideBroker, Takes: TakesOne, Loses: LosesNothing, Shortcuts: AllShortcuts,
		StartsProcess: No, FormerMember: No, ResetsPosition: No, Priced: Yes, Attempts: 2, Shows: 15,
	},
	LeaderMove: {
		Name: "leader-move", Noun: "leader move", Plural: "leader moves", Rate: Rate{Per: PerPartitionYear},
		Doc: "Leadership goes to another in-sync replica, by an operator, a reassignment or the preferred leader " +
			"election. No broker stops.",
		Side: SideBroker, Takes: TakesNone, Loses: LosesNothing, Shortcuts: AllShortcuts,
		StartsProcess: No, FormerMember: No, ResetsPosition: No, Priced: No, Attempts: 2, Shows: 9, Standard: 2,
	},
	ReplicaLag: {
		Name: "replica-lag", Noun: "lagging replica", Plural: "lagging replicas", Rate: Rate{Per: PerBrokerYear},
		Doc: "A follower that runs is taken out of the in-sync set, however much it has copied, because its fetches " +
			"or its heartbeats were late.",
		Side: SideBroker, Takes: TakesOne, Loses: LosesNothing, Shortcuts: AllShortcuts,
		StartsProcess: No, FormerMember: No, ResetsPosition: No, Priced: Yes, Attempts: 2, Shows: 12, Standard: 2,
	},
	Partition: {
		Name: "partition", Noun: "network partition", Plural: "network partitions", Rate: Rate{Per: PerBrokerYear},
		Doc: "The leader is cut off from the controller and from the followers, while clients still reach it. Healing " +
			"is not a fault.",
		Side: SideBroker, Takes: CutsOff, Loses: LosesNothing, Shortcuts: NoShortcuts,
		StartsProcess: No, FormerMember: No, ResetsPosition: No, Priced: Yes, Attempts: 2, Shows: 8,
	},
	SlowBroker: {
		Name: "slow-broker", Noun: "period of slow brokers", Plural: "periods of slow brokers", Rate: Rate{Per: PerBrokerYear},
		Doc:  "The brokers give no answers for a while, until the queue of the producer is full; then they answer again.",
		Side: SideProducer, Takes: TakesNone, Loses: LosesNothing, Shortcuts: NoShortcuts,
		StartsProcess: No, FormerMember: No, ResetsPosition: No, Priced: No, Shows: 16,
	},
	ConsumerCrash: {
		Name: "consumer-crash", Noun: "consumer crash", Plural: "consumer crashes", Rate: Rate{Per: PerMemberYear},
		Doc:  "The process of the consumer dies and is started again; it goes on from the committed offset.",
		Side: SideConsumer, Takes: TakesNone, Loses: LosesNothing, Shortcuts: AllShortcuts,
		StartsProcess: Yes, FormerMember: No, ResetsPosition: No, Priced: No, Attempts: 2, Shows: 5, Standard: 2,
	},
	PoisonRecord: {
		Name: "poison-record", Noun: "poison record", Plural: "poison records", Rate: Rate{Per: PerMessageTried, With: "process"},
		Doc: "There is a message whose processing throws every time that it is tried. When app.attempts are used up, the " +
			"application does as app.on-exception says: skipped it is lost, dead-lettered it is processed, and a loop that " +
			"ends stands still before it until a person helps.",
		Side: SideConsumer, Takes: TakesNone, Loses: LosesNothing, Shortcuts: AllShortcuts,
		StartsProcess: No, FormerMember: No, ResetsPosition: No, Priced: No, Attempts: 3, Shows: 24,
	},
	AppRestart: {
		Name: "app-restart", Noun: "restart of the application", Plural: "restarts of the application", Rate: Rate{Per: PerMemberYear},
		Doc: "Either application is stopped in order, as app.on-stop says of its producer and consumer, and started again: a " +
			"deployment. Then app.on-restart.",
		Side: SideProducer, AlsoConsumer: true, Takes: TakesNone, Loses: LosesNothing, Shortcuts: AllShortcuts &^ SendsAtOnce,
		StartsProcess: Yes, FormerMember: No, ResetsPosition: No, Priced: No, Attempts: 2, Shows: 27,
	},
	ConsumerException: {
		Name: "consumer-exception", Noun: "consumer exception", Plural: "consumer exceptions", Rate: Rate{Per: PerMessageTried, With: "process"},
		Doc: "Processing a message throws once. When app.attempts are used up, a loop with transactions aborts the open one and " +
			"goes on as app.on-abort says; then, and in any other loop at once, app.on-exception says what becomes of the " +
			"record: the loop ends and is started again, or goes on without it.",
		Side: SideConsumer, Takes: TakesNone, Loses: LosesNothing, Shortcuts: AllShortcuts,
		StartsProcess: No, FormerMember: No, ResetsPosition: No, Priced: No, Attempts: 1, Shows: 17,
	},
	Rebalance: {
		Name: "rebalance", Noun: "rebalance", Plural: "rebalances", Rate: Rate{Per: PerMemberYear},
		Doc:  "The partition is given to another member of the group while the first still processes what it polled.",
		Side: SideConsumer, Takes: TakesNone, Loses: LosesNothing, Shortcuts: AllShortcuts,
		StartsProcess: Yes, FormerMember: Yes, ResetsPosition: No, Priced: No, Attempts: 3, Shows: 10,
	},
	OrderlyRebalance: {
		Name: "orderly-rebalance", Noun: "orderly rebalance", Plural: "orderly rebalances", Rate: Rate{Per: PerMemberYear},
		Doc: "The partition is given to another member of the group after the first has been told and has stopped at the " +
			"border of a record. What it commits then is in app.on-revoke.",
		Side: SideConsumer, Takes: TakesNone, Loses: LosesNothing, Shortcuts: AllShortcuts,
		StartsProcess: Yes, FormerMember: No, ResetsPosition: No, Priced: No, Attempts: 2, Shows: 26,
	},
	CommitLost: {
		Name: "commit-lost", Noun: "failed commit", Plural: "failed commits", Rate: Rate{Per: PerRequest, With: "commit"},
		Doc: "A commit of offsets fails, or its answer is lost although the offset is stored, while nobody dies. " +
			"app.on-commit-failure says what the application does then.",
		Side: SideConsumer, Takes: TakesNone, Loses: LosesNothing, Shortcuts: AllShortcuts,
		StartsProcess: Yes, FormerMember: No, ResetsPosition: No, Priced: No, Attempts: 2, Shows: 25,
	},
	TopicRecreated: {
		Name: "topic-recreated", Noun: "recreated topic", Plural: "recreated topics", Rate: Rate{Per: PerPartitionYear},
		Doc: "The topic is deleted when all before the followed messages is processed, and created again under its name before " +
			"they are sent. What the group has committed stays, and is an offset of the deleted topic.",
		Side: SideConsumer, Takes: TakesNone, Loses: LosesNothing, Shortcuts: NoShortcuts,
		StartsProcess: No, FormerMember: No, ResetsPosition: Yes, Priced: No, Attempts: 1, Shows: 28,
	},
	ConnectionLost: {
		Name: "connection-lost", Noun: "lost connection", Plural: "lost connections",
		Doc: "The connection of a consumer to the leader breaks. The leader of a share group's partition releases at once " +
			"what the member holds; a consumer of a consumer group fetches again.",
		Side: SideConsumer, Takes: TakesNone, Loses: LosesNothing, Shortcuts: AllShortcuts,
		StartsProcess: No, FormerMember: No, ResetsPosition: No, Priced: No, Shows: 22,
	},
	LockTimeout: {
		Name: "lock-timeout", Noun: "lock timeout", Plural: "lock timeouts",
		Doc: "The acquisition lock of a share group's member runs out (share.record.lock.duration.ms) while the member " +
			"still works on the record.",
		Side: SideConsumer, Takes: TakesNone, Loses: LosesNothing, Shortcuts: AllShortcuts,
		StartsProcess: No, FormerMember: No, ResetsPosition: No, Priced: No, Shows: 23,
	},
	OffsetLost: {
		Name: "offset-lost", Noun: "lost offset", Plural: "lost offsets", Rate: Rate{Per: PerMemberYear},
		Doc:  "The committed offset of the group is gone: it has expired, or was lost with the offsets topic.",
		Side: SideConsumer, Takes: TakesNone, Loses: LosesNothing, Shortcuts: AllShortcuts,
		StartsProcess: No, FormerMember: No, ResetsPosition: Yes, Priced: No, Shows: 18,
	},
	Retention: {
		Name: "retention", Noun: "deletion of records", Plural: "deletions of records", Rate: Rate{Per: PerPartitionYear},
		Doc:  "Records are deleted before the group has read them: retention, or under compaction an older value of a key.",
		Side: SideConsumer, Takes: TakesNone, Loses: LosesNothing, Shortcuts: AllShortcuts,
		StartsProcess: No, FormerMember: No, ResetsPosition: Yes, Priced: No, Shows: 19,
	},
	PartitionAdded: {
		Name: "partition-added", Noun: "added partition", Plural: "added partitions", Rate: Rate{Per: PerPartitionYear},
		Doc:  "The topic gains a partition, and records are written to it before the group has found it.",
		Side: SideConsumer, Takes: TakesNone, Loses: LosesNothing, Shortcuts: AllShortcuts,
		StartsProcess: No, FormerMember: No, ResetsPosition: Yes, Priced: No, Shows: 20,
	},
	TransactionTimeout: {
		Name: "transaction-timeout", Noun: "transaction timeout", Plural: "transaction timeouts", Rate: Rate{Per: PerMemberYear},
		Doc:  "transaction.timeout.ms expires while a transaction is open, and the coordinator aborts it.",
		Side: SideTransaction, Takes: TakesNone, Loses: LosesNothing, Shortcuts: AllShortcuts,
		StartsProcess: No, FormerMember: No, ResetsPosition: No, Priced: No, Attempts: 2, Shows: 13,
	},
}

// Fault is the entry of the kind in the registry.
func (f FaultKind) Fault() Fault { return faults[f] }

// String is the name of the fault in specs, flags and results.
func (f FaultKind) String() string { return faults[f].Name }

// OfConsumer says that only the consumer meets the fault: it changes nothing for the producer and the brokers.
func (f FaultKind) OfConsumer() bool { return faults[f].Side == SideConsumer }

// ReachesConsumer says that the consumer can meet the fault, it alone or others, too.
func (f FaultKind) ReachesConsumer() bool { return f.OfConsumer() || faults[f].AlsoConsumer }

// OfBroker says that the fault is one of the partition's replicas.
func (f FaultKind) OfBroker() bool { return faults[f].Side == SideBroker }

// FaultKinds lists the kinds of fault that a condition holds for, in their fixed order; all of them for nil.
func FaultKinds(where func(f Fault) bool) []FaultKind {
	var kinds []FaultKind
	for k := range FaultKind(NumFaults) {
		if where == nil || where(faults[k]) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}
