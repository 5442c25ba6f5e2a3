package explore

import (
	"errors"
	"time"

	"github.com/kcheck/kcheck/explore/internal/durable"
)

// snapshot says where a search is, apart from tables and frontiers.
type snapshot struct {
	Layer, Depth, Deepest int
	Expanding             bool
	Distinct, Generated   uint64
	Sizes                 [factors + 1]float64 // growth
	Levels                int
	Events, Found         []savedEvent
	Reached               []*savedEvent
	Cut                   savedCut
	Pending               StopReason
	Fired                 []uint64
	Elapsed               time.Duration
	Done                  bool    // the search has ended
	Collision             float64 // Stats.CollisionProbability, if it has
	Peak                  int64   // most bytes that were booked, likewise

	// Of a trace search.
	Wanted []savedPlace `json:",omitempty"`
	Nodes  uint64       `json:",omitempty"`
	Paths  []savedPath  `json:",omitempty"` // if it has ended
}

// savedEvent, savedCut, savedPlace and savedPath are event, cut, an event with its place, and path, to be written as JSON.
type savedEvent struct {
	What, Faults, Steps int
	Used                uint64
}

type savedCut struct {
	Reason        StopReason
	Faults, Depth int
	Done          bool
}

type savedPlace struct {
	savedEvent
	Found   bool
	Node    uint64
	Ordinal int
}

type savedPath struct {
	savedEvent
	Ordinals []int
	Step     bool
}

func saved(ev event) savedEvent     { return savedEvent{ev.what, ev.faults, ev.steps, ev.used} }
func (s savedEvent) restore() event { return event{s.What, s.Faults, s.Steps, s.Used} }

// snapshot says where the search is.
func (e *engine[S]) snapshot() *snapshot {
	at := &snapshot{
		Layer: int(e.layer.Load()), Depth: int(e.depth.Load()), Deepest: e.deepest, Expanding: e.expanding,
		Distinct: e.distinct.Load(), Generated: e.generated.Load(), Sizes: e.growth.sizes, Levels: e.growth.n,
		Cut: savedCut{e.cut.reason, e.cut.faults, e.cut.depth, e.cut.done}, Pending: e.pending,
		Fired: e.fired(), Elapsed: time.Since(e.begin), Reached: make([]*savedEvent, len(e.reached)), Peak: e.account.Peak(),
	}
	for ev := range e.events {
		at.Events = append(at.Events, saved(ev))
	}
	for _, ev := range e.found {
		at.Found = append(at.Found, saved(ev))
	}
	for i, ev := range e.reached {
		if ev != nil {
			s := saved(*ev)
			at.Reached[i] = &s
		}
	}
	if t := e.tracer; t != nil {
		at.Nodes = t.n
		for ev, p := range t.wanted {
			s := savedPlace{savedEvent: saved(ev)}
			if p != nil {
				s.Found, s.Node, s.Ordinal = true, p.node, p.ordinal
			}
			at.Wanted = append(at.Wanted, s)
		}
	}
	return at
}

// resume takes a snapshot over.
func (e *engine[S]) resume(at *snapshot) {
	e.layer.Store(int64(at.Layer))
	e.depth.Store(int64(at.Depth))
	e.distinct.Store(at.Distinct)
	e.generated.Store(at.Generated)
	e.deepest, e.expanding, e.pending = at.Deepest, at.Expanding, at.Pending
	e.growth = growth{at.Sizes, at.Levels}
	e.cut = cut{at.Cut.Reason, at.Cut.Faults, at.Cut.Depth, at.Cut.Done}
	e.begin = time.Now().Add(-at.Elapsed)
	copy(e.workers[0].fired, at.Fired)
	for _, ev := range at.Events {
		e.events[ev.restore()] = struct{}{}
	}
	for _, ev := range at.Found {
		e.found = append(e.found, ev.restore())
	}
	if len(e.found) == 0 && !e.cut.done && e.tracer == nil {
		e.clear.Store(e.layer.Load())
	}
	for i, ev := range at.Reached {
		if ev != nil && i < len(e.reached) {
			r := ev.restore()
			e.reached[i] = &r
		}
	}
	if t := e.tracer; t != nil {
		t.n = at.Nodes
		for _, s := range at.Wanted {
			if s.Found {
				t.wanted[s.restore()] = &place{s.Node, s.Ordinal}
				t.left--
			}
		}
	}
}

// save writes the search as a checkpoint.
func (e *engine[S]) save() {
	err := e.keeper.replace(e.tracer != nil, func(w *durable.Writer) {
		w.JSON(e.snapshot())
		if e.exact != nil {
			e.exact.Save(w)
		} else {
			e.visited.Save(w)
		}
		if e.chains != nil {
			e.chains.Save(w)
		}
		e.saveFrontiers(w)
		if t := e.tracer; t != nil {
			for i := range t.n {
				w.Uint(t.origins[i/originChunk][i%originChunk])
			}
		}
	})
	if err != nil {
		e.fail(err)
	}
	e.alarm.again()
}

// saveFrontiers writes all frontiers.
func (e *engine[S]) saveFrontiers(w *durable.Writer) {
	write := func(f *frontier) {
		w.Uint(uint64(f.n))
		for _, c := range f.chunks {
			w.Raw(c.buf[:c.n*e.pool.record])
		}
	}
	write(&e.todo)
	write(&e.level)
	for _, list := range [][]frontier{e.entries, e.later} {
		w.Uint(uint64(len(list)))
		for i := range list {
			write(&list[i])
		}
	}
}

// errTooLittleMemory says that a checkpoint holds more than the memory of the check.
var errTooLittleMemory = errors.New("the checkpoint does not fit into the memory that this check may use: give it more")

// load goes on from a checkpoint, if there is one. done says that the search has ended by then.
func (e *engine[S]) load() (done bool, err error) {
	r, written, err := e.keeper.open(e.tracer != nil)
	if r == nil {
		return false, err
	}
	var at snapshot
	r.JSON(&at)
	if r.Err() == nil {
		e.resume(&at)
		e.resumed = true
		if at.Done {
			e.ended = &at
		} else {
			err = e.loadTables(r)
		}
	}
	if err == nil {
		r.End()
		err = remedied(r.Err())
	}
	if closing := r.Close(); err == nil && closing != nil {
		err = remedied(closing)
	}
	if err == nil && !at.Done && e.keeper.Continued != nil {
		e.keeper.Continued(at.Distinct, written)
	}
	return at.Done, err
}

// loadTables reads tables and frontiers.
func (e *engine[S]) loadTables(r *durable.Reader) error {
	ok := true
	if e.exact != nil {
		ok = e.exact.Load(r)
	} else {
		ok = e.visited.Load(r)
	}
	if ok && e.chains != nil {
		e.chains.Load(r)
		ok = !e.chains.Full()
	}
	if !ok || !e.loadFrontiers(r) {
		return errTooLittleMemory
	}
	if t := e.tracer; t != nil {
		for i := range t.n {
			if i%originChunk == 0 {
				if !e.account.Reserve(8 * originChunk) {
					return errTooLittleMemory
				}
				t.origins = append(t.origins, make([]uint64, originChunk))
			}
			t.origins[i/originChunk][i%originChunk] = r.Uint()
		}
	}
	return nil
}

// loadFrontiers reads all frontiers; ok is false if there is no memory for them.
func (e *engine[S]) loadFrontiers(r *durable.Reader) (ok bool) {
	ok = true
	read := func(f *frontier) {
		for left := int(r.Uint()); left > 0 && ok && r.Err() == nil; {
			var c *chunk
			c, ok = e.pool.get()
			c.n = min(left, e.pool.per)
			r.Raw(c.buf[:c.n*e.pool.record])
			left -= c.n
			f.n += c.n
			f.chunks = append(f.chunks, c)
		}
	}
	read(&e.todo)
	read(&e.level)
	for _, list := range []*[]frontier{&e.entries, &e.later} {
		n := r.Uint()
		for i := uint64(0); i < n && ok && r.Err() == nil; i++ {
			var f frontier
			read(&f)
			*list = append(*list, f)
		}
	}
	return ok
}

// saveEnd writes what a search that has ended found out.
func (e *engine[S]) saveEnd(complete func(at *snapshot)) error {
	if e.keeper == nil || e.ended != nil {
		return nil
	}
	at := e.snapshot()
	at.Done = true
	complete(at)
	return e.keeper.replace(e.tracer != nil, func(w *durable.Writer) { w.JSON(at) })
}

// checkpointAt writes a checkpoint at the end of a level, if that is due or the search is to be stopped there.
func (e *engine[S]) checkpointAt(stopped StopReason) {
	if e.keeper == nil || e.lost.Load() || e.err.Load() != nil {
		return
	}
	if stopped == Canceled || stopped == Deadline || stopped == 0 && e.alarm.due.Load() {
		e.save()
	}
}
