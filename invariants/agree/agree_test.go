package main

import (
	"strings"
	"testing"
)

// TestAgree compares a few questions, the same ones each time: a difference in others must not stop a change that has nothing to
// do with it.
func TestAgree(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if status := run(t.Context(), []string{"-seed", "1", "-questions", "40", "-states", "1500"}, &out); status != 0 {
		t.Errorf("exit status %d\n%s", status, out.String())
	}
	t.Log(out.String())
}

// TestFindsDifference checks that a wrong answer is noticed, and that the question is made as small as it can be.
func TestFindsDifference(t *testing.T) {
	t.Parallel()
	c := comparison{states: 3000, wrong: "the sets of faults"}
	for n := range uint64(200) {
		q := draw(7, n)
		found, err := c.compare(t.Context(), &q)
		if err != nil {
			t.Fatal(err)
		}
		if found == "" {
			continue
		}
		small, found := c.shrink(t.Context(), q, found)
		if !strings.HasPrefix(found, c.wrong) {
			t.Errorf("the smallest question differs in another way: %s", found)
		}
		for _, smaller := range small.smaller() {
			if d, _ := c.compare(t.Context(), &smaller); d != "" {
				t.Errorf("not the smallest: %s", smaller.spec())
			}
		}
		return
	}
	t.Error("no question is violated")
}

// TestSameSeed checks that a seed draws the same questions again.
func TestSameSeed(t *testing.T) {
	t.Parallel()
	for n := range uint64(20) {
		a, b := draw(3, n), draw(3, n)
		if a.spec() != b.spec() {
			t.Errorf("question %d:\n%s\n%s", n, a.spec(), b.spec())
		}
	}
}

func TestRefusesArguments(t *testing.T) {
	var out strings.Builder
	if status := run(t.Context(), []string{"more"}, &out); status != 2 {
		t.Errorf("exit status %d, want 2", status)
	}
}
