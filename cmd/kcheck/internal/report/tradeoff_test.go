package report

import (
	"slices"
	"testing"
)

// TestAxis checks that an axis covers its numbers, with few lines, and that numbers of one order are not put on one place.
func TestAxis(t *testing.T) {
	t.Parallel()
	for _, numbers := range [][]float64{{8.4e-6, 8.6e-6}, {8.4e-6, 8.4e-6}, {1e-27, 2e-4}, {0, 3e-9}, {0}, {1, 9.5}, {0.5}, {1, 1.00001}} {
		a := newAxis(numbers, 0, 100)
		if len(a.ticks) < 2 || len(a.ticks) > 9 || !slices.IsSorted(a.ticks) {
			t.Errorf("%v: lines at %v", numbers, a.ticks)
		}
		for i, x := range numbers {
			at := a.at(x)
			if at < 0 || at > 100 {
				t.Errorf("%v: %g is at %g", numbers, x, at)
			}
			if i > 0 && numbers[0] != x && x > 1.01*numbers[0] && at < 10+a.at(numbers[0]) {
				t.Errorf("%v: %g is at %g and %g at %g", numbers, numbers[0], a.at(numbers[0]), x, at)
			}
		}
	}
}
