package model

import "fmt"

// FaultDocs says for each fault, by its name, what one occurrence of it does.
func FaultDocs() map[string]string {
	docs := make(map[string]string, NumFaults)
	for f, text := range faultDocs {
		docs[faultNames[f]] = text
	}
	return docs
}

// faultDocs are in the order of the constants. That a fault coincides with another, or follows it, needs no fault of its
// own: occurrences come in any order.
var faultDocs = [NumFaults]string{
	RequestLost: "The connection breaks with a produce request on it. That request and the later ones on the connection " +
		"never reach the broker; the client fails everything that was in flight there at the same moment.",
	ResponseLost: "The broker has carried a produce request out, and the connection breaks before the client has its answer. " +
		"The client fails everything that was in flight on the connection at the same moment.",
	Delay: "A produce or EndTxn request is late: it arrives after its sender has timed out, perhaps after the sender has " +
		"repeated it or begun its next transaction.",
	SendRefused: "A send is turned down for good, because the record is too large or the client may not write. Trying " +
		"again would not help.",
	ProducerCrash: "The process of the producer dies with everything in its memory, and is started again.",
	BrokerCrash: "The process of a broker dies. Its page cache lives on, so its log is whole; its high watermark falls " +
		"back to one that it had, as the checkpoint recorded it. It is started again, under ZooKeeper perhaps before the " +
		"controller has noticed, and the restart counts as unclean.",
	PowerLoss: "The machine of a broker goes down. Of the records that were not flushed any prefix survives; the high " +
		"watermark falls back as after a crash. It is started again once the controller has noticed.",
	TotalPowerLoss: "All machines go down at the same moment, each as in power-loss, and return in any order.",
	DiskLoss:       "A broker loses its log for good. It returns with an empty one, after the controller has noticed.",
	CleanRestart: "A broker is shut down in order: it hands its leadership over where another replica may lead, flushes " +
		"its log, writes its high watermark down, and is started again.",
	LeaderMove: "Leadership goes to another in-sync replica, by an operator, a reassignment or the preferred leader " +
		"election. No broker stops.",
	ReplicaLag: "A follower that runs is taken out of the in-sync set, however much it has copied, because its fetches " +
		"or its heartbeats were late.",
	Partition: "The leader is cut off from the controller and from the followers, while clients still reach it. Healing " +
		"is not a fault.",
	SlowBroker:    "The brokers give no answers for a while, until the queue of the producer is full; then they answer again.",
	ConsumerCrash: "The process of the consumer dies and is started again; it goes on from the committed offset.",
	ConsumerException: "Processing a message throws. A loop with transactions aborts the open one and goes on as " +
		"app.on-abort says; any other ends as app.on-exception says and is started again.",
	Rebalance:          "The partition is given to another member of the group while the first is still at work on what it polled.",
	OffsetLost:         "The committed offset of the group is gone: it has expired, or was lost with the offsets topic.",
	Retention:          "Records are deleted before the group has read them: retention, or under compaction an older value of a key.",
	PartitionAdded:     "The topic gains a partition, and records are written to it before the group has found it.",
	TransactionTimeout: "The coordinator runs out of patience with an open transaction and aborts it.",
}

// LeftOut says what no verdict of the model is about. Reports print it beside `holds`.
func LeftOut() []string { return append([]string(nil), leftOut...) }

var leftOut = []string{
	"one partition of one topic; what an application does across partitions is not followed, except where transactions " +
		"join the input offsets and the output",
	fmt.Sprintf("at most %d replicas, %d messages and %d members of the group; a longer run may hold more surprises",
		MaxReplicas, MaxMessages, MaxMembers),
	"a batch is one record: atomic appends of several, linger.ms, batch.size and compression have no effect",
	"there is no clock: any timer that may run out may do so at any moment, so that how likely or how long is not asked",
	"the controllers are one reliable decision maker; the quorum or ZooKeeper itself does not fail",
	"__consumer_offsets and __transaction_state are reliable logs, but for the faults offset-lost and delay",
	"records and disks are never corrupted: what a disk holds is what was written, in order, up to some point",
	"segments, indexes, tiered storage, quotas and throttling, log directories that fail one by one",
	"reassignment to new replicas: the set of replicas is fixed",
	"fetching from followers (KIP-392), share groups, mirroring between clusters, Streams and Connect",
	"producer.id.expiration.ms and transactional.id.expiration.ms: a broker never forgets a producer that its log shows",
	"bugs of Kafka that are not behaviours of a version listed by kcheck list behaviours",
}
