package examples

import "github.com/kcheck/kcheck/explore"

// Peterson is the mutual exclusion algorithm as in Peterson.tla of the TLA+
// examples: the labels a0, a1, a2, a3, cs and a4 are the values 0 to 5 of PC.
type Peterson struct{}

// Mutex is a state of Peterson.
type Mutex struct {
	PC   [2]uint8
	C    [2]bool
	Turn uint8
}

const (
	labelAwait    = 3
	labelCritical = 4
	labels        = 6
)

// Transitions implements explore.Model.
func (Peterson) Transitions() []explore.Transition {
	var t explore.Table
	for _, label := range []string{"a0", "a1", "a2", "a3", "cs", "a4"} {
		t.Add(label, "1")
		t.Add(label, "2")
	}
	return t
}

// Initial implements explore.Model.
func (Peterson) Initial(dst []Mutex) []Mutex { return append(dst, Mutex{}) }

// Successors implements explore.Model.
func (Peterson) Successors(s *Mutex, out *explore.Out[Mutex]) {
	for p := range s.PC {
		pc, other := s.PC[p], 1-p
		if pc == labelAwait && s.C[other] && s.Turn != uint8(p) {
			continue
		}
		to := out.Add(explore.TransitionID(int(pc)*2 + p))
		to.PC[p] = (pc + 1) % labels
		switch pc {
		case 1:
			to.C[p] = true
		case 2:
			to.Turn = uint8(other)
		case 5:
			to.C[p] = false
		}
	}
}

// Exclusive says that at most one process is in the critical section.
func (Peterson) Exclusive(s *Mutex) bool {
	return s.PC[0] < labelCritical || s.PC[1] < labelCritical
}
