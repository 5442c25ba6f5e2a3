// Command jugs is a whole program around a model: two jugs, of 3 and 5 litres, a
// tap and a drain. How does one measure 4 litres?
//
//	go run github.com/kcheck/kcheck/explore/examples/jugs
package main

import "github.com/kcheck/kcheck/explore"

// jugs is a state: the litres in each jug.
type jugs struct{ Small, Big uint8 }

type puzzle struct{}

// Transitions implements explore.Model.
func (puzzle) Transitions() []explore.Transition {
	return []explore.Transition{
		{Action: "FillSmall"}, {Action: "FillBig"}, {Action: "EmptySmall"}, {Action: "EmptyBig"},
		{Action: "SmallToBig"}, {Action: "BigToSmall"},
	}
}

// Initial implements explore.Model.
func (puzzle) Initial(dst []jugs) []jugs { return append(dst, jugs{}) }

// Successors implements explore.Model.
func (puzzle) Successors(s *jugs, out *explore.Out[jugs]) {
	out.Add(0).Small = 3
	out.Add(1).Big = 5
	out.Add(2).Small = 0
	out.Add(3).Big = 0
	n := min(s.Small, 5-s.Big)
	to := out.Add(4)
	to.Small, to.Big = s.Small-n, s.Big+n
	n = min(s.Big, 3-s.Small)
	to = out.Add(5)
	to.Small, to.Big = s.Small+n, s.Big-n
}

func main() {
	explore.Main(explore.Spec[jugs]{
		Model:      puzzle{},
		Properties: []explore.Property[jugs]{{Name: "the big jug never holds 4 litres", Invariant: func(s *jugs) bool { return s.Big != 4 }}},
		Witnesses:  []explore.Witness[jugs]{{Name: "both are full", Reached: func(s *jugs) bool { return *s == jugs{3, 5} }}},
	})
}
