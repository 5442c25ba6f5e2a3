package verdict

import (
	"testing"

	"github.com/kcheck/kcheck/model"
)

// TestKeeping checks that the reason of a guarantee that holds claims no more runs than were explored.
func TestKeeping(t *testing.T) {
	t.Parallel()
	crashes := func(n uint8) model.Budget { return model.Budget{model.BrokerCrash: n} }
	both := model.Budget{model.BrokerCrash: 2, model.ReplicaLag: 2}
	for _, c := range []struct {
		budget model.Budget
		bounds model.Bounds
		want   string
	}{
		{model.Budget{}, model.Bounds{}, "in every run without a fault, it is"},
		{crashes(2), model.Bounds{}, "in every run with at most 2 broker crashes, it is"},
		{crashes(2), model.Bounds{Total: model.AtMost(1)}, "in every run with at most 1 of the faults in the budget, it is"},
		{crashes(2), model.Bounds{Total: model.AtMost(5)}, "in every run with at most 2 broker crashes, it is"},
		{both, model.Bounds{Total: model.AtMost(2)}, "in every run with at most 2 of the faults in the budget, it is"},
		{crashes(model.Any), model.Bounds{}, "in every run with any number of broker crashes, it is"},
		{crashes(model.Any), model.Bounds{Overlap: model.AtMost(1)},
			"in every run with any number of broker crashes and one broker away at a time, it is"},
		{crashes(2), model.Bounds{Overlap: model.AtMost(2)},
			"in every run with at most 2 broker crashes and at most 2 brokers away at a time, it is"},
		{model.Budget{model.BrokerCrash: model.Any, model.ReplicaLag: 2}, model.Bounds{Total: model.AtMost(1)},
			"in every run within the fault budget, it is"},
	} {
		q := &Question{Config: model.Config{Faults: c.budget, Bounds: c.bounds}}
		if got := keeping(q, "it is"); got != c.want {
			t.Errorf("%s: %q, want %q", c.budget, got, c.want)
		}
	}
}
