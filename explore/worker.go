package explore

import (
	"encoding/binary"
	"fmt"

	"github.com/kcheck/kcheck/explore/internal/antichain"
	"github.com/kcheck/kcheck/explore/internal/fpset"
)

// batchLen is how many successors are collected before they are looked up, and
// succLen how many are made for that at most, for some are not looked up.
const (
	batchLen = 256
	succLen  = 4 * batchLen
)

// worker expands states. It collects the successors of several states, in the
// buffer in which the model makes them, and looks them up together. They stay
// where they are until then: states can be large.
type worker[S comparable] struct {
	e *engine[S]

	// The state being expanded.
	state S
	used  uint64
	node  uint64 // its number, in a trace search

	// The successors, and the batch of those that are to be looked up: where
	// each is, its used vector and its origin.
	succ   []Successor[S]
	index  []uint32
	useds  []uint64
	origin []uint64
	batch  fpset.Batch
	recent recent
	raw    recent // before they are made canonical
	chains *antichain.Cache
	record []byte // scratch for the exact store

	next, later output
	events      events
	cut         StopReason
	fired       []uint64
	allowed     map[uint64]bool // answers of Options.Within
	generated   uint64
	skipped     uint64 // for sabotage
}

func newWorker[S comparable](e *engine[S]) *worker[S] {
	w := &worker[S]{e: e, events: events{}, fired: make([]uint64, len(e.p.effects)), recent: newRecent()}
	if e.p.canon != nil {
		w.raw = newRecent()
	}
	if e.chains != nil {
		w.chains = e.chains.NewCache()
		w.batch.Update = func(value uint32, i int) uint32 {
			return w.chains.Add(value, w.useds[i], w.batch.Later[i])
		}
	}
	return w
}

// work works off blocks of the frontier until there are none left.
func (w *worker[S]) work(f frontier, do func(w *worker[S], rec []byte)) {
	e := w.e
	blocks := (e.pool.per + blockLen - 1) / blockLen
	for e.stop.Load() == 0 {
		t := int(e.cursor.Add(1) - 1)
		if t >= blocks*len(f.chunks) {
			break
		}
		c, from := f.chunks[t/blocks], t%blocks*blockLen
		if from >= c.n {
			continue
		}
		to := min(from+blockLen, c.n)
		for i := from; i < to; i++ {
			do(w, c.buf[i*e.pool.record:][:e.pool.record])
		}
		e.queued.Add(-uint64(to - from))
		if e.broken.noBarrier {
			w.rush(do)
		}
		if c.left.Add(-1) == 0 {
			e.pool.put(c)
		}
	}
	w.flush()
}

// load reads a record and returns its origin.
func (w *worker[S]) load(rec []byte) (origin uint64) {
	p := w.e.p
	n := copy(bytesOf(&w.state), rec[:p.size])
	if p.usedLen > 0 {
		w.used = binary.LittleEndian.Uint64(rec[n:])
		n += 8
	}
	if n < len(rec) {
		origin = binary.LittleEndian.Uint64(rec[n:])
	}
	return origin
}

// enter looks up a state that enters the layer by a fault.
func (w *worker[S]) enter(rec []byte) {
	origin := w.load(rec)
	if !w.e.skips(w.used) {
		w.succ = append(w.succ, Successor[S]{State: w.state})
		w.addLast(w.used, origin)
	}
}

// addLast completes the batch for the last successor, a state of this layer.
func (w *worker[S]) addLast(used, origin uint64) {
	k := len(w.batch.Fp)
	w.extend(k + 1)
	w.extend(k + w.add(k, len(w.succ)-1, used, false, origin))
	w.flushIfFull()
}

// expand makes the successors of a state.
func (w *worker[S]) expand(rec []byte) {
	e, p := w.e, w.e.p
	w.node = w.load(rec)
	if e.skips(w.used) || p.opt.Bound != nil && w.bounded() {
		return
	}
	start := len(w.succ)
	w.succ = p.model.Successors(&w.state, w.succ)
	if e.broken.skipEvery > 0 {
		w.skip(start)
	}
	if e.tracer != nil && len(w.succ)-start > maxOrdinal {
		e.fail(fmt.Errorf("a state has %d successors; at most %d are supported", len(w.succ)-start, maxOrdinal))
		return
	}
	if p.needsEnd {
		w.checkEnd(start)
	}
	if p.opt.MaxDepth > 0 && int(e.depth.Load()) >= p.opt.MaxDepth {
		w.cutDepth(start)
		return
	}
	w.take(start)
	w.flushIfFull()
}

// take takes the transitions to the successors from start on, as far as the
// budget allows, and puts those that have to be looked up into the batch. This
// is the hot loop.
func (w *worker[S]) take(start int) {
	e, p, succ, fired := w.e, w.e.p, w.succ, w.fired
	faultsLeft := p.usedLen > 0 && (p.opt.MaxFaults == 0 || int(e.layer.Load()) < p.opt.MaxFaults)
	k := len(w.batch.Fp)
	w.extend(k + len(succ) - start)
	for j := start; j < len(succ); j++ {
		to := &succ[j]
		id := int(to.ID)
		if id >= len(fired) {
			e.fail(p.unknownTransition(to.ID))
			break
		}
		used, fault := w.used, false
		if effect := &p.effects[id]; effect.class == Fault {
			ok := false
			if used, ok = effect.take(used); !ok || !faultsLeft || p.opt.Within != nil && !w.within(used) {
				continue
			}
			fault = true
		}
		w.generated++
		fired[id]++
		if p.stepInvariants != nil {
			w.checkStep(to, used, fault, j-start)
		}
		if p.canon != nil {
			if w.repeated(&to.State, used, fault) {
				continue
			}
			p.canon.Canonical(&to.State)
		}
		k += w.add(k, j, used, fault, w.node<<16|uint64(j-start))
	}
	w.extend(k)
}

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
	pos, fp := w.e.hash.sum(bytesOf(s)[:w.e.p.size], w.hashed(used))
	return w.raw.add(pos, fp, used, later) == 0
}

// add makes the j-th successor the k-th element of the batch. It returns 0 if
// that was met a short while ago and is not wanted there, or else 1; that it is
// a number saves a branch that nobody could predict.
func (w *worker[S]) add(k, j int, used uint64, later bool, origin uint64) int {
	e := w.e
	pos, fp := e.hash.sum(bytesOf(&w.succ[j].State)[:e.p.size], w.hashed(used))
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
	if len(w.batch.Fp) >= batchLen || len(w.succ) >= succLen {
		w.flush()
	}
}

// flush looks the batch up and keeps what is new.
func (w *worker[S]) flush() {
	e := w.e
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
	w.succ = w.succ[:0]
	w.extend(0)
}

// keepFresh puts what was new in the batch into the frontiers.
func (w *worker[S]) keepFresh() {
	e, p := w.e, w.e.p
	distinct := uint64(0)
	check := p.invariants != nil || p.wits != nil
	for i, fresh := range w.batch.Fresh {
		if !fresh {
			continue
		}
		state := &w.succ[w.index[i]].State
		used, origin, out := uint64(0), uint64(0), &w.next
		later := false
		if p.usedLen > 0 {
			used, later = w.useds[i], w.batch.Later[i]
		}
		if e.tracer != nil {
			origin = w.origin[i]
		}
		if later {
			out = &w.later
		} else {
			distinct++
			if e.tracer != nil {
				origin = w.number(origin)
			}
			if check {
				w.checkState(state, used, origin)
			}
		}
		if !out.put(e.pool, bytesOf(state)[:p.size], used, p.usedLen, origin) {
			e.stop.CompareAndSwap(0, int32(OutOfMemory))
		}
	}
	e.distinct.Add(distinct)
}

// exactRecord returns what the exact store keeps of the i-th element.
func (w *worker[S]) exactRecord(i int) []byte {
	w.record = append(w.record[:0], bytesOf(&w.succ[w.index[i]].State)[:w.e.p.size]...)
	if w.e.p.usedLen > 0 && w.e.chains == nil {
		w.record = binary.LittleEndian.AppendUint64(w.record, w.useds[i])
	}
	return w.record
}
