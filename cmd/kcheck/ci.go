package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/report"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// ciFlags are the flags for continuous integration: what is known and does not count.
type ciFlags struct {
	waiverFile, baselineFile string

	waivers  []waiver
	baseline *verdict.Report
}

// add declares the flags.
func (c *ciFlags) add(fs *pflag.FlagSet) {
	defer headed(fs, ofResult)()
	fs.StringVar(&c.waiverFile, "waivers", "", "`FILE` of violations that are waived, each with a reason and a last day")
	fs.StringVar(&c.baselineFile, "baseline", "", "saved result `OLD.json`: only what got worse than it counts")
}

// read reads the files before any work is done.
func (c *ciFlags) read(s streams) error {
	if c.waiverFile != "" {
		data, err := s.files.configuration(c.waiverFile)
		if err != nil {
			return fmt.Errorf("--waivers: %s: %s", c.waiverFile, plain(err))
		}
		var problems kafkaconf.Problems
		if c.waivers, problems = parseWaivers(c.waiverFile, data); len(problems) > 0 {
			printProblems(s, problems)
			return status(verdict.ExitError)
		}
	}
	if c.baselineFile == "" {
		return nil
	}
	var err error
	if c.baseline, err = readSaved(s, c.baselineFile); err != nil {
		return fmt.Errorf("--baseline: %w", err)
	}
	return nil
}

// apply marks what is waived and compares with the baseline. Waivers that waive nothing are a warning.
func (c *ciFlags) apply(s streams, out *verdict.Report) {
	for i := range c.waivers {
		w := &c.waivers[i]
		used := false
		for j := range out.Results {
			used = w.apply(&out.Results[j], today()) || used
		}
		if !used {
			p := kafkaconf.Problem{File: c.waiverFile, Line: w.at.Line, Column: w.at.Column, Key: w.Guarantee,
				Message: "waives nothing that was found; take it out", Severity: kafkaconf.Warning}
			out.Problems = append(out.Problems, p)
			printProblems(s, []verdict.Problem{p})
		}
	}
	for i := range out.Results {
		if w := out.Results[i].Waived; w != nil && w.Expired {
			say(s.err, "%s: the waiver of %s%s expired on %s: %s", c.waiverFile, out.Results[i].Guarantee,
				forSpec(&out.Results[i]), w.Expires, w.Reason)
		}
	}
	if c.baseline != nil {
		out.Compare(c.baseline)
	}
}

// forSpec names the spec of a result in a sentence.
func forSpec(r *verdict.Result) string {
	if r.Spec == "" {
		return ""
	}
	return " for " + r.Spec
}

// today is the date by which waivers expire. Tests set another.
var today = func() string { return time.Now().UTC().Format(time.DateOnly) }

// announce tells GitHub Actions, where the command runs in it, what was found: annotations at the lines of the
// configuration, and the report in the summary of the job.
func announce(s streams, out *verdict.Report, document *report.Document) {
	if os.Getenv("GITHUB_ACTIONS") == "true" {
		for _, line := range report.Annotations(out) {
			fmt.Fprintln(s.err, line)
		}
	}
	if file := os.Getenv("GITHUB_STEP_SUMMARY"); file != "" {
		if err := summarize(file, document); err != nil {
			say(s.err, "kcheck: the job summary could not be written: %s", plain(err))
		}
	}
}

// maxSummary is what GitHub takes as the summary of a step; above it the upload fails.
const maxSummary = 1 << 20

// summarize appends the report to the summary of the job.
func summarize(file string, document *report.Document) error {
	var b strings.Builder
	if err := document.Write(&b, "markdown", report.Options{}); err != nil {
		return err
	}
	text := b.String() + "\n"
	if info, err := os.Stat(file); err == nil && info.Size()+int64(len(text)) > maxSummary {
		text = "\n> The report of kcheck does not fit into this summary; the log has it.\n"
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	if _, err := f.WriteString(text); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
