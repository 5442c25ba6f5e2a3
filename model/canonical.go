package model

// Canonical replaces s by the representative of all states that differ from it only in what no rule can tell apart:
// leader epochs become ranks, fields that no rule will read become zero, and brokers are sorted.
func (m *Model) Canonical(s *State) {
	m.rank(s)
	m.sortBrokers(s)
}

// rank is Canonical but for the order of the brokers.
func (m *Model) rank(s *State) {
	m.clearUnreadOutput(s)
	if m.spent && m.tracksDisk {
		m.clearSpent(s)
	}
	stale := m.staleBrokers(s)
	m.clearUnread(s, stale)
	m.clearUnreadShare(s)
	if s.epoch() > 0 || m.plainRecords {
		m.rankEpochs(s, stale)
	}
}

// sortBrokers orders the brokers' words by insertion; no field elsewhere names a broker.
func (m *Model) sortBrokers(s *State) {
	if m.wLog2 > 0 || m.anyKept(s) {
		m.sortWideBrokers(s)
		return
	}
	for i := 1; i < m.n; i++ {
		status, log := s[statusWord(i)], s[logWord(i)]
		j := i
		for ; j > 0 && (s[statusWord(j-1)] < status || s[statusWord(j-1)] == status && s[logWord(j-1)] < log); j-- {
			s[statusWord(j)], s[logWord(j)] = s[statusWord(j-1)], s[logWord(j-1)]
		}
		s[statusWord(j)], s[logWord(j)] = status, log
	}
}

// sortWideBrokers is sortBrokers where more words than two are a broker's.
func (m *Model) sortWideBrokers(s *State) {
	for i := 1; i < m.n; i++ {
		for j := i; j > 0 && m.sortsBefore(s, j, j-1); j-- {
			m.swapBrokers(s, j, j-1)
		}
	}
}

// swapBrokers exchanges the words of two brokers.
func (m *Model) swapBrokers(s *State, a, b int) {
	s[statusWord(a)], s[statusWord(b)] = s[statusWord(b)], s[statusWord(a)]
	s[logWord(a)], s[logWord(b)] = s[logWord(b)], s[logWord(a)]
	if m.wLog2 > 0 {
		s[m.wLog2+a], s[m.wLog2+b] = s[m.wLog2+b], s[m.wLog2+a]
	}
	if m.wKept > 0 {
		ka, kb := m.keptOf(s, a), m.keptOf(s, b)
		m.setKeptOf(s, a, kb)
		m.setKeptOf(s, b, ka)
	}
}

// sortsBefore says that broker a comes before broker b in the canonical order.
func (m *Model) sortsBefore(s *State, a, b int) bool {
	if x, y := s[statusWord(a)], s[statusWord(b)]; x != y {
		return x > y
	}
	if x, y := s[logWord(a)], s[logWord(b)]; x != y {
		return x > y
	}
	if m.wLog2 > 0 && s[m.wLog2+a] != s[m.wLog2+b] {
		return s[m.wLog2+a] > s[m.wLog2+b]
	}
	return m.wKept > 0 && m.keptOf(s, a) > m.keptOf(s, b)
}

// clearUnread zeroes what no guard or effect will read again; stale is the set of stale brokers.
func (m *Model) clearUnread(s *State, stale uint) {
	numbered := m.incsToSend(s)
	for i := 0; i < m.c.Scope.Messages; i++ {
		p := s.phase(i)
		if !m.needsTarget(p) {
			s.setSentTo(i, 0)
		}
		if !p.pending() {
			s.setRetries(i, 0)
			if p != Unsent && numbered>>s.inc(i)&1 == 0 {
				s.setInc(i, unnumbered)
			}
			if !m.c.Prod.Idempotent {
				s.setRequeued(i, false)
			}
		}
	}
	for b := 0; b < m.n; b++ {
		if stale>>b&1 != 0 {
			s.setFetchPosition(b, positionUnknown)
		}
		if !s.actsAsLeader(b) {
			s.setStartOf(b, 0)
		} else if s.hw(b) >= s.startOf(b) || s.epochOf(b) != s.epoch() {
			s.setStartOf(b, 0) // whoever has reached its high watermark has reached the start of its epoch
		}
		if s.hasFlag(b, flagUnclean) {
			m.clearUnreadShutdown(s, b)
		}
	}
	if s.epoch() > 0 {
		m.raiseKnown(s)
		m.clearSuperseded(s)
	}
	m.clearUnreadReturns(s)
	m.clearUnreadKept(s)
}

// incsToSend is the set of incarnations, as bits, in which a request may yet come to a broker: the present one, and those of
// late requests. Which message was numbered before another is asked in no other ([Model.predecessor]).
func (m *Model) incsToSend(s *State) uint {
	set := uint(1) << m.incNow(s)
	for i := 0; i < maxLateRequests; i++ {
		if g, ok := s.lateRequest(i); ok {
			set |= 1 << g.inc
		}
	}
	return set
}

// clearUnreadShutdown forgets how broker b was stopped where its restart does not depend on it any more: with an unclean
// shutdown it leaves the sets from which leaders are chosen. Until the controller has noticed that it is gone, it may yet
// be chosen.
func (m *Model) clearUnreadShutdown(s *State, b int) {
	chosen := s.inISR(b, s.epoch()) || s.hasFlag(b, flagELR) || m.leader(s) == b
	if !m.c.Topic.ELR || !chosen && s.hasFlag(b, flagFenced) {
		s.clearFlag(b, flagUnclean)
	}
	if s.hasFlag(b, flagPower) && s.flushed(b) == s.logLen(b) && m.tracksDisk && !m.c.B.RestartsUnnoticed {
		s.clearFlag(b, flagPower)
	}
}

// staleBrokers is the set of stale brokers, as bits.
func (m *Model) staleBrokers(s *State) uint {
	set := uint(0)
	if s.epoch() == 0 || !m.c.B.FencesByEpoch {
		return set
	}
	for b := 0; b < m.n; b++ {
		if m.stale(s, b) {
			set |= 1 << b
		}
	}
	return set
}

// stale says that broker b is in a superseded epoch in which no broker can act: it does not lead it, and the leader has
// gone to a newer epoch. It can only learn the next decision, so that the epoch it is in makes no difference.
func (m *Model) stale(s *State, b int) bool {
	e := s.epochOf(b)
	if e == s.epoch() || s.wasLeaderOf(b, e) && s.alive(b) {
		return false
	}
	l := m.leaderOf(s, e)
	return l < 0 || l == b || !s.alive(l) || s.epochOf(l) > e
}

// nextDecision is the next leader epoch that broker b can learn.
func (m *Model) nextDecision(s *State, b int) int {
	e := s.epochOf(b) + 1
	for e < s.epoch() && !m.isDecision(s, e) {
		e++
	}
	return e
}

// clearSuperseded drops the leaders and in-sync sets of superseded epochs in which no broker can act.
func (m *Model) clearSuperseded(s *State) {
	if !m.c.B.FencesByEpoch {
		return
	}
	drop := uint64(0)
	for e := 0; e < s.epoch(); e++ {
		if !m.isDecision(s, e) {
			drop |= 1 << e
		}
	}
	keep := uint64(m.staleTargets(s) | m.lateRequestEpochs(s))
	for b := 0; b < m.n; b++ {
		s[statusWord(b)] &^= drop&^keep<<bLedShift | drop<<bISRShift
	}
}

// raiseKnown moves what the producer knows up to the first epoch that makes a difference.
func (m *Model) raiseKnown(s *State) {
	if m.producerDone(s) {
		s.setKnown(s.epoch())
		return
	}
	if m.usesStaleTargets() || !m.c.B.FencesByEpoch {
		return
	}
	for e := s.known(); e < s.epoch(); e++ {
		if m.isDecision(s, e) {
			s.setKnown(e)
			return
		}
	}
	s.setKnown(s.epoch())
}

// needsTarget says that it matters which leader the last attempt of a message went to: while its answer is awaited, where
// a retry must not go back to a leader that is cut off or waits for a follower that fetches no more, and where later messages wait behind it.
func (m *Model) needsTarget(p Phase) bool {
	return p == Awaiting || p == Retrying && (m.c.Faults[Partition] > 0 || m.followersStall() ||
		m.c.Prod.Idempotent && m.c.Prod.MaxInFlight > 1 && m.c.Scope.Messages > 1)
}

// producerDone says that the producer will never use what it knows of leaders again.
func (m *Model) producerDone(s *State) bool {
	for i := 0; i < m.c.Scope.Messages; i++ {
		if p := s.phase(i); p == Unsent || p.pending() {
			return false
		}
	}
	return true
}
