//go:build unix

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// flood is a text of so many bytes.
func flood(head, again string, bytes int) string {
	return head + strings.Repeat(again, bytes/len(again)) + "\n"
}

// bomb is YAML in which a few aliases stand for more than ten thousand million values.
func bomb(head string) string {
	var b strings.Builder
	b.WriteString(head + "    a: &a [x,x,x,x,x,x,x,x,x,x]\n")
	for c := 'b'; c < 'l'; c++ {
		fmt.Fprintf(&b, "    %c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat("*"+string(c-1)+",", 10), ","))
	}
	return b.String()
}

// hostileFiles are files, by name, that want to fill the memory, or to take for ever: what was found by trying, and its kind.
func hostileFiles() map[string]string {
	return map[string]string{
		"blanks.yaml":        flood("", " ", 100_000_000),
		"blanks.properties":  flood("", " ", 100_000_000),
		"lines.yaml":         flood("", "\n", 30_000_000),
		"long.properties":    flood("acks=", "x", 30_000_000),
		"brackets.yaml":      flood("guarantee: order\nproducer: ", "[", 100_000),
		"braces.yaml":        flood("guarantee: order\nproducer: ", "{a: ", 400_000),
		"dashes.yaml":        flood("guarantee: order\nproducer:\n  ", "- ", 200_000),
		"brackets.json":      flood(`{"acks":`, "[", 100_000),
		"brackets.yml":       flood("spring:\n  kafka: ", "[", 100_000),
		"quotes.yaml":        flood("guarantee: order\nproducer: ", `"`, 200_000),
		"colons.yaml":        flood("guarantee: order\na", ": a", 200_000),
		"anchors.yaml":       flood("guarantee: order\n", "&a ", 200_000),
		"tags.yaml":          flood("guarantee: order\nproducer: ", "!a ", 200_000),
		"questions.yaml":     flood("guarantee: order\n", "? ", 200_000),
		"keys.properties":    flood("", "k=1\n", 900_000),
		"aliases.yml":        bomb("spring:\n  kafka:\n"),
		"aliases.yaml":       bomb("guarantee: order\nproducer:\n"),
		"waivers.yaml":       bomb("waivers:\n  -\n"),
		"compose.yaml":       bomb("services:\n  kafka:\n"),
		"strimzi.yaml":       bomb("apiVersion: kafka.strimzi.io/v1beta2\nkind: Kafka\nspec:\n"),
		"result.json":        flood(`{"kcheck":"0","results":`, "[", 300_000),
		"commas.yaml":        flood("guarantee: [", "order,", 200_000),
		"unterminated.json":  flood(`{"a":"`, "x", 3_000_000),
		"words.application.": flood("", "spring.kafka ", 500_000),
	}
}

// TestHostileFiles gives each of these files, a device and a pipe to the commands that read files: a line for
// each problem, within 50 MiB of memory beyond what the program takes anyway, and a second of CPU time. A busy machine
// stretches CPU time too, so that there the limit is a multiple of what the program takes to do nothing at that moment.
func TestHostileFiles(t *testing.T) {
	dir := t.TempDir()
	names := []string{"/dev/zero", filepath.Join(dir, "pipe")}
	if err := syscall.Mkfifo(names[1], 0o600); err != nil {
		t.Skip(err)
	}
	for name, text := range hostileFiles() {
		names = append(names, filepath.Join(dir, name))
		if err := os.WriteFile(names[len(names)-1], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, command := range [][]string{{"config"}, {"config", "--producer"}, {"check", "--waivers"}, {"trace"}} {
		for _, name := range names {
			readHostile(t, append(command, name))
		}
	}
}

// readHostile runs one command in a process of its own, and measures it; twice more where it took too long, since what
// truly takes long takes long every time.
func readHostile(t *testing.T, args []string) {
	t.Helper()
	const limit, tries, multiple = 50 << 20, 3, 100
	for try := 1; ; try++ {
		took, errs := measure(t, args...)
		nothing, _ := measure(t, "version")
		most := max(time.Second, multiple*nothing.cpu)
		lines := strings.Count(errs, "\n")
		switch {
		case took.code != 2 && took.code != 0 || lines > maxProblems+1 || len(errs) > 200*(maxProblems+1):
			t.Errorf("%v: exit status %d, %d lines: %.300s", args, took.code, lines, errs)
		case took.memory > limit+nothing.memory:
			t.Errorf("%v: %d MiB", args, took.memory>>20)
		case took.cpu > most && try < tries:
			continue
		case took.cpu > most:
			t.Errorf("%v: %v of CPU time, more than %v, %d times", args, took.cpu, most, tries)
		}
		return
	}
}

// usage is what a process took: its exit status, CPU time, and most memory in bytes.
type usage struct {
	code   int
	cpu    time.Duration
	memory int64
}

// measure runs the program with these arguments, killed after 20 seconds, and returns what it took and its errors.
func measure(t *testing.T, args ...string) (usage, string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "KCHECK_TEST_RUN=1", "GOGC=50")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	alarm := time.AfterFunc(20*time.Second, func() { cmd.Process.Kill() })
	_ = cmd.Wait()
	alarm.Stop()
	took := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	cpu := time.Duration(took.Utime.Nano() + took.Stime.Nano())
	return usage{cmd.ProcessState.ExitCode(), cpu, took.Maxrss << 10}, errs.String()
}
