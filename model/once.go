package model

// An application of which nothing is known but that it exists counts its effect once for each record of the log
// (EffectOncePerRecord): a record that is read again is no repetition, a second record of the same message is. A word of
// the state knows which record a message was first processed from, and the leader epochs of the records in hand: offset
// and epoch name a record. The word is there only where the question is about repetitions.

// Fields of the word.
const (
	onceWidth       = 7  // of a message: offset 4, leader epoch 3 of the record that it was first processed from
	onceEpochShift  = 4  // within a message's field
	onceHandShift   = 28 // 4 x 3: leader epochs of the records in hand, the next one lowest
	onceFormerShift = 40 // 4 x 3: of the records of a member that has lost the partition
	onceHandWidth   = 3 * maxHand
)

// tracksRecords says that the state knows which record a message was processed from.
func (m *Model) tracksRecords() bool { return m.wOnce > 0 }

// noteInHand notes the leader epoch of the i-th record in hand.
func (m *Model) noteInHand(s *State, i, epoch int) {
	if m.tracksRecords() {
		put(&s[m.wOnce], onceHandShift+3*uint(i), 3, epoch)
	}
}

// epochInHand is the leader epoch of the i-th record in a hand.
func (m *Model) epochInHand(s *State, hand uint, i int) int {
	if !m.tracksRecords() {
		return 0
	}
	return get(s[m.wOnce], hand+3*uint(i), 3)
}

// takeEpochFromHand drops the leader epoch of the next record in a hand.
func (m *Model) takeEpochFromHand(s *State, hand uint) {
	if m.tracksRecords() {
		put(&s[m.wOnce], hand, onceHandWidth, get(s[m.wOnce], hand, onceHandWidth)>>3)
	}
}

// passEpoch gives the leader epoch of the i-th record in hand to the member that has lost the partition, as that of its
// record at another place.
func (m *Model) passEpoch(s *State, i, to int) {
	if m.tracksRecords() {
		put(&s[m.wOnce], onceFormerShift+3*uint(to), 3, m.epochInHand(s, onceHandShift, i))
	}
}

// dropHand forgets what was in hand.
func (m *Model) dropHand(s *State) {
	if m.tracksRecords() {
		put(&s[m.wOnce], onceHandShift, onceHandWidth, 0)
	}
}

// repeats says that a record of msg is the one from which msg was processed already. Otherwise it notes the record.
func (m *Model) repeats(s *State, msg, offset, epoch int) bool {
	if !m.tracksRecords() {
		return false
	}
	shift, record := uint(msg)*onceWidth, offset|epoch<<onceEpochShift
	switch m.processed(s, msg) {
	case 0:
		put(&s[m.wOnce], shift, onceWidth, record)
		return false
	case 1:
		return get(s[m.wOnce], shift, onceWidth) == record
	}
	return false
}

// onceEpochs is the set of leader epochs that the word refers to.
func (m *Model) onceEpochs(s *State) uint {
	set := uint(0)
	m.eachOnceEpoch(s, func(shift uint) { set |= 1 << get(s[m.wOnce], shift, 3) })
	return set
}

// rankOnce renumbers the leader epochs in the word.
func (m *Model) rankOnce(s *State, rank *[epochs]int) {
	m.eachOnceEpoch(s, func(shift uint) { put(&s[m.wOnce], shift, 3, rank[get(s[m.wOnce], shift, 3)]) })
}

// eachOnceEpoch calls do with the place of each leader epoch in the word.
func (m *Model) eachOnceEpoch(s *State, do func(shift uint)) {
	if !m.tracksRecords() {
		return
	}
	for msg := range m.c.Scope.Messages {
		if m.processed(s, msg) > 0 {
			do(uint(msg)*onceWidth + onceEpochShift)
		}
	}
	for i := range m.hand(s) {
		do(onceHandShift + 3*uint(i))
	}
	for i := range m.oldHand(s) {
		do(onceFormerShift + 3*uint(i))
	}
}
