package explore_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/explore"
)

func notFour(s *Jugs) bool { return s.Big != 4 }

func jugs(props ...explore.Property[Jugs]) explore.Spec[Jugs] {
	return explore.Spec[Jugs]{Model: Puzzle{}, Properties: props}
}

// TestRun: the exit status is the verdict, and the output names what was found.
func TestRun(t *testing.T) {
	four := explore.Property[Jugs]{Name: "no four", Invariant: notFour}
	full := explore.Witness[Jugs]{Name: "both full", Reached: func(s *Jugs) bool { return *s == Jugs{3, 5} }}
	never := explore.Witness[Jugs]{Name: "seven", Reached: func(s *Jugs) bool { return s.Big == 7 }}
	with := func(s explore.Spec[Jugs], w explore.Witness[Jugs]) explore.Spec[Jugs] {
		s.Witnesses = []explore.Witness[Jugs]{w}
		return s
	}
	for _, c := range []struct {
		name   string
		spec   explore.Spec[Jugs]
		args   string
		status int
		want   string
	}{
		{"violated", jugs(four), "", 1, "6  BigToSmall  {Small:3 Big:4}"},
		{"no witness", jugs(), "", 0, "no witness"},
		{"holds", with(jugs(), full), "", 0, "holds: 16 states"},
		{"vacuous", with(jugs(), never), "", 3, `the witness "seven" was not reached`},
		{"incomplete", jugs(four), "-max-depth 3", 3, "incomplete (depth reached)"},
		{"depth first", jugs(four), "-strategy dfs", 1, "violated"},
		{"workers", jugs(four), "-workers 3 -memory 64MiB -seed 4", 1, "{Small:3 Big:4}"},
		{"unknown flag", jugs(), "-worker 1", 2, "-workers"},
		{"bad memory", jugs(), "-memory lots", 2, "512MiB"},
		{"help", jugs(), "-help", 0, "-timeout"},
	} {
		var out bytes.Buffer
		if got := explore.Run(context.Background(), c.spec, strings.Fields(c.args), &out, &out); got != c.status || !strings.Contains(out.String(), c.want) {
			t.Errorf("%s: status %d, want %d and %q in\n%s", c.name, got, c.status, c.want, out.String())
		}
	}
	var out bytes.Buffer
	explore.Run(context.Background(), explore.Spec[uint64]{Model: chain{length: 3}}, nil, &out, &out)
	if !strings.Contains(out.String(), "1 transitions never fired:\n  Jump(far)\n") {
		t.Errorf("what never fired is missing in\n%s", out.String())
	}
}
