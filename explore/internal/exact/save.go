package exact

import (
	"github.com/kcheck/kcheck/explore/internal/durable"
)

// Save writes the store. No batch may be inserted meanwhile.
func (s *Store) Save(w *durable.Writer) {
	for i := range s.shards {
		sh := &s.shards[i]
		w.Uint(uint64(sh.n))
		w.Uint(uint64(len(sh.slots)))
		for _, x := range sh.slots {
			w.Uint(x)
		}
		for k := range sh.n {
			w.Raw(s.record(sh, k))
			w.Uint(uint64(sh.values[k/chunkRecords][k%chunkRecords]))
		}
	}
}

// Load makes an empty store what Save has written of one with records of the same length. ok is false if there is no
// memory for it.
func (s *Store) Load(r *durable.Reader) (ok bool) {
	rec := make([]byte, s.length)
	for i := range s.shards {
		sh := &s.shards[i]
		n, slots := int(r.Uint()), int(r.Uint())
		if r.Err() != nil {
			return true
		}
		if !s.mem.Reserve(int64(8 * (slots - len(sh.slots)))) {
			return false
		}
		sh.slots = make([]uint64, slots)
		for k := range sh.slots {
			sh.slots[k] = r.Uint()
		}
		for k := range n {
			r.Raw(rec)
			if !s.append(sh, rec) {
				return false
			}
			sh.values[k/chunkRecords][k%chunkRecords] = uint32(r.Uint())
		}
	}
	return true
}
