package report

import (
	"fmt"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// What several forms say of how much was searched, and of all results together.

// specs counts the different specs or systems of a report.
func specs(r *verdict.Report) int {
	seen := map[string]bool{}
	for i := range r.Results {
		seen[nameOf(&r.Results[i])] = true
	}
	return len(seen)
}

// tally counts the results by verdict where there are several.
func tally(r *verdict.Report) string {
	if len(r.Results) == 1 {
		return ""
	}
	byVerdict := map[verdict.Verdict]int{}
	beside := 0
	for i := range r.Results {
		if r.Results[i].Informational {
			beside++
			continue
		}
		byVerdict[r.Results[i].Verdict]++
	}
	var parts []string
	for _, v := range []verdict.Verdict{verdict.Violated, verdict.Refused, verdict.Inconclusive, verdict.Vacuous, verdict.Holds} {
		if n := byVerdict[v]; n > 0 {
			parts = append(parts, number(n)+" "+string(v))
		}
	}
	if len(parts) == 0 {
		return "no result"
	}
	text := count(len(r.Results)-beside, "result") + ": " + strings.Join(parts, ", ")
	if beside > 0 {
		text += "; " + number(beside) + " beside it for information"
	}
	return text
}

// expectations counts the results of which a spec expects a verdict, and those that are not as expected.
func expectations(r *verdict.Report) (all, unmet int) {
	for i := range r.Results {
		res := &r.Results[i]
		if res.Expected == "" {
			continue
		}
		all++
		if !res.Met() {
			unmet++
		}
	}
	return all, unmet
}

// searched says what was exhausted, or how far a search that was cut short came.
func searched(r *verdict.Result) string {
	s := &r.Stats
	size := count(s.Distinct, "state") + ", " + count(s.Depth, "step") + " deep"
	switch {
	case s.Distinct == 0 && s.Generated > 0:
		return "random runs, " + count(s.Generated, "step") + " in all"
	case s.Exhausted:
		return "every run within the scope and these faults (" + size + ")"
	case r.Minimal:
		return "every run with fewer faults or fewer steps: none breaks it (" + size + ")"
	case r.Verdict == verdict.Violated:
		return "up to this violation; a shorter one may exist (" + size + ")"
	case r.CompleteTo != nil && (r.CompleteTo.Depth > 0 || r.CompleteTo.Faults >= 0) && s.Distinct > 1:
		return "cut short: " + completeTo(r.CompleteTo) + " (" + size + ")"
	}
	return "not every run (" + size + ")"
}

// completeTo says which runs a search that was cut short has covered all the same.
func completeTo(e *verdict.Extent) string {
	deep := fmt.Sprintf("those with %s up to %s", count(e.Faults+1, "fault"), count(e.Depth, "step"))
	switch e.Faults {
	case -1:
		return "only runs without a fault, up to " + count(e.Depth, "step")
	case 0:
		if e.Depth == 0 {
			return "complete are the runs without a fault"
		}
		return "complete are the runs without a fault, and " + deep
	}
	if e.Depth == 0 {
		return "complete are the runs with at most " + count(e.Faults, "fault")
	}
	return fmt.Sprintf("complete are the runs with at most %s, and %s", count(e.Faults, "fault"), deep)
}

// statsLine says what the search did.
func statsLine(r *verdict.Result) string {
	if r.Verdict == verdict.Refused {
		return ""
	}
	s := &r.Stats
	text := fmt.Sprintf("%s distinct, %s generated, depth %d; %.1f s, %s, %s", number(s.Distinct), number(s.Generated),
		s.Depth, s.Seconds, count(s.Workers, "worker"), humanize.IBytes(s.Bytes))
	if s.CollisionProbability > 0 {
		text += fmt.Sprintf("; the chance that a state was missed is below %.0e", s.CollisionProbability)
	}
	return text
}
