package model

import "testing"

// comesBackEmpty is a partition of two replicas that both have a record, and whose leader b1 has lost its own, has come back to
// a partition without a leader, leads again and knows it.
func comesBackEmpty(t *testing.T, v Version, unclean bool) (*Model, State) {
	t.Helper()
	c := smallConfig()
	release(v)(&c)
	c.Topic.UncleanElection = unclean
	c.Faults = Budget{PowerLoss: 1, ReplicaLag: 1}
	c.B = BehavioursOf(&c)
	m, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	s := m.Initial(nil)[0]
	for b := range 2 {
		m.appendRecord(&s, b, m.makeRecord(0, 0, 0))
		s.setHW(b, 1)
	}
	m.lag(&s, 1)
	m.stop(&s, 0)
	s.setFlag(0, flagDirty|flagPower|flagFenced)
	m.goOffline(&s, 0, -1)
	restartEffect(m, &s, Binding{Broker: 0, Choice: survivals(m, &s, Binding{Broker: 0}) - 1})
	m.elect(&s, 0, 1, false)
	m.learn(&s, 0, s.epoch(), learnsNext)
	return m, s
}

// TestLeaderComesBackWithLess: a follower is not told of the time without a leader, and before 2.0.1 it takes who leads again for
// the leader that it had: it keeps its log, and its process ends where unclean elections are not enabled. Started again, or since
// 2.0.1, it truncates.
func TestLeaderComesBackWithLess(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		v              Version
		unclean, halts bool
	}{
		{V0_8, false, true}, {V0_8, true, false}, {V0_10, false, true}, {V1_1, false, true}, {V2_0, false, true},
		{V2_0_1, false, false}, {V2_1, false, false},
	} {
		m, s := comesBackEmpty(t, tt.v, tt.unclean)
		m.learn(&s, 1, s.epoch(), learnsNext)
		b := Binding{Broker: 1}
		halts := followerHalts.Applies(m) && followerHalts.Guard(m, &s, b)
		if s.logLen(0) != 0 || s.logLen(1) != 1 || halts != tt.halts || halts && canFetch(m, &s, b) {
			t.Errorf("%v: logs of %d and %d records, b2 halts: %t, can fetch: %t", tt.v, s.logLen(0), s.logLen(1), halts, canFetch(m, &s, b))
		}
		if halts {
			followerHalts.Effect(m, &s, b)
			if s.alive(1) || s.logLen(1) != 1 {
				t.Errorf("%v: when b2 has halted it runs: %t, with %d records", tt.v, s.alive(1), s.logLen(1))
			}
			restartEffect(m, &s, b)
		}
		if s.hasFlag(1, flagTruncating) {
			truncateEffect(m, &s, b)
		} else if !halts {
			fetchEffect(m, &s, b)
		}
		if s.logLen(1) != 0 {
			t.Errorf("%v: at the end b2's log has %d records, want none", tt.v, s.logLen(1))
		}
	}
}

// TestRestartsUnnoticed: before 2.2 a broker may be back before the controller has noticed that it was gone, which then tells it
// nothing until it decides something: so long it neither leads nor follows.
func TestRestartsUnnoticed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		v       Version
		back    bool // before the controller has noticed
		decided bool
	}{{V0_8, false, false}, {V2_1, true, true}, {V2_1, false, false}, {V2_2, false, true}} {
		c := smallConfig()
		release(tt.v)(&c)
		c.B = BehavioursOf(&c)
		m, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		s := m.Initial(nil)[0]
		brokerCrashes.Effect(m, &s, Binding{Broker: 1})
		if tt.decided {
			m.newEpoch(&s, 0, m.isrBits(&s))
		}
		if got := canRestart(m, &s, Binding{Broker: 1}); got != tt.back {
			t.Errorf("%v, with a decision: %t: b2 is back: %t", tt.v, tt.decided, got)
		}
	}
}
