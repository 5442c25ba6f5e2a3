package resilience

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// TestPartsCover checks that every set within a bound is within one of its parts, and that no part has more.
func TestPartsCover(t *testing.T) {
	t.Parallel()
	for _, b := range []Bound{{UpTo: 0}, {UpTo: 1, Groups: 2}, {UpTo: 1, Groups: 5}, {UpTo: 2, Groups: 3}, {UpTo: 2, Groups: 5}, {UpTo: 3, Groups: 4}} {
		for size := 0; size <= b.UpTo; size++ {
			for _, set := range plan.SetsOf(b.counts(), size) {
				covered := false
				for part := range b.Parts() {
					counts := b.Part(part).counts()
					covered = covered || subset(set, counts)
					if !subset(counts, b.counts()) {
						t.Fatalf("%+v: part %d is larger than the whole", b, part)
					}
				}
				if !covered {
					t.Fatalf("%+v: no part has %v", b, verdict.FaultMap(set))
				}
			}
		}
	}
}

// TestParts compares a search in parts with a search of all: the same sets with the same counterexamples.
func TestParts(t *testing.T) {
	t.Parallel()
	bounds := []Bound{{UpTo: 1, Groups: 4}, {UpTo: 2, Groups: 3}}
	if testing.Short() {
		bounds = bounds[:1]
	}
	for _, set := range [][]string{{"producer.acks=1"}, {"producer.acks=all", "topic.min.insync.replicas=2"},
		{"topic.replication.factor=2", "consumer.enable.auto.commit=true"}} {
		for _, guarantee := range []string{"at-least-once", "uninterrupted"} {
			q := questionOf(t, guarantee, set...)
			for _, bound := range bounds {
				inParts := analyzed(t, q, bound)
				bound.Groups = 0
				whole := analyzed(t, q, bound)
				inParts.Stats, whole.Stats = verdict.Stats{}, verdict.Stats{} // parts count what they have in common twice
				if !reflect.DeepEqual(inParts, whole) {
					t.Errorf("%v %s %+v: in parts %+v\nwhole %+v", set, guarantee, bound, inParts, whole)
				}
			}
		}
	}
}

// TestPartsApart checks that parts that are searched apart come to what a search of all questions comes to.
func TestPartsApart(t *testing.T) {
	t.Parallel()
	bound := Bound{UpTo: 2, Groups: 3}
	var questions []verdict.Question
	for _, g := range []string{"at-least-once", "no-acked-loss", "at-most-once"} {
		questions = append(questions, questionOf(t, g, "producer.acks=1"))
	}
	together, err := AnalyzeAll(context.Background(), questions, bound, verdict.Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	for i, q := range questions {
		var parts []*Findings
		for part := range bound.Parts() {
			found, err := FindPart(context.Background(), q, bound, part, verdict.Options{Workers: 1})
			if err != nil {
				t.Fatal(err)
			}
			parts = append(parts, &found)
		}
		apart := Conclude(q, bound, parts)
		for _, r := range []*Result{&apart, &together[i]} {
			r.Stats.Seconds, r.Stats.Bytes = 0, 0
		}
		if !reflect.DeepEqual(apart, together[i]) {
			t.Errorf("%s: apart %+v\ntogether %+v", q.Guarantee, apart, together[i])
		}
	}
}

// TestPartMissing checks that nothing is claimed of a part of which nothing is known.
func TestPartMissing(t *testing.T) {
	t.Parallel()
	bound := Bound{UpTo: 1, Groups: 3}
	q := questionOf(t, "at-least-once", "producer.acks=all", "topic.min.insync.replicas=2")
	var parts []*Findings
	for part := range bound.Parts() {
		found, err := FindPart(context.Background(), q, bound, part, verdict.Options{})
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, &found)
	}
	for missing := range parts {
		some := slices.Clone(parts)
		some[missing] = nil
		if r := Conclude(q, bound, some); r.Complete || r.Decided != -1 || len(r.Survives) != 0 || r.Verdict == verdict.Holds {
			t.Errorf("part %d is missing: %+v", missing, r)
		}
	}
}

// TestGroups checks what is no number of groups.
func TestGroups(t *testing.T) {
	t.Parallel()
	for groups, good := range map[int]bool{0: true, 1: true, 2: false, 3: true, 8: true, 100: false, -1: false} {
		if err := (Bound{UpTo: 2, Groups: groups}).CheckGroups(); (err == nil) != good {
			t.Error(fmt.Sprint(groups, err))
		}
	}
}
