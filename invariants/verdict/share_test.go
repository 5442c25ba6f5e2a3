package verdict

import (
	"context"
	"testing"
	"time"
)

// Of several guarantees each gets its part of the time that is left, so that the first does not use it up; what it leaves is
// for the others. Without a limit there is nothing to share.
func TestShare(t *testing.T) {
	t.Parallel()
	all, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	for pieces, want := range map[int]time.Duration{4: 15 * time.Minute, 2: 30 * time.Minute, 1: time.Hour} {
		own, end := Share(all, pieces)
		defer end()
		if deadline, limited := own.Deadline(); !limited || time.Until(deadline).Round(time.Minute) != want {
			t.Errorf("of an hour for %d: %v", pieces, time.Until(deadline))
		}
	}
	own, end := Share(t.Context(), 3)
	defer end()
	if _, limited := own.Deadline(); limited {
		t.Error("a part of no limit is limited")
	}
}
