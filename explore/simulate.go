package explore

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
)

// simulation is a number of random walks. Each walk depends only on the seed
// and its number, so that the result does not depend on the workers.
type simulation[S comparable] struct {
	p       *problem[S]
	length  int
	initial []S
	first   atomic.Int64 // number of the first walk that met a violation
	stop    atomic.Int32
	mu      sync.Mutex
	walks   map[int]*walk[S] // that met a violation
	err     error
	res     *Result[S]
}

// walk is one random walk.
type walk[S comparable] struct {
	path     []node[S] // canonical states
	property int
	last     func(pre *S, id TransitionID, post *S) bool
	reached  []bool
	fired    []uint64
	steps    uint64
}

func (p *problem[S]) simulate(ctx context.Context) (*Result[S], error) {
	orDefault := func(n int) int {
		if n == 0 {
			return 1000
		}
		return n
	}
	count, workers := orDefault(p.opt.Walks.Count), workerCount(p.opt.Workers)
	m := &simulation[S]{p: p, length: orDefault(p.opt.Walks.Length), initial: p.model.Initial(nil), walks: map[int]*walk[S]{},
		res: &Result[S]{Stopped: WalksDone, CompleteFaults: -1, CompleteDepth: -1,
			Witnesses: make([]bool, len(p.wits)), Coverage: make([]uint64, len(p.effects))}}
	if len(m.initial) == 0 {
		return m.res, nil
	}
	m.first.Store(int64(count))
	defer context.AfterFunc(ctx, func() { m.stop.Store(int32(ctxReason(ctx))) })()
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for n := next.Add(1) - 1; n < m.first.Load() && n < int64(count) && m.stop.Load() == 0; n = next.Add(1) - 1 {
				m.done(int(n), m.walk(int(n)))
			}
		})
	}
	wg.Wait()
	return m.finish(workers)
}

// walk makes one random walk.
func (m *simulation[S]) walk(number int) (w *walk[S]) {
	p := m.p
	rng := rand.New(rand.NewPCG(p.opt.Seed, uint64(number)))
	w = &walk[S]{property: -1, reached: make([]bool, len(p.wits)), fired: make([]uint64, len(p.effects))}
	at := node[S]{state: m.initial[rng.IntN(len(m.initial))]}
	var succ []Successor[S]
	defer p.recoverAs(m.fail, func() (*S, []Successor[S]) { return &at.state, succ })
	p.canonical(&at.state)
	for w.path = append(w.path, at); ; w.path = append(w.path, at) {
		if w.look(p, &at.state); w.property >= 0 || len(w.path) > m.length {
			return w
		}
		if p.bounded(&at.state) {
			return w
		}
		succ = AppendSuccessors(succ[:0], p.model, &at.state)
		if err := p.known(succ); err != nil {
			m.fail(err)
			return w
		}
		if w.lookEnd(p, &at.state, succ); w.property >= 0 {
			return w
		}
		to := w.choose(p, succ, at.used, rng)
		if to == nil {
			return w
		}
		w.steps++
		w.fired[to.ID]++
		pre := at
		at.used, _ = p.effects[to.ID].take(at.used)
		at.state = to.State
		p.canonical(&at.state)
		if w.lookStep(p, &pre.state, to); w.property >= 0 {
			w.path = append(w.path, at)
			return w
		}
	}
}

// choose picks one of the transitions that the budget allows, or nil.
func (w *walk[S]) choose(p *problem[S], succ []Successor[S], used uint64, rng *rand.Rand) *Successor[S] {
	var chosen *Successor[S]
	n := 0
	for i := range succ {
		e := &p.effects[succ[i].ID]
		if _, ok := e.take(used); !ok || p.exceeds(e, used) {
			continue
		}
		if n++; rng.IntN(n) == 0 {
			chosen = &succ[i]
		}
	}
	return chosen
}

func (w *walk[S]) look(p *problem[S], s *S) {
	for i := range p.wits {
		w.reached[i] = w.reached[i] || p.wits[i].Reached(s)
	}
	for _, q := range p.invariants {
		if !p.props[q].Invariant(s) {
			w.property = q
			return
		}
	}
}

func (w *walk[S]) lookEnd(p *problem[S], s *S, succ []Successor[S]) {
	stuck, quiescent := true, true
	for i := range succ {
		class := p.effects[succ[i].ID].class
		stuck, quiescent = stuck && class != Step, quiescent && class == Fault
	}
	for q := range p.props {
		f := &p.props[q]
		if stuck && f.Stuck != nil && !f.Stuck(s) || quiescent && f.Quiescent != nil && !f.Quiescent(s) {
			w.property = q
			return
		}
	}
}

func (w *walk[S]) lookStep(p *problem[S], pre *S, to *Successor[S]) {
	for _, q := range p.stepInvariants {
		if holds := p.props[q].StepInvariant; !holds(pre, to.ID, &to.State) {
			w.property = q
			w.last = func(pre *S, id TransitionID, post *S) bool { return !holds(pre, id, post) }
			return
		}
	}
}

// done takes a finished walk over. Walks after the first that met a violation
// are not wanted, but those before it are.
func (m *simulation[S]) done(number int, w *walk[S]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if w.property >= 0 {
		m.first.Store(min(m.first.Load(), int64(number)))
	} else {
		w.path = w.path[:0:0]
	}
	m.walks[number] = w
}

// fail ends the simulation with an error.
func (m *simulation[S]) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err == nil {
		m.err = err
	}
	m.stop.Store(int32(Canceled))
}

func (m *simulation[S]) finish(workers int) (*Result[S], error) {
	if m.err != nil {
		return nil, m.err
	}
	r := m.res
	r.Stats.Workers = workers
	for n := 0; n <= int(m.first.Load()); n++ {
		w, ok := m.walks[n]
		if !ok {
			continue
		}
		r.Stats.Generated += w.steps + 1
		for i, ok := range w.reached {
			r.Witnesses[i] = r.Witnesses[i] || ok
		}
		for id, n := range w.fired {
			r.Coverage[id] += n
		}
		if w.property < 0 {
			continue
		}
		t, err := m.p.concretize(w.path, w.property, w.last)
		if err != nil {
			return nil, err
		}
		r.Violation = &Violation[S]{Property: m.p.props[w.property].Name, Steps: len(t.Steps),
			Faults: m.p.faultsOf(w.path[len(w.path)-1].used, &t), Trace: t}
		r.Violations = []*Violation[S]{r.Violation}
		r.Stopped = Violated
	}
	if s := StopReason(m.stop.Load()); s != 0 && r.Violation == nil {
		r.Stopped = s
	}
	return r, nil
}
