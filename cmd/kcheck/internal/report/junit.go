package report

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// The JUnit form: one suite, one case for each result. A violation that counts is a failure; what could not be decided,
// or what Kafka would refuse, is an error; a waived violation is skipped.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Time     string      `xml:"time,attr"`
		Cases    []junitCase `xml:"testcase"`
		Err      string      `xml:"system-err,omitempty"`
	}
	junitCase struct {
		Class   string     `xml:"classname,attr"`
		Name    string     `xml:"name,attr"`
		File    string     `xml:"file,attr,omitempty"`
		Time    string     `xml:"time,attr"`
		Failure *junitText `xml:"failure"`
		Error   *junitText `xml:"error"`
		Skipped *junitText `xml:"skipped"`
		Out     string     `xml:"system-out,omitempty"`
	}
	junitText struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",cdata"`
	}
)

// writeJUnit writes the report for the test views of CI systems.
func writeJUnit(w io.Writer, r *verdict.Report, _ Options) error {
	suite := junitSuite{Name: "kcheck", Cases: []junitCase{}}
	seconds := 0.0
	for i := range r.Results {
		c := junitResult(&r.Results[i])
		suite.count(&c)
		suite.Cases = append(suite.Cases, c)
		seconds += r.Results[i].Stats.Seconds
	}
	for _, p := range r.Problems {
		suite.Err += printable(p.String()) + "\n"
		if p.Severity.String() == "error" {
			c := junitCase{Class: cmp.Or(printable(p.File), "kcheck"), Name: "input", Time: "0",
				Error: &junitText{Message: printable(p.String()), Type: "input"}}
			suite.count(&c)
			suite.Cases = append(suite.Cases, c)
		}
	}
	suite.Time = fmt.Sprintf("%.3f", seconds)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	all := junitSuites{Name: "kcheck " + printable(r.Kcheck), Tests: suite.Tests, Failures: suite.Failures,
		Errors: suite.Errors, Suites: []junitSuite{suite}}
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// count adds a case to the totals.
func (s *junitSuite) count(c *junitCase) {
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
}

// junitResult is one result as a test case.
func junitResult(r *verdict.Result) junitCase {
	c := junitCase{Class: cmp.Or(printable(nameOf(r)), "kcheck"), Name: printable(r.Guarantee), File: printable(r.Spec),
		Time: fmt.Sprintf("%.3f", r.Stats.Seconds)}
	text := &junitText{Message: printable(headlineOf(r)), Type: string(r.Verdict), Text: printable(plainStory(r))}
	switch {
	case r.Waived != nil && !r.Waived.Expired && r.Verdict == verdict.Violated:
		c.Skipped = &junitText{Message: printable("waived " + waived(r.Waived))}
	case r.Exit() == verdict.ExitHolds:
		c.Out = strings.TrimSpace(text.Message + " " + standingText(r))
	case r.Exit() == verdict.ExitViolated:
		if r.Expected != "" {
			text.Message += " Expected: " + string(r.Expected) + "."
		}
		text.Message = strings.TrimSpace(text.Message + " " + standingText(r))
		c.Failure = text
	default:
		c.Error = text
	}
	return c
}

// plainStory is the counterexample as plain text, one step a line, with what made it possible.
func plainStory(r *verdict.Result) string {
	var b strings.Builder
	for i := range r.Steps {
		s := &r.Steps[i]
		mark := ""
		if s.Fault {
			mark = "FAULT " + s.Kind + ": "
		}
		fmt.Fprintf(&b, "%d. %s%s", s.N, mark, sentence(toldText(s)))
		for _, c := range cited(r, s) {
			b.WriteString(" [" + citation(c) + "]")
		}
		b.WriteByte('\n')
	}
	for _, f := range r.Fates {
		b.WriteString(f + "\n")
	}
	if r.Reproduce != "" {
		b.WriteString("Reproduce: " + r.Reproduce + "\n")
	}
	return b.String()
}
