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
	// Fresh lists, in order, the elements that were new. If memory ran out,
	// those behind the last are not looked up.
	Fresh []uint32

	// Scratch: where the search for each element begins, the addresses there,
	// the elements that were not found at once, and what is to be written last.
	home    []place
	address []uintptr
	pending []uint32
	extra   []extra
}

// extra is a write to the extra bits of a slot. The writes miss the cache, and
// a compare-and-swap would wait for each; so they are made after all of them.
type extra struct {
	to    *uint16
	value uint16
}

func (s *Set) writeExtra(b *Batch) {
	for _, x := range b.extra {
		*x.to = x.value
	}
	b.extra = b.extra[:0]
}

// place is where the search for an element begins: the line in its segment, and
// in the lowest bits the segment.
type place uint64

func (p place) segment() uint64 { return uint64(p) % segments }
func (p place) line() uint64    { return uint64(p) >> segmentBits }

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
// It may be called by several goroutines, each with its own batch, unless the
// set is Solo.
func (s *Set) Insert(b *Batch) bool {
	if s.Solo {
		return s.insertBatch(b)
	}
	s.mu.RLock()
	ok := s.insertBatch(b)
	s.mu.RUnlock()
	return ok
}

// insertBatch is Insert with the lock held for reading, unless the set is Solo.
func (s *Set) insertBatch(b *Batch) bool {
	s.locate(b)
	prefetch(b.address)
	pending := b.pending[:len(b.Fp)]
	if s.values {
		for i := range pending {
			pending[i] = uint32(i)
		}
	} else {
		pending = pending[:s.probe(b)]
		s.prefetchExtra(b, pending)
	}
	b.Fresh = b.Fresh[:0]
	added := int64(0)
	for {
		done, more := s.insert(b, pending)
		added += more
		s.writeExtra(b)
		if done == len(pending) {
			break
		}
		pending = pending[done:]
		if !s.exclusively(func() bool { return s.makeRoom(int(b.home[pending[0]].segment())) }) {
			s.count.Add(added)
			return false
		}
		for _, i := range pending {
			b.home[i] = s.place(b.Pos[i], word(b.Fp[i]))
		}
	}
	if added > 0 && s.count.Add(added) >= s.growAt.Load() {
		return s.exclusively(s.grow)
	}
	return true
}

// exclusively calls f while no other goroutine uses the slots.
func (s *Set) exclusively(f func() bool) bool {
	if s.Solo {
		return f()
	}
	s.mu.RUnlock()
	s.mu.Lock()
	ok := f()
	s.mu.Unlock()
	s.mu.RLock()
	return ok
}

// place returns where the search for a word begins.
func (s *Set) place(pos, w uint64) place {
	seg := pos >> (64 - segmentBits)
	line := s.segs[seg].home(uint16(pos>>(48-segmentBits)), w)
	return place(line<<segmentBits | seg)
}

// locate finds out where each element belongs, and the addresses at which it
// is looked for first.
func (s *Set) locate(b *Batch) {
	n := len(b.Fp)
	addresses := n
	if s.values {
		addresses *= 2
	}
	if cap(b.home) < n {
		b.home, b.pending, b.address = make([]place, n, 2*n), make([]uint32, n, 2*n), make([]uintptr, addresses, 2*addresses)
	}
	b.home, b.address = b.home[:n], b.address[:addresses]
	pos, home, address := b.Pos[:n], b.home, b.address
	for i, fp := range b.Fp {
		w := word(fp)
		at := s.place(pos[i], w)
		home[i] = at
		address[i] = addressOf(&s.segs[at.segment()].words[at.line()*lineWords+first(w)])
	}
	if s.values {
		for i, at := range home {
			address[n+i] = addressOf(&s.rest[at.segment()].values[at.line()*lineWords+first(word(b.Fp[i]))])
		}
	}
}

// probe looks at the slot in which each element is looked for first. Neither
// loads nor branches depend on each other. Most elements that are not new are
// found by that; the others, whose number it returns, are pending.
func (s *Set) probe(b *Batch) (pending int) {
	home, todo := b.home[:len(b.Fp)], b.pending[:len(b.Fp)]
	for i, fp := range b.Fp {
		w, at := word(fp), home[i]
		differ := atomic.LoadUint64(&s.segs[at.segment()].words[at.line()*lineWords+first(w)]) ^ w
		todo[pending] = uint32(i)
		pending += int((differ | -differ) >> 63)
	}
	return pending
}

// prefetchExtra prefetches the extra bits of the pending elements, most of which
// are new and will be written: stores that miss the cache wait for one another.
func (s *Set) prefetchExtra(b *Batch, pending []uint32) {
	address := b.address[:len(pending)]
	for k, i := range pending {
		at := b.home[i]
		address[k] = addressOf(&s.rest[at.segment()].extra[at.line()*lineWords])
	}
	prefetch(address)
}

// insert inserts the pending elements. It returns how many it has done, which is
// not all if a segment is too full to find a slot, and how many slots were taken.
// A line is searched from a slot that depends on the element, so that most are
// found where one looks first.
func (s *Set) insert(b *Batch, pending []uint32) (done int, added int64) {
	for k, i := range pending {
		w, at := word(b.Fp[i]), b.home[i]
		put := w
		later := b.Later != nil && b.Later[i]
		if later && !s.values {
			put |= laterFlag
		}
		slot, found := s.claim(b, i, at, w, put)
		fresh := false
		switch {
		case found == none:
			return k, added
		case s.values:
			fresh = s.update(b, int(i), slot)
		case found == free:
			fresh = true
		case !later:
			fresh = s.arrive(&s.segs[at.segment()].words[slot], w)
		}
		if fresh {
			b.Fresh = append(b.Fresh, i)
		}
		if found == free {
			added++
		}
	}
	return len(pending), added
}

// What claim found for an element.
const (
	none = iota // no slot within reach
	same        // the slot in which it is
	free        // a free slot, now taken
)

// claim returns the slot of an element, a free one if it has none yet.
func (s *Set) claim(b *Batch, i uint32, at place, w, put uint64) (slot uint64, found int) {
	g := &s.segs[at.segment()]
	line := at.line()
	for range min(probeLines, g.lines) {
		slots := (*[lineWords]uint64)(g.words[line*lineWords:])
		for j := first(w); j < first(w)+lineWords; j++ {
			have := atomic.LoadUint64(&slots[j%lineWords])
			if have == 0 {
				slot = line*lineWords + j%lineWords
				if s.take(b, at, slot, &slots[j%lineWords], put, uint16(b.Pos[i]>>(48-segmentBits))) {
					return slot, free
				}
				have = atomic.LoadUint64(&slots[j%lineWords])
			}
			if have&^laterFlag == w {
				return line*lineWords + j%lineWords, same
			}
		}
		if line++; line == g.lines {
			line = 0
		}
	}
	return 0, none
}

// take takes a free slot, unless another was faster.
func (s *Set) take(b *Batch, at place, slot uint64, word *uint64, put uint64, bits uint16) bool {
	to := &s.rest[at.segment()].extra[slot]
	if s.Solo {
		*word, *to = put, bits
		return true
	}
	if atomic.CompareAndSwapUint64(word, 0, put) {
		b.extra = append(b.extra, extra{to, bits})
		return true
	}
	return false
}

// arrive inserts an element that has a slot. It tells whether the element was
// only announced before.
func (s *Set) arrive(slot *uint64, w uint64) bool {
	have := atomic.LoadUint64(slot)
	return have != w && atomic.CompareAndSwapUint64(slot, have, w)
}

// first returns the slot of a line at which the search for a word begins.
func first(w uint64) uint64 { return w >> 1 % lineWords }

// update changes the value in slot k for element i of the batch and tells
// whether that made a difference.
func (s *Set) update(b *Batch, i int, k uint64) bool {
	v := &s.rest[b.home[i].segment()].values[k]
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
