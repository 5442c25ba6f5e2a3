package model

import "testing"

// TestPlainCanonical compares the canonical form with the plain one of this file, which says the same with a question for
// each fact that it needs, in states of random runs of the scenarios.
func TestPlainCanonical(t *testing.T) {
	t.Parallel()
	for i := range scenarios {
		m := scenarios[i].model(t)
		bad := 0
		walk(m, uint64(i)+1, 60, func(s *State, left *Budget) {
			for _, n := range possible(m, s, left) {
				form, plain := n.State, n.State
				m.Canonical(&form)
				m.plainCanonical(&plain)
				if form != plain && bad < 3 {
					t.Errorf("%s: the canonical form is\n%s, not\n%s, of\n%s", scenarios[i].name, m.text(&form), m.text(&plain), m.text(&n.State))
					bad++
				}
			}
		})
	}
}

// plainCanonical is Canonical.
func (m *Model) plainCanonical(s *State) {
	m.clearUnreadOutput(s)
	if m.spent && m.tracksDisk {
		m.clearSpent(s)
	}
	stale := m.staleBrokers(s)
	m.plainClearUnread(s, stale)
	m.clearUnreadShare(s)
	if s.epoch() > 0 || m.plainRecords {
		m.plainRankEpochs(s, stale)
	}
	m.sortWideBrokers(s)
}

// plainClearUnread zeroes what no guard or effect will read again; stale is the set of stale brokers.
func (m *Model) plainClearUnread(s *State, stale uint) {
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
		m.plainRaiseKnown(s)
		m.plainClearSuperseded(s)
	}
	m.plainClearUnreadReturns(s)
	m.clearUnreadKept(s)
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

// nextDecision is the next leader epoch that broker b can learn.
func (m *Model) nextDecision(s *State, b int) int {
	e := s.epochOf(b) + 1
	for e < s.epoch() && !m.isDecision(s, e) {
		e++
	}
	return e
}

// plainClearSuperseded drops the leaders and in-sync sets of superseded epochs in which no broker can act.
func (m *Model) plainClearSuperseded(s *State) {
	if !m.c.B.FencesByEpoch {
		return
	}
	drop := uint64(0)
	for e := 0; e < s.epoch(); e++ {
		if !m.isDecision(s, e) {
			drop |= 1 << e
		}
	}
	keep := uint64(m.plainStaleTargets(s) | m.lateRequestEpochs(s))
	for b := 0; b < m.n; b++ {
		s[statusWord(b)] &^= drop&^keep<<bLedShift | drop<<bISRShift
	}
}

// plainRaiseKnown moves what the producer knows up to the first epoch that makes a difference.
func (m *Model) plainRaiseKnown(s *State) {
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

// plainUsedEpochs is the set of leader epochs that some actor or record refers to, or that some broker may still learn.
func (m *Model) plainUsedEpochs(s *State, stale uint) uint {
	used := uint(1)<<s.epoch() | 1<<s.known()
	oldest := s.epoch()
	for b := 0; b < m.n; b++ {
		if stale>>b&1 == 0 {
			used |= 1 << s.epochOf(b)
		}
		if s.alive(b) {
			oldest = min(oldest, s.epochOf(b))
		}
		for i, n := 0, s.logLen(b); i < n && !m.plainRecords; i++ {
			used |= 1 << m.epochIn(m.at(s, b, i))
		}
	}
	for e := oldest + 1; e < s.epoch(); e++ {
		if m.isDecision(s, e) {
			used |= 1 << e
		}
	}
	used |= m.lateRequestEpochs(s)
	for i := 0; i < m.c.Scope.Messages; i++ {
		if m.needsTarget(s.phase(i)) {
			used |= 1 << s.sentTo(i)
		}
	}
	used |= m.outputEpochs(s) | m.shareEpochs(s)
	return used | m.consumerEpochs(s) | m.onceEpochs(s) | m.plainStaleTargets(s)
}

// plainStaleTargets is the set of epochs whose leader a producer may still take for the leader, where that has an effect.
func (m *Model) plainStaleTargets(s *State) uint {
	if !m.usesStaleTargets() {
		return 0
	}
	set := uint(0)
	for e := s.known(); e < s.epoch(); e++ {
		if m.leaderOf(s, e) >= 0 {
			set |= 1 << e
		}
	}
	return set
}

// plainRankEpochs renumbers the leader epochs in use from 0: rules compare epochs and count on from the newest, nothing more.
// Stale brokers get a rank of their own just before the next decision that they can learn.
func (m *Model) plainRankEpochs(s *State, stale uint) {
	used := m.plainUsedEpochs(s, stale)
	var next [MaxReplicas]int // for a stale broker, the next decision that it can learn
	before := uint(0)         // the epochs just before which there are such brokers
	for b := 0; b < m.n && stale != 0; b++ {
		if stale>>b&1 != 0 {
			next[b] = m.nextDecision(s, b)
			before |= 1 << next[b]
		}
	}
	n := 0
	if m.plainRecords {
		n = m.classesByOffset(s)
	} else if used&(used+1) == 0 && before == 0 {
		m.clearEpochBits(s, used)
		return
	}
	var rank [epochs]int
	base := n
	for e := 0; e < epochs; e++ {
		n += int(before >> e & 1)
		rank[e] = n
		n += int(used >> e & 1)
	}
	if n > epochs {
		s.ranOut(LeaderEpochs)
		return
	}
	for b := 0; b < m.n; b++ {
		m.rankBroker(s, b, used, &rank)
		if d := next[b]; d > 0 {
			s.setEpochOf(b, rank[d]-1)
		}
	}
	put(&s[wControl], ctlEpochShift, 3, rank[s.epoch()])
	s.setKnown(rank[s.known()])
	for i := 0; i < maxLateRequests; i++ {
		if g, ok := s.lateRequest(i); ok {
			g.epoch = rank[g.epoch]
			s.setLateRequest(i, g)
		}
	}
	for i := 0; i < m.c.Scope.Messages; i++ {
		if m.needsTarget(s.phase(i)) {
			s.setSentTo(i, rank[s.sentTo(i)])
		}
	}
	m.rankOutputEpochs(s, &rank)
	m.rankShareEpochs(s, &rank)
	if m.consumer {
		for _, f := range [...]uint{cKnownShift, cLastEpochShift, cCommitEpochShift, cLateEpochShift} {
			m.setCons(s, f, 3, rank[m.cons(s, f, 3)])
		}
		m.rankOnce(s, &rank)
	}
	if m.exposed && m.plainRecords {
		for i, n := 0, m.exposedLen(s); i < n; i++ {
			in := rank[m.exposedIn(s, i)]
			put(&s[m.wExposed+1], 3*uint(i), 3, in*b2i(in > base))
		}
	} else if m.exposed {
		n := m.exposedLen(s)
		s[m.wExposed] = m.rankLog(s[m.wExposed], n, &rank)
		for i := 0; i < n; i++ {
			put(&s[m.wExposed+1], 3*uint(i), 3, rank[m.exposedIn(s, i)])
		}
	}
}

// plainClearUnreadReturns forgets between which epochs a broker did not lead, where it cannot lead on over them any more. A
// broker that does not act as leader has to lead once before.
func (m *Model) plainClearUnreadReturns(s *State) {
	for b := 0; m.deposedReturn && b < m.n; b++ {
		acts, e := s.actsAsLeader(b), s.epochOf(b)
		past := uint64(1)<<(e+1) - 1
		if next := s[statusWord(b)] >> bLedShift & 0xff &^ past; !acts {
			past |= next & -next
		}
		s[statusWord(b)] &^= past << bReturnShift
		if !acts || e == s.epoch() {
			s.clearFlag(b, flagUntold)
		}
	}
}
