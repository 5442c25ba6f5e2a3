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

var update = flag.Bool("update", false, "write the golden files anew")

// TestCounts compares the size of the space of every scenario with testdata/counts.txt, with and without the canonical
// form: one number notices a wrong guard, a lost successor and a broken reduction at once. After a change of a rule look
// at what has changed, and write the file anew with go test ./model -run TestCounts -update.
func TestCounts(t *testing.T) {
	const golden = "testdata/counts.txt"
	text := "# scenario: distinct states, transitions, depth; and without the canonical form\n"
	for i := range scenarios {
		text += scenarios[i].name + ":"
		for _, noSymmetry := range []bool{false, true} {
			m := scenarios[i].model(t)
			o := m.options()
			o.NoSymmetry = noSymmetry
			r, err := explore.Check(context.Background(), explore.Spec[State]{Model: m, Options: o})
			if err != nil || !r.Complete {
				t.Fatalf("%s: not complete: %v %v", scenarios[i].name, err, r)
			}
			text += fmt.Sprintf(" %d %d %d%s", r.Stats.Distinct, r.Stats.Generated, r.Stats.Depth, map[bool]string{false: ";", true: "\n"}[noSymmetry])
		}
	}
	if *update {
		if err := os.WriteFile(golden, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	was, is := strings.Split(string(want), "\n"), strings.Split(text, "\n")
	for i := range max(len(was), len(is)) {
		if i >= len(was) || i >= len(is) || was[i] != is[i] {
			t.Errorf("line %d of %s: was %q, is %q", i+1, golden, was[min(i, len(was)-1)], is[min(i, len(is)-1)])
		}
	}
}
