package model

import "testing"

// TestFirstAttemptIsRefused: a leader that lacks what it had acknowledged refuses the sequence number of the next message in
// its first attempt. Java's client of 2.5 and later begins a new epoch and sends it again; older ones fail it, and go on under
// a new producer id.
func TestFirstAttemptIsRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		release Version
		want    Phase
	}{{V4_1, Retrying}, {V2_5, Retrying}, {V2_4, Failed}, {V1_1, Failed}} {
		m := idempotentModel(t, test.release)
		s := m.Initial(nil)[0]
		m.appendRecord(&s, 0, m.makeRecord(0, 0, 0))
		s.setPhase(0, Acked)
		s.setPhase(1, Acked) // and lost
		s.setPhase(2, Queued)
		b := Binding{Msg: 2, Broker: 0}
		if canAppend(m, &s, b) || !canRefuseSequence(m, &s, b) {
			t.Fatalf("%s: m3 is not refused", test.release)
		}
		refuseSequenceEffect(m, &s, b)
		if s.phase(2) != test.want {
			t.Errorf("%s: m3 is %s, want %s", test.release, s.phase(2), test.want)
		}
		if test.want == Retrying && (s.inc(2) == 0 || !canAppend(m, &s, b)) {
			t.Errorf("%s: m3 is in incarnation %d, and cannot be appended", test.release, s.inc(2))
		}
		if m.incNow(&s) == 0 {
			t.Errorf("%s: the incarnation is still the first", test.release)
		}
	}
}

// TestOvertakingCostsAnAttempt: a first attempt that comes before the message numbered before it is refused, which changes
// nothing but the number of attempts.
func TestOvertakingCostsAnAttempt(t *testing.T) {
	t.Parallel()
	for _, retries := range []int{Unlimited, 1} {
		m := idempotentModel(t, V4_1)
		m.c.Prod.Retries = retries
		s := m.Initial(nil)[0]
		m.appendRecord(&s, 0, m.makeRecord(0, 0, 0))
		s.setPhase(0, Acked)
		s.setPhase(1, Retrying)
		s.setSentTo(1, epochs-1) // it was at another leader
		s.setPhase(2, Queued)
		b := Binding{Msg: 2, Broker: 0}
		if got := canRefuseSequence(m, &s, b); got != (retries != Unlimited) {
			t.Fatalf("retries %d: refused %t", retries, got)
		}
		if retries == Unlimited {
			continue
		}
		refuseSequenceEffect(m, &s, b)
		if s.phase(2) != Retrying || s.retries(2) != 1 || s.inc(2) != 0 {
			t.Errorf("m3 is %s after %d retries in incarnation %d, want it retrying after 1 in 0", s.phase(2), s.retries(2), s.inc(2))
		}
		if m.mayTransmit(&s, 2) {
			t.Error("m3 goes before m2 again")
		}
	}
}
