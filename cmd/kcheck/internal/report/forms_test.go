package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// savedReport reads a saved result.
func savedReport(t testing.TB, file string) *verdict.Report {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	report, err := Read("result.json", data)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return report
}

// written is a report in a form.
func written(t testing.TB, format string, r *verdict.Report) string {
	t.Helper()
	return documentAs(t, format, Check(r), Options{})
}

// documentAs is a document in a form.
func documentAs(t testing.TB, format string, d *Document, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := d.Write(&b, format, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestGolden compares every form of the saved stories with what a reviewer looked at. Run it with -update to write them.
func TestGolden(t *testing.T) {
	files, _ := filepath.Glob("testdata/story-*.json")
	if len(files) < 4 {
		t.Fatalf("only %d stories", len(files))
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		for format, ext := range map[string]string{"markdown": "md", "junit": "xml", "sarif": "sarif", "dot": "dot", "svg": "svg", "html": "html"} {
			if (format == "html" || format == "svg") && name != "story-acks-1" {
				continue
			}
			t.Run(name+"."+ext, func(t *testing.T) {
				compareGolden(t, filepath.Join("testdata", "golden", name+"."+ext), withoutAssets(written(t, format, savedReport(t, file))))
			})
		}
	}
}

// assets are the style and the script of a page, which stand in it whole.
var assets = regexp.MustCompile(`(?s)<style>.*?</style>|<script>.*?</script>`)

// withoutAssets is a page without style and script: a golden file is about what the page says.
func withoutAssets(page string) string { return assets.ReplaceAllString(page, "<!-- cut -->") }

// compareGolden compares with a golden file, or writes it.
func compareGolden(t *testing.T, golden, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", golden, diff)
	}
}

// evil wants to break out of every form.
const evil = "</script><img src=x onerror=alert(1)> | `end` end; #1 %% \"q\" 'a' ]]> \x00\x1b[31m\n::error::x\n- ::error::x ##[error] \\ ``` {{.}} ü\u2028\u202e\u009b31m"

// hostile is a report in which everything that a user can write wants to break out of its form.
func hostile() *verdict.Report {
	r := verdict.NewReport()
	r.Problems = []verdict.Problem{{File: evil, Line: 1, Column: 2, Key: evil, Message: evil}}
	r.Actions = map[string]verdict.Action{evil: {Summary: evil, Guard: evil, Abstracts: evil, Source: evil}}
	step := verdict.Step{N: 1, Action: evil, Actor: evil, Text: evil, Settings: []string{evil}, Kind: evil,
		Changes: []verdict.Change{{What: evil, Before: evil, After: evil}}, Signal: &verdict.Signal{From: evil, To: "end", Label: evil}}
	fault := step
	fault.N, fault.Fault, fault.Signal = 2, true, &verdict.Signal{From: "end", Label: evil}
	lost := step
	lost.N, lost.Signal = 3, &verdict.Signal{From: "end", To: evil, Label: evil, Lost: true}
	r.Results = []verdict.Result{{Spec: evil, About: evil, Guarantee: evil, Verdict: verdict.Violated, Reason: evil,
		Headline: evil, Reproduce: evil, Steps: []verdict.Step{step, fault, lost}, Lanes: []string{evil, "end"},
		Settings: []verdict.Setting{{Key: evil, Value: evil, Source: "a b/ü?.yaml:3:4", Read: true}}, Notes: []string{evil},
		Faults: map[string]int{evil: 2}, Budget: map[string]int{}, Fates: []string{evil}, Initial: []verdict.Value{{What: evil, Value: evil}},
		Ledger: &verdict.Ledger{Columns: []verdict.Column{{Key: evil, Title: evil, Note: evil}},
			Rows: []verdict.Row{{Message: evil, Broken: true, Cells: [][]verdict.Entry{{{Step: 1, Value: evil}}}}}},
		Branch: &verdict.Branch{Shared: 1, Latest: true, Steps: []verdict.Step{step}, Fates: []string{evil}},
		Waived: &verdict.Waiver{Reason: evil, Expires: evil, Expired: true},
	}}
	return r
}

// withoutCode is a Markdown text without its pieces of code, in which nothing has a meaning: what stands between two
// runs of as many backticks.
func withoutCode(text string) string {
	var b strings.Builder
	runs := regexp.MustCompile("`+").FindAllStringIndex(text, -1)
	at := 0
	for i := 0; i < len(runs); i++ {
		if runs[i][0] < at || runs[i][0] > 0 && text[runs[i][0]-1] == '\\' {
			continue
		}
		for _, end := range runs[i+1:] {
			if end[1]-end[0] == runs[i][1]-runs[i][0] {
				b.WriteString(text[at:runs[i][0]])
				at = end[1]
				break
			}
		}
	}
	return b.String() + text[at:]
}

// TestHostile checks that nothing that a user writes breaks out of a form.
func TestHostile(t *testing.T) {
	for _, format := range CheckFormats {
		got := written(t, format, hostile())
		switch format {
		case "html":
			if strings.Contains(got, "<img") || strings.Count(got, "</script>") != 2 {
				t.Error("html: something broke out")
			}
		case "markdown":
			if strings.Contains(withoutCode(got), "<img") || strings.Contains(withoutCode(got), "\n- ::error") {
				t.Errorf("markdown: something broke out:\n%s", withoutCode(got))
			}
		case "junit":
			if err := xml.Unmarshal([]byte(got), new(any)); err != nil {
				t.Errorf("junit: %v", err)
			}
		case "sarif", "json":
			if !json.Valid([]byte(got)) {
				t.Errorf("%s: no JSON", format)
			}
		case "text":
			checkHarmless(t, "check", got)
		case "dot":
			if strings.Contains(got, "\x00") {
				t.Error("dot: a control character")
			}
		}
	}
	for _, line := range Annotations(hostile()) {
		if strings.Contains(line, "\n") || strings.Count(line, "::") < 2 || !strings.HasPrefix(line, "::") {
			t.Errorf("an annotation that is no single command: %q", line)
		}
	}
}

// TestSinglePage checks that the page refers to nothing outside itself.
func TestSinglePage(t *testing.T) {
	got := written(t, "html", savedReport(t, "testdata/story-acks-1.json"))
	for _, bad := range []string{"http://", "https://", "src=", "<link", "@import", "url(", "fetch(", "XMLHttpRequest"} {
		if strings.Contains(got, bad) {
			t.Errorf("the page has %s", bad)
		}
	}
	if !strings.Contains(got, "default-src 'none'") {
		t.Error("the page has no content security policy")
	}
}

// longReport is a counterexample of n steps.
func longReport(t testing.TB, n int) *verdict.Report {
	t.Helper()
	r := savedReport(t, "testdata/story-acks-1.json")
	res := &r.Results[0]
	base := res.Steps
	res.Steps, res.Minimal = nil, false
	for i := range n {
		s := base[i%len(base)]
		s.N = i + 1
		s.Strong = i%3 != 0
		res.Steps = append(res.Steps, s)
	}
	for i := range res.Ledger.Rows[0].Cells {
		cell := &res.Ledger.Rows[0].Cells[i]
		for step := 1; step < n && i < 3; step += 2 { // a log that is truncated again and again
			*cell = append(*cell, verdict.Entry{Step: step, Value: []string{"", "@0"}[step/2%2]})
		}
	}
	return r
}

// TestLong puts a trace of 10,000 steps through every form: it stays within the limits of those who read it, and what
// is left out is named.
func TestLong(t *testing.T) {
	r := longReport(t, 10_000)
	md := written(t, "markdown", r)
	if len(md) >= 65_536 {
		t.Errorf("markdown: %d bytes are too many for a comment", len(md))
	}
	checkDiagrams(t, md)
	for _, want := range []string{"left out here", "Steps 1 to 40", "--format html"} {
		if !strings.Contains(md, want) {
			t.Errorf("markdown does not say %q", want)
		}
	}
	html := written(t, "html", r)
	for _, n := range []int{1, 5000, 10_000} {
		if !strings.Contains(html, fmt.Sprintf(`id="step-%d"`, n)) {
			t.Errorf("html lacks step %d", n)
		}
	}
	sarif := written(t, "sarif", r)
	if n := strings.Count(sarif, `"executionOrder"`); n > maxSarifLocations || !strings.Contains(sarif, "are left out here") {
		t.Errorf("sarif: %d locations, or nothing said of the others", n)
	}
	for format, want := range map[string]string{"text": "10000", "junit": "10000. ", "dot": "r0_10000", "json": `"n": 10000`} {
		if !strings.Contains(written(t, format, r), want) {
			t.Errorf("%s lacks the last step", format)
		}
	}
}

// checkDiagrams checks the size of every Mermaid diagram.
func checkDiagrams(t *testing.T, md string) {
	t.Helper()
	parts := strings.Split(md, "```mermaid\n")
	for _, p := range parts[1:] {
		d, _, closed := strings.Cut(p, "\n```")
		if !closed || len(d) >= 50_000 {
			t.Errorf("a diagram of %d characters (closed: %v)", len(d), closed)
		}
	}
}

// TestMany puts 300 results through every form.
func TestMany(t *testing.T) {
	r := savedReport(t, "testdata/story-acks-1.json")
	one := r.Results[0]
	r.Results = nil
	for i := range 300 {
		res := one
		res.Spec = fmt.Sprintf("specs/%d.yaml", i)
		if i%2 == 0 {
			res.Expected = verdict.Holds
		} else {
			res.Expected = verdict.Violated
		}
		r.Results = append(r.Results, res)
	}
	md := written(t, "markdown", r)
	if len(md) >= 65_536 || !strings.Contains(md, "did not fit in full") || !strings.Contains(md, "specs/298.yaml") {
		t.Errorf("markdown: %d bytes, or results are lost", len(md))
	}
	for _, format := range CheckFormats {
		written(t, format, r)
	}
}
