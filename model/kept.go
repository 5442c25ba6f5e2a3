package model

import "math/bits"

// What a leader keeps of its followers while it does not learn that it was deposed.
//
// A leader has a position for every follower: the log end that its last fetch told. It forgets them only when it becomes
// leader anew, that is, when it did not act as leader before (Partition.makeLeader with isNewLeader; since 3.4
// Replica.resetReplicaState). A leader that learns several decisions at once compares the last with what it had
// (TopicDelta.localChanges), so where it leads again it goes on as leader, and the positions of the earlier epoch count
// in the new one, although the followers may have truncated their logs for another leader in between. Releases up to 0.8
// forget the positions in every makeLeader.
//
// The positions are kept in the followers' words, one for each leader epoch that a leader acts in.

// keptWidth is the width of a kept position: two brokers share a word.
const keptWidth = 4

func (m *Model) keptAt(f, e int) (word int, shift uint) {
	return m.wKept + f/2, uint(32*(f%2) + keptWidth*e)
}

// kept is the position of follower f that the leader of epoch e remembers; 0 where it knows nothing.
func (m *Model) kept(s *State, f, e int) int {
	if m.wKept == 0 {
		return 0
	}
	word, shift := m.keptAt(f, e)
	return get(s[word], shift, keptWidth)
}

func (m *Model) setKept(s *State, f, e, position int) {
	if m.wKept > 0 {
		word, shift := m.keptAt(f, e)
		put(&s[word], shift, keptWidth, position)
	}
}

// keptOf is all that leaders remember of broker f.
func (m *Model) keptOf(s *State, f int) uint32 {
	word, shift := m.keptAt(f, 0)
	return uint32(s[word] >> shift)
}

func (m *Model) setKeptOf(s *State, f int, kept uint32) {
	word, shift := m.keptAt(f, 0)
	s[word] = s[word]&^((1<<32-1)<<shift) | uint64(kept)<<shift
}

// anyKept says that some position is kept.
func (m *Model) anyKept(s *State) bool {
	for i := 0; m.wKept > 0 && i < (m.n+1)/2; i++ {
		if s[m.wKept+i] != 0 {
			return true
		}
	}
	return false
}

// layOutKept gives the state words for kept positions, where leader epochs can change.
func (m *Model) layOutKept() {
	changes := m.c.Faults.Where(func(f Fault) bool { return f.Side == SideBroker })
	m.deposedReturn = changes >= 2 || changes == 1 && m.n == 1 // nobody else leads then
	if changes > 0 && m.n > 1 {
		m.wKept, m.words = m.words, m.words+(m.n+1)/2
	}
}

// actingLeaders gives for each leader epoch the broker that acts as leader in it, or -1.
func (m *Model) actingLeaders(s *State) (acting [epochs]int) {
	for e := range acting {
		acting[e] = -1
	}
	for b := 0; b < m.n; b++ {
		if s.actsAsLeader(b) {
			acting[s.epochOf(b)] = b
		}
	}
	return acting
}

// clearUnreadKept forgets the kept positions that no rule will read: of leaders that do not act any more, and those in
// whose place a fetch has told a newer one. Of a deposed leader that cannot lead again only the least position of its
// in-sync set counts.
func (m *Model) clearUnreadKept(s *State) {
	if !m.anyKept(s) {
		return
	}
	acting := m.actingLeaders(s)
	for f := 0; f < m.n; f++ {
		kept := m.keptOf(s, f)
		if kept == 0 {
			continue
		}
		for e := bits.TrailingZeros32(kept) / keptWidth; kept>>(keptWidth*e) != 0; e++ {
			l := acting[e]
			if l < 0 || l == f || !m.readsKept(s, l, f) {
				kept &^= (1<<keptWidth - 1) << (keptWidth * e)
			}
		}
		m.setKeptOf(s, f, kept)
	}
	for e, l := range acting {
		if l >= 0 && e < s.epoch() && !m.deposedReturn && !m.goesOnLater(s, l) {
			m.levelKept(s, l, e)
		}
	}
}

// clearUnreadReturns forgets between which epochs broker b did not lead, where it cannot lead on over them any more. A
// broker that does not act as leader has to lead once before.
func (m *Model) clearUnreadReturns(s *State, b int, acts bool) {
	w := &s[statusWord(b)]
	e := s.epochOf(b)
	past := uint64(epochsUpTo(e))
	if next := *w >> bLedShift & 0xff &^ past; !acts {
		past |= next & -next
	}
	*w &^= past << bReturnShift
	if !acts || e == s.epoch() {
		*w &^= flagUntold << bFlagShift
	}
}

// controllerGone notes that the controller is perhaps gone, as broker b stops: the leaders that it has deposed, and that
// have not learnt so, may never be told.
func (m *Model) controllerGone(s *State, b int) {
	if m.c.KRaft || !m.deposedReturn {
		return
	}
	for z := 0; z < m.n; z++ {
		if z != b && s.actsAsLeader(z) && s.epochOf(z) < s.epoch() && (m.leader(s) != z || s.returnsIn(z, s.epoch())) {
			s.setFlag(z, flagUntold)
		}
	}
}

// readsKept says that what leader l counts for follower f is the kept position.
func (m *Model) readsKept(s *State, l, f int) bool {
	_, fetched := m.fetchedPosition(s, l, f)
	return !fetched
}

// goesOnLater says that leader l, which acts in a superseded epoch, leads or may yet lead again in a newer one.
func (m *Model) goesOnLater(s *State, l int) bool {
	if m.deposedReturn {
		return true
	}
	for e := s.epochOf(l) + 1; e <= s.epoch(); e++ {
		if s.wasLeaderOf(l, e) {
			return true
		}
	}
	return false
}

// levelKept gives the members of the in-sync set of epoch e that its leader l hears no more of the least of their
// positions, and forgets the others.
func (m *Model) levelKept(s *State, l, e int) {
	least := positionUnknown
	for f := 0; f < m.n; f++ {
		if f != l && s.inISR(f, e) && m.departed(s, l, f) {
			least = min(least, m.kept(s, f, e))
		}
	}
	for f := 0; f < m.n; f++ {
		switch {
		case f == l:
		case s.inISR(f, e) && m.departed(s, l, f):
			m.setKept(s, f, e, least)
		case !s.inISR(f, e):
			m.setKept(s, f, e, 0)
		}
	}
}

// rankKept renumbers the leader epochs of what leaders remember of broker b.
func (m *Model) rankKept(s *State, b int, used uint, rank *[epochs]int) {
	old := m.keptOf(s, b)
	if old == 0 {
		return
	}
	kept := uint32(0)
	for e := 0; e < epochs; e++ {
		if used>>e&1 != 0 {
			kept |= old >> (keptWidth * e) & (1<<keptWidth - 1) << (keptWidth * rank[e])
		}
	}
	m.setKeptOf(s, b, kept)
}

// remember makes leader l keep its present positions of all followers for epoch e, in which it goes on; forget clears them.
func (m *Model) remember(s *State, l, e int) {
	if !m.c.B.KeepsPositions {
		m.forget(s, l, e)
		return
	}
	for f := 0; f < m.n; f++ {
		if f != l {
			m.setKept(s, f, e, m.position(s, l, f))
		}
	}
}

func (m *Model) forget(s *State, l, e int) {
	for f := 0; f < m.n; f++ {
		if f != l {
			m.setKept(s, f, e, 0)
		}
	}
}
