package resilience

import (
	"context"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// questionOf is a question with one message about Kafka's defaults and some settings.
func questionOf(t testing.TB, guarantee string, set ...string) verdict.Question {
	t.Helper()
	resolved, err := kafkaconf.Load(kafkaconf.Request{Set: set, Messages: "1", Faults: "none", Guarantees: []string{guarantee}})
	problems := kafkaconf.ProblemsOf(resolved, err)
	if resolved == nil || problems.Failed() {
		t.Fatal(problems)
	}
	return verdict.Questions(resolved)[0]
}

func analyzed(t testing.TB, q verdict.Question, b Bound) Result {
	t.Helper()
	r, err := Analyze(context.Background(), q, b, verdict.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestEveryKindAlone compares what is said of every kind of fault with a check of its own.
func TestEveryKindAlone(t *testing.T) {
	t.Parallel()
	for _, g := range []string{"at-least-once", "at-most-once", "uninterrupted"} {
		q := questionOf(t, g, "producer.acks=1")
		r := analyzed(t, q, Bound{UpTo: 1})
		if !r.Complete || len(r.Kinds) != model.NumFaults {
			t.Fatalf("%s: %+v", g, r)
		}
		for i, k := range r.Kinds {
			q.Config.Faults = model.Budget{}
			q.Config.Faults[i] = 1
			want, err := verdict.Check(context.Background(), q, verdict.Options{})
			if err != nil || (want.Verdict == verdict.Violated) != (k.Tolerated == 0) {
				t.Errorf("%s: %+v, but a check says %s (%v)", g, k, want.Verdict, err)
			}
		}
	}
}

// TestSurvivors compares the maximal sets with their definition, for random minimal sets.
func TestSurvivors(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		budget := make([]int, model.NumFaults)
		for range 4 {
			budget[r.IntN(len(budget))] = 1 + r.IntN(2)
		}
		l := lattice{budget: budget, upTo: r.IntN(4)}
		all := [][]int{}
		for size := 0; size <= l.upTo; size++ {
			all = append(all, plan.SetsOf(budget, size)...)
		}
		if n := countSets(budget, l.upTo); n != len(all) {
			t.Fatalf("%d sets, counted %d", len(all), n)
		}
		for range r.IntN(4) {
			l.minimal = append(l.minimal, all[r.IntN(len(all))])
		}
		want := 0
		for i, a := range all {
			maximal := !l.violated(a)
			for j, b := range all {
				maximal = maximal && (i == j || !subset(a, b) || l.violated(b))
			}
			if maximal {
				want++
			}
		}
		if got := l.survivors(); len(got) != want {
			t.Fatalf("seed %d: %d maximal sets, want %d", seed, len(got), want)
		}
	}
}

// TestWorkers checks that any number of workers gives the same result, but for times and memory.
func TestWorkers(t *testing.T) {
	t.Parallel()
	questions := []verdict.Question{questionOf(t, "at-least-once", "producer.acks=1"), questionOf(t, "uninterrupted", "producer.acks=1"),
		questionOf(t, "at-most-once", "producer.acks=1")}
	var first []Result
	for workers := 1; workers <= 4; workers++ {
		results, err := AnalyzeAll(context.Background(), questions, Bound{UpTo: 2}, verdict.Options{Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		for i := range results {
			s := &results[i].Stats
			s.Seconds, s.Bytes, s.Workers = 0, 0, 0
		}
		if first == nil {
			first = results
		}
		if !reflect.DeepEqual(results, first) {
			t.Errorf("%d workers: %+v, one: %+v", workers, results, first)
		}
	}
}

// TestTogether checks that guarantees that share work get the results that they get alone.
func TestTogether(t *testing.T) {
	t.Parallel()
	var questions []verdict.Question
	for _, g := range []string{"at-least-once", "no-acked-loss", "at-most-once", "order", "uninterrupted", "availability"} {
		questions = append(questions, questionOf(t, g, "topic.min.insync.replicas=2", "topic.replication.factor=2"))
	}
	together, err := AnalyzeAll(context.Background(), questions, Bound{UpTo: 2}, verdict.Options{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	for i, q := range questions {
		alone := analyzed(t, q, Bound{UpTo: 2})
		if !reflect.DeepEqual(alone.Minimal, together[i].Minimal) || !reflect.DeepEqual(alone.Kinds, together[i].Kinds) {
			t.Errorf("%s: alone %v, together %v", q.Guarantee, alone.Minimal, together[i].Minimal)
		}
	}
}

// TestCutShort checks that a search that is cut short claims nothing that it did not decide.
func TestCutShort(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r, err := Analyze(ctx, questionOf(t, "at-least-once"), Bound{UpTo: 2}, verdict.Options{})
	if err != nil || r.Complete || r.Verdict != verdict.Inconclusive || len(r.Survives) > 0 || r.Reason == "" {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestRefused checks that what Kafka refuses is a result, and what is no bound an error.
func TestRefused(t *testing.T) {
	t.Parallel()
	q := questionOf(t, "at-least-once")
	if _, err := Analyze(context.Background(), q, Bound{UpTo: 8}, verdict.Options{}); err == nil {
		t.Error("8 faults are no error")
	}
	q.Refused = []string{"no"}
	if r := analyzed(t, q, Bound{UpTo: 1}); r.Verdict != verdict.Refused || r.Reason != "no" {
		t.Errorf("%+v", r)
	}
}

// TestWithoutFaults checks a configuration that breaks without any fault.
func TestWithoutFaults(t *testing.T) {
	t.Parallel()
	q := questionOf(t, "uninterrupted", "topic.min.insync.replicas=3", "topic.replication.factor=2")
	q.Config.B.EffectiveMinISR = false
	r := analyzed(t, q, Bound{UpTo: 2})
	if !r.Complete || len(r.Minimal) != 1 || len(r.Minimal[0].Faults) != 0 || len(r.Survives) != 0 {
		t.Errorf("%+v", r)
	}
}

// TestCompare checks what acks=all gains, and that the other way round it is lost.
func TestCompare(t *testing.T) {
	t.Parallel()
	bound := Bound{UpTo: 1}
	one := []Result{analyzed(t, questionOf(t, "at-least-once", "producer.acks=1"), bound)}
	all := []Result{analyzed(t, questionOf(t, "at-least-once", "producer.acks=all"), bound)}
	d := Compare(one, all)
	back := Compare(all, one)
	if len(d.Lost) != 0 || len(d.Gained) == 0 || !reflect.DeepEqual(d.Gained, back.Lost) || !d.Complete {
		t.Errorf("gained %v, lost %v", d.Gained, d.Lost)
	}
	found := false
	for _, c := range d.Gained {
		found = found || c.Faults["broker-crash"] == 1
	}
	if !found {
		t.Errorf("broker-crash is not among what acks=all gains: %v", d.Gained)
	}
	if same := Compare(one, one); len(same.Gained)+len(same.Lost)+len(same.Settings) != 0 {
		t.Errorf("a configuration differs from itself: %+v", same)
	}
}
