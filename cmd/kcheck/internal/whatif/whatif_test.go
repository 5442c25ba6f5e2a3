package whatif_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/whatif"
	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants/resilience"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/specs"
)

// ask answers a question and keeps everything that is told, in its order.
func ask(t *testing.T, request kafkaconf.Request) (panel *whatif.Panel, answers []*whatif.Answer, survived []whatif.Survival) {
	t.Helper()
	err := whatif.Ask(t.Context(), request, verdict.Options{}, whatif.Listener{
		Panel:      func(p *whatif.Panel) { panel = p },
		Answer:     func(a *whatif.Answer) { answers = append(answers, a) },
		Resilience: func(list []whatif.Survival) { survived = list },
		Progress:   func(string, explore.Progress) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	return panel, answers, survived
}

// A verdict is told before what explains it, and everything is told in the end.
func TestAsk(t *testing.T) {
	t.Parallel()
	panel, answers, survived := ask(t, kafkaconf.Request{Files: []string{"specs/seed/acks-1-leader-crash.yaml"}, ReadFile: specs.ReadFile})
	if !panel.Readable || panel.Messages != 1 || panel.Kafka != "4.1" {
		t.Errorf("panel: %+v", panel)
	}
	if len(answers) != 2 || answers[0].Final || !answers[1].Final {
		t.Fatalf("%d answers", len(answers))
	}
	early, final := answers[0].Report.Results[0], answers[1].Report.Results[0]
	if early.Verdict != verdict.Violated || early.Fix != nil || final.Verdict != verdict.Violated || final.Fix == nil {
		t.Errorf("early %s with fix %v, final %s with fix %v", early.Verdict, early.Fix, final.Verdict, final.Fix)
	}
	if !strings.Contains(answers[1].HTML, `class="trace"`) {
		t.Error("no trace to step through")
	}
	if len(survived) != 1 || !slices.ContainsFunc(survived[0].Kinds, func(k resilience.Kind) bool {
		return k.Fault == "broker-crash" && k.Tolerated == 0 && k.Applies
	}) {
		t.Errorf("survived: %+v", survived)
	}
}

// A question that cannot be read has its problems, and nothing to switch.
func TestAskUnreadable(t *testing.T) {
	t.Parallel()
	panel, answers, survived := ask(t, kafkaconf.Request{Files: []string{"specs/seed/acks-1-leader-crash.yaml"}, ReadFile: specs.ReadFile,
		Set: []string{"producer.akcs=1"}})
	if panel.Readable || len(panel.Problems) == 0 || len(answers) != 1 || len(survived) != 0 {
		t.Errorf("%+v, %d answers", panel, len(answers))
	}
}

// A panel has no null where the page goes through a list, and each setting can be what it is.
func TestPanel(t *testing.T) {
	t.Parallel()
	for _, name := range specs.Names() {
		resolved, err := kafkaconf.Load(kafkaconf.Request{Files: []string{name}, ReadFile: specs.ReadFile})
		if err != nil {
			t.Fatal(err)
		}
		panel := whatif.NewPanel(resolved, nil)
		data, err := json.Marshal(panel)
		if err != nil || strings.Contains(string(data), ":null") {
			t.Errorf("%s: %v %s", name, err, data)
		}
		for _, s := range panel.Settings {
			if s.Value != "" && !slices.ContainsFunc(s.Values, func(v string) bool { return strings.EqualFold(v, s.Value) }) && !s.Free {
				t.Errorf("%s: %s is %s, which is none of %v", name, s.Key, s.Value, s.Values)
			}
			if s.Read && s.Doc == "" {
				t.Errorf("%s: %s has no meaning", name, s.Key)
			}
		}
	}
}

// A fault that may happen as often as it likes is one that the page can show and ask for.
func TestPanelAny(t *testing.T) {
	t.Parallel()
	resolved, err := kafkaconf.Load(kafkaconf.Request{Files: []string{"specs/seed/acks-1-leader-crash.yaml"}, ReadFile: specs.ReadFile,
		Faults: "leader-move=any,broker-crash=2,total=3"})
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	panel := whatif.NewPanel(resolved, nil)
	for _, f := range panel.Faults {
		counts[f.Name] = f.Count
	}
	if counts["leader-move"] != -1 || counts["broker-crash"] != 2 || counts["power-loss"] != 0 || panel.Total != 3 {
		t.Errorf("%v, total %d", counts, panel.Total)
	}
}
