package verdict

import (
	"context"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// toy is a system with a counter that goes up to 3, a fault that breaks it, and an action that is never enabled.
type toy struct{}

type toyState struct{ Count, Broken uint64 }

// Initial implements explore.Model.
func (toy) Initial(dst []toyState) []toyState { return append(dst, toyState{}) }

// Transitions implements explore.Model.
func (toy) Transitions() []explore.Transition {
	return []explore.Transition{
		{Action: "Up"},
		{Action: "Breaks", Class: explore.Fault, Fault: int(model.BrokerCrash)},
		{Action: "Never"},
	}
}

// Successors implements explore.Model.
func (toy) Successors(s *toyState, out *explore.Out[toyState]) {
	if s.Count < 3 {
		out.Add(0).Count++
	}
	if s.Broken == 0 {
		out.Add(1).Broken = 1
	}
}

// toyTeller puts the toy into words.
type toyTeller struct{}

func (toyTeller) Reason(property string, _ explore.Trace[toyState]) string {
	return "it broke: " + property
}
func (toyTeller) Fates(*toyState) []string { return []string{"broken"} }

func (toyTeller) Step(pre *toyState, id explore.TransitionID, post *toyState) Step {
	step := Step{Actor: "toy", Text: []string{"counts", "breaks", "never"}[id], Changes: []Change{}}
	if pre.Count != post.Count {
		step.Changes = append(step.Changes, Change{What: "count", Before: "less", After: "more"})
	}
	return step
}

// searchToy answers a question about the toy.
func searchToy(t *testing.T, s subject[toyState], o Options) Result {
	t.Helper()
	s.model, s.teller = toy{}, toyTeller{}
	q := Question{Guarantee: "toy"}
	q.Config.Faults[model.BrokerCrash] = 1
	q.Config.Faults[model.LeaderMove] = 1
	res := empty()
	if err := s.search(context.Background(), &res, &q, o); err != nil {
		t.Fatal(err)
	}
	return res
}

func always(name string, holds func(*toyState) bool) []explore.Property[toyState] {
	return []explore.Property[toyState]{{Name: name, Invariant: holds}}
}

func reach(name string, f func(*toyState) bool) []explore.Witness[toyState] {
	return []explore.Witness[toyState]{{Name: name, Reached: f}}
}

// TestSearchViolated checks that a violation becomes steps in words, with the faults it used.
func TestSearchViolated(t *testing.T) {
	notBroken := func(s *toyState) bool { return s.Count < 2 || s.Broken == 0 }
	res := searchToy(t, subject[toyState]{properties: always("p", notBroken)}, Options{})
	if res.Verdict != Violated || res.Reason != "it broke: p" || !res.Minimal || !res.Stats.Complete {
		t.Fatalf("got %+v", res)
	}
	if len(res.Steps) != 3 || res.Faults["broker-crash"] != 1 || len(res.Faults) != 1 {
		t.Fatalf("steps %v, faults %v", res.Steps, res.Faults)
	}
	faults := 0
	for i, s := range res.Steps {
		if s.N != i+1 || s.Actor != "toy" {
			t.Errorf("step %d is %+v", i+1, s)
		}
		if s.Fault {
			faults++
		}
	}
	if faults != 1 || res.Fates[0] != "broken" {
		t.Errorf("%d steps are faults, fates %v", faults, res.Fates)
	}
}

// TestSearchHolds checks that what never fired is a note, and only in a space that was exhausted.
func TestSearchHolds(t *testing.T) {
	fine := func(*toyState) bool { return true }
	res := searchToy(t, subject[toyState]{properties: always("p", fine)}, Options{Coverage: true})
	if res.Verdict != Holds || !res.Stats.Complete || !res.Stats.Exhausted || res.Stats.Distinct != 8 {
		t.Fatalf("got %+v", res)
	}
	notes := strings.Join(res.Notes, "\n")
	if !strings.Contains(notes, "leader-move") || !strings.Contains(notes, "Never") ||
		strings.Contains(notes, "broker-crash") {
		t.Errorf("notes: %s", notes)
	}
	if res.Coverage["Up"] == 0 || res.Coverage["Never"] != 0 {
		t.Errorf("coverage: %v", res.Coverage)
	}
}

// TestSearchVacuous checks that a guarantee which was never put to the test does not hold.
func TestSearchVacuous(t *testing.T) {
	fine := func(*toyState) bool { return true }
	wits := append(reach("three", func(s *toyState) bool { return s.Count == 3 }),
		reach("the count is four", func(s *toyState) bool { return s.Count == 4 })...)
	res := searchToy(t, subject[toyState]{properties: always("p", fine), witnesses: wits}, Options{})
	if res.Verdict != Vacuous || !strings.Contains(res.Reason, "the count is four") {
		t.Errorf("got %s: %s", res.Verdict, res.Reason)
	}
	broken := func(s *toyState) bool { return s.Broken == 0 }
	res = searchToy(t, subject[toyState]{properties: always("p", broken), witnesses: wits}, Options{})
	if res.Verdict != Violated {
		t.Errorf("a violation without the witness is %s", res.Verdict)
	}
}

// TestSearchInconclusive checks that a bound, a random search and a cut never say that a guarantee holds.
func TestSearchInconclusive(t *testing.T) {
	fine := func(*toyState) bool { return true }
	bounded := subject[toyState]{properties: always("p", fine), bound: func(s *toyState) bool { return s.Count == 2 }}
	if res := searchToy(t, bounded, Options{}); res.Verdict != Inconclusive || res.Stats.Complete {
		t.Errorf("with a bound: %+v", res)
	}
	plain := subject[toyState]{properties: always("p", fine)}
	if res := searchToy(t, plain, Options{Strategy: explore.Simulate}); res.Verdict != Inconclusive {
		t.Errorf("simulated: %s", res.Verdict)
	}
}

// TestCheckAfterTheEnd checks that a question that is asked after Ctrl-C or the time limit is inconclusive at once.
func TestCheckAfterTheEnd(t *testing.T) {
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
	s := subject[toyState]{model: toy{}, teller: toyTeller{}}
	v := explore.Violation[toyState]{Property: "p", Trace: explore.Trace[toyState]{
		Steps: []explore.TraceStep[toyState]{{ID: 0, State: toyState{Count: 2}}},
	}}
	res := empty()
	if err := s.tell(&res, &v); err == nil || len(res.Steps) != 0 {
		t.Errorf("a trace that cannot be replayed: error %v, %d steps", err, len(res.Steps))
	}
}
