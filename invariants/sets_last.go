package invariants

import (
	"context"
	"slices"
	"sync"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// violations finds the minimal sets of faults that violate the properties of a check, each with its counterexample.
//
// A search that tells sets of faults apart explores a state once for each set that leads to it. For the largest sets, after
// which no fault can follow, that is nearly all of the work and of no use: what happens then depends on the state alone.
// So only the sets of fewer than o.MaxFaults faults are searched that way. Of every state to which one more fault leads
// it is found out once whether it is lost: whether steps alone can lead from it to a violation. The sets that lead to a
// lost state are the others that violate; their minimal counterexamples are found by a search for them alone.
func (l *lattice) violations(ctx context.Context, k *Check, o explore.Options[model.State]) ([]*explore.Violation[model.State], error) {
	if o.MaxFaults < 2 {
		r, err := l.run(ctx, k, o)
		if err != nil {
			return nil, err
		}
		return r.Violations, nil
	}
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	last := newLastFault(k, o, cancel)
	smaller := o
	smaller.MaxFaults--
	smaller.Beyond = last.meet
	r, err := l.run(inner, k, smaller)
	if err != nil {
		return nil, err
	}
	l.out.Stats.Distinct += last.states()
	switch {
	case last.full:
		l.out.Stopped = explore.OutOfMemory
	case last.bounded:
		l.out.Stopped, l.bounded = explore.BoundReached, true
	}
	if last.full || last.bounded {
		l.out.Decided = min(l.out.Decided, o.MaxFaults-1)
	}
	return l.trace(ctx, k, o, r.Violations, last.sets)
}

// trace adds the sets that lead to lost states, unless a smaller one is known, each with its minimal counterexample: by one
// more search, of nothing but those sets and their subsets.
func (l *lattice) trace(ctx context.Context, k *Check, o explore.Options[model.State], found []*explore.Violation[model.State],
	sets map[string][]int) ([]*explore.Violation[model.State], error) {
	var wanted [][]int
	for _, set := range sets {
		if !slices.ContainsFunc(found, func(v *explore.Violation[model.State]) bool { return within(v.Faults, set) }) {
			wanted = append(wanted, set)
		}
	}
	if len(wanted) == 0 {
		return found, nil
	}
	o.Within = func(faults []int) bool {
		return slices.ContainsFunc(wanted, func(set []int) bool { return within(faults, set) })
	}
	r, err := l.run(ctx, k, o)
	if err != nil {
		return nil, err
	}
	for _, set := range wanted {
		v := &explore.Violation[model.State]{Faults: set, Untraced: true} // where there was no time
		if i := slices.IndexFunc(r.Violations, func(v *explore.Violation[model.State]) bool { return slices.Equal(v.Faults, set) }); i >= 0 {
			v = r.Violations[i]
		}
		found = append(found, v)
	}
	return found, nil
}

// lastFault finds out which sets of the largest size lead to lost states.
type lastFault struct {
	check  *Check
	steps  *model.Model    // in which no fault happens
	class  []explore.Class // by transition
	cancel func()
	limit  int // of remembered states in a shard

	shards [256]shard
	walks  sync.Pool

	mu      sync.Mutex
	sets    map[string][]int
	full    bool // memory was used up
	bounded bool // a limit of the model was hit
}

// shard is a part of the states that are decided.
type shard struct {
	mu   sync.Mutex
	lost map[mark]bool
}

// bytesPerState is what a remembered state takes in a map.
const bytesPerState = 48

func newLastFault(k *Check, o explore.Options[model.State], cancel func()) *lastFault {
	f := &lastFault{check: k, steps: k.Model.WithoutFaults(), cancel: cancel, sets: map[string][]int{}}
	memory := o.Memory
	if memory == 0 {
		memory = explore.DefaultMemory()
	}
	f.limit = int(memory/4/bytesPerState)/len(f.shards) + 1
	for _, t := range k.Model.Transitions() {
		f.class = append(f.class, t.Class)
	}
	for i := range f.shards {
		f.shards[i].lost = map[mark]bool{}
	}
	f.walks.New = func() any { return &walk{f: f} }
	return f
}

// meet is told of a state to which a set of faults leads.
func (f *lastFault) meet(faults []int, s *model.State) {
	name := nameOf(faults)
	f.mu.Lock()
	_, known := f.sets[name]
	f.mu.Unlock()
	if known {
		return
	}
	w := f.walks.Get().(*walk)
	lost := w.raw(s)
	f.walks.Put(w)
	if lost {
		f.mu.Lock()
		f.sets[name] = slices.Clone(faults)
		f.mu.Unlock()
	}
}

// nameOf is a set as a key.
func nameOf(faults []int) string {
	b := make([]byte, len(faults))
	for i, n := range faults {
		b[i] = byte(n)
	}
	return string(b)
}

// recall says what is known of a state.
func (f *lastFault) recall(m mark) (lost, known bool) {
	s := &f.shards[m[0]%uint64(len(f.shards))]
	s.mu.Lock()
	defer s.mu.Unlock()
	lost, known = s.lost[m]
	return lost, known
}

// remember notes what was found out about a state.
func (f *lastFault) remember(m mark, lost bool) {
	s := &f.shards[m[0]%uint64(len(f.shards))]
	s.mu.Lock()
	s.lost[m] = lost
	over := len(s.lost) > f.limit
	s.mu.Unlock()
	if over {
		f.stop(&f.full)
	}
}

// stop ends the search for a reason.
func (f *lastFault) stop(reason *bool) {
	f.mu.Lock()
	*reason = true
	f.mu.Unlock()
	f.cancel()
}

// states is how many states were looked at.
func (f *lastFault) states() uint64 {
	n := 0
	for i := range f.shards {
		n += len(f.shards[i].lost)
	}
	return uint64(n)
}
