package poll

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestUntil(t *testing.T) {
	t.Parallel()
	gone := errors.New("the process has ended")
	for _, c := range []struct {
		name  string
		holds func(n int) (bool, error)
		limit time.Duration
		want  string // of the error; "" for none
		asked int    // at most
	}{
		{"holds at once", func(int) (bool, error) { return true, nil }, time.Minute, "", 1},
		{"holds at the third question", func(n int) (bool, error) { return n == 3, errors.New("not yet") }, time.Minute, "", 3},
		{"final error", func(int) (bool, error) { return false, Final{gone} }, time.Minute, "it: the process has ended", 1},
		{"limit", func(int) (bool, error) { return false, errors.New("not yet") }, time.Millisecond, "it: not within 1ms: not yet", 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := 0
			err := Until(t.Context(), c.limit, "it", func() (bool, error) { n++; return c.holds(n) })
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if n > c.asked {
				t.Errorf("asked %d times, want at most %d", n, c.asked)
			}
		})
	}
}

func TestUntilEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := Until(ctx, time.Minute, "it", func() (bool, error) { return false, nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
