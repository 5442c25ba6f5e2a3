package verdict

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model"
)

// FaultSet writes a set of faults, or a budget, for people: "2 x broker-crash + leader-move", and "no fault" for the empty
// one; a budget with its bounds: "broker-crash + leader-move, at most 1 in all". The names are in alphabetical order, so
// that equal sets have equal texts.
func FaultSet(set map[string]int) string {
	if len(set) == 0 {
		return "no fault"
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(set)) {
		if name == "total" || name == "overlap" {
			continue
		}
		if n := set[name]; n == model.Any {
			name = "any number of " + name
		} else if n != 1 {
			name = fmt.Sprintf("%d x %s", n, name)
		}
		parts = append(parts, name)
	}
	text := strings.Join(parts, " + ")
	if n, bounded := set["total"]; bounded {
		text += fmt.Sprintf(", at most %d in all", n)
	}
	if n, bounded := set["overlap"]; bounded {
		text += fmt.Sprintf(", at most %d brokers away at a time", n)
	}
	return text
}
