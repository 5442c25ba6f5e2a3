package verdict

import (
	"testing"

	"github.com/kcheck/kcheck/model/kafkaconf"
)

// TestResultExit is the table of interface section 1 for one result.
func TestResultExit(t *testing.T) {
	t.Parallel()
	tests := []struct {
		verdict, expected Verdict
		want              int
	}{
		{Holds, "", 0}, {Violated, "", 1}, {Refused, "", 2}, {Inconclusive, "", 3}, {Vacuous, "", 3},
		{Holds, Holds, 0}, {Violated, Violated, 0}, {Vacuous, Vacuous, 0}, {Refused, Refused, 0},
		{Holds, Violated, 1}, {Violated, Holds, 1}, {Vacuous, Holds, 1}, {Refused, Holds, 1}, {Holds, Refused, 1},
		{Inconclusive, Holds, 3}, {Inconclusive, Violated, 3},
	}
	for _, tt := range tests {
		r := Result{Verdict: tt.verdict, Expected: tt.expected}
		if got := r.Exit(); got != tt.want {
			t.Errorf("%s, expected %q: exit %d, want %d", tt.verdict, tt.expected, got, tt.want)
		}
	}
}

// TestReportExit is the rule for several results: the first of 2, 1, 3, 0 that occurs.
func TestReportExit(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		problems []kafkaconf.Severity
		verdicts []Verdict
		want     int
	}{
		{"nothing", nil, nil, 0},
		{"all hold", nil, []Verdict{Holds, Holds}, 0},
		{"a violation beats inconclusive", nil, []Verdict{Inconclusive, Violated, Holds}, 1},
		{"inconclusive beats holds", nil, []Verdict{Holds, Inconclusive}, 3},
		{"refused beats a violation", nil, []Verdict{Violated, Refused}, 2},
		{"an error beats all", []kafkaconf.Severity{kafkaconf.Failure}, []Verdict{Violated}, 2},
		{"a warning is no error", []kafkaconf.Severity{kafkaconf.Warning}, []Verdict{Holds}, 0},
	}
	for _, tt := range tests {
		r := Report{}
		for _, k := range tt.problems {
			r.Problems = append(r.Problems, Problem{Severity: k})
		}
		for _, v := range tt.verdicts {
			r.Results = append(r.Results, Result{Verdict: v})
		}
		if got := r.Exit(); got != tt.want {
			t.Errorf("%s: exit %d, want %d", tt.name, got, tt.want)
		}
	}
	met := Report{
		Problems: []Problem{{Severity: kafkaconf.Refusal}},
		Results:  []Result{{Verdict: Refused, Expected: Refused}},
	}
	if got := met.Exit(); got != 0 {
		t.Errorf("a refusal that was expected: exit %d, want 0", got)
	}
}
