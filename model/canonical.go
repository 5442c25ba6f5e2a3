package model

import "math/bits"

// Canonical replaces s by the representative of all states that differ from it only in what no rule can tell apart:
// leader epochs become ranks, fields that no rule will read become zero, and brokers are sorted.
func (m *Model) Canonical(s *State) {
	m.rank(s)
	m.sortBrokers(s)
}

// rank is Canonical but for the order of the brokers.
func (m *Model) rank(s *State) {
	if m.output {
		m.clearUnreadOutput(s)
	}
	if m.spent && m.tracksDisk {
		m.clearSpent(s)
	}
	d := m.decided(s)
	m.clearUnread(s, &d)
	if m.share {
		m.clearUnreadShare(s)
	}
	if d.newest > 0 || m.plainRecords {
		m.rankEpochs(s, &d)
	}
}

// decided is what the canonical form asks about leader epochs several times. Sets of epochs and of brokers are bits.
type decided struct {
	newest    int
	led       uint // epochs with a leader
	believed  uint // epochs that brokers which are not stale are in
	oldest    int  // the oldest epoch that a broker that runs is in
	learnable uint // epochs that a broker can learn, see isDecision
	stale     uint // stale brokers, see stale
}

// epochsUpTo is the set of the epochs up to e.
func epochsUpTo(e int) uint { return 2<<e - 1 }

func (m *Model) decided(s *State) decided {
	d := decided{newest: s.epoch()}
	d.oldest = d.newest
	acted := uint(0) // epochs in which a leader acts, or may yet act: it runs, and has not gone to a newer one
	for b := 0; b < m.n; b++ {
		w := s[statusWord(b)]
		led, e := uint(w>>bLedShift&0xff), int(w>>bEpochShift&7)
		d.led |= led
		d.believed |= 1 << e
		if w>>bFlagShift&flagDead == 0 {
			acted |= led &^ (1<<e - 1)
			d.oldest = min(d.oldest, e)
		}
	}
	d.learnable = d.led
	if !m.c.B.FencesByEpoch {
		return d
	}
	d.learnable = acted | d.led&(1<<d.newest)
	if stale := d.believed &^ acted &^ (1 << d.newest); stale != 0 {
		for b := 0; b < m.n; b++ {
			d.stale |= stale >> s.epochOf(b) & 1 << b
		}
		d.believed &^= stale
	}
	return d
}

// next is the next leader epoch that a broker in epoch e can learn.
func (d *decided) next(e int) int {
	return bits.TrailingZeros((d.learnable | 1<<d.newest) &^ epochsUpTo(e))
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

// clearUnread zeroes what no guard or effect will read again.
func (m *Model) clearUnread(s *State, d *decided) {
	m.clearUnreadOfMessages(s)
	superseded := uint64(0)
	if d.newest > 0 {
		m.raiseKnown(s, d)
		superseded = m.superseded(s, d)
	}
	for b := 0; b < m.n; b++ {
		s[statusWord(b)] &^= superseded
		m.clearUnreadOfBroker(s, b, d)
	}
	m.clearUnreadKept(s)
}

// clearUnreadOfMessages zeroes what is not read of messages whose outcome is known, or whose requests are not on their way.
func (m *Model) clearUnreadOfMessages(s *State) {
	numbered := m.incsToSend(s)
	settled := uint64(7) << msgRetriesShift // what is not read of a message that is not pending
	if !m.c.Prod.Idempotent {
		settled |= 1 << msgRequeuedShift
	}
	for i := 0; i < m.c.Scope.Messages; i++ {
		f := s[wMessages] >> msgShift(i, 0)
		p, unread, set := Phase(f>>msgPhaseShift&7), uint64(0), uint64(0)
		if !m.needsTarget(p) {
			unread = 7 << msgAtShift
		}
		if !p.pending() {
			unread |= settled
			if p != Unsent && numbered>>(f>>msgIncShift&15)&1 == 0 {
				set = unnumbered << msgIncShift
			}
		}
		s[wMessages] = s[wMessages]&^(unread<<msgShift(i, 0)) | set<<msgShift(i, 0)
	}
}

// clearUnreadOfBroker zeroes what is not read of broker b's position, start of its epoch, shutdown and returns.
func (m *Model) clearUnreadOfBroker(s *State, b int, d *decided) {
	w := &s[statusWord(b)]
	acts, e := s.actsAsLeader(b), s.epochOf(b)
	if d.stale>>b&1 != 0 {
		*w |= positionUnknown << bPosShift
	}
	if !acts || e != d.newest || s.hw(b) >= s.startOf(b) {
		*w &^= 15 << bStartShift // whoever has reached its high watermark has reached the start of its epoch
	}
	if *w>>bFlagShift&flagUnclean != 0 {
		m.clearUnreadShutdown(s, b)
	}
	if m.deposedReturn {
		m.clearUnreadReturns(s, b, acts)
	}
}

// incsToSend is the set of incarnations, as bits, in which a request may yet come to a broker: the present one, and those of
// late requests. Which message was numbered before another is asked in no other ([Model.predecessor]).
func (m *Model) incsToSend(s *State) uint {
	set := uint(1) << m.incNow(s)
	for i := 0; i < maxLateRequests && s[wProducer]&anyLateRequest != 0; i++ {
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

// superseded are the bits of a broker's leaderships and in-sync sets in superseded epochs in which no broker can act.
func (m *Model) superseded(s *State, d *decided) uint64 {
	drop := uint64(^d.learnable & epochsUpTo(d.newest-1))
	if drop == 0 || !m.c.B.FencesByEpoch {
		return 0
	}
	keep := uint64(m.staleTargets(s, d) | m.lateRequestEpochs(s))
	return drop&^keep<<bLedShift | drop<<bISRShift
}

// raiseKnown moves what the producer knows up to the first epoch that makes a difference.
func (m *Model) raiseKnown(s *State, d *decided) {
	switch {
	case m.producerDone(s):
		s.setKnown(d.newest)
	case !m.usesStaleTargets() && m.c.B.FencesByEpoch:
		s.setKnown(bits.TrailingZeros((d.learnable | 1<<d.newest) &^ (1<<s.known() - 1)))
	}
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
