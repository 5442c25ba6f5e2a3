package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/kcheck/kcheck/explore"
)

// TestProgressPlain checks that where a line cannot be rewritten, a plain one appears now and then.
func TestProgressPlain(t *testing.T) {
	var b bytes.Buffer
	p := newProgress(&b)
	p.show("order", explore.Progress{Distinct: 7})
	if b.Len() != 0 {
		t.Errorf("a line at once: %q", &b)
	}
	p.last = time.Now().Add(-quietTime)
	p.now = func() time.Time { return p.begin.Add(12 * time.Second) }
	p.show("order", explore.Progress{Distinct: 1234, Depth: 5, Faults: 1, Elapsed: 12 * time.Second})
	want := "order; no violation with fewer than 1 fault; 1234 states; depth 5; 0 MiB; 12s\n"
	if b.String() != want {
		t.Errorf("got %q, want %q", &b, want)
	}
	p.clear()
	if b.String() != want {
		t.Errorf("clear wrote something: %q", &b)
	}
}

// TestProgressTerminal checks that on a terminal one line is rewritten and removed at the end.
func TestProgressTerminal(t *testing.T) {
	var b bytes.Buffer
	p := newProgress(&b)
	p.terminal = true
	p.show("a rather long name", explore.Progress{Distinct: 100000})
	p.show("short", explore.Progress{})
	p.clear()
	lines := strings.Split(b.String(), "\r")
	if len(lines) != 5 || strings.Contains(b.String(), "\n") || lines[4] != "" {
		t.Fatalf("got %q", lines)
	}
	if len(lines[2]) < len(lines[1]) || strings.TrimSpace(lines[3]) != "" {
		t.Errorf("an older line shines through: %q", lines)
	}
	for _, l := range lines {
		if len(l) > 79 {
			t.Errorf("%d columns: %q", len(l), l)
		}
	}
}
