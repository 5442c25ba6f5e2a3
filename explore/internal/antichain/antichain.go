// Package antichain keeps, for each state of a search with a budget of faults,
// the minimal used vectors with which the state was reached.
//
// There are far fewer different sets of vectors than states: each set is kept
// once and known by a number, and so is the result of adding a vector to it.
package antichain

import (
	"encoding/binary"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/kcheck/kcheck/explore/internal/mem"
)

// Bytes that are booked for a set, its members apart, and for a result.
const (
	setBytes    = 128
	answerBytes = 48
)

// Sets is a table of sets of used vectors. Number 0 is the empty set. A vector
// in a set is either inserted or only announced for a later layer.
type Sets struct {
	subset  func(a, b uint64) bool
	account *mem.Account
	booked  atomic.Int64
	full    atomic.Bool // memory was refused

	mu      sync.RWMutex
	members [][]uint64        // by number, sorted; vector<<1, lowest bit set if announced
	numbers map[string]uint32 // of the members as bytes
	next    map[question]uint32
}

type question struct {
	used  uint64 // vector<<1, lowest bit set if announced
	value uint32
}

// New returns a table that compares vectors with subset.
func New(account *mem.Account, subset func(a, b uint64) bool) *Sets {
	return &Sets{
		subset:  subset,
		account: account,
		members: [][]uint64{nil},
		numbers: map[string]uint32{"": 0},
		next:    map[question]uint32{},
	}
}

// Add returns the number of the set with a vector added, which is the same set
// if the vector is redundant: because a subset of it was inserted before, or if
// it is announced, because it was announced before.
func (s *Sets) Add(value uint32, used uint64, later bool) uint32 {
	q := question{used << 1, value}
	if later {
		q.used |= 1
	}
	s.mu.RLock()
	n, ok := s.next[q]
	s.mu.RUnlock()
	if ok {
		return n
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n = s.add(q)
	s.next[q] = n
	s.book(answerBytes)
	return n
}

// Redundant tells whether adding a vector to a set would change nothing.
func (s *Sets) Redundant(value uint32, used uint64, later bool) bool {
	q := question{used << 1, value}
	if later {
		q.used |= 1
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.redundant(q)
}

func (s *Sets) redundant(q question) bool {
	for _, m := range s.members[q.value] {
		inserted := m&1 == 0
		if inserted && s.subset(m>>1, q.used>>1) || m == q.used {
			return true
		}
	}
	return false
}

// Union returns the number of a set that makes redundant what either of two does.
func (s *Sets) Union(a, b uint32) uint32 {
	for _, m := range s.list(b) {
		a = s.Add(a, m>>1, m&1 != 0)
	}
	return a
}

// list returns the members of a set.
func (s *Sets) list(value uint32) []uint64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.members[value]
}

func (s *Sets) book(n int64) {
	if s.account.Reserve(n) {
		s.booked.Add(n)
	} else {
		s.full.Store(true)
	}
}

// Full tells that memory has run out.
func (s *Sets) Full() bool { return s.full.Load() }

// Close gives the memory of the table back.
func (s *Sets) Close() {
	s.account.Release(s.booked.Load())
	s.members, s.numbers, s.next = nil, nil, nil
}

func (s *Sets) add(q question) uint32 {
	old := s.members[q.value]
	if s.redundant(q) {
		return q.value
	}
	set := make([]uint64, 0, len(old)+1)
	for _, m := range old {
		// What was announced and is now redundant would be pruned later.
		if q.used&1 == 1 || m&1 == 0 || !s.subset(q.used>>1, m>>1) {
			set = append(set, m)
		}
	}
	set = append(set, q.used)
	slices.Sort(set)
	return s.number(set)
}

func (s *Sets) number(set []uint64) uint32 {
	key := make([]byte, 0, 8*len(set))
	for _, m := range set {
		key = binary.LittleEndian.AppendUint64(key, m)
	}
	n, ok := s.numbers[string(key)]
	if !ok {
		n = uint32(len(s.members))
		s.members = append(s.members, set)
		s.numbers[string(key)] = n
		s.book(setBytes + 16*int64(len(set)))
	}
	return n
}

// Cache answers the questions of one goroutine, most of them without a lock.
type Cache struct {
	sets    *Sets
	entries [1 << 12]struct {
		question
		answer uint32
		valid  bool
	}
}

// NewCache returns a cache in front of the table.
func (s *Sets) NewCache() *Cache { return &Cache{sets: s} }

// Add is as Sets.Add.
func (c *Cache) Add(value uint32, used uint64, later bool) uint32 {
	q := question{used << 1, value}
	if later {
		q.used |= 1
	}
	h := (q.used ^ uint64(value)<<40 ^ uint64(value)>>7) * 0x9e3779b97f4a7c15
	e := &c.entries[h>>52]
	if !e.valid || e.question != q {
		e.question, e.answer, e.valid = q, c.sets.Add(value, used, later), true
	}
	return e.answer
}
