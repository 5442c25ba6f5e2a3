package fpset

import (
	"testing"

	"github.com/kcheck/kcheck/explore/internal/mem"
)

// A bounded set is full when it has about the memory that it may have. Take empties it: its elements come in order, and are
// fresh again.
func TestBound(t *testing.T) {
	t.Parallel()
	const bound = 4 << 20
	for _, values := range []bool{false, true} {
		account := mem.NewAccount(1 << 30)
		s := New(account, values)
		s.Bound(bound)
		n := 0
		for ; !s.Full(); n += 1000 {
			fill(s, uint64(n), 1000, never)
		}
		if used := account.Used(); used > bound || float64(n) < 0.8*bound/float64(s.slotBytes()) {
			t.Errorf("values %t: full with %d elements in %d bytes", values, n, used)
		}
		for range 2 {
			var last Element
			taken := 0
			var buffer []Element
			for i := range Segments {
				buffer = s.Take(i, buffer, func(e *Element) {
					if taken > 0 && last.Compare(e) >= 0 || e.Head>>(64-segmentBits) != uint64(i) {
						t.Fatalf("%+v comes before %+v, in segment %d", last, *e, i)
					}
					last = *e
					taken++
				})
			}
			if taken != n || s.Full() {
				t.Errorf("values %t: %d of %d elements were taken; full: %t", values, taken, n, s.Full())
			}
			for k := 0; k < n; k += 1000 {
				if got := fill(s, uint64(k), 1000, never); got != 1000 {
					t.Fatalf("values %t: %d of 1000 are fresh", values, got)
				}
			}
		}
		if used := account.Used(); used > bound {
			t.Errorf("values %t: %d bytes in the end", values, used)
		}
	}
}
