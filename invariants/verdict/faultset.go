package verdict

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// FaultSet writes a set of faults for people: "2 x broker-crash + leader-move", and "no fault" for the empty one. The
// names are in alphabetical order, so that equal sets have equal texts.
func FaultSet(set map[string]int) string {
	if len(set) == 0 {
		return "no fault"
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(set)) {
		if n := set[name]; n != 1 {
			name = fmt.Sprintf("%d x %s", n, name)
		}
		parts = append(parts, name)
	}
	return strings.Join(parts, " + ")
}
