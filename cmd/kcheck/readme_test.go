package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what kcheck check prints into README.md")

const readme = "../../README.md"

// TestReadme checks that the counterexample which README.md shows is the one that its first command prints. Run it with
// -update to write a new one.
func TestReadme(t *testing.T) {
	data, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	execute(context.Background(), []string{"check"}, streams{&out, &errs})
	story, _, _ := strings.Cut(out.String(), "\nOther settings")
	before, rest, _ := strings.Cut(string(data), "```text\n")
	shown, after, found := strings.Cut(rest, "\n```")
	if !found {
		t.Fatal("README.md shows no counterexample")
	}
	if strings.TrimSpace(story) == shown {
		return
	}
	if !*update {
		t.Errorf("README.md does not show what kcheck check prints:\n%s", story)
		return
	}
	whole := before + "```text\n" + strings.TrimSpace(story) + "\n```" + after
	if err := os.WriteFile(readme, []byte(whole), 0o644); err != nil {
		t.Fatal(err)
	}
}
