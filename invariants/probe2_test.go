package invariants

import (
	"testing"

	"github.com/kcheck/kcheck/model"
)

func TestProbe2(t *testing.T) {
	c := model.DefaultConfig()
	c.Topic.MinISR = 2
	c.Prod.MaxInFlight = 1
	c.Scope.Messages = 2
	for _, g := range []string{"no-duplicate-in-log", "committed-stays", "log-agreement"} {
		t.Log(run(t, g, c, 0, true))
	}
	c.Scope.Messages = 1
	for _, g := range []string{"no-duplicate-in-log", "committed-stays", "at-least-once"} {
		t.Log(run(t, g, c, 0, true))
		t.Log(run(t, g, c, 0, false))
	}
}
