package report

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// TestBrowser looks at every form as its readers do: HTML in Chromium (stepping, folding, links, keyboard, axe-core),
// Mermaid with the real package, JUnit with a real reader, SARIF against the official schema, a trace of 10,000 steps
// too. It needs what .ci/reports.sh installs.
func TestBrowser(t *testing.T) {
	modules, node, chromium := browserTools(t)
	dir := t.TempDir()
	if keep := os.Getenv("KCHECK_REPORTS"); keep != "" {
		dir = keep
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	reports := map[string]*verdict.Report{"long": longReport(t, 10_000), "hostile": hostile()}
	files, _ := filepath.Glob("testdata/*.json")
	for _, file := range files {
		reports[strings.TrimSuffix(filepath.Base(file), ".json")] = savedReport(t, file)
	}
	beside := savedReport(t, "testdata/story-lost-answer.json").Results[0]
	beside.Spec, beside.Informational = reports["story-acks-1"].Results[0].Spec, true
	tabs := *reports["story-acks-1"]
	tabs.Results = append(slices.Clone(tabs.Results), beside)
	reports["story-tabs"] = &tabs
	for name, report := range reports {
		for format, ext := range map[string]string{"html": "html", "markdown": "md", "junit": "xml", "sarif": "sarif"} {
			if err := os.WriteFile(filepath.Join(dir, name+"."+ext), []byte(written(t, format, report)), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	sarifAgainstSchema(t, modules, dir)
	cmd := exec.Command(node, "testdata/browser/check.mjs", dir)
	cmd.Env = append(os.Environ(), "KCHECK_NODE_MODULES="+modules, "CHROMIUM="+chromium)
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Error(err)
	}
}

// browserTools finds what the test needs, or skips it and says what is missing.
func browserTools(t *testing.T) (modules, node, chromium string) {
	t.Helper()
	const how = "; .ci/reports.sh installs it and runs this test"
	modules = os.Getenv("KCHECK_NODE_MODULES")
	for _, name := range []string{"playwright-core", "axe-core", "mermaid", "junit2json", "@microsoft/jest-sarif"} {
		if _, err := os.Stat(filepath.Join(modules, name)); modules == "" || err != nil {
			t.Skip("the npm package " + name + " is not in KCHECK_NODE_MODULES" + how)
		}
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed" + how)
	}
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return modules, node, path
		}
	}
	t.Skip("chromium is not installed" + how)
	return "", "", ""
}

// sarifAgainstSchema validates the SARIF files against the schema of the standard, which an npm package has.
func sarifAgainstSchema(t *testing.T, modules, dir string) {
	t.Helper()
	found, _ := filepath.Glob(filepath.Join(modules, "@microsoft", "jest-sarif", "lib", "schemas", "sarif-2.1.0*.json"))
	if len(found) == 0 {
		t.Fatal("@microsoft/jest-sarif has no schema")
	}
	data, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	schema := schemaOf(t, "sarif.json", data)
	files, _ := filepath.Glob(filepath.Join(dir, "*.sarif"))
	for _, file := range files {
		document, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		validate(t, schema, filepath.Base(file), document)
	}
}
