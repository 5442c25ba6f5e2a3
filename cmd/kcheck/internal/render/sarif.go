package render

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// What GitHub takes of a SARIF file: results in a run, and locations in the code flow of a result (it takes 10,000 and
// shows 1,000).
const (
	maxSarifResults   = 5_000
	maxSarifLocations = 1_000
)

// writeSARIF writes the results that count against a configuration as SARIF 2.1.0. The code flow of a result leads
// through the lines of the configuration that made its steps possible.
func writeSARIF(w io.Writer, r *verdict.Report, _ Options) error {
	run := sarifRun{
		Tool: sarifTool{Driver: sarifDriver{Name: "kcheck", Version: r.Kcheck, SemanticVersion: r.Kcheck,
			InformationURI: "https://github.com/kcheck/kcheck", Rules: []sarifRule{}}},
		ColumnKind: "unicodeCodePoints",
		Results:    []sarifResult{},
	}
	left := 0
	rules := map[string]sarifRule{}
	for i := range r.Results {
		res := &r.Results[i]
		if res.Verdict == verdict.Holds || res.Met() {
			continue
		}
		if len(run.Results) == maxSarifResults {
			left++
			continue
		}
		rules[res.Guarantee] = ruleOf(res)
		run.Results = append(run.Results, sarifOf(res))
	}
	for _, id := range slices.Sorted(maps.Keys(rules)) {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, rules[id])
	}
	run.Invocations = []sarifInvocation{sarifProblems(r, left)}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(sarifLog{Version: "2.1.0", Schema: "https://json.schemastore.org/sarif-2.1.0.json", Runs: []sarifRun{run}})
}

// ruleOf is a guarantee as a rule.
func ruleOf(r *verdict.Result) sarifRule {
	claim := orElse(r.Claim, r.Guarantee)
	return sarifRule{ID: r.Guarantee, Name: camel(r.Guarantee),
		Short:      sarifMessage{Text: sentence(claim)},
		Full:       sarifMessage{Text: "The guarantee " + r.Guarantee + " holds when " + claim + "."},
		Help:       sarifMessage{Text: "kcheck explain " + r.Guarantee + " says what the guarantee means and where it comes from."},
		Properties: map[string]any{"tags": []string{"kafka", "delivery"}, "precision": "very-high"}}
}

// camel writes a name as rules have it: AtLeastOnce.
func camel(name string) string {
	var b strings.Builder
	for _, word := range strings.Split(name, "-") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}

// sarifOf is one result.
func sarifOf(r *verdict.Result) sarifResult {
	main := mainPlace(r)
	out := sarifResult{RuleID: r.Guarantee, Level: "error", Message: sarifMessage{Text: sarifText(r)},
		Locations:    []sarifLocation{main.location("")},
		Fingerprints: map[string]string{"kcheck/v1": fingerprint(r)},
	}
	if r.Verdict == verdict.Inconclusive || r.Verdict == verdict.Vacuous {
		out.Level = "warning"
	}
	if r.Waived != nil && !r.Waived.Expired {
		out.Suppressions = []sarifSuppression{{Kind: "external", Justification: r.Waived.Reason + ", until " + r.Waived.Expires}}
	}
	if r.Compared != "" {
		out.BaselineState = map[verdict.Comparison]string{verdict.New: "new", verdict.AsBefore: "unchanged",
			verdict.Better: "updated", verdict.Worse: "updated"}[r.Compared]
	}
	if len(r.Steps) > 0 {
		out.CodeFlows = []sarifFlow{{Threads: []sarifThread{{Locations: flowOf(r, main)}}}}
	}
	return out
}

// sarifText is the message of a result: the headline, and what it takes.
func sarifText(r *verdict.Result) string {
	text := strings.ToUpper(string(r.Verdict)) + ": " + headlineOf(r)
	if r.Verdict == verdict.Violated {
		text += fmt.Sprintf(" It takes %s and %s.", faultsOrNone(r.Faults), count(uint64(len(r.Steps)), "step"))
	}
	if r.Reproduce != "" {
		text += " Reproduce: " + r.Reproduce
	}
	return text
}

// faultsOrNone writes the faults of a counterexample in a sentence.
func faultsOrNone(set map[string]int) string {
	if len(set) == 0 {
		return "no fault"
	}
	return faultWords(set)
}

// flowOf leads through the steps, each at the line of the setting that made it possible, or else at the place of the
// result. Of a trace that is too long for GitHub the middle is left out, and a location says so.
func flowOf(r *verdict.Result, main place) []sarifThreadLocation {
	head, middle, tail := ends(r.Steps, maxSarifLocations/2-1)
	var list []sarifThreadLocation
	add := func(s *verdict.Step) {
		at, text := main, fmt.Sprintf("%d. %s", s.N, sentence(s.Text))
		for _, c := range cited(r, s) {
			if p, ok := placeOf(c.Source); ok {
				at = p
				text += " Made possible by " + c.Key + "=" + c.Value + "."
				break
			}
		}
		list = append(list, sarifThreadLocation{Location: at.location(text), Importance: importance(r, s), Order: len(list)})
	}
	for i := range head {
		add(&head[i])
	}
	if len(middle) > 0 {
		text := fmt.Sprintf("Steps %d to %d are left out here; kcheck trace RESULT.json --format html shows them.",
			middle[0].N, middle[len(middle)-1].N)
		list = append(list, sarifThreadLocation{Location: main.location(text), Importance: "essential", Order: len(list)})
	}
	for i := range tail {
		add(&tail[i])
	}
	return list
}

// importance says how much a step matters.
func importance(r *verdict.Result, s *verdict.Step) string {
	switch {
	case isFaint(r, s):
		return "unimportant"
	case s.Fault:
		return "essential"
	}
	return "important"
}

// fingerprint names a result so that GitHub knows it again when lines move.
func fingerprint(r *verdict.Result) string {
	sum := sha256.Sum256([]byte(r.Spec + "\x00" + r.Guarantee + "\x00" + mainPlace(r).file))
	return hex.EncodeToString(sum[:16])
}

// sarifProblems says whether the run went well, with what was wrong with the input.
func sarifProblems(r *verdict.Report, left int) sarifInvocation {
	inv := sarifInvocation{Successful: true, Notifications: []sarifNotification{}}
	for _, p := range r.Problems {
		n := sarifNotification{Level: "warning", Message: sarifMessage{Text: orElse(p.String(), "a problem")}}
		if p.Severity.String() == "error" {
			n.Level, inv.Successful = "error", false
		}
		if p.File != "" && p.Line > 0 {
			n.Locations = []sarifLocation{{Physical: place{p.File, p.Line, p.Column}.physical()}}
		}
		inv.Notifications = append(inv.Notifications, n)
	}
	if left > 0 {
		inv.Notifications = append(inv.Notifications, sarifNotification{Level: "warning",
			Message: sarifMessage{Text: fmt.Sprintf("%d further results are left out: GitHub shows %d in a run.", left, maxSarifResults)}})
	}
	return inv
}

// uriOf is a file name as a relative reference.
func uriOf(file string) string {
	file = strings.TrimPrefix(strings.ReplaceAll(file, "\\", "/"), "./")
	parts := strings.Split(file, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return strings.Join(parts, "/")
}
