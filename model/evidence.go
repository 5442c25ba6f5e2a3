package model

import "fmt"

// What the last state of a counterexample shows, in words. Nothing here has a bearing on a verdict.

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
		for i := 0; s.leads(b) && i < s.hw(b); i++ {
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

// MissingEvidence says which record that consumers could read is not in the log of which later leader; empty where the
// state no longer shows it.
func (m *Model) MissingEvidence(s *State) string {
	for b := range m.n {
		if !s.leads(b) {
			continue
		}
		for i, n := 0, m.exposedLen(s); i < n; i++ {
			r := m.wordAt(s[m.wExposed], i)
			if m.exposedIn(s, i) > s.epochOf(b) || i < s.logLen(b) && m.at(s, b, i) == r {
				continue
			}
			end := "does not have it"
			if i < s.logLen(b) {
				end = "has another record there"
			}
			return fmt.Sprintf("consumers could read %s at offset %d, and %s, a later leader, %s",
				message(m.msgOf(r)), i, broker(b), end)
		}
	}
	return ""
}

// DifferingEvidence says which two in-sync replicas hold different records below both their high watermarks, and where.
func (m *Model) DifferingEvidence(s *State) string {
	for a := range m.n {
		for b := a + 1; b < m.n; b++ {
			at := m.agreement(s, a, b)
			if s.inISR(a, s.epoch()) && s.inISR(b, s.epoch()) && at < min(s.hw(a), s.hw(b)) {
				return fmt.Sprintf("the in-sync replicas %s and %s hold different records at offset %d, below both their high watermarks",
					broker(a), broker(b), at)
			}
		}
	}
	return ""
}

// PassedOver says why message msg, which is in a log or was, will not be read any more; empty where the consumer has not
// passed it.
func (m *Model) PassedOver(s *State, msg int) string {
	at := m.knownOffset(s, msg)
	if !m.consumer || at < 0 {
		return ""
	}
	c := m.cons(s, cCommittedShift, 4)
	switch {
	case at < m.logStart(s):
		return "it was deleted before the group read it"
	case c != offsetNone && c > at:
		return "the committed offset of the group is past it"
	case m.position0(s) > at:
		return "the position of the group is past it"
	}
	return ""
}

// Standstill says what keeps the group from reading or, failing that, the producer from writing; empty where neither the
// consumer nor a broker stands in the way.
func (m *Model) Standstill(s *State) string {
	if m.output && m.reliable {
		return ""
	}
	l := m.leader(s)
	switch {
	case m.Stopped(s):
		return "the group has no valid offset, and auto.offset.reset=none leaves it to a person"
	case l < 0:
		return "the partition has no leader"
	case !s.alive(l):
		return "the leader " + broker(l) + " is down"
	case !s.up(l):
		return "the leader " + broker(l) + " is cut off"
	case m.c.Prod.Acks == AcksAll && m.isrSize(s, s.epoch()) < m.minISR:
		isr := m.brokers(func(b int) bool { return s.inISR(b, s.epoch()) })
		return fmt.Sprintf("the in-sync set %s is smaller than min.insync.replicas=%d", isr, m.minISR)
	}
	return ""
}
