// Package nearest finds the known name that a misspelt or unfinished one was probably meant to be.
package nearest

import (
	"slices"
	"strings"
)

// longest is the length above which a name is compared with nothing.
const longest = 200

// Of is the known name nearest to the given one, in any case of letters; "" where none is near.
func Of(name string, known []string) string {
	if i := Index(name, known); i >= 0 {
		return known[i]
	}
	return ""
}

// OfUnfinished is the known name nearest to the given one, or up to three that it is a part of.
func OfUnfinished(name string, known []string) []string {
	if s := Of(name, known); s != "" {
		return []string{s}
	}
	return containing(strings.ToLower(name), known)
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

// Index is the index of the known name nearest to the given one, the first of several, in any case of letters; -1 where
// none is near.
func Index(name string, known []string) int {
	name = strings.ToLower(name)
	best, distance := -1, allowed(len(name))+1
	for i, k := range known {
		if d := edits(name, strings.ToLower(k), distance); d < distance {
			best, distance = i, d
		}
	}
	return best
}

// allowed is how many edits a name may be away: one for three letters, and for longer names one for four.
func allowed(letters int) int { return min(max(1, letters/3), max(2, letters/4)) }

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
