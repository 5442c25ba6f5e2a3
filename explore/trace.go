package explore

import (
	"context"
	"fmt"
)

// The main search stores no parents. Once it knows at which level an event
// happened, a second search repeats it up to there. It keeps the nodes in an
// order that does not depend on anything but the model, see inorder.go, numbers
// them, and stores for each from which node it came. The first place, in that
// order, at which the event happens again gives the trace.

// tracer is what a trace search keeps in addition.
type tracer struct {
	wanted map[event]*place // nil until found
	left   int

	origins [][]uint64 // by node number, in chunks: number of the parent and ordinal
	n       uint64
}

// place is where an event happened: at a node or, for a step invariant, at a
// successor of one.
type place struct {
	node    uint64
	ordinal int // in Successors, or -1: the node itself
}

const (
	originChunk   = 1 << 13
	ordinalBits   = 23
	maxOrdinal    = 1<<ordinalBits - 1
	initialOrigin = 1 << 63 // with the ordinal in Initial
)

func newTracer(wanted []event) *tracer {
	t := &tracer{wanted: map[event]*place{}}
	for _, ev := range wanted {
		t.wanted[ev] = nil
	}
	t.left = len(t.wanted)
	return t
}

// note records an event, and tells whether all that were wanted are found.
func (t *tracer) note(ev event, at place) bool {
	if have, ok := t.wanted[ev]; ok && have == nil {
		t.wanted[ev] = &at
		t.left--
	}
	return t.left == 0
}

// number gives a new node its number.
func (w *worker[S]) number(origin uint64) uint64 {
	t := w.e.tracer
	at := t.n / originChunk
	if d := w.e.disk; d != nil {
		if at = 0; t.n > 0 && t.n%originChunk == 0 {
			d.keepOrigins(t.origins[0])
		}
	}
	if at == uint64(len(t.origins)) {
		if !w.e.account.Reserve(8 * originChunk) {
			w.e.outOfMemory()
		}
		t.origins = append(t.origins, make([]uint64, originChunk))
	}
	t.origins[at][t.n%originChunk] = origin
	t.n++
	return t.n - 1
}

// origin returns from where a node was found.
func (e *engine[S]) origin(node uint64) uint64 {
	t := e.tracer
	if e.disk != nil {
		return e.disk.origin(t, node)
	}
	return t.origins[node/originChunk][node%originChunk]
}

// ordinals returns the path to a place: the ordinal of an initial state, and
// then of a successor at each step.
func (e *engine[S]) ordinals(at place) []int {
	var back []int
	if at.ordinal >= 0 {
		back = append(back, at.ordinal)
	}
	for node := at.node; ; {
		o := e.origin(node)
		if o&initialOrigin != 0 {
			back = append(back, int(o&^initialOrigin))
			break
		}
		back = append(back, int(o&maxOrdinal))
		node = o >> ordinalBits
	}
	for i, j := 0, len(back)-1; i < j; i, j = i+1, j-1 {
		back[i], back[j] = back[j], back[i]
	}
	return back
}

// trace finds the traces of events. An event is missing from the answer if
// memory or time did not suffice to find its trace; why is then the reason.
func (e *engine[S]) trace(ctx context.Context, wanted []event) (traces map[event]Trace[S], why StopReason, err error) {
	traces = map[event]Trace[S]{}
	if len(wanted) == 0 {
		return traces, 0, nil
	}
	second := newTracing(e.p, len(e.workers), e.account, newTracer(wanted))
	defer second.close()
	if e.stop.Load() == 0 { // otherwise there will be more, when the search goes on
		second.keeper = e.keeper
	}
	if err := second.run(ctx); err != nil {
		return nil, 0, err
	}
	paths, why, err := second.paths()
	if err != nil {
		return nil, 0, err
	}
	for _, p := range paths {
		nodes, err := e.p.walk(p.Ordinals)
		if err != nil {
			return nil, 0, err
		}
		if traces[p.restore()], err = e.p.concretize(nodes, p.What, e.p.lastStep(&p)); err != nil {
			return nil, 0, err
		}
	}
	return traces, why, nil
}

// paths returns, after a trace search, the paths to the events that were wanted. Where
// some are missing for want of memory or time, why is the reason.
func (e *engine[S]) paths() (paths []savedPath, why StopReason, err error) {
	if e.ended != nil {
		return e.ended.Paths, 0, nil
	}
	stopped := StopReason(e.stop.Load())
	t := e.tracer
	for ev, at := range t.wanted {
		if at == nil {
			if stopped == OutOfMemory || stopped == OutOfDisk || stopped == Canceled || stopped == Deadline {
				why = stopped
				continue
			}
			return nil, 0, fmt.Errorf("the search for the trace did not find what the first search had found; are Successors, Canonical and the properties deterministic?")
		}
		paths = append(paths, savedPath{saved(ev), e.ordinals(*at), at.ordinal >= 0})
	}
	if failed := e.err.Load(); failed != nil {
		return nil, 0, *failed
	}
	if why == 0 {
		err = e.saveEnd(func(at *snapshot) { at.Paths = paths })
	}
	return paths, why, err
}

// lastStep returns what the last step of a path must fulfil.
func (p *problem[S]) lastStep(to *savedPath) func(pre *S, id TransitionID, post *S) bool {
	if !to.Step {
		return nil
	}
	holds := p.props[to.What].StepInvariant
	return func(pre *S, id TransitionID, post *S) bool { return !holds(pre, id, post) }
}

// walk follows ordinals along canonical states.
func (p *problem[S]) walk(ordinals []int) ([]node[S], error) {
	var path []node[S]
	at := node[S]{}
	for i, k := range ordinals {
		if i == 0 {
			initial := p.model.Initial(nil)
			if k >= len(initial) {
				return nil, fmt.Errorf("the model's Initial is not deterministic")
			}
			at.state = initial[k]
		} else {
			succ := Successors(p.model, &at.state)
			if k >= len(succ) {
				return nil, fmt.Errorf("the model's Successors is not deterministic: it returned %d successors of a state that had more before", len(succ))
			}
			at.state = succ[k].State
			at.used, _ = p.effects[succ[k].ID].take(at.used)
		}
		p.canonical(&at.state)
		path = append(path, at)
	}
	return path, nil
}
