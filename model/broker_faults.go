package model

import "github.com/kcheck/kcheck/explore"

// brokerFaultActions are the faults of brokers and of the replicas.
var brokerFaultActions = []*Action{
	brokerCrashes, brokerLosesPower, allBrokersLosePower, brokerLosesDisk, brokerShutsDown, leaderMoves, replicaLags, followerStalls, leaderIsCutOff,
}

var brokerCrashes = &Action{
	Name: "BrokerCrashes", Actor: "broker", Area: AreaReplication, Over: PerBroker, Class: explore.Fault, Fault: BrokerCrash,
	Doc: Doc{
		Summary: "BrokerCrashes is the fault broker-crash: a broker's process dies.",
		Guard:   "The broker runs.",
		Effect: "Requests at it fail. Its page cache survives; its high watermark will fall back to one it had. It is " +
			"started again, with ZooKeeper before 2.2 perhaps before the controller notices; the restart counts as unclean.",
		Abstracts: "The high watermark checkpoint is not followed; any value the broker had since it was last started " +
			"may be the one on disk.",
		Sources: []string{
			"A killed process leaves no clean-shutdown file (LogManager)",
			"OffsetCheckpoint",
			"KIP-966 on unclean shutdowns",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool { return s.alive(b.Broker) },
	Effect: func(m *Model, s *State, b Binding) {
		m.stop(s, b.Broker)
		s.setFlag(b.Broker, flagDirty|flagUnclean)
	},
	Text:   "{broker}'s process dies; its page cache survives",
	Causes: anyConfiguration,
	Route:  Route{From: "{broker}", Label: "crash"},
	Forced: steady,
}

var brokerLosesPower = &Action{
	Name: "BrokerLosesPower", Actor: "broker", Area: AreaReplication, Over: PerBroker, Class: explore.Fault, Fault: PowerLoss,
	Doc: Doc{
		Summary: "BrokerLosesPower is the fault power-loss: a broker's machine dies.",
		Guard:   "The broker runs.",
		Effect: "Requests at it fail; of what is not known to be on disk any prefix will survive. It is started again " +
			"after the controller has noticed.",
		Abstracts: "Which prefix survives is chosen at the restart, so flushes by the operating system need no steps.",
		Sources: []string{
			"Records are written to the page cache",
			"UnifiedLog.flush by flush.messages, on roll and on clean shutdown",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool { return s.alive(b.Broker) },
	Effect: func(m *Model, s *State, b Binding) {
		m.stop(s, b.Broker)
		s.setFlag(b.Broker, flagDirty|flagPower|flagUnclean)
	},
	Text:   "{broker}'s machine loses power",
	Causes: []Cause{byFlush},
	Route:  Route{From: "{broker}", Label: "power loss"},
	Forced: steady,
}

var allBrokersLosePower = &Action{
	Name: "AllBrokersLosePower", Area: AreaReplication, Actor: ActorBrokers, Over: Once, Class: explore.Fault, Fault: TotalPowerLoss,
	Doc: Doc{
		Summary: "AllBrokersLosePower is the fault total-power-loss.",
		Guard:   "Some broker runs.",
		Effect: "As BrokerLosesPower, for all brokers at once, also those that are down after a crash: their machines " +
			"lose power too. One that was shut down in order has its log, and the file that says so, on disk. " +
			"They come back in any order.",
		Abstracts: "As BrokerLosesPower.",
		Sources: []string{
			"As BrokerLosesPower",
			"KIP-966 on the loss of a whole cluster",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		for x := 0; x < m.n; x++ {
			if s.alive(x) {
				return true
			}
		}
		return false
	},
	Effect: func(m *Model, s *State, b Binding) {
		for x := 0; x < m.n; x++ {
			if s.alive(x) || s.hasFlag(x, flagDirty) {
				m.stop(s, x)
				s.setFlag(x, flagDirty|flagPower|flagUnclean)
			}
		}
	},
	Text:   "all brokers lose power at once",
	Causes: []Cause{byFlush},
	Route:  Route{From: ActorBrokers, Label: "power loss"},
	Forced: steady,
}

var brokerLosesDisk = &Action{
	Name: "BrokerLosesDisk", Actor: "broker", Area: AreaReplication, Over: PerBroker, Class: explore.Fault, Fault: DiskLoss,
	Doc: Doc{
		Summary: "BrokerLosesDisk is the fault disk-loss: a broker loses its log permanently.",
		Guard:   "Always; the broker may be down.",
		Effect: "The broker stops and its log is empty. It comes back empty after the controller has noticed. Since 3.7 it " +
			"cannot be elected then, unless it has had a leader to follow, or a broker is started after it (NewDiskIsAssigned).",
		Abstracts: "The whole disk is lost, not one of several log directories.",
		Sources: []string{
			"A replica without a log starts at offset 0 (LogManager.getOrCreateLog)",
			"ReplicationControlManager: isAcceptableLeader, handleAssignReplicasToDirs, handleBrokerUnfenced (3.7 to 4.4, KIP-858)",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool { return true },
	Effect: func(m *Model, s *State, b Binding) {
		m.stop(s, b.Broker)
		m.truncate(s, b.Broker, 0)
		s.clearFlag(b.Broker, flagEverLed|flagDirty)
		s.setFlag(b.Broker, flagPower|flagUnclean)
		if m.c.B.ElectsByDirectory {
			s.setFlag(b.Broker, flagNoDirectory)
		}
	},
	Text:   "{broker} loses its disk",
	Causes: []Cause{byReplicas},
	Route:  Route{From: "{broker}", Label: "disk loss"},
	Forced: steady,
}

var brokerShutsDown = &Action{
	Name: "BrokerShutsDown", Actor: "broker", Area: AreaReplication, Over: PerBroker, Class: explore.Fault, Fault: CleanRestart,
	Doc: Doc{
		Summary: "BrokerShutsDown is the fault clean-restart: a broker is shut down in order.",
		Guard:   "The broker runs, reaches the controller and is not fenced.",
		Effect: "If it leads and another live broker is in the in-sync set, leadership goes there first; it leaves " +
			"the in-sync set unless it is the last member; its log is flushed and its high watermark written " +
			"down. The controller knows at once.",
		Abstracts: "Controlled shutdown is one step; where it cannot hand leadership over, the broker stops all the " +
			"same.",
		Sources: []string{
			"KafkaServer.controlledShutdown, ControlledShutdownLeaderElection",
			"BrokerLifecycleManager (KRaft)",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool { return s.up(b.Broker) && !s.hasFlag(b.Broker, flagFenced) },
	Choices: func(m *Model, s *State, b Binding) int {
		if m.leader(s) != b.Broker {
			return 1
		}
		_, n := m.successorsInISR(s)
		return max(1, n)
	},
	Effect: shutDownEffect,
	Text:   "{broker} is shut down in order",
	Outcomes: []Outcome{
		{Word: "handed-over"},
		{Word: "no-leader"},
		{Word: "follower"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		switch l := m.leader(post); {
		case m.leader(pre) != b.Broker:
			return "follower"
		case l >= 0:
			p.Leader, p.Epoch = brokerID(l), at(post.epoch())
			return "handed-over"
		}
		return "no-leader"
	},
	Causes: anyConfiguration,
	Route:  Route{From: "{broker}", Label: "shutdown"},
	Forced: steady,
}

// successorsInISR lists the live members of the in-sync set other than the leader.
func (m *Model) successorsInISR(s *State) (heirs [MaxReplicas]int, n int) {
	for b := 0; b < m.n; b++ {
		if s.inISR(b, s.epoch()) && b != m.leader(s) && !s.hasFlag(b, flagFenced) {
			heirs[n] = b
			n++
		}
	}
	return heirs, n
}

func shutDownEffect(m *Model, s *State, b Binding) {
	x := b.Broker
	if m.tracksDisk {
		s.setFlushed(x, s.logLen(x))
	}
	s.setFlag(x, flagFenced)
	switch heirs, n := m.successorsInISR(s); {
	case m.leader(s) != x:
		m.leaveISR(s, x, -1)
	case n > 0:
		m.elect(s, heirs[b.Choice], m.without(s, x), false)
	default:
		m.goOffline(s, x, -1)
	}
	m.breakConnections(s, x, false) // what it could answer it has answered
	m.stop(s, x)
}

var leaderMoves = &Action{
	Name: "LeaderMoves", Time: Timing{Chosen: true}, Area: AreaReplication, Actor: "controller", Over: PerBroker, Class: explore.Fault, Fault: LeaderMove,
	Doc: Doc{
		Summary:   "LeaderMoves is the fault leader-move: a planned change of leader.",
		Guard:     "There is a leader; the broker is another, live member of the in-sync set.",
		Effect:    "A new leader epoch with this leader and the same in-sync set; no broker stops.",
		Abstracts: "Why: preferred leader election, reassignment, an operator.",
		Sources: []string{
			"PartitionChangeBuilder with Election.PREFERRED",
			"auto.leader.rebalance.enable",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		l := m.leader(s)
		return l >= 0 && l != b.Broker && s.inISR(b.Broker, s.epoch()) && !s.hasFlag(b.Broker, flagFenced)
	},
	Effect: func(m *Model, s *State, b Binding) { m.elect(s, b.Broker, m.isrBits(s), false) },
	Text:   "the controller moves leadership to {broker}",
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		p.Epoch = at(post.epoch())
		return ""
	},
	Causes: anyConfiguration,
	Route:  Route{From: "controller", Label: "leader: {broker}"},
	Forced: steady,
}

var replicaLags = &Action{
	Name: "ReplicaLags", Area: AreaReplication, Actor: "controller", Over: PerBroker, Class: explore.Fault, Fault: ReplicaLag,
	Doc: Doc{
		Summary: "ReplicaLags is the fault replica-lag: a live follower leaves the in-sync set.",
		Guard:   "The broker runs, is in the in-sync set and is not the leader.",
		Effect: "It leaves the in-sync set, however much it has copied; below min.insync.replicas it becomes an " +
			"eligible leader replica. The leader knows at once.",
		Abstracts: "Whether its fetches or its heartbeats were late.",
		Sources: []string{
			"Partition.maybeShrinkIsr (replica.lag.time.max.ms)",
			"heartbeats to the controller (broker.session.timeout.ms)",
		},
	},
	Guard:  canLag,
	Effect: func(m *Model, s *State, b Binding) { m.lag(s, b.Broker) },
	Text:   "{broker} lags and leaves the in-sync set",
	Causes: []Cause{byMinISR.when(changesELR), byElr.when(changesELR)},
	Route:  Route{From: "controller", Label: "{broker} out of sync"},
	Forced: steady,
}

func canLag(m *Model, s *State, b Binding) bool {
	x := b.Broker
	return s.up(x) && s.inISR(x, s.epoch()) && m.leaderOf(s, s.epoch()) != x && !s.hasFlag(x, flagFenced)
}

// lag shrinks the in-sync set by a live follower. The leader asks for it, so the leader epoch stays.
func (m *Model) lag(s *State, b int) {
	old := m.isrBits(s)
	m.setISR(s, m.without(s, b))
	m.updateELR(s, old, -1)
	if l := m.leader(s); l >= 0 && s.actsAsLeader(l) && s.epochOf(l) == s.epoch() {
		m.advanceHighWatermark(s, l)
	}
}

var leaderIsCutOff = &Action{
	Name: "LeaderIsCutOff", Actor: "broker", Area: AreaReplication, Over: PerBroker, Class: explore.Fault, Fault: Partition,
	Doc: Doc{
		Summary: "LeaderIsCutOff is the fault partition: the leader is cut off from the controller and the followers.",
		Guard:   "The broker leads the newest epoch, runs, and is not cut off.",
		Effect: "Nothing passes between it and the other brokers or the controller until PartitionHeals; clients " +
			"still reach it.",
		Abstracts: "One broker is cut off, wholly.",
		Sources: []string{
			"A deposed leader serves clients until it learns of the new epoch (KIP-320 motivation)",
		},
	},
	Guard:  func(m *Model, s *State, b Binding) bool { return m.leader(s) == b.Broker && s.up(b.Broker) },
	Effect: func(m *Model, s *State, b Binding) { s.setFlag(b.Broker, flagCut) },
	Text:   "{broker} is cut off from the controller and the followers, not from clients",
	Causes: anyConfiguration,
	Route:  Route{From: "{broker}", Label: "cut off"},
	Forced: steady,
}
