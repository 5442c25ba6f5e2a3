// Package exact is a visited set that stores whole states, so that it can take
// no state for another. It is slower and larger than a set of fingerprints.
package exact

import (
	"bytes"
	"sync"

	"github.com/kcheck/kcheck/explore/internal/fpset"
	"github.com/kcheck/kcheck/explore/internal/mem"
)

const (
	shardBits    = 6
	chunkRecords = 1 << 10
	firstSlots   = 1 << 6
)

// Store is a set of records of one length. A record may carry a value or be
// only announced, as in fpset.
type Store struct {
	shards [1 << shardBits]shard
	mem    *mem.Account
	length int
	values bool
}

// shard is a hash table of record numbers, with a lock of its own.
type shard struct {
	mu     sync.Mutex
	slots  []uint64 // upper half of the fingerprint, number of the record + 1
	chunks [][]byte
	values [][]uint32 // by chunk; without values: 1 if announced
	n      int
}

// New returns an empty store of records of the given length.
func New(account *mem.Account, length int, values bool) *Store {
	s := &Store{mem: account, length: length, values: values}
	for i := range s.shards {
		s.mem.Reserve(8 * firstSlots)
		s.shards[i].slots = make([]uint64, firstSlots)
	}
	return s
}

// Insert inserts the records of a batch; record returns the i-th.
func (s *Store) Insert(b *fpset.Batch, record func(i int) []byte) bool {
	b.Fresh = b.Fresh[:0]
	for i := range b.Fp {
		sh := &s.shards[b.Pos[i]>>(64-shardBits)]
		sh.mu.Lock()
		fresh, ok := s.insert(sh, b, i, record(i))
		sh.mu.Unlock()
		if !ok {
			return false
		}
		if fresh {
			b.Fresh = append(b.Fresh, uint32(i))
		}
	}
	return true
}

func (s *Store) insert(sh *shard, b *fpset.Batch, i int, rec []byte) (fresh, ok bool) {
	if 4*sh.n >= 3*len(sh.slots) && !s.grow(sh) {
		return false, false
	}
	later := b.Later != nil && b.Later[i]
	tag := b.Fp[i] >> 32
	for k := tag & uint64(len(sh.slots)-1); ; k = (k + 1) & uint64(len(sh.slots)-1) {
		w := sh.slots[k]
		if w == 0 {
			if !s.append(sh, rec) {
				return false, false
			}
			sh.slots[k] = tag<<32 | uint64(sh.n)
			return s.update(sh, sh.n-1, b, i, true, later), true
		}
		n := int(uint32(w)) - 1
		if w>>32 == tag && bytes.Equal(s.record(sh, n), rec) {
			return s.update(sh, n, b, i, false, later), true
		}
	}
}

func (s *Store) record(sh *shard, n int) []byte {
	return sh.chunks[n/chunkRecords][n%chunkRecords*s.length:][:s.length]
}

// update sets the value of a record and tells whether the element is fresh.
func (s *Store) update(sh *shard, n int, b *fpset.Batch, i int, added, later bool) bool {
	v := &sh.values[n/chunkRecords][n%chunkRecords]
	old := *v
	switch {
	case s.values:
		*v = b.Update(old, i)
	case added && later:
		*v = 1
	case !later:
		*v = 0
	}
	return added || *v != old
}

// append adds a record at the end of the shard.
func (s *Store) append(sh *shard, rec []byte) bool {
	if sh.n%chunkRecords == 0 {
		if !s.mem.Reserve(int64(chunkRecords * (s.length + 4))) {
			return false
		}
		sh.chunks = append(sh.chunks, make([]byte, chunkRecords*s.length))
		sh.values = append(sh.values, make([]uint32, chunkRecords))
	}
	sh.n++
	copy(s.record(sh, sh.n-1), rec)
	return true
}

// grow doubles the table of a shard.
func (s *Store) grow(sh *shard) bool {
	old := sh.slots
	if !s.mem.Reserve(int64(16 * len(old))) {
		return false
	}
	sh.slots = make([]uint64, 2*len(old))
	for _, w := range old {
		if w == 0 {
			continue
		}
		k := w >> 32 & uint64(len(sh.slots)-1)
		for sh.slots[k] != 0 {
			k = (k + 1) & uint64(len(sh.slots)-1)
		}
		sh.slots[k] = w
	}
	s.mem.Release(int64(8 * len(old)))
	return true
}

// Close gives the memory of the store back.
func (s *Store) Close() {
	for i := range s.shards {
		sh := &s.shards[i]
		s.mem.Release(int64(8*len(sh.slots) + len(sh.chunks)*chunkRecords*(s.length+4)))
		*sh = shard{}
	}
}
