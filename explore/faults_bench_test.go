package explore_test

import (
	"testing"

	"github.com/kcheck/kcheck/explore"
)

// scrambled is a system whose faults lead from everywhere to somewhere quite
// different, so that many sets of faults lead to the same state.
type scrambled struct{ bits uint }

const scrambledKinds = 7

func (scrambled) Transitions() []explore.Transition {
	table := []explore.Transition{{Action: "A"}, {Action: "B"}}
	for k := range scrambledKinds {
		table = append(table, explore.Transition{Action: "Fault", Class: explore.Fault, Fault: k})
	}
	return table
}

func (scrambled) Initial(dst []uint64) []uint64 { return append(dst, 1) }

func (m scrambled) Successors(s *uint64, out *explore.Out[uint64]) {
	mask := uint64(1)<<m.bits - 1
	if *s%8 != 0 {
		*out.Add(0) = *s * 0x9e3779b1 & mask
		*out.Add(1) = (*s ^ *s>>7) * 0x85ebca6b & mask
	}
	if *s%4 < 2 {
		for k := range explore.TransitionID(scrambledKinds) {
			*out.Add(2 + k) = (*s + 1 + uint64(k)) * 0xc2b2ae35 & mask
		}
	}
}

func BenchmarkFaults(b *testing.B) {
	for name, dominance := range map[string]bool{"plain": false, "dominance": true} {
		b.Run(name, func(b *testing.B) {
			run(b, scrambled{14}, explore.Options[uint64]{Budget: []int{1, 1, 2, 1, 1, 1, 1}, MaxFaults: 4, Dominance: dominance})
		})
	}
}
