package fpset

import (
	"github.com/kcheck/kcheck/explore/internal/durable"
	"github.com/kcheck/kcheck/explore/internal/mem"
)

// Save writes the set. No batch may be inserted meanwhile.
func (s *Set) Save(w *durable.Writer) {
	for _, n := range []uint64{uint64(s.count.Load()), s.jointLines, uint64(s.next)} {
		w.Uint(n)
	}
	for i := range s.segs {
		w.Uint(s.segs[i].lines)
	}
	for i := range s.segs {
		for _, b := range s.content(i) {
			w.Raw(b)
		}
	}
}

// Load makes an empty set what Save has written of one that has values if this one has. ok is false if there is no memory
// for it.
func (s *Set) Load(r *durable.Reader) (ok bool) {
	count, jointLines, next := r.Uint(), r.Uint(), r.Uint()
	var lines [segments]uint64
	total := uint64(0)
	for i := range lines {
		lines[i] = r.Uint()
		total += lines[i]
	}
	if r.Err() != nil {
		return true
	}
	old := s.capacity() * s.slotBytes()
	if !s.mem.Reserve(int64(total*lineWords) * s.slotBytes()) {
		return false
	}
	s.free()
	s.mem.Release(old)
	s.jointLines, s.next = jointLines, int(next)
	if lines[0] < jointLines {
		s.allocate(lines[0])
	} else {
		for i, n := range lines {
			s.set(i, n, s.blocks(int(n*lineWords)))
		}
		s.growAt.Store(s.dueAt())
	}
	s.count.Store(int64(count))
	for i := range s.segs {
		for _, b := range s.content(i) {
			r.Raw(b)
		}
	}
	return true
}

// content is the memory of the slots of a segment, which may have more of it.
func (s *Set) content(i int) (parts [len(slotSizes)][]byte) {
	for j, b := range s.rest[i].blocks {
		if b.Bytes != nil {
			parts[j] = b.Bytes[:int(s.segs[i].lines)*lineWords*slotSizes[j]]
		}
	}
	return parts
}

// free gives the memory of all slots back, which are still booked.
func (s *Set) free() {
	if s.segs[0].lines < s.jointLines {
		s.joint.free()
		s.joint = blocks{mem.Block{}, mem.Block{}, mem.Block{}}
		return
	}
	for i := range s.rest {
		s.rest[i].blocks.free()
	}
}
