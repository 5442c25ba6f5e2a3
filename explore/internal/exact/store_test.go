package exact

import (
	"encoding/binary"
	"testing"

	"github.com/kcheck/kcheck/explore/internal/fpset"
	"github.com/kcheck/kcheck/explore/internal/mem"
)

// Records with the same hash are told apart.
func TestEqualHashes(t *testing.T) {
	const n = 5000
	account := mem.NewAccount(1 << 26)
	s := New(account, 8, false)
	for round := range 2 {
		fresh := 0
		for i := range uint64(n) {
			b := fpset.Batch{Pos: []uint64{i % 3 << 58}, Fp: []uint64{i % 7}}
			if !s.Insert(&b, func(int) []byte { return binary.LittleEndian.AppendUint64(nil, i) }) {
				t.Fatal("no memory")
			}
			if len(b.Fresh) > 0 {
				fresh++
			}
		}
		if want := n * (1 - round); fresh != want {
			t.Errorf("round %d: %d records are fresh, want %d", round, fresh, want)
		}
	}
	s.Close()
	if account.Used() != 0 {
		t.Errorf("%d bytes are still booked", account.Used())
	}
}
