package plan

import (
	"context"
	"slices"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/model"
)

// TestTotal compares a budget with a bound of its sum with the sets of faults that it stands for: it is violated if one of
// them is, with the fewest faults.
func TestTotal(t *testing.T) {
	t.Parallel()
	budgets := []model.Budget{
		faults(model.BrokerCrash, 2, model.ReplicaLag, 2, model.PowerLoss, 1),
		faults(model.RequestLost, 2, model.ConsumerCrash, 2, model.LeaderMove, 1),
	}
	violated := 0
	for _, b := range budgets {
		for _, guarantee := range []string{"at-least-once", "at-most-once", "committed-stays"} {
			for most := range 3 {
				r := row{guarantee: guarantee, faults: b, change: func(c *model.Config) {
					c.Prod.Acks, c.Topic.UncleanElection = model.AcksOne, true
					c.Prod.Idempotent, c.Topic.Replicas = false, 2
					c.Bounds.Total = model.AtMost(most)
				}}
				want := fewest(t, r, most)
				o := r.options()
				config := r.config()
				o.Budget = Budget(&config)
				got, _, err := Search(context.Background(), r.check(t), Options{Options: o})
				if err != nil {
					t.Fatal(err)
				}
				found := -1
				if got.Violation != nil {
					found = total(got.Violation.Faults)
					violated++
				}
				if found != want {
					t.Errorf("%s, %s, at most %d: violated by %d faults, one set at a time by %d", guarantee, b, most, found, want)
				}
			}
		}
	}
	if violated < 4 {
		t.Errorf("only %d questions are violated", violated)
	}
}

// fewest is the fewest faults of a set of at most so many within the budget of a row that violates it, each set checked
// by itself; -1 without one.
func fewest(t *testing.T, r row, most int) int {
	t.Helper()
	for size := range most + 1 {
		for _, set := range SetsOf(budget(r.faults), size) {
			c := r.config()
			c.Faults, c.Bounds = asBudget(set), model.Bounds{}
			k, err := invariants.Prepare(r.guarantee, c, r.counted)
			if err != nil {
				t.Fatal(err)
			}
			got, err := run(context.Background(), k, explore.Options[model.State]{Budget: set, Dominance: true})
			if err != nil {
				t.Fatal(err)
			}
			if got.Violation != nil {
				return size
			}
		}
	}
	return -1
}

// TestOverlap asks what several brokers that fail break, with bounds on how many are away at a time, of three in-sync
// replicas that all have the record.
func TestOverlap(t *testing.T) {
	for _, c := range []struct {
		name      string
		guarantee string
		faults    model.Budget
		overlap   model.Bound
		violated  bool
	}{
		{"two disks, one broker at a time", "no-acked-loss", faults(model.DiskLoss, 3), model.AtMost(1), false},
		{"two disks at a time", "no-acked-loss", faults(model.DiskLoss, 3), model.AtMost(2), false},
		{"three disks at a time", "no-acked-loss", faults(model.DiskLoss, 3), model.AtMost(3), true},
		{"three disks, no bound", "no-acked-loss", faults(model.DiskLoss, 3), model.Unbounded, true},
		{"all machines, one broker at a time", "no-acked-loss", faults(model.TotalPowerLoss, 1), model.AtMost(1), false},
		{"all machines", "no-acked-loss", faults(model.TotalPowerLoss, 1), model.AtMost(3), true},
		{"one broker down, min.insync.replicas 2", "uninterrupted", faults(model.BrokerCrash, 2), model.AtMost(1), false},
		{"two brokers down, min.insync.replicas 2", "uninterrupted", faults(model.BrokerCrash, 2), model.AtMost(2), true},
		{"no broker away", "uninterrupted", faults(model.BrokerCrash, 3, model.ReplicaLag, 2), model.AtMost(0), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := row{guarantee: c.guarantee, faults: c.faults, change: func(config *model.Config) {
				config.Topic.MinISR, config.Bounds.Overlap = 2, c.overlap
			}}
			k := r.check(t)
			got, _, err := Search(context.Background(), k, Options{Options: r.options()})
			if err != nil || (got.Violation != nil) != c.violated {
				t.Errorf("violated: %t, %v; want %t", got.Violation != nil, err, c.violated)
			}
			if many := k.Model.TooManyAtOnce(); slices.Contains(many, "total-power-loss") != (c.faults[model.TotalPowerLoss] > 0 && !c.violated) {
				t.Errorf("cannot happen: %v", many)
			}
		})
	}
}
