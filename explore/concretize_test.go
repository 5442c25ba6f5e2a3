package explore_test

import (
	"strings"
	"testing"

	"github.com/kcheck/kcheck/explore"
)

// twoCounters counts a to 3 and then b to 3; b is of no use before. Its canonical form forgets what remains of the start in
// high bits that no rule reads, but only while a is below 2: two states that nothing tells apart can have two forms.
type twoCounters struct{}

type countedPair struct{ a, b, unread uint8 }

func (twoCounters) Initial(dst []countedPair) []countedPair {
	return append(dst, countedPair{unread: 1})
}

func (twoCounters) Transitions() []explore.Transition {
	return []explore.Transition{{Action: "CountA"}, {Action: "CountB"}}
}

func (twoCounters) Successors(s *countedPair, out *explore.Out[countedPair]) {
	next := *s
	switch {
	case s.a < 3:
		next.a++
		next.unread = 2 - s.unread // 1 remains 1, 0 becomes 2
		*out.Add(0) = next
	case s.b < 3:
		next.b++
		*out.Add(1) = next
	}
}

func (twoCounters) Canonical(s *countedPair) {
	if s.a == 1 {
		s.unread = 0
	}
}

// TestTraceBesideThePath checks that a counterexample is found where the concrete states leave the path of canonical forms,
// because a canonical form does not find out that two states are symmetric.
func TestTraceBesideThePath(t *testing.T) {
	t.Parallel()
	properties := map[string]explore.Property[countedPair]{
		"an invariant":        {Invariant: func(s *countedPair) bool { return s.b < 2 }},
		"a property of steps": {StepInvariant: func(s *countedPair, id explore.TransitionID, to *countedPair) bool { return to.b < 2 }},
		"the end":             {Quiescent: func(s *countedPair) bool { return s.b < 3 }},
		"a standstill":        {Stuck: func(s *countedPair) bool { return s.b < 3 }},
	}
	for name, p := range properties {
		p.Name = name
		for _, strategy := range []explore.Strategy{explore.BFS, explore.DFS, explore.Simulate} {
			o := explore.Options[countedPair]{Strategy: strategy}
			if p.Invariant != nil || p.StepInvariant != nil { // the last state may be beyond what the model can tell
				o.Bound = func(s *countedPair) bool { return s.b == 2 }
			}
			o.Walks.Count, o.Walks.Length = 1, 10
			r, err := explore.Check(t.Context(), explore.Spec[countedPair]{Model: twoCounters{}, Properties: []explore.Property[countedPair]{p}, Options: o})
			if err != nil {
				t.Errorf("%s, strategy %d: %v", name, strategy, err)
				continue
			}
			if err := explore.ReplayTrace(twoCounters{}, &r.Violation.Trace); err != nil {
				t.Errorf("%s, strategy %d: %v", name, strategy, err)
			}
		}
	}
}

// jumping is twoCounters in which the states beside the path count b by faults alone: symmetric states do differ.
type jumping struct{ twoCounters }

func (j jumping) Transitions() []explore.Transition {
	return append(j.twoCounters.Transitions(), explore.Transition{Action: "Jump", Class: explore.Fault})
}

func (j jumping) Successors(s *countedPair, out *explore.Out[countedPair]) {
	if s.a == 3 && s.b < 3 && s.unread == 1 {
		*out.Add(2) = countedPair{s.a, s.b + 1, s.unread}
		return
	}
	j.twoCounters.Successors(s, out)
}

// TestTraceWithoutOtherFaults checks that a trace beside the path has no faults that the path has not, counted or not.
func TestTraceWithoutOtherFaults(t *testing.T) {
	t.Parallel()
	two := []explore.Property[countedPair]{{Name: "two", Invariant: func(s *countedPair) bool { return s.b < 2 }}}
	for _, budget := range []int{1, explore.Any} {
		o := explore.Options[countedPair]{Budget: []int{budget}}
		_, err := explore.Check(t.Context(), explore.Spec[countedPair]{Model: jumping{}, Properties: two, Options: o})
		if err == nil || !strings.Contains(err.Error(), "cannot be replayed") {
			t.Errorf("with the budget %d: %v", budget, err)
		}
	}
}
