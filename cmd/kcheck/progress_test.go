package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants/verdict"
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
	p.show("order", explore.Progress{Distinct: 1234, Depth: 5, Faults: 1, Clear: 1, Elapsed: 12 * time.Second})
	want := "order; holds without a fault so far; now 1 fault; 1234 states; 0 MiB; 12s\n"
	if b.String() != want {
		t.Errorf("got %q, want %q", &b, want)
	}
	p.clearLine()
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
	p.clearLine()
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

// TestProgressGrows checks that what is known of a guarantee stays known while others are looked at, until its verdict.
func TestProgressGrows(t *testing.T) {
	var b bytes.Buffer
	p := newProgress(&b)
	p.terminal = true
	order, acked := &verdict.Question{Guarantee: "order"}, &verdict.Question{Guarantee: "no-acked-loss"}
	p.early(order, &verdict.Result{Verdict: verdict.Inconclusive, CompleteTo: &verdict.Extent{Faults: 1}})
	p.early(acked, &verdict.Result{Verdict: verdict.Holds, Budget: map[string]int{"broker-crash": 2, "total": 3}})
	line := func() string { return strings.TrimSpace(b.String()[strings.LastIndex(b.String(), "\r")+1:]) }
	for _, step := range []struct {
		do   func()
		want string
	}{
		{func() { p.showQuestion("order", order, explore.Progress{Faults: 0}) }, "order; holds up to 1 fault so far"},
		{func() { p.showQuestion("order", order, explore.Progress{Faults: 3, Clear: 3}) }, "order; holds up to 2 faults so far"},
		{func() { p.showQuestion("order", order, explore.Progress{Faults: 1, Clear: 1}) }, "order; holds up to 2 faults so far"},
		{func() { p.found(&verdict.Result{Guarantee: "order", Verdict: verdict.Holds}) }, "order: holds; looking for"},
		{func() { p.showQuestion("no-acked-loss", acked, explore.Progress{}) }, "no-acked-loss; holds up to 2 faults so"},
	} {
		if step.do(); !strings.HasPrefix(line(), step.want) {
			t.Errorf("got %q, want %q", line(), step.want)
		}
	}
	p.found(&verdict.Result{Guarantee: "no-acked-loss", Verdict: verdict.Violated, Reason: "m1 is gone", Faults: map[string]int{"disk-loss": 1}})
	if !strings.Contains(b.String(), "no-acked-loss is violated with disk-loss=1: m1 is gone\n") && !strings.Contains(b.String(), "m1 is gone\n") {
		t.Errorf("no violation at once: %q", b.String())
	}
}
