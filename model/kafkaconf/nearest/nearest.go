// Package nearest finds the known name that a misspelt one was probably meant to be.
package nearest

import "strings"

// longest is the length above which a name is compared with nothing.
const longest = 200

// Of is the known name nearest to the given one, in any case of letters; "" where none is near.
func Of(name string, known []string) string {
	if i := Index(name, known); i >= 0 {
		return known[i]
	}
	return ""
}

// Index is the index of the known name nearest to the given one, the first of several, in any case of letters; -1 where
// none is near: where it takes more than two edits and more than one for four letters of the name.
func Index(name string, known []string) int {
	name = strings.ToLower(name)
	best, distance := -1, max(2, len(name)/4)+1
	for i, k := range known {
		if d := edits(name, strings.ToLower(k), distance); d < distance {
			best, distance = i, d
		}
	}
	return best
}

// Edits counts the letters to insert, delete, replace or swap with a neighbour to make b of a.
func Edits(a, b string) int { return edits(a, b, max(len(a), len(b))+1) }

// edits is Edits up to a limit, or the limit when there are at least that many.
func edits(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit || len(a) > longest || len(b) > longest {
		return limit
	}
	before, previous, current := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range previous {
		previous[j] = j
	}
	for i := 1; i <= len(a); i++ {
		current[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			current[j] = min(previous[j]+1, current[j-1]+1, previous[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				current[j] = min(current[j], before[j-2]+1)
			}
		}
		before, previous, current = previous, current, before
	}
	return min(previous[len(b)], limit)
}
