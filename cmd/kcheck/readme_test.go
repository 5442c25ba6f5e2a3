package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what kcheck check prints into README.md")

const readme = "../../README.md"

// TestReadme checks that the reports which README.md shows are those that the commands beside them print: the text of
// its first command, and headline and diagram of a Markdown report. Run it with -update to write new ones.
func TestReadme(t *testing.T) {
	data, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	text, _, _ := strings.Cut(printed("check"), "\nOther settings")
	markdown := printed("check", "k50", "--format", "markdown")
	whole := replaced(t, string(data), "```text\n", "\n```", strings.TrimSpace(text))
	for _, piece := range [][2]string{{"\n> **", "**\n"}, {"```mermaid\n", "```\n"}} {
		_, rest, _ := strings.Cut(markdown, piece[0])
		want, _, _ := strings.Cut(rest, piece[1])
		whole = replaced(t, whole, piece[0], piece[1], want)
	}
	if whole == string(data) {
		return
	}
	if !*update {
		t.Errorf("README.md does not show what kcheck check prints (-README +printed):\n%s", cmp.Diff(string(data), whole))
		return
	}
	if err := os.WriteFile(readme, []byte(whole), 0o644); err != nil {
		t.Fatal(err)
	}
}

// printed is what a command writes to standard output.
func printed(args ...string) string {
	var out, errs bytes.Buffer
	execute(context.Background(), args, streams{&out, &errs})
	return out.String()
}

// replaced is a document with another text between the first begin and the end after it.
func replaced(t *testing.T, document, begin, end, text string) string {
	t.Helper()
	before, rest, found := strings.Cut(document, begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("README.md has no %q", begin)
	}
	return before + begin + text + end + after
}
