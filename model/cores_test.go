package model

import (
	"context"
	"testing"

	"github.com/kcheck/kcheck/explore"
)

// The replication core is compared here with public TLA+ specifications of it: hachikuji/kafka-specification, modules
// KafkaTruncateToHighWatermark (0.10 and before), Kip101 (0.11), Kip279 (2.0) and Kip320 (2.1 on), which KIP-320 cites.
//
// The environment of those specifications is stated as test-only actions, so that their bounds are ours:
//
//	there                     here
//	LeaderWrite               coreWrites: whoever presumes leadership appends the next record
//	ControllerElectLeader     LeaderMoves, a fault: the next leader epoch, with any in-sync replica
//	ControllerShrinkIsr       coreShrinks, counted as the same fault: the next leader epoch, a replica leaves the set
//	LeaderShrinkIsr           ReplicaLags, made a step without a bound
//	LeaderExpandIsr           LeaderExpandsISR
//	BecomeLeader, BecomeFollower, a LeaderAndIsr request of any age above the own epoch: BrokerLearns (ZooKeeper)
//	BecomeFollowerTruncate*   the truncation in BrokerLearns (0.10), FollowerTruncates (0.11, 2.0), FollowerFetches
//	FollowerReplicate, LeaderIncHighWatermark: FollowerFetches
//
// MaxRecords and LogSize are the messages; MaxLeaderEpoch, the number of epochs after the first, is the budget of the
// fault. The depths differ: there a record is copied and the high watermark moved by separate steps, and the first
// election is a step; here the position of a follower is known by its next fetch.

// coreBounds are replicas/LogSize/MaxRecords/MaxLeaderEpoch of the public specifications, LogSize and MaxRecords being
// equal.
type coreBounds struct{ replicas, records, epochs int }

// coreWrites is LeaderWrite of the specifications.
var coreWrites = &Action{
	Name: "coreWrites", Over: PerMessageAndBroker, Text: "{b} appends {m}",
	Guard: func(m *Model, s *State, b Binding) bool {
		return s.actsAsLeader(b.Broker) && s.phase(b.Msg) == Unsent && (b.Msg == 0 || s.phase(b.Msg-1) != Unsent)
	},
	Effect: func(m *Model, s *State, b Binding) {
		m.appendAt(s, b.Broker, b.Msg, 0)
		s.setPhase(b.Msg, Acked)
	},
}

// coreShrinks is ControllerShrinkIsr of the specifications for a replica that does not lead.
var coreShrinks = &Action{
	Name: "coreShrinks", Over: PerBroker, Class: explore.Fault, Fault: LeaderMove, Text: "the controller takes {b} out",
	Guard: func(m *Model, s *State, b Binding) bool {
		return s.inISR(b.Broker, s.epoch()) && m.leader(s) != b.Broker
	},
	Effect: func(m *Model, s *State, b Binding) { m.leaveISR(s, b.Broker, -1) },
}

// coreModel is the replication core of a version in the environment of the specifications; asSpecified takes their rule
// where Kafka's differs.
func coreModel(t *testing.T, v Version, bounds coreBounds, asSpecified bool) *Model {
	t.Helper()
	c := DefaultConfig()
	c.Kafka, c.KRaft, c.Prod.Version, c.Cons.Version = v, false, v, v
	c.Topic = TopicConfig{Replicas: bounds.replicas, MinISR: 1}
	c.Prod.Acks, c.Prod.Idempotent = AcksOne, false
	c.Scope.Messages = bounds.records
	c.Faults = Budget{LeaderMove: uint8(bounds.epochs), ReplicaLag: 1}
	c.B = BehavioursOf(&c)
	if asSpecified {
		c.B.IgnoresSameLeader, c.B.HaltsOnTruncation, c.B.KeepsPositions = false, false, false
	}
	m, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	lags := *replicaLags
	lags.Class = explore.Step
	core := []*Action{coreWrites, coreShrinks, &lags}
	for _, a := range registry {
		if a == leaderMoves || a.Area == AreaReplication && a.Class != explore.Fault && (a.Actor == ActorBroker || a.Actor == "controller") && a.Over == PerBroker {
			core = append(core, a)
		}
	}
	m.setActions(core)
	return m
}

// setActions replaces the actions of a model that is not in use yet.
func (m *Model) setActions(all []*Action) {
	m.groups, m.transitions, m.byID = nil, nil, nil
	for _, a := range all {
		g := boundAction{Action: a, first: explore.TransitionID(len(m.transitions)), bindings: m.bind(a.Over)}
		for _, b := range g.bindings {
			m.transitions = append(m.transitions, explore.Transition{Action: a.Name, Binding: b.String(), Class: a.Class, Fault: int(a.Fault)})
		}
		m.groups = append(m.groups, g)
	}
	for i := range m.groups {
		for range m.groups[i].bindings {
			m.byID = append(m.byID, &m.groups[i])
		}
	}
}

// weakISR says that whoever presumes leadership agrees, up to its high watermark, with all replicas that it takes for
// in sync.
func weakISR(m *Model, s *State) bool {
	for b := 0; b < m.n; b++ {
		for f := 0; s.actsAsLeader(b) && f < m.n; f++ {
			if s.inISR(f, s.epochOf(b)) && m.agreement(s, b, f) < s.hw(b) {
				return false
			}
		}
	}
	return true
}

// strongISR says that whoever presumes leadership agrees, up to its high watermark, with all replicas of the
// controller's in-sync set: what was exposed survives any clean election.
func strongISR(m *Model, s *State) bool {
	for b := 0; b < m.n; b++ {
		for f := 0; s.actsAsLeader(b) && f < m.n; f++ {
			if s.inISR(f, s.epoch()) && m.agreement(s, b, f) < s.hw(b) {
				return false
			}
		}
	}
	return true
}

// checkCore returns for an invariant the trace that breaks it, or "" if none does.
func checkCore(t *testing.T, m *Model, holds func(m *Model, s *State) bool) (trace string, distinct uint64) {
	t.Helper()
	p := explore.Property[State]{Name: "isr", Invariant: func(s *State) bool { return holds(m, s) }}
	o := m.options()
	o.Dominance = true
	r, err := explore.Check(context.Background(), explore.Spec[State]{Model: m, Properties: []explore.Property[State]{p}, Options: o})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Complete && r.Violation == nil {
		t.Fatalf("not complete: %s", r.Stopped)
	}
	if r.Violation == nil {
		return "", r.Stats.Distinct
	}
	return describe(m, &r.Violation.Trace), r.Stats.Distinct
}

// cores are the replication cores, oldest first.
var cores = []struct {
	name string
	v    Version
}{{"high watermark", V0_10}, {"KIP-101", V0_11}, {"KIP-279", V2_0_1}, {"KIP-320", V2_1}}

// coreRow says for each core whether WeakIsr and StrongIsr, which never differ here, are violated.
type coreRow struct {
	coreBounds
	violated [4]bool
}

// TestCoresSeparate repeats the table of verdicts of the public specifications: for each core and each bound whether
// WeakIsr and StrongIsr hold. The specifications truncate on every new epoch, and halt nobody, so IgnoresSameLeader
// and HaltsOnTruncation are off.
func TestCoresSeparate(t *testing.T) {
	t.Parallel()
	checkCores(t, true, []coreRow{
		{coreBounds{2, 1, 1}, [4]bool{true, false, false, false}},
		{coreBounds{2, 1, 2}, [4]bool{true, false, false, false}},
		{coreBounds{2, 2, 2}, [4]bool{true, true, false, false}},
		{coreBounds{3, 1, 2}, [4]bool{true, true, true, false}},
		{coreBounds{3, 1, 3}, [4]bool{true, true, true, false}},
		{coreBounds{3, 2, 2}, [4]bool{true, true, true, false}},
	})
}

// TestCoresAsReleased is the same for the rules as Kafka has them. Up to 0.11 a follower whose leader stays the same in
// a new epoch does nothing (Partition.makeFollower of 0.10.2 and 0.11.0), where the specifications truncate, and ask
// themselves whether Kafka does. So one new epoch is not enough to break the oldest core: a first cell differs. A leader
// that leads again keeps the positions of its followers, where the specifications forget them. With ZooKeeper that is
// harmless as long as the controller lives; TestLeaderLeadsOn has KRaft.
func TestCoresAsReleased(t *testing.T) {
	t.Parallel()
	checkCores(t, false, []coreRow{
		{coreBounds{2, 1, 1}, [4]bool{false, false, false, false}},
		{coreBounds{2, 1, 2}, [4]bool{true, false, false, false}},
		{coreBounds{2, 2, 2}, [4]bool{true, true, false, false}},
		{coreBounds{3, 1, 2}, [4]bool{true, true, true, false}},
		{coreBounds{3, 1, 3}, [4]bool{true, true, true, false}},
	})
}

// checkCores checks the cores on the bounds of a table.
func checkCores(t *testing.T, asSpecified bool, table []coreRow) {
	t.Helper()
	for _, row := range table {
		for i, core := range cores {
			m := coreModel(t, core.v, row.coreBounds, asSpecified)
			for name, holds := range map[string]func(*Model, *State) bool{"WeakIsr": weakISR, "StrongIsr": strongISR} {
				trace, n := checkCore(t, m, holds)
				if (trace != "") != row.violated[i] {
					t.Errorf("%s, %+v, %s: violated is %t after %d states, expected %t\n%s",
						core.name, row.coreBounds, name, trace != "", n, row.violated[i], trace)
				}
			}
		}
	}
}

// TestLeaderLeadsOn: with KRaft a leader may learn at once that it was deposed and leads again, and counts what it knew of
// its followers before, though they may have truncated their logs for another leader. Three changes of leader then lose
// what consumers could read. No published specification has it; it was made to happen on brokers of 3.3 to 4.4.
func TestLeaderLeadsOn(t *testing.T) {
	for _, c := range []struct {
		moves    uint8
		kraft    bool
		keeps    bool
		violated bool
	}{
		{2, true, true, false}, {3, true, true, true}, {3, true, false, false}, {3, false, true, false},
	} {
		config := DefaultConfig()
		config.KRaft, config.Sees, config.Scope.Messages = c.kraft, SeesExposed, 1
		config.Topic.MinISR, config.Topic.ELR = 2, false
		config.Faults = Budget{LeaderMove: c.moves}
		if !c.kraft {
			config.Kafka = V2_8
		}
		config.B = BehavioursOf(&config)
		config.B.KeepsPositions = c.keeps
		m, err := New(config)
		if err != nil {
			t.Fatal(err)
		}
		trace, n := checkCore(t, m, (*Model).CommittedStays)
		if (trace != "") != c.violated {
			t.Errorf("%+v: violated is %t after %d states\n%s", c, trace != "", n, trace)
		}
	}
}
