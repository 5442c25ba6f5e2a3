package main

import "slices"

// pairSystems says which systems of two sides are the same one, each given by its files: those with the same files, then
// those that share most of the files that no other system of their side has, such as the application's. One system on each
// side is the same in any case. What has no counterpart exists on one side only.
func pairSystems(old, now [][]string) (pairs [][2]int, onlyOld, onlyNow []int) {
	if len(old) == 1 && len(now) == 1 {
		return [][2]int{{0, 0}}, nil, nil
	}
	ofOld, ofNow := make([]int, len(old)), make([]int, len(now))
	for i := range ofOld {
		ofOld[i] = -1
	}
	for j := range ofNow {
		ofNow[j] = -1
	}
	pair := func(worth func(a, b []string) int) {
		for {
			best, at := 0, [2]int{}
			for i := range old {
				for j := range now {
					if n := worth(old[i], now[j]); ofOld[i] < 0 && ofNow[j] < 0 && n > best {
						best, at = n, [2]int{i, j}
					}
				}
			}
			if best == 0 {
				return
			}
			ofOld[at[0]], ofNow[at[1]] = at[1], at[0]
		}
	}
	pair(func(a, b []string) int {
		if sameFiles(a, b) {
			return 1
		}
		return 0
	})
	pair(func(a, b []string) int {
		n := 0
		for _, f := range a {
			if slices.Contains(b, f) && holders(old, f) == 1 && holders(now, f) == 1 {
				n += 2
			}
		}
		if last := len(a) - 1; n > 0 && a[last] == b[len(b)-1] {
			n++ // the application, which is named last
		}
		return n
	})
	for i, j := range ofOld {
		if j < 0 {
			onlyOld = append(onlyOld, i)
		} else {
			pairs = append(pairs, [2]int{i, j})
		}
	}
	for j, i := range ofNow {
		if i < 0 {
			onlyNow = append(onlyNow, j)
		}
	}
	return pairs, onlyOld, onlyNow
}

func sameFiles(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// holders counts the systems that a file belongs to.
func holders(systems [][]string, file string) (n int) {
	for _, s := range systems {
		if slices.Contains(s, file) {
			n++
		}
	}
	return n
}
