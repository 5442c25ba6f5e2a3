package report

import (
	"flag"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
)

var update = flag.Bool("update", false, "write the golden files")

// TestText renders every saved result and compares it with what a reviewer looked at.
func TestText(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no saved results: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			name := strings.TrimSuffix(file, ".json")
			compareGolden(t, name+".txt", renderFile(t, file, Options{}))
			compareGolden(t, name+".full.txt", renderFile(t, file, Options{Full: true}))
		})
	}
}

// TestTextWidth checks that no line is wider than the terminal, whatever the result, where words allow it.
func TestTextWidth(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.json")
	for _, file := range files {
		for _, l := range strings.Split(renderFile(t, file, Options{Full: true}), "\n") {
			if wrap.Columns(l) > 80 {
				t.Errorf("%s: %d columns: %s", file, wrap.Columns(l), l)
			}
		}
	}
}

// TestColor checks that colour adds escape codes and nothing else.
func TestColor(t *testing.T) {
	plain := renderFile(t, "testdata/violated.json", Options{})
	colored := renderFile(t, "testdata/violated.json", Options{Color: true})
	if !strings.Contains(colored, "\x1b[1;31mVIOLATED\x1b[0m") {
		t.Error("the verdict has no colour")
	}
	if got := stripEscapes(colored); got != plain {
		t.Errorf("without escape codes the coloured text differs:\n%s", cmp.Diff(plain, got))
	}
}

// renderFile is a saved result as text.
func renderFile(t *testing.T, file string, o Options) string {
	t.Helper()
	return documentAs(t, "text", Check(savedReport(t, file)), o)
}

// stripEscapes removes a terminal's escape codes.
func stripEscapes(s string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, "\x1b[")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		_, s, _ = strings.Cut(after, "m")
	}
}
