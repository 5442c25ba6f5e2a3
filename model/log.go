package model

import "math/bits"

// Logs are packed: records are m.entryBits wide, the first at the low end of the broker's log word. With app.output: kafka
// a log can take two words a broker; records from perWord on are then in the second.

// record is one entry of a log, as it is packed: message, leader epoch, producer incarnation, kind.
type record uint64

func (m *Model) makeRecord(msg, epoch, inc int) record {
	return record(msg | epoch<<m.msgBits | inc<<(m.msgBits+3))
}

func (m *Model) msgOf(r record) int   { return int(r) & (1<<m.msgBits - 1) }
func (m *Model) epochIn(r record) int { return int(r) >> m.msgBits & 7 }
func (m *Model) incOf(r record) int   { return int(r) >> (m.msgBits + 3) & (1<<m.incBits - 1) }

// at is the record at offset i of broker b's log.
func (m *Model) at(s *State, b, i int) record {
	word, i := m.wordOf(b, i)
	return m.wordAt(s[word], i)
}

func (m *Model) wordAt(w uint64, i int) record {
	return record(w >> (uint(i) * m.entryBits) & m.entryMask)
}

// appendRecord puts r at the end of broker b's log and flushes as flush.messages says. A full log sets the bound.
func (m *Model) appendRecord(s *State, b int, r record) {
	n := s.logLen(b)
	if n == m.logCap {
		s.ranOut(LogSize)
		return
	}
	word, i := m.wordOf(b, n)
	s[word] |= uint64(r) << (uint(i) * m.entryBits)
	put(&s[statusWord(b)], bLenShift, 4, n+1)
	if k := m.c.Topic.FlushMessages; m.tracksDisk && k > 0 && n+1-s.flushed(b) >= k {
		s.setFlushed(b, n+1)
	}
}

// truncate cuts broker b's log to n records.
func (m *Model) truncate(s *State, b, n int) {
	if n >= s.logLen(b) {
		return
	}
	s[logWord(b)] &= 1<<(uint(m.cutSecond(s, b, n))*m.entryBits) - 1
	put(&s[statusWord(b)], bLenShift, 4, n)
	if s.hw(b) > n {
		s.setHW(b, n)
	}
	if s.flushed(b) > n {
		s.setFlushed(b, n)
	}
}

// lastOf is the highest offset of message msg in broker b's log, or -1.
func (m *Model) lastOf(s *State, b, msg int) int {
	for i := s.logLen(b) - 1; i >= 0; i-- {
		if m.msgOf(m.at(s, b, i)) == msg {
			return i
		}
	}
	return -1
}

// agreement is the length of the common prefix of two logs: as far as offset and leader epoch match.
func (m *Model) agreement(s *State, a, b int) int {
	n := min(s.logLen(a), s.logLen(b))
	if d := s[logWord(a)] ^ s[logWord(b)]; d != 0 {
		return min(n, bits.TrailingZeros64(d)/int(m.entryBits))
	}
	if m.wLog2 > 0 {
		n = min(n, m.perWord+bits.TrailingZeros64(s[m.wLog2+a]^s[m.wLog2+b])/int(m.entryBits))
	}
	return n
}

// wordOf finds the word of broker b's log that holds offset i, and the place in it.
func (m *Model) wordOf(b, i int) (word, place int) {
	if m.wLog2 > 0 && i >= m.perWord {
		return m.wLog2 + b, i - m.perWord
	}
	return logWord(b), i
}

// cutSecond cuts the second word of broker b's log to n records in all, and says how many are left in the first.
func (m *Model) cutSecond(s *State, b, n int) int {
	switch {
	case m.wLog2 == 0:
		return n
	case n >= m.perWord:
		s[m.wLog2+b] &= 1<<(uint(n-m.perWord)*m.entryBits) - 1
		return m.perWord
	}
	s[m.wLog2+b] = 0
	return n
}

// inFirstWord is how many of n records of a log are in its first word.
func (m *Model) inFirstWord(n int) int {
	if m.wLog2 > 0 {
		return min(n, m.perWord)
	}
	return n
}
