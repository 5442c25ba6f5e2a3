package explore_test

import (
	"context"
	"fmt"

	"github.com/kcheck/kcheck/explore"
)

// Jugs is the state of a puzzle: two jugs, of 3 and 5 litres, a tap and a
// drain. How does one measure 4 litres?
type Jugs struct{ Small, Big uint8 }

// The transitions, by their TransitionID.
var jugActions = []explore.Transition{
	{Action: "FillSmall"}, {Action: "FillBig"},
	{Action: "EmptySmall"}, {Action: "EmptyBig"},
	{Action: "SmallToBig"}, {Action: "BigToSmall"},
}

// Puzzle is the transition system.
type Puzzle struct{}

func (Puzzle) Transitions() []explore.Transition { return jugActions }

func (Puzzle) Initial(dst []Jugs) []Jugs { return append(dst, Jugs{}) }

func (Puzzle) Successors(s *Jugs, out *explore.Out[Jugs]) {
	toBig, toSmall := min(s.Small, 5-s.Big), min(s.Big, 3-s.Small)
	for id, next := range [...]Jugs{
		{3, s.Big}, {s.Small, 5},
		{0, s.Big}, {s.Small, 0},
		{s.Small - toBig, s.Big + toBig}, {s.Small + toSmall, s.Big - toSmall},
	} {
		*out.Add(explore.TransitionID(id)) = next
	}
}

// A whole check: a state, its transitions and a property.
func Example() {
	notFour := explore.Property[Jugs]{
		Name:      "the big jug never holds 4 litres",
		Invariant: func(s *Jugs) bool { return s.Big != 4 },
	}
	result, err := explore.Check(context.Background(), explore.Spec[Jugs]{
		Model:      Puzzle{},
		Properties: []explore.Property[Jugs]{notFour},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Verdict(), "-", result.Violation.Property)
	fmt.Print(result.Violation.Trace)
	// Output:
	// violated - the big jug never holds 4 litres
	//   0              {Small:0 Big:0}
	//   1  FillBig     {Small:0 Big:5}
	//   2  BigToSmall  {Small:3 Big:2}
	//   3  EmptySmall  {Small:0 Big:2}
	//   4  BigToSmall  {Small:2 Big:0}
	//   5  FillBig     {Small:2 Big:5}
	//   6  BigToSmall  {Small:3 Big:4}
}
