package verdict_test

import (
	"context"
	"maps"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants/repair"
	"github.com/kcheck/kcheck/invariants/resilience"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// What a search says that is cut short, at whatever moment, is true: it is compared with what the same search says that is
// not. And nothing is lost that the progress had shown. KCHECK_LONG=1 asks larger questions and cuts more often.

// cutQuestion asks four guarantees, of which some hold.
func cutQuestion() (request kafkaconf.Request, cuts int) {
	request = kafkaconf.Request{Messages: "1", Faults: "broker-crash=1,response-lost=1,consumer-crash=1,total=2",
		Set:        []string{"producer.acks=1", "producer.enable.idempotence=false", "topic.min.insync.replicas=2", "app.group=existing"},
		Guarantees: []string{"committed-stays", "at-least-once", "no-duplicate-in-log", "order"}}
	if os.Getenv("KCHECK_LONG") != "" {
		request.Messages, request.Faults = "2", "standard"
		return request, 40
	}
	return request, 10
}

// cutAll runs a search in full, and then cuts it at random moments: by a deadline and by cancelling it in turn.
func cutAll(t *testing.T, run func(ctx context.Context) error, check func()) {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	begin := time.Now()
	if err := run(context.Background()); err != nil {
		t.Fatal(err)
	}
	took := time.Since(begin)
	_, cuts := cutQuestion()
	for i := range cuts {
		after := time.Duration(rng.Int64N(int64(took)))
		ctx, cancel := context.WithTimeout(context.Background(), after)
		if i%2 == 0 {
			ctx, cancel = context.WithCancel(context.Background())
			time.AfterFunc(after, cancel)
		}
		err := run(ctx)
		cancel()
		if err != nil {
			t.Fatalf("cut after %s: %v", after, err)
		}
		if check(); t.Failed() {
			t.Fatalf("cut after %s of %s", after, took)
		}
	}
}

// shown is what the progress of a check has shown.
type shown struct {
	mu       sync.Mutex
	violated map[string]bool
	clear    map[string]int
}

// options notes what is shown.
func (s *shown) options(o verdict.Options) verdict.Options {
	s.violated, s.clear = map[string]bool{}, map[string]int{}
	note := func(r *verdict.Result) {
		s.violated[r.Guarantee] = s.violated[r.Guarantee] || r.Verdict == verdict.Violated
	}
	o.Found = note
	o.Early = func(q *verdict.Question, r *verdict.Result) {
		note(r)
		s.clear[q.Guarantee] = max(s.clear[q.Guarantee], r.UpTo()+1)
	}
	o.ProgressEvery = time.Millisecond
	o.Progress = func(q *verdict.Question, p explore.Progress) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.clear[q.Guarantee] = max(s.clear[q.Guarantee], p.Clear)
	}
	return o
}

// TestCutCheck cuts checks.
func TestCutCheck(t *testing.T) {
	t.Parallel()
	request, _ := cutQuestion()
	for name, o := range map[string]verdict.Options{"the first": {}, "all sets": {Exhaust: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var full, cut *verdict.Report
			var s shown
			cutAll(t, func(ctx context.Context) (err error) {
				if cut, err = verdict.CheckFiles(ctx, request, s.options(o)); full == nil {
					full = cut
				}
				return err
			}, func() {
				for i := range cut.Results {
					sameButLess(t, &cut.Results[i], &full.Results[i])
					nothingLost(t, &cut.Results[i], &s)
				}
			})
		})
	}
}

// nothingLost checks that a result has what the progress had shown of it.
func nothingLost(t *testing.T, cut *verdict.Result, s *shown) {
	t.Helper()
	switch g := cut.Guarantee; cut.Verdict {
	case verdict.Inconclusive:
		if s.violated[g] {
			t.Errorf("%s was said to be violated, and is open", g)
		}
		if cut.UpTo() < s.clear[g]-1 {
			t.Errorf("%s was said to hold up to %d faults, and holds up to %d", g, s.clear[g]-1, cut.UpTo())
		}
	case verdict.Violated:
		if size(cut.Faults) < s.clear[g] {
			t.Errorf("%s was said to hold up to %d faults, and is violated by %v", g, s.clear[g]-1, cut.Faults)
		}
	}
}

// sameButLess checks what a result that was cut short says by the full one.
func sameButLess(t *testing.T, cut, full *verdict.Result) {
	t.Helper()
	g := cut.Guarantee
	if cut.Verdict != full.Verdict && cut.Verdict != verdict.Inconclusive {
		t.Errorf("%s: %s, and in full %s", g, cut.Verdict, full.Verdict)
	}
	if e := cut.CompleteTo; e != nil && cut.Verdict == verdict.Inconclusive && full.Verdict == verdict.Violated {
		if n := size(full.Faults); n <= e.Faults || n == e.Faults+1 && len(full.Steps) <= e.Depth {
			t.Errorf("%s: complete up to %+v, and %v violates it in %d steps", g, *e, full.Faults, len(full.Steps))
		}
	}
	if cut.Verdict != verdict.Violated {
		return
	}
	traced := len(cut.Steps) > 0
	if cut.Minimal && (size(cut.Faults) != size(full.Faults) || traced && len(cut.Steps) != len(full.Steps)) {
		t.Errorf("%s: %v in %d steps is said to be minimal, and %v in %d steps is", g, cut.Faults, len(cut.Steps), full.Faults, len(full.Steps))
	}
	keys := func(r *verdict.Result) (list []string) {
		for _, c := range r.Cause {
			list = append(list, c.Key)
		}
		return list
	}
	for _, key := range keys(cut) {
		if maps.Equal(cut.Faults, full.Faults) && !slices.Contains(keys(full), key) {
			t.Errorf("%s: %s is a cause, and in full it is none", g, key)
		}
	}
	if cut.Cause != nil && len(cut.Cause) == 0 && len(full.Cause) > 0 && maps.Equal(cut.Faults, full.Faults) {
		t.Errorf("%s: no single change is said to help, and %v does", g, keys(full))
	}
	sets := append([]map[string]int{full.Faults}, full.AlsoBrokenBy...)
	for _, set := range cut.AlsoBrokenBy {
		if full.AllSets && !contains(sets, set) {
			t.Errorf("%s: %v is said to be a minimal set, and is not among %v", g, set, sets)
		}
	}
	if cut.AllSets && len(cut.AlsoBrokenBy) != len(full.AlsoBrokenBy) {
		t.Errorf("%s: all sets are said to be %v and %v, and in full %v", g, cut.Faults, cut.AlsoBrokenBy, sets)
	}
}

func size(faults map[string]int) (n int) {
	for _, c := range faults {
		n += c
	}
	return n
}

func contains(sets []map[string]int, set map[string]int) bool {
	return slices.ContainsFunc(sets, func(s map[string]int) bool { return maps.Equal(s, set) })
}

// TestCutResilience cuts searches for minimal sets of faults.
func TestCutResilience(t *testing.T) {
	t.Parallel()
	request, _ := cutQuestion()
	resolved, err := kafkaconf.Load(request)
	if err != nil {
		t.Fatal(err)
	}
	kinds := resolved.Config.Faults
	var full, cut []resilience.Result
	cutAll(t, func(ctx context.Context) (err error) {
		if cut, err = resilience.AnalyzeAll(ctx, verdict.Questions(resolved), resilience.Bound{UpTo: 2, Kinds: &kinds}, verdict.Options{}); full == nil {
			full = cut
		}
		return err
	}, func() {
		for i := range cut {
			setsHold(t, &cut[i], &full[i])
		}
	})
}

// setsHold checks what a search that was cut short says of sets of faults by the full one.
func setsHold(t *testing.T, cut, full *resilience.Result) {
	t.Helper()
	var sets []map[string]int
	for _, m := range full.Minimal {
		sets = append(sets, m.Faults)
	}
	known := 0
	for _, m := range cut.Minimal {
		if !contains(sets, m.Faults) {
			t.Errorf("%s: %v is said to be a minimal set, and is not among %v", cut.Guarantee, m.Faults, sets)
		}
		if size(m.Faults) <= cut.Decided {
			known++
		}
	}
	for _, set := range sets {
		if size(set) <= cut.Decided {
			known--
		}
		for _, survived := range cut.Survives {
			if within(set, survived) {
				t.Errorf("%s: %v is said to be survived, and %v violates it", cut.Guarantee, survived, set)
			}
		}
	}
	if known != 0 || cut.Complete && len(cut.Minimal) != len(full.Minimal) {
		t.Errorf("%s: sets of up to %d faults are said to be decided, and %d differ", cut.Guarantee, cut.Decided, known)
	}
}

// within says that one set of faults is part of another.
func within(set, of map[string]int) bool {
	for kind, n := range set {
		if n > of[kind] {
			return false
		}
	}
	return true
}

// TestCutRepair cuts searches for repairs: what is offered is offered by the full search, in its order, and that nothing
// helps is only said where it is so.
func TestCutRepair(t *testing.T) {
	t.Parallel()
	request, _ := cutQuestion()
	request.Guarantees, request.Faults = []string{"at-least-once"}, "broker-crash=1,response-lost=1"
	var full, cut *repair.Result
	cutAll(t, func(ctx context.Context) (err error) {
		if cut, _, err = repair.Search(ctx, request, repair.Options{}); full == nil {
			full = cut
		}
		return err
	}, func() {
		for i, r := range cut.Repairs {
			if i >= len(full.Repairs) || !reflect.DeepEqual(r.Changes, full.Repairs[i].Changes) {
				t.Errorf("%v is offered, and not by the full search", r.Changes)
			}
			for g, v := range r.Verdicts {
				if v != full.Repairs[i].Verdicts[g] && v != verdict.Inconclusive {
					t.Errorf("%v: %s %s, and in full %s", r.Changes, g, v, full.Repairs[i].Verdicts[g])
				}
			}
		}
		if cut.Complete && len(cut.Repairs) == 0 && len(full.Repairs) > 0 || (cut.Breaking != nil) && full.Breaking == nil {
			t.Error("nothing is said to help, and something does")
		}
	})
}
