package model

import "math/bits"

// classRecords replaces the leader epochs of records by classes: records of one message at one offset are numbered from 0
// in the order of their epochs. It returns how many classes there are.
//
// Where epochs are fenced and no consumer looks at them, the epoch of a record only tells it from others at its offset
// (agreement, noteExposed). What is appended later differs from all that is there: an epoch has one leader, whose log
// does not get shorter while it leads in it.
func (m *Model) classRecords(s *State) int {
	if m.wLog2 == 0 && m.logsAgree(s) {
		return m.oneClass(s)
	}
	return m.classesByOffset(s)
}

// classesByOffset is classRecords for any logs.
func (m *Model) classesByOffset(s *State) int {
	classes := 0
	longest := 0
	for b := 0; b < m.n; b++ {
		longest = max(longest, s.logLen(b))
	}
	if m.exposed {
		longest = max(longest, m.exposedLen(s))
	}
	for i := 0; i < longest; i++ {
		classes = max(classes, m.classOffset(s, i))
	}
	return classes
}

// logsAgree says that each log, and what consumers could read, is the beginning of the longest: at each offset there is
// one record. That is so in most states, and takes much less time to see than to number the records.
func (m *Model) logsAgree(s *State) bool {
	longest, most := uint64(0), 0
	for b := 0; b < m.n; b++ {
		if n := s.logLen(b); n > most {
			longest, most = s[logWord(b)], n
		}
	}
	if m.exposed && m.exposedLen(s) > most {
		return false
	}
	for b := 0; b < m.n; b++ {
		if (s[logWord(b)]^longest)&m.firstRecords(s.logLen(b)) != 0 {
			return false
		}
	}
	return !m.exposed || (s[m.wExposed]^longest)&m.firstRecords(m.exposedLen(s)) == 0
}

// firstRecords covers n records of a log word.
func (m *Model) firstRecords(n int) uint64 { return m.records[uint(n)%uint(len(m.records))] }

// layOutRecords prepares firstRecords.
func (m *Model) layOutRecords() {
	for n := range m.records {
		m.records[n] = 1<<(uint(n)*m.entryBits) - 1
	}
}

// oneClass is classRecords where there is one record at each offset.
func (m *Model) oneClass(s *State) int {
	any := 0
	for b := 0; b < m.n; b++ {
		s[logWord(b)] &^= m.recordEpochs
		any |= s.logLen(b)
	}
	if m.exposed {
		s[m.wExposed] &^= m.recordEpochs
	}
	return min(any, 1)
}

// classOffset numbers the records at one offset and returns how many classes there are.
func (m *Model) classOffset(s *State, i int) int {
	var words [MaxReplicas + 1]*uint64
	n := 0
	for b := 0; b < m.n; b++ {
		if i < s.logLen(b) {
			words[n] = &s[logWord(b)]
			n++
		}
	}
	if m.exposed && i < m.exposedLen(s) {
		words[n] = &s[m.wExposed]
		n++
	}
	var old [MaxReplicas + 1]record
	differ := record(0)
	for j := range n {
		old[j] = m.wordAt(*words[j], i)
		differ |= old[j] ^ old[0]
	}
	if differ == 0 && old[0] == m.makeRecord(m.msgOf(old[0]), 0, m.incOf(old[0])) {
		return min(n, 1) // one record, whose epoch is the first class
	}
	most := 0
	for j := range n {
		r := old[j]
		below := uint(0)
		for _, q := range old[:n] {
			if m.epochIn(q) < m.epochIn(r) && m.msgOf(q) == m.msgOf(r) && m.incOf(q) == m.incOf(r) {
				below |= 1 << m.epochIn(q)
			}
		}
		class := bits.OnesCount(below)
		most = max(most, class+1)
		shift := uint(i)*m.entryBits + m.msgBits
		*words[j] = *words[j]&^(7<<shift) | uint64(class)<<shift
	}
	return most
}
