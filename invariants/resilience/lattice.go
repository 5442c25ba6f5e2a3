package resilience

import (
	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// lattice is the lattice of the sets within a budget of at most upTo faults, with the minimal sets that violate.
type lattice struct {
	budget  []int
	upTo    int
	minimal [][]int
}

// violated tells whether the guarantee is violated under a set.
func (l *lattice) violated(set []int) bool {
	for _, m := range l.minimal {
		if subset(m, set) {
			return true
		}
	}
	return false
}

// survivors lists the maximal sets that do not violate, the largest first, in a fixed order.
func (l *lattice) survivors() []map[string]int {
	maximal := []map[string]int{}
	for size := l.upTo; size >= 0; size-- {
		for _, set := range plan.SetsOf(l.budget, size) {
			if !l.violated(set) && !l.grows(set, size) {
				maximal = append(maximal, verdict.FaultMap(set))
			}
		}
	}
	return maximal
}

// grows tells whether one more fault leaves the guarantee intact.
func (l *lattice) grows(set []int, size int) bool {
	if size == l.upTo {
		return false
	}
	for i := range set {
		if set[i] == l.budget[i] {
			continue
		}
		set[i]++
		kept := !l.violated(set)
		set[i]--
		if kept {
			return true
		}
	}
	return false
}

// kinds says of each kind of fault how much of it is tolerated.
func (l *lattice) kinds(found *Findings, upTo int) []Kind {
	kinds := []Kind{}
	for i, n := range l.budget {
		if n == 0 {
			continue
		}
		k := Kind{Fault: model.FaultKind(i).String(), Most: min(n, upTo), Applies: found.Fired[i]}
		set := make([]int, len(l.budget))
		for set[i] = 0; set[i] <= k.Most && !l.violated(set); set[i]++ {
			k.Tolerated = set[i]
			if k.Undecided = set[i] > l.upTo; k.Undecided {
				k.Tolerated = max(l.upTo, 0)
				break
			}
		}
		for _, m := range l.minimal {
			if m[i] > 0 {
				k.Sets++
			}
		}
		kinds = append(kinds, k)
	}
	return kinds
}

// subset tells whether no kind is more often in a than in b.
func subset(a, b []int) bool {
	for i := range a {
		if a[i] > b[i] {
			return false
		}
	}
	return true
}

// countSets counts the sets within a budget of at most upTo faults.
func countSets(budget []int, upTo int) int {
	ways := make([]int, upTo+1) // by size
	ways[0] = 1
	for _, most := range budget {
		for size := upTo; size > 0; size-- {
			for n := 1; n <= min(most, size); n++ {
				ways[size] += ways[size-n]
			}
		}
	}
	sum := 0
	for _, n := range ways {
		sum += n
	}
	return sum
}
