// Package near finds the known name that a misspelt or unfinished one was probably meant to be.
package near

import (
	"slices"
	"strings"
)

// Suggest is "; did you mean X?" for the known name nearest to the given one, or for up to three that it is a part of; it
// is empty when there are none.
func Suggest(name string, known []string) string {
	name = strings.ToLower(name)
	best, distance := "", max(1, len(name)/3)
	for _, k := range known {
		if d := edits(name, strings.ToLower(k)); d <= distance && (best == "" || d < distance) {
			best, distance = k, d
		}
	}
	found := []string{best}
	if best == "" {
		found = containing(name, known)
	}
	if len(found) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(found, " or ") + "?"
}

// most is how many names are suggested.
const most = 3

// containing are the shortest known names that begin with a part of a name, then those that contain it. Parts of less
// than four letters are found in too many names.
func containing(part string, known []string) []string {
	if len(part) < 4 {
		return nil
	}
	var begin, contain []string
	for _, k := range known {
		switch i := strings.Index(strings.ToLower(k), part); {
		case i == 0:
			begin = append(begin, k)
		case i > 0:
			contain = append(contain, k)
		}
	}
	shorter := func(a, b string) int { return len(a) - len(b) }
	slices.SortStableFunc(begin, shorter)
	slices.SortStableFunc(contain, shorter)
	found := slices.Compact(append(begin, contain...))
	return found[:min(len(found), most)]
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
