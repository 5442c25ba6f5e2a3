package explore_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/examples"
)

// TestDiskRandomSystems has everything of random systems go to disk, in every mode: what comes of them is what comes of
// them in memory.
func TestDiskRandomSystems(t *testing.T) {
	n := 150
	if testing.Short() {
		n = 40
	}
	r := newSeed(t)
	for range n {
		seed := r.Uint64()
		q := rand.New(rand.NewPCG(seed, 5))
		o := randomOptions(q)
		o.Dominance, o.WitnessTrace = q.IntN(2) == 0, q.IntN(2) == 0
		reached := randomPredicate(q, 15)
		spec := explore.Spec[tiny]{Model: newRandomSystem(q), Properties: randomProperties(q), Options: o,
			Witnesses: []explore.Witness[tiny]{{Name: "w", Reached: func(s *tiny) bool { return !reached(s) }}}}
		onDisk(t, fmt.Sprintf("system %d, %+v", seed, o), spec, int64(1+q.IntN(30)))
	}
}

// TestDisk has large systems go to disk.
func TestDisk(t *testing.T) {
	for _, workers := range []int{1, 2} {
		onDisk(t, "two-phase commit", explore.Spec[examples.Commit]{Model: examples.NewTwoPhase(6), Properties: []explore.Property[examples.Commit]{allCommit(6)},
			Options: explore.Options[examples.Commit]{Workers: workers}}, 3000)
		onDisk(t, "two-phase commit, all of it", explore.Spec[examples.Commit]{Model: examples.NewTwoPhase(6), Properties: []explore.Property[examples.Commit]{allCommit(6)},
			Options: explore.Options[examples.Commit]{Workers: workers, Exhaust: true}}, 5000)
		rare := []explore.Property[uint64]{{Name: "rare", Invariant: func(s *uint64) bool { return *s%4099 != 4098 }}}
		o := explore.Options[uint64]{Dominance: true, Exhaust: true, Budget: []int{1, 1, 1, 1, 1, 1, 1}, Workers: workers}
		onDisk(t, "faults", explore.Spec[uint64]{Model: scrambled{bits: 13}, Properties: rare, Options: o}, 500)
	}
}

// onDisk compares a check in memory with one whose visited set goes to disk with that many elements.
func onDisk[S comparable](t *testing.T, name string, spec explore.Spec[S], full int64) {
	t.Helper()
	want, err := explore.Check(context.Background(), spec)
	if err != nil {
		t.Fatal(err)
	}
	defer explore.DiskFullAt(full)()
	dir := t.TempDir()
	spec.Memory, spec.Disk = 64<<20, &explore.Disk{Dir: dir}
	got, err := explore.Check(context.Background(), spec)
	if err != nil {
		t.Fatal(name, err)
	}
	if told(t, got) != told(t, want) {
		t.Errorf("%s, with %d elements in memory:\n%.2000s\nwant\n%.2000s", name, full, told(t, got), told(t, want))
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%s: %v is left", name, left)
	}
}

// TestDiskSize: where there is no more room, the check ends with what is known.
func TestDiskSize(t *testing.T) {
	defer explore.DiskFullAt(1000)()
	o := explore.Options[examples.Commit]{Memory: 64 << 20, Disk: &explore.Disk{Dir: t.TempDir(), Size: 4 << 20}}
	r := check(t, context.Background(), examples.NewTwoPhase(7), nil, o)
	if r.Complete || r.Stopped != explore.OutOfDisk || r.Stats.Distinct < 10_000 || r.CompleteDepth < 3 {
		t.Errorf("complete %t, stopped %v, %+v up to depth %d", r.Complete, r.Stopped, r.Stats, r.CompleteDepth)
	}
}

// TestDiskCanceled: a check that ends while states go to disk says how far it was, and claims no more.
func TestDiskCanceled(t *testing.T) {
	defer explore.DiskFullAt(500)()
	for n := int64(1); n < 4000; n = n*3/2 + 1 {
		ctx, cancel := context.WithCancel(t.Context())
		spec := explore.Spec[examples.Commit]{Model: interrupt[examples.Commit](examples.NewTwoPhase(6), n, cancel)}
		spec.Memory, spec.Disk = 64<<20, &explore.Disk{Dir: t.TempDir()}
		r, err := explore.Check(ctx, spec)
		cancel()
		if err != nil || r.Complete || r.Stopped != explore.Canceled {
			t.Fatalf("canceled after %d states: complete %t, stopped %v, %v", n, r.Complete, r.Stopped, err)
		}
		plain := explore.Spec[examples.Commit]{Model: examples.NewTwoPhase(6)}
		plain.MaxDepth = max(1, r.CompleteDepth)
		if upTo, err := explore.Check(t.Context(), plain); err != nil || r.CompleteDepth > 0 && r.Stats.Distinct < upTo.Stats.Distinct {
			t.Errorf("canceled after %d states: %d states are said to be all up to depth %d, which are %d; %v", n, r.Stats.Distinct, r.CompleteDepth, upTo.Stats.Distinct, err)
		}
	}
}

// TestDiskRefused: what excludes a disk says so.
func TestDiskRefused(t *testing.T) {
	m, dir := examples.NewTwoPhase(3), t.TempDir()
	type options = explore.Options[examples.Commit]
	on := &explore.Disk{Dir: dir}
	for want, o := range map[string]options{
		"needs the strategy BFS": {Disk: on, Strategy: explore.DFS},
		"Options.Exact":          {Disk: on, Exact: true},
		"Options.Checkpoint":     {Disk: on, Checkpoint: &explore.Checkpoint{Dir: dir}},
		"Dir is empty":           {Disk: &explore.Disk{}},
		"must not be negative":   {Disk: &explore.Disk{Dir: dir, Size: -1}},
		"MiB of memory":          {Disk: on, Memory: 1 << 20},
	} {
		if err := checkErr(m, nil, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, got %v", want, err)
		}
	}
}
