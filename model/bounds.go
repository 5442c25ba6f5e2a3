package model

// Bounds bound a fault budget as a whole, beside the number of each kind. The zero value bounds nothing.
type Bounds struct {
	// Total bounds the sum of all occurrences, those of kinds that may occur any number of times left out.
	Total Bound
	// Overlap bounds how many brokers at a time are away: down, cut off, or out of the in-sync set. A fault that would
	// take one more away waits until one is back; one that is away may be hit again.
	Overlap Bound
}

// Bound is a largest number, or none.
type Bound uint8

// Unbounded is no bound.
const Unbounded Bound = 0

// AtMost is a bound of n.
func AtMost(n int) Bound { return Bound(n + 1) }

// Limit is the number of a bound, and whether it is one.
func (b Bound) Limit() (n int, bounded bool) { return int(b) - 1, b != Unbounded }

// MaxTotal is the largest bound of the sum of all occurrences: larger ones bound nothing.
const MaxTotal = 99

// StandardBounds are the bounds of the budget named "standard": any two of its faults.
func StandardBounds() Bounds { return Bounds{Total: AtMost(2)} }

// MostFaults is how many faults a run has at most, those of kinds that may occur any number of times left out.
func (c *Config) MostFaults() int {
	most := c.Faults.Counted().Total()
	if n, bounded := c.Bounds.Total.Limit(); bounded {
		return min(n, most)
	}
	return most
}

// BudgetMap gives the budget by fault name, without the kinds that cannot occur, and its bounds as "total" and
// "overlap".
func (c *Config) BudgetMap() Allowed {
	m := c.Faults.Map()
	for name, b := range map[string]Bound{"total": c.Bounds.Total, "overlap": c.Bounds.Overlap} {
		if n, bounded := b.Limit(); bounded {
			m[name] = n
		}
	}
	return m
}

// BudgetText writes the budget with its bounds as the --faults flag takes it: "broker-crash=1,leader-move=2,total=2", or
// "none".
func (c *Config) BudgetText() string {
	if c.Faults == (Budget{}) {
		return "none"
	}
	return budgetText(c.BudgetMap())
}

// away says that a broker is down, cut off, or out of the in-sync set.
func (m *Model) away(s *State, b int) bool {
	return !s.alive(b) || s.hasFlag(b, flagCut|flagStalled) || !s.inISR(b, s.epoch())
}

// hasRoom says that with a fault at one more broker, or at all of them for -1, no more brokers are away than the bound
// allows.
func (m *Model) hasRoom(s *State, b int, overlap Bound) bool {
	most, _ := overlap.Limit()
	if b < 0 {
		return most >= m.n
	}
	if m.away(s, b) {
		return true
	}
	n := 1
	for x := 0; x < m.n; x++ {
		if m.away(s, x) {
			n++
		}
	}
	return n <= most
}

// TooManyAtOnce lists the faults of the budget that need more brokers at once than its overlap allows.
func (m *Model) TooManyAtOnce() []string {
	most, bounded := m.c.Bounds.Overlap.Limit()
	var list []string
	for i, n := range m.c.Faults {
		needs := map[Taken]int{TakesNone: 0, TakesOne: 1, CutsOff: 1, TakesAll: m.n}[faults[i].Takes]
		if bounded && n > 0 && needs > most {
			list = append(list, faults[i].Name)
		}
	}
	return list
}
