package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// interviewed runs "kcheck init" about a producer and a consumer with somebody at the terminal who gives these answers.
func interviewed(ctx context.Context, t *testing.T, answers io.Reader, args ...string) (code int, spec, asked string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"producer.properties": "acks=all\n", "consumer.properties": "group.id=g\nenable.auto.commit=false\nauto.offset.reset=earliest\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	target := filepath.Join(dir, "kcheck.yaml")
	var out, errs bytes.Buffer
	code = execute(ctx, append([]string{"init", dir, "--output", target}, args...), streams{out: &out, err: &errs, answers: answers})
	written, err := os.ReadFile(target)
	if code != 0 && err == nil {
		t.Errorf("status %d, and the spec is written:\n%s", code, written)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
	return code, string(written), errs.String()
}

// What is asked is what a verdict hangs on, each setting once, and an answer stands in the spec.
func TestInitAsks(t *testing.T) {
	t.Parallel()
	atMostOnce := []string{"--guarantee", "at-most-once", "--faults", "consumer-crash=1", "--messages", "1"}
	for _, test := range []struct {
		name    string
		answers string
		args    []string
		asked   []string // in this order, and nothing else
		spec    []string
	}{
		{"an answer by number, after which nothing else matters", "2\n", atMostOnce, []string{"app.commit"}, []string{"\n  commit: before-processing ", "\n  # effect: plain "}},
		{"an answer by word", "\n idempotent \n", atMostOnce, []string{"app.commit", "app.effect"}, []string{"\n  effect: idempotent "}},
		{"Enter keeps what is assumed", "\n\n", atMostOnce, []string{"app.commit", "app.effect"}, []string{"\n  # effect: plain "}},
		{"what is no answer, three times", "9\nperhaps\n0\n\n", atMostOnce, []string{"app.commit", "app.effect"}, []string{"\n  # commit: "}},
		{"a value of a part that no file gives", "2\n", []string{"--guarantee", "no-acked-loss", "--faults", "disk-loss=1", "--messages", "1"},
			[]string{"topic.replication.factor"}, []string{"\ntopic:\n  replication.factor: 1 "}},
		{"nothing hangs on anything", "", []string{"--guarantee", "at-least-once", "--faults", "none", "--messages", "1", "--set", "topic.replication.factor=3"}, nil, []string{"\n  # send: callback "}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			code, spec, errs := interviewed(t.Context(), t, strings.NewReader(test.answers), test.args...)
			if code != 0 {
				t.Fatalf("status %d\n%s", code, errs)
			}
			if got := askedSettings(errs); strings.Join(got, " ") != strings.Join(test.asked, " ") {
				t.Errorf("asked for %v, want %v\n%s", got, test.asked, errs)
			}
			for _, want := range append(test.spec, "\nfiles:\n  - consumer.properties\n  - producer.properties\n") {
				if !strings.Contains(spec, want) {
					t.Errorf("no %q in\n%s", want, spec)
				}
			}
			if strings.Contains(spec, "acks") || strings.Contains(spec, "enable.auto.commit") {
				t.Errorf("a value of a file is copied:\n%s", spec)
			}
		})
	}
}

// askedSettings are the settings that were asked for, in order.
func askedSettings(errs string) (keys []string) {
	for line := range strings.Lines(errs) {
		if key, _, found := strings.Cut(line, ": "); found && !strings.Contains(key, " ") && strings.Contains(key, ".") {
			keys = append(keys, key)
		}
	}
	return keys
}

// Where the answers end before the questions do, or Ctrl-C ends the program, nothing is written.
func TestInitInterrupted(t *testing.T) {
	t.Parallel()
	args := []string{"--guarantee", "at-most-once", "--faults", "consumer-crash=1", "--messages", "1"}
	if code, _, errs := interviewed(t.Context(), t, strings.NewReader("\n"), args...); code != 2 || !strings.Contains(errs, "nothing is written") {
		t.Errorf("the end of the input: status %d\n%s", code, errs)
	}
	ctx, cancel := context.WithCancel(t.Context())
	silent := &interrupting{cancel, make(chan struct{})}
	defer close(silent.end)
	if code, _, errs := interviewed(ctx, t, silent, args...); code != 2 || !strings.Contains(errs, "nothing is written") {
		t.Errorf("Ctrl-C: status %d\n%s", code, errs)
	}
}

// interrupting is somebody who presses Ctrl-C in place of an answer.
type interrupting struct {
	press context.CancelFunc
	end   chan struct{}
}

// Read implements io.Reader.
func (i *interrupting) Read([]byte) (int, error) {
	i.press()
	<-i.end
	return 0, io.EOF
}
