package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strconv"
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
	claim := cmp.Or(r.Claim, r.Guarantee)
	return sarifRule{ID: r.Guarantee, Name: camel(r.Guarantee),
		Short: sarifMessage{Text: sentence(claim)},
		Full:  sarifMessage{Text: "The guarantee " + r.Guarantee + " holds when " + claim + "."},
		Help: sarifMessage{Text: "kcheck explain " + r.Guarantee + " says what the guarantee means and where it comes from.",
			Markdown: "**" + mdText(r.Guarantee) + "**: " + mdText(sentence(claim)) + "\n\n" +
				"- " + mdCode("kcheck explain "+r.Guarantee) + " says what the guarantee means and where it comes from.\n" +
				"- " + mdCode("kcheck repair FILE") + " lists the cheapest changes under which it holds.\n" +
				"- " + mdCode("kcheck resilience FILE") + " lists all sets of faults that break it."},
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
	if r.Informational {
		out.Level = "note"
	}
	if r.Waived != nil && !r.Waived.Expired {
		out.Suppressions = []sarifSuppression{{Kind: "external", Justification: r.Waived.Reason + ", until " + r.Waived.Expires}}
	}
	if r.Compared != "" {
		out.BaselineState = map[verdict.Comparison]string{verdict.New: "new", verdict.AsBefore: "unchanged",
			verdict.Better: "updated", verdict.Worse: "updated"}[r.Compared]
	}
	out.Fixes = sarifFixes(r)
	if len(r.Steps) > 0 {
		out.CodeFlows = []sarifFlow{{Threads: []sarifThread{{Locations: flowOf(r, main)}}}}
	}
	return out
}

// sarifText is the message of a result: the headline, and what it takes.
func sarifText(r *verdict.Result) string {
	text := strings.ToUpper(string(r.Verdict)) + ": " + headlineOf(r)
	if fix := fixText(r); fix != "" {
		text += " Fix: " + fix
	}
	if r.Verdict == verdict.Violated {
		text += fmt.Sprintf(" It takes %s and %s.", verdict.FaultSet(r.Faults), count(len(r.Steps), "step"))
	}
	if standing := standingText(r); standing != "" {
		text += " " + standing
	}
	if r.Reproduce != "" {
		text += " Reproduce: " + r.Reproduce
	}
	return text
}

// flowOf leads through the steps, each at the line of the setting that made it possible, or else at the place of the
// result. Of a trace that is too long for GitHub the middle is left out, and a location says so.
func flowOf(r *verdict.Result, main place) []sarifThreadLocation {
	head, middle, tail := ends(r.Steps, maxSarifLocations/2-1)
	var list []sarifThreadLocation
	add := func(s *verdict.Step) {
		at, text := main, fmt.Sprintf("%d. %s", s.N, sentence(toldText(s)))
		for _, c := range cited(r, s) {
			if p, ok := placeOf(c.Source); ok {
				at = p
				text += " Made possible by " + c.Key + "=" + verdict.Readable(c.Key, c.Value) + "."
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
	sum := sha256.Sum256([]byte(nameOf(r) + "\x00" + r.Guarantee + "\x00" + mainPlace(r).file))
	return hex.EncodeToString(sum[:16])
}

// sarifProblems says whether the run went well, with what was wrong with the input.
func sarifProblems(r *verdict.Report, left int) sarifInvocation {
	inv := sarifInvocation{Successful: true, Notifications: []sarifNotification{}}
	for _, p := range r.Problems {
		n := sarifNotification{Level: "warning", Message: sarifMessage{Text: cmp.Or(p.String(), "a problem")}}
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

// uriOf is a file name as a relative reference; as a whole URI with a drive letter, which would be taken for a scheme.
func uriOf(file string) string {
	file = strings.TrimPrefix(strings.ReplaceAll(file, "\\", "/"), "./")
	if drive, path, found := strings.Cut(file, ":/"); found && len(drive) == 1 {
		return "file:///" + drive + ":/" + uriOf(path)
	}
	parts := strings.Split(file, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return strings.Join(parts, "/")
}

// The part of SARIF 2.1.0 that kcheck writes.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		ColumnKind  string            `json:"columnKind"`
		Results     []sarifResult     `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name            string      `json:"name"`
		Version         string      `json:"version,omitempty"`
		SemanticVersion string      `json:"semanticVersion,omitempty"`
		InformationURI  string      `json:"informationUri"`
		Rules           []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID         string         `json:"id"`
		Name       string         `json:"name"`
		Short      sarifMessage   `json:"shortDescription"`
		Full       sarifMessage   `json:"fullDescription"`
		Help       sarifMessage   `json:"help"`
		Properties map[string]any `json:"properties"`
	}
	sarifMessage struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifFix struct {
		Description sarifMessage  `json:"description"`
		Changes     []sarifChange `json:"artifactChanges"`
	}
	sarifChange struct {
		Artifact     sarifArtifact      `json:"artifactLocation"`
		Replacements []sarifReplacement `json:"replacements"`
	}
	sarifReplacement struct {
		Deleted  sarifRegion  `json:"deletedRegion"`
		Inserted sarifMessage `json:"insertedContent"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Notifications []sarifNotification `json:"toolExecutionNotifications"`
	}
	sarifNotification struct {
		Level     string          `json:"level"`
		Message   sarifMessage    `json:"message"`
		Locations []sarifLocation `json:"locations,omitempty"`
	}
	sarifResult struct {
		RuleID        string             `json:"ruleId"`
		Level         string             `json:"level"`
		Message       sarifMessage       `json:"message"`
		Locations     []sarifLocation    `json:"locations"`
		Fingerprints  map[string]string  `json:"partialFingerprints"`
		CodeFlows     []sarifFlow        `json:"codeFlows,omitempty"`
		Fixes         []sarifFix         `json:"fixes,omitempty"`
		Suppressions  []sarifSuppression `json:"suppressions,omitempty"`
		BaselineState string             `json:"baselineState,omitempty"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Justification string `json:"justification"`
	}
	sarifFlow struct {
		Threads []sarifThread `json:"threadFlows"`
	}
	sarifThread struct {
		Locations []sarifThreadLocation `json:"locations"`
	}
	sarifThreadLocation struct {
		Location   sarifLocation `json:"location"`
		Importance string        `json:"importance"`
		Order      int           `json:"executionOrder"`
	}
	sarifLocation struct {
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Message  *sarifMessage  `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	}
)

// place is a place in a file.
type place struct {
	file         string
	line, column int
}

// placeOf reads the source of a setting; false for one that is no place in a file.
func placeOf(source string) (place, bool) {
	parts := strings.Split(source, ":")
	if len(parts) < 3 {
		return place{}, false
	}
	n := len(parts)
	line, err := strconv.Atoi(parts[n-2])
	column, err2 := strconv.Atoi(parts[n-1])
	if err != nil || err2 != nil || line < 1 {
		return place{}, false
	}
	return place{strings.Join(parts[:n-2], ":"), line, max(column, 0)}, true
}

// mainPlace is where a result belongs: at its cause, where that stands in a file, else at the first setting of a step that stands in a file, else at the first setting
// that does, else at the beginning of the spec.
func mainPlace(r *verdict.Result) place {
	for _, c := range r.Cause {
		if p, ok := placeOf(c.Source); ok {
			return p
		}
	}
	for i := range r.Steps {
		for _, c := range cited(r, &r.Steps[i]) {
			if p, ok := placeOf(c.Source); ok {
				return p
			}
		}
	}
	for _, s := range r.Settings {
		if p, ok := placeOf(s.Source); ok {
			return p
		}
	}
	return place{cmp.Or(r.Spec, "kcheck"), 1, 1}
}

// physical is the place as SARIF has it.
func (p place) physical() *sarifPhysical {
	return &sarifPhysical{sarifArtifact{uriOf(p.file)}, sarifRegion{StartLine: max(p.line, 1), StartColumn: max(p.column, 0)}}
}

// location is the place with a message.
func (p place) location(text string) sarifLocation {
	l := sarifLocation{Physical: p.physical()}
	if text != "" {
		l.Message = &sarifMessage{Text: text}
	}
	return l
}
