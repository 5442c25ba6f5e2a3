package model

import (
	"encoding/json"
	"testing"
)

// TestAllowedJSON writes and reads budgets as results have them.
func TestAllowedJSON(t *testing.T) {
	t.Parallel()
	b := Budget{BrokerCrash: Any, LeaderMove: 2}
	c := Config{Faults: b, Bounds: Bounds{Overlap: AtMost(1)}}
	text, err := json.Marshal(c.BudgetMap())
	if want := `{"broker-crash":"any","leader-move":2,"overlap":1}`; err != nil || string(text) != want {
		t.Fatalf("%s, %v; want %s", text, err, want)
	}
	var back Allowed
	if err := json.Unmarshal(text, &back); err != nil || back["broker-crash"] != Any || back["leader-move"] != 2 {
		t.Errorf("%v, %v", back, err)
	}
	if err := json.Unmarshal([]byte(`{"broker-crash":"some"}`), &back); err == nil {
		t.Error("a word that is no number is read")
	}
	if got, want := c.BudgetText(), "broker-crash=any,leader-move=2,overlap=1"; got != want {
		t.Errorf("%s; want %s", got, want)
	}
	if c.MostFaults() != 2 || !b.HasAny() || b.Counted().HasAny() {
		t.Errorf("at most %d, %v", c.MostFaults(), b.Counted())
	}
}
