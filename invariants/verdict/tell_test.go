package verdict_test

import (
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// TestUntraced checks that a violation without steps says what was used up: each of them has another remedy.
func TestUntraced(t *testing.T) {
	t.Parallel()
	check := &invariants.Check{Guarantee: invariants.Guarantee{Name: "order"}}
	reasons := map[string]explore.StopReason{}
	for _, why := range []explore.StopReason{explore.OutOfMemory, explore.OutOfDisk, explore.Deadline} {
		c, err := verdict.Tell(check, &explore.Violation[model.State]{Steps: 3, Untraced: true, UntracedBy: why})
		if err != nil {
			t.Fatal(err)
		}
		if other, known := reasons[c.Reason]; known {
			t.Errorf("%v is told as %v is: %s", why, other, c.Reason)
		}
		reasons[c.Reason] = why
	}
}
