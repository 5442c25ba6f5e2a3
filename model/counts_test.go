package model

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/explore"
)

var update = flag.Bool("update", false, "write the counts of the scenarios anew")

// TestCounts compares the size of the space of every scenario with what the scenario says, with and without the
// canonical form: one number notices a wrong guard, a lost successor and a broken reduction at once. After a change of a
// rule look at what has changed, and have it written down with go test ./model -run TestCounts -update.
func TestCounts(t *testing.T) {
	for i := range scenarios {
		sc := &scenarios[i]
		counts := sc.count(t)
		switch {
		case counts == sc.counts:
		case *update:
			sc.write(t, counts)
		default:
			t.Errorf("scenario %q: counts were %q, are %q", sc.name, sc.counts, counts)
		}
	}
}

// count explores a scenario in full, with and without the canonical form.
func (sc *scenario) count(t *testing.T) string {
	t.Helper()
	var list []string
	for _, noSymmetry := range []bool{false, true} {
		m := sc.model(t)
		o := m.options()
		o.NoSymmetry = noSymmetry
		r, err := explore.Check(context.Background(), explore.Spec[State]{Model: m, Options: o})
		if err != nil || !r.Complete {
			t.Fatalf("%s: not complete: %v %v", sc.name, err, r)
		}
		list = append(list, fmt.Sprint(r.Stats.Distinct, r.Stats.Generated, r.Stats.Depth))
	}
	return strings.Join(list, "; ")
}

// write puts counts into the file in which the scenario stands.
func (sc *scenario) write(t *testing.T, counts string) {
	t.Helper()
	was, is := fmt.Sprintf("{%q, %q, ", sc.name, sc.counts), fmt.Sprintf("{%q, %q, ", sc.name, counts)
	for _, file := range []string{"scenarios_test.go", "txn_test.go", "share_test.go"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if after := strings.Replace(string(text), was, is, 1); after != string(text) {
			if err := os.WriteFile(file, []byte(after), 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Errorf("%s is in no file", was)
}
