package runs

import (
	"errors"
	"testing"

	"github.com/kcheck/kcheck/explore/internal/fpset"
	"github.com/kcheck/kcheck/explore/internal/scratch"
)

const n = 30_000 // of many pages

// element is the i-th of all. Three after each other have the same head.
func element(i int) fpset.Element {
	return fpset.Element{Head: uint64(i/3) << 45, Rest: uint32(i%3) << 1}
}

// run makes a run of every step-th element, with a value.
func run(t *testing.T, space *scratch.Space, step int, value uint32) *Run {
	t.Helper()
	w, err := NewWriter(space, true)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < n; i += step {
		e := element(i)
		e.Value = value
		w.Add(&e)
	}
	r, err := w.Close()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// count is how many elements a run has, each with the value that it is to have.
func count(t *testing.T, r *Run, value func(i int) uint32) (found int) {
	t.Helper()
	reader := r.NewReader()
	for i := range n {
		e := element(i)
		have, ok, err := reader.Find(&e)
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			found++
			if have.Value != value(i) {
				t.Fatalf("element %d has the value %d, want %d", i, have.Value, value(i))
			}
		}
	}
	return found
}

// Runs that are merged have all elements, once, with their values joined. A merge that is stopped leaves the runs.
func TestMerge(t *testing.T) {
	t.Parallel()
	space, err := scratch.Open(t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	twos, threes := run(t, space, 2, 1), run(t, space, 3, 2)
	union := func(a, b uint32) uint32 { return a | b }
	asked := 0
	later := func() bool { asked++; return asked > 1 }
	if _, err := Merge(space, []*Run{twos, threes}, union, later); !errors.Is(err, ErrStopped) {
		t.Fatalf("a merge that is stopped: %v", err)
	}
	if two, three := count(t, twos, func(int) uint32 { return 1 }), count(t, threes, func(int) uint32 { return 2 }); two != n/2 || three != n/3 {
		t.Errorf("%d and %d elements are left", two, three)
	}
	all, err := Merge(space, []*Run{twos, threes}, union, func() bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	defer all.Close()
	got := count(t, all, func(i int) (value uint32) {
		if i%2 == 0 {
			value |= 1
		}
		if i%3 == 0 {
			value |= 2
		}
		return value
	})
	if want := n/2 + n/3 - n/6; got != want {
		t.Errorf("%d elements, want %d", got, want)
	}
}
