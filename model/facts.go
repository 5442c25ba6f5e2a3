package model

// What guarantees ask about a state. All of it is the same for states that differ only in the names of brokers.

// Counts says whether message msg counts under c: attempted once send was called, acked once a send of it was
// acknowledged, accepted once its latest send has returned without an error and no failure of it can be reported.
func (m *Model) Counts(s *State, msg int, c Counted) bool {
	p := s.phase(msg)
	switch c {
	case CountAttempted:
		return p != Unsent
	case CountAcked:
		return s.acked(msg)
	}
	switch p {
	case Unsent:
		return false
	case Acked, Gone:
		return true
	}
	return m.c.App.Send == SendForget && !(p == Failed && s.sendErrorReported(msg))
}

// Processed is how often message msg was processed, counted up to 2; 0 where the question does not see the consumer.
func (m *Model) Processed(s *State, msg int) int {
	if m.wDone == 0 {
		return 0
	}
	return m.processed(s, msg)
}

// Unprocessed says that message msg was never processed.
func (m *Model) Unprocessed(s *State, msg int) bool { return m.Processed(s, msg) == 0 }

// Disordered says that some message was first processed after a message that was sent later.
func (m *Model) Disordered(s *State) bool { return s.control(ctlDisorderShift) }

// Stopped says that the consumer has stopped with an error (auto.offset.reset=none).
func (m *Model) Stopped(s *State) bool {
	return m.consumer && m.cons(s, cStoppedShift, 1) != 0 && !m.consumerIsDown(s)
}

// Acked says that some send of message msg was acknowledged.
func (m *Model) Acked(s *State, msg int) bool { return s.acked(msg) }

// Wanted says that message msg was sent and the application has not been left with a final error for it.
func (m *Model) Wanted(s *State, msg int) bool {
	p := s.phase(msg)
	return p.pending() || p == Acked
}

// HasCopy says that a copy of message msg is left from which it could still be processed: in the producer, on the wire,
// in the log of a broker, running or not, or in the consumer's hand.
func (m *Model) HasCopy(s *State, msg int) bool {
	if s.phase(msg).pending() || s.phase(msg) == Unsent {
		return true
	}
	for i := 0; i < maxLateRequests; i++ {
		if g, ok := s.lateRequest(i); ok && g.msg == msg {
			return true
		}
	}
	for b := 0; b < m.n; b++ {
		if m.lastOf(s, b, msg) >= m.logStart(s) {
			return true
		}
	}
	if m.consumer {
		for i, n := 0, m.hand(s); i < n; i++ {
			if m.inHand(s, i) == msg {
				return true
			}
		}
	}
	return m.share && m.inShareHand(s, msg)
}

// DuplicateReadable says that a message stands twice below the high watermark of a broker that takes itself for leader.
func (m *Model) DuplicateReadable(s *State) bool {
	for b := 0; b < m.n; b++ {
		if !s.actsAsLeader(b) {
			continue
		}
		seen := 0
		for i, n := 0, s.hw(b); i < n; i++ {
			bit := 1 << m.msgOf(m.at(s, b, i))
			if seen&bit != 0 {
				return true
			}
			seen |= bit
		}
	}
	return false
}

// ReadableInOrder says that in what consumers can read at any leader, messages first occur in the order of the sends.
func (m *Model) ReadableInOrder(s *State) bool {
	for b := 0; b < m.n; b++ {
		if !s.actsAsLeader(b) {
			continue
		}
		seen := 0
		for i, n := 0, s.hw(b); i < n; i++ {
			bit := 1 << m.msgOf(m.at(s, b, i))
			if seen&bit == 0 && seen > bit {
				return false
			}
			seen |= bit
		}
	}
	return true
}

// Readable says that consumers can read some record.
func (m *Model) Readable(s *State) bool {
	for b := 0; b < m.n; b++ {
		if s.actsAsLeader(b) && s.hw(b) > 0 {
			return true
		}
	}
	return false
}

// LogsAgree says that any two members of the controller's in-sync set agree on the offsets below both their high
// watermarks.
func (m *Model) LogsAgree(s *State) bool {
	for a := 0; a < m.n; a++ {
		for b := a + 1; b < m.n; b++ {
			if s.inISR(a, s.epoch()) && s.inISR(b, s.epoch()) && m.agreement(s, a, b) < min(s.hw(a), s.hw(b)) {
				return false
			}
		}
	}
	return true
}

// TwoWithHighWatermark says that two members of the in-sync set have a high watermark above 0.
func (m *Model) TwoWithHighWatermark(s *State) bool {
	n := 0
	for b := 0; b < m.n; b++ {
		if s.inISR(b, s.epoch()) && s.hw(b) > 0 {
			n++
		}
	}
	return n >= 2
}

// ReadableNow says that consumers can read message msg at the leader that the controller has made.
func (m *Model) ReadableNow(s *State, msg int) bool {
	l := m.leader(s)
	if l < 0 || !s.actsAsLeader(l) {
		return false
	}
	for i, n := 0, s.hw(l); i < n; i++ {
		if m.msgOf(m.at(s, l, i)) == msg {
			return true
		}
	}
	return false
}

// Messages is the number of messages that the application sends.
func (m *Model) Messages() int { return m.c.Scope.Messages }
