package plan

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// violations finds the minimal sets of faults that violate the properties of a check, each with its counterexample.
//
// A search that tells sets of faults apart explores a state once for each set that leads to it. For the largest sets, after
// which no fault can follow, that is nearly all of the work and of no use: what happens then depends on the state alone.
// So only the sets of fewer than o.MaxFaults faults are searched that way. Of every state to which one more fault leads
// it is found out once whether it is lost (see [ends]). The sets that lead to a lost state are the others that violate;
// their minimal counterexamples are found by a search for them alone.
func (l *search) violations(ctx context.Context, k *Check, o options, log bool) ([]*violation, error) {
	if o.MaxFaults < 2 || l.decides {
		r, err := l.checkOnce(ctx, k, o)
		if err != nil {
			return nil, err
		}
		return r.Violations, nil
	}
	e, err := l.shared.endsOf(k, log, o.Memory)
	if err != nil {
		return nil, err
	}
	o.Memory -= o.Memory / 4 // which the ends may take
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	last := &lastFault{ends: e, bit: e.bit(k), cancel: cancel, sets: map[string]uint16{}}
	defer context.AfterFunc(inner, func() { last.halted.Store(true) })()
	smaller := o
	smaller.MaxFaults--
	smaller.Lattice.Beyond = last.meet
	r, err := l.checkOnce(inner, k, smaller)
	if err != nil {
		return nil, err
	}
	if last.full.Load() {
		l.out.Stopped = explore.OutOfMemory
	}
	if r.Stopped != explore.Exhausted && r.Stopped != explore.Violated {
		return r.Violations, nil // a larger set need not be minimal
	}
	lost, open := last.found()
	if open {
		l.out.Stopped, l.bounded = explore.BoundReached, true
		l.out.Decided = min(l.out.Decided, o.MaxFaults-1)
	}
	return l.trace(ctx, k, o, r.Violations, lost)
}

// trace adds the sets that lead to lost states, unless a smaller one is known, each with its minimal counterexample: by one
// more search, of nothing but those sets and their subsets.
func (l *search) trace(ctx context.Context, k *Check, o options, found []*violation, sets [][]int) ([]*violation, error) {
	wanted := slices.DeleteFunc(sets, func(set []int) bool {
		return slices.ContainsFunc(found, func(v *violation) bool { return within(v.Faults, set) })
	})
	if len(wanted) == 0 {
		return found, nil
	}
	o.Checkpoint = naming(o.Checkpoint, wanted)
	o.Lattice.Within = func(faults []int) bool {
		return slices.ContainsFunc(wanted, func(set []int) bool { return within(faults, set) })
	}
	stopped, decided := l.out.Stopped, l.out.Decided
	r, err := l.checkOnce(ctx, k, o)
	if err != nil {
		return nil, err
	}
	l.out.Stopped, l.out.Decided = stopped, decided // what violates is known, whatever becomes of this
	for _, set := range wanted {
		i := slices.IndexFunc(r.Violations, func(v *violation) bool { return slices.Equal(v.Faults, set) })
		switch {
		case i >= 0:
			found = append(found, r.Violations[i])
		case r.Stopped == explore.Exhausted:
			return nil, fmt.Errorf("internal error: no run with the faults %v violates %s", set, k.Guarantee.Name)
		default: // it does violate, but there was no time or memory to find out how
			found = append(found, &violation{Faults: set, Untraced: true, UntracedBy: r.Stopped})
		}
	}
	return found, nil
}

type violation = explore.Violation[model.State]

// lastFault finds out which of the largest sets of faults lead to lost states.
type lastFault struct {
	ends   *ends
	bit    uint16 // of the guarantee
	cancel func()
	halted atomic.Bool
	full   atomic.Bool // memory was used up

	mu   sync.RWMutex
	sets map[string]uint16 // what was found so far, by set
}

// meet is told of a state to which a set of faults leads.
func (f *lastFault) meet(faults []int, s *model.State) {
	var name [model.NumFaults]byte
	for i, n := range faults {
		name[i] = byte(n)
	}
	key := name[:len(faults)]
	f.mu.RLock()
	known := f.sets[string(key)]
	f.mu.RUnlock()
	if known&f.bit != 0 || f.halted.Load() {
		return
	}
	w := f.ends.walks.Get().(*walk)
	w.f = f
	end := w.from(s)
	f.ends.walks.Put(w)
	if end &= f.bit | openEnd; end&^known != 0 {
		f.mu.Lock()
		f.sets[string(key)] |= end
		f.mu.Unlock()
	}
}

// found lists the sets that lead to lost states, in a fixed order, and says whether others are left open.
func (f *lastFault) found() (lost [][]int, open bool) {
	for name, end := range f.sets {
		if end&f.bit == 0 {
			open = true
			continue
		}
		set := make([]int, len(name))
		for i := range set {
			set[i] = int(name[i])
		}
		lost = append(lost, set)
	}
	slices.SortFunc(lost, slices.Compare)
	return lost, open
}

// outOfMemory ends the search.
func (f *lastFault) outOfMemory() {
	f.full.Store(true)
	f.halted.Store(true)
	f.cancel()
}
