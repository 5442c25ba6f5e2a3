package model

// replicationActions are what leader and followers do among themselves.
var replicationActions = []*Action{followerFetches, followerHalts, followerTruncates, stalledFollowerLeaves, leaderExpandsISR}

var followerFetches = &Action{
	Name: "FollowerFetches", Time: Timing{Step: "fetch"}, Actor: "broker", Area: AreaReplication, Over: PerBroker,
	Doc: Doc{
		Summary: "FollowerFetches is one fetch of a follower and its answer.",
		Guard: "Follower and leader run and reach each other; the follower has nothing left to truncate; the leader " +
			"leads by its own belief, since 2.1 in the very epoch the follower is in; and the fetch would change " +
			"something.",
		Effect: "Since 2.1 the follower first truncates to where its log agrees with the leader's. The leader learns " +
			"the follower's log end and computes its high watermark; the follower appends everything up to the " +
			"leader's log end and takes over the high watermark as it was when the request came. Records are " +
			"copied from the page cache, flushed or not.",
		Abstracts: "Request and answer are one step; an answer is never cut short by its maximum size; the rounds that a " +
			"diverging epoch takes are one.",
		Sources: []string{
			"Partition.fetchRecords, updateFollowerFetchState, maybeIncrementLeaderHW",
			"AbstractFetcherThread",
			"KIP-320",
			"FetchIsolation.LOG_END for followers",
		},
	},
	Guard: canFetch, Effect: fetchEffect,
	Text: "{broker} fetches from {leader}",
	Outcomes: []Outcome{
		{Word: "truncated-copied", Text: ", truncates to offset {offset} and copies what is there", Label: "truncate, records"},
		{Word: "truncated", Text: " and truncates to offset {offset}", Label: "truncate"},
		{Word: "copied", Text: " and copies its log", Label: "records"},
		{Word: "counted", Text: ", which learns that it has the records: the high watermark is {high_watermark}", Label: "fetch from {offset}", Back: true},
		{Word: "high-watermark", Text: " and learns the high watermark: {high_watermark}", Label: "high watermark {high_watermark}"},
		{Word: "position", Text: ", which learns how far it has copied", Label: "fetch from {offset}", Back: true},
	},
	Result:   fetchResult,
	Causes:   []Cause{byFromDisk.when(copiesFromDisk), byFormat.when(hasOldFormat)},
	Route:    Route{From: "{leader}", To: "{broker}", Label: "records, high watermark"},
	Hastened: Hastened{By: FetchesAtOnce, After: []string{"LeaderAppends"}},
	Forced:   steady,
}

// source is the leader that follower f can fetch from now, or -1.
func (m *Model) source(s *State, f int) int {
	if !s.up(f) {
		return -1
	}
	l := m.leaderOf(s, s.epochOf(f))
	if l < 0 || l == f || !s.up(l) || !s.actsAsLeader(l) {
		return -1
	}
	if m.c.B.FencesByEpoch && s.epochOf(l) != s.epochOf(f) {
		return -1
	}
	return l
}

func canFetch(m *Model, s *State, b Binding) bool {
	f := b.Broker
	l := m.source(s, f)
	if l < 0 || s.hasFlag(f, flagTruncating|flagStalled) || m.halts(s, f, l) {
		return false
	}
	n := s.logLen(f)
	return s.fetchPosition(f) != n || n != s.logLen(l) || m.agreement(s, f, l) < n && m.truncatesOnFetch() ||
		s.hw(f) != min(n, s.hw(l))
}

// truncatesOnFetch says that a fetch finds and cuts a diverging tail.
func (m *Model) truncatesOnFetch() bool { return m.c.B.FencesByEpoch && !m.c.Topic.OldFormat }

func fetchEffect(m *Model, s *State, b Binding) {
	f := b.Broker
	l := m.source(s, f)
	if m.truncatesOnFetch() {
		m.truncate(s, f, m.agreement(s, f, l))
	} else if s.logLen(f) > s.logLen(l) {
		m.truncate(s, f, s.logLen(l)) // OFFSET_OUT_OF_RANGE: follow the leader's log end
	}
	hw := s.hw(l)
	s.setFetchPosition(f, s.logLen(f))
	m.advanceHighWatermark(s, l)
	if m.c.ReplicateFromDisk && m.tracksDisk {
		s.setFlushed(l, s.logLen(l)) // only flushed records are copied: they were flushed before
	}
	for i := s.logLen(f); i < s.logLen(l); i++ {
		m.appendRecord(s, f, m.at(s, l, i))
	}
	s.setHW(f, min(s.logLen(f), hw))
}

// position is what leader l knows of follower f's log end: what the last fetch told, or what it keeps of an earlier epoch;
// 0 where it knows nothing.
func (m *Model) position(s *State, l, f int) int {
	if p, ok := m.fetchedPosition(s, l, f); ok {
		return p
	}
	return m.kept(s, f, s.epochOf(l))
}

// fetchedPosition is what follower f has told leader l in the epoch that f is in, if it has.
func (m *Model) fetchedPosition(s *State, l, f int) (int, bool) {
	e := s.epochOf(f)
	if m.leaderOf(s, e) != l || s.fetchPosition(f) == positionUnknown || m.c.B.FencesByEpoch && e != s.epochOf(l) {
		return 0, false
	}
	return s.fetchPosition(f), true
}

// departed says that follower f has left leader l for a newer epoch, in which l, with fenced epochs, does not
// hear of it even if it will lead there; what l knew of it is in l's cap.
func (m *Model) departed(s *State, l, f int) bool {
	return s.epochOf(f) > s.epochOf(l) && (m.c.B.FencesByEpoch || m.leaderOf(s, s.epochOf(f)) != l)
}

// advanceHighWatermark computes the high watermark of leader l: the least log end over its in-sync set as far as it
// knows it. Since 3.7 it stands still while the in-sync set is below the minimum (KAFKA-15583).
//
// The in-sync set here is Kafka's maximal one: a change of it is a single step of leader and controller, so a follower
// counts from the moment the leader asks for it and until the controller has let it go.
func (m *Model) advanceHighWatermark(s *State, l int) {
	e := s.epochOf(l)
	if m.c.B.FreezesHighWatermark && m.isrSize(s, e) < m.minISR {
		return
	}
	hw := s.logLen(l)
	for f := 0; f < m.n; f++ {
		if f != l && s.inISR(f, e) {
			hw = min(hw, m.position(s, l, f))
		}
	}
	if hw > s.hw(l) {
		s.setHW(l, hw)
	}
}

var followerTruncates = &Action{
	Name: "FollowerTruncates", Time: Timing{Step: "fetch"}, Actor: "broker", Area: AreaReplication, Over: PerBroker,
	Doc: Doc{
		Summary: "FollowerTruncates is a new follower asking its leader where to cut its log, before it fetches (0.11 " +
			"to 2.0).",
		Guard: "The follower has changed epoch and has not truncated yet; the leader runs, leads by its own belief, " +
			"in whatever epoch, and the two reach each other.",
		Effect: "KIP-101: cut where the leader's log leaves the follower's last epoch, or at the follower's own high " +
			"watermark if the leader knows no later epoch. KIP-279: cut at the last offset where both logs have " +
			"the same epoch.",
		Abstracts: "The rounds that KIP-279 may need are one step.",
		Sources: []string{
			"OffsetsForLeaderEpoch, LeaderEpochFileCache.endOffsetFor, AbstractFetcherThread.getOffsetTruncationState",
			"KIP-101, KIP-279",
		},
	},
	Applies: func(m *Model) bool {
		return !m.c.B.FencesByEpoch && (m.c.B.AsksEpochOffset || m.c.B.FindsMatchingEpoch)
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		return s.hasFlag(b.Broker, flagTruncating) && m.source(s, b.Broker) >= 0
	},
	Effect: truncateEffect,
	Text:   "{broker} asks {leader} where its log diverges and truncates",
	Outcomes: []Outcome{
		{Word: "truncated"},
		{Word: "kept"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		p.Leader = brokerID(m.source(pre, b.Broker))
		p.Offset = at(post.logLen(b.Broker))
		if post.logLen(b.Broker) < pre.logLen(b.Broker) {
			return "truncated"
		}
		return "kept"
	},
	Causes: []Cause{byFormat.when(hasOldFormat)},
	Route:  Route{From: "{leader}", To: "{broker}", Label: "where the epoch ends"},
	Forced: steady,
}

func truncateEffect(m *Model, s *State, b Binding) {
	f := b.Broker
	l := m.source(s, f)
	s.clearFlag(f, flagTruncating)
	if m.c.B.FindsMatchingEpoch {
		m.truncate(s, f, m.matchingOffset(s, f, l))
	} else {
		m.truncate(s, f, m.epochEndOffset(s, f, l))
	}
}

// epochEndOffset is KIP-101's answer for the last epoch in follower f's log: where leader l's log goes on to a later
// epoch. A 0.11 leader has no entry for its own epoch before its first write in it.
func (m *Model) epochEndOffset(s *State, f, l int) int {
	n := s.logLen(f)
	if n == 0 {
		return 0
	}
	asked := m.epochIn(m.at(s, f, n-1))
	ll := s.logLen(l)
	if ll == 0 || asked < m.epochIn(m.at(s, l, 0)) || asked > m.epochIn(m.at(s, l, ll-1)) {
		return s.hw(f)
	}
	end := 0
	for end < ll && m.epochIn(m.at(s, l, end)) <= asked {
		end++
	}
	return end
}

// matchingOffset is KIP-279's: the end of the common prefix. A leader without an epoch at or below the follower's answers
// with the start of its first one (2.0.1, KAFKA-7415; 2.0.0 answered nothing and the follower cut at its high watermark).
func (m *Model) matchingOffset(s *State, f, l int) int { return m.agreement(s, f, l) }

var leaderExpandsISR = &Action{
	Name: "LeaderExpandsISR", Time: Timing{Step: "isr-expand"}, Actor: "broker", Area: AreaReplication, Over: PerBroker,
	Doc: Doc{
		Summary: "LeaderExpandsISR lets a follower that has caught up into the in-sync set.",
		Guard: "The leader leads the newest epoch, runs and reaches the controller; the follower runs, is not " +
			"fenced, and as far as the leader knows from its fetches, since 2.1 those in this very epoch, it has " +
			"reached its high watermark, since 1.1 also the start of its epoch (KAFKA-7128).",
		Effect: "The follower is in the in-sync set of leader and controller; eligible leader replicas are cleared " +
			"once the set has min.insync.replicas members.",
		Abstracts: "The leader's request and the controller's decision are one step. The follower counts for the high " +
			"watermark from then on, which is what the maximal in-sync set achieves while the request is under " +
			"way.",
		Sources: []string{
			"Partition.maybeExpandIsr, isFollowerInSync",
			"AlterPartition (KIP-497)",
			"KIP-903 for the incarnation",
		},
	},
	Guard: canExpand, Effect: expandEffect,
	Text: "{leader} takes {broker} into the in-sync set",
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		p.Leader = brokerID(m.leader(pre))
		return ""
	},
	Causes: anyConfiguration,
	Route:  Route{From: "{leader}", To: "controller", Label: "{broker} is in sync"},
	Forced: steady,
}

func canExpand(m *Model, s *State, b Binding) bool {
	f, l := b.Broker, m.leader(s)
	if l < 0 || l == f || !s.up(l) || s.epochOf(l) != s.epoch() || s.inISR(f, s.epoch()) || s.fetchPosition(f) == positionUnknown {
		return false
	}
	if !s.up(f) || s.hasFlag(f, flagFenced) || m.leaderOf(s, s.epochOf(f)) != l {
		return false
	}
	if m.c.B.FencesByEpoch && s.epochOf(f) != s.epoch() {
		return false
	}
	p := m.position(s, l, f)
	return p >= s.hw(l) && (!m.c.B.ExpandsFromEpochStart || p >= s.startOf(l))
}

func expandEffect(m *Model, s *State, b Binding) {
	old := m.isrBits(s)
	s.setISR(b.Broker, s.epoch())
	m.updateELR(s, old, -1)
	m.advanceHighWatermark(s, m.leader(s))
}

func fetchResult(m *Model, pre *State, b Binding, post *State, p *Params) string {
	f := b.Broker
	l := m.leaderOf(pre, pre.epochOf(f))
	p.Leader = brokerID(l)
	kept := min(pre.logLen(f), pre.logLen(l))
	if m.truncatesOnFetch() {
		kept = m.agreement(pre, f, l)
	}
	p.Offset = at(post.logLen(f))
	switch {
	case kept < pre.logLen(f) && post.logLen(f) > kept:
		p.Offset = at(kept)
		return "truncated-copied"
	case kept < pre.logLen(f):
		return "truncated"
	case post.logLen(f) > pre.logLen(f):
		return "copied"
	case post.hw(l) != pre.hw(l):
		p.HighWatermark = at(post.hw(l))
		return "counted"
	case post.hw(f) != pre.hw(f):
		p.HighWatermark = at(post.hw(f))
		return "high-watermark"
	}
	return "position"
}
