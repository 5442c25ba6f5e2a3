package plan

import (
	"context"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// searchOutput is search for app.output: kafka. The model of an output partition whose brokers fail depends on which
// faults are allowed (see [model.Model.OutageEnds]), and so does the split of it. So only the sets without a fault of a
// broker are found in one search; the others are decided by a check each, the largest first.
func (l *search) searchOutput(ctx context.Context) error {
	for _, own := range processBudgets(l.o.Budget) {
		k, err := underBudget(l.check, own)
		if err != nil {
			return err
		}
		o := clearing(l.o, 0, 1)
		o.Budget = own
		more, err := l.explore(ctx, k, o)
		switch {
		case err != nil:
			return err
		case l.bounded && l.out.Stopped == explore.BoundReached:
			return l.oneByOne(ctx, func([]int) bool { return true })
		case !more:
			l.others()
			return nil
		}
	}
	return l.oneByOne(ctx, func(set []int) bool { return total(withoutBrokers(set)) < total(set) })
}

// oneByOne decides the sets that a filter lets through with a check each: the largest first, since what holds under a
// set holds under its subsets.
func (l *search) oneByOne(ctx context.Context, wanted func(set []int) bool) error {
	l.out.Stopped, l.out.Decided, l.bounded = explore.Exhausted, l.o.MaxFaults, false
	var held [][]int
	covered := func(set []int) bool {
		for _, h := range held {
			if within(set, h) {
				return true
			}
		}
		return false
	}
	for size := l.o.MaxFaults; size >= 0; size-- {
		for _, set := range SetsOf(l.o.Budget, size) {
			for wanted(set) && !l.known(set) && !covered(set) {
				holds, err := l.one(ctx, set)
				switch {
				case err != nil:
					return err
				case l.out.Stopped != explore.Exhausted && l.out.Stopped != explore.BoundReached:
					l.out.Decided = min(l.out.Decided, l.decidedBy(held))
					return nil
				case holds:
					held = append(held, set)
				case !l.known(set):
					l.out.Open = append(l.out.Open, set)
				}
				if !l.known(set) {
					break
				}
			}
		}
	}
	l.settleOpen(covered)
	return nil
}

// one checks one set as the budget and tells whether the guarantee holds. What violates it is added.
func (l *search) one(ctx context.Context, set []int) (holds bool, err error) {
	k, err := underBudget(l.check, set)
	if err != nil {
		return false, err
	}
	o := silent(l.o)
	o.Budget, o.MaxFaults, o.FaultSets = set, 0, false
	r, about, err := Search(ctx, k, Options{Options: o})
	if err != nil {
		return false, err
	}
	l.note(about, r)
	if v := r.Violation; v != nil {
		l.add(FaultSet{v.Faults, v, about})
		return false, nil
	}
	return r.Stopped == explore.Exhausted, nil
}

// settleOpen drops the open sets that turned out to be decided.
func (l *search) settleOpen(covered func(set []int) bool) {
	open := l.out.Open
	l.out.Open = nil
	for _, set := range open {
		if !l.known(set) && !covered(set) {
			l.out.Open = append(l.out.Open, set)
			l.out.Decided = min(l.out.Decided, total(set)-1)
		}
	}
	if len(l.out.Open) > 0 {
		l.out.Stopped = explore.BoundReached
	} else {
		l.out.Stopped = explore.Exhausted
	}
}

// decidedBy is the largest size of which every set is known to violate or to hold.
func (l *search) decidedBy(held [][]int) int {
	for size := 0; size <= l.o.MaxFaults; size++ {
		for _, set := range SetsOf(l.o.Budget, size) {
			decided := l.known(set)
			for _, h := range held {
				decided = decided || within(set, h)
			}
			if !decided {
				return size - 1
			}
		}
	}
	return l.o.MaxFaults
}

// withoutBrokers keeps the faults that leave the replicas of an output partition alone.
func withoutBrokers(all []int) []int {
	rest := make([]int, len(all))
	for i, n := range all {
		if !model.FaultKind(i).OfBroker() {
			rest[i] = n
		}
	}
	return rest
}
