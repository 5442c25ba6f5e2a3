package fpset

import (
	"github.com/kcheck/kcheck/explore/internal/mem"
)

// allocate gives all segments the same number of lines, side by side.
func (s *Set) allocate(lines uint64) {
	slots := int(lines * lineWords)
	s.joint = s.blocks(segments * slots)
	for i := range s.segs {
		var b blocks
		for j, size := range slotSizes {
			if s.joint[j].Bytes != nil {
				b[j] = s.joint[j].Part(i*slots*size, slots*size)
			}
		}
		s.set(i, lines, b)
	}
	s.growAt.Store(int64(jointLoad * float64(segments*slots)))
	if lines >= s.jointLines {
		s.next = 0
		s.growAt.Store(s.dueAt())
	}
}

// slotSizes are the bytes of a slot in each of its blocks.
var slotSizes = [...]int{8, 2, 4}

// blocks allocates memory for that many slots.
func (s *Set) blocks(slots int) blocks {
	var b blocks
	for j, size := range slotSizes {
		if j < 2 || s.values {
			b[j] = mem.Alloc(size * slots)
		}
	}
	return b
}

// set makes b the memory of a segment.
func (s *Set) set(i int, lines uint64, b blocks) {
	s.segs[i] = segment{words: mem.View[uint64](b[0]), lines: lines}
	s.rest[i] = rest{extra: mem.View[uint16](b[1]), values: mem.View[uint32](b[2]), blocks: b}
}

// dueAt returns the count at which the next segment has to grow. Within a
// round each segment waits a little longer than the one before, so that the
// memory of the set grows evenly.
func (s *Set) dueAt() int64 {
	load := lowLoad * (1 + (growFactor-1)*float64(s.next)/segments)
	return int64(load * float64(s.segs[s.next].lines*lineWords) * segments)
}

// grow makes the set larger if that is due. Without memory for it the set may
// fill up further, until grow returns false.
func (s *Set) grow() bool {
	for s.count.Load() >= s.growAt.Load() {
		if s.segs[0].lines < s.jointLines {
			if s.ceiling > 0 && 2*s.segs[0].lines > s.ceiling || !s.double() {
				s.growAlone()
			}
			continue
		}
		if s.bounded() {
			continue
		}
		if !s.enlarge(s.next) {
			return s.refuse()
		}
		s.next = (s.next + 1) % segments
		s.growAt.Store(s.dueAt())
	}
	return true
}

// growAlone has the segments grow one after the other from now on, since there
// is no memory to double them together.
func (s *Set) growAlone() {
	s.jointLines, s.next = s.segs[0].lines, 0
	s.growAt.Store(s.dueAt())
}

// refuse lets the set fill up to fullLoad and then returns false.
func (s *Set) refuse() bool {
	full := int64(fullLoad * float64(s.capacity()))
	s.refused = true
	s.growAt.Store(full)
	return s.count.Load() < full
}

// makeRoom enlarges a segment in which there was no free slot within reach.
func (s *Set) makeRoom(seg int) bool {
	if s.segs[0].lines < s.jointLines {
		if s.double() {
			return true
		}
		s.growAlone()
	}
	return s.enlarge(seg)
}

// double doubles all segments together.
func (s *Set) double() bool {
	segs, rests, joint, lines := s.segs, s.rest, s.joint, s.segs[0].lines
	bytes := int64(lines*lineWords*segments) * s.slotBytes()
	if !s.mem.Reserve(2 * bytes) {
		return false
	}
	s.allocate(2 * lines)
	for i := range segs {
		s.move(i, &segs[i], &rests[i])
	}
	joint.free()
	s.mem.Release(bytes)
	return true
}

// enlarge makes one segment larger.
func (s *Set) enlarge(i int) bool {
	seg, rest := s.segs[i], s.rest[i]
	lines := uint64(float64(seg.lines)*growFactor) + 1
	if seg.lines < s.ceiling {
		lines = min(lines, s.ceiling)
	}
	if !s.mem.Reserve(int64(lines*lineWords) * s.slotBytes()) {
		return false
	}
	s.set(i, lines, s.blocks(int(lines*lineWords)))
	s.move(i, &seg, &rest)
	rest.blocks.free()
	s.mem.Release(int64(seg.lines*lineWords) * s.slotBytes())
	return true
}

// move copies the elements of a smaller segment into the i-th. Both are passed
// through in order, since a home grows with the position.
func (s *Set) move(i int, from *segment, rest *rest) {
	g, r := &s.segs[i], &s.rest[i]
	for k, w := range from.words {
		if w == 0 {
			continue
		}
		to := g.free(w, g.home(rest.extra[k], w&^laterFlag))
		g.words[to], r.extra[to] = w, rest.extra[k]
		if s.values {
			r.values[to] = rest.values[k]
		}
	}
}

// free returns the first free slot for a word from its home line on.
func (g *segment) free(w, line uint64) uint64 {
	for {
		slots := (*[lineWords]uint64)(g.words[line*lineWords:])
		for j := first(w); j < first(w)+lineWords; j++ {
			if slots[j%lineWords] == 0 {
				return line*lineWords + j%lineWords
			}
		}
		if line++; line == g.lines {
			line = 0
		}
	}
}
