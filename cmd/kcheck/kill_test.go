//go:build unix

package main

import (
	"bytes"
	"crypto/sha256"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestKilled kills the commands that write, with SIGKILL and at random moments. An input stays as it was, and the file of
// the result is whole: what it was before, or what a run that ends writes.
func TestKilled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	spec := filepath.Join(dir, "spec.yaml")
	text := []byte("guarantee: at-least-once\nproducer: {acks: all}\ntopic: {min.insync.replicas: 2}\nfaults: {broker-crash: 1}\nscope: {messages: 1}\n")
	if err := os.WriteFile(spec, text, 0o600); err != nil {
		t.Fatal(err)
	}
	properties := filepath.Join(dir, "producer.properties")
	if err := os.WriteFile(properties, []byte("bootstrap.servers=b:9092\nacks=1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	for _, c := range []struct {
		name string
		file string // what the command writes
		args []string
	}{
		{"check", "result.json", []string{"check", spec, "--format", "html", "--output"}},
		{"certificate", "cert", []string{"check", spec, "--brief", "--certificate"}},
		{"resilience", "sets.json", []string{"resilience", spec, "--up-to", "1", "--format", "html", "--output"}},
		{"init", "new.yaml", []string{"init", properties, "--output"}},
		{"matrix", "matrix.md", []string{"matrix", spec, "--vary", "producer.acks=1,all", "--format", "markdown", "--output"}},
	} {
		file := filepath.Join(dir, c.file)
		args := append(c.args, file)
		took := killed(t, args, time.Minute)
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Errorf("%s writes nothing: %v", c.name, err)
			continue
		}
		before := []byte("what was there before")
		for range 6 {
			if err := os.WriteFile(file, before, 0o600); err != nil {
				t.Fatal(err)
			}
			killed(t, args, time.Duration(rng.Int64N(int64(took)+1)))
			after, err := os.ReadFile(file)
			if err != nil || !bytes.Equal(after, before) && len(after) < len(whole)*9/10 {
				t.Errorf("%s: %v; %d bytes, neither the %d before nor the %d of a whole run", c.name, err, len(after), len(before), len(whole))
			}
		}
		if now, err := os.ReadFile(spec); err != nil || sha256.Sum256(now) != sha256.Sum256(text) {
			t.Errorf("%s: the spec is changed", c.name)
		}
	}
}

// killed runs the program, kills it after some time, and says how long it ran.
func killed(t *testing.T, args []string, after time.Duration) time.Duration {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "KCHECK_TEST_RUN=1")
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	alarm := time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
	_ = cmd.Wait()
	alarm.Stop()
	return time.Since(begin)
}
