package render

import (
	"strconv"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

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
		Text string `json:"text"`
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

// mainPlace is where a result belongs: at the first setting of a step that stands in a file, else at the first setting
// that does, else at the beginning of the spec.
func mainPlace(r *verdict.Result) place {
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
	return place{orElse(r.Spec, "kcheck"), 1, 1}
}

// physical is the place as SARIF has it.
func (p place) physical() *sarifPhysical {
	return &sarifPhysical{sarifArtifact{uriOf(p.file)}, sarifRegion{max(p.line, 1), max(p.column, 0)}}
}

// location is the place with a message.
func (p place) location(text string) sarifLocation {
	l := sarifLocation{Physical: p.physical()}
	if text != "" {
		l.Message = &sarifMessage{text}
	}
	return l
}
