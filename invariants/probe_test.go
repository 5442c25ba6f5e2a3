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
	scala := func(q model.QueueFull, acks model.Acks) func(c *model.Config) {
		return func(c *model.Config) {
			c.Kafka, c.KRaft = model.V0_8, false
			c.Prod = model.ProducerConfig{Client: model.Scala08, Acks: acks, Retries: 3, MaxInFlight: 1, Async: true, QueueFull: q}
			c.App.Send = model.SendForget
			c.Topic.MinISR = 1
		}
	}
	att := func(label, g string, counted model.Counted, faults model.Budget, mod func(c *model.Config)) {
		c := base
		c.Faults = faults
		if mod != nil {
			mod(&c)
		}
		t.Logf("%s %s", label, run(t, g, c, counted, true))
	}
	two := func(c *model.Config) { c.Scope.Messages = 2; c.Prod.MaxInFlight = 5 }
	try("K9b", "no-duplicate-in-log", f(model.LeaderMove, 1, model.ResponseLost, 1), two)
	try("K9b", "order", f(model.LeaderMove, 1, model.ResponseLost, 1), two)
	try("K10", "at-least-once", f(model.ProducerCrash, 1), nil)
	try("K10acked", "no-acked-loss", f(model.ProducerCrash, 1), nil)
	try("K11", "at-least-once", f(model.ProducerCrash, 1), scala(model.QueueBlocks, 1))
	att("K12", "at-least-once", model.CountAttempted, f(model.SlowBroker, 1), scala(model.QueueFails, 0))
	try("K12acc", "at-least-once", f(model.SlowBroker, 1), scala(model.QueueFails, 0))
	try("K14", "at-least-once", f(model.SlowBroker, 1), scala(model.QueueBlocks, 0))
	try("K14pc", "at-least-once", f(model.SlowBroker, 1, model.ProducerCrash, 1), scala(model.QueueBlocks, 0))
	wait := func(c *model.Config) { scala(model.QueueBlocks, 1)(c); c.Prod.Async = false; c.App.Send = model.SendWait }
	try("K15", "at-least-once", f(model.ProducerCrash, 1), wait)
	att("K17", "at-least-once", model.CountAttempted, f(model.SlowBroker, 1), nil)
	try("K17", "at-least-once", f(model.SlowBroker, 1), nil)
	earliest := func(c *model.Config) {}
	latest := func(c *model.Config) { c.Cons.Reset = model.ResetLatest }
	none := func(c *model.Config) { c.Cons.Reset = model.ResetNone }
	try("K35", "at-least-once", f(model.Retention, 1), earliest)
	att("K37", "at-least-once", model.CountAttempted, f(model.SendRefused, 1), func(c *model.Config) { c.App.Send = model.SendForget })
	try("K38", "at-least-once", f(model.OffsetLost, 1), latest)
	try("K38new", "at-least-once", f(), func(c *model.Config) { latest(c); c.App.NewGroup = true })
	try("K39", "at-least-once", f(model.PartitionAdded, 1), latest)
	try("K39e", "at-least-once", f(model.PartitionAdded, 1), earliest)
	try("K40", "at-most-once", f(model.OffsetLost, 1), earliest)
	try("K40", "at-least-once", f(model.OffsetLost, 1), earliest)
	try("K41", "at-least-once", f(model.ConsumerCrash, 1), func(c *model.Config) { c.App.Commit = model.CommitBeforeProcessing })
	try("K41", "at-most-once", f(model.ConsumerCrash, 1), func(c *model.Config) { c.App.Commit = model.CommitBeforeProcessing })
	try("K42", "at-most-once", f(model.ConsumerCrash, 1), nil)
	try("K43", "exactly-once", f(model.ConsumerCrash, 2), func(c *model.Config) { c.App.Effect = model.EffectIdempotent })
	auto := func(c *model.Config) { c.Cons.AutoCommit = model.AutoCommitInPoll; c.App.Commit = model.CommitAuto }
	try("K44", "at-least-once", f(model.ConsumerCrash, 1), auto)
	try("K44", "at-most-once", f(model.ConsumerCrash, 1), auto)
	try("K44handoff", "at-least-once", f(model.ConsumerCrash, 1), func(c *model.Config) { auto(c); c.App.Handoff = true })
	try("K44rd", "at-least-once", f(model.ConsumerCrash, 1), func(c *model.Config) { auto(c); c.Cons.Client = model.Librdkafka; c.Cons.StoreOffsets = true })
	try("K44close", "at-least-once", f(model.ConsumerException, 1), func(c *model.Config) { auto(c); c.App.CloseOnException = true })
	try("K44rethrow", "at-least-once", f(model.ConsumerException, 1), func(c *model.Config) { auto(c) })
	try("K45", "at-least-once", f(model.OffsetLost, 1), none)
	try("K45", "availability", f(model.OffsetLost, 1), none)
	try("K46", "at-most-once", f(model.Rebalance, 1), nil)
	try("K46id", "exactly-once", f(model.Rebalance, 1), func(c *model.Config) { c.App.Effect = model.EffectTransactional })
	try("K47", "at-most-once", f(model.ConsumerCrash, 1), func(c *model.Config) { c.App.CommitCurrent = true })
	try("K54", "at-least-once", f(model.ConsumerCrash, 1), func(c *model.Config) { auto(c); c.Cons.NewProtocol = true; c.Cons.Version = model.V3_9; c.Kafka = model.V3_9 })
}
