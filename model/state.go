package model

// Phase is where a message stands in the producer.
type Phase uint8

// The phases of a message.
const (
	Unsent   Phase = iota // the application has not called send
	Queued                // in the producer, not yet sent
	Awaiting              // in the leader's log, the answer is outstanding
	Retrying              // an attempt failed, it will be sent again
	Acked                 // the last send was acknowledged
	Failed                // the last send ended in an error
	Gone                  // lost with the producer's process; its outcome is unknowable
)

// String is the word for the phase in results.
func (p Phase) String() string {
	return [...]string{"unsent", "queued", "awaiting", "retrying", "acked", "failed", "lost"}[p]
}

// broker fields

func logWord(b int) int    { return wBrokers + 2*b }
func statusWord(b int) int { return wBrokers + 2*b + 1 }

func (s *State) logLen(b int) int          { return get(s[statusWord(b)], bLenShift, 4) }
func (s *State) hw(b int) int              { return get(s[statusWord(b)], bHWShift, 4) }
func (s *State) setHW(b, v int)            { put(&s[statusWord(b)], bHWShift, 4, v) }
func (s *State) flushed(b int) int         { return get(s[statusWord(b)], bFlushShift, 4) }
func (s *State) setFlushed(b, v int)       { put(&s[statusWord(b)], bFlushShift, 4, v) }
func (s *State) epochOf(b int) int         { return get(s[statusWord(b)], bEpochShift, 3) }
func (s *State) setEpochOf(b, e int)       { put(&s[statusWord(b)], bEpochShift, 3, e) }
func (s *State) fetchPosition(b int) int   { return get(s[statusWord(b)], bPosShift, 4) }
func (s *State) setFetchPosition(b, v int) { put(&s[statusWord(b)], bPosShift, 4, v) }
func (s *State) startOf(b int) int         { return get(s[statusWord(b)], bStartShift, 4) }
func (s *State) setStartOf(b, v int)       { put(&s[statusWord(b)], bStartShift, 4, v) }
func (s *State) hasFlag(b int, f int) bool { return s[statusWord(b)]>>bFlagShift&uint64(f) != 0 }
func (s *State) setFlag(b int, f int)      { s[statusWord(b)] |= uint64(f) << bFlagShift }
func (s *State) clearFlag(b int, f int)    { s[statusWord(b)] &^= uint64(f) << bFlagShift }
func (s *State) wasLeaderOf(b, e int) bool { return s[statusWord(b)]>>(bLedShift+uint(e))&1 != 0 }
func (s *State) setLeaderOf(b, e int)      { s[statusWord(b)] |= 1 << (bLedShift + uint(e)) }
func (s *State) clearLeaderOf(b, e int)    { s[statusWord(b)] &^= 1 << (bLedShift + uint(e)) }
func (s *State) inISR(b, e int) bool       { return s[statusWord(b)]>>(bISRShift+uint(e))&1 != 0 }
func (s *State) setISR(b, e int)           { s[statusWord(b)] |= 1 << (bISRShift + uint(e)) }
func (s *State) clearISR(b, e int)         { s[statusWord(b)] &^= 1 << (bISRShift + uint(e)) }

func (s *State) alive(b int) bool { return !s.hasFlag(b, flagDead) }

// up says that the broker runs and reaches the controller and the other brokers.
func (s *State) up(b int) bool { return !s.hasFlag(b, flagDead|flagCut) }

// actsAsLeader says that the broker runs and believes that it leads.
func (s *State) actsAsLeader(b int) bool {
	w := s[statusWord(b)]
	return w>>bFlagShift&flagDead == 0 && w>>(bLedShift+w>>bEpochShift&7)&1 != 0
}

// epoch is the newest leader epoch that the controller decided.
func (s *State) epoch() int { return get(s[wControl], ctlEpochShift, 3) }

func (s *State) hasLeader() bool { return s[wControl]>>ctlLeaderShift&1 != 0 }

func (s *State) setLeader(epoch int, has bool) {
	put(&s[wControl], ctlEpochShift, 3, epoch)
	s.setControl(ctlLeaderShift, has)
}

func (s *State) control(shift uint) bool { return s[wControl]>>shift&1 != 0 }

func (s *State) setControl(shift uint, on bool) {
	s[wControl] &^= 1 << shift
	if on {
		s[wControl] |= 1 << shift
	}
}

// leaderOf is the broker that leads epoch e, or -1.
func (m *Model) leaderOf(s *State, e int) int {
	for b := 0; b < m.n; b++ {
		if s.wasLeaderOf(b, e) {
			return b
		}
	}
	return -1
}

// leader is the broker that the controller has made leader, or -1 while the partition is offline.
func (m *Model) leader(s *State) int {
	if !s.hasLeader() {
		return -1
	}
	return m.leaderOf(s, s.epoch())
}

// isrSize counts the in-sync set of epoch e.
func (m *Model) isrSize(s *State, e int) int {
	n := 0
	for b := 0; b < m.n; b++ {
		if s.inISR(b, e) {
			n++
		}
	}
	return n
}

// message fields

func msgShift(msg int, f uint) uint { return uint(msg)*msgWidth + f }

func (s *State) phase(msg int) Phase {
	return Phase(get(s[wMessages], msgShift(msg, msgPhaseShift), 3))
}
func (s *State) setPhase(msg int, p Phase) {
	put(&s[wMessages], msgShift(msg, msgPhaseShift), 3, int(p))
}
func (s *State) sentTo(msg int) int    { return get(s[wMessages], msgShift(msg, msgAtShift), 3) }
func (s *State) setSentTo(msg, e int)  { put(&s[wMessages], msgShift(msg, msgAtShift), 3, e) }
func (s *State) retries(msg int) int   { return get(s[wMessages], msgShift(msg, msgRetriesShift), 3) }
func (s *State) setRetries(msg, n int) { put(&s[wMessages], msgShift(msg, msgRetriesShift), 3, n) }
func (s *State) inc(msg int) int       { return get(s[wMessages], msgShift(msg, msgIncShift), 4) }
func (s *State) setInc(msg, i int)     { put(&s[wMessages], msgShift(msg, msgIncShift), 4, i) }
func (s *State) acked(msg int) bool    { return get(s[wMessages], msgShift(msg, msgAckedShift), 1) != 0 }
func (s *State) setAcked(msg int)      { put(&s[wMessages], msgShift(msg, msgAckedShift), 1, 1) }
func (s *State) sendErrorReported(msg int) bool {
	return get(s[wMessages], msgShift(msg, msgErrorReportedShift), 1) != 0
}
func (s *State) setSendErrorReported(msg int, on bool) {
	put(&s[wMessages], msgShift(msg, msgErrorReportedShift), 1, b2i(on))
}

func (s *State) requeued(msg int) bool {
	return get(s[wMessages], msgShift(msg, msgRequeuedShift), 1) != 0
}
func (s *State) setRequeued(msg int, on bool) {
	put(&s[wMessages], msgShift(msg, msgRequeuedShift), 1, b2i(on))
}

// before says that message i was queued before message j.
func (s *State) before(i, j int) bool {
	if bi, bj := s.requeued(i), s.requeued(j); bi != bj {
		return bj
	}
	return i < j
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// producer fields

func (s *State) known() int         { return get(s[wProducer], prodKnownShift, 3) }
func (s *State) setKnown(e int)     { put(&s[wProducer], prodKnownShift, 3, e) }
func (s *State) session() int       { return get(s[wProducer], prodSessionShift, 2) }
func (s *State) setSession(n int)   { put(&s[wProducer], prodSessionShift, 2, n) }
func (s *State) prodEpoch() int     { return get(s[wProducer], prodEpochShift, 2) }
func (s *State) setProdEpoch(n int) { put(&s[wProducer], prodEpochShift, 2, n) }

func (s *State) unresolved() bool      { return s[wProducer]>>prodUnresolvedShift&1 != 0 }
func (s *State) setUnresolved(on bool) { put(&s[wProducer], prodUnresolvedShift, 1, b2i(on)) }

// lateRequest is a produce request whose sender has timed out and that is still in flight.
type lateRequest struct{ msg, epoch, inc int }

func (s *State) lateRequest(i int) (lateRequest, bool) {
	w := s[wProducer] >> (prodLateShift + uint(i)*lateRequestWidth)
	return lateRequest{get(w, lateMsgShift, 2), get(w, lateEpochShift, 3), get(w, lateIncShift, 4)}, w&1 != 0
}

func (s *State) setLateRequest(i int, g lateRequest) {
	v := 1 | g.msg<<lateMsgShift | g.epoch<<lateEpochShift | g.inc<<lateIncShift
	put(&s[wProducer], prodLateShift+uint(i)*lateRequestWidth, lateRequestWidth, v)
}

func (s *State) dropLateRequest(i int) {
	put(&s[wProducer], prodLateShift+uint(i)*lateRequestWidth, lateRequestWidth, 0)
}
