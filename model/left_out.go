package model

import "fmt"

// LeftOut says what no verdict of the model is about. Reports print it beside `holds`.
func LeftOut() []string { return append([]string(nil), leftOut...) }

var leftOut = []string{
	"one partition of one topic; what an application does across partitions is not followed, except where transactions " +
		"join the input offsets and the output",
	fmt.Sprintf("at most %d replicas, %d messages and %d members of the group; violations that need more are not found",
		MaxReplicas, MaxMessages, MaxMembers),
	"a batch is one record: atomic appends of several, linger.ms, batch.size and compression have no effect",
	"how long something takes: of timers only their order counts, and that only of request.timeout.ms, delivery.timeout.ms and " +
		"transaction.timeout.ms against each other and against replica.lag.time.max.ms, and of max.poll.interval.ms against the " +
		"delivery that a process waits for; where processing takes long or heartbeats do not arrive, a fault of the budget says " +
		"so; all others run out at any moment",
	"the controllers are one reliable decision maker; the quorum or ZooKeeper itself does not fail",
	"__consumer_offsets, __share_group_state and __transaction_state are reliable logs, but for the faults offset-lost and delay",
	"settings that change while the cluster runs, as min.insync.replicas or unclean.leader.election.enable of a topic",
	"records and disks are never corrupted: what a disk holds is what was written, in order, up to some point",
	"segments, indexes, tiered storage, quotas and throttling, log directories that fail one by one",
	"reassignment to new replicas: the set of replicas is fixed",
	"fetching from followers (KIP-392), mirroring between clusters, the state stores of Streams, and what Connect's connectors keep themselves",
	"of a share group: how many messages are lost together (near the limit a batch is split, so that one is, and not all), " +
		"and what the topic of its dead-letter queue looks like, which can have a record twice",
	"producer.id.expiration.ms and transactional.id.expiration.ms: a broker never forgets a producer that its log shows",
	"bugs of Kafka that are not behaviours of a version listed by kcheck list behaviours",
}
