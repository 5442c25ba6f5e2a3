package repair

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/invariants/risk"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/specs"
)

// violated are bundled specs that a person would want repaired. Those in small are looked at by every run of the tests,
// the others with KCHECK_LONG=1.
var small = []string{
	"seed/acks-1-leader-crash", "seed/acks-0-request-lost-4.1", "seed/acks-all-answer-lost-4.1", "seed/commit-first-exception-4.1",
	"seed/process-first-crash-4.1", "seed/flush-by-the-system-only-4.1", "seed/acks-0-send-refused-4.1",
	"known/unclean-election-stale-replica", "known/commit-off-by-one-crash", "transactions/on-abort-continue-transaction-timeout",
}

var large = []string{
	"seed/acks-0-leader-crash-4.1", "seed/acks-0-leader-move-4.1", "seed/acks-1-leader-crash-0.8", "seed/acks-0-leader-crash-0.8",
	"seed/acks-1-answer-lost-4.1", "seed/commit-first-crash-4.1", "seed/auto-commit-default-4.1", "seed/queue-full-dropped-4.1",
	"seed/semantics-one-end-is-not-enough-4.1", "known/acks-1-ignores-min-isr", "known/acks-1-new-leader-lacks-record",
	"known/no-retries-failed-send-lost", "known/buffer-full-send-fails", "reports/librdkafka-1487", "reports/kcat-38",
	"reports/helm-charts-11633", "reports/spring-kafka-497", "reports/spring-kafka-436", "questions/min-isr-2-and-still-loss",
	"questions/unclean-election-switched-on", "questions/retries-reorder", "questions/commit-before",
	"questions/rolling-restart-acks-1", "questions/producer-default-kafka-go", "transactions/delay-tv1",
	"transactions/read-uncommitted-producer-crash", "transactions/offsets-auto-consumer-crash",
}

func requestOf(name string) kafkaconf.Request {
	return kafkaconf.Request{Files: []string{"specs/" + name + ".yaml"}, ReadFile: specs.ReadFile}
}

// TestRepairs checks for every spec of the list: there is a repair, each repair holds by a check of its own, no proper
// subset of it does, and an enumeration that checks every set in full, without dismissing any by a known
// counterexample, finds the same cheapest one.
func TestRepairs(t *testing.T) {
	names := small
	if os.Getenv("KCHECK_LONG") != "" {
		names = slices.Concat(small, large)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			request := requestOf(name)
			r, problems, err := Search(context.Background(), request, Options{MaxChanges: 2, Alternatives: 2})
			if err != nil || problems.Failed() {
				t.Fatal(err, problems)
			}
			if !r.Complete || len(r.Repairs) == 0 {
				t.Fatalf("complete: %t, %d repairs", r.Complete, len(r.Repairs))
			}
			for i := range r.Repairs {
				verify(t, request, &r.Repairs[i])
			}
			byForce(t, request, r.Repairs[0])
		})
	}
}

// holds checks every guarantee with changes made, without anything that Search knows.
func holds(t *testing.T, request kafkaconf.Request, changes []Change) bool {
	t.Helper()
	resolved, err := kafkaconf.Load(with(request, changes))
	problems := kafkaconf.ProblemsOf(resolved, err)
	if resolved == nil || problems.Failed() {
		return false
	}
	for _, q := range verdict.Questions(resolved) {
		r, err := verdict.Check(context.Background(), q, verdict.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if r.Verdict != verdict.Holds {
			return false
		}
	}
	return true
}

// verify checks that a repair holds and that every one of its changes is needed.
func verify(t *testing.T, request kafkaconf.Request, r *Repair) {
	t.Helper()
	if !holds(t, request, r.Changes) {
		t.Errorf("%v does not hold", r.Changes)
	}
	for i := range r.Changes {
		if fewer := slices.Delete(slices.Clone(r.Changes), i, i+1); holds(t, request, fewer) {
			t.Errorf("%v holds without %v", r.Changes, r.Changes[i])
		}
	}
	after, _ := kafkaconf.Load(request)
	if _, _, verified := patch(request, after, r.Changes); !verified {
		t.Errorf("the patched files do not come to the changes %v", r.Changes)
	}
}

// byForce enumerates all sets of changes in the order of their cost, each with a check in full, and compares the first
// that holds.
func byForce(t *testing.T, request kafkaconf.Request, want Repair) {
	t.Helper()
	resolved, _ := kafkaconf.Load(request)
	s := newSearch(context.Background(), request, resolved, Options{})
	known := map[identity]bool{}
	for size := 0; size <= len(want.Changes); size++ {
		for _, set := range s.setsOf(size) {
			after, err := kafkaconf.Load(with(request, set))
			problems := kafkaconf.ProblemsOf(after, err)
			if after == nil || problems.Failed() || len(after.Refused) > 0 {
				continue
			}
			id := identity{after.Config, after.Counted}
			ok, found := known[id]
			if !found {
				ok = holds(t, request, set)
				known[id] = ok
			}
			if !ok {
				continue
			}
			if len(set) != len(want.Changes) || cost(set) != want.Cost {
				t.Errorf("enumeration finds %v of cost %d first, the search %v of cost %d", set, cost(set), want.Changes, want.Cost)
			}
			return
		}
	}
	t.Errorf("enumeration finds nothing, the search %v", want.Changes)
}

// TestBreaking checks that where nothing helps the set of faults shown violates the guarantee, that no change of the
// lattice helps against it, and that something helps against every smaller one.
func TestBreaking(t *testing.T) {
	t.Parallel()
	request := kafkaconf.Request{Set: []string{"producer.acks=1"}, Guarantees: []string{"at-least-once"}, Messages: "1",
		Faults: "broker-crash=1,retention=1"}
	r, _, err := Search(context.Background(), request, Options{MaxChanges: 2})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Repairs) > 0 || !r.Complete || r.Breaking == nil {
		t.Fatalf("%+v", r)
	}
	if r.Breaking.Faults["retention"] != 1 || len(r.Breaking.Faults) != 1 || len(r.Breaking.Steps) == 0 {
		t.Errorf("the smallest breaking set is %v", r.Breaking.Faults)
	}
}

// TestBreakingTogether checks faults of which something helps against each, and no single change against both: acks=all
// against the crash of the leader, an idempotent effect against that of the consumer.
func TestBreakingTogether(t *testing.T) {
	t.Parallel()
	request := kafkaconf.Request{Set: []string{"producer.acks=1", "app.effect=plain"}, Guarantees: []string{"at-least-once", "at-most-once"},
		Messages: "1", Faults: "broker-crash=1,consumer-crash=1,leader-move=1"}
	r, _, err := Search(context.Background(), request, Options{MaxChanges: 1})
	if err != nil || len(r.Repairs) > 0 || r.Breaking == nil {
		t.Fatalf("%+v, %v", r, err)
	}
	if r.Breaking.Set["consumer-crash"] != 1 || len(r.Breaking.Set) != 2 || len(r.Breaking.Faults) != 1 {
		t.Errorf("%v, shown with %v", r.Breaking.Set, r.Breaking.Faults)
	}
	both := kafkaconf.Request{Set: request.Set, Guarantees: request.Guarantees, Messages: "1", Faults: request.Faults}
	if r, _, err := Search(context.Background(), both, Options{MaxChanges: 2}); err != nil || len(r.Repairs) == 0 {
		t.Errorf("two changes do not help: %+v, %v", r, err)
	}
}

// TestRisk asks what repairs of one broker leave. Where a power loss is all that happens, the broker that writes to disk before it
// answers loses nothing that is acknowledged, and it comes first by risk and last by cost.
func TestRisk(t *testing.T) {
	t.Parallel()
	request := kafkaconf.Request{Set: []string{"broker.default.replication.factor=1", "topic.replication.factor=1", "topic.min.insync.replicas=1"},
		Guarantees: []string{"no-acked-loss"}, Messages: "1", Faults: "power-loss=1"}
	r, _, err := Search(context.Background(), request, Options{MaxChanges: 1})
	if err != nil || len(r.Repairs) != 3 {
		t.Fatalf("%+v, %v", r, err)
	}
	rates, problems := risk.Read("r.yaml", []byte("defaults: none\nfaults: {power-loss: 500/year, total-power-loss: 10/year}\n"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if err := r.AddRisk(context.Background(), request, rates, risk.Options{}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(r.Weighed(), []string{"no-acked-loss", "at-least-once"}) {
		t.Errorf("weighed are %v", r.Weighed())
	}
	high := func(w *risk.Weight) float64 { return w.Risks["no-acked-loss"].High }
	if last := &r.Repairs[2]; last.Changes[0].Key != "topic.flush.messages" || high(last.Leaves) != 0 || high(r.Has) == 0 {
		t.Errorf("as it is %+v, last by cost %+v leaves %+v", r.Has, last.Changes, last.Leaves)
	}
	r.RankByRisk()
	if r.Repairs[0].Changes[0].Key != "topic.flush.messages" {
		t.Errorf("first by risk is %+v", r.Repairs[0].Changes)
	}
	for i := range r.Repairs[1:] {
		if risk.Less(high(r.Repairs[i+1].Leaves), high(r.Repairs[i].Leaves)) {
			t.Errorf("%d leaves more than %d", i+1, i+2)
		}
	}
}

// TestNothingToRepair checks that a configuration that holds is left alone.
func TestNothingToRepair(t *testing.T) {
	t.Parallel()
	request := kafkaconf.Request{Guarantees: []string{"at-least-once"}, Messages: "1", Faults: "broker-crash=1"}
	r, _, err := Search(context.Background(), request, Options{})
	if err != nil || len(r.Repairs) > 0 || !r.Complete || r.Verdicts["at-least-once"] != verdict.Holds {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestLoadBearing checks that every flip breaks what it says, and that acks is load-bearing.
func TestLoadBearing(t *testing.T) {
	t.Parallel()
	request := kafkaconf.Request{Set: []string{"topic.min.insync.replicas=2"}, Guarantees: []string{"at-least-once"},
		Messages: "1", Faults: "broker-crash=1,replica-lag=2"}
	b, _, err := LoadBearing(context.Background(), request, Options{})
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for _, f := range b.Flips {
		keys[f.Key+"="+f.To] = true
		if holds(t, request, []Change{{Key: f.Key, To: f.To}}) {
			t.Errorf("%s=%s breaks nothing", f.Key, f.To)
		}
		if f.Verdict == verdict.Violated && len(f.Steps) == 0 {
			t.Errorf("%s=%s has no trace", f.Key, f.To)
		}
	}
	if !keys["producer.acks=1"] || !keys["app.send=forget"] || slices.Contains(b.Idle, "producer.acks") {
		t.Errorf("load-bearing are %v, not %v", keys, b.Idle)
	}
}

// TestCosts checks that costs.md, which is published, is what kcheck repair --costs prints.
func TestCosts(t *testing.T) {
	t.Parallel()
	var table strings.Builder
	if err := WriteCosts(&table); err != nil {
		t.Fatal(err)
	}
	published, err := os.ReadFile("costs.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(published) != table.String() {
		t.Error("costs.md is out of date; run: go run ./cmd/kcheck repair --costs > invariants/repair/costs.md")
	}
}
