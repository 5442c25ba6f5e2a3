package invariants

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

func txnRun(t *testing.T, name string, c model.Config, red bool, verbose bool) string {
	c.B = model.BehavioursOf(&c)
	k, err := Prepare(name, c, model.CountAccepted)
	if err != nil {
		t.Fatal(err)
	}
	var budget []int
	for _, n := range c.Faults {
		budget = append(budget, int(n))
	}
	start := time.Now()
	r, k, err := k.Search(context.Background(), explore.Options[model.State]{
		Budget: budget, Dominance: red, NoSymmetry: !red, Coverage: true, MaxStates: 60000000})
	if err != nil {
		t.Fatal(err)
	}
	out := fmt.Sprintf("%v complete=%v wit=%v distinct=%d gen=%d depth=%d %v", r.Stopped, r.Complete, r.Witnesses, r.Stats.Distinct, r.Stats.Generated, r.Stats.Depth, time.Since(start).Round(time.Millisecond))
	if v := r.Violation; v != nil {
		out += fmt.Sprintf("\n  VIOLATED %s steps=%d: %s", v.Property, len(v.Trace.Steps), k.Reason(v.Property, v.Trace))
		if verbose {
			pre := v.Trace.Initial
			for i, s := range v.Trace.Steps {
				out += fmt.Sprintf("\n   %2d %-10s %s   ", i+1, k.Model.Actor(s.ID), k.Model.Describe(&pre, s.ID, &s.State))
				for _, ch := range k.Model.Changes(&pre, &s.State) {
					out += fmt.Sprintf(" %s: %q->%q", ch.What, ch.Before, ch.After)
				}
				pre = s.State
			}
		}
	}
	return out
}

func k48(faults model.Budget) model.Config {
	c := model.DefaultConfig()
	c.Topic.ELR = false
	c.Topic.MinISR = 2
	c.Prod.Transactional = true
	c.App.OutputKafka = true
	c.App.Commit = model.CommitInTransaction
	c.Cons.DownstreamReadCommitted = true
	c.Cons.ReadCommitted = true
	c.Faults = faults
	return c
}

func TestTxnProbe(t *testing.T) {
	f := func(kv ...any) (b model.Budget) {
		for i := 0; i < len(kv); i += 2 {
			b[kv[i].(model.FaultKind)] = uint8(kv[i+1].(int))
		}
		return
	}
	try := func(label, g string, c model.Config) {
		t.Logf("%s %s %s", label, g, txnRun(t, g, c, true, true))
	}
	mod := func(c model.Config, f func(c *model.Config)) model.Config { f(&c); return c }
	eo := "exactly-once"
	try("none", eo, k48(f()))
	try("k48-nobroker", eo, k48(f(model.RequestLost, 1, model.ResponseLost, 1, model.Delay, 1, model.ProducerCrash, 1, model.ConsumerCrash, 1, model.Rebalance, 1)))
	try("k49", eo, mod(k48(f(model.ProducerCrash, 1)), func(c *model.Config) { c.Cons.DownstreamReadCommitted = false }))
	tv1 := func(c *model.Config) { c.Txn.Version = 1 }
	try("k50", eo, mod(mod(k48(f(model.Delay, 1)), tv1), func(c *model.Config) { c.Scope.Messages = 2 }))
	try("k50 at v2", eo, mod(k48(f(model.Delay, 1)), func(c *model.Config) { c.Scope.Messages = 2 }))
	try("k50-lateproduce", eo, mod(mod(k48(f(model.Delay, 1)), tv1), func(c *model.Config) { c.Txn.PartitionVerify = false }))
	try("k50-lost", "at-least-once", mod(k48(f(model.Delay, 1, model.ConsumerException, 1)), tv1))
	try("k50-lost v2", "at-least-once", k48(f(model.Delay, 1, model.ConsumerException, 1)))
	try("k51", eo, mod(k48(f(model.Rebalance, 1)), func(c *model.Config) { c.App.RandomTxnID = true; c.App.GroupMetadata = false }))
	try("k51-metadata", eo, mod(k48(f(model.Rebalance, 1, model.ProducerCrash, 1)), func(c *model.Config) { c.App.RandomTxnID = true }))
}

func TestTxnBroker(t *testing.T) {
	f := func(kv ...any) (b model.Budget) {
		for i := 0; i < len(kv); i += 2 {
			b[kv[i].(model.FaultKind)] = uint8(kv[i+1].(int))
		}
		return
	}
	try := func(label, g string, c model.Config) {
		t.Logf("%s %s %s", label, g, txnRun(t, g, c, true, true))
	}
	mod := func(c model.Config, f func(c *model.Config)) model.Config { f(&c); return c }
	eo := "exactly-once"
	try("bproc", eo, k48(f(model.BrokerCrash, 1)))
	try("k53", eo, mod(k48(f(model.BrokerCrash, 2, model.ReplicaLag, 1)), func(c *model.Config) { c.Topic.UncleanElection = true }))
}
