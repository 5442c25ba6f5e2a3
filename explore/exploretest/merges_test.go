package exploretest_test

import (
	"strings"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/exploretest"
)

// flags is two flags that are set one after the other, in any order, and one that no rule reads.
type flags struct{ a, b, noted bool }

// flagging has a canonical form that forgets a flag.
type flagging struct {
	forget func(s *flags)
	reads  bool // a rule reads whether a was first
}

func (flagging) Initial(dst []flags) []flags { return append(dst, flags{}) }

func (flagging) Transitions() []explore.Transition {
	return []explore.Transition{{Action: "SetA"}, {Action: "SetB"}, {Action: "Undo"}}
}

func (f flagging) Successors(s *flags, out *explore.Out[flags]) {
	if !s.a {
		*out.Add(0) = flags{true, s.b, !s.b}
	}
	if !s.b {
		*out.Add(1) = flags{s.a, true, s.noted}
	}
	if f.reads && s.a && s.b && s.noted {
		*out.Add(2) = flags{false, false, true}
	}
}

func (f flagging) Canonical(s *flags) { f.forget(s) }

type complaints []string

func (c *complaints) Helper() {}

func (c *complaints) Errorf(format string, _ ...any) { *c = append(*c, format) }

// TestMerges checks that a canonical form may forget what no rule reads, and nothing else.
func TestMerges(t *testing.T) {
	t.Parallel()
	notes, a := func(s *flags) { s.noted = false }, func(s *flags) { s.a = false }
	tests := []struct {
		name    string
		model   flagging
		step    func(from *flags, id explore.TransitionID, to *flags) bool
		witness func(s *flags) bool
		merges  bool
	}{
		{"what no rule reads", flagging{forget: notes}, nil, nil, true},
		{"what a rule reads", flagging{forget: notes, reads: true}, nil, nil, false},
		{"what a property reads", flagging{forget: a}, nil, nil, false},
		{"what a property of steps reads", flagging{forget: notes}, func(from *flags, id explore.TransitionID, _ *flags) bool { return id != 1 || !from.noted }, nil, false},
		{"what a property of steps does not read", flagging{forget: notes}, func(from *flags, id explore.TransitionID, _ *flags) bool { return id != 1 || !from.a }, nil, true},
		{"what a witness reads", flagging{forget: notes}, nil, func(s *flags) bool { return s.noted }, false},
	}
	for _, test := range tests {
		var found complaints
		spec := explore.Spec[flags]{Model: test.model, Properties: []explore.Property[flags]{
			{Name: "not both", Invariant: func(s *flags) bool { return !s.a || !s.b }}}}
		if test.step != nil {
			spec.Properties = append(spec.Properties, explore.Property[flags]{Name: "steps", StepInvariant: test.step})
		}
		if test.witness != nil {
			spec.Witnesses = []explore.Witness[flags]{{Name: "noted", Reached: test.witness}}
		}
		exploretest.Merges(&found, spec, 0)
		if got := len(found) == 0; got != test.merges {
			t.Errorf("%s: merges rightly: %t, want %t: %s", test.name, got, test.merges, strings.Join(found, "; "))
		}
	}
}
