package verdict

import "testing"

// TestCompare is the table of what is worse than a baseline, and what still counts then.
func TestCompare(t *testing.T) {
	t.Parallel()
	type set = map[string]int
	crash, move, total := set{"broker-crash": 1}, set{"leader-move": 1}, set{"total-power-loss": 1}
	both := set{"broker-crash": 1, "leader-move": 1}
	violated := func(all bool, sets ...set) Result {
		return Result{Verdict: Violated, Faults: sets[0], AlsoBrokenBy: sets[1:], AllSets: all, Steps: []Step{{Fault: len(sets[0]) > 0}}}
	}
	word := func(v Verdict) Result { return Result{Verdict: v} }
	edited := Result{Verdict: Violated, Faults: set{}, Steps: []Step{{Fault: true}}}
	for name, tt := range map[string]struct {
		before, now Result
		want        Comparison
		exit        int
	}{
		"still holds":                        {word(Holds), word(Holds), AsBefore, ExitHolds},
		"violated now":                       {word(Holds), violated(true, crash), Worse, ExitViolated},
		"not known any more":                 {word(Holds), word(Inconclusive), Worse, ExitInconclusive},
		"the same set":                       {violated(true, crash), violated(true, crash), AsBefore, ExitHolds},
		"a set with fewer faults":            {violated(true, both), violated(true, crash), Worse, ExitViolated},
		"a set with more faults":             {violated(true, crash), violated(true, both), Better, ExitHolds},
		"another set":                        {violated(true, total), violated(true, crash), Worse, ExitViolated},
		"another set behind an old one":      {violated(true, total), violated(true, total, crash), Worse, ExitViolated},
		"one of two sets":                    {violated(true, crash, move), violated(true, move), Better, ExitHolds},
		"not all sets looked at":             {violated(true, crash), violated(false, crash), Worse, ExitViolated},
		"a baseline with one of its sets":    {violated(false, crash), violated(true, crash, move), Worse, ExitViolated},
		"no fault, as before":                {violated(true, set{}), violated(true, set{}), AsBefore, ExitHolds},
		"no fault before":                    {violated(true, set{}), violated(true, crash), Better, ExitHolds},
		"a baseline edited to have no fault": {edited, violated(true, crash), Worse, ExitViolated},
		"a baseline edited to have no set":   {Result{Verdict: Violated}, violated(true, crash), Worse, ExitViolated},
		"holds again":                        {violated(true, crash), word(Holds), Better, ExitHolds},
		"violated before, not known now":     {violated(true, crash), word(Inconclusive), Worse, ExitInconclusive},
		"not known before, violated now":     {word(Inconclusive), violated(true, crash), Worse, ExitViolated},
		"not known, as before":               {word(Inconclusive), word(Inconclusive), AsBefore, ExitHolds},
		"refused now":                        {violated(true, crash), word(Refused), Worse, ExitError},
		"refused before, violated now":       {word(Refused), violated(true, crash), Worse, ExitViolated},
		"refused, as before":                 {word(Refused), word(Refused), AsBefore, ExitHolds},
	} {
		old, now := NewReport(), NewReport()
		old.Results, now.Results = []Result{tt.before}, []Result{tt.now, {Guarantee: "order", Verdict: Holds}}
		now.Compare(old)
		r := &now.Results[0]
		if r.Compared != tt.want || r.Exit() != tt.exit {
			t.Errorf("%s: %s (%s), exit %d; want %s, %d", name, r.Compared, r.Against, r.Exit(), tt.want, tt.exit)
		}
		if r.Verdict == Violated && r.Against == "" {
			t.Errorf("%s: nothing says why", name)
		}
		if now.Results[1].Compared != New {
			t.Errorf("a question that was not asked before is %s", now.Results[1].Compared)
		}
	}
}

// TestWaived checks that a waiver counts until it has expired.
func TestWaived(t *testing.T) {
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
