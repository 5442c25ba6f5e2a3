package explore

import (
	"encoding/binary"
	"fmt"

	"github.com/kcheck/kcheck/explore/internal/antichain"
	"github.com/kcheck/kcheck/explore/internal/fpset"
)

// batchLen is how many successors are collected before they are looked up.
const batchLen = 256

// worker expands states. It collects the successors of several states, in the
// buffer in which the model makes them, and looks them up together.
type worker[S comparable] struct {
	e *engine[S]

	// The state being expanded.
	state S
	used  uint64
	node  uint64 // its number, in a trace search

	// The batch, and beside each successor its used vector and origin.
	succ   []Successor[S]
	useds  []uint64
	origin []uint64
	batch  fpset.Batch
	recent recent
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
	k := len(w.succ) - 1
	w.extend(k + 1)
	if !w.add(k, used, false, origin) {
		w.extend(k)
	}
	if len(w.succ) >= batchLen {
		w.flush()
	}
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
	if w.take(start); len(w.succ) >= batchLen {
		w.flush()
	}
}

// take takes the transitions to the successors from start on, as far as the
// budget allows, and moves those that have to be looked up together. This is
// the hot loop.
func (w *worker[S]) take(start int) {
	e, p := w.e, w.e.p
	faultsLeft := p.usedLen > 0 && (p.opt.MaxFaults == 0 || int(e.layer.Load()) < p.opt.MaxFaults)
	w.extend(len(w.succ))
	k := start
	for j := start; j < len(w.succ); j++ {
		to := &w.succ[j]
		if int(to.ID) >= len(p.effects) {
			e.fail(p.unknownTransition(to.ID))
			break
		}
		used, fault := w.used, false
		if effect := &p.effects[to.ID]; effect.class == Fault {
			ok := false
			if used, ok = effect.take(used); !ok || !faultsLeft || p.opt.Within != nil && !w.within(used) {
				continue
			}
			fault = true
		}
		w.generated++
		w.fired[to.ID]++
		if p.stepInvariants != nil {
			w.checkStep(to, used, fault, j-start)
		}
		if p.canon != nil {
			p.canon.Canonical(&to.State)
		}
		if k != j {
			w.succ[k].State = to.State
		}
		if w.add(k, used, fault, w.node<<16|uint64(j-start)) {
			k++
		}
	}
	w.extend(k)
}

// extend gives the batch and what is beside it the length n.
func (w *worker[S]) extend(n int) {
	if n > cap(w.batch.Pos) {
		w.batch.Pos = append(make([]uint64, 0, 2*n), w.batch.Pos...)
		w.batch.Fp = append(make([]uint64, 0, 2*n), w.batch.Fp...)
		if w.e.p.usedLen > 0 {
			w.batch.Later = append(make([]bool, 0, 2*n), w.batch.Later...)
			w.useds = append(make([]uint64, 0, 2*n), w.useds...)
		}
		if w.e.tracer != nil {
			w.origin = append(make([]uint64, 0, 2*n), w.origin...)
		}
	}
	w.succ = w.succ[:n]
	w.batch.Pos, w.batch.Fp = w.batch.Pos[:n], w.batch.Fp[:n]
	if w.e.p.usedLen > 0 {
		w.batch.Later, w.useds = w.batch.Later[:n], w.useds[:n]
	}
	if w.e.tracer != nil {
		w.origin = w.origin[:n]
	}
}

// add completes the batch for its i-th successor. It returns false if that was
// met a short while ago and is not wanted in the batch.
func (w *worker[S]) add(i int, used uint64, later bool, origin uint64) bool {
	e := w.e
	hashed := used
	if e.chains != nil {
		hashed = 0
	}
	pos, fp := e.hash.sum(bytesOf(&w.succ[i].State)[:e.p.size], hashed)
	if !w.recent.add(pos, fp, used, later) {
		return false
	}
	w.batch.Pos[i], w.batch.Fp[i] = pos, fp
	if e.p.usedLen > 0 {
		w.useds[i], w.batch.Later[i] = used, later
	}
	if e.tracer != nil {
		w.origin[i] = origin
	}
	return true
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
				w.checkState(&w.succ[i].State, used, origin)
			}
		}
		if !out.put(e.pool, bytesOf(&w.succ[i].State)[:p.size], used, p.usedLen, origin) {
			e.stop.CompareAndSwap(0, int32(OutOfMemory))
		}
	}
	e.distinct.Add(distinct)
}

// exactRecord returns what the exact store keeps of the i-th successor.
func (w *worker[S]) exactRecord(i int) []byte {
	w.record = append(w.record[:0], bytesOf(&w.succ[i].State)[:w.e.p.size]...)
	if w.e.p.usedLen > 0 && w.e.chains == nil {
		w.record = binary.LittleEndian.AppendUint64(w.record, w.useds[i])
	}
	return w.record
}
