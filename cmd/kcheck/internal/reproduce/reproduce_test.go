package reproduce

import (
	"errors"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/jvm"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// kafkaHome is the distribution that the tests may use. Without one, or without Java, they are skipped with the line that
// the command would print.
func kafkaHome(t *testing.T) *jvm.Home {
	t.Helper()
	home, err := jvm.OpenHome(os.Getenv("KCHECK_KAFKA_HOME"))
	if errors.Is(err, jvm.ErrMissing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return home
}

// counterexamples are those of a spec of the collection, asked about a line of Kafka; "" for the spec's own.
func counterexamples(t *testing.T, spec, kafka string) []verdict.Result {
	t.Helper()
	report, _ := verdict.CheckFiles(t.Context(), kafkaconf.Request{Files: []string{"../../../../specs/" + spec}, Kafka: kafka}, verdict.Options{})
	var found []verdict.Result
	for _, r := range report.Results {
		if r.Verdict == verdict.Violated {
			found = append(found, r)
		}
	}
	if len(found) == 0 {
		t.Fatalf("%s: no counterexample; %v", spec, report.Problems)
	}
	return found
}

// selection is what is played on a distribution: a lost message, a doubled one, and a transaction with its offset outside, or
// with Kafka 0.8 what its queue drops.
func selection(home *jvm.Home) []string {
	if home.HasScalaClients() {
		return []string{"seed/acks-1-leader-crash-0.8.yaml", "seed/acks-all-answer-lost-0.8.yaml", "seed/queue-full-dropped-0.8.yaml"}
	}
	return []string{"known/acks-1-new-leader-lacks-record.yaml", "known/acks-all-retry-duplicates.yaml",
		"transactions/offsets-after-transaction-consumer-crash.yaml"}
}

// TestCounterexamplesHappenOnACluster plays a small selection.
func TestCounterexamplesHappenOnACluster(t *testing.T) {
	home := kafkaHome(t)
	t.Setenv("TMPDIR", t.TempDir())
	var results []verdict.Result
	for _, spec := range selection(home) {
		results = append(results, counterexamples(t, spec, home.Line())...)
	}
	err := Batch(t.Context(), home, results, Options{}, func(p *Played) {
		t.Logf("%s %s: %s in %.0f s: %s", p.Spec, p.Guarantee, p.Result, p.Seconds, p.Saw)
		if p.Result != Reproduced {
			t.Errorf("step %d: %s", p.Step, p.Why)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, error %v", left, err)
	}
}

func TestALossIsPlayedAfterTheSendThatWasInFlightWithIt(t *testing.T) {
	steps := counterexamples(t, "questions/retries-reorder.yaml", "")[0].Steps
	var got []string
	for _, s := range playOrder(steps)[:4] {
		got = append(got, s.Action+" "+s.Params.Message.String())
	}
	want := "ProducerSends m1, ProducerSends m2, RequestIsLost m1, LeaderAppends m2"
	if strings.Join(got, ", ") != want {
		t.Errorf("played %s", strings.Join(got, ", "))
	}
}

// TestHandlesAreThoseOfTheRegistry: an action has a handle unless the registry says that it cannot be forced.
func TestHandlesAreThoseOfTheRegistry(t *testing.T) {
	known := map[string]bool{}
	for _, a := range model.Actions() {
		known[a.Name] = true
		if has := handles[a.Name] != nil; has != (a.Forced.How != model.Unforceable) {
			t.Errorf("%s has a handle: %v; the registry says %q", a.Name, has, a.Forced.Why)
		}
	}
	for name := range handles {
		if !known[name] {
			t.Errorf("the handle of %s is for no action", name)
		}
	}
}

// TestOutcomesAreThoseOfTheRegistry: no handle waits for an outcome that its action does not have.
func TestOutcomesAreThoseOfTheRegistry(t *testing.T) {
	t.Parallel()
	read := map[string][]string{
		"LeaderAppends":   {outcomeRemembered},
		"FollowerFetches": {outcomeTruncated, outcomePosition},
		"OutputIsLate":    {outcomeSentAgain},
		"TransactionEnds": slices.Collect(maps.Keys(endings)),
	}
	for action, words := range read {
		for _, w := range words {
			if model.ActionNamed(action).OutcomeNamed(w).Word == "" {
				t.Errorf("%s has no outcome %q", action, w)
			}
		}
	}
	for _, action := range []string{"TransactionEnds", "EndTxnIsLate"} {
		for _, o := range model.ActionNamed(action).Outcomes {
			if _, known := endings[o.Word]; !known {
				t.Errorf("%s has the outcome %q, which is no ending", action, o.Word)
			}
		}
	}
}

// TestEverySymptomIsLookedFor: what can be seen of a violation from outside can be looked for on a cluster.
func TestEverySymptomIsLookedFor(t *testing.T) {
	t.Parallel()
	for _, symptom := range invariants.Symptoms() {
		if looks[symptom] == nil {
			t.Errorf("nobody looks for %q", symptom)
		}
	}
}
