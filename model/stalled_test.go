package model

import (
	"context"
	"testing"

	"github.com/kcheck/kcheck/explore"
)

// TestFollowersStallWhereItMatters compares, where followersStall says that a request timeout makes no difference, the
// model with the one in which followers stall all the same: the same properties are violated, by as few faults.
func TestFollowersStallWhereItMatters(t *testing.T) {
	t.Parallel()
	budgets := []Budget{
		{ReplicaLag: 1, LeaderMove: 1}, {ReplicaLag: 2, BrokerCrash: 1}, {ReplicaLag: 1, ResponseLost: 1, LeaderMove: 1},
		{ReplicaLag: 1, Partition: 1}, {ReplicaLag: 2, PowerLoss: 1}, {ReplicaLag: 1, ProducerCrash: 1, LeaderMove: 1},
		{ReplicaLag: 1, LeaderMove: 2},
	}
	violated := 0
	for _, faults := range budgets {
		for _, change := range []func(c *Config){
			func(c *Config) {}, func(c *Config) { c.Topic.MinISR = 2 }, func(c *Config) { c.Topic.UncleanElection = true },
			func(c *Config) { c.Scope.Messages, c.Prod.MaxInFlight = 2, 1 }, func(c *Config) { c.Topic.Replicas, c.Topic.MinISR = 3, 2 },
		} {
			var found [2]map[string]int
			for i, always := range []bool{false, true} {
				c := DefaultConfig()
				c.Sees, c.Scope.Messages, c.Topic.Replicas, c.Topic.ELR, c.Faults = SeesExposed, 1, 2, false, faults
				c.Prod.RequestBeforeLag, c.Prod.DeliveryBeforeLag = true, false
				change(&c)
				c.B = BehavioursOf(&c)
				found[i] = brokenBy(t, c, always)
			}
			if len(found[0]) != len(found[1]) {
				t.Errorf("%v: %v are violated, and %v where followers always stall", faults, found[0], found[1])
			}
			violated += len(found[1])
			for name, n := range found[1] {
				if found[0][name] != n {
					t.Errorf("%v: %s takes %d faults, and %d where followers always stall", faults, name, found[0][name], n)
				}
			}
		}
	}
	if violated == 0 {
		t.Error("nothing is violated: the comparison says nothing")
	}
}

// brokenBy is the least number of faults that violate each property of the log.
func brokenBy(t *testing.T, c Config, stalls bool) map[string]int {
	t.Helper()
	m, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	if m.followersStall() {
		t.Fatal("followers stall here anyway")
	}
	if stalls {
		var all []*Action
		for i := range m.groups {
			all = append(all, m.groups[i].Action)
		}
		m.setActions(append(all, followerStalls, stalledFollowerLeaves))
	}
	least := map[string]int{}
	for _, p := range []explore.Property[State]{
		{Name: "acked loss", Invariant: func(s *State) bool {
			for msg := range m.Messages() {
				if m.Acked(s, msg) && !m.HasCopy(s, msg) {
					return false
				}
			}
			return true
		}},
		{Name: "duplicate", Invariant: func(s *State) bool { return !m.DuplicateReadable(s) }},
		{Name: "committed stays", Invariant: m.CommittedStays},
	} {
		o := m.options()
		o.Dominance, o.NoSymmetry = true, stalls // the canonical form goes by followersStall
		r, err := explore.Check(context.Background(), explore.Spec[State]{Model: m, Properties: []explore.Property[State]{p}, Options: o})
		if err != nil || !r.Complete && r.Violation == nil {
			t.Fatalf("%s: not complete: %v", p.Name, err)
		}
		if r.Violation != nil {
			n := 0
			for _, k := range r.Violation.Faults {
				n += k
			}
			least[p.Name] = n
		}
	}
	return least
}
