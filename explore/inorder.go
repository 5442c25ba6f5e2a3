package explore

import "sync"

// A trace search has to number the states in one order, whatever the number of
// workers. They make successors, canonical forms and hashes of blocks of the
// frontier at the same time, as in the main search; but what is new is looked up
// and kept block by block, in the order of the blocks, each worker waiting for
// its turn. The order is that of a single worker, and so is the trace.

// turns tells whose turn it is.
type turns struct {
	mu   sync.Mutex
	cond sync.Cond
	next int
}

func newTurns() *turns {
	t := &turns{}
	t.cond.L = &t.mu
	return t
}

// wait waits for a turn; it returns false if it will not come, since stopped
// is true.
func (t *turns) wait(turn int, stopped func() bool) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.next != turn && !stopped() {
		t.cond.Wait()
	}
	return !stopped()
}

// pass gives the turn on.
func (t *turns) pass() {
	t.mu.Lock()
	t.next++
	t.mu.Unlock()
	t.cond.Broadcast()
}

// wake has those who wait look again whether they should stop.
func (t *turns) wake() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cond.Broadcast()
}

// workInOrder works off blocks of the frontier until there are none left, and
// keeps what it finds in their order.
func (w *worker[S]) workInOrder(f frontier, do func(w *worker[S], rec []byte)) {
	e := w.e
	defer e.turns.wake()
	defer e.p.recoverAs(e.fail, w.at)
	stopped := func() bool { return e.stop.Load() != 0 }
	blocks := e.pool.blocks()
	for !e.halted() {
		t := int(e.cursor.Add(1) - 1)
		if t >= blocks*len(f.chunks) {
			return
		}
		c := w.block(f, t, do)
		w.prepare()
		if !e.turns.wait(t, stopped) {
			return
		}
		w.commit()
		w.tell()
		if c != nil && c.left.Add(-1) == 0 {
			e.pool.put(c)
		}
		e.turns.pass()
	}
}

// noted is an event with the place at which it happened.
type noted struct {
	event
	place
}

// tell hands what was noted to the tracer.
func (w *worker[S]) tell() {
	for _, n := range w.noted {
		w.sink.events[n.event] = struct{}{}
		if w.e.tracer.note(n.event, n.place) {
			w.e.stop.CompareAndSwap(0, int32(Violated))
		}
	}
	w.noted = w.noted[:0]
}
