package explore

import (
	"context"
	"encoding/binary"

	"github.com/kcheck/kcheck/explore/internal/exact"
	"github.com/kcheck/kcheck/explore/internal/fpset"
	"github.com/kcheck/kcheck/explore/internal/mem"
)

// dfs is the depth-first search: one goroutine, a stack of states and the same
// visited set as the breadth-first search.
type dfs[S comparable] struct {
	p       *problem[S]
	hash    hasher
	visited *fpset.Set
	exact   *exact.Store
	batch   fpset.Batch
	record  []byte
	stack   []frame[S]
	out     Out[S] // the successors of the states on the stack, one after the other
	account *mem.Account
	booked  int64 // bytes of stack and successors
	res     *Result[S]
	cut     bool
}

// frame is a state on the stack: its successors are those from first to last, and
// those from next on are yet to be visited.
type frame[S comparable] struct {
	node[S]
	first, next, last int
}

func (p *problem[S]) depthFirst(ctx context.Context) (*Result[S], error) {
	account := mem.NewAccount(p.opt.Memory)
	d := &dfs[S]{p: p, account: account, hash: newHasher(p.opt.Seed), res: &Result[S]{
		Complete: true, Witnesses: make([]bool, len(p.wits)), Coverage: make([]uint64, len(p.effects)),
	}}
	if p.opt.Exact {
		d.exact = exact.New(account, p.size+p.usedLen, false)
	} else {
		d.visited = fpset.New(account, false)
		d.visited.Solo = true
	}
	defer d.close()
	err := d.run(ctx)
	d.res.Stats.Workers, d.res.Stats.Bytes = 1, account.Peak()
	if d.visited != nil {
		d.res.Stats.CollisionProbability = d.visited.CollisionProbability(d.res.Stats.Distinct)
	}
	return d.res, err
}

func (d *dfs[S]) run(ctx context.Context) (err error) {
	defer d.p.recoverAs(func(e error) { err = e }, d.at)
	initial := d.p.model.Initial(nil)
	for _, s := range initial {
		d.res.Stats.Generated++
		d.p.canonical(&s)
		if err := d.visit(node[S]{state: s}); err != nil {
			return err
		}
		for turn := 0; len(d.stack) > 0; turn++ {
			if d.cut {
				return nil
			}
			if turn%1024 == 0 && ctx.Err() != nil {
				d.stop(ctxReason(ctx))
				return nil
			}
			if err := d.advance(); err != nil {
				return err
			}
		}
	}
	return nil
}

// book books the memory of the stack, and what is left of it when it has grown
// and was copied.
func (d *dfs[S]) book() {
	bytes := 2 * (int64(cap(d.stack))*sizeOf[frame[S]]() + int64(cap(d.out.succ))*sizeOf[Successor[S]]())
	if more := bytes - d.booked; more > 0 {
		if !d.account.Reserve(more) {
			d.stop(OutOfMemory)
			return
		}
		d.booked = bytes
	}
}

// close gives the memory of the visited set back.
func (d *dfs[S]) close() {
	if d.exact != nil {
		d.exact.Close()
	} else {
		d.visited.Close()
	}
}

// at returns the state on top of the stack and its successors.
func (d *dfs[S]) at() (*S, []Successor[S]) {
	if len(d.stack) == 0 {
		return nil, nil
	}
	top := &d.stack[len(d.stack)-1]
	return &top.state, d.out.succ[top.first:]
}

// advance takes the next transition of the state on top of the stack.
func (d *dfs[S]) advance() error {
	top := &d.stack[len(d.stack)-1]
	if top.next == top.last {
		d.out.succ = d.out.succ[:top.first]
		d.stack = d.stack[:len(d.stack)-1]
		return nil
	}
	to := d.out.succ[top.next]
	top.next++
	used, ok := d.p.effects[to.ID].take(top.used)
	if !ok || d.p.exceeds(&d.p.effects[to.ID], top.used) {
		return nil
	}
	d.res.Stats.Generated++
	d.res.Coverage[to.ID]++
	canonical := to.State
	d.p.canonical(&canonical)
	n := node[S]{canonical, used}
	for _, q := range d.p.stepInvariants {
		if holds := d.p.props[q].StepInvariant; !holds(&top.state, to.ID, &to.State) {
			if err := d.violated(q, &n, func(pre *S, id TransitionID, post *S) bool { return !holds(pre, id, post) }); err != nil {
				return err
			}
		}
	}
	return d.visit(n)
}

// visit pushes a state on the stack unless it was visited before.
func (d *dfs[S]) visit(n node[S]) error {
	if d.cut || !d.insert(&n) {
		return nil
	}
	depth := len(d.stack)
	d.res.Stats.Distinct++
	d.res.Stats.Depth = max(d.res.Stats.Depth, depth)
	none := len(d.out.succ)
	d.stack = append(d.stack, frame[S]{n, none, none, none})
	for i, w := range d.p.wits {
		d.res.Witnesses[i] = d.res.Witnesses[i] || w.Reached(&n.state)
	}
	for _, q := range d.p.invariants {
		if !d.p.props[q].Invariant(&n.state) {
			if err := d.violated(q, nil, nil); err != nil {
				return err
			}
		}
	}
	if n := d.p.opt.MaxStates; n > 0 && d.res.Stats.Distinct >= n {
		d.stop(StatesReached)
	}
	if d.p.bounded(&n.state) {
		d.incomplete(BoundReached)
		return nil
	}
	return d.expand(depth)
}

// expand makes the successors of the state on top of the stack.
func (d *dfs[S]) expand(depth int) error {
	top := &d.stack[depth]
	d.out.list(d.p.model, &top.state)
	top.last = len(d.out.succ)
	succ := d.out.succ[top.first:]
	if err := d.p.known(succ); err != nil {
		return err
	}
	d.book()
	stuck, quiescent := true, true
	for i := range succ {
		class := d.p.effects[succ[i].ID].class
		stuck, quiescent = stuck && class != Step, quiescent && class == Fault
	}
	for _, q := range d.p.stuck {
		if stuck && !d.p.props[q].Stuck(&top.state) {
			if err := d.violated(q, nil, nil); err != nil {
				return err
			}
		}
	}
	for _, q := range d.p.quiescent {
		if quiescent && !d.p.props[q].Quiescent(&top.state) {
			if err := d.violated(q, nil, nil); err != nil {
				return err
			}
		}
	}
	if d.p.opt.MaxDepth > 0 && depth >= d.p.opt.MaxDepth && len(succ) > 0 {
		top.last = top.first
		d.out.succ = d.out.succ[:top.first]
		d.incomplete(DepthReached)
	}
	return nil
}

func (d *dfs[S]) insert(n *node[S]) bool {
	state := bytesOf(&n.state)[:d.p.size]
	pos, fp := d.hash.sum(state, n.used)
	d.batch.Pos, d.batch.Fp = append(d.batch.Pos[:0], pos), append(d.batch.Fp[:0], fp)
	ok := false
	if d.exact != nil {
		d.record = append(d.record[:0], state...)
		if d.p.usedLen > 0 {
			d.record = binary.LittleEndian.AppendUint64(d.record, n.used)
		}
		ok = d.exact.Insert(&d.batch, func(int) []byte { return d.record })
	} else {
		ok = d.visited.Insert(&d.batch)
	}
	if !ok {
		d.stop(OutOfMemory)
	}
	return len(d.batch.Fresh) > 0
}

// violated notes a violation by the path on the stack, and the node after it
// if the property is of a step.
func (d *dfs[S]) violated(q int, after *node[S], last func(pre *S, id TransitionID, post *S) bool) error {
	for _, v := range d.res.Violations {
		if v.Property == d.p.props[q].Name {
			return nil
		}
	}
	var path []node[S]
	for i := range d.stack {
		path = append(path, d.stack[i].node)
	}
	if after != nil {
		path = append(path, *after)
	}
	t, err := d.p.concretize(path, q, last)
	if err != nil {
		return err
	}
	d.res.Violations = append(d.res.Violations, &Violation[S]{
		Property: d.p.props[q].Name, Faults: d.p.faultsOf(path[len(path)-1].used, &t), Steps: len(t.Steps), Trace: t,
	})
	d.res.Violation = d.res.Violations[0]
	if !d.p.opt.Exhaust && !d.cut {
		d.stop(Violated)
		d.res.Stopped = Violated
	}
	return nil
}

// incomplete notes that something is left out of the search.
func (d *dfs[S]) incomplete(r StopReason) {
	if d.res.Complete {
		d.res.Complete, d.res.Stopped, d.res.CompleteFaults, d.res.CompleteDepth = false, r, -1, -1
	}
}

// stop ends the search.
func (d *dfs[S]) stop(r StopReason) {
	d.incomplete(r)
	d.cut = true
}
