package main

import (
	"strings"

	"github.com/kcheck/kcheck/model"
)

// word is an entry of the glossary: a word that reports and specs use, in plain English.
type word struct {
	name    string
	aliases []string // other names for it; case, hyphens and spaces do not matter
	meaning string
	// source is where Kafka defines it: class, document or KIP. Words of kcheck's own have ownTerm.
	source string
	see    []string // other names that kcheck explains
}

// ownTerm is the source of a word that is kcheck's and not Kafka's.
const ownTerm = "a word of kcheck, not of Kafka"

// glossary is every word, in groups by subject: the log and its replicas, elections, producer, transactions, consumer,
// which messages count, faults and budgets, verdicts, how kcheck searches.
var glossary = []word{
	{"page cache", []string{"os cache", "buffer cache"},
		"The memory in which an operating system keeps what was written to files. Kafka writes a record there and normally " +
			"leaves the disk to the operating system. A crash of the process loses nothing of it; a power loss loses " +
			"whatever is not on disk yet.",
		"FileRecords.append, UnifiedLog.flush; design page of Kafka's documentation, Persistence", []string{"flush", "broker-crash", "power-loss"}},
	{"flush", []string{"fsync"},
		"Writing a log from the page cache to the disk. By default Kafka never asks for it, except when a segment is rolled " +
			"and at a clean shutdown; flush.messages=1 makes every replica do it inside the append.",
		"UnifiedLog.flush, LogManager.flushDirtyLogs", []string{"page cache", "topic.flush.messages", "topic.flush.ms"}},
	{"replica", nil,
		"One copy of a partition's log, on one broker. One replica leads; the others copy from it.",
		"Partition, design page of Kafka's documentation, Replication", []string{"leader", "follower", "topic.replication.factor"}},
	{"leader", nil,
		"The replica that takes writes and serves reads of a partition. The controller decides who it is; a broker acts on " +
			"the last decision that it has learned, so an old leader may go on for a while.",
		"Partition.makeLeader, PartitionRegistration.leader", []string{"leader epoch", "deposed leader", "follower"}},
	{"follower", nil,
		"A replica that does not lead. It fetches from the leader, up to the leader's log end, and truncates its own log " +
			"where that differs from the leader's.",
		"ReplicaFetcherThread, AbstractFetcherThread", []string{"truncation", "ISR"}},
	{"controller", nil,
		"The part of the cluster that decides on leaders and in-sync sets: a KRaft quorum, or up to 3.9 a broker elected " +
			"through ZooKeeper. The model has one controller that never fails.",
		"QuorumController (KRaft), KafkaController (ZooKeeper)", []string{"limits"}},
	{"ISR", []string{"in-sync set", "in-sync replicas", "in-sync replica set"},
		"The in-sync replicas: the leader and those followers that keep up with it. acks=all waits for all of them, and a " +
			"clean election chooses one of them. It shrinks when a follower lags or a broker stops, and may shrink to one.",
		"Partition.maybeShrinkIsr and maybeExpandIsr, PartitionRegistration.isr", []string{"ELR", "high watermark", "replica-lag", "topic.min.insync.replicas"}},
	{"ELR", []string{"eligible leader replicas"},
		"Eligible leader replicas: replicas that left the in-sync set while it was below min.insync.replicas. They have " +
			"every committed record, so one of them may be elected when the in-sync set is empty. A replica that restarts " +
			"after an unclean shutdown leaves the set. On by default in clusters created with 4.1 or later.",
		"KIP-966, PartitionChangeBuilder, PartitionRegistration.elr", []string{"ISR", "last known leader", "features.eligible.leader.replicas.version"}},
	{"last known leader", []string{"last-known ELR", "lastKnownElr"},
		"With eligible leader replicas: the last leader of a partition whose in-sync set and ELR are both empty. When it " +
			"comes back it is elected, even with unclean.leader.election.enable=false, and with whatever its log still has.",
		"KIP-966, PartitionChangeBuilder.maybeUpdateLastKnownLeader", []string{"ELR", "unclean election"}},
	{"high watermark", []string{"HW", "HWM"},
		"The offset up to which all in-sync replicas have the log, as the leader knows it. Consumers read below it, and with " +
			"acks=all a write is acknowledged when the high watermark has passed it. Since 3.7 it does not move while the " +
			"in-sync set is smaller than min.insync.replicas. Each replica has its own, and a follower's lags behind.",
		"Partition.maybeIncrementLeaderHW, UnifiedLog.highWatermark, FetchIsolation.HIGH_WATERMARK", []string{"ISR", "log end offset", "LSO"}},
	{"log end offset", []string{"LEO", "log end"},
		"The offset that the next record of a log will get. Followers copy up to the leader's log end offset, consumers " +
			"read only below the high watermark.",
		"UnifiedLog.logEndOffset, FetchIsolation.LOG_END", []string{"high watermark"}},
	{"LSO", []string{"last stable offset"},
		"The last stable offset: the first offset of the oldest open transaction, or the high watermark when none is open. " +
			"A consumer with isolation.level=read_committed reads below it, so an open transaction holds back everything " +
			"behind it.",
		"UnifiedLog.lastStableOffset, FetchIsolation.TXN_COMMITTED", []string{"high watermark", "hanging transaction", "consumer.isolation.level"}},
	{"offset", nil,
		"The number of a record in the log of a partition, counted from 0. m1@0 in a report is message m1 at offset 0.",
		"Record.offset", []string{"committed offset", "position"}},
	{"leader epoch", []string{"epoch"},
		"The number of a decision of the controller about the leader of a partition. It grows with every change of the " +
			"leader; brokers and clients compare it to recognise a leader, or a log, that is out of date.",
		"KIP-101, KIP-320, LeaderEpochFileCache", []string{"deposed leader", "truncation", "producer epoch"}},
	{"truncation", []string{"truncate"},
		"Removing the end of a log. A follower truncates to the point up to which its log agrees with its leader's: to its " +
			"own high watermark up to 0.10, by leader epochs since 0.11.",
		"KIP-101, KIP-279, KIP-320, AbstractFetcherThread", []string{"leader epoch", "TruncatesToHighWatermark"}},
	{"deposed leader", []string{"zombie leader", "stale leader", "old leader"},
		"A broker that still believes it leads although the controller has elected another. Until it learns of that it " +
			"appends, and with acks=0 or acks=1 it acknowledges what the new leader will never have.",
		"Partition.appendRecordsToLeader, Errors.FENCED_LEADER_EPOCH, Errors.NOT_LEADER_OR_FOLLOWER", []string{"leader epoch", "partition", "leader-move"}},
	{"fencing", []string{"fenced"},
		"Refusing a request because its sender is out of date: a broker by its leader epoch, a producer by its producer " +
			"epoch, a member of a group by its generation. A fenced broker is one that the controller counts as absent.",
		"Errors.FENCED_LEADER_EPOCH, Errors.PRODUCER_FENCED, ReplicationControlManager.handleBrokerFenced", []string{"leader epoch", "producer epoch"}},
	{"clean election", nil,
		"The election of a leader from the in-sync set or, where there is one, from the ELR. It keeps every record that " +
			"acks=all acknowledged, and may drop what only the old leader had.",
		"PartitionChangeBuilder.electLeader", []string{"unclean election", "ISR", "ELR"}},
	{"unclean election", []string{"unclean leader election"},
		"The election of a replica that is not in the in-sync set, because no other is left. What it has not copied is " +
			"lost, whatever was acknowledged. Off by default since 0.11.",
		"KIP-106, PartitionChangeBuilder.electAnyLeader", []string{"topic.unclean.leader.election.enable", "clean election"}},
	{"unclean shutdown", []string{"unclean restart"},
		"A broker that stopped without a clean shutdown: its process or its machine died. The controller cannot tell " +
			"whether data was lost, so with eligible leader replicas it removes the broker from the in-sync set and the ELR.",
		"CleanShutdownFileHandler, ClusterControlManager, ReplicationControlManager.handleBrokerShutdown", []string{"broker-crash", "power-loss", "clean-restart", "ELR"}},

	{"accumulator", []string{"record accumulator"},
		"The memory of a producer in which records wait until they are sent. It dies with the process.",
		"RecordAccumulator", []string{"producer-crash", "producer.buffer.memory"}},
	{"in flight", []string{"requests in flight", "in-flight request"},
		"Sent and not answered yet. Several produce requests may be in flight on a connection; when it breaks the client " +
			"does not know which of them took effect.",
		"InFlightRequests, NetworkClient.processDisconnection", []string{"producer.max.in.flight.requests.per.connection", "indeterminate"}},
	{"indeterminate", nil,
		"A send whose failure was reported, or whose answer is missing, may still have been written, now or later. An error " +
			"does not mean that the record is not in the log.",
		"NOT_ENOUGH_REPLICAS_AFTER_APPEND and REQUEST_TIMED_OUT of Errors", []string{"response-lost", "producer.delivery.timeout.ms"}},
	{"idempotence", []string{"idempotent producer"},
		"The broker recognises a batch that a producer sends again, by producer id, producer epoch and sequence number, and " +
			"does not append it twice. It covers the retries of one producer session, not what an application sends again.",
		"KIP-98, ProducerStateManager, ProducerStateEntry", []string{"producer id", "sequence number", "producer.enable.idempotence"}},
	{"sequence number", []string{"sequence"},
		"The number that an idempotent producer gives to each record of a partition. The leader takes the next one in " +
			"order, answers one of the last five batches as a repeat, and refuses anything else.",
		"ProducerAppendInfo.checkSequence, ProducerStateEntry.NUM_BATCHES_TO_RETAIN", []string{"idempotence", "producer epoch"}},
	{"producer id", []string{"PID"},
		"The number under which a broker remembers a producer's sequence numbers. A producer without a transactional.id " +
			"gets a new one at every start.",
		"KIP-98, ProducerIdControlManager", []string{"producer epoch", "idempotence"}},
	{"producer epoch", nil,
		"A counter beside the producer id. A larger epoch fences older ones: a new instance with the same transactional.id " +
			"gets one, and with transaction.version=2 so does every transaction.",
		"KIP-98, KIP-360, KIP-890, TransactionManager", []string{"fencing", "features.transaction.version"}},

	{"transaction", nil,
		"A set of records, and of offset commits, that consumers with read_committed see together or not at all. The " +
			"transaction coordinator writes the decision first and then a marker to every partition.",
		"KIP-98, TransactionCoordinator", []string{"transaction marker", "LSO", "exactly-once"}},
	{"transaction marker", []string{"commit marker", "abort marker", "marker"},
		"A control record that ends a transaction in the log of a partition: COMMIT or ABORT. Readers with read_committed " +
			"wait for it.",
		"EndTransactionMarker, TransactionMarkerChannelManager", []string{"transaction", "LSO"}},
	{"transaction coordinator", []string{"coordinator"},
		"The broker that keeps the state of a transactional.id and ends its transactions. In the model it does not fail.",
		"TransactionCoordinator, TransactionStateManager", []string{"transaction", "transaction-timeout"}},
	{"hanging transaction", nil,
		"A transaction that is open in a partition and that no coordinator will end. Readers with read_committed wait at " +
			"its first record for ever.",
		"KIP-890, KAFKA-14402", []string{"LSO", "broker.transaction.partition.verification.enable"}},
	{"torn transaction", nil,
		"A part of a transaction that a reader with read_committed sees without the rest.",
		"KAFKA-17754; Jepsen, Bufstream 0.1.0", []string{"late-endtxn-torn-transaction", "features.transaction.version"}},

	{"committed offset", []string{"commit", "offset commit"},
		"Where a consumer group goes on after a restart: the offset of the next record that it wants. It says nothing " +
			"about which records were processed.",
		"OffsetMetadataManager, GroupCoordinatorService", []string{"position", "offset-lost", "consumer.enable.auto.commit"}},
	{"position", nil,
		"The offset of the record that a consumer's next poll returns. It is in memory; after a restart the consumer begins " +
			"at its committed offset.",
		"SubscriptionState", []string{"committed offset", "consumer.auto.offset.reset"}},
	{"poll", nil,
		"The call with which a Java consumer gets records. It also commits offsets, with auto commit on, and takes part in " +
			"rebalances.",
		"KafkaConsumer.poll, ConsumerCoordinator.poll", []string{"consumer.enable.auto.commit", "rebalance"}},
	{"share group", []string{"share groups"},
		"A group whose members take the records of a partition in turns and acknowledge each of them, as from a queue. " +
			"app.share says that a consumer is of one; kcheck explain share-groups compares the ways to use one.",
		"KIP-932; SharePartition, KafkaShareConsumer", []string{"acquisition lock", "start offset", "app.share"}},
	{"acquisition lock", []string{"acquired", "lock"},
		"What a member of a share group has on a record that it was given: no other member gets the record until it is " +
			"acknowledged or released, the member's connection breaks, or the lock runs out.",
		"SharePartition, InFlightState; KIP-932", []string{"share group", "lock-timeout", "connection-lost"}},
	{"start offset", []string{"SPSO", "share-partition start offset"},
		"The first offset of a partition that a share group is not done with. Records below it are never delivered again.",
		"SharePartition.startOffset; KIP-932", []string{"share group"}},
	{"archived", []string{"archiving"},
		"What a record is that a share group gives up: it was rejected, or was delivered share.delivery.count.limit times. " +
			"It is never delivered again. With a dead-letter queue it is archiving until the queue has it.",
		"RecordState; KIP-932, KIP-1191", []string{"share group", "group.share.delivery.count.limit", "group.errors.deadletterqueue.topic.name"}},
	{"effect", nil,
		"What an application does with a message: a write to a database, a mail, a record in another topic. A message is " +
			"processed when its effect took place; app.effect says whether a repetition is harmless.",
		ownTerm, []string{"processed", "app.effect"}},
	{"downstream", nil,
		"Whoever reads the topic that the application writes, with app.output: kafka.",
		ownTerm, []string{"downstream.isolation.level", "app.output"}},

	{"attempted", nil,
		"The application called send for the message. With counted: attempted every such message counts, also one whose " +
			"failure was reported.",
		ownTerm, []string{"accepted", "acked", "counted"}},
	{"accepted", nil,
		"The latest send of the message returned to the application without an error, and no failure of it was, or can " +
			"still be, reported. This is what counts by default. It includes what sits in the memory of a producer that dies.",
		ownTerm, []string{"acked", "attempted", "counted"}},
	{"acked", []string{"acknowledged"},
		"The client reported success for a send of the message. With acks=0 that is when the bytes were written to the " +
			"socket.",
		ownTerm, []string{"accepted", "producer.acks", "no-acked-loss"}},
	{"counted", []string{"counts"},
		"Which messages must not be lost: acked, accepted (the default) or attempted ones. A spec has counted: and the " +
			"command --counted.",
		ownTerm, []string{"acked", "accepted", "attempted"}},
	{"processed", nil,
		"The effect of the message took place. An idempotent effect counts once, however often it is repeated.",
		ownTerm, []string{"effect", "delivered"}},
	{"delivered", nil,
		"The record was returned to the application by a poll. It need not be processed.",
		ownTerm, []string{"processed", "poll"}},
	{"lost", nil,
		"A message is lost when it is not processed and no copy is left from which it could be, in producer, network, logs " +
			"or consumer; or when nothing but another fault can happen and it is still not processed.",
		ownTerm, []string{"at-least-once"}},

	{"fault", nil,
		"Something that goes wrong and need not happen, such as a crash or a lost request. Restarts, elections, retries and " +
			"polls are no faults: they happen in the end if nothing else does.",
		ownTerm, []string{"budget", "recovery"}},
	{"recovery", nil,
		"A step that only repairs or gives up: a restart, a partition that heals, a timer that runs out. It is no fault; " +
			"the guarantee uninterrupted asks what must wait for one.",
		ownTerm, []string{"fault", "uninterrupted"}},
	{"budget", []string{"fault budget", "faults"},
		"How often each kind of fault may occur in a run: the faults of a spec, or --faults broker-crash=1,replica-lag=2. A " +
			"verdict holds for this budget and every smaller one.",
		ownTerm, []string{"standard", "fault"}},
	{"standard", []string{"standard budget", "default budget"},
		"The budget of a question that names no faults: " + standardFaults() + ".",
		ownTerm, []string{"budget"}},
	{"any", []string{"any number of times"},
		"A fault of a budget that may occur as often as it likes, in whatever order: the verdict is about runs of any length. " +
			"It does not count in total.",
		ownTerm, []string{"budget", "total", "overlap"}},
	{"total", nil,
		"The most faults of a budget that occur in one run, of all kinds together, those with any left out.",
		ownTerm, []string{"budget", "standard", "any"}},
	{"overlap", nil,
		"The most brokers that are away at a time: down, cut off, not fetching or out of the in-sync set. A fault that would " +
			"take one more away waits until one is back; one that takes more away at once cannot happen.",
		ownTerm, []string{"budget", "total-power-loss", "ISR"}},
	{"fault set", []string{"minimal fault set", "minimal set"},
		"Kinds of fault, each with how often it occurs. A set is minimal when the guarantee is violated under it and under no part of " +
			"it; kcheck resilience lists all of these.",
		ownTerm, []string{"budget"}},
	{"scope", nil,
		"The size of what was explored: messages, replicas, members of the group. A verdict says nothing beyond it.",
		ownTerm, []string{"limits", "budget"}},

	{"holds", nil,
		"Every run within the scope and the budget was explored, and none breaks the guarantee. Exit status 0.",
		ownTerm, []string{"violated", "scope", "budget"}},
	{"violated", nil,
		"There is a run that breaks the guarantee; the report shows the shortest one with the fewest faults. Exit status 1.",
		ownTerm, []string{"counterexample", "holds"}},
	{"vacuous", nil,
		"No run within the scope reaches the witness of the guarantee, so there was nothing to break: for instance no " +
			"message is ever acknowledged. This is not holds. Exit status 3.",
		ownTerm, []string{"witness", "holds"}},
	{"inconclusive", nil,
		"Time, memory or a bound of the model ran out before an answer. The report says what is complete. Exit status 3.",
		ownTerm, []string{"limits", "holds"}},
	{"refused", nil,
		"Kafka itself would not start with this configuration, or would refuse the setting; the report has Kafka's rule. " +
			"Exit status 2.",
		ownTerm, nil},
	{"informational", []string{"info"},
		"Said of a guarantee that nobody asked for and that stands beside the question. It never decides the exit status, is a " +
			"note in SARIF and passes in JUnit.",
		ownTerm, []string{"at-most-once", "holds", "violated"}},
	{"expect", []string{"expected"},
		"The verdict that a spec wants, for all its guarantees or for each: holds, violated, vacuous or refused. Met it counts " +
			"as exit status 0, missed as 1. It is not looked at when a flag changes the question; files beside a spec are part of it.",
		ownTerm, []string{"holds", "violated", "vacuous", "refused"}},
	{"witness", nil,
		"What must be able to happen for a guarantee to mean something, such as one acknowledged message. Where it cannot, " +
			"the verdict is vacuous.",
		ownTerm, []string{"vacuous"}},
	{"counterexample", []string{"trace"},
		"A run, step by step, that breaks a guarantee: with the fewest faults and, among those, the fewest steps.",
		ownTerm, []string{"violated", "step"}},
	{"step", []string{"action"},
		"One thing that happens in a run: an action of the model, such as a fetch or a crash. kcheck list actions has all.",
		ownTerm, []string{"counterexample", "state"}},
	{"state", []string{"distinct states", "states"},
		"Everything that the model knows at one moment: logs, in-sync set, requests under way, offsets. Distinct states are " +
			"those that were explored; generated ones include repetitions.",
		ownTerm, []string{"depth", "limits"}},
	{"depth", nil,
		"How many steps the farthest state that was explored is away from the beginning.",
		ownTerm, []string{"state"}},
	{"memory", []string{"--memory"},
		"What kcheck may take of the machine's memory, all included; by default half of what the machine or the container has. " +
			"A search that needs more ends as inconclusive, and says up to which depth it is complete; --disk goes on.",
		ownTerm, []string{"disk", "inconclusive", "state"}},
	{"disk", []string{"--disk"},
		"With --disk a search keeps in a folder what does not fit into its memory: fingerprints of the states that it has met, " +
			"and states that are still to be explored. Verdict, counts and counterexamples are the same. Nothing is left of it.",
		ownTerm, []string{"memory", "checkpoint", "state"}},
	{"checkpoint", []string{"--checkpoint", "resume"},
		"With --checkpoint kcheck check writes down in a folder how far it is, every ten minutes and when it is interrupted; the " +
			"same command goes on from there. Another question or another kcheck is refused.",
		ownTerm, []string{"disk", "memory"}},
	{"reductions", []string{"reduction", "symmetry"},
		"Ways to explore fewer states with the same answer, such as treating brokers that differ only by name as one case. " +
			"--no-reductions switches them off.",
		ownTerm, []string{"state"}},
	{"assumed", []string{"assumption"},
		"A value that no file gives and that is no default of Kafka: kcheck had to choose. Values of a part that is not " +
			"given are chosen so that they cannot be the cause.",
		ownTerm, []string{"app.send", "app.commit"}},
}

// standardFaults is the standard budget in words.
func standardFaults() string {
	return strings.ReplaceAll(model.StandardBudget().String(), ",", ", ")
}

// termTopics are the entries of the glossary.
func termTopics(model.Version) []topic {
	list := make([]topic, 0, len(glossary))
	for _, t := range glossary {
		list = append(list, topic{kind: "term", name: t.name, aliases: t.aliases, summary: t.meaning, brief: firstSentence(t.meaning),
			fields: []field{{"also", strings.Join(t.aliases, ", ")}, {"source", t.source}, {"see", strings.Join(t.see, ", ")}}})
	}
	return list
}
