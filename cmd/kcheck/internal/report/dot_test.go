package report

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// TestGraphviz has Graphviz read the graphs and count what is in them: of a story, of a trace of 10,000 steps, and of
// what wants to break out.
func TestGraphviz(t *testing.T) {
	tool, err := exec.LookPath("gc")
	if err != nil {
		t.Skip("graphviz is not installed, so no graph is read by it")
	}
	for name, report := range map[string]*verdict.Report{"story": savedReport(t, "testdata/story-acks-1.json"),
		"long": longReport(t, 10_000), "hostile": hostile(), "nothing": verdict.NewReport()} {
		nodes, edges := 0, 0
		for _, r := range report.Results {
			steps := len(r.Steps) + len(r.Branch.Steps)
			nodes, edges = nodes+steps+1, edges+steps
		}
		cmd := exec.Command(tool, "-n", "-e")
		cmd.Stdin = strings.NewReader(written(t, "dot", report))
		out, err := cmd.CombinedOutput()
		if got := strings.Join(strings.Fields(string(out)), " "); err != nil || !strings.HasPrefix(got, fmt.Sprint(nodes, " ", edges, " kcheck")) {
			t.Errorf("%s: %v: %d nodes and %d edges became %.300s", name, err, nodes, edges, got)
		}
	}
}
