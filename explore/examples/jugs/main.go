// Command jugs is a whole program around a model: two jugs, of 3 and 5 litres, a
// tap and a drain. How does one measure 4 litres?
//
//	go run github.com/kcheck/kcheck/explore/examples/jugs
package main

import "github.com/kcheck/kcheck/explore"

// jugs is a state: the litres in each jug.
type jugs struct{ Small, Big uint8 }

type puzzle struct{}

// The transitions, by name.
var (
	transitions explore.Table

	fillSmall  = transitions.Add("FillSmall", "")
	fillBig    = transitions.Add("FillBig", "")
	emptySmall = transitions.Add("EmptySmall", "")
	emptyBig   = transitions.Add("EmptyBig", "")
	smallToBig = transitions.Add("SmallToBig", "")
	bigToSmall = transitions.Add("BigToSmall", "")
)

// Transitions implements explore.Model.
func (puzzle) Transitions() []explore.Transition { return transitions }

// Initial implements explore.Model.
func (puzzle) Initial(dst []jugs) []jugs { return append(dst, jugs{}) }

// Successors implements explore.Model.
func (puzzle) Successors(s *jugs, out *explore.Out[jugs]) {
	out.Add(fillSmall).Small = 3
	out.Add(fillBig).Big = 5
	out.Add(emptySmall).Small = 0
	out.Add(emptyBig).Big = 0
	n := min(s.Small, 5-s.Big)
	to := out.Add(smallToBig)
	to.Small, to.Big = s.Small-n, s.Big+n
	n = min(s.Big, 3-s.Small)
	to = out.Add(bigToSmall)
	to.Small, to.Big = s.Small+n, s.Big-n
}

func main() {
	explore.Main(explore.Spec[jugs]{
		Model:      puzzle{},
		Properties: []explore.Property[jugs]{{Name: "the big jug never holds 4 litres", Invariant: func(s *jugs) bool { return s.Big != 4 }}},
		Witnesses:  []explore.Witness[jugs]{{Name: "both are full", Reached: func(s *jugs) bool { return *s == jugs{3, 5} }}},
	})
}
