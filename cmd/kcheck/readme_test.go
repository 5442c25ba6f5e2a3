package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what kcheck prints into the pages that show it")

const (
	readme      = "../../README.md"
	benchReadme = "../../specs/bench/README.md"
)

// TestReadme checks that the reports which README.md shows are those that the commands beside them print: the text of
// its first command, and headline and diagram of a Markdown report. Run it with -update to write new ones.
func TestReadme(t *testing.T) {
	text := printed("check")
	markdown := printed("check", "late-produce-after-abort", "--format", "markdown")
	pieces := [][3]string{{"```text\nguarantee", "\n```", strings.TrimPrefix(strings.TrimSpace(text), "guarantee")}}
	for _, piece := range [][2]string{{"\n> **", "**\n"}, {"```mermaid\n", "```\n"}} {
		_, rest, _ := strings.Cut(markdown, piece[0])
		want, _, _ := strings.Cut(rest, piece[1])
		pieces = append(pieces, [3]string{piece[0], piece[1], want})
	}
	shows(t, readme, pieces)
}

// TestReadmeResilience checks that the table which the page of specs/bench shows is the one that its command prints first.
func TestReadmeResilience(t *testing.T) {
	if testing.Short() {
		t.Skip("searches twelve lattices")
	}
	specs, err := filepath.Glob("../../specs/bench/resilience-*.yaml")
	if err != nil || len(specs) != 3 {
		t.Fatal(specs, err)
	}
	table, _, _ := strings.Cut(printed(append([]string{"resilience", "--brief"}, specs...)...), "\nRESILIENCE")
	table = strings.TrimPrefix(strings.TrimSpace(strings.ReplaceAll(table, "../../", "")), "RESILIENCE")
	shows(t, benchReadme, [][3]string{{"```text\nRESILIENCE", "\n```", table}})
}

// TestReadmeTradeOff checks that the picture which README.md shows is what the command below it draws: with -update it writes a
// new one. The figures are rounded to tenths of a pixel, of which a decade has more than a hundred.
func TestReadmeTradeOff(t *testing.T) {
	if testing.Short() {
		t.Skip("computes three risks")
	}
	page, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "\n$ kcheck risk defaults-2.8")
	command, _, _ := strings.Cut(rest, "\n")
	args, file, found := strings.Cut("risk defaults-2.8"+command, " --output ")
	if !found || !strings.Contains(string(page), "]("+file+")") {
		t.Fatalf("the page does not name the command of its picture: %q", command)
	}
	drawn := printed(strings.Fields(args)...)
	shown, err := os.ReadFile(filepath.Join("../..", file))
	if err != nil {
		t.Fatal(err)
	}
	if drawn == string(shown) {
		return
	}
	if !*update {
		t.Fatalf("%s is not what kcheck %s draws (-file +drawn):\n%s", file, args, cmp.Diff(string(shown), drawn))
	}
	if err := os.WriteFile(filepath.Join("../..", file), []byte(drawn), 0o644); err != nil {
		t.Fatal(err)
	}
}

// printed is the standard output of a command.
func printed(args ...string) string {
	var out, errs bytes.Buffer
	execute(context.Background(), args, streams{out: &out, err: &errs})
	return out.String()
}

// shows checks of pieces of a page, each given by what stands before it and behind it, that they are as wanted; or
// makes them so.
func shows(t *testing.T, page string, pieces [][3]string) {
	t.Helper()
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	whole := string(data)
	for _, piece := range pieces {
		whole = replaced(t, whole, piece[0], piece[1], piece[2])
	}
	if whole == string(data) {
		return
	}
	if !*update {
		t.Errorf("%s does not show what kcheck prints (-page +printed):\n%s", page, cmp.Diff(string(data), whole))
		return
	}
	if err := os.WriteFile(page, []byte(whole), 0o644); err != nil {
		t.Fatal(err)
	}
}

// replaced is a document with another text between the first begin and the end after it.
func replaced(t *testing.T, document, begin, end, text string) string {
	t.Helper()
	before, rest, found := strings.Cut(document, begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("the page has no %q", begin)
	}
	return before + begin + text + end + after
}
