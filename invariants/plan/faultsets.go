package plan

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// FaultSets is what breaks a guarantee: all minimal sets of faults within a bound.
type FaultSets struct {
	// Sets are the minimal sets, by number of faults, then steps, then kinds. They are minimal also when the search did
	// not end: a set of which that is not known yet is left out.
	Sets []FaultSet
	// Complete tells that there are no others within the bound. Otherwise Stopped says why the search ended, and that
	// is so for sets of at most Decided faults.
	Complete bool
	Stopped  explore.StopReason
	Decided  int
	// Open are sets that could not be decided on their own, because a bound of the model was hit.
	Open [][]int
	// Unreached names the witnesses that no run reaches: the guarantee is vacuous. It is empty where one is violated.
	Unreached []string
	// Fired tells for each kind of fault whether it occurred in a run that was explored.
	Fired [model.NumFaults]bool
	// Stats count the states that were searched together with their sets. Those after the last fault, which guarantees
	// share, are not among them. Witnesses are not looked for there either.
	Stats explore.Stats
}

// FaultSet is one minimal set of faults and the minimal counterexample under it.
type FaultSet struct {
	Faults    []int // by kind
	Violation *explore.Violation[model.State]
	About     *Check // whose model the counterexample is a run of: the check itself, or a part of it
}

// FindFaultSets finds all minimal sets of faults within o.Budget, of at most o.MaxFaults faults, under which a check
// is violated: in one search over the lattice of sets, in which a state that was reached with fewer faults is not
// explored again with more, and no superset of a set that violates.
//
// The space is split at the committed log as by [Search], for each set of faults: a set whose faults of the
// producer and the brokers leave the log in order, and whose faults of the consumer break nothing on a log in order,
// breaks nothing. So the consumer is searched alone, the log alone, and their product only for the supersets of those
// sets under which the log owes the guarantee something.
func FindFaultSets(ctx context.Context, k *Check, o explore.Options[model.State]) (*FaultSets, error) {
	return NewLattices(k).Find(ctx, k, o)
}

// Find is [FindFaultSets] for one of the checks.
func (l *Lattices) Find(ctx context.Context, k *Check, o explore.Options[model.State]) (*FaultSets, error) {
	if err := ctx.Err(); err != nil {
		stopped := explore.Canceled
		if errors.Is(err, context.DeadlineExceeded) {
			stopped = explore.Deadline
		}
		return &FaultSets{Decided: -1, Stopped: stopped}, nil
	}
	o.FaultSets, o.Exhaust, o.Dominance = true, false, true
	if o.MaxFaults == 0 && unbounded(o.Budget) {
		return nil, errors.New("sets of faults without a bound: Options.MaxFaults has to bound them where a budget does not")
	}
	if o.MaxFaults == 0 {
		o.MaxFaults = total(o.Budget)
	}
	if unbounded(o.Budget) {
		o = silent(o)
	}
	s := &search{check: k, shared: l, o: o, out: &FaultSets{Decided: o.MaxFaults}}
	err := s.run(ctx)
	if err != nil {
		return nil, err
	}
	s.finish()
	return s.out, nil
}

// search is a search for fault sets.
type search struct {
	check  *Check
	shared *Lattices
	o      options
	out    *FaultSets
	// bounded tells that a limit of the model cut a part short, so that sets have to be decided one by one.
	bounded bool
	// apart tells that sets of faults that only the consumer meets are decided.
	apart bool
	// witnesses tells which witnesses were reached, once they were looked for.
	witnesses []bool
	// decides tells that only the sets are asked for, not their counterexamples, by a search with shortcuts.
	decides   bool
	shortcuts model.Shortcuts
	// coverage counts how often each transition of the check was taken.
	coverage []uint64
}

func (l *search) run(ctx context.Context) error {
	k := l.check
	switch {
	case k.Model.OutputKafka():
		return l.searchOutput(ctx)
	case !splitsSets(k):
		if _, err := l.explore(ctx, k, l.o); err != nil {
			return err
		}
	default:
		if err := l.searchSplit(ctx); err != nil {
			return err
		}
	}
	if l.bounded && l.out.Stopped == explore.BoundReached {
		return l.oneByOne(ctx, func([]int) bool { return true })
	}
	return nil
}

// searchSplit searches the consumer, the log, and as little as possible of their product.
func (l *search) searchSplit(ctx context.Context) error {
	k := l.check
	consumer := clearing(l.o, 0, 1)
	consumer.Budget = consumerBudget(l.o.Budget)
	if more, err := l.explore(ctx, k, consumer); err != nil || !more {
		l.others()
		return err
	}
	l.apart = true
	part, err := logPart(k)
	if err == nil && l.decides {
		part, err = quickLog(k, l.shortcuts)
	}
	if err != nil {
		return err
	}
	most := l.smallest()
	if len(resetSets(k, l.o.Budget)) > 0 { // which the product decides
		most = min(most, 1)
	}
	log := clearing(l.o, 0, most)
	log.Budget = withoutConsumer(l.o.Budget)
	found, err := l.violations(ctx, part, log, true)
	if err != nil {
		return err
	}
	owed := resetSets(k, l.o.Budget)
	for _, v := range found {
		if part.DecidesOnLog(v.Property) {
			l.add(FaultSet{v.Faults, v, part})
		} else {
			owed = append(owed, v.Faults)
		}
	}
	if owed = slices.DeleteFunc(owed, l.known); len(owed) == 0 || k.ImmuneToLog() {
		return nil
	}
	if l.out.Stopped != explore.Exhausted {
		for _, s := range owed {
			l.out.Decided = min(l.out.Decided, total(s)-1)
		}
		return nil
	}
	return l.searchProduct(ctx, owed)
}

// others notes, where a search of some kinds of faults did not end, that nothing is known of the other kinds.
func (l *search) others() {
	if l.out.Stopped != explore.Exhausted {
		l.out.Decided = min(l.out.Decided, 0)
	}
}

// searchProduct searches the product for supersets of what is owed, the smallest first: once the set itself violates the
// guarantee, its supersets need no search.
func (l *search) searchProduct(ctx context.Context, owed [][]int) error {
	product, err := l.product()
	if err != nil {
		return err
	}
	for size := min(1, l.o.MaxFaults); size <= l.o.MaxFaults; size++ {
		o := clearing(l.o, 0, l.smallest())
		o.MaxFaults = size
		small := slices.DeleteFunc(slices.Clone(owed), func(s []int) bool { return total(s) > size })
		if len(small) == 0 {
			continue
		}
		o.Checkpoint = naming(o.Checkpoint, small, l.sets())
		o.Lattice.Within = func(faults []int) bool { return !l.known(faults) && reaches(faults, small, o) }
		if _, err := l.explore(ctx, product, o); err != nil {
			return err
		}
		owed = slices.DeleteFunc(owed, l.known)
		if l.out.Stopped != explore.Exhausted {
			for _, s := range owed {
				l.out.Decided = min(l.out.Decided, max(total(s), size)-1)
			}
			return nil
		}
	}
	return nil
}

// explore searches a check for sets that violate it and adds them. It tells whether the search goes on after it.
func (l *search) explore(ctx context.Context, k *Check, o options) (more bool, err error) {
	found, err := l.violations(ctx, k, o, false)
	if err != nil {
		return false, err
	}
	for _, v := range found {
		l.add(FaultSet{v.Faults, v, k})
	}
	return l.out.Stopped == explore.Exhausted && !l.known(make([]int, len(l.o.Budget))), nil
}

// checkOnce explores a check and notes how far that got.
func (l *search) checkOnce(ctx context.Context, k *Check, o options) (*Result, error) {
	r, err := run(ctx, k, o)
	if err != nil {
		return nil, err
	}
	l.note(k, r)
	if k.Model == l.check.Model || l.check.Model.OutputKafka() {
		l.unreached(k, r)
	}
	return r, nil
}

// unreached notes the witnesses that were not reached, the first time that witnesses are looked for.
func (l *search) unreached(k *Check, r *Result) {
	if l.witnesses != nil {
		return
	}
	l.witnesses = append([]bool{}, r.Witnesses...)
	for i, reached := range r.Witnesses {
		if !reached {
			l.out.Unreached = append(l.out.Unreached, k.Witnesses[i].Name)
		}
	}
}

// note adds the counters of a part, and how far it is complete.
func (l *search) note(k *Check, r *Result) {
	addStats(&l.out.Stats, r.Stats)
	l.coverage = sumCoverage(l.check, l.coverage, r.Coverage, k)
	for id, t := range k.Model.Transitions() {
		if t.Class == explore.Fault && id < len(r.Coverage) && r.Coverage[id] > 0 {
			l.out.Fired[t.Fault] = true
		}
	}
	if r.Stopped != explore.Exhausted && r.Stopped != explore.Violated {
		l.bounded = l.bounded || r.Stopped == explore.BoundReached
		l.out.Stopped = r.Stopped
		l.out.Decided = min(l.out.Decided, r.CompleteFaults)
	}
}

// add adds a set, unless a subset of it is known.
func (l *search) add(s FaultSet) {
	if l.known(s.Faults) {
		return
	}
	l.out.Sets = append(slices.DeleteFunc(l.out.Sets, func(old FaultSet) bool { return within(s.Faults, old.Faults) }), s)
}

// known tells whether a subset of the faults violates the guarantee.
func (l *search) known(faults []int) bool {
	return slices.ContainsFunc(l.out.Sets, func(s FaultSet) bool { return within(s.Faults, faults) })
}

// smallest is the number of faults of the smallest set that is known to violate the guarantee.
func (l *search) smallest() int {
	n := anyNumber
	for _, s := range l.out.Sets {
		n = min(n, total(s.Faults))
	}
	return n
}

// sets lists what is known to violate the guarantee.
func (l *search) sets() (sets [][]int) {
	for _, s := range l.out.Sets {
		sets = append(sets, s.Faults)
	}
	return sets
}

// finish sorts the sets and says whether they are all.
func (l *search) finish() {
	slices.SortFunc(l.out.Sets, func(a, b FaultSet) int {
		return cmp.Or(cmp.Compare(total(a.Faults), total(b.Faults)), cmp.Compare(a.Violation.Steps, b.Violation.Steps),
			slices.Compare(b.Faults, a.Faults))
	})
	empty := make([]int, len(l.o.Budget))
	l.out.Complete = l.out.Stopped == explore.Exhausted && len(l.out.Open) == 0 || l.known(empty)
	if !l.out.Complete { // of a larger set, a subset may turn out to violate
		l.out.Sets = slices.DeleteFunc(l.out.Sets, func(s FaultSet) bool {
			return total(s.Faults) > l.out.Decided+1 && !(l.apart && total(withoutConsumer(s.Faults)) == 0)
		})
	}
	if l.out.Complete {
		l.out.Stopped, l.out.Decided, l.out.Open = explore.Exhausted, l.o.MaxFaults, nil
	}
	if len(l.out.Sets) > 0 {
		l.out.Unreached = nil
	}
}

// splitsSets says whether the space can be split at the committed log for sets of faults. That it may depend on the
// moment of a reset is dealt with by resetSets.
func splitsSets(k *Check) bool {
	c := k.Model.Config()
	return len(k.Guarantee.OwedByLog) > 0 && !c.NoReductions && c.App.Effect != model.EffectTransactional &&
		(c.Cons.Reset != model.ResetLatest || !c.App.NewGroup)
}

// resetSets are the single faults after which a consumer looks for a position of its own, where it takes the high
// watermark of the moment, or after topic-recreated its log end. On a log in order there are no others.
func resetSets(k *Check, budget []int) [][]int {
	latest := k.Model.Config().Cons.Reset == model.ResetLatest
	var sets [][]int
	for _, f := range model.FaultKinds(func(f model.Fault) bool { return f.ResetsPosition == model.Yes }) {
		if int(f) < len(budget) && budget[f] > 0 && (latest || f == model.TopicRecreated) {
			set := make([]int, len(budget))
			set[f] = 1
			sets = append(sets, set)
		}
	}
	return sets
}

// withoutConsumer keeps the faults of the producer and the brokers.
func withoutConsumer(all []int) []int {
	rest := slices.Clone(all)
	for i := range rest {
		if model.FaultKind(i).OfConsumer() {
			rest[i] = 0
		}
	}
	return rest
}

// reaches tells whether faults can still become a superset of one of the sets within the bound.
func reaches(faults []int, sets [][]int, o options) bool {
	return slices.ContainsFunc(sets, func(s []int) bool {
		n := 0
		for i := range faults {
			n += max(faults[i], s[i])
		}
		return n <= o.MaxFaults
	})
}
