package model

import "math/bits"

// With app.output: kafka the followed partition is the output topic's. The words of the producer and of the messages
// are not used then, but for late produce requests; three words of their own hold the rest:
//
//	word 0   coordinator   16 bits for each transactional.id in use
//	word 1   processes     22 bits for each member of the group; the group's committed offset; late offsets
//	word 2   numbers       which numbers begin an epoch, which were aborted; late EndTxn requests and markers
//	word 3   ids           where there are several transactional.ids: 2 bits for each number; which member owns the partition
//
// A number stands for one attempt at a transaction. Producer epochs are derived from numbers: with transaction.version
// 2 every number is an epoch of its own, before that the numbers that begin an epoch are marked.

// Fields of a transactional.id at the coordinator.
const (
	txnWidth        = 16
	txnStateShift   = 0  // 3: txnState
	txnOutputShift  = 3  // 1: the output partition is in the transaction
	txnOffsetsShift = 4  // 1: the group's offsets are in the transaction
	txnPendingShift = 5  // 3: the offset that will be committed
	txnAtShift      = 8  // 4: the number that the coordinator is at; it stands for the current epoch
	txnMarkingShift = 12 // 1: the marker is appended, its answer is outstanding
	txnToShift      = 13 // 3: leader epoch of the broker that it was sent to
	maxIDs          = 4
)

// Fields of a process.
const (
	procWidth         = 22
	procStageShift    = 0  // 3: stage
	procPosShift      = 3  // 3: input offset of the next poll
	procFromShift     = 6  // 3: input offset of the first message in hand
	procSizeShift     = 9  // 2: messages in hand
	procSentShift     = 11 // 2: of these, outputs acknowledged
	procAwaitingShift = 13 // 1: the next output is appended, its answer is outstanding
	procToShift       = 14 // 3: leader epoch of the broker that it was sent to
	procOffsetsShift  = 17 // 1: the offsets are in the transaction
	procAttemptShift  = 18 // 4: number of the attempt
)

// Fields of the processes' word behind the two processes.
const (
	groupCommittedShift = 2 * procWidth           // 3: committed offset of the group; inputNone where there is none
	groupNextShift      = groupCommittedShift + 3 // 4: the next number
	lateOffsetsShift    = groupNextShift + 4      // 8: offsets that are late: valid 1, number 4, input offset 3
)

// Fields of the numbers' word.
const (
	numEpochShift   = 0  // 16: numbers that begin a producer epoch
	numMarkerShift  = 16 // 10: a marker that is late: valid 1, commit 1, for the group's offsets 1, number 4, leader epoch 3
	numAbortedShift = 32 // 16: attempts that the application or the coordinator aborted
	numLateShift    = 48 // 2 x 6: EndTxn requests that are late: valid 1, commit 1, number 4
	lateEndTxnWidth = 6
)

// Input offsets that are none.
const (
	inputStopped = 6 // has stopped with an error (auto.offset.reset=none)
	inputNone    = 7 // no committed offset; as a position: to be fetched
)

// txnState is the state of a transactional.id at the coordinator.
type txnState uint8

// The states of TransactionMetadata that the model tells apart.
const (
	txnEmpty txnState = iota
	txnOngoing
	txnPrepareCommit
	txnPrepareAbort
	txnCompleteCommit
	txnCompleteAbort
)

// TxnState is the name of a state of TransactionMetadata.
type TxnState string

func (t txnState) name() TxnState {
	return [...]TxnState{"Empty", "Ongoing", "PrepareCommit", "PrepareAbort", "CompleteCommit", "CompleteAbort"}[t]
}

func (t txnState) preparing() bool { return t == txnPrepareCommit || t == txnPrepareAbort }

// stage is where a process stands.
type stage uint8

// The stages of a process.
const (
	stageGone       stage = iota // there is no such process
	stageStarting                // has to initialise its producer, and to fetch the committed offset if it has no position
	stageIdle                    // about to poll
	stageWorking                 // has messages in hand; their outputs and the offsets are being sent
	stageCommitting              // its EndTxn(commit) was late; it sends it again
	stageAborting                // has to abort
	stageResetting               // has to abort and then to begin a new epoch, since a request of it failed
	stageOffsetDue               // has to commit the offset outside the transaction
)

// Stage is the word for where a process stands, in results.
type Stage string

// The stages of a process.
const (
	StageGone       Stage = "gone"       // there is no such process
	StageStarting   Stage = "starting"   // initialises its producer and fetches the committed offset
	StageIdle       Stage = "idle"       // about to poll
	StageWorking    Stage = "working"    // sends the outputs of what it has in hand, and the offsets
	StageCommitting Stage = "committing" // its EndTxn(commit) was late and is sent again
	StageAborting   Stage = "aborting"   // has to abort
	StageResetting  Stage = "resetting"  // has to abort and then to begin a new epoch
	StageOffsetDue  Stage = "offset-due" // has to commit the offset outside the transaction
)

func (g stage) name() Stage {
	return [...]Stage{StageGone, StageStarting, StageIdle, StageWorking, StageCommitting, StageAborting, StageResetting, StageOffsetDue}[g]
}

// transaction is what the coordinator keeps of a transactional.id, and the group of its offsets.
type transaction struct {
	state           txnState
	output, offsets bool
	pending, at     int
	marking         bool
	to              int
}

func (m *Model) transaction(s *State, id int) transaction {
	w := s[m.wTxn] >> (uint(id) * txnWidth)
	return transaction{
		state: txnState(get(w, txnStateShift, 3)), output: get(w, txnOutputShift, 1) != 0,
		offsets: get(w, txnOffsetsShift, 1) != 0, pending: get(w, txnPendingShift, 3), at: get(w, txnAtShift, 4),
		marking: get(w, txnMarkingShift, 1) != 0, to: get(w, txnToShift, 3),
	}
}

func (m *Model) setTransaction(s *State, id int, t transaction) {
	v := int(t.state)<<txnStateShift | b2i(t.output)<<txnOutputShift | b2i(t.offsets)<<txnOffsetsShift |
		t.pending<<txnPendingShift | t.at<<txnAtShift | b2i(t.marking)<<txnMarkingShift | t.to<<txnToShift
	put(&s[m.wTxn], uint(id)*txnWidth, txnWidth, v)
}

// process is one member's process. Slot 0 owns the input partition; slot 1 has lost it and still works.
type process struct {
	stage                 stage
	pos, from, size, sent int
	awaiting              bool
	to                    int
	offsets               bool
	attempt               int
}

func (m *Model) process(s *State, slot int) process {
	w := s[m.wTxn+1] >> (uint(slot) * procWidth)
	return process{
		stage: stage(get(w, procStageShift, 3)), pos: get(w, procPosShift, 3), from: get(w, procFromShift, 3),
		size: get(w, procSizeShift, 2), sent: get(w, procSentShift, 2), awaiting: get(w, procAwaitingShift, 1) != 0,
		to: get(w, procToShift, 3), offsets: get(w, procOffsetsShift, 1) != 0, attempt: get(w, procAttemptShift, 4),
	}
}

func (m *Model) setProcess(s *State, slot int, p process) {
	v := int(p.stage)<<procStageShift | p.pos<<procPosShift | p.from<<procFromShift | p.size<<procSizeShift |
		p.sent<<procSentShift | b2i(p.awaiting)<<procAwaitingShift | p.to<<procToShift |
		b2i(p.offsets)<<procOffsetsShift | p.attempt<<procAttemptShift
	put(&s[m.wTxn+1], uint(slot)*procWidth, procWidth, v)
}

// emptied is the process with nothing in hand.
func (p process) emptied() process {
	return process{stage: p.stage, pos: p.pos, attempt: p.attempt}
}

func (m *Model) groupCommitted(s *State) int { return get(s[m.wTxn+1], groupCommittedShift, 3) }
func (m *Model) setGroupCommitted(s *State, offset int) {
	if offset != m.groupCommitted(s) {
		m.setFailing(s, failEndedShift, 1, 0)
	}
	put(&s[m.wTxn+1], groupCommittedShift, 3, offset)
}

// late is an EndTxn request whose sender has timed out and that is still on its way.
type lateEndTxn struct {
	commit bool
	number int
}

func (m *Model) lateEndTxn(s *State, i int) (lateEndTxn, bool) {
	w := s[m.wTxn+2] >> (numLateShift + uint(i)*lateEndTxnWidth)
	return lateEndTxn{get(w, 1, 1) != 0, get(w, 2, 4)}, w&1 != 0
}

func (m *Model) setLateEndTxn(s *State, i int, l lateEndTxn) {
	put(&s[m.wTxn+2], numLateShift+uint(i)*lateEndTxnWidth, lateEndTxnWidth, 1|b2i(l.commit)<<1|l.number<<2)
}

func (m *Model) dropLateEndTxn(s *State, i int) {
	put(&s[m.wTxn+2], numLateShift+uint(i)*lateEndTxnWidth, lateEndTxnWidth, 0)
}

// lateMarker is a WriteTxnMarkers request that the coordinator has sent again and that is still on its way: to the broker
// that led the output partition in an epoch, or to the one with the group's offsets.
type lateMarker struct {
	commit, group bool
	number, to    int
}

func (m *Model) lateMarker(s *State) (lateMarker, bool) {
	w := s[m.wTxn+2] >> numMarkerShift
	return lateMarker{get(w, 1, 1) != 0, get(w, 2, 1) != 0, get(w, 3, 4), get(w, 7, 3)}, w&1 != 0
}

func (m *Model) setLateMarker(s *State, l lateMarker) {
	put(&s[m.wTxn+2], numMarkerShift, 10, 1|b2i(l.commit)<<1|b2i(l.group)<<2|l.number<<3|l.to<<7)
}

func (m *Model) dropLateMarker(s *State) { put(&s[m.wTxn+2], numMarkerShift, 10, 0) }

// lateOffsets is a request that commits input offsets, of an attempt or without a transaction, which its sender has sent
// again or given up and which is still on its way.
type lateOffsets struct{ number, offset int }

func (m *Model) lateOffsets(s *State) (lateOffsets, bool) {
	w := s[m.wTxn+1] >> lateOffsetsShift
	return lateOffsets{get(w, 1, 4), get(w, 5, 3)}, w&1 != 0
}

func (m *Model) setLateOffsets(s *State, l lateOffsets) {
	put(&s[m.wTxn+1], lateOffsetsShift, 8, 1|l.number<<1|l.offset<<5)
}

func (m *Model) dropLateOffsets(s *State) { put(&s[m.wTxn+1], lateOffsetsShift, 8, 0) }

// nextNumber is the number that comes next. Number 0 is that of the first process and never next, so that 0 is what follows
// the last one that a state can hold.
func (m *Model) nextNumber(s *State) int {
	if n := get(s[m.wTxn+1], groupNextShift, 4); n > 0 {
		return n
	}
	return 1 << 4
}

// newNumber takes the next number, for a transactional.id; it begins a producer epoch if told so.
func (m *Model) newNumber(s *State, id int, epoch bool) int {
	n := m.nextNumber(s)
	if n > m.maxNumber || id >= maxIDs {
		s.ranOut(ProducerEpochs)
		return n - 1
	}
	put(&s[m.wTxn+1], groupNextShift, 4, n+1)
	if epoch && !m.c.B.BumpsEpochPerTransaction {
		s[m.wTxn+2] |= 1 << (numEpochShift + uint(n))
	}
	if m.numbersHaveIDs() {
		put(&s[m.wTxn+3], 2*uint(n), 2, id)
	}
	return n
}

// idOf is the transactional.id, by its position, that a number belongs to.
func (m *Model) idOf(s *State, number int) int {
	if !m.numbersHaveIDs() {
		return 0
	}
	return get(s[m.wTxn+3], 2*uint(number), 2)
}

// numbersHaveIDs says that a run can have several transactional.ids: random ones, or those of two members.
func (m *Model) numbersHaveIDs() bool {
	return m.c.App.TxnID == IDRandom || m.c.App.TxnID == IDPerInstance && m.transactional && m.hasFormerMember()
}

// ownerShift is where the word of ids has the member that owns the partition, which is also its transactional.id if each
// has its own.
const ownerShift = 32

// changeOwner gives the partition to the other member.
func (m *Model) changeOwner(s *State) {
	if m.c.App.TxnID == IDPerInstance && m.numbersHaveIDs() {
		s[m.wTxn+3] ^= 1 << ownerShift
	}
}

// lastID is the newest transactional.id in use.
func (m *Model) lastID(s *State) int {
	last := 0
	for n := m.nextNumber(s) - 1; n > 0; n-- {
		last = max(last, m.idOf(s, n))
	}
	return last
}

// epochNumber is the producer epoch that a number belongs to: how many epochs its transactional.id has begun by then.
func (m *Model) epochNumber(s *State, number int) int {
	if m.c.B.BumpsEpochPerTransaction {
		return number
	}
	if !m.numbersHaveIDs() {
		return bits.OnesCount64(s[m.wTxn+2] >> numEpochShift & (2<<uint(number) - 1))
	}
	epoch := 0
	for n := 1; n <= number; n++ {
		if s[m.wTxn+2]>>(numEpochShift+uint(n))&1 != 0 && m.idOf(s, n) == m.idOf(s, number) {
			epoch++
		}
	}
	return epoch
}

// wasAborted says that an attempt was aborted by the application or by the coordinator.
func (m *Model) wasAborted(s *State, number int) bool {
	return s[m.wTxn+2]>>(numAbortedShift+uint(number))&1 != 0
}

// noteAborted notes that an attempt is aborted, if anything is left of it that could be seen.
func (m *Model) noteAborted(s *State, number int) {
	if m.leftOf(s, number) {
		s[m.wTxn+2] |= 1 << (numAbortedShift + uint(number))
	}
}

// leftOf says that a record of the attempt is in some log or on its way to one.
func (m *Model) leftOf(s *State, number int) bool {
	for i := 0; i < maxLateRequests; i++ {
		if g, ok := s.lateRequest(i); ok && g.inc == number {
			return true
		}
	}
	for b := 0; b < m.n; b++ {
		for i, n := 0, s.logLen(b); i < n; i++ {
			if r := m.at(s, b, i); m.kindOf(r) == kindData && m.numberOf(r) == number {
				return true
			}
		}
	}
	return false
}
