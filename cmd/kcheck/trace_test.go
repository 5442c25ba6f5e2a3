package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/render"
)

// measured is what differs from one run to the next: time and memory.
var measured = regexp.MustCompile(`\d+\.\d s|time="[0-9.]+"|\d+(\.\d)? [KMG]iB|"(seconds|bytes)": [0-9.e-]+`)

// TestTraceIsCheck checks for every form that kcheck trace writes, from the saved JSON, the same bytes as the check
// itself did, but for time and memory.
func TestTraceIsCheck(t *testing.T) {
	saved := filepath.Join(t.TempDir(), "result.json")
	for _, spec := range []string{"k4", "k29", "k9b", "k51", "q11-idempotent"} {
		question := []string{"check", spec, "--workers", "1", "--format"}
		if err := os.WriteFile(saved, output(t, append(question, "json")), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, format := range render.Formats() {
			direct := measured.ReplaceAll(output(t, append(question, format)), nil)
			again := measured.ReplaceAll(output(t, []string{"trace", saved, "--format", format}), nil)
			if len(direct) == 0 || !bytes.Equal(direct, again) {
				t.Errorf("%s as %s differs (-check +trace):\n%s", spec, format, cmp.Diff(string(direct), string(again)))
			}
		}
	}
}

// output is what a command writes to standard output.
func output(t *testing.T, args []string) []byte {
	t.Helper()
	var out, errs bytes.Buffer
	if code := execute(context.Background(), args, streams{&out, &errs}); code == 2 {
		t.Fatalf("%v: %s", args, &errs)
	}
	return out.Bytes()
}
