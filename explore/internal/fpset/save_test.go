package fpset

import (
	"path/filepath"
	"testing"

	"github.com/kcheck/kcheck/explore/internal/durable"
	"github.com/kcheck/kcheck/explore/internal/mem"
)

// A set that was saved and loaded knows the same elements, grows on, and books what it takes.
func TestSavedSet(t *testing.T) {
	t.Parallel()
	for _, joint := range []uint64{16, 64, jointMax} {
		for _, values := range []bool{false, true} {
			const n = 200_000
			s := New(mem.NewAccount(1<<30), values)
			s.jointLines = joint
			fill(s, 1, n, never)
			name := filepath.Join(t.TempDir(), "set")
			if err := durable.Replace(name, s.Save); err != nil {
				t.Fatal(err)
			}
			account := mem.NewAccount(1 << 30)
			loaded := New(account, values)
			r, err := durable.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			ok := loaded.Load(r)
			r.End()
			if err := r.Close(); err != nil || !ok {
				t.Fatal(ok, err)
			}
			if got := fill(loaded, 1, n, never); got != 0 {
				t.Errorf("joint %d, values %t: %d elements are fresh", joint, values, got)
			}
			if got := fill(loaded, 2, n, never); got != n {
				t.Errorf("joint %d, values %t: %d of %d others are fresh", joint, values, got, n)
			}
			if got := fill(loaded, 1, n, never); got != 0 {
				t.Errorf("joint %d, values %t: %d elements are fresh after growth", joint, values, got)
			}
			loaded.Close()
			if account.Used() != 0 {
				t.Errorf("%d bytes are still booked", account.Used())
			}
			if r, err = durable.Open(name); err != nil {
				t.Fatal(err)
			}
			if New(mem.NewAccount(1<<20), values).Load(r) {
				t.Error("a large set fits into a megabyte")
			}
			_ = r.Close()
		}
	}
}
