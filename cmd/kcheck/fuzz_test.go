package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// FuzzConfig feeds anything to "kcheck config" as a file: it is shown, or it is exit status 2 with at least one clear
// line, and never a panic.
func FuzzConfig(f *testing.F) {
	for _, seed := range []string{
		"", "\n", "acks=1\n", "acks = \\\n 1\nretries: x\n", "guarantee: order\nproducer: {acks: 1}\n",
		"guarantee: [order, oder]\nfaults: {broker-crash: -1}\nscope: {messages: 1e9}\n", "a: &a [*a, *a]\n",
		"guarantee: order\nproducer: producer.properties\n", "\x00\xff\x7fELF\x01\x02", "guarantee: {\n", "\ufeffacks=1",
		"guarantee: order\nguarantee: order\n", "guarantee: order\nkafka: 4.1\ntopic: []\n", "\\u00zz=1\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file := filepath.Join(t.TempDir(), "input")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		switch code := execute(context.Background(), []string{"config", file}, streams{out: &out, err: &errs}); code {
		case 0:
		case 2:
			if strings.TrimSpace(errs.String()) == "" {
				t.Error("exit status 2 and not a word")
			}
		default:
			t.Errorf("exit status %d", code)
		}
		for _, c := range errs.String() {
			if c < ' ' && c != '\n' {
				t.Errorf("control character %q on standard error: %q", c, &errs)
				break
			}
		}
	})
}

// FuzzWaivers feeds anything to the reader of waivers: each problem is one clear line, and what has none can be applied.
func FuzzWaivers(f *testing.F) {
	f.Add([]byte("waivers:\n  - guarantee: order\n    spec: \"*\"\n    faults: {broker-crash: 1}\n    reason: known\n    expires: 2026-12-31\n"))
	f.Add([]byte("waivers: [{guarantee: [x], faults: 1, reason: , expires: &a 1}, *a, 7]\nother: x\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, problems := parseWaivers("w.yaml", data)
		for _, p := range problems {
			if strings.ContainsAny(p.String(), "\n\r") || p.Message == "" {
				t.Errorf("not one clear line: %q", p.String())
			}
		}
		for i := range list {
			list[i].apply(&verdict.Result{Verdict: verdict.Violated, Guarantee: "order"}, "2026-01-01")
		}
	})
}
