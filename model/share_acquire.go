package model

// How a leader chooses the records of a fetch.
//
// Kafka: SharePartition.nextFetchOffset, acquire, acquireSubsetBatchRecords, shouldThrottleRecordsDelivery and
// throttleRecordsDeliveryLimit (4.2 to 4.4; KAFKA-17541).

// fetchOffset is the first offset from which the leader of the share-partition can deliver a record, and the offset behind
// the last; equal where there is none.
func (m *Model) fetchOffset(s *State, l int) (from, to int) {
	to = min(m.readableShare(s, l), maxShared)
	for from = max(m.shareStart(s), m.startAt(s, l)); from < to; from++ {
		if d := m.delivery(s, from); d.state == untouched || d.state == available {
			break
		}
	}
	return from, max(from, to)
}

// readableShare is the offset behind the last record that a leader delivers.
func (m *Model) readableShare(s *State, l int) int { return s.hw(l) }

// acquire is the fetch of a member: it acquires up to room records of the share-partition at leader l and takes them in
// hand.
func (m *Model) acquire(s *State, slot, l, room int) {
	f := fetch{m: m, s: s, slot: slot, l: l, room: room, h: m.hold(s, slot)}
	if m.c.Group.PollRecords > 0 {
		f.room = min(room, m.c.Group.PollRecords)
	}
	from, to := m.fetchOffset(s, l)
	for o := from; o < to && f.room > 0; {
		if m.delivery(s, o).state == untouched {
			o = f.newBatch(o, to)
			continue
		}
		end := m.batchEnd(s, o)
		if throttled := m.throttles(s, o, end); throttled && f.taken > 0 {
			break
		} else if n := f.oldBatch(o, min(end, to)); throttled && n > 0 {
			break
		}
		o = end
	}
	f.h.live = true
	m.setHold(s, slot, f.h)
}

// fetch is one fetch while its records are chosen.
type fetch struct {
	m           *Model
	s           *State
	slot, l     int
	room, taken int
	h           holding
}

// take acquires the record at an offset.
func (f *fetch) take(o int, d delivery) {
	m := f.m
	d.state, d.owner, d.count = acquired, f.slot, min(d.count+1, m.limit)
	m.setDelivery(f.s, o, d)
	f.h.records[f.h.n] = held{offset: o, msg: m.msgOf(m.at(f.s, f.l, o))}
	f.h.n++
	f.room--
	f.taken++
}

// newBatch acquires records that were never acquired before, up to the next one that was, and returns where it ends.
func (f *fetch) newBatch(o, to int) int {
	for first := true; o < to && f.room > 0 && f.m.delivery(f.s, o).state == untouched; o++ {
		f.take(o, delivery{first: first})
		first = false
	}
	return o
}

// oldBatch acquires what is available of records that were acquired together when they were new, and returns how many.
// From half the limit on only a part of the batch is taken, and the last delivery of a record is alone.
func (f *fetch) oldBatch(o, end int) int {
	m, taken, most := f.m, 0, maxHand
	size := m.batchEnd(f.s, o) - m.batchStart(f.s, o)
	throttled := false
	for ; o < end && f.room > 0; o++ {
		d := m.delivery(f.s, o)
		if d.state != available {
			continue
		}
		if m.isolatesAt > 0 && d.count == m.limit-1 && taken > 0 {
			break
		}
		if m.isolatesAt > 0 && d.count >= m.isolatesAt && !throttled {
			throttled, most = true, max(1, size>>(d.count-m.isolatesAt+1))
		}
		f.take(o, d)
		taken++
		if m.isolatesAt > 0 && d.count+1 >= m.limit || taken == most {
			break
		}
	}
	return taken
}

// throttles says that of the records from one offset up to another, which were acquired together, some that is available
// was delivered so often that the batch is split.
func (m *Model) throttles(s *State, from, end int) bool {
	for o := from; m.isolatesAt > 0 && o < end; o++ {
		if d := m.delivery(s, o); d.state == available && d.count >= m.isolatesAt {
			return true
		}
	}
	return false
}

// settle moves the record at an offset to another state, and persists it where the leader reaches the share coordinator.
// At the limit a record that would be available is archived, or goes to the dead-letter queue.
//
// Kafka: InFlightState.tryUpdateState.
func (m *Model) settle(s *State, o int, to recordState, persists bool) {
	d := m.delivery(s, o)
	if to == available && d.count >= m.limit {
		to = m.withdrawn()
	}
	d.state, d.owner = to, 0
	m.setDelivery(s, o, d)
	if persists {
		m.persist(s, o)
	}
}

// withdrawn is the state of a record that is not to be delivered again.
func (m *Model) withdrawn() recordState {
	if m.c.Group.DeadLetter {
		return archiving
	}
	return archived
}

// persist writes the state of the record at an offset, and the start offset, to the share coordinator.
//
// Kafka: SharePartition.writeShareGroupState.
func (m *Model) persist(s *State, o int) {
	if start, was := m.shareStart(s), m.persistedStart(s); was == offsetNone || was < start {
		for below := was % offsetNone; below < start; below++ {
			m.setPersisted(s, below, untouched, 0)
		}
		m.setPersistedStart(s, start)
	}
	if d := m.delivery(s, o); o >= m.persistedStart(s) {
		m.setPersisted(s, o, d.state, d.count)
	}
}

// moveStart moves the start offset over the records that are done, in memory and, which comes to the same, as persisted.
//
// Kafka: SharePartition.maybeUpdateCachedStateAndOffsets, which runs when the state is read as well.
func (m *Model) moveStart(s *State) {
	start := m.shareStart(s)
	for start < maxShared && m.delivery(s, start).state.terminal() {
		start++
	}
	m.setShareStart(s, start)
	kept := m.persistedStart(s)
	if kept == offsetNone {
		return
	}
	for kept < maxShared {
		if state, _ := m.persisted(s, kept); !state.terminal() {
			break
		}
		m.setPersisted(s, kept, untouched, 0)
		kept++
	}
	m.setPersistedStart(s, kept)
}

// release ends what a member has acquired, of the records that a condition holds for.
func (m *Model) release(s *State, slot int, persists bool, which func(o int) bool) {
	for o := range maxShared {
		if d := m.delivery(s, o); d.state == acquired && d.owner == slot && which(o) {
			m.settle(s, o, available, persists)
		}
	}
	m.moveStart(s)
}
