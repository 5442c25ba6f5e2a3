package model

import (
	"fmt"
	"sort"
	"strings"
)

// FaultNames lists the names of all fault kinds in their fixed order.
func FaultNames() []string {
	names := make([]string, NumFaults)
	for i := range faults {
		names[i] = faults[i].Name
	}
	return names
}

// ParseFault finds a fault kind by its name.
func ParseFault(name string) (FaultKind, error) {
	for i := range faults {
		if faults[i].Name == name {
			return FaultKind(i), nil
		}
	}
	return 0, fmt.Errorf("unknown fault %q", name)
}

// Budget says how often each kind of fault may occur in one run.
type Budget [NumFaults]uint8

// MaxOccurrences is the largest number of occurrences of one kind that a budget may hold.
const MaxOccurrences = 7

// StandardBudget is the budget named "standard", to which [StandardBounds] belong: the faults that any production system
// meets. It leaves producer-crash out, since what sits in the memory of a producer dies with it under any configuration.
func StandardBudget() Budget {
	var b Budget
	for i := range faults {
		b[i] = faults[i].Standard
	}
	return b
}

// Total is the number of faults that the budget allows in all.
func (b Budget) Total() int { return b.Where(nil) }

// Where is the number of faults of the kinds that a condition holds for that the budget allows; of all for nil.
func (b Budget) Where(condition func(f Fault) bool) int {
	n := 0
	for i, c := range b {
		if c > 0 && (condition == nil || condition(faults[i])) {
			n += int(c)
		}
	}
	return n
}

// Map gives the budget by fault name, without the kinds that cannot occur.
func (b Budget) Map() map[string]int {
	m := map[string]int{}
	for i, c := range b {
		if c > 0 {
			m[faults[i].Name] = int(c)
		}
	}
	return m
}

// String writes the budget as the --faults flag takes it: "broker-crash=1,leader-move=2", or "none".
func (b Budget) String() string { return budgetText(b.Map()) }

func budgetText(set map[string]int) string {
	parts := []string{}
	for name, c := range set {
		parts = append(parts, fmt.Sprintf("%s=%d", name, c))
	}
	if len(parts) == 0 {
		return "none"
	}
	sort.Strings(parts)
	return strings.Join(parts, ",")
}
