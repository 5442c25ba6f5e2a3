package counterfactual_test

import (
	"context"
	"testing"

	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// TestBeyond asks of configurations that hold: each set beyond the budget re-checks as violated, and is none of the budget.
func TestBeyond(t *testing.T) {
	checked := 0
	for _, c := range []struct {
		set    []string
		faults string
	}{
		{[]string{"producer.acks=all"}, "broker-crash=1"},
		{[]string{"producer.acks=all", "topic.min.insync.replicas=2"}, "power-loss=1,total=1"},
		{[]string{"producer.acks=1"}, "consumer-crash=1"},
	} {
		r := kafkaconf.Request{Set: c.set, Faults: c.faults, Messages: "1", Guarantees: []string{"no-acked-loss"}}
		report, err := verdict.CheckFiles(context.Background(), r, verdict.Options{})
		if err != nil || report.Results[0].Verdict != verdict.Holds {
			t.Fatal(err, report.Results)
		}
		for _, b := range report.Results[0].Beyond {
			again := r
			again.Faults = ""
			for name, n := range b.Faults {
				again.Faults += "," + name + "=" + string(rune('0'+n))
			}
			again.Faults = again.Faults[1:]
			above, err := verdict.CheckFiles(context.Background(), again, verdict.Options{})
			if err != nil || above.Results[0].Verdict != verdict.Violated {
				t.Errorf("%v: under %v it is %s, %v", c.set, b.Faults, above.Results[0].Verdict, err)
			}
			checked++
		}
	}
	if checked == 0 {
		t.Error("nothing is beyond any of the budgets")
	}
}
