package explore

import (
	"cmp"
	"errors"
	"fmt"
	"math/bits"
	"slices"
)

// problem is a check after its arguments have been validated: what every
// engine needs to know, in the form in which the hot loops want it.
type problem[S comparable] struct {
	model Model[S]
	props []Property[S]
	wits  []Witness[S]
	opt   Options[S]

	table   []Transition
	effects []effect         // by TransitionID
	canon   Canonicalizer[S] // nil without symmetry
	size    int              // bytes of a state in use
	kinds   []kind           // by fault kind
	usedLen int              // bytes of a used vector in a record: 0 or 8
	plain   bool             // there is nothing to be done with a transition, see worker.gather
	free    bool             // some kind of fault has the budget Any

	// The properties by kind, as indices into props.
	invariants, stepInvariants, quiescent, stuck []int
	needsEnd                                     bool // quiescent or stuck is not empty
}

// kind is where a used vector counts the faults of one kind. A kind with the
// budget Any is not counted.
type kind struct {
	shift, mask uint64
	one         uint64 // what an occurrence adds
	budget      uint64
}

// effect is what taking a transition does to the used vector.
type effect struct {
	class Class
	kind  // of the fault, if class is Fault
}

// take returns the used vector after the transition. ok is false if the
// budget of its fault kind is used up.
func (e *effect) take(used uint64) (after uint64, ok bool) {
	if e.class != Fault {
		return used, true
	}
	if used>>e.shift&e.mask >= e.budget {
		return used, false
	}
	return used + e.one, true
}

func newProblem[S comparable](spec Spec[S]) (*problem[S], error) {
	m, o := spec.Model, spec.Options
	if m == nil {
		return nil, errors.New("Spec.Model is nil")
	}
	p := &problem[S]{model: m, props: spec.Properties, wits: spec.Witnesses, opt: o}
	if err := checkOptional(m); err != nil {
		return nil, err
	}
	var err error
	if p.size, err = stateSize(m); err != nil {
		return nil, err
	}
	if c, ok := m.(Canonicalizer[S]); ok && !o.NoSymmetry {
		p.canon = c
	}
	for _, step := range []func() error{p.checkOptions, p.packBudget, p.flattenTransitions, p.sortProperties} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *problem[S]) checkOptions() error {
	o := &p.opt
	switch {
	case o.Strategy > Simulate:
		return fmt.Errorf("Options.Strategy is %d; use BFS, DFS or Simulate", o.Strategy)
	case o.Workers < 0:
		return fmt.Errorf("Options.Workers is %d; it must not be negative", o.Workers)
	case o.Memory < 0:
		return fmt.Errorf("Options.Memory is %d; it must not be negative", o.Memory)
	case o.MaxFaults < 0:
		return fmt.Errorf("Options.MaxFaults is %d; it must not be negative", o.MaxFaults)
	case o.MaxDepth < 0:
		return fmt.Errorf("Options.MaxDepth is %d; it must not be negative", o.MaxDepth)
	case o.Walks.Count < 0 || o.Walks.Length < 0:
		return errors.New("Options.Walks.Count and Options.Walks.Length must not be negative")
	case o.Exhaust && o.FaultSets:
		return errors.New("Options.Exhaust and Options.FaultSets exclude each other: one explores everything, the other skips supersets of violating faults")
	case o.FaultSets && o.Strategy != BFS:
		return errors.New("Options.FaultSets needs the strategy BFS: only it finds minimal fault sets")
	case o.Strategy != BFS && (o.Lattice.Within != nil || o.Lattice.Beyond != nil || o.Lattice.NoTrace):
		return errors.New("Options.Lattice needs the strategy BFS")
	case o.Strategy != BFS && o.Expanded != nil:
		return errors.New("Options.Expanded needs the strategy BFS")
	case o.WitnessTrace && o.Strategy != BFS:
		return errors.New("Options.WitnessTrace needs the strategy BFS")
	case o.Dominance && o.Strategy != BFS:
		return errors.New("Options.Dominance needs the strategy BFS: it relies on meeting fewer faults first")
	}
	return cmp.Or(p.checkCheckpoint(), p.checkDisk())
}

// packBudget lays the counters of a used vector out, each wide enough for the
// budget of its kind.
func (p *problem[S]) packBudget() error {
	shift := 0
	for i, b := range p.opt.Budget {
		if b < 0 {
			return fmt.Errorf("Options.Budget[%d] is %d; it must not be negative", i, b)
		}
		if b == Any {
			p.free = true
			p.kinds = append(p.kinds, kind{budget: Any})
			continue
		}
		n := bits.Len(uint(b))
		p.kinds = append(p.kinds, kind{shift: uint64(shift), mask: 1<<n - 1, one: 1 << shift, budget: uint64(b)})
		shift += n
	}
	if shift > 63 {
		return fmt.Errorf("Options.Budget needs %d bits to count the faults used; at most 63 are supported: lower it", shift)
	}
	if shift > 0 || p.free {
		p.usedLen = 8
	}
	return nil
}

func (p *problem[S]) flattenTransitions() error {
	ts := p.model.Transitions()
	if len(ts) > 1<<16 {
		return fmt.Errorf("the model has %d transitions; at most %d are supported", len(ts), 1<<16)
	}
	p.table, p.effects = ts, make([]effect, len(ts))
	for i, t := range ts {
		e := effect{class: t.Class}
		switch {
		case t.Class > Fault:
			return fmt.Errorf("transition %d, %s, has class %d; use Step, Recovery or Fault", i, t, t.Class)
		case t.Class == Fault && t.Fault < 0:
			return fmt.Errorf("transition %d, %s, has the negative fault kind %d", i, t, t.Fault)
		case t.Class == Fault && t.Fault < len(p.kinds):
			e.kind = p.kinds[t.Fault]
		}
		p.effects[i] = e
	}
	return nil
}

func (p *problem[S]) sortProperties() error {
	for i, q := range p.props {
		n := 0
		sort := func(set bool, to *[]int) {
			if set {
				n++
				*to = append(*to, i)
			}
		}
		sort(q.Invariant != nil, &p.invariants)
		sort(q.StepInvariant != nil, &p.stepInvariants)
		sort(q.Quiescent != nil, &p.quiescent)
		sort(q.Stuck != nil, &p.stuck)
		if n != 1 {
			return fmt.Errorf("property %d, %q, sets %d functions; set exactly one of Invariant, StepInvariant, Quiescent and Stuck", i, q.Name, n)
		}
	}
	p.plain = p.usedLen == 0 && p.canon == nil && p.stepInvariants == nil && !p.opt.Exact && !p.hasFaults()
	p.needsEnd = p.quiescent != nil || p.stuck != nil
	for i, w := range p.wits {
		if w.Reached == nil {
			return fmt.Errorf("witness %d, %q, has no function Reached", i, w.Name)
		}
	}
	return nil
}

// hasFaults tells whether there are transitions that a budget would allow.
func (p *problem[S]) hasFaults() bool {
	return slices.ContainsFunc(p.effects, func(e effect) bool { return e.class == Fault })
}

// canonical replaces *s by its representative, if the model has symmetries.
func (p *problem[S]) canonical(s *S) {
	if p.canon != nil {
		p.canon.Canonical(s)
	}
}

// faultsOf counts the faults of a trace that leads to a used vector.
func (p *problem[S]) faultsOf(used uint64, t *Trace[S]) []int {
	n := p.faults(used)
	for _, s := range t.Steps {
		if e := &p.effects[s.ID]; e.class == Fault && e.budget == Any {
			n[p.table[s.ID].Fault]++
		}
	}
	return n
}

// exceeds tells whether a fault is one more than MaxFaults allows.
func (p *problem[S]) exceeds(e *effect, used uint64) bool {
	return e.class == Fault && e.budget != Any && p.opt.MaxFaults > 0 && p.total(used) >= p.opt.MaxFaults
}

// faults unpacks a used vector.
func (p *problem[S]) faults(used uint64) []int {
	n := make([]int, len(p.kinds))
	for i, k := range p.kinds {
		n[i] = int(used >> k.shift & k.mask)
	}
	return n
}

// subset tells whether no kind has more faults in a than in b.
func (p *problem[S]) subset(a, b uint64) bool {
	for _, k := range p.kinds {
		if a>>k.shift&k.mask > b>>k.shift&k.mask {
			return false
		}
	}
	return true
}

// total returns the number of faults in a used vector.
func (p *problem[S]) total(used uint64) int {
	n := 0
	for _, k := range p.kinds {
		n += int(used >> k.shift & k.mask)
	}
	return n
}

// known returns an error if a successor is by an unknown transition.
func (p *problem[S]) known(succ []Successor[S]) error {
	for i := range succ {
		if int(succ[i].ID) >= len(p.effects) {
			return p.unknownTransition(succ[i].ID)
		}
	}
	return nil
}

func (p *problem[S]) unknownTransition(id TransitionID) error {
	return fmt.Errorf("the model's Successors returned transition %d, but Transitions lists only %d", id, len(p.effects))
}
