package model

import "math/bits"

// controllerActions are the decisions of the controller.
var controllerActions = []*Action{controllerFencesFollower, controllerElectsLeader, controllerTakesLeaderOffline}

// isrBits is the controller's in-sync set as bits over brokers.
func (m *Model) isrBits(s *State) uint {
	mask := uint(0)
	for b := 0; b < m.n; b++ {
		if s.inISR(b, s.epoch()) {
			mask |= 1 << b
		}
	}
	return mask
}

// newEpoch decides a new leader epoch with the in-sync set isr, without a leader where leader is -1.
func (m *Model) newEpoch(s *State, leader int, isr uint) {
	e := s.epoch() + 1
	if e == epochs {
		d := m.decided(s)
		m.rankEpochs(s, &d)
		if e = s.epoch() + 1; e == epochs {
			s.ranOut(LeaderEpochs)
			return
		}
	}
	before := m.leader(s)
	s.setLeader(e, leader >= 0)
	if leader >= 0 {
		s.setLeaderOf(leader, e)
		if m.deposedReturn && leader != before {
			s.noteReturn(leader)
		}
	}
	for b := 0; b < m.n; b++ {
		if b != leader {
			s.clearFlag(b, flagUntold) // a decision that is new, and on its way
		}
		if isr>>b&1 != 0 {
			s.setISR(b, e)
		} else {
			s.clearFlag(b, flagStalled)
		}
	}
}

// setISR replaces the controller's in-sync set within the present epoch.
func (m *Model) setISR(s *State, isr uint) {
	for b := 0; b < m.n; b++ {
		s.clearISR(b, s.epoch())
		if isr>>b&1 != 0 {
			s.setISR(b, s.epoch())
		} else {
			s.clearFlag(b, flagStalled)
		}
	}
}

// updateELR keeps the eligible leader replicas after a change of the in-sync set from old; unclean is a replica that
// came back from an unclean shutdown, or -1.
//
// Kafka: PartitionChangeBuilder.maybePopulateTargetElr (KIP-966): members that leave the set while it is below the
// minimum become eligible; all are cleared once it has the minimum again.
func (m *Model) updateELR(s *State, old uint, unclean int) {
	if !m.c.Topic.ELR {
		return
	}
	isr := m.isrBits(s)
	for b := 0; b < m.n; b++ {
		eligible := (s.hasFlag(b, flagELR) || old>>b&1 != 0) && isr>>b&1 == 0 && b != unclean
		s.clearFlag(b, flagELR)
		if eligible && bits.OnesCount(isr) < m.minISR {
			s.setFlag(b, flagELR)
		}
	}
}

// electable lists, as bits, the replicas that the controller may make leader when the in-sync set is isr, and says
// whether the election is unclean.
//
// Kafka: PartitionChangeBuilder.electAnyLeader: a live member of the in-sync set; with an empty set a live eligible
// leader replica; with neither the last known leader; with unclean.leader.election.enable any live replica. In
// A replica whose log directory is gone is not acceptable (KIP-858). In
// ZooKeeper mode Election.leaderForOffline: a live member of the set, else any live replica if unclean is enabled.
func (m *Model) electable(s *State, isr uint, except int) (set uint, unclean bool) {
	live, elr, last := uint(0), uint(0), uint(0)
	for b := 0; b < m.n; b++ {
		if b != except && !s.hasFlag(b, flagFenced|flagNoDirectory) {
			live |= 1 << b
		}
		if s.hasFlag(b, flagELR) {
			elr |= 1 << b
		}
		if s.hasFlag(b, flagLastKnown) {
			last |= 1 << b
		}
	}
	switch {
	case isr&live != 0:
		return isr & live, false
	case m.c.Topic.ELR && isr == 0 && elr&live != 0:
		return elr & live, false
	case m.c.Topic.ELR && isr == 0 && elr == 0 && last&live != 0:
		return last & live, true
	case m.unclean():
		return live, true
	}
	return 0, false
}

func (m *Model) unclean() bool { return m.c.Topic.UncleanElection && m.c.B.HonoursUnclean }

// elect makes broker b leader of a new epoch, with what is left of the in-sync set isr.
func (m *Model) elect(s *State, b int, isr uint, unclean bool) {
	old := m.isrBits(s)
	if unclean || isr>>b&1 == 0 {
		isr = 1 << b
	}
	m.newEpoch(s, b, isr)
	m.updateELR(s, old, -1)
	for i := 0; i < m.n; i++ {
		s.clearFlag(i, flagLastKnown)
		if unclean {
			s.clearFlag(i, flagELR)
		}
	}
}

// without is the in-sync set when broker b leaves it. Without eligible leader replicas the last member stays.
func (m *Model) without(s *State, b int) uint {
	isr := m.isrBits(s)
	if rest := isr &^ (1 << b); rest != 0 || m.c.Topic.ELR {
		return rest
	}
	return isr
}

// goneUnnoticed says that broker b is gone and the controller has yet to notice.
func goneUnnoticed(s *State, b int) bool { return !s.up(b) && !s.hasFlag(b, flagFenced) }

var controllerFencesFollower = &Action{
	Name: "ControllerFencesFollower", Time: Timing{Step: "session-timeout"}, Area: AreaReplication, Actor: "controller", Over: PerBroker,
	Doc: Doc{
		Summary: "ControllerFencesFollower is the controller, or the leader, noticing that a follower is gone.",
		Guard: "The broker is down or cut off, the controller still counts it as there, and it is not the " +
			"partition's leader.",
		Effect: "It leaves the in-sync set, unless it is the last member and there are no eligible leader replicas; " +
			"below min.insync.replicas it becomes an eligible leader replica. ZooKeeper controllers, and KRaft " +
			"before metadata version 3.6, begin a new leader epoch with the same leader.",
		Abstracts: "Session timeout, replica.lag.time.max.ms of a dead follower and the delay of the decision are one " +
			"step that can come at any moment.",
		Sources: []string{
			"ReplicationControlManager.handleBrokerFenced, PartitionChangeBuilder",
			"KafkaController.onReplicasBecomeOffline",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		return goneUnnoticed(s, b.Broker) && m.leader(s) != b.Broker
	},
	Effect:   fenceEffect,
	Text:     "the controller notices that {broker} is gone",
	Causes:   []Cause{byElr.when(changesELR), byMinISR.when(changesELR)},
	Route:    Route{From: "controller", Label: "{broker} is gone"},
	Hastened: Hastened{By: RestartsAtOnce, After: []string{"BrokerCrashes", "BrokerLosesPower", "AllBrokersLosePower", "BrokerLosesDisk"}},
	Forced:   steady,
}

func fenceEffect(m *Model, s *State, b Binding) {
	s.setFlag(b.Broker, flagFenced)
	m.leaveISR(s, b.Broker, -1)
}

// leaveISR takes a broker out of the controller's in-sync set without changing the leader.
func (m *Model) leaveISR(s *State, b, unclean int) {
	old := m.isrBits(s)
	rest := m.without(s, b)
	l := m.leader(s)
	if rest != old && l >= 0 && m.c.B.BumpsEpochOnShrink {
		m.newEpoch(s, l, rest)
	} else {
		m.setISR(s, rest)
	}
	m.updateELR(s, old, unclean)
	if l >= 0 && s.actsAsLeader(l) {
		m.advanceHighWatermark(s, l)
	}
}

var controllerElectsLeader = &Action{
	Name: "ControllerElectsLeader", Time: Timing{Step: "election", Chosen: true}, Area: AreaReplication, Actor: "controller", Over: PerBroker,
	Doc: Doc{
		Summary: "ControllerElectsLeader is an election because the leader is gone, or because a partition without a " +
			"leader can have one again.",
		Guard: "The leader is down or cut off, or there is none; the broker is electable: in the in-sync set, else " +
			"an eligible leader replica, else the last known leader, else any live one if unclean elections are " +
			"enabled and honoured. Live is who the controller takes for live: it may elect a broker whose end it " +
			"has yet to notice.",
		Effect: "A new leader epoch with this leader; the old leader leaves the in-sync set and counts as gone; an " +
			"unclean election makes the leader the only member; there is no last known leader any more.",
		Abstracts: "Kafka takes the first candidate in assignment order; here any candidate may be first. The brokers " +
			"learn of the decision later (BrokerLearns).",
		Sources: []string{
			"PartitionChangeBuilder.electAnyLeader",
			"Election.leaderForOffline (ZooKeeper)",
			"KIP-966",
			"KAFKA-12670",
		},
	},
	Ready: needsLeader, Guard: canElect, Effect: electEffect,
	Text: "the controller elects {broker} leader",
	Outcomes: []Outcome{
		{Word: "clean"},
		{Word: "last-known-leader", Text: ", the last known leader: no replica is in sync or eligible"},
		{Word: "unclean", Text: ", an unclean election: it need not have every acknowledged record"},
	},
	Result: electResult,
	Causes: []Cause{byUnclean.when(isUnclean), byElr.when(changesELR)},
	Route:  Route{From: "controller", Label: "elects {broker}"},
	Forced: steady,
}

func needsLeader(m *Model, s *State) bool {
	l := m.leader(s)
	return l < 0 || goneUnnoticed(s, l)
}

// succession is the in-sync set without the leader that is gone, who may be elected, and whether uncleanly.
func (m *Model) succession(s *State) (isr, set uint, unclean bool) {
	l := m.leader(s)
	isr = m.isrBits(s)
	if l >= 0 {
		isr = m.without(s, l)
	}
	set, unclean = m.electable(s, isr, l)
	if l >= 0 && isr>>l&1 != 0 && unclean { // the last member is gone, an unclean leader takes its place
		isr = 0
	}
	return isr, set, unclean
}

func canElect(m *Model, s *State, b Binding) bool {
	_, set, _ := m.successionWithELR(s)
	return set>>b.Broker&1 != 0
}

// successionWithELR is succession, with the gone leader counted as an eligible leader replica where Kafka does so.
func (m *Model) successionWithELR(s *State) (isr, set uint, unclean bool) {
	next := *s
	if l := m.leader(s); l >= 0 && m.c.Topic.ELR {
		old := m.isrBits(s)
		m.setISR(&next, m.without(s, l))
		m.updateELR(&next, old, -1)
	}
	isr, set, unclean = m.succession(&next)
	return isr, set, unclean
}

func electEffect(m *Model, s *State, b Binding) {
	isr, _, unclean := m.successionWithELR(s)
	if l := m.leader(s); l >= 0 {
		s.setFlag(l, flagFenced)
	}
	m.elect(s, b.Broker, isr, unclean)
}

var controllerTakesLeaderOffline = &Action{
	Name: "ControllerTakesLeaderOffline", Time: Timing{Step: "election"}, Area: AreaReplication, Actor: "controller", Over: Once,
	Doc: Doc{
		Summary: "ControllerTakesLeaderOffline is the partition losing its leader with no candidate to follow.",
		Guard:   "The leader is down or cut off and no replica can be elected.",
		Effect: "There is no leader. Without eligible leader replicas the old leader stays the only member of the " +
			"in-sync set; with them the set may become empty, the leader becomes eligible and is remembered as " +
			"the last known leader.",
		Abstracts: "No broker acts in the new leader epoch that has no leader. It is counted only where a leader may be cut off, and " +
			"before 2.0.1, where the followers go on to follow the one that they had.",
		Sources: []string{
			"PartitionChangeBuilder.tryElection, maybeUpdateLastKnownLeader",
			"KafkaController.removeReplicaFromIsr (LeaderAndIsr.NoLeader), ReplicaManager.makeFollowers (0.8.2 to 2.0.0)",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		if l := m.leader(s); l < 0 || !goneUnnoticed(s, l) {
			return false
		}
		_, set, _ := m.successionWithELR(s)
		return set == 0
	},
	Effect: func(m *Model, s *State, b Binding) {
		l := m.leader(s)
		s.setFlag(l, flagFenced)
		m.goOffline(s, l, -1)
	},
	Text: "the controller notices that the leader is gone; no replica may lead, the partition is offline",
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		p.Broker = brokerID(m.leader(pre))
		return ""
	},
	Causes: []Cause{byUnclean, byElr, byReplicas},
	Route:  Route{From: "controller", Label: "no leader"},
	Silent: true,
	Forced: steady,
}

// goOffline takes leader l away and leaves the partition without one.
func (m *Model) goOffline(s *State, l, unclean int) {
	old := m.isrBits(s)
	if rest := m.without(s, l); s.alive(l) && rest != old || m.c.B.IgnoresSameLeader {
		// the leader may only be cut off, and go on in its epoch as it was; and it is whom its followers go on to follow
		m.newEpoch(s, -1, rest)
	} else {
		m.setISR(s, rest)
	}
	m.updateELR(s, old, unclean)
	s.setLeader(s.epoch(), false)
	if !m.c.Topic.ELR {
		return
	}
	for b := 0; b < m.n; b++ {
		if s.hasFlag(b, flagLastKnown) {
			return // only the first time it becomes leaderless
		}
	}
	s.setFlag(l, flagLastKnown)
}

func electResult(m *Model, pre *State, b Binding, post *State, p *Params) string {
	p.Epoch = at(post.epoch())
	switch _, _, unclean := m.successionWithELR(pre); {
	case !unclean:
		return "clean"
	case m.c.Topic.ELR && pre.hasFlag(b.Broker, flagLastKnown):
		return "last-known-leader"
	}
	return "unclean"
}
