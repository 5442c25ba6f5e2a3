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
// each problem, within a second and 50 MiB of memory beyond what the program takes anyway.
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

// readHostile runs one command in a process of its own, and measures it.
func readHostile(t *testing.T, args []string) {
	t.Helper()
	const limit = 50 << 20
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "KCHECK_TEST_RUN=1", "GOGC=50")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	alarm := time.AfterFunc(20*time.Second, func() { cmd.Process.Kill() })
	_ = cmd.Wait()
	alarm.Stop()
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	cpu := time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	code, lines := cmd.ProcessState.ExitCode(), strings.Count(errs.String(), "\n")
	switch {
	case cpu > time.Second:
		t.Errorf("%v: %v of CPU time, %v in all", args, cpu, time.Since(begin))
	case usage.Maxrss<<10 > limit+idle(t):
		t.Errorf("%v: %d MiB", args, usage.Maxrss>>10)
	case code != 2 && code != 0 || lines > maxProblems+1 || errs.Len() > 200*(maxProblems+1):
		t.Errorf("%v: exit status %d, %d lines: %.300s", args, code, lines, &errs)
	}
}

// idle is the memory that the test program takes to do nothing.
func idle(t *testing.T) int64 {
	t.Helper()
	cmd := exec.Command(os.Args[0], "version")
	cmd.Env = append(os.Environ(), "KCHECK_TEST_RUN=1")
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
}
