package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestCompletion asks as a shell does while a command is typed.
func TestCompletion(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		typed []string
		want  string
	}{
		{[]string{"check", "--guarantee", ""}, "exactly-once"},
		{[]string{"check", "--faults", ""}, "broker-crash="},
		{[]string{"check", "--format", ""}, "what-if"},
		{[]string{"matrix", "--format", ""}, "markdown"},
		{[]string{"check", "--kafka", ""}, "4.1"},
		{[]string{"check", "--set", ""}, "producer.acks="},
		{[]string{"check", "acks-1-l"}, "acks-1-leader-crash"},
		{[]string{"res"}, "resilience"},
	} {
		_, out, _ := kcheck(append([]string{"__complete"}, test.typed...)...)
		if !slices.ContainsFunc(strings.Split(out, "\n"), func(line string) bool { return strings.Split(line, "\t")[0] == test.want }) {
			t.Errorf("%v does not propose %s:\n%s", test.typed, test.want, out)
		}
	}
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if status, out, errs := kcheck("completion", shell); status != 0 || len(out) < 1000 {
			t.Errorf("%s: status %d, %d bytes, %s", shell, status, len(out), errs)
		}
	}
}

// TestMan checks that every command that is listed has a man page.
func TestMan(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if status, _, errs := kcheck("man", dir); status != 0 {
		t.Fatalf("status %d, %s", status, errs)
	}
	for _, c := range newRoot(streams{}).Commands() {
		if c.Hidden || !c.IsAvailableCommand() {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, "kcheck-"+c.Name()+".1"))
		if err != nil || !strings.Contains(string(data), `.TH "KCHECK"`) {
			t.Errorf("%s: %v", c.Name(), err)
		}
	}
}
