package verdict

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/kcheck/kcheck/model"
)

// TestElsewhere asks what else could have happened in counterexamples: every step that is told can be taken, what is said
// to break the guarantee is a counterexample of its own, and the whole stays small.
func TestElsewhere(t *testing.T) {
	t.Parallel()
	told := map[Standing]int{}
	for _, acks := range []model.Acks{model.AcksOne, model.AcksAll} {
		for _, kind := range []model.FaultKind{model.BrokerCrash, model.ResponseLost, model.ConsumerCrash} {
			c := model.DefaultConfig()
			c.Prod.Acks, c.Prod.Idempotent, c.Scope.Messages = acks, false, 1
			c.Faults, c.Bounds.Total = model.Budget{}, model.Unbounded
			c.Faults[kind] = 1
			for _, g := range []string{"at-least-once", "at-most-once"} {
				res, err := Check(context.Background(), Question{Config: c, Guarantee: g}, Options{})
				if err != nil {
					t.Fatal(err)
				}
				text, _ := json.Marshal(res.Steps)
				bare, others := res.Steps, 0
				for i := range bare {
					faults := 0
					for _, s := range bare[:i] {
						if s.Fault {
							faults++
						}
					}
					others += len(bare[i].Elsewhere)
					for _, e := range bare[i].Elsewhere {
						told[e.Stands]++
						if e.Kind != "" && faults > 0 {
							t.Errorf("%s: in place of step %d the fault %s is beyond the budget", g, i+1, e.Kind)
						}
						if e.Stands == StandsIntact && len(e.Fates) == 0 {
							t.Errorf("%s: in place of step %d: %+v", g, i+1, e)
						}
						if e.Stands == StandsBroken && i+1 < len(bare) && res.Minimal && e.Kind == "" {
							t.Errorf("%s: %q in place of step %d breaks it sooner", g, e.Text, i+1)
						}
					}
				}
				if most := 400 * (others + 1) * 8; len(text) > most+1200*len(bare) {
					t.Errorf("%s: %d bytes for %d others", g, len(text), others)
				}
			}
		}
	}
	t.Log(told)
	if told[StandsIntact] == 0 || told[StandsDoomed] == 0 {
		t.Errorf("told were %v", told)
	}
}
