package explore

import "encoding/binary"

// This file holds how a worker collects successors and looks them up.

// extend gives the batch and what is beside it the length n.
func (w *worker[S]) extend(n int) {
	if n > cap(w.batch.Pos) {
		w.batch.Pos = append(make([]uint64, 0, 2*n), w.batch.Pos...)
		w.batch.Fp = append(make([]uint64, 0, 2*n), w.batch.Fp...)
		w.index = append(make([]uint32, 0, 2*n), w.index...)
		if w.e.p.usedLen > 0 {
			w.batch.Later = append(make([]bool, 0, 2*n), w.batch.Later...)
			w.useds = append(make([]uint64, 0, 2*n), w.useds...)
		}
		if w.e.tracer != nil {
			w.origin = append(make([]uint64, 0, 2*n), w.origin...)
		}
	}
	w.batch.Pos, w.batch.Fp, w.index = w.batch.Pos[:n], w.batch.Fp[:n], w.index[:n]
	if w.e.p.usedLen > 0 {
		w.batch.Later, w.useds = w.batch.Later[:n], w.useds[:n]
	}
	if w.e.tracer != nil {
		w.origin = w.origin[:n]
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
	if w.e.exact != nil {
		return false
	}
	pos, fp := sumOf(&w.e.hash, s, w.e.p.size, w.hashed(used))
	return w.raw.add(pos, fp, used, later) == 0
}

// add makes the j-th successor the k-th element of the batch. It returns 0 if
// that was met a short while ago and is not wanted there, or else 1; that it is
// a number saves a branch that nobody could predict.
func (w *worker[S]) add(k, j int, used uint64, later bool, origin uint64) int {
	e := w.e
	pos, fp := sumOf(&e.hash, &w.out.succ[j].State, e.p.size, w.hashed(used))
	w.batch.Pos[k], w.batch.Fp[k], w.index[k] = pos, fp, uint32(j)
	if e.p.usedLen > 0 {
		w.useds[k], w.batch.Later[k] = used, later
	}
	if e.tracer != nil {
		w.origin[k] = origin
	}
	if e.exact != nil {
		return 1
	}
	return w.recent.add(pos, fp, used, later)
}

// flushIfFull looks the batch up when there is enough of it.
func (w *worker[S]) flushIfFull() {
	if len(w.batch.Fp) >= batchLen || len(w.out.succ) >= succLen {
		w.flush()
	}
}

// flush looks the batch up and keeps what is new.
func (w *worker[S]) flush() {
	e := w.e
	if e.plain && len(w.batch.Fp) == 0 {
		w.gather()
	}
	if len(w.batch.Fp) > 0 {
		ok := false
		if e.exact != nil {
			ok = e.exact.Insert(&w.batch, w.exactRecord)
		} else {
			ok = e.visited.Insert(&w.batch)
		}
		if !ok || e.chains != nil && e.chains.Full() {
			e.stop.CompareAndSwap(0, int32(OutOfMemory))
		}
		w.keepFresh()
	}
	e.generated.Add(w.generated)
	w.generated = 0
	w.out.succ = w.out.succ[:0]
	w.extend(0)
}

// exactRecord returns what the exact store keeps of the i-th element.
func (w *worker[S]) exactRecord(i int) []byte {
	w.record = append(w.record[:0], bytesOf(&w.out.succ[w.index[i]].State)[:w.e.p.size]...)
	if w.e.p.usedLen > 0 && w.e.chains == nil {
		w.record = binary.LittleEndian.AppendUint64(w.record, w.useds[i])
	}
	return w.record
}

// gather makes the successors a batch, where there is nothing to be done with a
// transition but to look up the state it leads to.
func (w *worker[S]) gather() {
	succ, fired, recent := w.out.succ, w.fired, w.recent.entries
	w.extend(len(succ))
	pos, fp, index := w.batch.Pos, w.batch.Fp, w.index
	sums(&w.e.hash, succ, w.e.p.size, pos, fp)
	k := 0
	for j := range succ {
		id := int(succ[j].ID)
		if id >= len(fired) {
			w.e.fail(w.e.p.unknownTransition(succ[j].ID))
			break
		}
		fired[id]++
		p, f := pos[j], fp[j]
		pos[k], fp[k], index[k] = p, f, uint32(j)
		k += recent.add(p, f)
	}
	w.generated += uint64(len(succ))
	w.extend(k)
}
