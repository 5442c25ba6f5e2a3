package examples

import (
	"fmt"

	"github.com/kcheck/kcheck/explore"
)

// Philosophers is the Chandy-Misra solution of the dining philosophers as in
// DiningPhilosophers.tla of the TLA+ examples, with five of them.
type Philosophers struct{}

const seats = 5

// Table is a state of Philosophers. Fork i is the left one of philosopher i.
type Table struct {
	Holder [seats]uint8
	Clean  [seats]bool
	Sated  [seats]bool
	PC     [seats]uint8
}

// Labels of a philosopher.
const (
	loop = iota
	eat
	think
)

// Transitions implements explore.Model.
func (Philosophers) Transitions() []explore.Transition {
	var t explore.Table
	for _, label := range []string{"Loop", "Eat", "Think"} {
		for p := range seats {
			t.Add(label, fmt.Sprint(p+1))
		}
	}
	return t
}

// Initial implements explore.Model.
func (Philosophers) Initial(dst []Table) []Table {
	return append(dst, Table{Holder: [seats]uint8{0, 0, 2, 3, 4}})
}

// Successors implements explore.Model.
func (Philosophers) Successors(s *Table, out *explore.Out[Table]) {
	for p := range uint8(seats) {
		to := out.Add(explore.TransitionID(int(s.PC[p])*seats + int(p)))
		left, right := p, (p+1)%seats
		switch s.PC[p] {
		case loop:
			to.Loop(s, p, left, right)
		case eat:
			to.Sated[p], to.Clean[left], to.Clean[right], to.PC[p] = true, false, false, loop
		case think:
			to.Sated[p], to.PC[p] = false, loop
		}
	}
}

// Loop hands a dirty fork on, and looks whether p can eat or has to think.
func (t *Table) Loop(s *Table, p, left, right uint8) {
	switch {
	case s.Holder[left] == p && !s.Clean[left]:
		t.Holder[left], t.Clean[left] = (p+seats-1)%seats, true
	case s.Holder[right] == p && !s.Clean[right]:
		t.Holder[right], t.Clean[right] = right, true
	}
	switch {
	case s.Sated[p]:
		t.PC[p] = think
	case s.Holder[left] == p && s.Holder[right] == p && s.Clean[left] && s.Clean[right]:
		t.PC[p] = eat
	}
}

// Exclusive says that no neighbours eat at the same time.
func (Philosophers) Exclusive(s *Table) bool {
	for p := range seats {
		if s.PC[p] == eat && s.PC[(p+1)%seats] == eat {
			return false
		}
	}
	return true
}
