package explore_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/exploretest"
)

// chain counts to length and has functions that misbehave at a state.
type chain struct {
	length     uint64
	successors func(s *uint64, out *explore.Out[uint64])
	canonical  func(s *uint64)
}

func (chain) Transitions() []explore.Transition {
	return []explore.Transition{{Action: "Count"}, {Action: "Jump", Binding: "far"}}
}

func (chain) Initial(dst []uint64) []uint64 { return append(dst, 0) }

func (m chain) Successors(s *uint64, out *explore.Out[uint64]) {
	if *s < m.length {
		*out.Add(0)++
	}
	if m.successors != nil {
		m.successors(s, out)
	}
}

func (m chain) Canonical(s *uint64) {
	if m.canonical != nil {
		m.canonical(s)
	}
}

// at panics with "boom" in the state n.
func at(n uint64) func(s *uint64) bool {
	return func(s *uint64) bool {
		if *s == n {
			panic("boom")
		}
		return true
	}
}

func everyStrategy() map[string]explore.Options[uint64] {
	return map[string]explore.Options[uint64]{
		"one worker": {Workers: 1}, "workers": {Workers: 4}, "exact": {Exact: true}, "depth first": {Strategy: explore.DFS},
		"walks": {Strategy: explore.Simulate, Walks: explore.Walks{Count: 50}},
	}
}

// TestPanicsAreErrors: a panic in any function of a model or a property is an
// error that names function, state and transition, whoever explores.
func TestPanicsAreErrors(t *testing.T) {
	boom := at(70)
	for _, c := range []struct {
		name, function, transition string
		spec                       explore.Spec[uint64]
	}{
		{"successors", "Successors", "Jump(far)", explore.Spec[uint64]{Model: chain{length: 100, successors: func(s *uint64, out *explore.Out[uint64]) {
			if *s == 70 {
				*out.Add(1) = *s + 5
				boom(s)
			}
		}}}},
		{"canonical", "Canonical", "Count", explore.Spec[uint64]{Model: chain{length: 100, canonical: func(s *uint64) { boom(s) }}}},
		{"invariant", `the property "p"`, "Count", explore.Spec[uint64]{Model: chain{length: 100}, Properties: []explore.Property[uint64]{{Name: "p", Invariant: boom}}}},
		{"step invariant", `the property "p"`, "Count", explore.Spec[uint64]{Model: chain{length: 100}, Properties: []explore.Property[uint64]{
			{Name: "p", StepInvariant: func(_ *uint64, _ explore.TransitionID, post *uint64) bool { return boom(post) }}}}},
		{"end", `the property "p"`, "", explore.Spec[uint64]{Model: chain{length: 70}, Properties: []explore.Property[uint64]{{Name: "p", Stuck: boom}}}},
		{"witness", `the witness "w"`, "Count", explore.Spec[uint64]{Model: chain{length: 100}, Witnesses: []explore.Witness[uint64]{{Name: "w", Reached: func(s *uint64) bool { return !boom(s) }}}}},
	} {
		for how, o := range everyStrategy() {
			c.spec.Options = o
			_, err := explore.Check(context.Background(), c.spec)
			var p *explore.PanicError
			if !errors.As(err, &p) {
				t.Errorf("%s, %s: no panic reported: %v", c.name, how, err)
				continue
			}
			reached := c.transition == "" || p.Transition == c.transition || p.Transition == "" // an end may be seen before its transition
			if p.Function != c.function || p.State != "70" || !reached || p.Value != "boom" || !strings.Contains(string(p.Stack), "rules_test") {
				t.Errorf("%s, %s: %v", c.name, how, err)
			}
		}
	}
}

// TestRulesAreEnforced: what a model must not do is an error, not a wrong answer.
func TestRulesAreEnforced(t *testing.T) {
	changed := chain{length: 100, successors: func(s *uint64, _ *explore.Out[uint64]) {
		if *s == 70 {
			*s = 7
		}
	}}
	unknown := chain{length: 100, successors: func(s *uint64, out *explore.Out[uint64]) {
		if *s == 70 {
			out.Add(9)
		}
	}}
	for how, o := range everyStrategy() {
		if _, err := explore.Check(context.Background(), explore.Spec[uint64]{Model: unknown, Options: o}); err == nil || !strings.Contains(err.Error(), "transition 9") {
			t.Errorf("%s: an unknown transition: %v", how, err)
		}
		if _, err := explore.Check(context.Background(), explore.Spec[uint64]{Model: changed, Options: o}); o.Strategy == explore.BFS && (err == nil || !strings.Contains(err.Error(), "from 70 to 7")) {
			t.Errorf("%s: a changed state: %v", how, err)
		}
	}
	rec := &recorder{}
	exploretest.Pure(rec, explore.Spec[uint64]{Model: changed})
	if len(rec.errors) == 0 {
		t.Error("exploretest.Pure did not notice that a state was changed")
	}
	turn := uint64(0)
	exploretest.Pure(rec, explore.Spec[uint64]{Model: chain{length: 9, successors: func(_ *uint64, out *explore.Out[uint64]) { turn++; *out.Add(1) = turn % 9 }}})
	if len(rec.errors) < 2 {
		t.Error("exploretest.Pure did not notice that successors vary")
	}
}

// Misspelt optional interfaces.
type (
	canonicalizes struct{ chain2 }
	sizesWrongly  struct{ chain2 }
	chain2        struct{ broken[[2]uint64] }
)

func (canonicalizes) Canonicalize(*[2]uint64) {}
func (sizesWrongly) StateSize() int64         { return 8 }

// tooWide says that it uses less of its state than it does.
type tooWide struct{}

func (tooWide) Transitions() []explore.Transition   { return []explore.Transition{{Action: "A"}} }
func (tooWide) Initial(dst [][2]uint64) [][2]uint64 { return append(dst, [2]uint64{}) }
func (tooWide) StateSize() int                      { return 8 }
func (tooWide) Successors(_ *[2]uint64, out *explore.Out[[2]uint64]) {
	out.Add(0)[1] = 1
}

func TestOptionalInterfaces(t *testing.T) {
	for want, m := range map[string]explore.Model[[2]uint64]{"Canonical(s *[2]uint64)": canonicalizes{}, "StateSize() int": sizesWrongly{}, "byte 8": tooWide{}} {
		if _, err := explore.Check(context.Background(), explore.Spec[[2]uint64]{Model: m}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, got %v", want, err)
		}
	}
}

// wide has more successors of one state than 16 bits can count, the last of
// which violates the property.
type wide struct{ n uint64 }

func (wide) Transitions() []explore.Transition { return []explore.Transition{{Action: "Choose"}} }
func (wide) Initial(dst []uint64) []uint64     { return append(dst, 0) }
func (m wide) Successors(s *uint64, out *explore.Out[uint64]) {
	if *s == 0 {
		for i := range m.n {
			*out.Add(0) = i + 1
		}
	}
}

func TestManySuccessors(t *testing.T) {
	const n = 70_000
	last := explore.Property[uint64]{Name: "not the last", Invariant: func(s *uint64) bool { return *s != n }}
	r := check(t, context.Background(), wide{n}, []explore.Property[uint64]{last}, explore.Options[uint64]{Workers: 2})
	if r.Violation == nil || r.Violation.Trace.Last() != n {
		t.Errorf("want a trace to %d, got %+v", n, r.Violation)
	}
}

// ladder has two transitions to the same state at every rung, which cannot be
// told apart, so that there are 2^n ways up.
type ladder struct{}

func (ladder) Transitions() []explore.Transition {
	return []explore.Transition{{Action: "Up"}, {Action: "Never"}}
}
func (ladder) Initial(dst []uint64) []uint64 { return append(dst, 0) }
func (ladder) Successors(_ *uint64, out *explore.Out[uint64]) {
	*out.Add(0)++
	*out.Add(0)++
}

// TestReplayRemembers: a replay that fails at the end does not try every way
// to get there.
func TestReplayRemembers(t *testing.T) {
	ids := make([]explore.TransitionID, 100)
	ids[99] = 1
	if _, err := explore.Replay(ladder{}, 0, ids); err == nil || !strings.Contains(err.Error(), "step 100: Never") {
		t.Errorf("got %v", err)
	}
}

// TestDepthFirstIsNotComplete: the first violation of a depth-first search is
// not minimal, and most was not explored.
func TestDepthFirstIsNotComplete(t *testing.T) {
	below := explore.Property[uint64]{Name: "below", Invariant: func(s *uint64) bool { return *s < 50 }}
	r := check(t, context.Background(), chain{length: 100}, []explore.Property[uint64]{below}, explore.Options[uint64]{Strategy: explore.DFS})
	if r.Violation == nil || r.Complete || r.Stopped != explore.Violated || r.CompleteFaults != -1 {
		t.Errorf("got %+v", r)
	}
}

func TestVerdict(t *testing.T) {
	yes := explore.Witness[uint64]{Name: "yes", Reached: func(*uint64) bool { return true }}
	no := explore.Witness[uint64]{Name: "no", Reached: func(*uint64) bool { return false }}
	for want, spec := range map[explore.Verdict]explore.Spec[uint64]{
		explore.VerdictHolds:       {Witnesses: []explore.Witness[uint64]{yes}},
		explore.VerdictUnwitnessed: {},
		explore.VerdictVacuous:     {Witnesses: []explore.Witness[uint64]{yes, no}},
		explore.VerdictIncomplete:  {Options: explore.Options[uint64]{MaxDepth: 2}},
		explore.VerdictViolated:    {Properties: []explore.Property[uint64]{{Name: "p", Invariant: no.Reached}}},
	} {
		spec.Model, spec.Coverage = chain{length: 9}, true
		r, err := explore.Check(context.Background(), spec)
		if err != nil || r.Verdict() != want {
			t.Errorf("got %v, want %v (%v)", r.Verdict(), want, err)
		}
		if want == explore.VerdictHolds && (len(r.NeverFired()) != 1 || r.NeverFired()[0] != 1 || !r.Symmetry) {
			t.Errorf("never fired: %v, symmetry %t", r.NeverFired(), r.Symmetry)
		}
	}
}
