// Package poll waits until something is seen to hold, by asking again and again.
package poll

import (
	"context"
	"fmt"
	"time"
)

// The pauses between two questions: short at first, since most effects are seen at once.
const (
	firstPause = 2 * time.Millisecond
	lastPause  = 40 * time.Millisecond
)

// Final is an error that waiting cannot mend: [Until] returns it at once.
type Final struct{ Err error }

// Error implements error.
func (f Final) Error() string { return f.Err.Error() }

// Unwrap implements the interface of [errors.Is].
func (f Final) Unwrap() error { return f.Err }

// Until asks until the answer is true, the limit has passed, the answer is a [Final] error, or ctx ends. The error of the
// limit names what was awaited and the last error of the question.
func Until(ctx context.Context, limit time.Duration, what string, holds func() (bool, error)) error {
	end := time.Now().Add(limit)
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		ok, err := holds()
		if ok {
			return nil
		}
		if f, final := err.(Final); final {
			return fmt.Errorf("%s: %w", what, f.Err)
		}
		if time.Now().After(end) {
			if err != nil {
				return fmt.Errorf("%s: not within %v: %w", what, limit, err)
			}
			return fmt.Errorf("%s: not within %v", what, limit)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}
