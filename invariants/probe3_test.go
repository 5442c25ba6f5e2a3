package invariants

import (
	"context"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

func TestProbe3(t *testing.T) {
	c := model.DefaultConfig()
	c.Topic.MinISR = 2
	c.Prod.MaxInFlight = 1
	for msgs := 1; msgs <= 2; msgs++ {
		c.Scope.Messages = msgs
		for _, g := range []string{"at-least-once", "at-most-once", "exactly-once", "no-acked-loss", "order", "availability", "uninterrupted"} {
			k, _ := Prepare(g, c, 0)
			var budget []int
			for _, n := range c.Faults {
				budget = append(budget, int(n))
			}
			r, used, err := k.Search(context.Background(), explore.Options[model.State]{Budget: budget, Dominance: true})
			if err != nil {
				t.Fatal(err)
			}
			if r.Violation != nil {
				t.Log(used.Reason(r.Violation.Property, r.Violation.Trace), len(r.Violation.Trace.Steps))
			}
			t.Log(msgs, g, r.Stopped, r.Witnesses, r.Stats.Distinct, r.Stats.Duration)
		}
	}
}
