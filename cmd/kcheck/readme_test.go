package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what kcheck prints into README.md")

const readme = "../../README.md"

// TestReadme checks that the counterexample which README.md shows is the one that its first command prints. Run it with
// -update to write a new one.
func TestReadme(t *testing.T) {
	story, _, _ := strings.Cut(printed("check"), "\nOther settings")
	shows(t, "VIOLATED", story)
}

// TestReadmeResilience checks that the table which README.md shows is the one that its command prints first.
func TestReadmeResilience(t *testing.T) {
	if testing.Short() {
		t.Skip("searches twelve lattices")
	}
	specs, err := filepath.Glob("../../specs/bench/resilience-*.yaml")
	if err != nil || len(specs) != 3 {
		t.Fatal(specs, err)
	}
	table, _, _ := strings.Cut(printed(append([]string{"resilience", "--brief"}, specs...)...), "\nRESILIENCE")
	shows(t, "RESILIENCE", strings.ReplaceAll(table, "../../", ""))
}

// printed is the standard output of a command.
func printed(args ...string) string {
	var out, errs bytes.Buffer
	execute(context.Background(), args, streams{&out, &errs})
	return out.String()
}

// shows checks that the block of README.md which begins with a word is the text, or makes it so.
func shows(t *testing.T, word, text string) {
	t.Helper()
	data, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, _ := strings.Cut(string(data), "```text\n"+word)
	shown, after, found := strings.Cut(rest, "\n```")
	if !found {
		t.Fatalf("README.md shows no block that begins with %s", word)
	}
	if text = strings.TrimSpace(text); text == word+shown {
		return
	}
	if !*update {
		t.Errorf("README.md does not show what kcheck prints:\n%s", text)
		return
	}
	if err := os.WriteFile(readme, []byte(before+"```text\n"+text+"\n```"+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
