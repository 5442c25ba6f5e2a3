package model

var brokerLearns = &Action{
	Name: "BrokerLearns", Time: Timing{Step: "metadata"}, Actor: "broker", Area: AreaReplication, Over: PerBroker,
	Doc: Doc{
		Summary: "BrokerLearns is a broker learning a decision of the controller and becoming leader or follower.",
		Guard: "The broker runs and reaches the controller, and there is a decision newer than the epoch it acts on. " +
			"Before KRaft it may skip decisions; with KRaft it takes the next one, which may already be " +
			"superseded. A leader that was deposed and leads again may learn all of it at once and never act on the " +
			"decisions in between: with KRaft always, with ZooKeeper if a broker, which may have been the " +
			"controller, has stopped since. Since epochs are fenced (2.1) a superseded decision whose leader can no " +
			"longer act on it is skipped: no broker could act in it.",
		Effect: "As leader it notes its log end as the start of the epoch and computes its high watermark. A new leader " +
			"knows nothing of its followers. A broker that led before goes on with what it knew of them (from 0.9), " +
			"and what producers wait for there they go on waiting for in the new epoch. As follower it ends what " +
			"producers wait for: with acks=all by NOT_LEADER_OR_FOLLOWER, with acks=1 by the answer that it sent when it appended. It truncates to its " +
			"high watermark (0.10 and before, or without epochs in its log), or asks its leader first (0.11 to " +
			"2.0), or when it fetches (2.1 on). Leaders of older epochs that do not know so yet hear no more of " +
			"it: they count on with the position that they last knew, 0 if none.",
		Abstracts: "Reading several decisions at once is several steps, except where a leader goes on over decisions in " +
			"which others led: any other broker that does nothing in between is where it would be had it learnt them " +
			"one by one.",
		Sources: []string{
			"ReplicaManager.becomeLeaderOrFollower (LeaderAndIsr), applyDelta (KRaft metadata), Partition.makeLeader and makeFollower",
			"MetadataLoader.handleCommit and handleLoadSnapshot, MetadataBatchLoader, TopicDelta.localChanges (KRaft 3.3 to 4.4): " +
				"one delta for all that is at hand, compared with the state before it",
			"Replica.resetReplicaState with isNewLeader=false (3.4 to 4.4), Partition.makeLeader (0.9 to 3.3)",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		return s.up(b.Broker) && m.decisions(s, b.Broker) > 0
	},
	Choices: func(m *Model, s *State, b Binding) int { return m.readings(s, b.Broker, -1).n },
	Effect: func(m *Model, s *State, b Binding) {
		r := m.readings(s, b.Broker, b.Choice)
		m.learn(s, b.Broker, r.epoch, r.how)
	},
	Text: "{broker} learns of a new leader epoch",
	Outcomes: []Outcome{
		{Word: "leads", Text: ": it leads"},
		{Word: "leads-on", Text: ": it leads on, and never learns that another led in between"},
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

// learning is how a broker comes to a decision.
type learning uint8

const (
	learnsNext learning = iota // it acted on the ones before it, or nothing came of them
	leadsOn                    // as leader of an older epoch, not knowing that it was deposed in between
	afterStart                 // it has just started
)

// reading is one way to learn decisions, out of n.
type reading struct {
	epoch int
	how   learning
	n     int
}

// readings is the choice-th way in which broker b can learn decisions now, and how many there are.
//
// With KRaft a broker may learn any number of decisions at once. Of these ways only those are followed in which a leader
// leads on: a broker that reads decisions over is where it would be had it learnt them one by one and done nothing in
// between. Without reductions all are followed, and tests compare the two.
func (m *Model) readings(s *State, b, choice int) (r reading) {
	offer := func(e int, how learning) {
		if r.n == choice {
			r.epoch, r.how = e, how
		}
		r.n++
	}
	leads := s.actsAsLeader(b)
	for i, n := 0, m.decisions(s, b); i < n; i++ {
		e := m.decision(s, b, i)
		returns := leads && s.wasLeaderOf(b, e) && s.returnsIn(b, e)
		switch {
		case i == 0 || m.c.B.SkipsDecisions || m.c.NoReductions:
			if offer(e, learnsNext); returns && m.mayLeadOn(s, b) {
				offer(e, leadsOn)
			}
		case returns && m.mayLeadOn(s, b):
			offer(e, leadsOn)
		}
	}
	return r
}

// mayLeadOn says that leader b may miss the decisions by which it was deposed, where it leads again in a newer one. A
// ZooKeeper controller sends its requests to a broker in order, so one is missed only when the controller is gone.
//
// Kafka: ControllerChannelManager, KafkaController.onControllerFailover (ZooKeeper).
func (m *Model) mayLeadOn(s *State, b int) bool { return m.c.KRaft || s.hasFlag(b, flagUntold) }

// returnsIn says that broker b, which acts as leader, was deposed between its epoch and e, in which it leads.
func (s *State) returnsIn(b, e int) bool {
	after := uint64(1)<<(e+1) - 1<<(s.epochOf(b)+1)
	return s[statusWord(b)]>>bReturnShift&after != 0
}

// noteReturn marks the newest epoch, in which broker b leads, as one before which b did not lead.
func (s *State) noteReturn(b int) { s[statusWord(b)] |= 1 << (bReturnShift + uint(s.epoch())) }

// learn moves broker b to leader epoch e.
func (m *Model) learn(s *State, b, e int, how learning) {
	m.depart(s, b)
	if !s.wasLeaderOf(b, e) {
		m.becomeFollower(s, b, e, how == afterStart)
		return
	}
	goesOn := how != afterStart && s.wasLeaderOf(b, s.epochOf(b))
	if goesOn && how == learnsNext && s.returnsIn(b, e) { // it was a follower in between
		m.breakConnections(s, b, false)
		goesOn = false
	}
	m.becomeLeader(s, b, e, goesOn)
}

// depart makes every leader keep what it knows of broker b, which turns to another epoch or starts again.
//
// Kafka: Partition.remoteReplicasMap keeps a replica's state until the leader itself takes up another epoch
// (makeLeader, makeFollower), also over a restart of the replica; a fetch from a newer epoch than the leader's is answered
// UNKNOWN_LEADER_EPOCH and not counted (Partition.checkCurrentLeaderEpoch).
func (m *Model) depart(s *State, b int) {
	for z := 0; z < m.n; z++ {
		if z != b && s.actsAsLeader(z) {
			m.setKept(s, b, s.epochOf(z), m.position(s, z, b))
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
		m.shareGoesOn(s, s.epochOf(b), e)
	}
	if led {
		m.remember(s, b, e)
	} else {
		m.forget(s, b, e)
	}
	s.setEpochOf(b, e)
	s.setFetchPosition(b, positionUnknown)
	s.clearFlag(b, flagTruncating|flagUntold)
	if m.c.Topic.OldFormat {
		s.setFlag(b, flagEverLed)
	}
	s.setStartOf(b, s.logLen(b))
	if e == s.epoch() {
		put(&s[wControl], ctlStartShift, 4, m.startAt(s, b)) // the others follow, truncating
	}
	for f := 0; f < m.n; f++ {
		if f != b && !(led && m.c.B.KeepsPositions) && m.leaderOf(s, s.epochOf(f)) == b {
			s.setFetchPosition(f, positionUnknown)
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
	s.clearFlag(b, flagTruncating|flagUntold|flagNoDirectory)
	switch {
	case same:
	case m.c.B.TruncatesToHighWatermark, m.c.Topic.OldFormat && !(m.c.B.FindsMatchingEpoch && s.hasFlag(b, flagEverLed)):
		m.truncate(s, b, s.hw(b))
	case !m.c.B.FencesByEpoch && s.logLen(b) > 0:
		s.setFlag(b, flagTruncating)
	}
}

// breakConnections ends what producers wait for at broker b, which stops to lead. A request with acks=1 was answered when
// it was appended, so only a crash can keep the answer from the producer; so was one with acks=all of which a later one on
// the connection was read. Another with acks=all fails.
//
// Kafka: ReplicaManager.delayedProduceRequestRequired; DelayedProduce.tryComplete (NOT_LEADER_OR_FOLLOWER);
// SocketServer.Processor (a connection is muted until its request is answered).
func (m *Model) breakConnections(s *State, b int, crash bool) {
	e := s.epochOf(b)
	if !s.wasLeaderOf(b, e) {
		return
	}
	for i := 0; i < m.c.Scope.Messages; i++ {
		if s.phase(i) == Awaiting && s.sentTo(i) == e {
			if !crash && (m.c.Prod.Acks == AcksOne || m.hasAnswered(s, b, i)) {
				m.acknowledge(s, i)
				continue
			}
			m.attemptFails(s, i, !crash && m.c.B.RetriesBehindAfterRefusal || crash && m.c.B.RetriesBehindAfterDisconnect)
		}
	}
	m.outputDisconnects(s, e, crash)
}

// hasAnswered says that broker b, which leads, has answered the request with msg, since it has appended a later one.
func (m *Model) hasAnswered(s *State, b, msg int) bool {
	if m.answer(s, msg) != answerAck {
		return false
	}
	for i := range m.c.Scope.Messages {
		if s.phase(i) == Awaiting && s.sentTo(i) == s.sentTo(msg) && m.lastOf(s, b, i) > m.lastOf(s, b, msg) {
			return true
		}
	}
	return false
}

func learnResult(m *Model, pre *State, b Binding, post *State, p *Params) string {
	e := post.epochOf(b.Broker)
	p.Epoch, p.Leader = at(e), brokerID(m.leaderOf(post, e))
	switch {
	case post.actsAsLeader(b.Broker) && m.ledOn(pre, b.Broker, post):
		return "leads-on"
	case post.actsAsLeader(b.Broker):
		return "leads"
	case pre.logLen(b.Broker) > post.logLen(b.Broker):
		p.Offset = at(post.logLen(b.Broker))
		return "truncated"
	}
	return "follows"
}

// ledOn says that broker b came from pre to post as a leader that did not learn that it was deposed.
func (m *Model) ledOn(pre *State, b int, post *State) bool {
	e := post.epochOf(b)
	if !pre.actsAsLeader(b) || !pre.wasLeaderOf(b, e) || !pre.returnsIn(b, e) {
		return false
	}
	next := *pre
	m.learn(&next, b, e, leadsOn)
	return m.samePositions(&next, post, b)
}

// samePositions says that leader l has the same positions of all followers in both states.
func (m *Model) samePositions(x, y *State, l int) bool {
	for f := 0; f < m.n; f++ {
		if f != l && m.position(x, l, f) != m.position(y, l, f) {
			return false
		}
	}
	return true
}
