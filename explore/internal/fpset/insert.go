package fpset

import (
	"math/bits"
	"sync/atomic"
)

// Batch is a number of elements to be inserted together. The caller fills
// Pos, Fp and, where they are needed, Later and Used up to the same length,
// and finds the answers in Fresh.
type Batch struct {
	// Pos and Fp are independent hashes of the element. Of Pos the upper 23
	// bits are used, of Fp all but the lowest bit.
	Pos, Fp []uint64
	// Later marks an element that is only announced: it is new to the first
	// batch that announces it, and once more to the first that inserts it.
	// A nil slice means that none is.
	Later []bool
	// Update returns the value of the element after element i of the batch
	// was inserted; the element is fresh if that changes it. It is called, if
	// the set has values, possibly several times.
	Update func(value uint32, i int) uint32
	// Fresh tells of each element whether it was new. It is shorter than the
	// batch if memory ran out.
	Fresh []bool

	// Scratch: where the search for each element begins, the elements that
	// were not found there at once, and what is to be written last.
	slot    []place
	pending []uint32
	extra   []extra
	sink    uint32 // keeps the compiler from dropping the touching loads
}

// extra is a write to the extra bits of a slot. The writes miss the cache, and
// a compare-and-swap would wait for each; so they are made after all of them.
type extra struct {
	to    *uint16
	value uint16
}

func (b *Batch) writeExtra() {
	for _, x := range b.extra {
		*x.to = x.value
	}
	b.extra = b.extra[:0]
}

// place is where the search for an element begins.
type place struct {
	seg  uint32
	line uint32
}

const laterFlag = 1

// word returns what is stored for a fingerprint: not zero, the flag clear.
func word(fp uint64) uint64 {
	w := fp &^ laterFlag
	if w == 0 {
		return 2
	}
	return w
}

// home returns the line in which a word with these 16 bits of its position
// belongs. It grows with the position, so that a segment can be enlarged in
// one pass from front to back.
func (g *segment) home(extra uint16, w uint64) uint64 {
	line, _ := bits.Mul64(uint64(extra)<<48|w>>16, g.lines)
	return line
}

// Insert inserts the batch and reports whether there was memory for all of it.
// It may be called by several goroutines, each with its own batch.
func (s *Set) Insert(b *Batch) bool {
	n := len(b.Fp)
	if cap(b.slot) < n {
		b.slot, b.pending, b.Fresh = make([]place, n, 2*n), make([]uint32, n, 2*n), make([]bool, n, 2*n)
	}
	b.slot, b.pending, b.Fresh = b.slot[:n], b.pending[:n], b.Fresh[:n]
	s.mu.RLock()
	pending := b.pending[:s.touch(b)]
	added := int64(0)
	for k := 0; k < len(pending); k++ {
		i := int(pending[k])
		fresh, add, ok := s.insert(b, i)
		if !ok {
			b.writeExtra()
			s.mu.RUnlock()
			if !s.makeRoom(int(b.slot[i].seg)) {
				s.count.Add(added)
				b.Fresh = b.Fresh[:i]
				return false
			}
			s.mu.RLock()
			for _, i := range pending[k:] {
				b.slot[i] = s.place(b.Pos[i], word(b.Fp[i]))
			}
			k--
			continue
		}
		b.Fresh[i] = fresh
		if add {
			added++
		}
	}
	b.writeExtra()
	s.mu.RUnlock()
	if added > 0 && s.count.Add(added) >= s.growAt.Load() {
		return s.grow()
	}
	return true
}

// place returns where the search for a word begins.
func (s *Set) place(pos, w uint64) place {
	seg := pos >> (64 - segmentBits)
	line := s.segs[seg].home(uint16(pos>>(48-segmentBits)), w)
	return place{uint32(seg), uint32(line)}
}

// touch finds out where each element belongs and loads the slot in which it
// is looked for first. Neither loads nor branches depend on each other, so that
// the cache misses overlap. Most elements that are not new are found by that;
// the others, whose number it returns, are pending.
func (s *Set) touch(b *Batch) (pending int) {
	pos, slot, todo, isFresh := b.Pos[:len(b.Fp)], b.slot[:len(b.Fp)], b.pending[:len(b.Fp)], b.Fresh[:len(b.Fp)]
	sink := uint32(0)
	for i, fp := range b.Fp {
		w := word(fp)
		at := s.place(pos[i], w)
		slot[i], isFresh[i] = at, false
		differ := atomic.LoadUint64(&s.segs[at.seg].words[uint64(at.line)*lineWords+first(w)]) ^ w
		if s.values {
			differ = 1 // its value may have to be changed
			sink += atomic.LoadUint32(&s.rest[at.seg].values[at.line*lineWords])
		}
		todo[pending] = uint32(i)
		pending += int((differ | -differ) >> 63)
	}
	b.sink = sink
	return pending
}

// insert inserts element i. fresh tells whether it was new, added whether it
// took a slot. It is not ok if the segment is too full to find one. A line is
// searched from a slot that depends on the element, so that most are found
// where one looks first.
func (s *Set) insert(b *Batch, i int) (fresh, added, ok bool) {
	at := b.slot[i]
	g := &s.segs[at.seg]
	w := word(b.Fp[i])
	put := w
	later := b.Later != nil && b.Later[i]
	if later && !s.values {
		put |= laterFlag
	}
	line := uint64(at.line)
	for range min(probeLines, g.lines) {
		slots := (*[lineWords]uint64)(g.words[line*lineWords:])
		for j := first(w); j < first(w)+lineWords; j++ {
			slot := &slots[j%lineWords]
			have := atomic.LoadUint64(slot)
			if have == 0 {
				if atomic.CompareAndSwapUint64(slot, 0, put) {
					k := line*lineWords + j%lineWords
					b.extra = append(b.extra, extra{&s.rest[at.seg].extra[k], uint16(b.Pos[i] >> (48 - segmentBits))})
					return !s.values || s.update(b, i, k), true, true
				}
				have = atomic.LoadUint64(slot)
			}
			if have&^laterFlag == w {
				if s.values {
					return s.update(b, i, line*lineWords+j%lineWords), false, true
				}
				claimed := have != w && !later && atomic.CompareAndSwapUint64(slot, have, w)
				return claimed, false, true
			}
		}
		if line++; line == g.lines {
			line = 0
		}
	}
	return false, false, false
}

// first returns the slot of a line at which the search for a word begins.
func first(w uint64) uint64 { return w >> 1 % lineWords }

// update changes the value in slot k for element i of the batch and tells
// whether that made a difference.
func (s *Set) update(b *Batch, i int, k uint64) bool {
	v := &s.rest[b.slot[i].seg].values[k]
	for {
		old := atomic.LoadUint32(v)
		value := b.Update(old, i)
		if value == old {
			return false
		}
		if atomic.CompareAndSwapUint32(v, old, value) {
			return true
		}
	}
}
