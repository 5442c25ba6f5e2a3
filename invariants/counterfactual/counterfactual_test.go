package counterfactual_test

import (
	"context"
	"math/rand/v2"
	"os"
	"slices"
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

// request is the question of a built-in spec.
func request(name string) kafkaconf.Request {
	return kafkaconf.Request{Files: []string{name}, ReadFile: specs.ReadFile}
}

// holds checks a guarantee with one setting changed and a set of faults as the budget; all of it for nil. It is the plain
// search, without any economy of this package.
func holds(t *testing.T, r kafkaconf.Request, guarantee, set string, faults map[string]int) bool {
	t.Helper()
	r.Set = append(slices.Clone(r.Set), set)
	resolved, err := kafkaconf.Load(r)
	if err != nil || len(resolved.Refused) > 0 {
		return false
	}
	before, _ := kafkaconf.Load(request(r.Files[0]))
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
		return false
	}
	o := explore.Options[model.State]{Budget: plan.Budget(&c), MaxFaults: plan.MaxFaults(&c), Dominance: true}
	found, _, err := plan.Search(context.Background(), k, plan.Options{Options: o})
	if err != nil {
		t.Fatal(err)
	}
	return found.Stopped == explore.Exhausted && !slices.Contains(found.Witnesses, false)
}

// sample draws built-in specs with small searches: 12, or with KCHECK_LONG all. It prints its seed.
func sample(t *testing.T) []string {
	t.Helper()
	names := slices.DeleteFunc(specs.Names(), func(n string) bool { return len(n) > 12 && n[:12] == "specs/bench/" })
	if os.Getenv("KCHECK_LONG") != "" {
		return names
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	rng.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	return names[:12]
}

// TestCauses asks of built-in specs that are violated: each cause re-checks as holding with exactly the faults of the
// counterexample, and no change of another setting does; the headline names no setting outside the causes; the fix holds
// in the whole budget.
func TestCauses(t *testing.T) {
	for _, name := range sample(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report, err := verdict.CheckFiles(context.Background(), request(name), verdict.Options{})
			if err != nil {
				t.Fatal(err)
			}
			resolved, _ := kafkaconf.Load(request(name))
			for i := range report.Results {
				if r := &report.Results[i]; r.Verdict == verdict.Violated {
					checkCauses(t, name, resolved, r)
				}
			}
		})
	}
}

// checkCauses checks the causes of one violation.
func checkCauses(t *testing.T, name string, resolved *kafkaconf.Resolved, r *verdict.Result) {
	t.Helper()
	causes := map[string]bool{}
	for _, c := range r.Cause {
		causes[c.Key] = true
		if !holds(t, request(name), r.Guarantee, c.Key+"="+c.Instead, r.Faults) {
			t.Errorf("%s: with %s=%s it does not hold", r.Guarantee, c.Key, c.Instead)
		}
	}
	for _, c := range counterfactual.Candidates(resolved) {
		if !causes[c.Key] && holds(t, request(name), r.Guarantee, c.Key+"="+c.To, r.Faults) {
			t.Errorf("%s: with %s=%s it holds, and that is no cause", r.Guarantee, c.Key, c.To)
		}
	}
	if r.Fix != nil {
		c := r.Fix.Changes[0]
		if !causes[c.Key] || !holds(t, request(name), r.Guarantee, c.Key+"="+c.To, nil) {
			t.Errorf("%s: the fix %s=%s does not hold", r.Guarantee, c.Key, c.To)
		}
	}
}

// TestRestsOn asks of built-in specs that hold: each assumption re-checks as violated with the faults that are named.
func TestRestsOn(t *testing.T) {
	for _, name := range sample(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report, err := verdict.CheckFiles(context.Background(), request(name), verdict.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range report.Results {
				for _, a := range r.RestsOn {
					if holds(t, request(name), r.Guarantee, a.Key+"="+a.Instead, a.Faults) {
						t.Errorf("%s: with %s=%s it holds under %v", r.Guarantee, a.Key, a.Instead, a.Faults)
					}
				}
			}
		})
	}
}

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
		{"auto commit is not to blame", "consumer-crash=1", "at-most-once", []string{"consumer.enable.auto.commit=true"}, "app.effect", "idempotent"},
		{"nor is it when it is off", "consumer-crash=1", "at-most-once", []string{"consumer.enable.auto.commit=false"}, "app.effect", ""},
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
			if c.fix != "" && (r.Fix == nil || r.Fix.Changes[0].Key != c.cause || r.Fix.Changes[0].To != c.fix) {
				t.Errorf("the fix is %+v, want %s=%s", r.Fix, c.cause, c.fix)
			}
		})
	}
}
