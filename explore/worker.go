package explore

import (
	"encoding/binary"
	"fmt"
	"runtime"

	"github.com/kcheck/kcheck/explore/internal/antichain"
	"github.com/kcheck/kcheck/explore/internal/fpset"
)

// batchLen is how many successors are collected before they are looked up, and
// succLen how many are made for that at most, for some are not looked up.
const (
	batchLen = 256
	succLen  = 4 * batchLen
)

// oneThread says that goroutines take turns of their own accord, as in a browser:
// without a pause of the workers there would be no progress to see.
const oneThread = runtime.GOOS == "js"

// sink takes what workers find.
type sink struct {
	next, later output
	events      events
}

func newSink() *sink { return &sink{events: events{}} }

// worker expands states. It collects the successors of several states, in the
// buffer in which the model makes them, and looks them up together. They stay
// where they are until then: states can be large.
type worker[S comparable] struct {
	e *engine[S]

	// The state being expanded.
	state S
	used  uint64
	node  uint64 // its number, in a trace search

	// The successors, those of them that are to be looked up, and these as the
	// visited set takes them.
	out    Out[S]
	todo   batch
	batch  fpset.Batch
	recent *recent
	raw    *recent // before they are made canonical; nil if that is not done
	chains *antichain.Cache
	record []byte // scratch for the exact store

	sink    *sink   // where what is found goes; shared in a trace search
	noted   []noted // in a trace search: what is yet to go there
	cut     StopReason
	fired   []uint64
	allowed map[uint64]bool // answers of Lattice.Within

	spentAfter uint64 // one more than the used vector for which out.spent holds

	shown shown[S] // what Lattice.Beyond or Expanded was shown last

	generated uint64
	expanded  uint64 // states
	skipped   uint64 // for sabotage
}

func newWorker[S comparable](e *engine[S]) *worker[S] {
	w := &worker[S]{e: e, sink: newSink(), recent: new(recent)}
	if e.p.opt.Coverage {
		w.fired = make([]uint64, len(e.p.effects))
	}
	if e.p.canon != nil && e.p.size >= 8 && wordLoads && e.exact == nil {
		w.raw = new(recent)
	}
	if e.p.opt.Strategy == BFS {
		w.out.kinds = e.p.kindsOfFaults()
	}
	if e.chains != nil {
		w.chains = e.chains.NewCache()
		w.batch.Update = func(value uint32, i int) uint32 {
			return w.chains.Add(value, w.todo.used[i], w.todo.later[i])
		}
	}
	return w
}

// at returns the state being expanded and the successors that are at hand.
func (w *worker[S]) at() (*S, []Successor[S]) { return &w.state, w.out.succ }

// work works off blocks of the frontier until there are none left.
func (w *worker[S]) work(f frontier, do func(w *worker[S], rec []byte)) {
	e := w.e
	defer e.p.recoverAs(e.fail, w.at)
	blocks := e.pool.blocks()
	for !e.halted() {
		t := int(e.cursor.Add(1) - 1)
		if t >= blocks*len(f.chunks) {
			break
		}
		if oneThread {
			runtime.Gosched()
		}
		c := w.block(f, t, do)
		if c == nil {
			continue
		}
		if e.broken.noBarrier {
			w.rush(do)
		}
		if c.left.Add(-1) == 0 {
			e.pool.put(c)
		}
	}
	w.flush()
}

// block works off the t-th block of the frontier, and returns its chunk; nil if
// the chunk is not full and has no such block.
func (w *worker[S]) block(f frontier, t int, do func(w *worker[S], rec []byte)) *chunk {
	p := w.e.pool
	blocks := p.blocks()
	c, size, from := f.chunks[t/blocks], f.sizes[t/blocks], t%blocks*blockLen
	if from >= size {
		return nil
	}
	to := min(from+blockLen, size)
	for i := from; i < to; i++ {
		do(w, c.buf[i*p.record:][:p.record])
	}
	w.e.queued.Add(-uint64(to - from))
	return c
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
		w.out.succ = append(w.out.succ, Successor[S]{State: w.state})
		w.addLast(w.used, origin)
	}
}

// addLast completes the batch for the last successor, a state of this layer.
func (w *worker[S]) addLast(used, origin uint64) {
	k := len(w.todo.index)
	w.resize(k + 1)
	w.put(k, len(w.out.succ)-1, used, false, origin)
	w.flushIfFull()
}

// expand makes the successors of a state.
func (w *worker[S]) expand(rec []byte) {
	e, p := w.e, w.e.p
	w.node = w.load(rec)
	if e.skips(w.used) || w.bounded() {
		return
	}
	w.expanding()
	w.wants()
	start := len(w.out.succ)
	w.out.list(p.model, &w.state)
	if err := w.check(rec, start); err != nil {
		e.fail(err)
		return
	}
	if e.broken.skipEvery > 0 {
		w.skip(start)
	}
	if e.tracer != nil && len(w.out.succ)-start > maxOrdinal {
		e.fail(fmt.Errorf("a state has %d successors; at most %d are supported", len(w.out.succ)-start, maxOrdinal))
		return
	}
	if p.needsEnd {
		w.checkEnd(start)
	}
	if p.opt.MaxDepth > 0 && int(e.depth.Load()) >= p.opt.MaxDepth {
		w.cutDepth(start)
		return
	}
	if !e.plain {
		w.take(start)
	}
	w.flushIfFull()
}

// take takes the transitions to the successors from start on, as far as the
// budget allows, and puts those that have to be looked up into the batch. This
// is the hot loop.
func (w *worker[S]) take(start int) {
	e, p, succ, fired := w.e, w.e.p, w.out.succ, w.fired
	faultsLeft := w.faultsLeft()
	k := len(w.todo.index)
	w.resize(k + len(succ) - start)
	for j := start; j < len(succ); j++ {
		to := &succ[j]
		id := int(to.ID)
		if id >= len(p.effects) {
			e.fail(p.unknownTransition(to.ID))
			break
		}
		used, fault := w.used, false
		if effect := &p.effects[id]; effect.class == Fault {
			if used, fault = w.fault(effect, to, faultsLeft); !fault {
				continue
			}
		}
		w.generated++
		if fired != nil {
			fired[id]++
		}
		if p.stepInvariants != nil {
			w.checkStep(to, used, fault, j-start)
		}
		if p.canon != nil {
			if w.repeated(&to.State, used, fault) {
				continue
			}
			p.canon.Canonical(&to.State)
		}
		w.put(k, j, used, fault, w.node<<ordinalBits|uint64(j-start))
		k++
	}
	w.resize(k)
}

// faultsLeft tells whether one more fault is allowed, if its kind is.
func (w *worker[S]) faultsLeft() bool {
	p := w.e.p
	return p.usedLen > 0 && (p.opt.MaxFaults == 0 || w.counted() < p.opt.MaxFaults)
}

// counted is the number of faults that have led to the current state, those of
// kinds with the budget Any left out.
func (w *worker[S]) counted() int {
	if w.e.p.free {
		return w.e.p.total(w.used)
	}
	return int(w.e.layer.Load())
}

// fault returns the used vector after a fault, and whether the budget and the
// other limits allow it.
func (w *worker[S]) fault(effect *effect, to *Successor[S], faultsLeft bool) (used uint64, ok bool) {
	used, ok = effect.take(w.used)
	if !ok || w.e.p.opt.Lattice.Within != nil && !w.within(used) {
		return used, false
	}
	if !faultsLeft && effect.budget != Any {
		w.beyond(used, &to.State)
		return used, false
	}
	return used, true
}

// keepFresh puts what was new in the batch into the frontiers.
func (w *worker[S]) keepFresh() {
	e, p, b := w.e, w.e.p, &w.todo
	distinct := uint64(0)
	check := p.invariants != nil || p.wits != nil
	for _, i := range w.batch.Fresh {
		state := &w.out.succ[b.index[i]].State
		used, origin, out := uint64(0), uint64(0), &w.sink.next
		later := false
		if b.used != nil {
			used, later = b.used[i], b.later[i]
		}
		if b.origin != nil {
			origin = b.origin[i]
		}
		if later {
			out = &w.sink.later
		} else {
			distinct++ // with a disk it is a candidate, which is counted when it is known to be new
			if e.tracer != nil {
				origin = w.number(origin)
			}
			if check {
				w.checkState(state, used, origin)
			}
		}
		if !out.put(e.pool, bytesOf(state)[:p.size], used, p.usedLen, origin) {
			e.outOfMemory()
		}
	}
	if e.disk == nil {
		e.distinct.Add(distinct)
	} else if e.visited.Full() {
		e.brim.Store(true)
	}
}
