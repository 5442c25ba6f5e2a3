package plan

import (
	"context"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/model"
)

// exactlyOnceSetup is the recommended set-up: a transactional.id for each instance, offsets and group metadata in the
// transaction, transaction.version 2, downstream read_committed.
func exactlyOnceSetup() model.Config {
	c := model.DefaultConfig()
	c.Topic.ELR, c.Topic.MinISR = false, 2
	c.Prod.Transactional, c.App.OutputKafka, c.App.Commit = true, true, model.CommitInTransaction
	c.Cons.DownstreamReadCommitted = true
	return c
}

// found is what a check of a configuration came to: "holds" or the name of the violated property.
func found(t *testing.T, guarantee string, c model.Config, noSplit bool) (verdict string, distinct uint64, steps int, reason string) {
	t.Helper()
	c.B = model.BehavioursOf(&c)
	c.NoReductions = noSplit
	k, err := invariants.Prepare(guarantee, c, model.CountAccepted)
	if err != nil {
		t.Fatal(err)
	}
	o := explore.Options[model.State]{Dominance: true, MaxStates: 1_000_000}
	for _, n := range c.Faults {
		o.Budget = append(o.Budget, int(n))
	}
	r, about, err := Search(context.Background(), k, Options{Options: o})
	switch {
	case err != nil:
		t.Fatal(err)
	case r.Violation != nil:
		if err := explore.ReplayTrace[model.State](about.Model, &r.Violation.Trace); err != nil {
			t.Fatal(err)
		}
		return r.Violation.Property, r.Stats.Distinct, len(r.Violation.Trace.Steps), about.Reason(r.Violation.Property, r.Violation.Trace)
	case !r.Complete || r.Stopped != explore.Exhausted:
		return "inconclusive", r.Stats.Distinct, 0, ""
	case len(r.Witnesses) > 0 && !r.Witnesses[0]:
		return "vacuous", r.Stats.Distinct, 0, ""
	}
	return "holds", r.Stats.Distinct, 0, ""
}

// TestKnownTransactions is what is known of transactions, and what each rule of the set-up is needed for.
func TestKnownTransactions(t *testing.T) {
	t.Parallel()
	version1 := func(c *model.Config) { c.Txn.Version = 1 }
	common := model.Budget{model.RequestLost: 1, model.ResponseLost: 1, model.Delay: 1, model.ProducerCrash: 1,
		model.BrokerCrash: 1, model.ConsumerCrash: 1, model.Rebalance: 1}
	for _, k := range []struct {
		name, guarantee, want string
		faults                model.Budget
		change                func(c *model.Config)
	}{
		// with an id for each instance the same has 3.6 million states
		{"recommended", "exactly-once", "holds", common, func(c *model.Config) { c.App.TxnID = model.IDPerPartition }},
		{"read_uncommitted downstream", "exactly-once", "aborted-output", model.Budget{model.ProducerCrash: 1}, func(c *model.Config) { c.Cons.DownstreamReadCommitted = false }},
		{"late EndTxn, torn", "exactly-once", "torn-output", model.Budget{model.Delay: 1}, func(c *model.Config) { version1(c); c.Scope.Messages = 2 }},
		{"late EndTxn, version 2", "exactly-once", "holds", model.Budget{model.Delay: 1}, func(c *model.Config) { c.Scope.Messages = 2 }},
		{"late abort, lost", "at-least-once", "never-output", model.Budget{model.Delay: 1, model.ConsumerException: 1}, version1},
		{"late abort, version 2", "at-least-once", "holds", model.Budget{model.Delay: 1, model.ConsumerException: 1}, nil},
		{"late produce, not verified", "exactly-once", "output-twice", model.Budget{model.Delay: 1}, func(c *model.Config) { version1(c); c.Txn.PartitionVerify = false }},
		{"late produce, verified", "exactly-once", "holds", model.Budget{model.Delay: 1}, version1},
		{"random transactional.id", "exactly-once", "output-twice", model.Budget{model.Rebalance: 1}, func(c *model.Config) { c.App.TxnID, c.App.GroupMetadata = model.IDRandom, false }},
		{"random transactional.id, group metadata", "exactly-once", "holds", model.Budget{model.Rebalance: 1, model.ProducerCrash: 1}, func(c *model.Config) { c.App.TxnID = model.IDRandom }},
		{"transactional.id for each instance, no group metadata", "exactly-once", "output-twice", model.Budget{model.Rebalance: 1}, func(c *model.Config) { c.App.GroupMetadata = false }},
		{"transactional.id for each partition, no group metadata", "exactly-once", "holds", model.Budget{model.Rebalance: 1, model.ProducerCrash: 1}, func(c *model.Config) {
			c.App.TxnID, c.App.GroupMetadata = model.IDPerPartition, false
		}},
		{"output without a transaction", "at-most-once", "output-twice", model.Budget{model.ConsumerCrash: 1}, func(c *model.Config) {
			c.Prod.Transactional, c.App.Commit = false, model.CommitAfterProcessing
		}},
		{"unclean election", "exactly-once", "never-output", model.Budget{model.BrokerCrash: 2, model.ReplicaLag: 1}, func(c *model.Config) { c.Topic.UncleanElection = true }},
		{"clean elections only", "at-most-once", "holds", model.Budget{model.BrokerCrash: 1, model.ReplicaLag: 1}, nil},
	} {
		c := exactlyOnceSetup()
		c.Faults = k.faults
		if k.change != nil {
			k.change(&c)
		}
		got, distinct, steps, reason := found(t, k.guarantee, c, false)
		t.Logf("%-34s %-13s %8d states, %2d steps: %s", k.name, got, distinct, steps, reason)
		if got != k.want {
			t.Errorf("%s: %s is %s, want %s", k.name, k.guarantee, got, k.want)
		}
	}
}

// TestKafka17754 wants lost, torn and aborted reads before transaction.version 2 and none with it, under one budget.
func TestKafka17754(t *testing.T) {
	t.Parallel()
	words := map[string]string{
		"never-output": "lost write", "torn-output": "torn transaction", "aborted-output": "aborted read",
	}
	for property, word := range words {
		for _, version := range []int{0, 1, 2} {
			c := exactlyOnceSetup()
			c.Txn.Version, c.Scope.Messages = version, 2
			c.Faults = model.Budget{model.Delay: 1, model.ConsumerException: 1}
			reason, complete := foundOnly(t, c, property)
			switch {
			case version == 2 && (reason != "" || !complete):
				t.Errorf("version 2: %s: %q, complete %t", property, reason, complete)
			case version < 2 && !strings.Contains(reason, word):
				t.Errorf("version %d: %s: the reason is %q, want the word %q", version, property, reason, word)
			}
		}
	}
}

// foundOnly checks one property of exactly-once alone and gives the reason of its violation.
func foundOnly(t *testing.T, c model.Config, property string) (reason string, complete bool) {
	t.Helper()
	c.B = model.BehavioursOf(&c)
	k, err := invariants.Prepare("exactly-once", c, model.CountAccepted)
	if err != nil {
		t.Fatal(err)
	}
	only := k.Properties[:0]
	for _, p := range k.Properties {
		if p.Name == property {
			only = append(only, p)
		}
	}
	k.Properties = only
	o := explore.Options[model.State]{Dominance: true}
	for _, n := range c.Faults {
		o.Budget = append(o.Budget, int(n))
	}
	r, err := run(context.Background(), k, o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Violation == nil {
		return "", r.Complete
	}
	return k.Reason(property, r.Violation.Trace), r.Complete
}

// placement is a way to place the offset commit, and what it does to a message in a fault.
type placement struct {
	commit model.Commit
	// lost and twice are the faults under which a message can be lost, and seen twice, with read_committed,
	// transaction.version 2 and the loop rewinding after an abort.
	lost, twice []model.FaultKind
}

var placements = []placement{
	{model.CommitInTransaction, nil, nil},
	{model.CommitBeforeTransaction,
		[]model.FaultKind{model.ConsumerCrash, model.Rebalance, model.Delay, model.TransactionTimeout, model.ConsumerException}, nil},
	{model.CommitAfterTransaction, nil, []model.FaultKind{model.ConsumerCrash, model.Rebalance}},
	{model.CommitAuto, nil, []model.FaultKind{model.ConsumerCrash, model.Rebalance}},
}

// TestPlacements goes through every way of placing the offset commit, every abort policy and every id policy against the
// faults that concern them.
func TestPlacements(t *testing.T) {
	t.Parallel()
	faults := []model.FaultKind{model.ConsumerCrash, model.Rebalance, model.Delay, model.TransactionTimeout, model.ConsumerException}
	for _, p := range placements {
		for _, goesOn := range []bool{false, true} {
			for id := range 2 * (model.IDRandom + 1) {
				for _, f := range faults {
					c := exactlyOnceSetup()
					c.App.Commit, c.App.ContinueOnAbort = p.commit, goesOn
					c.App.TxnID, c.App.GroupMetadata = id/2, id%2 == 0
					if p.commit == model.CommitAuto {
						c.Cons.AutoCommit = model.AutoCommitInPoll
					}
					c.Faults = model.Budget{}
					c.Faults[f] = 1
					p.check(t, c, f)
				}
			}
		}
	}
}

// check compares the verdicts on one configuration with what the placement predicts.
func (p placement) check(t *testing.T, c model.Config, f model.FaultKind) {
	t.Helper()
	has := func(all []model.FaultKind) bool {
		for _, k := range all {
			if k == f {
				return true
			}
		}
		return false
	}
	aborts := f == model.Delay || f == model.TransactionTimeout || f == model.ConsumerException
	lost := has(p.lost) || c.App.ContinueOnAbort && aborts
	twice := has(p.twice) || f == model.Rebalance && c.App.TxnID != model.IDPerPartition &&
		(p.commit == model.CommitAfterTransaction || p.commit == model.CommitAuto || p.commit == model.CommitInTransaction && !c.App.GroupMetadata)
	if p.commit == model.CommitBeforeTransaction && f == model.Rebalance && c.App.TxnID != model.IDPerPartition {
		lost = false // nobody fences the old member, which finishes its work
	}
	for guarantee, broken := range map[string]bool{"at-least-once": lost, "at-most-once": twice} {
		got, _, _, reason := found(t, guarantee, c, false)
		if (got != "holds") != broken || got == "inconclusive" || got == "vacuous" {
			t.Errorf("commit %d, goes on %t, ids %d, metadata %t, %s: %s is %s (%s), broken should be %t",
				p.commit, c.App.ContinueOnAbort, c.App.TxnID, c.App.GroupMetadata, f, guarantee, got, reason, broken)
		}
	}
}

// TestOutputSplit compares the verdicts of the split space with those of the product.
func TestOutputSplit(t *testing.T) {
	t.Parallel()
	for _, faults := range []model.Budget{
		{model.BrokerCrash: 1}, {model.LeaderMove: 1}, {model.ReplicaLag: 1}, {model.BrokerCrash: 1, model.ConsumerCrash: 1},
		{model.ReplicaLag: 1, model.Delay: 1}, {model.LeaderMove: 1, model.ConsumerException: 1}, {model.PowerLoss: 1},
		{model.BrokerCrash: 1, model.TransactionTimeout: 1},
	} {
		for _, version := range []int{1, 2} {
			for n := range 4 { // the coordinator's timer is the longer or the shorter one
				c, goesOn := exactlyOnceSetup(), n%2 == 1
				c.Txn.Version, c.Faults, c.App.ContinueOnAbort = version, faults, goesOn
				c.Txn.TimeoutBeforeDelivery, c.Txn.TimeoutFirst = n > 1, n > 1
				split, _, _, _ := found(t, "exactly-once", c, false)
				product, _, _, _ := found(t, "exactly-once", c, true)
				if (split == "holds") != (product == "holds") || product == "inconclusive" {
					t.Errorf("version %d, %s, goes on %t: %s split, %s as a product", version, faults, goesOn, split, product)
				}
			}
		}
	}
}

// TestUncleanElectionLosesMarkers: a replica that was out of sync loses the marker that ends a transaction too, so that
// the output of the transaction hangs, or becomes part of the next one although it was aborted.
func TestUncleanElectionLosesMarkers(t *testing.T) {
	t.Parallel()
	c := exactlyOnceSetup()
	c.Topic.Replicas, c.Topic.MinISR, c.Topic.UncleanElection = 2, 1, true
	c.Faults = model.Budget{model.BrokerCrash: 1, model.ReplicaLag: 1, model.ConsumerException: 1}
	if reason, _ := foundOnly(t, c, "aborted-output"); !strings.Contains(reason, "aborted read") {
		t.Errorf("an aborted output never becomes readable: %q", reason)
	}
	c.B = model.BehavioursOf(&c)
	k, err := invariants.Prepare("at-least-once", c, model.CountAccepted)
	if err != nil {
		t.Fatal(err)
	}
	k.Properties = []explore.Property[model.State]{{Name: "never-output", Quiescent: func(s *model.State) bool {
		return k.Model.OutputProcessed(s, 0) > 0 || !k.Model.Hanging(s, 0)
	}}}
	o := explore.Options[model.State]{Dominance: true}
	for _, n := range c.Faults {
		o.Budget = append(o.Budget, int(n))
	}
	r, err := run(context.Background(), k, o)
	if err != nil || r.Violation == nil {
		t.Fatalf("no output hangs: %v", err)
	}
	if reason := k.Reason("never-output", r.Violation.Trace); !strings.Contains(reason, "hanging transaction") {
		t.Errorf("the reason is %q", reason)
	}
}

// TestOneReplicaLeadsAgain: the only replica is cut off and becomes leader again, which ends the connections of clients: a
// fault that suffices for that whatever else the budget allows.
func TestOneReplicaLeadsAgain(t *testing.T) {
	t.Parallel()
	for _, faults := range []model.Budget{{model.Partition: 1}, {model.Partition: 1, model.ReplicaLag: 1}} {
		c := model.DefaultConfig()
		c.Topic.Replicas, c.Topic.MinISR, c.Faults = 1, 1, faults
		c.App.OutputKafka, c.App.Commit, c.App.ResendOnError = true, model.CommitAfterProcessing, true
		c.Prod.Idempotent = false
		if got, _, _, _ := found(t, "at-most-once", c, false); got != "output-twice" {
			t.Errorf("%s: %s, want output-twice", faults, got)
		}
	}
}
