package model

import (
	"encoding/json"
	"fmt"
	"slices"
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

// Budget says how often each kind of fault may occur in one run: a number up to MaxOccurrences, or Any.
type Budget [NumFaults]uint8

// MaxOccurrences is the largest number of occurrences of one kind that a budget may count.
const MaxOccurrences = 7

// Any as the number of a kind is no bound: it may occur as often as it likes. Specs, flags and results write "any".
const Any = 255

// StandardBudget is the budget named "standard", to which [StandardBounds] belong: the faults that any production system
// meets. It leaves producer-crash out, since what sits in the memory of a producer dies with it under any configuration.
func StandardBudget() Budget {
	var b Budget
	for i := range faults {
		b[i] = faults[i].Standard
	}
	return b
}

// Total is the number of faults that the budget allows in all; with a kind that may occur any number of times it is larger
// than any run needs to be told from longer ones.
func (b Budget) Total() int { return b.Where(nil) }

// HasAny says that some kind may occur any number of times, so that runs of any length are possible.
func (b Budget) HasAny() bool { return slices.Contains(b[:], Any) }

// Counted is the budget without the kinds that may occur any number of times.
func (b Budget) Counted() Budget {
	for i, n := range b {
		if n == Any {
			b[i] = 0
		}
	}
	return b
}

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

// Allowed is a budget by fault name, perhaps with its bounds as "total" and "overlap". In JSON the number Any is the
// string "any".
type Allowed map[string]int

// MarshalJSON writes numbers, and "any" for Any.
func (a Allowed) MarshalJSON() ([]byte, error) {
	m := map[string]any{}
	for name, n := range a {
		m[name] = n
		if n == Any {
			m[name] = anyWord
		}
	}
	return json.Marshal(m)
}

// UnmarshalJSON reads numbers, and Any for "any".
func (a *Allowed) UnmarshalJSON(data []byte) error {
	var entries map[string]json.RawMessage
	if err := json.Unmarshal(data, &entries); err != nil {
		return err
	}
	*a = Allowed{}
	for name, entry := range entries {
		n := Any
		if string(entry) != `"`+anyWord+`"` {
			if err := json.Unmarshal(entry, &n); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		(*a)[name] = n
	}
	return nil
}

// anyWord is Any as specs, flags and results write it.
const anyWord = "any"

// Map gives the budget by fault name, without the kinds that cannot occur.
func (b Budget) Map() Allowed {
	m := Allowed{}
	for i, c := range b {
		if c > 0 {
			m[faults[i].Name] = int(c)
		}
	}
	return m
}

// String writes the budget as the --faults flag takes it: "broker-crash=1,leader-move=2", or "none".
func (b Budget) String() string { return b.Map().String() }

// String writes a budget as the --faults flag takes it, with its bounds.
func (a Allowed) String() string { return budgetText(a) }

func budgetText(set Allowed) string {
	parts := []string{}
	for name, c := range set {
		number := fmt.Sprint(c)
		if c == Any {
			number = anyWord
		}
		parts = append(parts, name+"="+number)
	}
	if len(parts) == 0 {
		return "none"
	}
	sort.Strings(parts)
	return strings.Join(parts, ",")
}
