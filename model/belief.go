package model

var brokerLearns = &Action{
	Name: "BrokerLearns", Actor: "broker", Area: AreaReplication, Over: PerBroker,
	Doc: Doc{
		Summary: "BrokerLearns is a broker learning a decision of the controller and becoming leader or follower.",
		Guard: "The broker runs and reaches the controller, and there is a decision newer than the epoch it acts on. " +
			"Before KRaft it may skip decisions; with KRaft it takes the next one, which may already be " +
			"superseded. Since epochs are fenced (2.1) a superseded decision whose leader can no longer act on it " +
			"is skipped: no broker could act in it.",
		Effect: "As leader it notes its log end as the start of the epoch, forgets what it knew of followers and " +
			"computes its high watermark; what producers wait for at a broker that led before they go on waiting " +
			"for in the new epoch. As follower it ends what producers wait for: with acks=all by " +
			"NOT_LEADER_OR_FOLLOWER, with acks=1 by the answer that it sent when it appended. It truncates to its " +
			"high watermark (0.10 and before, or without epochs in its log), or asks its leader first (0.11 to " +
			"2.0), or when it fetches (2.1 on). Leaders of older epochs that do not know so yet hear no more of " +
			"it: they count on with the position that they last knew, 0 if none.",
		Abstracts: "Reading several decisions at once is several steps.",
		Sources: []string{
			"ReplicaManager.becomeLeaderOrFollower (LeaderAndIsr), applyDelta (KRaft metadata), Partition.makeLeader and makeFollower",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		return s.up(b.Broker) && m.decisions(s, b.Broker) > 0
	},
	Choices: func(m *Model, s *State, b Binding) int {
		if !m.c.B.SkipsDecisions {
			return 1
		}
		return m.decisions(s, b.Broker)
	},
	Effect: func(m *Model, s *State, b Binding) { m.learn(s, b.Broker, m.decision(s, b.Broker, b.Choice), false) },
	Text:   "{broker} learns of a new leader epoch",
	Outcomes: []Outcome{
		{Word: "leads", Text: ": it leads"},
		{Word: "follows", Text: ": it follows {leader}"},
		{Word: "truncated", Text: ": it follows {leader} and truncates to its high watermark"},
	},
	Result:   learnResult,
	Causes:   []Cause{byFormat.when(hasOldFormat)},
	Route:    Route{From: "controller", To: "{broker}", Label: "new leader epoch"},
	Hastened: Hastened{By: LearnsAtOnce, After: []string{"ControllerElectsLeader", "LeaderMoves", "BrokerShutsDown"}},
	Forced:   steady,
}

// decisions counts the leader epochs newer than broker b's.
func (m *Model) decisions(s *State, b int) int {
	n := 0
	for e := s.epochOf(b) + 1; e <= s.epoch(); e++ {
		if m.isDecision(s, e) {
			n++
		}
	}
	return n
}

// isDecision says that a broker can learn leader epoch e.
func (m *Model) isDecision(s *State, e int) bool {
	l := m.leaderOf(s, e)
	if l < 0 || e == s.epoch() || !m.c.B.FencesByEpoch {
		return l >= 0
	}
	return s.alive(l) && s.epochOf(l) <= e
}

// decision is the i-th leader epoch newer than broker b's.
func (m *Model) decision(s *State, b, i int) int {
	for e := s.epochOf(b) + 1; ; e++ {
		if m.isDecision(s, e) {
			if i == 0 {
				return e
			}
			i--
		}
	}
}

// learn moves broker b, which has perhaps just started, to leader epoch e.
func (m *Model) learn(s *State, b, e int, started bool) {
	led := s.wasLeaderOf(b, s.epochOf(b))
	m.depart(s, b, e)
	if s.wasLeaderOf(b, e) {
		m.becomeLeader(s, b, e, led)
	} else {
		m.becomeFollower(s, b, e, started)
	}
}

// depart freezes what leaders of older epochs know of broker b, which now follows the leader of e. With fenced epochs that
// goes for a leader of e that has not learnt so, too: it hears of b again when it has.
//
// Kafka: Partition.remoteReplicasMap keeps a replica's state until the leader itself takes up another epoch
// (makeLeader, makeFollower), also over a restart of the replica; a fetch from a newer epoch than the leader's is answered
// UNKNOWN_LEADER_EPOCH and not counted (Partition.checkCurrentLeaderEpoch).
func (m *Model) depart(s *State, b, e int) {
	to := m.leaderOf(s, e)
	for z := 0; z < m.n; z++ {
		ez := s.epochOf(z)
		if z == b || z == to && !m.c.B.FencesByEpoch || ez >= e || !s.actsAsLeader(z) || !s.inISR(b, ez) {
			continue
		}
		if !m.departed(s, z, b) {
			s.setFrozenPosition(z, min(s.frozenPosition(z), m.position(s, z, b)))
		}
	}
}

func (m *Model) becomeLeader(s *State, b, e int, led bool) {
	if led { // the same leader goes on in a new epoch: producers go on waiting
		for i := 0; i < m.c.Scope.Messages; i++ {
			if s.phase(i) == Awaiting && s.sentTo(i) == s.epochOf(b) {
				s.setSentTo(i, e)
			}
		}
		m.outputGoesOn(s, s.epochOf(b), e)
	}
	s.setEpochOf(b, e)
	s.setFetchPosition(b, positionUnknown)
	s.clearFlag(b, flagTruncating)
	if m.c.Topic.OldFormat {
		s.setFlag(b, flagEverLed)
	}
	s.setStartOf(b, s.logLen(b))
	s.setFrozenPosition(b, positionUnknown)
	if e == s.epoch() {
		put(&s[wControl], ctlStartShift, 4, m.startAt(s, b)) // the others follow, truncating
	}
	for f := 0; f < m.n; f++ {
		if f == b {
			continue
		}
		if !led && m.leaderOf(s, s.epochOf(f)) == b {
			s.setFetchPosition(f, positionUnknown)
		}
		if m.departed(s, b, f) && s.inISR(f, e) {
			s.setFrozenPosition(b, 0)
		}
	}
	m.advanceHighWatermark(s, b)
}

func (m *Model) becomeFollower(s *State, b, e int, started bool) {
	m.breakConnections(s, b, false)
	same := !started && m.c.B.IgnoresSameLeader && m.leaderOf(s, s.epochOf(b)) == m.leaderOf(s, e)
	s.setEpochOf(b, e)
	s.setFetchPosition(b, positionUnknown)
	s.setStartOf(b, 0)
	s.setFrozenPosition(b, positionUnknown)
	s.clearFlag(b, flagTruncating)
	switch {
	case same:
	case m.c.B.TruncatesToHighWatermark, m.c.Topic.OldFormat && !(m.c.B.FindsMatchingEpoch && s.hasFlag(b, flagEverLed)):
		m.truncate(s, b, s.hw(b))
	case !m.c.B.FencesByEpoch && s.logLen(b) > 0:
		s.setFlag(b, flagTruncating)
	}
}

// breakConnections ends what producers wait for at broker b, which stops to lead. A request with acks=1 was answered when
// it was appended, so only a crash can keep the answer from the producer; one with acks=all fails.
//
// Kafka: ReplicaManager.delayedProduceRequestRequired; DelayedProduce.tryComplete (NOT_LEADER_OR_FOLLOWER).
func (m *Model) breakConnections(s *State, b int, crash bool) {
	e := s.epochOf(b)
	if !s.wasLeaderOf(b, e) {
		return
	}
	for i := 0; i < m.c.Scope.Messages; i++ {
		if s.phase(i) == Awaiting && s.sentTo(i) == e {
			if m.c.Prod.Acks == AcksOne && !crash {
				m.acknowledge(s, i)
				continue
			}
			m.attemptFails(s, i)
		}
	}
	m.outputDisconnects(s, e)
}

func learnResult(m *Model, pre *State, b Binding, post *State, p *Params) string {
	e := post.epochOf(b.Broker)
	p.Epoch, p.Leader = at(e), brokerID(m.leaderOf(post, e))
	switch {
	case post.actsAsLeader(b.Broker):
		return "leads"
	case pre.logLen(b.Broker) > post.logLen(b.Broker):
		p.Offset = at(post.logLen(b.Broker))
		return "truncated"
	}
	return "follows"
}
