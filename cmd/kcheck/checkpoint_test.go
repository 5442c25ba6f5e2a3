package main

import (
	"context"
	"strings"
	"testing"
)

// TestRemind: where a check was cut short it is said how it goes on, unless what it found could not be written down.
func TestRemind(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, test := range []struct {
		name  string
		ctx   context.Context
		flags checkpointFlags
		said  bool
	}{
		{"cut short", ended, checkpointFlags{dir: "d"}, true},
		{"at the end", t.Context(), checkpointFlags{dir: "d"}, false},
		{"without a checkpoint", ended, checkpointFlags{}, false},
		{"not written", ended, checkpointFlags{dir: "d", failed: true}, false},
	} {
		var out strings.Builder
		test.flags.remind(test.ctx, streams{err: &out})
		if said := out.Len() > 0; said != test.said {
			t.Errorf("%s: said %q", test.name, out.String())
		}
	}
}
