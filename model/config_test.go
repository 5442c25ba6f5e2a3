package model

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestConfigAgain checks that the configuration of a model makes the same model again. Parts of a question are models that
// are made from that of the whole.
func TestConfigAgain(t *testing.T) {
	t.Parallel()
	for i := range scenarios {
		m := scenarios[i].model(t)
		again, err := New(m.Config())
		if err != nil {
			t.Errorf("%s: %v", scenarios[i].name, err)
			continue
		}
		if m.Config() != again.Config() || m.c != again.c || m.dropsUncommitted != again.dropsUncommitted {
			t.Errorf("%s: another configuration", scenarios[i].name)
		}
		if diff := cmp.Diff(m.Transitions(), again.Transitions()); diff != "" {
			t.Errorf("%s (-model +again):\n%s", scenarios[i].name, diff)
		}
	}
}
