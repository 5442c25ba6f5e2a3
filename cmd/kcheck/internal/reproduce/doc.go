// Package reproduce plays runs of the model on a cluster of real Apache Kafka brokers: counterexamples, to see whether the
// guarantee is broken there, too, and random runs of specs that hold, to see whether the cluster is at every step where the
// model says.
//
// It knows results ([verdict.Result]) and nothing else of the model: the settings, the state at the beginning and what each
// step changes. From them it makes topics, groups, producers and consumers, and for every step it pulls a handle on the
// cluster and waits until what the step changes can be seen.
//
// # What runs
//
// All on the loopback interface, with ports and directories of its own, ended and removed afterwards: as many brokers as the
// scope has, which the faults meet, and one more node, which is the controller and keeps the internal topics and the inputs
// of applications. The model has coordinators and offsets topic reliable, and so no fault ever meets that node. Releases
// before 3.3, and specs with zookeeper.connect, have a ZooKeeper server beside it, which no fault meets either. Before
// every listener stands a proxy that takes Kafka's requests and responses apart, one by one. The application is one process
// each for producers and consumers of the Java client, so that they can be killed. With Kafka 0.8 they are its Scala producer
// and its high-level consumer. Before 2.7 topics, leader epochs and elections are read and written in ZooKeeper, as Kafka's own
// tools do, and with 0.8 the offsets of groups.
//
// # Rooms
//
//   - jvm finds a distribution and a JDK, and runs Java processes.
//   - wire frames Kafka's requests and responses; proxy holds them until a step lets them through.
//   - cluster starts and stops the nodes, and asks them: topics, partitions, groups, the records on their disks.
//   - player runs the Java clients (Player.java), or those of Kafka 0.8 (Player08.java).
//   - This package joins them: a trace is what the model says, a replay plays it by the handles of its actions (handles.go),
//     compares after every step (compare.go), and looks at the guarantee at the end (look.go).
//
// # The handles
//
//   - A step of a client or a follower is one request or answer let through: the proxies hold produce requests and their
//     answers, fetches of followers and of the consumer, commits, EndTxn requests and transaction markers.
//   - BrokerLearns lets the controller's log through to a broker; until then the answers to its fetches of it are held. Where
//     the broker reads several decisions at once, the connection with the earlier answer breaks and the next answer has them
//     all; or, with [Options.Pause], the process of the broker is paused (SIGSTOP) from before the first to after the last.
//     With ZooKeeper it is the LeaderAndIsr requests of the controller that are held, and a broker gets every one of them.
//   - Moves of the leader are played as late as the trace allows: a broker that asks again gets all that was decided meanwhile.
//   - A crash is SIGKILL, an orderly shutdown SIGTERM. Power loss is SIGKILL, and before the broker starts again its log is
//     cut to what the trace says survived. That is never less than what is known to be flushed: nothing here flushes but
//     flush.messages and orderly shutdowns, as in the model. Disk loss is an emptied log directory.
//   - ReplicaLags holds the follower's heartbeats until the controller fences it. It stays fenced until the trace needs it. With
//     ZooKeeper its session is held until it ends, and the follower learns of the leader epoch that begins then.
//   - Up to 2.0 a new follower truncates: to its high watermark as it learns, or (from 0.11) when its request for where the
//     epoch ends is let through. From 2.1 to 2.6 that request is let through with the first fetch.
//   - Leader moves are elections of the preferred leader, after a change of the order of the replicas; the same order makes
//     an election after a crash choose whom the trace says.
//   - A member of a share group is told who leads by those brokers alone that know as much as the leader of the trace.
//   - A request that is late outlives its sender's connection at the proxy and is handed to the broker later.
//   - Timers run out where a step says so, and are set to minutes otherwise.
//   - The Scala producer's questions who leads, of which it has one between two attempts, are held until the trace has it send again,
//     so that its few retries are not used up while there is no leader. A send after a change of the leader is played just before
//     its request arrives, and the producer is made to ask who leads, so that it makes no attempt that the trace does not have.
//
// # Faults by a clock
//
// [Clock] has no trace: every source of faults draws its times from a seed, by the rates of package risk, while messages are sent
// (rates_*.go). It counts for how many messages a guarantee is broken, measures how long the steps took, and has package risk
// compute what is to be expected.
//
// # What it cannot do
//
// Clients other than those of the brokers' own version, the new group protocol, followers that copy from disk, a partition that is
// new in the middle of a run, and releases 0.9 to 0.10.1: cannot be forced. Brokers before 2.7 change the in-sync set in ZooKeeper
// themselves, as soon as a follower fetches; a high watermark that the trace has pass before that cannot be forced. No broker is back before the controller has noticed that it was gone (before
// 2.2): its new process would end, or with 0.8 wait, while ZooKeeper has the session of the last one. In an
// orderly shutdown the other brokers learn of the new leader in the same step, because the broker waits for that, unless the trace
// has them lag. A broker that comes back is counted as there at once, so a partition without a leader gets one in the step in which
// the broker restarts. High watermarks of followers may be ahead of the model's, by the fetch that moved that of the leader, whose
// answer is lost where it matters (up to 2.0): see [replay.compare].
package reproduce
