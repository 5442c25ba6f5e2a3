package explore

import "encoding/binary"

// This file holds how a worker collects successors and looks them up.

// batch is what a worker collects to look it up together: successors, by their
// place in the buffer of the worker, with what belongs to each. used, later and
// origin are only there where they are needed.
type batch struct {
	index  []uint32
	used   []uint64
	later  []bool
	origin []uint64
}

// resize gives the batch the length n; what was in it stays.
func (w *worker[S]) resize(n int) {
	b := &w.todo
	if n > cap(b.index) {
		b.index = append(make([]uint32, 0, 2*n), b.index...)
		if w.e.p.usedLen > 0 {
			b.used = append(make([]uint64, 0, 2*n), b.used...)
			b.later = append(make([]bool, 0, 2*n), b.later...)
		}
		if w.e.tracer != nil {
			b.origin = append(make([]uint64, 0, 2*n), b.origin...)
		}
	}
	b.index = b.index[:n]
	if w.e.p.usedLen > 0 {
		b.used, b.later = b.used[:n], b.later[:n]
	}
	if w.e.tracer != nil {
		b.origin = b.origin[:n]
	}
}

// put makes the j-th successor the k-th element of the batch.
func (w *worker[S]) put(k, j int, used uint64, later bool, origin uint64) {
	b := &w.todo
	b.index[k] = uint32(j)
	if b.used != nil {
		b.used[k], b.later[k] = used, later
	}
	if b.origin != nil {
		b.origin[k] = origin
	}
}

// hashed is what is hashed of a used vector, beside the state.
func (w *worker[S]) hashed(used uint64) uint64 {
	if w.e.chains != nil {
		return 0
	}
	return used
}

// repeated tells whether a successor was met a short while ago, before it was
// made canonical, which can take longer than all the rest.
func (w *worker[S]) repeated(s *S, used uint64, later bool) bool {
	if w.raw == nil {
		return false
	}
	sum := rawSum(&w.e.hash, s, w.e.p.size, used)
	return w.raw.add(sum>>32, label(sum, 0, later)) == 0
}

// flushIfFull looks the batch up when there is enough of it. In a trace search
// that has to wait.
func (w *worker[S]) flushIfFull() {
	if w.e.tracer != nil {
		return
	}
	if len(w.todo.index) >= batchLen || len(w.out.succ) >= succLen {
		w.flush()
	}
}

// flush looks the batch up and keeps what is new.
func (w *worker[S]) flush() {
	w.prepare()
	w.commit()
}

// prepare hashes the batch.
func (w *worker[S]) prepare() {
	e := w.e
	switch {
	case e.plain && len(w.todo.index) == 0:
		w.gather()
	case e.exact != nil:
		w.hashAll()
	default:
		w.sift()
	}
}

// commit looks the batch up and keeps what is new.
func (w *worker[S]) commit() {
	e := w.e
	if len(w.batch.Fp) > 0 {
		ok := false
		if e.exact != nil {
			ok = e.exact.Insert(&w.batch, w.exactRecord)
		} else {
			ok = e.visited.Insert(&w.batch)
		}
		if !ok || e.chains != nil && e.chains.Full() {
			e.outOfMemory()
		}
		w.keepFresh()
	}
	e.generated.Add(w.generated)
	w.generated = 0
	w.out.succ = w.out.succ[:0]
	w.resize(0)
	w.hashes(0)
}

// exactRecord returns what the exact store keeps of the i-th element.
func (w *worker[S]) exactRecord(i int) []byte {
	w.record = append(w.record[:0], bytesOf(&w.out.succ[w.todo.index[i]].State)[:w.e.p.size]...)
	if w.e.p.usedLen > 0 && w.e.chains == nil {
		w.record = binary.LittleEndian.AppendUint64(w.record, w.todo.used[i])
	}
	return w.record
}

// hashes makes room for n hashes.
func (w *worker[S]) hashes(n int) {
	if n > cap(w.batch.Fp) {
		w.batch.Pos, w.batch.Fp = make([]uint64, 2*n), make([]uint64, 2*n)
	}
	w.batch.Pos, w.batch.Fp = w.batch.Pos[:n], w.batch.Fp[:n]
}

// gather makes the successors a batch, where there is nothing to be done with a
// transition but to look up the state it leads to.
func (w *worker[S]) gather() {
	succ := w.out.succ
	w.count(succ)
	w.resize(len(succ))
	w.hashes(len(succ))
	k := sieve(&w.e.hash, succ, w.e.p.size, w.recent, w.batch.Pos, w.batch.Fp, w.todo.index)
	w.resize(k)
	w.hashes(k)
}

// count counts the transitions to the successors, those of each id only if that
// was asked for.
func (w *worker[S]) count(succ []Successor[S]) {
	w.generated += uint64(len(succ))
	fired, most := w.fired, TransitionID(0)
	for j := range succ {
		most = max(most, succ[j].ID)
	}
	if len(succ) > 0 && int(most) >= len(w.e.p.effects) {
		w.e.fail(w.e.p.unknownTransition(most))
	} else if fired != nil {
		for j := range succ {
			fired[succ[j].ID]++
		}
	}
}

// sift hashes the elements of the batch and drops those that were met a short
// while ago.
func (w *worker[S]) sift() {
	h, succ, size, b := &w.e.hash, w.out.succ, w.e.p.size, &w.todo
	w.hashes(len(b.index))
	k := 0
	for i, j := range b.index {
		used, later, origin := uint64(0), false, uint64(0)
		if b.used != nil {
			used, later = b.used[i], b.later[i]
		}
		if b.origin != nil {
			origin = b.origin[i]
		}
		pos, fp := sumOf(h, &succ[j].State, size, w.hashed(used))
		w.batch.Pos[k], w.batch.Fp[k] = pos, fp
		w.put(k, int(j), used, later, origin)
		k += w.recent.add(pos, label(fp, used, later))
	}
	w.resize(k)
	w.hashes(k)
	w.batch.Later = b.later
}

// hashAll hashes the elements of the batch.
func (w *worker[S]) hashAll() {
	b := &w.todo
	w.hashes(len(b.index))
	for i, j := range b.index {
		used := uint64(0)
		if b.used != nil {
			used = b.used[i]
		}
		w.batch.Pos[i], w.batch.Fp[i] = sumOf(&w.e.hash, &w.out.succ[j].State, w.e.p.size, w.hashed(used))
	}
	w.batch.Later = b.later
}
