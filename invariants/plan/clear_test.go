package plan

import (
	"context"
	"testing"
	"time"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// TestClear compares what the progress of searches says, while they go on, with their answers: no violation has fewer
// faults than runs are said to be clear of.
func TestClear(t *testing.T) {
	t.Parallel()
	rows := append([]row(nil), knownRows...)
	for i := range 40 {
		rows = append(rows, randomLog(uint64(7000+i)), randomRow(uint64(7000+i)))
	}
	told := 0
	for _, r := range rows {
		for name, search := range searches {
			most := 0
			o := explore.Options[model.State]{Budget: budget(r.faults), MaxFaults: r.mostFaults(), Dominance: true, MaxStates: 20_000,
				ProgressEvery: 20 * time.Microsecond, Progress: func(p explore.Progress) { most = max(most, p.Clear) }}
			faults, err := search(r.check(t), o)
			if err != nil {
				t.Fatalf("%s: %v", r.id, err)
			}
			told += min(1, most)
			if faults >= 0 && most > faults {
				t.Errorf("%s, %s: runs with fewer than %d faults were said to be clear, and %d violate it", r.id, name, most, faults)
			}
		}
	}
	if told < len(rows)/4 {
		t.Errorf("the progress said something in %d searches only", told)
	}
}

// searches are ways to search, each with the fewest faults of a violation that it finds, -1 where it finds none.
var searches = map[string]func(*Check, options) (int, error){
	"search": func(k *Check, o options) (int, error) {
		return ofFewest(Search(context.Background(), k, Options{Options: o}))
	},
	"hurry": func(k *Check, o options) (int, error) {
		return ofFewest(Search(context.Background(), k, Options{Options: o, Hurry: true}))
	},
	"exhaust": func(k *Check, o options) (int, error) {
		o.Exhaust = true
		return ofFewest(Search(context.Background(), k, Options{Options: o}))
	},
	"sets": func(k *Check, o options) (int, error) {
		found, err := FindFaultSets(context.Background(), k, o)
		if err != nil || len(found.Sets) == 0 {
			return -1, err
		}
		return total(found.Sets[0].Faults), nil
	},
}

func ofFewest(r *Result, _ *Check, err error) (int, error) {
	if err != nil || r.Violation == nil {
		return -1, err
	}
	return total(r.Violation.Faults), nil
}
