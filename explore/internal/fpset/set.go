package fpset

import (
	"math"
	"math/bits"
	"sync"
	"sync/atomic"

	"github.com/kcheck/kcheck/explore/internal/mem"
)

const (
	segmentBits = 7
	segments    = 1 << segmentBits
	lineWords   = 8 // slots in a line: one cache line of words
	probeLines  = 64

	firstLines = 8       // lines of a segment in the beginning
	jointMax   = 1 << 14 // segments grow together until they have this many

	jointLoad  = 0.70 // of all segments, when they are doubled together
	lowLoad    = 0.84 // of the first segment, when a round of growth begins
	growFactor = 1.08 // of a segment in a round of growth
	fullLoad   = 0.93 // of the set when it is refused memory and must give up
)

// Set is a set of fingerprints. See the package documentation.
type Set struct {
	// Solo says that only one goroutine uses the set, which is faster.
	Solo bool

	segs       [segments]segment
	rest       [segments]rest
	mem        *mem.Account
	values     bool   // each slot has a value
	jointLines uint64 // jointMax, or less in tests

	mu      sync.RWMutex // held for reading while slots are used
	count   atomic.Int64 // slots in use, up to what each batch has yet to add
	growAt  atomic.Int64 // count at which the next growth is due
	next    int          // segment whose turn it is to grow
	refused bool         // memory was refused
	fullAt  atomic.Int64 // count at which the set is to be emptied; 0: never
	ceiling uint64       // lines of a segment beyond which the set does not grow if it can be emptied; 0: none
	joint   blocks       // memory of all segments while they grow together
}

// segment is a part of the set, chosen by the first bits of the position: what
// a search for an element looks at, kept small since all are in use at once.
type segment struct {
	words []uint64 // fingerprint, the lowest bit set if only announced; 0: empty
	lines uint64
}

// rest is what else belongs to a segment.
type rest struct {
	extra  []uint16 // bits of the position that are not in the word
	values []uint32
	blocks blocks
}

// blocks is the memory of words, extra and values.
type blocks [3]mem.Block

func (b *blocks) free() {
	for _, m := range b {
		m.Free()
	}
}

// New returns an empty set; with values, each element carries a value.
func New(account *mem.Account, values bool) *Set {
	s := &Set{mem: account, values: values, jointLines: jointMax}
	s.mem.Reserve(s.slotBytes() * segments * firstLines * lineWords)
	s.allocate(firstLines)
	return s
}

// slotBytes is the memory of a slot.
func (s *Set) slotBytes() int64 {
	if s.values {
		return 8 + 2 + 4
	}
	return 8 + 2
}

// CollisionProbability bounds the probability that the set took any of n
// distinct elements for another.
func (s *Set) CollisionProbability(n uint64) float64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	lines := s.segs[segments-1].lines * segments
	// Elements meet only if they have the same word, of 63 bits, and are
	// looked for in the same lines: a probe sees 3.1 on average with lowLoad,
	// and 13 in a set that was refused memory and is full.
	seen := 2
	if s.refused {
		seen = 4
	}
	b := min(63+segmentBits+16, 63+float64(bits.Len64(lines)-1-seen))
	return min(1, float64(n)*float64(n)/math.Exp2(b+1))
}

func (s *Set) capacity() int64 {
	n := uint64(0)
	for i := range s.segs {
		n += s.segs[i].lines
	}
	return int64(n * lineWords)
}

// Close gives the memory of the set back. The set must not be used any more.
func (s *Set) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mem.Release(s.capacity() * s.slotBytes())
	s.free()
	s.segs, s.rest = [segments]segment{}, [segments]rest{}
}
