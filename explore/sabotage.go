package explore

// sabotage breaks the engine in ways that its tests must notice. It is zero
// except in those tests.
type sabotage struct {
	noBarrier bool   // expand states of the next level together with this one
	hashMask  uint64 // bits of the hash that are lost
	skipEvery uint64 // lose one successor in this many
	overPrune bool   // take a state for dominated that is not
}

var sabotaged sabotage

// subset returns the comparison of used vectors for dominance.
func (e *engine[S]) subset() func(a, b uint64) bool {
	switch {
	case !e.p.opt.Dominance: // the sets are there for kinds of fault with the budget Any
		return func(a, b uint64) bool { return a == b }
	case !e.broken.overPrune:
		return e.p.subset
	}
	return func(a, b uint64) bool { // does not look at the last kind
		last := e.p.kinds[len(e.p.kinds)-1]
		return e.p.subset(a&^(last.mask<<last.shift), b)
	}
}

// skip loses successors from start on.
func (w *worker[S]) skip(start int) {
	k := start
	for j := start; j < len(w.out.succ); j++ {
		if w.skipped++; w.skipped%w.e.broken.skipEvery != 0 {
			w.out.succ[k] = w.out.succ[j]
			k++
		}
	}
	w.out.succ = w.out.succ[:k]
}

// rush expands what the worker has put out without waiting for the others.
func (w *worker[S]) rush(do func(w *worker[S], rec []byte)) {
	w.flush()
	var f frontier
	w.sink.next.drain(&f, w.e.pool)
	for _, c := range f.chunks {
		for i := range c.n {
			do(w, c.buf[i*w.e.pool.record:][:w.e.pool.record])
		}
	}
}
