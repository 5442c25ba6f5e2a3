package explore

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kcheck/kcheck/explore/internal/antichain"
	"github.com/kcheck/kcheck/explore/internal/exact"
	"github.com/kcheck/kcheck/explore/internal/fpset"
	"github.com/kcheck/kcheck/explore/internal/mem"
)

// engine is the breadth-first search in layers. One goroutine coordinates: it
// decides level by level what is to be done and looks at what was found, and
// never while the workers are running.
type engine[S comparable] struct {
	p       *problem[S]
	hash    hasher
	account *mem.Account
	pool    *chunkPool
	visited *fpset.Set      // nil if exact
	exact   *exact.Store    // nil unless exact
	chains  *antichain.Sets // nil without dominance and without kinds of budget Any
	workers []*worker[S]
	tracer  *tracer // nil unless this is a trace search
	turns   *turns  // of the workers in a trace search
	plain   bool    // all that is done with a transition is worker.gather
	broken  sabotage

	todo    frontier   // what is left of what is being entered or expanded
	level   frontier   // the level to be expanded
	entries []frontier // by depth: what enters this layer by a fault
	later   []frontier // by depth: what will enter the next layer

	events  events
	found   []event
	reached []*event // by witness
	cut     cut
	pending StopReason // why workers have left something out of the level, to be settled

	keeper  *keeper     // nil without a checkpoint
	alarm   alarm       // of the next checkpoint
	resumed bool        // the search goes on from a checkpoint
	ended   *snapshot   // of a checkpoint, if the search has ended there
	lost    atomic.Bool // something was dropped for want of memory

	disk *disk[S]    // nil without Options.Disk
	brim atomic.Bool // candidates take all the memory they may

	stop   atomic.Int32 // StopReason a worker has to obey, or 0
	err    atomic.Pointer[error]
	cursor atomic.Int64 // next block of the frontier being worked off

	// For Progress.
	layer, depth, clear         atomic.Int64
	distinct, generated, queued atomic.Uint64
	expected                    atomic.Uint64 // of distinct, at the end of the layer; 0: unknown
	begin                       time.Time

	closed    bool
	growth    growth
	expanding bool // the level is being expanded, not entered
	deepest   int
}

// cut is where and why the exploration first left something out.
type cut struct {
	reason        StopReason
	faults, depth int // as in Result
	done          bool
}

func newEngine[S comparable](p *problem[S], workers int, account *mem.Account) *engine[S] {
	e := &engine[S]{p: p, account: account, begin: time.Now(), broken: sabotaged, events: events{}}
	e.hash = newHasher(p.opt.Seed)
	e.hash.mask &^= e.broken.hashMask
	e.reached = make([]*event, len(p.wits))
	e.plain = p.plain
	dominance := (p.opt.Dominance || p.free) && p.usedLen > 0
	if dominance {
		e.chains = antichain.New(account, e.subset())
	}
	if p.opt.Exact {
		n := p.size
		if !dominance {
			n += p.usedLen
		}
		e.exact = exact.New(account, n, dominance)
	} else {
		e.visited = fpset.New(account, dominance)
		e.visited.Solo = workers == 1
	}
	e.pool = newChunkPool(p.size+p.usedLen, account)
	for range workers {
		e.workers = append(e.workers, newWorker(e))
	}
	return e
}

// newTracing returns an engine for a trace search.
func newTracing[S comparable](p *problem[S], workers int, account *mem.Account, t *tracer) *engine[S] {
	e := newEngine(p, workers, account)
	e.tracer, e.plain = t, false
	if e.visited != nil {
		e.visited.Solo = true // one worker at a time looks up
	}
	for _, w := range e.workers {
		w.sink = e.workers[0].sink
		w.out.kinds = nil // successors are numbered: all have to be there
	}
	e.pool = newChunkPool(p.size+p.usedLen+8, account)
	return e
}

// close gives the memory of the engine back, if that has not been done.
func (e *engine[S]) close() {
	if e.closed {
		return
	}
	e.closed = true
	if e.exact != nil {
		e.exact.Close()
	} else {
		e.visited.Close()
	}
	if e.chains != nil {
		e.chains.Close()
	}
	if e.disk != nil {
		e.disk.close()
	}
	e.pool.close()
	e.todo, e.level, e.entries, e.later = frontier{}, frontier{}, nil, nil
	if e.tracer != nil {
		e.account.Release(int64(len(e.tracer.origins)) * 8 * originChunk)
	}
}

// run explores everything, or until there is a reason to stop.
func (e *engine[S]) run(ctx context.Context) error {
	if e.p.opt.Disk != nil {
		if err := e.openDisk(); err != nil {
			return err
		}
	}
	if e.keeper != nil {
		if done, err := e.load(); err != nil || done {
			return err
		}
		e.alarm.start(e.keeper.Every)
		defer e.alarm.stop()
	}
	if ctx.Err() != nil { // a function that runs after it may run too late
		e.stop.Store(int32(ctxReason(ctx)))
	}
	defer context.AfterFunc(ctx, func() { e.stop.CompareAndSwap(0, int32(ctxReason(ctx))) })()
	if e.p.opt.Progress != nil {
		defer e.reportProgress()()
	}
	if !e.resumed {
		e.enterInitial()
	}
	for more := true; more; e.layer.Add(1) {
		more = e.exploreLayer() && (len(e.later) > 0 || len(e.events) > 0)
		e.noteClear(more)
	}
	if err := e.err.Load(); err != nil {
		return *err
	}
	return nil
}

// noteClear notes, after a layer, whether all runs with no more faults are explored and violate nothing.
func (e *engine[S]) noteClear(ended bool) {
	if ended && len(e.found) == 0 && !e.cut.done && e.tracer == nil {
		e.clear.Store(e.layer.Load() + 1)
	}
}

func ctxReason(ctx context.Context) StopReason {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return Deadline
	}
	return Canceled
}

// enterInitial makes the initial states the level of depth 0.
func (e *engine[S]) enterInitial() {
	w := e.workers[0]
	for i, s := range e.p.model.Initial(nil) {
		e.p.canonical(&s)
		w.out.succ = append(w.out.succ, Successor[S]{State: s})
		w.generated++
		w.addLast(0, initialOrigin|uint64(i))
	}
	w.flush()
	if e.tracer != nil {
		w.tell()
	}
	e.collect()
	if e.disk != nil {
		e.disk.settle()
	}
}

// exploreLayer explores the states with one number of faults by depth. It
// returns false if the search has ended. It begins where a checkpoint was made,
// the first time that it is called after one was read.
func (e *engine[S]) exploreLayer() bool {
	if !e.resumed {
		e.entries, e.later, e.growth = e.later, nil, growth{}
		e.depth.Store(0)
	}
	e.resumed = false
	layer := int(e.layer.Load())
	for depth := int(e.depth.Load()); ; depth++ {
		e.depth.Store(int64(depth))
		if !e.expanding {
			if !e.enterLevel(depth) {
				return false
			}
			if e.level.n == 0 && depth >= len(e.entries) && !e.events.inLayer(layer) {
				return true
			}
			if n := e.p.opt.MaxStates; n > 0 && e.distinct.Load() >= n {
				e.cutAt(StatesReached, depth-1)
				return false
			}
			e.estimate()
			e.todo, e.level, e.expanding = e.level, frontier{}, true
		}
		e.each((*worker[S]).expand)
		if !e.settle(depth) {
			return false
		}
		e.expanding = false
	}
}

// enterLevel adds to the level of a depth what enters the layer there. It
// returns false if the search has ended.
func (e *engine[S]) enterLevel(depth int) bool {
	if e.todo.n == 0 && depth < len(e.entries) {
		e.todo, e.entries[depth] = e.entries[depth], frontier{}
	}
	e.each((*worker[S]).enter)
	if !e.settle(depth) {
		return false
	}
	if e.level.n > 0 {
		e.deepest = max(e.deepest, depth)
	}
	return true
}

// each has the workers work off the records to do, and collects what they have put
// out. They pause for a checkpoint and for the disk. If they have to stop, something
// is left to do.
func (e *engine[S]) each(work func(w *worker[S], rec []byte)) {
	for e.todo.n > 0 {
		part := e.todo
		e.todo = frontier{}
		if e.disk != nil {
			part, e.todo = e.disk.next(part)
		}
		part.begin()
		next := e.workOff(part, work)
		e.todo.prepend(e.pool.from(part, next))
		if e.stop.Load() != 0 {
			return
		}
		if e.disk != nil && (e.todo.n == 0 || e.brim.Load()) {
			e.disk.settle()
		}
		if e.todo.n > 0 && e.alarm.due.Load() {
			e.save()
		}
	}
}

// workOff has the workers work off the blocks of a frontier, and collects what they
// have put out. It returns the first block that was not begun.
func (e *engine[S]) workOff(f frontier, work func(w *worker[S], rec []byte)) (next int) {
	run := (*worker[S]).work
	if e.tracer != nil {
		run, e.turns = (*worker[S]).workInOrder, newTurns()
	}
	e.cursor.Store(0)
	e.queued.Store(uint64(f.n))
	n := min(len(e.workers), (f.n+blockLen-1)/blockLen)
	var wg sync.WaitGroup
	for _, w := range e.workers[1:n] {
		wg.Go(func() { run(w, f, work) })
	}
	run(e.workers[0], f, work)
	wg.Wait()
	e.collect()
	next = int(e.cursor.Load())
	if e.tracer != nil {
		next = e.turns.next // a block that was begun out of turn has left nothing behind
	}
	return next
}

// halted tells workers to begin no more blocks: since the search is to stop, or for
// a checkpoint, or to go to disk.
func (e *engine[S]) halted() bool {
	return e.stop.Load() != 0 || e.alarm.due.Load() || e.brim.Load()
}

// laterAt is what enters the next layer at a depth.
func (e *engine[S]) laterAt(depth int) *frontier {
	for len(e.later) <= depth {
		e.later = append(e.later, frontier{})
	}
	return &e.later[depth]
}

// collect takes over what the workers have put out.
func (e *engine[S]) collect() {
	depth := int(e.depth.Load()) + 1
	for _, w := range e.workers {
		s := w.sink
		if e.disk != nil {
			s.next.drain(&e.disk.fresh[0], e.pool)
			s.later.drain(&e.disk.fresh[1], e.pool)
		} else {
			s.next.drain(&e.level, e.pool)
			if s.later.last != nil {
				s.later.drain(e.laterAt(depth), e.pool)
			}
		}
		for ev := range s.events {
			e.events[ev] = struct{}{}
		}
		clear(s.events)
		if w.cut != 0 && (e.pending == 0 || w.cut < e.pending) {
			e.pending = w.cut
		}
		w.cut = 0
	}
}

// settle looks at what was found in a level that is finished, or at everything
// if the workers were stopped. It returns false if the search has ended.
func (e *engine[S]) settle(depth int) bool {
	layer := int(e.layer.Load())
	stopped := StopReason(e.stop.Load())
	e.checkpointAt(stopped)
	if stopped != 0 { // before what was left out of a level that is not finished
		e.cutAt(stopped, depth-1)
	}
	if e.pending != 0 {
		at := depth - 1
		if e.pending == DepthReached {
			at = depth
		}
		e.cutAt(e.pending, at)
		e.pending = 0
	}
	due := e.events.due(layer, depth)
	if stopped != 0 {
		due = append(due, e.events.all()...)
	}
	for _, ev := range due {
		if !e.find(ev) && stopped == 0 {
			e.cut.reason = Violated
			e.findWitnesses(append(due, e.events.all()...))
			return false
		}
	}
	return stopped == 0
}

// cutAt notes that something was left out: everything up to this layer, and
// within it up to a depth, was explored.
func (e *engine[S]) cutAt(r StopReason, depth int) {
	if !e.cut.done {
		e.cut = cut{reason: r, faults: int(e.layer.Load()) - 1, depth: depth, done: true}
	}
}

// outOfMemory stops the search: something was dropped.
func (e *engine[S]) outOfMemory() {
	e.lost.Store(true)
	e.stop.CompareAndSwap(0, int32(OutOfMemory))
}

// fail stops the search with an error.
func (e *engine[S]) fail(err error) {
	e.err.CompareAndSwap(nil, &err)
	e.stop.CompareAndSwap(0, int32(Canceled))
}

// workerCount returns the number of workers that the options ask for.
func workerCount(n int) int {
	if n == 0 {
		return runtime.GOMAXPROCS(0)
	}
	return n
}
