package model

// What the last state of a counterexample shows beyond what a View has. Nothing here has a bearing on a verdict.

// Logged says that message msg is in the log of a broker.
func (m *Model) Logged(s *State, msg int) bool {
	for b := range m.n {
		if m.lastOf(s, b, msg) >= 0 {
			return true
		}
	}
	return false
}

// ReadableTwice says that message msg stands twice below the high watermark of a broker that takes itself for leader.
func (m *Model) ReadableTwice(s *State, msg int) bool {
	for b := range m.n {
		seen := 0
		for i := 0; s.actsAsLeader(b) && i < s.hw(b); i++ {
			if m.msgOf(m.at(s, b, i)) == msg {
				seen++
			}
		}
		if seen > 1 {
			return true
		}
	}
	return false
}

// Missing is a record that consumers could read and that a later leader does not have at its offset.
type Missing struct {
	Entry
	Leader   BrokerID
	Replaced bool // the leader has another record there
}

// Missing finds a record that a later leader lost; false where the state no longer shows one.
func (m *Model) Missing(s *State) (Missing, bool) {
	for b := range m.n {
		if !s.actsAsLeader(b) {
			continue
		}
		for i, n := 0, m.exposedLen(s); i < n; i++ {
			r := m.wordAt(s[m.wExposed], i)
			if m.exposedIn(s, i) > s.epochOf(b) || i < s.logLen(b) && m.at(s, b, i) == r {
				continue
			}
			return Missing{Entry{Message: messageID(m.msgOf(r)), Offset: i}, brokerID(b), i < s.logLen(b)}, true
		}
	}
	return Missing{}, false
}

// Differing finds two in-sync replicas that hold different records at an offset below both their high watermarks; false
// where there are none.
func (m *Model) Differing(s *State) (replicas [2]BrokerID, offset int, found bool) {
	for a := range m.n {
		for b := a + 1; b < m.n; b++ {
			at := m.agreement(s, a, b)
			if s.inISR(a, s.epoch()) && s.inISR(b, s.epoch()) && at < min(s.hw(a), s.hw(b)) {
				return [2]BrokerID{brokerID(a), brokerID(b)}, at, true
			}
		}
	}
	return replicas, 0, false
}
