package invariants

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

func run(t *testing.T, name string, c model.Config, counted model.Counted, red bool) string {
	c.B = model.BehavioursOf(&c)
	k, err := Prepare(name, c, counted)
	if err != nil {
		t.Fatal(err)
	}
	var budget []int
	for _, n := range c.Faults {
		budget = append(budget, int(n))
	}
	start := time.Now()
	r, err := explore.Check(context.Background(), explore.Model[model.State](k.Model), k.Properties, k.Witnesses, explore.Options[model.State]{
		Budget: budget, Dominance: red, NoSymmetry: !red, Bound: k.Model.BoundHit, MaxStates: 30000000})
	if err != nil {
		t.Fatal(err)
	}
	out := fmt.Sprintf("%s: %v wit=%v distinct=%d gen=%d depth=%d %v", name, r.Stopped, r.Witnesses, r.Stats.Distinct, r.Stats.Generated, r.Stats.Depth, time.Since(start).Round(time.Millisecond))
	if v := r.Violation; v != nil {
		out += "\n  VIOLATED " + v.Property
		pre := v.Trace.Initial
		for i, s := range v.Trace.Steps {
			out += fmt.Sprintf("\n   %2d %-10s %s   ", i+1, k.Model.Actor(s.ID), k.Model.Describe(&pre, s.ID, &s.State))
			for _, ch := range k.Model.Changes(&pre, &s.State) {
				out += fmt.Sprintf(" %s: %q->%q", ch.What, ch.Before, ch.After)
			}
			pre = s.State
		}
	}
	return out
}

func TestProbe(t *testing.T) {
	base := model.DefaultConfig()
	base.Topic.ELR = false
	base.Topic.MinISR = 2
	f := func(kv ...any) (b model.Budget) {
		for i := 0; i < len(kv); i += 2 {
			b[kv[i].(model.FaultKind)] = uint8(kv[i+1].(int))
		}
		return
	}
	try := func(label, g string, faults model.Budget, mod func(c *model.Config)) {
		c := base
		c.Faults = faults
		if mod != nil {
			mod(&c)
		}
		t.Logf("%s %s", label, run(t, g, c, model.CountAccepted, true))
	}
	acks := func(a model.Acks) func(c *model.Config) {
		return func(c *model.Config) { c.Prod.Acks = a; c.Prod.Idempotent = false }
	}
	try("K1", "at-least-once", f(model.RequestLost, 1), acks(0))
	try("K2", "at-least-once", f(model.LeaderMove, 1), acks(0))
	try("K4", "at-least-once", f(model.BrokerCrash, 1), acks(1))
	try("K7", "at-most-once", f(model.ResponseLost, 1), acks(1))
	try("K8", "at-most-once", f(model.ResponseLost, 1), acks(-1))
	try("K18", "at-least-once", f(model.BrokerCrash, 2), nil)
	try("K18b", "at-least-once", f(model.LeaderMove, 2), nil)
	try("K18c", "at-least-once", f(model.ReplicaLag, 1, model.BrokerCrash, 2), nil)
	try("K19", "at-least-once", f(model.PowerLoss, 1), nil)
	try("K20", "at-least-once", f(model.ReplicaLag, 1, model.BrokerCrash, 2), func(c *model.Config) { c.Topic.UncleanElection = true })
	try("K25", "at-least-once", f(model.TotalPowerLoss, 1), nil)
	try("K26", "at-least-once", f(model.TotalPowerLoss, 1), func(c *model.Config) { c.Topic.FlushMessages = 1 })
	try("K28", "at-least-once", f(model.ReplicaLag, 2, model.PowerLoss, 1), func(c *model.Config) { c.ReplicateFromDisk = true })
	try("K28b", "at-least-once", f(model.ReplicaLag, 2, model.PowerLoss, 1, model.LeaderMove, 1), func(c *model.Config) { c.ReplicateFromDisk = true })
	try("K29", "uninterrupted", f(model.BrokerCrash, 1), func(c *model.Config) { c.Topic.Replicas = 2 })
	try("K29a", "availability", f(model.BrokerCrash, 1), func(c *model.Config) { c.Topic.Replicas = 2 })
	try("K30", "at-most-once", f(model.ReplicaLag, 2), func(c *model.Config) { c.Prod.Idempotent = false })
	try("K30-3.6", "at-most-once", f(model.ReplicaLag, 2), func(c *model.Config) { c.Prod.Idempotent = false; c.Kafka = model.V3_6 })
	old := func(v model.Version) func(c *model.Config) {
		return func(c *model.Config) { c.Kafka = v; c.KRaft = v >= model.V3_6; c.Prod.Version = v; c.Cons.Version = v; c.Prod.Idempotent = false }
	}
	try("K31", "at-least-once", f(model.BrokerCrash, 2), old(model.V0_10))
	try("K31-0.11", "at-least-once", f(model.BrokerCrash, 2), old(model.V0_11))
	try("K32", "log-agreement", f(model.LeaderMove, 3), old(model.V0_11))
	try("K32", "committed-stays", f(model.LeaderMove, 3), old(model.V0_11))
	try("K33", "committed-stays", f(model.LeaderMove, 3), old(model.V2_0))
	try("K34", "committed-stays", f(model.LeaderMove, 3), old(model.V2_1))
	try("std", "at-least-once", model.StandardBudget(), nil)
	try("std", "at-most-once", model.StandardBudget(), nil)
	try("std", "no-acked-loss", model.StandardBudget(), nil)
}
