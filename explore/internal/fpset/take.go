package fpset

import "slices"

// Element is an element of a set, without what it was made of: 86 bits of its hashes, and what else is known of it.
type Element struct {
	// Head is the first 64 bits of the position and the word. They are as good as random.
	Head uint64
	// Rest is the other 22 bits of the word, and in the lowest bit whether the element is only announced.
	Rest uint32
	// Value is 0 in a set without values.
	Value uint32
}

// RestBits is the length of Element.Rest.
const RestBits = 23

// Announced tells that the element was announced and not yet inserted, in a set without values.
func (a *Element) Announced() bool { return a.Rest&laterFlag != 0 }

// Compare orders elements; 0 means that they are the same, perhaps with different values.
func (a *Element) Compare(b *Element) int {
	x, y := a.Head, b.Head
	if x == y {
		x, y = uint64(a.Rest>>1), uint64(b.Rest>>1)
	}
	if x < y {
		return -1
	}
	if x > y {
		return 1
	}
	return 0
}

// element returns the element with a word and the first bits of a position.
func element(pos uint32, word uint64) Element {
	return Element{Head: uint64(pos)<<(64-segmentBits-16) | word>>RestBits, Rest: uint32(word & (1<<RestBits - 1))}
}

// ElementOf returns the element of two hashes, as in a [Batch].
func ElementOf(pos, fp uint64) Element { return element(uint32(pos>>(48-segmentBits)), word(fp)) }

// fullWhen is how full a bounded set gets, which leaves room for what workers insert until they see that it is.
const fullWhen = 0.88

// Bound has the set grow to about so many bytes and no further, as long as it is emptied when it is Full.
func (s *Set) Bound(bytes int64) {
	s.ceiling = max(firstLines, uint64(bytes/(s.slotBytes()*segments*lineWords)))
}

// FullAt has the set be Full with n elements.
func (s *Set) FullAt(n int64) { s.fullAt.Store(n) }

// Full tells that the set has as many elements as it is to have, and should be emptied by Take. It may be called while
// batches are inserted.
func (s *Set) Full() bool {
	n := s.fullAt.Load()
	return n > 0 && s.count.Load() >= n
}

// bounded has a set that has reached its bound grow only when it is not emptied in time.
func (s *Set) bounded() bool {
	if s.ceiling == 0 || s.fullAt.Load() > 0 || s.segs[s.next].lines < s.ceiling {
		return false
	}
	full := float64(s.capacity())
	s.fullAt.Store(int64(fullWhen * full))
	s.growAt.Store(int64(fullLoad * full))
	return true
}

// Segments is into how many parts a set is divided by the first bits of Element.Head.
const Segments = segments

// Take empties a segment and hands out its elements in order. No batch may be inserted meanwhile; other segments may be
// emptied at the same time. buffer is for use by Take, and returned for the next one.
func (s *Set) Take(segment int, buffer []Element, take func(e *Element)) []Element {
	g, r := &s.segs[segment], &s.rest[segment]
	list := buffer[:0]
	for k, w := range g.words {
		if w == 0 {
			continue
		}
		e := element(uint32(segment)<<16|uint32(r.extra[k]), w)
		if s.values {
			e.Value = r.values[k]
		}
		list = append(list, e)
	}
	sortNearly(list)
	for k := range list {
		take(&list[k])
	}
	clear(g.words)
	clear(r.extra)
	clear(r.values)
	s.count.Add(-int64(len(list)))
	return list
}

// sortNearly sorts what is nearly in order, as elements are that lie near their home lines. Where those that had no room
// there begin again at the first line, they are not.
func sortNearly(list []Element) {
	moved := 0
	for i := 1; i < len(list); i++ {
		e, k := list[i], i
		for ; k > 0 && e.Compare(&list[k-1]) < 0; k-- {
			list[k] = list[k-1]
		}
		list[k] = e
		if moved += i - k; moved > sortLimit*len(list) {
			slices.SortFunc(list, func(a, b Element) int { return a.Compare(&b) })
			return
		}
	}
}

// sortLimit is how far elements may be moved on average before they are sorted in another way.
const sortLimit = 64
