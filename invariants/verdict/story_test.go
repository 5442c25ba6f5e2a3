package verdict

import (
	"context"
	"os"
	"slices"
	"testing"

	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/specs"
)

// TestStories checks the parts of results that tell a story, over the built-in specs: each fault is needed, some message
// is marked, every step has its place in the picture, and settings are those of the result.
func TestStories(t *testing.T) {
	t.Parallel()
	told, branches, showings, holds := 0, 0, 0, 0
	for i, name := range specs.Names() {
		if i%3 != 0 || os.Getenv("KCHECK_LONG") == "" && i%10 != 0 {
			continue
		}
		report, _ := CheckFiles(context.Background(), kafkaconf.Request{Files: []string{name}, ReadFile: readSpec}, Options{})
		for i := range report.Results {
			r := &report.Results[i]
			switch r.Verdict {
			case Violated:
				told++
				checkStory(t, report, r)
				if r.Branch != nil {
					branches++
				}
			case Holds:
				holds++
				if r.Showing != nil {
					showings++
				}
			}
		}
	}
	t.Logf("%d stories, %d with a neighbouring run; %d hold, %d shown at work", told, branches, holds, showings)
	if branches*10 < told*7 || showings*10 < holds*7 {
		t.Error("too many results have no neighbouring run, or show no run")
	}
}

// checkStory checks one counterexample.
func checkStory(t *testing.T, report *Report, r *Result) {
	t.Helper()
	name := r.Spec + " " + r.Guarantee
	if len(r.Needed) != len(r.Faults) {
		t.Errorf("%s: %d kinds of fault, %d are shown to be needed", name, len(r.Faults), len(r.Needed))
	}
	for _, n := range r.Needed {
		if n.Verdict == Violated || total(n.Without) != total(r.Faults)-1 {
			t.Errorf("%s: without %s it is %s", name, n.Fault, n.Verdict)
		}
	}
	if r.Ledger == nil || !slices.ContainsFunc(r.Ledger.Rows, func(row Row) bool { return row.Broken }) {
		t.Errorf("%s: no message is marked in the ledger", name)
	}
	if r.Headline == "" || r.Trace == "" || r.Reproduce == "" || r.Claim == "" {
		t.Errorf("%s: the headline, the trace, the claim or the command is missing", name)
	}
	steps := slices.Clone(r.Steps)
	if r.Branch != nil {
		steps = append(steps, r.Branch.Steps...)
	}
	for _, s := range steps {
		if s.Signal == nil || !slices.Contains(append(r.Lanes, "brokers"), s.Signal.From) || report.Actions[s.Action].Guard == "" {
			t.Errorf("%s: step %d, %s, has no place, or no guard: %+v", name, s.N, s.Action, s.Signal)
		}
		if s.Fault != (s.Kind != "") {
			t.Errorf("%s: step %d is a fault (%v) of kind %q", name, s.N, s.Fault, s.Kind)
		}
		for _, key := range s.Settings {
			if !slices.ContainsFunc(r.Settings, func(s Setting) bool { return s.Key == key }) {
				t.Errorf("%s: step %d cites %s, which the result does not have", name, s.N, key)
			}
		}
	}
}

// TestBranchEndsWell checks that the neighbouring run shares its beginning with the counterexample and processes what was
// lost there.
func TestBranchEndsWell(t *testing.T) {
	t.Parallel()
	report, _ := CheckFiles(context.Background(), kafkaconf.Request{Files: []string{"specs/seed/acks-1-leader-crash.yaml"},
		ReadFile: readSpec}, Options{})
	r := report.Results[0]
	if r.Branch == nil || !r.Branch.Latest || r.Branch.Shared != 3 || r.Branch.Steps[0].N != 4 {
		t.Fatalf("branch %+v", r.Branch)
	}
	if got := r.Branch.Fates[0]; got != "m1: acknowledged; in the log of b1, b2, b3; processed once" {
		t.Errorf("it ends with %s", got)
	}
	if r.Steps[r.Branch.Shared].Kind != "broker-crash" {
		t.Errorf("the step too late is %s", r.Steps[r.Branch.Shared].Action)
	}
}

// total is the number of faults in a set.
func total(faults map[string]int) int {
	n := 0
	for _, count := range faults {
		n += count
	}
	return n
}
