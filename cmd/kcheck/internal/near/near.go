// Package near finds the known name that a misspelt one was probably meant to be.
package near

import "strings"

// Suggest is "; did you mean X?" for the known name nearest to the given one, or empty when none is near.
func Suggest(name string, known []string) string {
	best, distance := "", 1+len(name)/3
	for _, k := range known {
		if d := edits(strings.ToLower(name), strings.ToLower(k)); d <= distance && (best == "" || d < distance) {
			best, distance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// edits counts the letters to insert, delete, replace or swap with a neighbour to make b of a.
func edits(a, b string) int {
	before, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		older := before
		before, row = row, make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			same := a[i-1] == b[j-1]
			row[j] = min(before[j]+1, row[j-1]+1, before[j-1]+cost(same))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], older[j-2]+1)
			}
		}
	}
	return row[len(b)]
}

// cost is what one letter in place of another costs.
func cost(same bool) int {
	if same {
		return 0
	}
	return 1
}
