package model

// The output partition's log. Its records are those of every log of the model; where lead producers have an incarnation
// they have a kind and the number of their attempt.

// kind says what a record of the output log is.
type kind uint8

// The kinds of records.
const (
	kindData   kind = iota // output in a transaction
	kindCommit             // control record: the producer's open transaction is committed
	kindAbort              // control record: it is aborted
	kindPlain              // output outside any transaction
)

func (m *Model) outputRecord(msg, epoch int, k kind, number int) record {
	return m.makeRecord(msg, epoch, int(k)|number<<2)
}

func (m *Model) kindOf(r record) kind  { return kind(m.incOf(r) & 3) }
func (m *Model) numberOf(r record) int { return m.incOf(r) >> 2 }

func (k kind) marker() bool { return k == kindCommit || k == kindAbort }

// name is the name of a marker.
func (k kind) name() Marker {
	if k == kindCommit {
		return MarkerCommit
	}
	return MarkerAbort
}

// outputAt is the offset of the output of msg in an attempt in broker b's log, or -1.
func (m *Model) outputAt(s *State, b, msg, number int) int {
	for i := s.logLen(b) - 1; i >= 0; i-- {
		r := m.at(s, b, i)
		if !m.kindOf(r).marker() && m.msgOf(r) == msg && m.numberOf(r) == number {
			return i
		}
	}
	return -1
}

// markerAt is the offset of the newest marker with a number in broker b's log, or -1.
func (m *Model) markerAt(s *State, b, number int) int {
	for i := s.logLen(b) - 1; i >= 0; i-- {
		if r := m.at(s, b, i); m.kindOf(r).marker() && m.numberOf(r) == number {
			return i
		}
	}
	return -1
}

// lastEpochOf is the newest producer epoch of a transactional.id that broker b has seen in its log, or -1: its producer
// state, which a leader rebuilds from the log.
func (m *Model) lastEpochOf(s *State, b, id int) int {
	for i := s.logLen(b) - 1; i >= 0; i-- {
		if n := m.numberOf(m.at(s, b, i)); m.idOf(s, n) == id {
			return m.epochNumber(s, n)
		}
	}
	return -1
}

// openAt says whether a transaction of the id is open at the end of broker b's log, and in which epoch it last wrote.
func (m *Model) openAt(s *State, b, id int) (open bool, epoch int) {
	for i := s.logLen(b) - 1; i >= 0; i-- {
		r := m.at(s, b, i)
		if n := m.numberOf(r); m.idOf(s, n) == id {
			return m.kindOf(r) == kindData, m.epochNumber(s, n)
		}
	}
	return false, -1
}

// closedBy is the kind of the marker that ends the transaction with the record at offset i among the first n records
// of broker b, or kindData while there is none. A producer's next marker ends all it has written before.
func (m *Model) closedBy(s *State, b, i, n int) kind {
	id := m.idOf(s, m.numberOf(m.at(s, b, i)))
	for j := i + 1; j < n; j++ {
		r := m.at(s, b, j)
		if k := m.kindOf(r); k.marker() && m.idOf(s, m.numberOf(r)) == id {
			return k
		}
	}
	return kindData
}

// lastStable is broker b's last stable offset: the first record of a transaction that is open below the high watermark,
// or the high watermark.
func (m *Model) lastStable(s *State, b int) int {
	hw := s.hw(b)
	for i := 0; i < hw; i++ {
		if m.kindOf(m.at(s, b, i)) == kindData && m.closedBy(s, b, i, hw) == kindData {
			return i
		}
	}
	return hw
}

// readableTo is the offset up to which downstream reads broker b.
func (m *Model) readableTo(s *State, b int) int {
	if m.c.Cons.DownstreamReadCommitted {
		return m.lastStable(s, b)
	}
	return s.hw(b)
}

// visible says that downstream sees the record at offset i, which is below readableTo, as output.
func (m *Model) visible(s *State, b, i int) bool {
	switch m.kindOf(m.at(s, b, i)) {
	case kindPlain:
		return true
	case kindData:
		return !m.c.Cons.DownstreamReadCommitted || m.closedBy(s, b, i, s.hw(b)) == kindCommit
	}
	return false
}
