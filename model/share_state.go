package model

// The words of the share group:
//
//	word 0      what was processed (8 bits); the fields below
//	words 1, 2  the share-partition in the leader's memory: 10 bits a record
//	words 3, 4  what the share coordinator has of it: 8 bits a record
//	words 5, 6  the members
const (
	shareWords = 7
	maxShared  = 12 // the share-partition reaches to this offset at most
)

// Fields of word 0, behind how often each message was processed.
const (
	shEpochShift     = 8  // 3: the newest leader epoch in which the state was read
	shReadShift      = 11 // 1: the leader of that epoch has the share-partition in memory
	shStartShift     = 12 // 4: its start offset (SPSO)
	shPersistedShift = 16 // 4: the start offset that the share coordinator has; offsetNone: not initialised
	shLostShift      = 20 // 1: the share coordinator knows nothing of the share-partition any more
	shPoisonShift    = 21 // 4: the messages whose processing throws every time
)

// Fields of a record in the leader's memory.
const (
	deliveryWidth      = 10
	deliveriesPerWord  = 6
	deliveryCountShift = 3 // 5
	deliveryOwnerShift = 8 // 1
	deliveryFirstShift = 9 // 1
)

// Fields of a persisted record: state 3, count 5.
const (
	persistedWidth   = 8
	persistedPerWord = 8
)

// recordState is the state of a record in the share-partition.
type recordState uint8

// The states of Kafka's RecordState, and two more: a record that was never acquired, and one that the dead-letter queue has
// while its state is still Archiving.
const (
	untouched recordState = iota
	available
	acquired
	acknowledged
	archiving
	archived
	deadLettered
)

// terminal says that the start offset may move over a record in this state.
func (r recordState) terminal() bool { return r == acknowledged || r == archived }

// DeliveryState is the name of a record's state in a share-partition.
type DeliveryState string

// The states.
const (
	DeliveryAvailable    DeliveryState = "available"     // to be acquired by any member
	DeliveryAcquired     DeliveryState = "acquired"      // locked for a member
	DeliveryAcknowledged DeliveryState = "acknowledged"  // accepted
	DeliveryArchiving    DeliveryState = "archiving"     // not delivered again, on its way to the dead-letter queue
	DeliveryArchived     DeliveryState = "archived"      // not delivered again
	DeliveryDeadLettered DeliveryState = "dead-lettered" // as archiving; the dead-letter queue has it
)

func (r recordState) name() DeliveryState {
	return [...]DeliveryState{"", DeliveryAvailable, DeliveryAcquired, DeliveryAcknowledged, DeliveryArchiving, DeliveryArchived, DeliveryDeadLettered}[r]
}

// delivery is what the leader's memory has of a record.
type delivery struct {
	state recordState
	count int  // how often it was acquired
	owner int  // the member that has acquired it
	first bool // the first of the records that were acquired together when they were new
}

func (m *Model) shared(s *State, shift, width uint) int       { return get(s[m.wShare], shift, width) }
func (m *Model) setShared(s *State, shift, width uint, v int) { put(&s[m.wShare], shift, width, v) }

func (m *Model) shareEpoch(s *State) int            { return m.shared(s, shEpochShift, 3) }
func (m *Model) shareStart(s *State) int            { return m.shared(s, shStartShift, 4) }
func (m *Model) setShareStart(s *State, offset int) { m.setShared(s, shStartShift, 4, offset) }
func (m *Model) persistedStart(s *State) int        { return m.shared(s, shPersistedShift, 4) }
func (m *Model) setPersistedStart(s *State, o int)  { m.setShared(s, shPersistedShift, 4, o) }
func (m *Model) shareStateLost(s *State) bool       { return m.shared(s, shLostShift, 1) != 0 }
func (m *Model) deliveryWord(o int) (int, uint) {
	return m.wShare + 1 + o/deliveriesPerWord, uint(o%deliveriesPerWord) * deliveryWidth
}
func (m *Model) persistedWord(o int) (int, uint) {
	return m.wShare + 3 + o/persistedPerWord, uint(o%persistedPerWord) * persistedWidth
}
func (m *Model) memberWord(slot int) int { return m.wShare + 5 + slot }

// shareLeader is the broker that has the share-partition in memory, or -1.
func (m *Model) shareLeader(s *State) int {
	if m.shared(s, shReadShift, 1) == 0 {
		return -1
	}
	if l := m.leaderOf(s, m.shareEpoch(s)); l >= 0 && s.actsAsLeader(l) && s.epochOf(l) == m.shareEpoch(s) {
		return l
	}
	return -1
}

// forgetShare takes the leader's memory of the share-partition away, and what members hold of it.
func (m *Model) forgetShare(s *State) {
	m.setShared(s, shReadShift, 1, 0)
	m.setShareStart(s, 0)
	s[m.wShare+1], s[m.wShare+2] = 0, 0
	for slot := range m.shareMembers() {
		h := m.hold(s, slot)
		h.live = false
		m.setHold(s, slot, h)
	}
}

func (m *Model) delivery(s *State, o int) delivery {
	if o >= maxShared {
		return delivery{}
	}
	word, at := m.deliveryWord(o)
	w := s[word] >> at
	return delivery{recordState(get(w, 0, 3)), get(w, deliveryCountShift, 5), get(w, deliveryOwnerShift, 1), get(w, deliveryFirstShift, 1) != 0}
}

func (m *Model) setDelivery(s *State, o int, d delivery) {
	word, at := m.deliveryWord(o)
	put(&s[word], at, deliveryWidth, int(d.state)|d.count<<deliveryCountShift|d.owner<<deliveryOwnerShift|b2i(d.first)<<deliveryFirstShift)
}

// persisted is what the share coordinator has of a record.
func (m *Model) persisted(s *State, o int) (state recordState, count int) {
	word, at := m.persistedWord(o)
	return recordState(get(s[word], at, 3)), get(s[word], at+3, 5)
}

func (m *Model) setPersisted(s *State, o int, state recordState, count int) {
	word, at := m.persistedWord(o)
	put(&s[word], at, persistedWidth, int(state)|count<<3)
}

// batchStart is the first of the records that were acquired together with the one at offset o.
func (m *Model) batchStart(s *State, o int) int {
	for o > 0 && !m.delivery(s, o).first && m.delivery(s, o-1).state != untouched {
		o--
	}
	return o
}

// batchEnd is the offset behind them.
func (m *Model) batchEnd(s *State, o int) int {
	for o++; o < maxShared && m.delivery(s, o).state != untouched && !m.delivery(s, o).first; o++ {
	}
	return o
}

// mark says what a member has done with a record in hand.
type mark uint8

// The marks. With records acknowledged before they are processed a record is done when it is processed, and leaves the hand.
const (
	toDo        mark       = iota // neither processed nor acknowledged
	toAccept                      // processed, or given up: will be accepted
	toRelease                     // will be released
	toReject                      // will be rejected
	acceptFirst = toAccept        // acknowledged, not yet processed
)

// holding is what a member has in hand, in the order of the poll.
type holding struct {
	n       int
	live    bool // acquired in the share-partition that the leader has in memory now
	records [maxHand]held
}

// held is a record in hand.
type held struct {
	offset, msg int
	mark        mark
}

// Fields of a member: records in hand 3, live 1, then 8 bits a record: offset 4, message 2, mark 2.
const (
	holdLiveShift    = 3
	holdRecordsShift = 4
	heldWidth        = 8
)

func (m *Model) hold(s *State, slot int) (h holding) {
	w := s[m.memberWord(slot)]
	h.n, h.live = get(w, 0, 3), get(w, holdLiveShift, 1) != 0
	for i := range h.n {
		r := w >> (holdRecordsShift + uint(i)*heldWidth)
		h.records[i] = held{get(r, 0, 4), get(r, 4, 2), mark(get(r, 6, 2))}
	}
	return h
}

func (m *Model) setHold(s *State, slot int, h holding) {
	if h.n == 0 {
		h.live = false
	}
	w := uint64(h.n | b2i(h.live)<<holdLiveShift)
	for i := range h.n {
		r := h.records[i]
		w |= uint64(r.offset|r.msg<<4|int(r.mark)<<6) << (holdRecordsShift + uint(i)*heldWidth)
	}
	s[m.memberWord(slot)] = w
}

// drop takes the record at place i out of the hand.
func (h *holding) drop(i int) {
	copy(h.records[i:h.n], h.records[i+1:h.n])
	h.n--
}

// next is the place of the first record with one of two marks, or -1.
func (h *holding) next(a, b mark) int {
	for i := range h.n {
		if k := h.records[i].mark; k == a || k == b {
			return i
		}
	}
	return -1
}

// has says that a record in hand is at an offset of the share-partition in the leader's memory.
func (h *holding) has(offset int) bool {
	for i := range h.n {
		if h.live && h.records[i].offset == offset {
			return true
		}
	}
	return false
}
