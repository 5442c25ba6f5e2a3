package model

import (
	"testing"

	"github.com/kcheck/kcheck/explore"
)

// congruent walks the plain space and checks that a state and its representative have the same successors up to
// representatives.
func congruent(t *testing.T, c Config, limit int) {
	t.Helper()
	c.B = BehavioursOf(&c)
	m, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	type key struct {
		id string
		s  State
	}
	set := func(s State) map[key]bool {
		out := map[key]bool{}
		for _, x := range m.Successors(&s, nil) {
			n := x.State
			m.Canonical(&n)
			out[key{m.Transitions()[x.ID].Action, n}] = true
		}
		return out
	}
	seen := map[State]bool{}
	var queue []State
	for _, s := range m.Initial(nil) {
		seen[s] = true
		queue = append(queue, s)
	}
	used := map[State]Budget{}
	var buf []explore.Successor[State]
	for len(queue) > 0 && len(seen) < limit {
		s := queue[0]
		queue = queue[1:]
		r := s
		m.Canonical(&r)
		again := r
		m.Canonical(&again)
		if again != r {
			t.Fatalf("Canonical is not idempotent:\n%v\n%v", m.parts(&r), m.parts(&again))
		}
		a, b := set(s), set(r)
		for k := range a {
			if !b[k] {
				t.Fatalf("%s of a state is not one of its representative\nstate %v\nrep   %v\nnext  %v\n%x\n%x", k.id, m.parts(&s), m.parts(&r), m.parts(&k.s), s, r)
			}
		}
		for k := range b {
			if !a[k] {
				t.Fatalf("%s of a representative is not one of the state\nstate %v\nrep   %v\nnext  %v\n%x\n%x", k.id, m.parts(&s), m.parts(&r), m.parts(&k.s), s, r)
			}
		}
		buf = m.Successors(&s, buf[:0])
		for _, x := range buf {
			u := used[s]
			if tr := m.Transitions()[x.ID]; tr.Class == explore.Fault {
				if u[tr.Fault]++; u[tr.Fault] > c.Faults[tr.Fault] {
					continue
				}
			}
			if !seen[x.State] {
				seen[x.State] = true
				used[x.State] = u
				queue = append(queue, x.State)
			}
		}
	}
}

// TestCanonicalIsACongruence covers, a part each, what Canonical renumbers, clears and sorts.
func TestCanonicalIsACongruence(t *testing.T) {
	brokers := Budget{BrokerCrash: 2, LeaderMove: 2, ReplicaLag: 1, Partition: 1}
	for _, tc := range []struct {
		name   string
		change func(c *Config)
	}{
		{"4.1", func(c *Config) {}},
		{"4.1, acks=1 without retries", func(c *Config) {
			c.Prod.Acks, c.Prod.Idempotent, c.Prod.Retries = AcksOne, false, 0
		}},
		{"4.1, acks=0", func(c *Config) { c.Prod.Acks, c.Prod.Idempotent = AcksNone, false }},
		{"4.1, two messages, lost answers", func(c *Config) {
			c.Scope.Messages, c.Faults = 2, Budget{BrokerCrash: 1, LeaderMove: 1, ResponseLost: 1, RequestLost: 1, ProducerCrash: 1}
		}},
		{"4.1, late requests and power loss", func(c *Config) {
			c.Faults = Budget{Delay: 1, PowerLoss: 1, LeaderMove: 1, CleanRestart: 1, DiskLoss: 1}
		}},
		{"4.1, with a consumer", func(c *Config) { c.Sees = SeesConsumer; c.Faults[ConsumerCrash] = 1 }},
		{"4.1, with what was exposed", func(c *Config) { c.Sees = SeesExposed }},
		{"2.8", func(c *Config) { c.Kafka, c.KRaft, c.Topic.ELR = V2_8, false, false }},
		{"2.0", func(c *Config) { c.Kafka, c.KRaft, c.Topic.ELR = V2_0, false, false }},
		{"0.10", func(c *Config) { c.Kafka, c.KRaft, c.Topic.ELR, c.Prod.Idempotent = V0_10, false, false, false }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := DefaultConfig()
			c.Topic.MinISR, c.Faults = 2, brokers
			tc.change(&c)
			congruent(t, c, 15000)
		})
	}
}
