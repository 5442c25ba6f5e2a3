package model

import "github.com/kcheck/kcheck/explore"

// brokerActions are what a broker does about its own state.
var brokerActions = []*Action{brokerLearns, brokerRestarts, newDiskIsAssigned, partitionHeals}

var brokerRestarts = &Action{
	Name: "BrokerRestarts", Time: Timing{Step: "restart"}, Actor: "broker", Area: AreaReplication, Over: PerBroker, Class: explore.Recovery,
	Doc: Doc{
		Summary: "BrokerRestarts is a stopped broker starting again.",
		Guard: "The broker is down, and the controller has noticed; or, with ZooKeeper before 2.2 and after a crash, has not, and " +
			"has made a decision since.",
		Effect: "What survives is decided now: after a loss of power any prefix of the log that contains what is " +
			"known to be on disk, after a crash all of it; the high watermark is one that it had, as the " +
			"checkpoint recorded it. With eligible leader replicas an unclean shutdown takes the broker out of " +
			"the in-sync set and the eligible replicas. Then it takes part again, in the newest epoch; its leader " +
			"waits for its first fetch, and where there is no leader it leads only once it is elected.",
		Abstracts: "Log recovery, registration and unfencing are one step. A broker that is back before the controller has noticed " +
			"that it was gone is told nothing of its replicas, and neither leads nor follows, until the next decision: so long it is " +
			"down here (KAFKA-1120).",
		Sources: []string{
			"LogManager.loadLogs and recovery point",
			"ReplicaManager high watermark checkpoint",
			"KafkaController.processBrokerChange (bounced brokers, KIP-380, 2.2)",
			"ClusterControlManager.registerBroker, ReplicationControlManager.handleBrokerShutdown (4.0), KIP-966",
		},
	},
	Guard: canRestart, Choices: survivals, Effect: restartEffect,
	Text: "{broker} starts again",
	Outcomes: []Outcome{
		{Word: "whole"},
		{Word: "truncated", Text: "; what it had not flushed is gone, its log ends at {offset}"},
		{Word: "on-disk", Text: "; its log was on disk"},
	},
	Result:   restartResult,
	Causes:   []Cause{byFlush.when(mayLosePower), byElr.when(changesISR)},
	Route:    Route{From: "{broker}", Label: "starts again"},
	Hastened: Hastened{By: RestartsAtOnce, After: []string{"BrokerCrashes", "BrokerLosesPower", "AllBrokersLosePower", "BrokerLosesDisk", "BrokerShutsDown"}},
	Forced:   steady,
}

func canRestart(m *Model, s *State, b Binding) bool {
	if s.alive(b.Broker) {
		return false
	}
	return s.hasFlag(b.Broker, flagFenced) ||
		m.c.B.RestartsUnnoticed && !s.hasFlag(b.Broker, flagPower) && s.epochOf(b.Broker) != s.epoch()
}

// survivals counts the outcomes of a restart: high watermarks from 0 to the old one, times surviving log ends.
func survivals(m *Model, s *State, b Binding) int {
	if !s.hasFlag(b.Broker, flagDirty) {
		return 1
	}
	ends := 1
	if s.hasFlag(b.Broker, flagPower) {
		ends = s.logLen(b.Broker) - m.onDisk(s, b.Broker) + 1
	}
	return ends * m.checkpoints(s, b.Broker)
}

// checkpoints counts the high watermarks that a broker can come back with.
func (m *Model) checkpoints(s *State, b int) int {
	if m.takes(FetchesAtOnce) {
		return 1
	}
	return s.hw(b) + 1
}

// onDisk is how much of broker b's log is known to survive: what was flushed, and whatever retention has deleted, for a log
// does not end before it starts.
//
// Kafka: log-start-offset-checkpoint; LogLoader.load begins a new segment at the log start offset.
func (m *Model) onDisk(s *State, b int) int { return max(s.flushed(b), m.startAt(s, b)) }

func restartEffect(m *Model, s *State, b Binding) {
	x := b.Broker
	if s.hasFlag(x, flagDirty) {
		hws := m.checkpoints(s, x)
		end := s.logLen(x) - b.Choice/hws
		if hws > 1 {
			s.setHW(x, b.Choice%hws)
		}
		m.truncate(s, x, end)
		if m.tracksDisk && s.hasFlag(x, flagPower) {
			s.setFlushed(x, s.logLen(x)) // seen to survive once
		}
	}
	unclean := s.hasFlag(x, flagUnclean)
	s.clearFlag(x, flagDead|flagDirty|flagPower|flagUnclean)
	if unclean && m.c.Topic.ELR {
		m.dropUncleanReplica(s, x)
	}
	s.clearFlag(x, flagFenced)
	m.rejoin(s, x)
}

var newDiskIsAssigned = &Action{
	Name: "NewDiskIsAssigned", Time: Timing{Step: "restart"}, Actor: "controller", Area: AreaReplication, Over: PerBroker,
	Class: explore.Recovery,
	Doc: Doc{
		Summary: "NewDiskIsAssigned is the controller counting a broker that came back with a new disk among those that it may elect.",
		Guard: "The partition has no leader, and the broker, which runs, has lost its disk: its replica was assigned to a log " +
			"directory that is gone.",
		Effect: "The broker can be elected, empty as it is.",
		Abstracts: "The broker tells the controller of its new directory as soon as it runs, but the controller looks for leaders " +
			"only when the next broker is started, of the partition or of the rest of the cluster, or a person asks for an election.",
		Sources: []string{
			"ReplicaManager.maybeUpdateTopicAssignment, ReplicationControlManager.handleAssignReplicasToDirs and handleBrokerUnfenced (3.7 to 4.4)",
			"KIP-858",
		},
	},
	Applies: func(m *Model) bool { return m.c.B.ElectsByDirectory && m.c.Faults[DiskLoss] > 0 },
	Guard: func(m *Model, s *State, b Binding) bool {
		return s.hasFlag(b.Broker, flagNoDirectory) && s.up(b.Broker) && !s.hasFlag(b.Broker, flagFenced) && !s.hasLeader()
	},
	Effect: func(m *Model, s *State, b Binding) { s.clearFlag(b.Broker, flagNoDirectory) },
	Text:   "another broker is started, and {broker} with its new disk can be elected",
	Causes: anyConfiguration,
	Route:  Route{From: "controller", Label: "new disk of {broker}"},
	Silent: true,
	Forced: Forced{Unforceable, "the brokers of the partition are all that there are"},
}

// dropUncleanReplica takes a broker that shut down uncleanly out of the in-sync set and the eligible leader replicas.
func (m *Model) dropUncleanReplica(s *State, b int) {
	switch {
	case m.leader(s) == b:
		m.goOffline(s, b, b)
	case s.inISR(b, s.epoch()):
		m.leaveISR(s, b, b)
	}
	s.clearFlag(b, flagELR)
}

// rejoin puts a broker that has just started into the newest epoch.
func (m *Model) rejoin(s *State, b int) {
	e := s.epoch()
	switch {
	case !s.hasLeader(): // nobody to follow; if it led last, it leads again only when it is elected
		s.clearLeaderOf(b, e)
		m.depart(s, b)
		s.setEpochOf(b, e)
		s.setFetchPosition(b, positionUnknown)
		s.setStartOf(b, 0)
	case s.epochOf(b) != e:
		m.learn(s, b, e, afterStart)
	default:
		pos := s.fetchPosition(b)
		m.depart(s, b)
		m.becomeFollower(s, b, e, true)
		if !m.c.B.FencesAdditions {
			s.setFetchPosition(b, pos) // the leader goes by what it knew of the earlier incarnation
		}
	}
}

// stop ends broker b's process. What it held in memory for others is gone.
func (m *Model) stop(s *State, b int) {
	m.breakConnections(s, b, true)
	if s.alive(b) {
		s.clearFlag(b, flagNoDirectory) // the controller knows its directory by now
	}
	s.setFlag(b, flagDead)
	s.clearFlag(b, flagTruncating|flagStalled)
	s.clearFlag(b, flagCut)
	m.controllerGone(s, b)
}

var partitionHeals = &Action{
	Name: "PartitionHeals", Time: Timing{Step: "heal"}, Actor: "broker", Area: AreaReplication, Over: PerBroker, Class: explore.Recovery,
	Doc: Doc{
		Summary:   "PartitionHeals ends LeaderIsCutOff.",
		Guard:     "The broker is cut off.",
		Effect:    "It reaches the others again and is no longer fenced.",
		Abstracts: "Unfencing is in the same step; what happened meanwhile it learns by BrokerLearns.",
		Sources: []string{
			"BrokerHeartbeatManager (KRaft)",
			"a new ZooKeeper session",
		},
	},
	Applies: func(m *Model) bool { return m.c.Faults[Partition] > 0 },
	Guard:   func(m *Model, s *State, b Binding) bool { return s.hasFlag(b.Broker, flagCut) },
	Effect: func(m *Model, s *State, b Binding) {
		s.clearFlag(b.Broker, flagCut)
		s.clearFlag(b.Broker, flagFenced)
	},
	Text:   "the partition around {broker} heals",
	Causes: anyConfiguration,
	Route:  Route{From: "{broker}", Label: "connected again"},
	Forced: steady,
}

func restartResult(m *Model, pre *State, b Binding, post *State, p *Params) string {
	n := post.logLen(b.Broker)
	p.Offset = at(n)
	switch {
	case !pre.hasFlag(b.Broker, flagPower) || pre.logLen(b.Broker) == 0:
		return "whole"
	case n < pre.logLen(b.Broker):
		return "truncated"
	}
	return "on-disk"
}
