package plan

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/model"
)

// row is a question with a known answer.
type row struct {
	id        string
	guarantee string
	counted   model.Counted
	faults    model.Budget
	change    func(c *model.Config)
	// violated is "" where the guarantee holds, else the fewest faults that break it.
	violated string
	// steps is the number of steps of the shortest counterexample with those faults; 0 where there is no reason, beyond
	// the model itself, to believe a number.
	steps int
}

// knownRows are known results: what Kafka's documentation, its code, its issues and the public specifications of its
// replication say about a configuration. The built-in specs in specs/known ask the same from files. They start from known, which is
// Kafka 4.1 without eligible leader replicas.
var knownRows = []row{
	// acks=0: the success is reported when the bytes are written to the socket.
	{"acks=0, the request is lost", "at-least-once", 0, faults(model.RequestLost, 1), acks(model.AcksNone), "request-lost=1", 2},
	{"acks=0, the old leader drops the request", "at-least-once", 0, faults(model.LeaderMove, 1), acks(model.AcksNone), "leader-move=1", 4},
	{"acks=0 and commit before processing", "at-most-once", 0,
		faults(model.RequestLost, 1, model.ResponseLost, 1, model.BrokerCrash, 1, model.ConsumerCrash, 1),
		all(acks(model.AcksNone), func(c *model.Config) { c.App.Commit = model.CommitBeforeProcessing }), "", 0},

	// acks=1: the leader's page cache is enough. send, append, ack, crash, elect, learn, restart, truncate.
	{"acks=1, the leader crashes", "at-least-once", 0, faults(model.BrokerCrash, 1), acks(model.AcksOne), "broker-crash=1", 8},
	{"acks=1 ignores min.insync.replicas", "at-least-once", 0, faults(model.BrokerCrash, 1),
		all(acks(model.AcksOne), minISR(2)), "broker-crash=1", 8},

	// A failed send is not an unwritten one; a retry without idempotence appends again.
	{"retries=0, no duplicate", "at-most-once", 0, faults(model.RequestLost, 1, model.ResponseLost, 1), all(plain, retries(0)), "", 0},
	{"retries=0, the failed send is lost", "at-least-once", model.CountAttempted, faults(model.RequestLost, 1), all(plain, retries(0)), "request-lost=1", 2},
	{"retries=0, a failed send is not accepted", "at-least-once", 0, faults(model.RequestLost, 1), all(plain, retries(0)), "", 0},
	{"acks=1, the answer is lost", "at-most-once", 0, faults(model.ResponseLost, 1), acks(model.AcksOne), "response-lost=1", 11},
	{"acks=all, the answer is lost", "at-most-once", 0, faults(model.ResponseLost, 1), plain, "response-lost=1", 11},
	{"acks=all, the answer is lost, in the log", "no-duplicate-in-log", 0, faults(model.ResponseLost, 1), plain, "response-lost=1", 8},

	// Idempotence: a repeat is recognised within a session.
	{"idempotence, one message", "no-duplicate-in-log", 0,
		faults(model.RequestLost, 1, model.ResponseLost, 1, model.LeaderMove, 1, model.BrokerCrash, 1), minISR(2), "", 0},
	{"idempotence, one in flight", "no-duplicate-in-log", 0, faults(model.ResponseLost, 1, model.LeaderMove, 1), all(minISR(2), inFlight(2, 1)), "", 0},
	{"idempotence, one in flight, order", "order", 0, faults(model.ResponseLost, 1, model.LeaderMove, 1), all(minISR(2), inFlight(2, 1)), "", 0},

	// The safe configuration.
	{"two crashes", "at-least-once", 0, faults(model.BrokerCrash, 2), minISR(2), "", 0},
	{"two crashes, 2.1", "at-least-once", 0, faults(model.BrokerCrash, 2), all(minISR(2), release(model.V2_1)), "", 0},
	{"two moves", "at-least-once", 0, faults(model.LeaderMove, 2), minISR(2), "", 0},
	{"two moves, 2.1", "at-least-once", 0, faults(model.LeaderMove, 2), all(minISR(2), release(model.V2_1)), "", 0},
	{"the set shrinks, two crashes", "at-least-once", 0, faults(model.ReplicaLag, 1, model.BrokerCrash, 2), minISR(2), "", 0},
	{"one power loss", "at-least-once", 0, faults(model.PowerLoss, 1), minISR(2), "", 0},

	// Unclean election, and too few copies.
	{"unclean election", "at-least-once", 0, faults(model.ReplicaLag, 1, model.BrokerCrash, 2),
		all(minISR(2), unclean), "broker-crash=2,replica-lag=1", 0},
	{"unclean election by default, 0.10", "at-least-once", 0, faults(model.ReplicaLag, 1, model.BrokerCrash, 2),
		all(minISR(2), release(model.V0_10), unclean), "broker-crash=2", 0},
	{"unclean election by default, the last member is gone, 0.10", "at-least-once", 0, faults(model.ReplicaLag, 1, model.BrokerCrash, 1),
		all(replicas(2), release(model.V0_10), unclean), "broker-crash=1,replica-lag=1", 0},
	{"clean election, the last member is gone, 0.10", "at-least-once", 0, faults(model.ReplicaLag, 1, model.BrokerCrash, 1),
		all(replicas(2), release(model.V0_10)), "", 0},
	{"one replica, disk loss", "at-least-once", 0, faults(model.DiskLoss, 1), replicas(1), "disk-loss=1", 4},
	{"one replica, power loss", "at-least-once", 0, faults(model.PowerLoss, 1), replicas(1), "power-loss=1", 0},
	{"an automatically created topic, disk loss", "at-least-once", 0, faults(model.DiskLoss, 1), replicas(1), "disk-loss=1", 4},

	// Page caches.
	{"total power loss", "at-least-once", 0, faults(model.TotalPowerLoss, 1), minISR(2), "total-power-loss=1", 0},
	{"total power loss, flush.messages=1", "at-least-once", 0, faults(model.TotalPowerLoss, 1), all(minISR(2), flush(1)), "", 0},
	{"acks=1, flush.messages=1, a crash", "at-least-once", 0, faults(model.BrokerCrash, 1), all(acks(model.AcksOne), flush(1)), "broker-crash=1", 8},
	{"acks=1, flush.messages=1, power", "at-least-once", 0, faults(model.PowerLoss, 1), all(acks(model.AcksOne), flush(1)), "power-loss=1", 8},
	{"copied from disk, power loss of the leader", "at-least-once", 0, faults(model.ReplicaLag, 2, model.PowerLoss, 1), all(minISR(2), fromDisk), "", 0},
	{"copied from the page cache, power loss of the leader", "at-least-once", 0, faults(model.ReplicaLag, 2, model.PowerLoss, 1), minISR(2),
		"power-loss=1,replica-lag=2", 0},
	{"copied from disk, leadership moved", "at-least-once", 0, faults(model.ReplicaLag, 2, model.PowerLoss, 1, model.LeaderMove, 1),
		all(minISR(2), fromDisk), "leader-move=1,power-loss=1,replica-lag=2", 0},
	{"copied from disk, total power loss", "at-least-once", 0, faults(model.TotalPowerLoss, 1), all(minISR(2), fromDisk), "total-power-loss=1", 0},

	// What the minimum does to writes.
	{"two replicas, nothing is lost", "at-least-once", 0, faults(model.BrokerCrash, 1), all(minISR(2), replicas(2)), "", 0},
	{"two replicas, writes go on in the end", "availability", 0, faults(model.BrokerCrash, 1), all(minISR(2), replicas(2), resend), "", 0},
	{"two replicas, no writes before the restart", "uninterrupted", 0, faults(model.BrokerCrash, 1), all(minISR(2), replicas(2), resend), "broker-crash=1", 3},
	{"retry after a timeout below min.insync.replicas", "at-most-once", 0, faults(model.ReplicaLag, 2), all(plain, minISR(2)), "replica-lag=2", 0},
	{"retry after NOT_ENOUGH_REPLICAS_AFTER_APPEND, 3.6", "at-most-once", 0, faults(model.ReplicaLag, 2), all(minISR(2), release(model.V3_6), plain), "replica-lag=2", 0},
	{"retry below min.insync.replicas, idempotence", "at-most-once", 0, faults(model.ReplicaLag, 2), minISR(2), "", 0},

	// The replication cores.
	{"truncation to the high watermark", "at-least-once", 0, faults(model.BrokerCrash, 2), all(minISR(2), release(model.V0_10)), "broker-crash=2", 0},
	{"KIP-101, unknown epoch", "committed-stays", 0, faults(model.LeaderMove, 3), all(minISR(2), replicas(2), release(model.V0_11), inFlight(2, 5)), "leader-move=3", 0},
	{"KIP-101, unknown epoch, loss", "at-least-once", 0, faults(model.LeaderMove, 3), all(minISR(2), replicas(2), release(model.V0_11), inFlight(2, 5)), "leader-move=3", 0},
	{"KIP-279, unknown epoch", "committed-stays", 0, faults(model.LeaderMove, 3), all(minISR(2), replicas(2), release(model.V2_0), inFlight(2, 5)), "", 0},
	{"KIP-279, no fencing", "committed-stays", 0, faults(model.LeaderMove, 3, model.ReplicaLag, 1), all(minISR(2), release(model.V2_0)), "leader-move=3", 14}, // b1 keeps b3's position
	{"KIP-320, fencing", "committed-stays", 0, faults(model.LeaderMove, 3, model.ReplicaLag, 1), all(minISR(2), release(model.V2_1)), "", 0},
	{"a leader leads on", "committed-stays", 0, faults(model.LeaderMove, 3), minISR(2), "leader-move=3", 16},
	{"a leader leads on, loss", "no-acked-loss", 0, faults(model.LeaderMove, 3), minISR(2), "leader-move=3", 20},
	{"two moves", "committed-stays", 0, faults(model.LeaderMove, 2), minISR(2), "", 0},
}

// TestKnown checks the rows. A counterexample that it prints has been replayed by the engine.
func TestKnown(t *testing.T) {
	for _, r := range knownRows {
		t.Run(r.id, func(t *testing.T) {
			t.Parallel()
			k := r.check(t)
			result, of, err := Search(context.Background(), k, Options{Options: r.options()})
			if err != nil {
				t.Fatal(err)
			}
			if result.Violation == nil {
				if r.violated != "" || !result.Complete {
					t.Errorf("%s holds (complete: %t); expected to be violated by %s", r.guarantee, result.Complete, r.violated)
				}
				return
			}
			v := result.Violation
			if got := asBudget(v.Faults).String(); got != r.violated || r.steps > 0 && v.Steps != r.steps {
				t.Errorf("%s is violated by %s in %d steps; expected %q in %d:\n%s", r.guarantee, got, v.Steps, r.violated, r.steps, steps(of, v))
			}
			t.Logf("%d states, %s in %d steps: %s", result.Stats.Distinct, asBudget(v.Faults), v.Steps, of.Reason(v.Property, v.Trace))
		})
	}
}

// check prepares the question of a row.
func (r *row) check(t testing.TB) *Check {
	t.Helper()
	k, err := invariants.Prepare(r.guarantee, r.config(), r.counted)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// config is the configuration of a row.
func (r *row) config() model.Config {
	c := known()
	c.Faults, c.Bounds = r.faults, model.Bounds{}
	if r.change != nil {
		r.change(&c)
	}
	c.B = model.BehavioursOf(&c)
	return c
}

// options explore with every reduction.
func (r *row) options() explore.Options[model.State] {
	return explore.Options[model.State]{Budget: budget(r.faults), MaxFaults: r.mostFaults(), Dominance: true}
}

// mostFaults is the bound on the faults of a run as the engine takes it.
func (r *row) mostFaults() int {
	c := r.config()
	return MaxFaults(&c)
}

// known is the configuration that the rows change: Kafka 4.1, three replicas, acks=all, idempotence, offsets committed
// after processing, one message, no eligible leader replicas.
func known() model.Config {
	c := model.DefaultConfig()
	c.Topic.ELR = false
	return c
}

// budget is a budget as the engine takes it.
func budget(b model.Budget) []int {
	all := make([]int, len(b))
	for i, n := range b {
		all[i] = int(n)
		if n == model.Any {
			all[i] = explore.Any
		}
	}
	return all
}

// asBudget is the inverse of budget.
func asBudget(n []int) (b model.Budget) {
	for i := range n {
		b[i] = uint8(n[i])
	}
	return b
}

// steps writes out a counterexample.
func steps(k *Check, v *explore.Violation[model.State]) string {
	var text strings.Builder
	pre := v.Trace.Initial
	for i, s := range v.Trace.Steps {
		fmt.Fprintf(&text, "%3d %+v\n", i+1, k.Model.Step(&pre, s.ID, &s.State))
		pre = s.State
	}
	return text.String()
}

// The changes that the rows are made of.

func faults(pairs ...any) (b model.Budget) {
	for i := 0; i < len(pairs); i += 2 {
		b[pairs[i].(model.FaultKind)] = uint8(pairs[i+1].(int))
	}
	return b
}

func all(changes ...func(c *model.Config)) func(c *model.Config) {
	return func(c *model.Config) {
		for _, change := range changes {
			change(c)
		}
	}
}

// plain is without idempotence.
func plain(c *model.Config) { c.Prod.Idempotent = false }

func acks(a model.Acks) func(c *model.Config) {
	return func(c *model.Config) { c.Prod.Acks, c.Prod.Idempotent = a, false }
}

func retries(n int) func(c *model.Config)  { return func(c *model.Config) { c.Prod.Retries = n } }
func minISR(n int) func(c *model.Config)   { return func(c *model.Config) { c.Topic.MinISR = n } }
func replicas(n int) func(c *model.Config) { return func(c *model.Config) { c.Topic.Replicas = n } }
func flush(n int) func(c *model.Config)    { return func(c *model.Config) { c.Topic.FlushMessages = n } }
func unclean(c *model.Config)              { c.Topic.UncleanElection = true }
func fromDisk(c *model.Config)             { c.ReplicateFromDisk = true }
func resend(c *model.Config)               { c.App.ResendOnError = true }

func inFlight(messages, n int) func(c *model.Config) {
	return func(c *model.Config) { c.Scope.Messages, c.Prod.MaxInFlight = messages, n }
}

// release is brokers and clients of a version with the defaults of the time, but for acks=all and unlimited retries.
func release(v model.Version) func(c *model.Config) {
	return func(c *model.Config) {
		c.Kafka, c.KRaft, c.Prod.Version, c.Cons.Version = v, v >= model.V3_6, v, v
		c.Prod.Idempotent, c.Txn.Version = v >= model.V3_0, 0
	}
}
