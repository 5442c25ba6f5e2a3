package main

import (
	"bytes"
	"testing"
)

// Every report that no spec can say has a reason, and is told once.
func TestUnsaidReports(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, u := range unsaidReports {
		if u.report == "" || u.what == "" || u.why == "" || seen[u.report] {
			t.Errorf("%+v is not complete, or told twice", u)
		}
		seen[u.report] = true
	}
	var out bytes.Buffer
	if err := limits(&out); err != nil || !bytes.Contains(out.Bytes(), []byte("debezium dbz#2549")) {
		t.Errorf("limits: %v\n%s", err, out.String())
	}
}
