package counterfactual_test

import (
	"context"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/counterfactual"
	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/specs"
)

// request is the question of a built-in spec; of those of bench, which are large on purpose, with any two of its faults.
func request(name string) kafkaconf.Request {
	r := kafkaconf.Request{Files: []string{name}, ReadFile: specs.ReadFile}
	if !isBench(name) {
		return r
	}
	if resolved, err := kafkaconf.Load(r); err == nil {
		c := resolved.Config
		c.Bounds.Total = model.AtMost(2)
		r.Faults = c.BudgetText()
	}
	return r
}

// isBench says that a built-in spec is one of those that are large on purpose.
func isBench(name string) bool { return strings.HasPrefix(name, "specs/bench/") }

// small and large bound the searches of these tests, in states, large those with KCHECK_LONG: what takes more is passed over.
const small, large = 60_000, 400_000

// bound is the bound on the states of one search.
func bound() uint64 {
	if os.Getenv("KCHECK_LONG") != "" {
		return large
	}
	return small
}

// outcome checks a guarantee of a spec with one setting changed and a set of faults as the budget; all of it for nil. It is
// the plain search, without any economy of this package. decided is false where the bound was not enough.
func outcome(t *testing.T, name, guarantee, set string, faults map[string]int) (holds, violated, decided bool) {
	t.Helper()
	r := request(name)
	before, _ := kafkaconf.Load(r)
	if set != "" {
		r.Set = []string{set}
	}
	resolved, err := kafkaconf.Load(r)
	if err != nil || len(resolved.Refused) > 0 {
		return false, false, true
	}
	c := resolved.Config
	c.Faults, c.Bounds = before.Config.Faults, before.Config.Bounds
	if faults != nil {
		c.Faults, c.Bounds.Total = model.Budget{}, model.Unbounded
		for name, n := range faults {
			kind, _ := model.ParseFault(name)
			c.Faults[kind] = uint8(n)
		}
	}
	k, err := invariants.Prepare(guarantee, c, resolved.Counted)
	if err != nil {
		return false, false, true
	}
	o := explore.Options[model.State]{Budget: plan.Budget(&c), MaxFaults: plan.MaxFaults(&c), Dominance: true, MaxStates: bound()}
	found, _, err := plan.Search(context.Background(), k, plan.Options{Options: o})
	if err != nil {
		t.Fatal(err)
	}
	over := found.Stopped == explore.Exhausted
	return over && !slices.Contains(found.Witnesses, false), found.Violation != nil, over || found.Violation != nil || found.Stopped == explore.BoundReached
}

// flip is one change of one result of a spec.
type flip struct {
	spec   string
	result *verdict.Result
	change counterfactual.Change
	first  bool // of its result
}

// sampler draws flips of built-in specs whose own search is small, 200 of them or, with KCHECK_LONG, all, those of bench too.
type sampler struct {
	t                                 *testing.T
	rng                               *rand.Rand
	long                              bool
	flips, results, undecided, passed int // how many were drawn, of how many results, and how many of each were too large
}

// sample gives, of the results that are wanted, the changes that of lists. It prints its seed and how many they were.
func sample(t *testing.T, wanted verdict.Verdict, of func(*kafkaconf.Resolved) []counterfactual.Change, each func(*sampler, flip)) {
	t.Helper()
	names := specs.Names()
	seed := rand.Uint64()
	s := sampler{t: t, rng: rand.New(rand.NewPCG(seed, 0)), long: os.Getenv("KCHECK_LONG") != ""}
	t.Logf("seed %d", seed)
	s.rng.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	if s.long {
		names = append(specs.Lookup("specs/bench"), names...)
	}
	const most = 200
	for i, name := range names {
		if !s.long && s.flips >= most {
			break
		}
		s.spec(name, wanted, of, each)
		if s.long {
			t.Logf("%d specs of %d (last %s), %d flips, %d undecided, %d specs too large", i+1, len(names), name, s.flips, s.undecided, s.passed)
		}
	}
	t.Logf("%d flips of %d results, %d flips undecided within %d states; %d specs were too large themselves", s.flips, s.results, s.undecided, bound(), s.passed)
}

// spec gives the flips of one spec.
func (s *sampler) spec(name string, wanted verdict.Verdict, of func(*kafkaconf.Resolved) []counterfactual.Change, each func(*sampler, flip)) {
	resolved, err := kafkaconf.Load(request(name))
	if err != nil {
		s.t.Fatal(err)
	}
	if _, _, decided := outcome(s.t, name, resolved.Guarantees[0], "", nil); !decided {
		s.passed++
		return
	}
	report, err := verdict.CheckFiles(context.Background(), request(name), verdict.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	const mostOfSpec = 12
	for i := range report.Results {
		r := &report.Results[i]
		if r.Verdict != wanted {
			continue
		}
		s.results++
		list := of(resolved)
		s.rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		if !s.long && len(list) > mostOfSpec {
			list = list[:mostOfSpec]
		}
		for n, c := range list {
			s.flips++
			each(s, flip{name, r, c, n == 0})
		}
	}
}

// TestCauses asks of built-in specs that are violated: each cause re-checks as holding with exactly the faults of the
// counterexample, and no change of another setting does; the fix holds in the whole budget.
func TestCauses(t *testing.T) {
	t.Parallel()
	sample(t, verdict.Violated, counterfactual.Candidates, func(s *sampler, f flip) {
		r := f.result
		if f.first {
			causesHold(t, f.spec, r)
		}
		named := slices.ContainsFunc(r.Cause, func(c verdict.Cause) bool { return c.Key == f.change.Key })
		if named || slices.ContainsFunc(r.Notes, isOpen) {
			return
		}
		holds, _, decided := outcome(t, f.spec, r.Guarantee, f.change.Key+"="+f.change.To, r.Faults)
		if !decided {
			s.undecided++
		}
		if holds {
			t.Errorf("%s, %s: with %s=%s it holds, and that is no cause", f.spec, r.Guarantee, f.change.Key, f.change.To)
		}
	})
}

// causesHold checks again each cause of a result, and a fix of one setting.
func causesHold(t *testing.T, spec string, r *verdict.Result) {
	t.Helper()
	for _, c := range r.Cause {
		if holds, _, decided := outcome(t, spec, r.Guarantee, c.Key+"="+c.Instead, r.Faults); decided && !holds {
			t.Errorf("%s, %s: with %s=%s it does not hold", spec, r.Guarantee, c.Key, c.Instead)
		}
	}
	if r.Fix != nil && len(r.Fix.Changes) == 1 {
		c := r.Fix.Changes[0]
		if holds, _, decided := outcome(t, spec, r.Guarantee, c.Key+"="+c.To, nil); decided && !holds {
			t.Errorf("%s, %s: the fix %s=%s does not hold", spec, r.Guarantee, c.Key, c.To)
		}
	}
}

// TestRestsOn asks of built-in specs that hold: each assumption re-checks as violated with the faults that are named, and
// no flip of another one is violated within the budget.
func TestRestsOn(t *testing.T) {
	t.Parallel()
	sample(t, verdict.Holds, counterfactual.Flips, func(s *sampler, f flip) {
		r := f.result
		if f.first {
			for _, a := range r.RestsOn {
				if _, violated, decided := outcome(t, f.spec, r.Guarantee, a.Key+"="+a.Instead, a.Faults); decided && !violated {
					t.Errorf("%s, %s: with %s=%s it is not violated under %v", f.spec, r.Guarantee, a.Key, a.Instead, a.Faults)
				}
			}
		}
		named := slices.ContainsFunc(r.RestsOn, func(a verdict.Assumption) bool { return a.Key == f.change.Key })
		if named || slices.ContainsFunc(r.Notes, isOpen) {
			return
		}
		_, violated, decided := outcome(t, f.spec, r.Guarantee, f.change.Key+"="+f.change.To, nil)
		if !decided {
			s.undecided++
		}
		if violated {
			t.Errorf("%s, %s: with %s=%s it is violated, and that is not among what it rests on", f.spec, r.Guarantee, f.change.Key, f.change.To)
		}
	})
}

// isOpen says of a note that not every change was decided.
func isOpen(note string) bool { return note == verdict.CausesOpen || note == verdict.AssumptionsOpen }

// TestNamesTheCause asks five questions whose cause people have argued about, and one about what a verdict rests on.
func TestNamesTheCause(t *testing.T) {
	for _, c := range []struct {
		name, faults, guarantee string
		set                     []string
		cause, fix              string
	}{
		{"nobody hears of the error", "request-lost=1", "at-least-once", []string{"app.send=forget", "producer.acks=all"}, "app.send", "callback"},
		{"one replica", "power-loss=1", "no-acked-loss", []string{"topic.replication.factor=1", "producer.acks=all"}, "topic.replication.factor", "2"},
		{"the leader alone", "broker-crash=1", "at-least-once", []string{"producer.acks=1"}, "producer.acks", "all"},
		{"auto commit is not to blame", "consumer-crash=1", "at-most-once", []string{"consumer.enable.auto.commit=true", "app.effect=plain"}, "app.effect", "idempotent"},
		{"auto commit, any two faults", "standard", "at-most-once", []string{"consumer.enable.auto.commit=true", "consumer.auto.offset.reset=latest", "app.effect=plain"}, "app.effect", "idempotent"},
		{"nor is it when it is off", "consumer-crash=1", "at-most-once", []string{"consumer.enable.auto.commit=false", "app.effect=plain"}, "app.effect", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			report, err := verdict.CheckFiles(context.Background(), kafkaconf.Request{Set: c.set, Faults: c.faults, Messages: "1",
				Guarantees: []string{c.guarantee}}, verdict.Options{})
			if err != nil {
				t.Fatal(err)
			}
			r := report.Results[0]
			if !slices.ContainsFunc(r.Cause, func(cause verdict.Cause) bool { return cause.Key == c.cause }) {
				t.Errorf("the causes are %v, want %s among them", r.Cause, c.cause)
			}
			if c.name == "one replica" && (r.Fix == nil || r.Fix.InPlace == nil || r.Fix.InPlace.Changes[0].Key != "topic.flush.messages") {
				t.Errorf("on the one broker, the fix is %+v", r.Fix)
			}
			if c.fix != "" && (r.Fix == nil || r.Fix.Changes[0].Key != c.cause || r.Fix.Changes[0].To != c.fix) {
				t.Errorf("the fix is %+v, want %s=%s", r.Fix, c.cause, c.fix)
			}
		})
	}
}
