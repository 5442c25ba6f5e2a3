package report

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// maxAnnotations is how many annotations are written; GitHub shows ten of each kind for a step.
const maxAnnotations = 50

// Annotations are the workflow commands by which GitHub Actions shows results and problems at the lines of the
// configuration. What does not count, such as a waived violation, is a notice.
func Annotations(r *verdict.Report) []string {
	var lines []string
	for i := range r.Results {
		res := &r.Results[i]
		kind := "error"
		switch {
		case res.Informational && res.Verdict == verdict.Violated:
			kind = "notice"
		case res.Exit() == verdict.ExitInconclusive:
			kind = "warning"
		case res.Exit() == verdict.ExitHolds && res.Verdict == verdict.Violated && standingText(res) != "":
			kind = "notice"
		case res.Exit() == verdict.ExitHolds:
			continue
		}
		text := headlineOf(res)
		if res.Verdict == verdict.Violated {
			text += fmt.Sprintf(" It takes %s and %s.", verdict.FaultSet(res.Faults), count(len(res.Steps), "step"))
		}
		if standing := standingText(res); standing != "" {
			text += " " + standing
		}
		if res.Reproduce != "" {
			text += "\nReproduce: " + res.Reproduce
		}
		lines = append(lines, annotation(kind, mainPlace(res), "kcheck: "+string(res.Verdict)+" "+res.Guarantee, text))
	}
	for _, p := range r.Problems {
		kind := "error"
		if p.Severity.String() == "warning" {
			kind = "warning"
		}
		lines = append(lines, annotation(kind, place{p.File, p.Line, p.Column}, "kcheck: "+cmp.Or(p.Key, "input"), p.Message))
	}
	if n := len(lines) - maxAnnotations; n > 0 {
		lines = append(lines[:maxAnnotations], annotation("warning", place{}, "kcheck",
			fmt.Sprintf("%d further findings are in the report", n)))
	}
	return lines
}

// annotation is one workflow command.
func annotation(kind string, at place, title, text string) string {
	var properties []string
	if at.file != "" {
		properties = append(properties, "file="+commandProperty(at.file))
		if at.line > 0 {
			properties = append(properties, fmt.Sprintf("line=%d", at.line))
		}
		if at.column > 0 {
			properties = append(properties, fmt.Sprintf("col=%d", at.column))
		}
	}
	properties = append(properties, "title="+commandProperty(title))
	return "::" + kind + " " + strings.Join(properties, ",") + "::" + commandText(text)
}

// commandText escapes the message of a workflow command.
func commandText(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// commandProperty escapes a property of a workflow command.
func commandProperty(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(commandText(s))
}
