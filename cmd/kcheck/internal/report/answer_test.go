package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// manyResults is a report of n results, of which every third is violated and the last told for information. All has the
// longest words that there are.
func manyResults(t *testing.T, n int, several bool) *verdict.Report {
	t.Helper()
	r := savedReport(t, "testdata/story-acks-1.json")
	violated, holds := r.Results[0], savedReport(t, "testdata/story-holds.json").Results[0]
	const key, place = "producer.max.in.flight.requests.per.connection", "src/main/resources/producer.properties:17:1"
	violated.Cause = []verdict.Cause{{Key: key, Value: "5", Source: place, Instead: "1"},
		{Key: "producer.acks", Value: "1", Source: place, Instead: "all"}, {Key: "app.send", Value: "forget", Source: "assumed", Instead: "callback"}}
	violated.Fix = &verdict.Fix{Changes: []verdict.FixChange{{Key: key, From: "5", To: "1", Source: place}},
		Costs: []string{strings.Repeat("a request waits for the answer to the one before ", 5)}}
	violated.Faults = map[string]int{"broker-crash": 2, "transaction-timeout": 1, "consumer-exception": 1}
	violated.Notes = []string{"a note"}
	for _, key := range []string{"app.group", "app.process", "app.send", "app.on-exception"} {
		holds.RestsOn = append(holds.RestsOn, verdict.Assumption{Key: key, Value: "existing", Source: "assumed", Instead: "new",
			Verdict: verdict.Violated, Faults: map[string]int{"consumer-crash": 1}})
	}
	holds.Beyond = []verdict.Beyond{{Faults: map[string]int{"power-loss": 3, "replica-lag": 2}}}
	r.Results = nil
	for i := range n {
		res := holds
		if i%3 == 0 {
			res = violated
		}
		if several {
			res.Spec = fmt.Sprintf("specs/known/a-spec-with-a-rather-long-name-%d.yaml", i)
			res.Expected = verdict.Holds
		}
		r.Results = append(r.Results, res)
	}
	if n > 1 {
		r.Results[n-1].Informational = true
	}
	r.LeavesOut = make([]string, 25)
	return r
}

// TestFirstScreen checks that the answer fits on a terminal of 24 lines of 80 columns, whatever the number of results
// and the length of their words, and that what follows it is the trace.
func TestFirstScreen(t *testing.T) {
	for _, n := range []int{1, 2, 12, 30} {
		for _, several := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d results, several specs %v", n, several), func(t *testing.T) {
				text := documentAs(t, "text", Check(manyResults(t, n, several)), Options{})
				screen, trace, found := strings.Cut(text, "\n\nCounterexample: ")
				if !found || !strings.Contains(trace, "FAULT") {
					t.Errorf("the trace of the worst is missing:\n%s", text)
				}
				lines := strings.Split(screen, "\n")
				if len(lines) > answerLines {
					t.Errorf("%d lines:\n%s", len(lines), screen)
				}
				for _, l := range lines {
					if wrap.Columns(l) > 80 {
						t.Errorf("%d columns: %s", wrap.Columns(l), l)
					}
				}
				if !strings.HasPrefix(lines[0], "guarantee") || !strings.Contains(lines[1], "VIOLATED") {
					t.Errorf("the worst does not come first:\n%s", screen)
				}
				if !strings.Contains(lines[len(lines)-1], "--full") {
					t.Errorf("nothing says how to see more:\n%s", screen)
				}
			})
		}
	}
}

// TestWorstFirst checks the order of results: what needs somebody first, what is told for information last.
func TestWorstFirst(t *testing.T) {
	met := verdict.Result{Guarantee: "met", Verdict: verdict.Violated, Expected: verdict.Violated}
	told := verdict.Result{Guarantee: "told", Verdict: verdict.Violated, Informational: true}
	r := &verdict.Report{Results: []verdict.Result{told, met, {Guarantee: "holds", Verdict: verdict.Holds},
		{Guarantee: "unmet", Verdict: verdict.Holds, Expected: verdict.Violated}, {Guarantee: "inconclusive", Verdict: verdict.Inconclusive},
		{Guarantee: "violated", Verdict: verdict.Violated}}}
	var got []string
	for _, res := range worstFirst(r).Results {
		got = append(got, res.Guarantee)
	}
	if want := "violated inconclusive holds unmet met told"; strings.Join(got, " ") != want {
		t.Errorf("%v, want %s", got, want)
	}
}

// TestFold checks that fetches which only copy take one line, that a truncation never does, and that no step is lost.
func TestFold(t *testing.T) {
	text := renderFile(t, "testdata/story-lost-answer.json", Options{})
	if !strings.Contains(text, "5–8   b2 and b3 copy b1; what they have is committed.") {
		t.Errorf("not folded:\n%s", text)
	}
	if text := renderFile(t, "testdata/story-acks-1.json", Options{}); !strings.Contains(text, "truncates to offset 0") {
		t.Errorf("a truncation is folded:\n%s", text)
	}
}

// TestFixOrNone checks that a violation with a cause and without a fix says so, and that nothing is said where none was
// looked for.
func TestFixOrNone(t *testing.T) {
	t.Parallel()
	caused := verdict.Result{Verdict: verdict.Violated, Cause: []verdict.Cause{{Key: "producer.acks", Value: "1", Instead: "all"}}}
	if fixOrNone(&caused) == "" {
		t.Error("nothing says that no fix was found")
	}
	if fixText(&caused) != "" {
		t.Error("what is not there has a text")
	}
	unexplained := verdict.Result{Verdict: verdict.Violated}
	if text := fixOrNone(&unexplained); text != "" {
		t.Errorf("nothing was looked for: %q", text)
	}
}

// TestSentence checks that a sentence begins with a capital, unless it begins with a setting.
func TestSentence(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"message m1 is lost":           "Message m1 is lost.",
		`acks: "2" is not valid`:       `acks: "2" is not valid.`,
		"producer.acks=1 is the cause": "producer.acks=1 is the cause.",
		"m1 is lost.":                  "m1 is lost.",
	} {
		if got := sentence(s); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
