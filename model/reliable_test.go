package model

import (
	"testing"

	"github.com/kcheck/kcheck/explore"
)

// TestReliableBelowMinISR checks that an output partition whose min.insync.replicas is above its replicas takes no write,
// also where no fault of a broker is in the budget and the partition is modelled as one broker.
func TestReliableBelowMinISR(t *testing.T) {
	t.Parallel()
	for minISR, taken := range map[int]bool{2: true, 3: true, 4: false} {
		sc := scenario{change: func(c *Config) {
			release(V2_8)(c)
			transactional(0)(c)
			c.Topic.Replicas, c.Topic.MinISR = 3, minISR
		}}
		m := sc.model(t)
		r, err := explore.Check(t.Context(), explore.Spec[State]{Model: m, Witnesses: []explore.Witness[State]{
			{Name: "an output", Reached: func(s *State) bool { return m.OutputProcessed(s, 0) > 0 }}}})
		if err != nil {
			t.Fatal(err)
		}
		if r.Witnesses[0] != taken {
			t.Errorf("min.insync.replicas=%d of 3: an output is written: %t, want %t", minISR, r.Witnesses[0], taken)
		}
	}
}

// TestAnswerIsLostWithItsBroker checks that the answer to an output can be lost with the broker that gives it, also where acks=1
// lets it answer at once: the output is sent again and is in the log twice. One that learns that it does not lead any more, or
// leads again, has answered.
func TestAnswerIsLostWithItsBroker(t *testing.T) {
	t.Parallel()
	lost := map[FaultKind]bool{BrokerCrash: true, PowerLoss: true, TotalPowerLoss: true, ResponseLost: true, Partition: false, LeaderMove: false}
	for f, again := range lost {
		sc := scenario{change: func(c *Config) {
			release(V2_8)(c)
			transactional(0)(c)
			c.Prod.Transactional, c.Prod.Idempotent, c.Prod.Acks, c.App.Commit = false, false, AcksOne, CommitAfterProcessing
			c.Topic.Replicas = 1 + b2i(f == LeaderMove)
		}}
		sc.faults[f]++
		m := sc.model(t)
		twice := explore.Witness[State]{Name: "twice", Reached: func(s *State) bool { return m.OutputProcessed(s, 0) > 1 }}
		o := compact{m}.options()
		r, err := explore.Check(t.Context(), explore.Spec[State]{Model: compact{m}, Witnesses: []explore.Witness[State]{twice}, Options: o})
		if err != nil {
			t.Fatal(err)
		}
		if r.Witnesses[0] != again {
			t.Errorf("%s: an output is seen twice: %t, want %t", f, r.Witnesses[0], again)
		}
	}
}
