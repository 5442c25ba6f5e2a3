package model

import "math/bits"

// usedEpochs is the set of leader epochs that some actor or record refers to, or that some broker may still learn.
func (m *Model) usedEpochs(s *State, d *decided) uint {
	used := d.believed | 1<<d.newest | 1<<s.known() | d.learnable&(1<<d.newest-1)&^epochsUpTo(d.oldest)
	for b := 0; b < m.n && !m.plainRecords; b++ {
		for i, n := 0, s.logLen(b); i < n; i++ {
			used |= 1 << m.epochIn(m.at(s, b, i))
		}
	}
	for i := 0; i < m.c.Scope.Messages; i++ {
		if m.needsTarget(s.phase(i)) {
			used |= 1 << s.sentTo(i)
		}
	}
	used |= m.lateRequestEpochs(s) | m.staleTargets(s, d)
	if m.output {
		used |= m.outputEpochs(s)
	}
	if m.consumer || m.exposed && !m.plainRecords {
		used |= m.consumerEpochs(s) | m.onceEpochs(s)
	}
	return used | m.shareEpochs(s)
}

func (m *Model) lateRequestEpochs(s *State) uint {
	set := uint(0)
	if m.output {
		if l, ok := m.lateMarker(s); ok && !l.group {
			set |= 1 << l.to
		}
	}
	if s[wProducer]&anyLateRequest == 0 {
		return set
	}
	for i := 0; i < maxLateRequests; i++ {
		if g, ok := s.lateRequest(i); ok {
			set |= 1 << g.epoch
		}
	}
	return set
}

// usesStaleTargets says that a request to a broker which does not lead any more has an effect.
func (m *Model) usesStaleTargets() bool {
	return m.c.Prod.Acks == AcksNone || m.c.Prod.Retries != Unlimited
}

// staleTargets is the set of epochs whose leader a producer may still take for the leader, where that has an effect.
func (m *Model) staleTargets(s *State, d *decided) uint {
	if !m.usesStaleTargets() {
		return 0
	}
	return d.led & (1<<d.newest - 1) &^ (1<<s.known() - 1)
}

func (m *Model) consumerEpochs(s *State) uint {
	set := uint(0)
	if m.consumer {
		set = 1 << m.cons(s, cKnownShift, 3)
		if m.cons(s, cHasEpochShift, 1) != 0 {
			set |= 1 << m.cons(s, cLastEpochShift, 3)
		}
		if m.cons(s, cHasCommitShift, 1) != 0 {
			set |= 1 << m.cons(s, cCommitEpochShift, 3)
		}
		if m.cons(s, cHasLateShift, 1) != 0 {
			set |= 1 << m.cons(s, cLateEpochShift, 3)
		}
	}
	if m.exposed && !m.plainRecords {
		for i, n := 0, m.exposedLen(s); i < n; i++ {
			set |= 1<<m.epochIn(m.wordAt(s[m.wExposed], i)) | 1<<m.exposedIn(s, i)
		}
	}
	return set
}

// rankEpochs renumbers the leader epochs in use from 0: rules compare epochs and count on from the newest, nothing more.
// Stale brokers get a rank of their own just before the next decision that they can learn.
func (m *Model) rankEpochs(s *State, d *decided) {
	used, n := m.usedEpochs(s, d), 0
	if m.plainRecords {
		n = m.classRecords(s)
	}
	var next [MaxReplicas]int // for a stale broker, the next decision that it can learn
	before := uint(0)         // the epochs just before which there are such brokers
	ranked := true            // each of them has the epoch before
	for b := 0; b < m.n && d.stale != 0; b++ {
		if d.stale>>b&1 != 0 {
			e := s.epochOf(b)
			next[b] = d.next(e)
			before |= 1 << next[b]
			ranked = ranked && next[b] == e+1
		}
	}
	if all := used | before>>1; ranked && used&(before>>1) == 0 && all&(1<<n-1) == 0 && all>>n&(all>>n+1) == 0 {
		m.keepRanks(s, used, n)
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
	if m.output {
		m.rankOutputEpochs(s, &rank)
	}
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

// keepRanks is rankEpochs where the epochs in use, and those of stale brokers, are ranks already, from base on.
func (m *Model) keepRanks(s *State, used uint, base int) {
	m.clearEpochBits(s, used)
	for i := 0; m.exposed && m.plainRecords && i < m.exposedLen(s); i++ {
		if m.exposedIn(s, i) <= base {
			put(&s[m.wExposed+1], 3*uint(i), 3, 0)
		}
	}
}

// rankBroker renumbers the epochs in broker b's words.
func (m *Model) rankBroker(s *State, b int, used uint, rank *[epochs]int) {
	if !m.plainRecords {
		s[logWord(b)] = m.rankLog(s[logWord(b)], m.inFirstWord(s.logLen(b)), rank)
	}
	if m.wLog2 > 0 {
		s[m.wLog2+b] = m.rankLog(s[m.wLog2+b], max(0, s.logLen(b)-m.perWord), rank)
	}
	s.setEpochOf(b, rank[s.epochOf(b)])
	w := s[statusWord(b)]
	led := rankBits(w>>bLedShift, used, rank)
	isr := rankBits(w>>bISRShift, used, rank)
	returns := rankBits(w>>bReturnShift, used, rank)
	s[statusWord(b)] = w&^(0xff<<bLedShift|0xff<<bISRShift|0xff<<bReturnShift) | led<<bLedShift | isr<<bISRShift | returns<<bReturnShift
	if m.wKept > 0 {
		m.rankKept(s, b, used, rank)
	}
}

// rankBits renumbers the leader epochs that are bits of a set.
func rankBits(set uint64, used uint, rank *[epochs]int) uint64 {
	ranked := uint64(0)
	for rest := uint(set&0xff) & used; rest != 0; rest &= rest - 1 {
		ranked |= 1 << rank[bits.TrailingZeros(rest)]
	}
	return ranked
}

func (m *Model) rankLog(w uint64, n int, rank *[epochs]int) uint64 {
	out := uint64(0)
	for i := 0; i < n; i++ {
		r := m.wordAt(w, i)
		r = m.makeRecord(m.msgOf(r), rank[m.epochIn(r)], m.incOf(r))
		out |= uint64(r) << (uint(i) * m.entryBits)
	}
	return out
}

// clearEpochBits drops the leaders and in-sync sets of epochs that nothing refers to.
func (m *Model) clearEpochBits(s *State, used uint) {
	drop := uint64(^used) & 0xff
	for b := 0; b < m.n; b++ {
		s[statusWord(b)] &^= drop<<bLedShift | drop<<bISRShift | drop<<bReturnShift
	}
}
