package model

// The exposed words remember which records a consumer could read so far: the records by offset, and for each the leader
// epoch in which it was first readable (3 bits each, the count in the top 4 bits). They exist only where the question
// is committed-stays.

const exposedLenShift = 60

func (m *Model) exposedLen(s *State) int       { return get(s[m.wExposed+1], exposedLenShift, 4) }
func (m *Model) exposedIn(s *State, i int) int { return get(s[m.wExposed+1], 3*uint(i), 3) }

// noteExposed adds what consumers can read in s. A log is one word where there are exposed words.
func (m *Model) noteExposed(s *State) {
	for b := 0; b < m.n; b++ {
		if !s.actsAsLeader(b) {
			continue
		}
		log, hw, n := s[logWord(b)], s.hw(b), m.exposedLen(s)
		if (log^s[m.wExposed])&m.firstRecords(min(hw, n)) != 0 {
			s.setControl(ctlConflictShift, true)
		}
		if hw <= n {
			continue
		}
		s[m.wExposed] |= log & m.firstRecords(hw) &^ m.firstRecords(n)
		for i := n; i < hw; i++ {
			put(&s[m.wExposed+1], 3*uint(i), 3, s.epochOf(b))
		}
		put(&s[m.wExposed+1], exposedLenShift, 4, hw)
	}
}

// CommittedStays says that every leader has the records that consumers could read in its epoch or an earlier one, at
// their offsets.
func (m *Model) CommittedStays(s *State) bool {
	if s.control(ctlConflictShift) {
		return false
	}
	for b := 0; b < m.n; b++ {
		if !s.actsAsLeader(b) {
			continue
		}
		for i, n := 0, m.exposedLen(s); i < n; i++ {
			if m.exposedIn(s, i) <= s.epochOf(b) && (i >= s.logLen(b) || m.at(s, b, i) != m.wordAt(s[m.wExposed], i)) {
				return false
			}
		}
	}
	return true
}
