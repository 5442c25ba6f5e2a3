package explore_test

import (
	"context"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/examples"
	"github.com/kcheck/kcheck/explore/exploretest"
)

// counters are three interchangeable counters that go round, and faults that
// set one back or stop it.
type counters struct{}

type counts [4]uint8

func (counters) Transitions() []explore.Transition {
	var table []explore.Transition
	for range 3 {
		table = append(table, explore.Transition{Action: "Count"},
			explore.Transition{Action: "Reset", Class: explore.Fault, Fault: 0},
			explore.Transition{Action: "Stop", Class: explore.Fault, Fault: 1})
	}
	return table
}

func (counters) Initial(dst []counts) []counts { return append(dst, counts{}, counts{3, 1}) }

func (counters) Successors(s *counts, out *explore.Out[counts]) {
	for i := range 3 {
		if s[i] == 6 {
			continue
		}
		for k, to := range [3]uint8{(s[i] + 1) % 6, 0, 6} {
			if to != s[i] {
				out.Add(explore.TransitionID(3*i + k))[i] = to
			}
		}
	}
}

func (counters) Canonical(s *counts) {
	for i := range 2 {
		for j := 2; j > i; j-- {
			if s[j] < s[j-1] {
				s[j], s[j-1] = s[j-1], s[j]
			}
		}
	}
}

// TestSymmetryWithFaults: successors that are recognized before they are made
// canonical make no difference, whatever faults led to them.
func TestSymmetryWithFaults(t *testing.T) {
	for _, least := range []uint8{1, 4, 9, 18} {
		props := []explore.Property[counts]{
			{Name: "below", Invariant: func(s *counts) bool { return s[0]+s[1]+s[2] < least }},
			{Name: "some step", Stuck: func(*counts) bool { return false }},
		}
		for _, budget := range [][]int{{0, 0}, {2, 1}, {1, 3}} {
			o := explore.Options[counts]{Budget: budget, Exhaust: true}
			exploretest.Agree(t, explore.Spec[counts]{Model: counters{}, Properties: props, Options: o})
			exploretest.Determinism(t, explore.Spec[counts]{Model: counters{}, Properties: props, Options: o})
		}
	}
}

// TestExactNeedsNoHash: with whole states a hash of few bits costs time and
// omits nothing.
func TestExactNeedsNoHash(t *testing.T) {
	defer explore.Sabotage(false, ^uint64(7), 0, false)()
	sameAsReference(t, examples.NewTwoPhase(4), explore.Options[examples.Commit]{Exact: true})
	sameAsReference(t, counters{}, explore.Options[counts]{Exact: true, Budget: []int{2, 1}})
}

func sameAsReference[S comparable](t *testing.T, m explore.Model[S], o explore.Options[S]) {
	t.Helper()
	r, err := explore.Check(context.Background(), explore.Spec[S]{Model: m, Options: o})
	if err != nil {
		t.Fatal(err)
	}
	if want := exploretest.Reference(explore.Spec[S]{Model: m, Options: o}).Distinct; r.Stats.Distinct != want {
		t.Errorf("%d states, want %d", r.Stats.Distinct, want)
	}
}
