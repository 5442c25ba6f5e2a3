package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/report"
)

// measured is what differs from one run to the next: time and memory.
var measured = regexp.MustCompile(`\d+\.\d s|time="[0-9.]+"|\d+(\.\d)? [KMG]iB|"(seconds|bytes)": [0-9.e-]+`)

// TestTraceIsCheck checks for every form that kcheck trace writes, from the saved JSON, the same bytes as the check
// itself did, but for time and memory.
func TestTraceIsCheck(t *testing.T) {
	saved := filepath.Join(t.TempDir(), "result.json")
	for _, spec := range []string{"acks-1-new-leader-lacks-record", "two-replicas-one-down-writes-stop",
		"idempotent-batches-renumbered", "random-transactional-id", "commit-after-processing-crash"} {
		question := []string{"check", spec, "--workers", "1", "--format"}
		if err := os.WriteFile(saved, []byte(printed(append(question, "json")...)), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, format := range report.CheckFormats {
			direct := measured.ReplaceAllString(printed(append(question, format)...), "")
			again := measured.ReplaceAllString(printed("trace", saved, "--format", format), "")
			if direct == "" || direct != again {
				t.Errorf("%s as %s differs (-check +trace):\n%s", spec, format, cmp.Diff(direct, again))
			}
		}
	}
}
