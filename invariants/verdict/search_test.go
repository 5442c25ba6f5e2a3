package verdict

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/model"
)

// question asks whether acknowledged messages are lost, with acks=1 and one message on two brokers, within a budget.
func question(budget model.Budget, change ...func(c *model.Config)) Question {
	c := model.DefaultConfig()
	c.Prod.Acks, c.Topic.Replicas, c.Faults = model.AcksOne, 2, budget
	for _, f := range change {
		f(&c)
	}
	c.B = model.BehavioursOf(&c)
	return Question{Config: c, Guarantee: "no-acked-loss"}
}

// answered is the answer to a question.
func answered(t *testing.T, q Question, o Options) Result {
	t.Helper()
	res := empty()
	if err := answer(context.Background(), &res, &q, o); err != nil {
		t.Fatal(err)
	}
	return res
}

// TestSearchViolated checks that a violation becomes steps in words, with the faults it used.
func TestSearchViolated(t *testing.T) {
	t.Parallel()
	res := answered(t, question(model.Budget{model.BrokerCrash: 1, model.LeaderMove: 1}), Options{})
	if res.Verdict != Violated || res.Reason == "" || !res.Minimal || !res.Stats.Complete || len(res.Fates) != 1 {
		t.Fatalf("got %+v", res)
	}
	used, faults := 0, 0
	for _, n := range res.Faults {
		used += n
	}
	for i, s := range res.Steps {
		if s.N != i+1 || s.Actor == "" || s.Text == "" {
			t.Errorf("step %d is %+v", i+1, s)
		}
		if s.Fault {
			faults++
		}
	}
	if used != 1 || faults != 1 {
		t.Errorf("%d faults are named, %d steps are faults, want one", used, faults)
	}
}

// TestSearchHolds checks that what never fired is a note, and only in a space that was exhausted.
func TestSearchHolds(t *testing.T) {
	t.Parallel()
	q := question(model.Budget{model.ConsumerCrash: 1, model.TransactionTimeout: 1})
	res := answered(t, q, Options{Coverage: true})
	if res.Verdict != Holds || !res.Stats.Complete || !res.Stats.Exhausted {
		t.Fatalf("got %+v", res)
	}
	notes := strings.Join(res.Notes, "\n")
	if !strings.Contains(notes, "transaction-timeout") || !strings.Contains(notes, "ControllerElectsLeader") ||
		strings.Contains(notes, "consumer-crash") {
		t.Errorf("notes: %s", notes)
	}
	if res.Coverage["LeaderAppends"] == 0 || res.Coverage["ControllerElectsLeader"] != 0 {
		t.Errorf("coverage: %v", res.Coverage)
	}
}

// TestSearchVacuous checks that a guarantee which was never put to the test does not hold: before 3.7 a minimum above
// the number of replicas refuses every write with acks=all.
func TestSearchVacuous(t *testing.T) {
	t.Parallel()
	q := question(model.Budget{}, func(c *model.Config) {
		c.Kafka, c.Prod.Version, c.Cons.Version = model.V3_6, model.V3_6, model.V3_6
		c.Prod.Acks, c.Topic.MinISR, c.Topic.ELR = model.AcksAll, 3, false
	})
	res := answered(t, q, Options{})
	if res.Verdict != Vacuous || !strings.Contains(res.Reason, "a message counts as acked") {
		t.Errorf("got %s: %s", res.Verdict, res.Reason)
	}
}

// TestSimulatedNeverHolds checks that random runs never say that a guarantee holds.
func TestSimulatedNeverHolds(t *testing.T) {
	t.Parallel()
	res := answered(t, question(model.Budget{}), Options{Strategy: explore.Simulate})
	if res.Verdict != Inconclusive {
		t.Errorf("simulated: %s", res.Verdict)
	}
}

// TestDecide gives the verdict for each way in which a search can end.
func TestDecide(t *testing.T) {
	check := &invariants.Check{Witnesses: []explore.Witness[model.State]{{Name: "a"}, {Name: "b"}}}
	both, one := []bool{true, true}, []bool{true, false}
	found := &explore.Violation[model.State]{}
	for _, c := range []struct {
		name    string
		result  explore.Result[model.State]
		verdict Verdict
		reason  string
		cut     bool
	}{
		{"all explored", explore.Result[model.State]{Complete: true, Witnesses: both}, Holds, "", false},
		{"a witness missing", explore.Result[model.State]{Complete: true, Witnesses: one}, Vacuous, "in which b", false},
		{"violated", explore.Result[model.State]{Complete: true, Stopped: explore.Violated, Violation: found}, Violated, "", false},
		{"violated without the witness", explore.Result[model.State]{Complete: true, Violation: found, Witnesses: one}, Violated, "", false},
		{"violated before the end", explore.Result[model.State]{Stopped: explore.Deadline, Violation: found}, Violated, "", true},
		{"a bound of the model", explore.Result[model.State]{Stopped: explore.BoundReached, Witnesses: both}, Inconclusive, "more than the model holds", true},
		{"no time", explore.Result[model.State]{Stopped: explore.Deadline, Witnesses: both}, Inconclusive, "time limit", true},
		{"no memory", explore.Result[model.State]{Stopped: explore.OutOfMemory, Witnesses: one}, Inconclusive, "memory limit", true},
		{"random runs", explore.Result[model.State]{Stopped: explore.WalksDone, Witnesses: both}, Inconclusive, "random", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var res Result
			(&subject{check}).decide(&res, &c.result)
			if res.Verdict != c.verdict || !strings.Contains(res.Reason, c.reason) || (res.CompleteTo != nil) != c.cut {
				t.Errorf("got %s: %q, complete to %v", res.Verdict, res.Reason, res.CompleteTo)
			}
		})
	}
}

// TestCheckAfterTheEnd checks that a question that is asked after Ctrl-C or the time limit is inconclusive at once.
func TestCheckAfterTheEnd(t *testing.T) {
	t.Parallel()
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	late, stop := context.WithTimeout(context.Background(), 0)
	defer stop()
	for word, ctx := range map[string]context.Context{"interrupted": cancelled, "time limit": late} {
		res, err := Check(ctx, Question{Guarantee: "order"}, Options{})
		if err != nil || res.Verdict != Inconclusive || !strings.Contains(res.Reason, word) {
			t.Errorf("%s: %s: %s (%v)", word, res.Verdict, res.Reason, err)
		}
	}
}

// TestTellReplays checks that a trace which the model cannot take is an error and no counterexample.
func TestTellReplays(t *testing.T) {
	t.Parallel()
	q := question(model.Budget{})
	check, err := invariants.Prepare(q.Guarantee, q.Config, q.Counted)
	if err != nil {
		t.Fatal(err)
	}
	initial := check.Model.Initial(nil)[0]
	v := explore.Violation[model.State]{Property: "lost", Trace: explore.Trace[model.State]{
		Initial: initial, Steps: []explore.TraceStep[model.State]{{ID: 0, State: initial}},
	}}
	res := empty()
	if err := (&subject{check}).tell(&res, &v); err == nil || len(res.Steps) != 0 {
		t.Errorf("a trace that cannot be replayed: error %v, %d steps", err, len(res.Steps))
	}
}

// TestOtherFaults checks that of the sets of several properties only the minimal ones are listed.
func TestOtherFaults(t *testing.T) {
	set := func(crash, lag int) []int {
		faults := make([]int, model.NumFaults)
		faults[model.BrokerCrash], faults[model.ReplicaLag] = crash, lag
		return faults
	}
	violated := func(faults []int) *explore.Violation[model.State] {
		return &explore.Violation[model.State]{Faults: faults}
	}
	r := &explore.Result[model.State]{Violations: []*explore.Violation[model.State]{
		violated(set(1, 1)), violated(set(2, 0)), violated(set(1, 1)), violated(set(2, 1)), violated(set(1, 3)), violated(set(0, 4))}}
	r.Violation = r.Violations[0]
	want := []map[string]int{{"broker-crash": 2}, {"replica-lag": 4}}
	if diff := cmp.Diff(want, otherFaults(r)); diff != "" {
		t.Error(diff)
	}
}
