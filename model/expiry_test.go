package model

import "testing"

// idempotentModel is a model of an idempotent producer with three messages.
func idempotentModel(t *testing.T, v Version) *Model {
	t.Helper()
	c := DefaultConfig()
	release(v)(&c)
	c.Sees, c.Scope.Messages, c.Prod.Idempotent, c.Prod.DeliveryTimeout = 0, 3, true, true
	c.B = BehavioursOf(&c)
	m, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestUnsentMessageTakesNoNumber: a message that fails before it was sent leaves no gap in the sequence.
func TestUnsentMessageTakesNoNumber(t *testing.T) {
	t.Parallel()
	m := idempotentModel(t, V4_1)
	s := m.Initial(nil)[0]
	m.appendRecord(&s, 0, m.makeRecord(0, 0, 0))
	s.setPhase(0, Acked)
	s.setPhase(1, Queued)
	m.fail(&s, 1)
	s.setPhase(2, Queued)
	if got := m.sequence(&s, 0, 2, m.incFor(&s, 2)); got != sequenceNext {
		t.Errorf("the check of m3 says %d, want that it is the next (%d)", got, sequenceNext)
	}
}

// TestExpiryOverAnError: an error after the time for a delivery has run out numbers what is in flight anew (Java 2.5 on);
// where the client has noticed before, and with older clients, what is in flight keeps its numbers.
func TestExpiryOverAnError(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		release  Version
		outlasts bool // request.timeout.ms is not shorter than delivery.timeout.ms
		retried  bool // an attempt for m3 has failed before
		expiry   int
		ways     int
		want     int // the incarnation of m2
	}{
		{V4_1, true, false, expireNone, 3, 0},
		{V4_1, true, false, expireFirst, 3, 1},
		{V4_1, false, true, expireFirst, 3, 1},
		{V4_1, false, false, expireNone, 2, 0},
		{V2_4, true, true, expireNone, 2, 0},
	} {
		m := idempotentModel(t, test.release)
		m.c.Prod.RequestOutlastsDelivery = test.outlasts
		s := m.Initial(nil)[0]
		if test.retried {
			s.setPhase(2, Retrying)
		}
		for msg := range 2 {
			m.appendRecord(&s, 0, m.makeRecord(msg, 0, 0))
			s.setPhase(msg, Awaiting)
		}
		if got := m.expiries(&s, -1, 0); got != test.ways {
			t.Errorf("%s: %d ways to expire, want %d", test.release, got, test.ways)
		}
		m.loseAwaiting(&s, 0, m.firstLost(&s, -1, 0), test.expiry)
		if got := s.inc(1); got != test.want || s.phase(1) != Retrying {
			t.Errorf("%s, way %d: m2 is %s in incarnation %d, want it retrying in %d", test.release, test.expiry, s.phase(1), got, test.want)
		}
	}
}

// TestErrorNeedsABroker: a send ends in an error after its time only where a broker has the request, or can refuse it.
func TestErrorNeedsABroker(t *testing.T) {
	t.Parallel()
	m := idempotentModel(t, V4_1)
	for _, test := range []struct {
		phase Phase
		down  bool // the leader
		want  bool
	}{
		{Queued, false, false},
		{Awaiting, false, true},
		{Retrying, false, true},
		{Retrying, true, false},
	} {
		s := m.Initial(nil)[0]
		s.setPhase(0, test.phase)
		if test.down {
			s.setFlag(m.leader(&s), flagDead)
		}
		if got := m.endsInError(&s, 0); got != test.want {
			t.Errorf("%s, leader down %t: %t, want %t", test.phase, test.down, got, test.want)
		}
	}
}

// TestAnswerThatWasGivenStays: a broker that is deposed has answered a request with acks=all, since it has read a later one on
// the connection; the later one fails. A crash can take both answers with it.
func TestAnswerThatWasGivenStays(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		committed int // records below the leader's high watermark
		crash     bool
		want      [2]Phase
	}{
		{1, false, [2]Phase{Acked, Retrying}},
		{0, false, [2]Phase{Retrying, Retrying}},
		{1, true, [2]Phase{Retrying, Retrying}},
	} {
		m := idempotentModel(t, V4_1)
		s := m.Initial(nil)[0]
		for msg := range 2 {
			m.appendRecord(&s, 0, m.makeRecord(msg, 0, 0))
			s.setPhase(msg, Awaiting)
		}
		s.setHW(0, test.committed)
		m.breakConnections(&s, 0, test.crash)
		if got := [2]Phase{s.phase(0), s.phase(1)}; got != test.want {
			t.Errorf("%d committed, crash %t: m1 is %s and m2 %s, want %s and %s", test.committed, test.crash, got[0], got[1], test.want[0], test.want[1])
		}
	}
}
