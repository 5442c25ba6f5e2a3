package fpset

import "slices"

// Element is an element of a set, without what it was made of.
type Element struct {
	Pos   uint32 // 23 bits: the segment and the extra bits
	Word  uint64 // 63 bits; the lowest bit is set if the element is only announced
	Value uint32 // 0 in a set without values
}

// Announced tells that the element was announced and not yet inserted, in a set without values.
func (a *Element) Announced() bool { return a.Word&laterFlag != 0 }

// Compare orders elements; 0 means that they are the same, perhaps with different values.
func (a *Element) Compare(b *Element) int {
	x, y := a.Head(), b.Head()
	if x == y {
		x, y = a.Word>>1, b.Word>>1
	}
	if x < y {
		return -1
	}
	if x > y {
		return 1
	}
	return 0
}

// Head is the first 64 of the 86 bits by which elements are ordered. They are as good as random.
func (a *Element) Head() uint64 { return uint64(a.Pos)<<41 | a.Word>>23 }

// ElementOf returns the element of two hashes, as in a [Batch].
func ElementOf(pos, fp uint64) Element {
	return Element{Pos: uint32(pos >> (48 - segmentBits)), Word: word(fp)}
}

// FullAt bounds the set: with n elements it is full, and is to be emptied by Take.
func (s *Set) FullAt(n int64) { s.fullAt = n }

// Full tells that the set has as many elements as FullAt said. It may be called while batches are inserted.
func (s *Set) Full() bool { return s.fullAt > 0 && s.count.Load() >= s.fullAt }

// SlotBytes is about the memory that an element takes.
func (s *Set) SlotBytes() int64 { return s.slotBytes() * 3 / 2 }

// Take empties the set and hands out its elements in order. No batch may be inserted meanwhile.
func (s *Set) Take(take func(e *Element)) {
	var list []Element
	for i := range s.segs {
		g, r := &s.segs[i], &s.rest[i]
		list = list[:0]
		for k, w := range g.words {
			if w == 0 {
				continue
			}
			e := Element{Pos: uint32(i)<<16 | uint32(r.extra[k]), Word: w}
			if s.values {
				e.Value = r.values[k]
			}
			list = append(list, e)
		}
		slices.SortFunc(list, func(a, b Element) int { return a.Compare(&b) })
		for k := range list {
			take(&list[k])
		}
		clear(g.words)
		clear(r.extra)
		clear(r.values)
	}
	s.count.Store(0)
}
