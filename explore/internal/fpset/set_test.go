package fpset

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/kcheck/kcheck/explore/internal/mem"
)

// fill offers elements first to last, from a seeded sequence, in batches.
func fill(s *Set, seed uint64, n int, later func(i int) bool) (fresh int) {
	rng := rand.New(rand.NewPCG(seed, 1))
	var b Batch
	if s.values {
		b.Update = func(v uint32, _ int) uint32 { return v | 1 }
	}
	for i := 0; i < n; {
		b.Pos, b.Fp, b.Later = b.Pos[:0], b.Fp[:0], b.Later[:0]
		for ; i < n && len(b.Fp) < 256; i++ {
			b.Pos, b.Fp = append(b.Pos, rng.Uint64()), append(b.Fp, rng.Uint64())
			b.Later = append(b.Later, later(i))
		}
		if !s.Insert(&b) {
			return -1
		}
		fresh += len(b.Fresh)
	}
	return fresh
}

func never(int) bool  { return false }
func always(int) bool { return true }

func TestGrowthKeepsElements(t *testing.T) {
	for _, joint := range []uint64{16, 64, jointMax} {
		for _, values := range []bool{false, true} {
			const n = 400_000
			account := mem.NewAccount(1 << 30)
			s := New(account, values)
			s.jointLines = joint
			if got := fill(s, 1, n, never); got != n {
				t.Errorf("joint %d: %d of %d elements are fresh", joint, got, n)
			}
			if got := fill(s, 1, n, never); got != 0 {
				t.Errorf("joint %d: %d elements are fresh the second time", joint, got)
			}
			perState := float64(account.Used()) / n
			if joint < jointMax && perState > 1.45*float64(s.slotBytes()) {
				t.Errorf("joint %d: %.1f bytes for each element", joint, perState)
			}
			s.Close()
			if account.Used() != 0 {
				t.Errorf("%d bytes are still booked", account.Used())
			}
		}
	}
}

func TestAnnouncedElements(t *testing.T) {
	const n = 50_000
	s := New(mem.NewAccount(1<<30), false)
	for step, want := range []struct {
		later func(int) bool
		fresh int
	}{{always, n}, {always, 0}, {func(i int) bool { return i%2 == 0 }, n / 2}, {never, n / 2}, {always, 0}, {never, 0}} {
		if got := fill(s, 3, n, want.later); got != want.fresh {
			t.Errorf("step %d: %d fresh, want %d", step, got, want.fresh)
		}
	}
}

func TestConcurrentInsertion(t *testing.T) {
	const n, workers = 100_000, 4
	s := New(mem.NewAccount(1<<30), false)
	s.jointLines = 32
	var fresh atomic.Int64
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			// Everybody offers the same elements, and some of their own.
			fresh.Add(int64(fill(s, 1, n, never)))
			fresh.Add(int64(fill(s, uint64(10+w), n/4, never)))
		})
	}
	wg.Wait()
	if want := int64(n + workers*n/4); fresh.Load() != want {
		t.Errorf("%d elements were fresh, want %d", fresh.Load(), want)
	}
}

func TestMemoryIsRefused(t *testing.T) {
	account := mem.NewAccount(1 << 20)
	s := New(account, false)
	s.jointLines = 16
	if got := fill(s, 1, 1_000_000, never); got != -1 {
		t.Errorf("a million elements fit into a megabyte: %d", got)
	}
	if account.Peak() > 1<<20 {
		t.Errorf("%d bytes were used", account.Peak())
	}
	if got := s.count.Load() * s.slotBytes(); got < 1<<19 {
		t.Errorf("gave up with %d bytes of slots in use", got)
	}
}

func TestCollisionProbability(t *testing.T) {
	s := New(mem.NewAccount(1<<30), false)
	for i := range s.segs {
		s.segs[i].lines = 1 << 20 // as with 10^9 elements
	}
	if p := s.CollisionProbability(1e9); p <= 0 || p > 1e-8 {
		t.Errorf("the probability of an omission among 10^9 elements is bounded by %g", p)
	}
}
