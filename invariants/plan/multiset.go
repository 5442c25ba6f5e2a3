package plan

// Sets of faults are counted by kind, as budgets are.

// SetsOf lists every multiset of exactly size faults within a budget, in a fixed order.
func SetsOf(budget []int, size int) [][]int {
	var sets [][]int
	set := make([]int, len(budget))
	var choose func(kind, left int)
	choose = func(kind, left int) {
		if kind == len(budget) {
			if left == 0 {
				sets = append(sets, append([]int(nil), set...))
			}
			return
		}
		for n := min(left, budget[kind]); n >= 0; n-- {
			set[kind] = n
			choose(kind+1, left-n)
		}
		set[kind] = 0
	}
	choose(0, size)
	return sets
}

// within says that no kind of fault occurs more often in a set than a budget, or another set, has it.
func within(faults, budget []int) bool {
	for i, n := range faults {
		if n > budget[i] {
			return false
		}
	}
	return true
}

// total is the number of faults in a set.
func total(faults []int) int {
	n := 0
	for _, c := range faults {
		n += c
	}
	return n
}
