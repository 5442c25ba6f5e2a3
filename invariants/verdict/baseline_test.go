package verdict

import "testing"

// TestCompare is the table of what is worse than a baseline, and what still counts then.
func TestCompare(t *testing.T) {
	t.Parallel()
	one := map[string]int{"broker-crash": 1}
	two := map[string]int{"broker-crash": 1, "leader-move": 1}
	tests := []struct {
		before, now         Verdict
		faultsThen, faultsN map[string]int
		want                Comparison
		exit                int
	}{
		{Holds, Holds, nil, nil, AsBefore, ExitHolds},
		{Holds, Violated, nil, one, Worse, ExitViolated},
		{Holds, Inconclusive, nil, nil, Worse, ExitInconclusive},
		{Violated, Violated, one, one, AsBefore, ExitHolds},
		{Violated, Violated, two, one, Worse, ExitViolated},
		{Violated, Violated, one, two, Better, ExitHolds},
		{Violated, Holds, one, nil, Better, ExitHolds},
		{Violated, Inconclusive, one, nil, AsBefore, ExitHolds},
		{Inconclusive, Violated, nil, one, Worse, ExitViolated},
		{Violated, Refused, one, nil, Worse, ExitError},
	}
	for _, tt := range tests {
		old := Report{Results: []Result{{Spec: "s", Guarantee: "order", Verdict: tt.before, Faults: tt.faultsThen}}}
		now := Report{Results: []Result{{Spec: "s", Guarantee: "order", Verdict: tt.now, Faults: tt.faultsN},
			{Spec: "s", Guarantee: "at-least-once", Verdict: Holds}}}
		now.Compare(&old)
		if r := now.Results[0]; r.Compared != tt.want || r.Exit() != tt.exit {
			t.Errorf("%s %v, then %s %v: %s, exit %d; want %s, %d", tt.before, tt.faultsThen, tt.now, tt.faultsN, r.Compared,
				r.Exit(), tt.want, tt.exit)
		}
		if now.Results[1].Compared != New {
			t.Errorf("a question that was not asked before is %s", now.Results[1].Compared)
		}
	}
}

// TestWaived checks that a waiver counts until it has expired.
func TestWaived(t *testing.T) {
	t.Parallel()
	r := Result{Verdict: Violated, Waived: &Waiver{Reason: "r", Expires: "2027-01-31"}}
	if r.Exit() != ExitHolds {
		t.Error("a waived violation counts")
	}
	r.Waived.Expired = true
	if r.Exit() != ExitViolated {
		t.Error("a violation whose waiver has expired does not count")
	}
	if r = (Result{Verdict: Refused, Waived: &Waiver{}}); r.Exit() != ExitError {
		t.Error("what Kafka refuses cannot be waived")
	}
}
