// Package model is Kafka's message path - producer, page cache, disk, in-sync followers, election, consumer - as a
// transition system: a state, the actions that change it, and what a guarantee can ask of a state. Package explore
// enumerates the states, package invariants says what must hold in them.
//
// # How to read it
//
// Each thing is one entry of a registry with all that is said or done with it: an [Action] has a guard that only reads, an
// effect that never asks whether it should run, its documentation with the Kafka class, document or KIP that it follows,
// the sentence and the signal of its steps, and the settings that cause it. [Actions] lists them. A [Fault] says what a
// kind of fault takes away, a [Behaviour] which releases have a rule. Nothing else lists actions, faults or behaviours by
// name, so that nothing can be forgotten; [New] refuses a model with an incomplete entry.
//
// The files are named for who acts: producer.go, producer_failure.go and idempotence.go, network.go and queue.go for the
// producer; replication.go, belief.go, broker.go and broker_faults.go for brokers; election.go for the controller;
// consumer.go and group.go for the consumer; txn_*.go for the process that consumes, transforms and produces, with its
// coordinator. state.go and layout.go, and txn_state.go, alone know where a variable is kept. behaviour_versions.go alone
// knows which release has which rule.
//
// [Model.View] and [Model.Step] tell states and steps as data; package describe puts them into words and pictures.
//
//	c := model.DefaultConfig()        // or kafkaconf, from the user's own files
//	c.Prod.Acks = model.AcksOne
//	c.Prod.Idempotent = false
//	c.B = model.BehavioursOf(&c)      // after the last change
//	m, err := model.New(c)            // an explore.Model
//
// # Glossary
//
//	scope        the bounds: replicas, messages; counterexamples within it are real, beyond it nothing is claimed
//	budget       how often each kind of fault may occur
//	fault        something that goes wrong; every other step happens in the end if nothing else does
//	recovery     a step that only repairs or gives up: a restart, a partition healing, a timer that guards an answer
//	leader epoch the number of a decision of the controller about the leader
//	in-sync set  the replicas that a leader waits for with acks=all, and from which a leader is elected
//	belief       what a broker or client has learnt of the controller's decisions; it acts on that
//	position     a follower's log end as its leader knows it
//	high watermark  the least position of the in-sync set: what consumers may read
//	incarnation  producer id and producer epoch: what sequence numbers are counted within
//	exposed      readable for a consumer at some time
//	attempt      in a transaction: what a process writes between two ends of transactions
//
// # What is abstracted, and why nothing is lost by it
//
// Each of these makes the space smaller by an order of magnitude. They are claims about Kafka, so each has a reason.
//
// Late choice. A crash is a step, but what survives it is decided at the restart, when it first makes a difference: any
// prefix of the log between what is known to be on disk and the log end (power), and any earlier high watermark. So
// flushes by the operating system, which can come at any time, need no steps. Likewise a request on the wire is a message
// that is still in the producer: it arrives (LeaderAppends), or is found to be lost or late when that happens. What a
// real run decides early and looks at late is the same run. (Records go through the page cache: UnifiedLog.append,
// UnifiedLog.flush; the design page of the documentation, "Replication".)
//
// Atomic fetch. A fetch and its answer are one step, in this order: the leader learns the follower's position, computes
// its high watermark, and hands out records and the high watermark that it had when the request came; the follower
// appends. So the leader knows of a copied record only with the next fetch, and the follower of the high watermark one
// fetch later: the lag on which KIP-101, KIP-279 and KIP-320 turn is kept. A fetch whose answer is lost tells the leader
// the follower's log end and nothing else changes: it is a fetch that came before the appends whose records it missed.
// (Partition.fetchRecords, updateFollowerFetchState; AbstractFetcherThread.)
//
// The in-sync set changes in one step of leader and controller. Kafka's leader counts, while its request is under way, by
// the maximal in-sync set: a replica to be added counts already, one to be removed counts still (KIP-497, Partition's
// PendingExpandIsr and PendingShrinkIsr). In between it therefore waits for more replicas than either end, and what it may
// do it may also do just before the one step or just after it. Only the leader of the newest epoch can change the set,
// as Kafka refuses others by the partition epoch. For each older epoch the set that its leader last knew is kept, since a
// deposed leader still uses it.
//
// Epochs are ranks. Rules compare leader epochs and count on from the newest; they never look at the number. So epochs
// that nothing refers to any more are dropped and the others renumbered, and elections need no bound. A state that would
// need more than eight at a time hits the bound of the model, and the verdict cannot be holds.
//
// Brokers are interchangeable. No rule looks at a broker's number; Kafka's order of replicas decides only which candidate
// is elected, and here each may be. No field names a broker: who leads an epoch is a bit in the leader's own word, what a
// leader knows of a follower is in the follower's. States that differ by a permutation are one (see Canonical).
//
// The high watermark checkpoint is not followed. A broker writes it every five seconds, and it may be written at any
// moment; so after a crash any value from 0 to the last is possible. (OffsetCheckpoint,
// replica.high.watermark.checkpoint.interval.ms.)
//
// Timers. There is no clock, but there is an order. A timer that guards an answer - request.timeout.ms,
// delivery.timeout.ms, max.block.ms, transaction.timeout.ms - runs out only where the answer cannot come without it, or
// where a follower that has stopped to fetch stays in the in-sync set longer than the timer (replica.lag.time.max.ms, see
// stalled.go). So does max.poll.interval.ms while a process waits for an output (txn_outage.go). Of two that guard the same
// answer the shorter runs out first: else every configuration would lose everything to an impatient client, which is a fault (delay), not a
// rule. Of the other timers the order is not followed: each may run out at any moment.
//
// Retries that can only fail as before are no steps, so that no cycle is free of faults. That every run without faults
// comes to an end is what makes loss a property of single states: a message is lost where nothing but a fault can happen
// any more and it is unprocessed. Tests look for cycles in all versions.
//
// One record is one batch and one request. Larger batches only make appends atomic, and a batch of one is always
// allowed. Sequence numbers are not kept: within an incarnation they are the order of the sends.
//
// # What real brokers have shown
//
// Runs of the model are played on Apache Kafka (kcheck reproduce, specs/reproduced.md). Where the brokers cannot be brought
// to follow a run, they do less than the model, or two of its steps at once:
//
//   - Answers come in order on one connection; here a later message may be acknowledged first.
//   - The answer to a fetch that finds nothing new carries the high watermark as of the answer, so a follower may know it
//     one fetch earlier than here.
//   - A broker that comes back to a partition without a leader is elected in that moment; here in a step of its own.
//   - A leader takes a follower into the in-sync set, or asks for that, in the fetch that shows that it has caught up; here in a
//     step of its own, so the high watermark may pass without that follower meanwhile.
//   - Before 2.0.1 a follower that has more than its leader ends its process where unclean elections are not enabled, again and
//     again if its high watermark checkpoint has all of its log. Here it finds an earlier checkpoint when it is started again, so
//     whatever rests on such a broker staying away is not seen.
//   - With ZooKeeper up to 1.0 and unclean elections enabled, the in-sync set is empty when its last member has gone; here it
//     keeps that member. Any replica that comes back can be elected in both.
//   - From 2.1 to 2.6 a new follower asks its leader where to truncate before it fetches; here it truncates with its first fetch, as
//     it does from 2.7 on.
//   - A broker acts on a superseded decision only if it came in another answer than the next one.
//   - An orderly shutdown ends when the other brokers have learnt of the new leader; here they may learn later.
//   - Java's client asks for metadata when a connection breaks. Unless a broker that is behind answers, it does not go back
//     to a former leader, nor to one that acts on an older epoch than it has learnt.
//   - A member of a share group fetches from the leader that its session is with until that leader names another, whatever its
//     metadata says; here it may ask the new leader at once.
//   - With transaction.version 1 a partition is added to the transaction by the first send; here as soon as it begins.
//
// # What is left out
//
// [LeftOut] says it, and every verdict that holds repeats it. Beyond the limits [MaxReplicas], [MaxMessages] and
// [MaxMembers] a configuration is refused, never cut down.
//
// # Versions
//
// [Released] lists the releases, [Lines] the lines that they make. Replication has four cores: truncation to the high
// watermark (0.10 and before), KIP-101 (0.11), KIP-279 (2.0, as of 2.0.1 with KAFKA-7415), KIP-320 (2.1 on). On the bounds
// of the public TLA+ specifications of these cores (github.com/hachikuji/kafka-specification) they hold and fail as those
// do; TestCoresSeparate has the table, and TestCoresAsReleased the one cell in which Kafka was better than its
// specification. Clusters run ZooKeeper or KRaft: with ZooKeeper a broker may learn a decision without the ones before, and
// before 2.2 may be back before its absence is noticed.
package model
