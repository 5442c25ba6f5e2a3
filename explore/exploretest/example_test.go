package exploretest_test

import (
	"fmt"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/exploretest"
)

// lamp is switched on once; its bulb may break.
type lamp struct{ On, Broken bool }

type lampModel struct{}

var (
	lampActions explore.Table

	switchOn  = lampActions.Add("SwitchOn", "")
	breakBulb = lampActions.AddFault(0, "Break", "")
)

func (lampModel) Transitions() []explore.Transition { return lampActions }

func (lampModel) Initial(dst []lamp) []lamp { return append(dst, lamp{}) }

func (lampModel) Successors(s *lamp, out *explore.Out[lamp]) {
	if !s.On {
		out.Add(switchOn).On = true
	}
	if !s.Broken {
		out.Add(breakBulb).Broken = true
	}
}

var lampSpec = explore.Spec[lamp]{
	Model:      lampModel{},
	Properties: []explore.Property[lamp]{{Name: "lit in the end", Quiescent: func(s *lamp) bool { return s.On && !s.Broken }}},
	Witnesses:  []explore.Witness[lamp]{{Name: "dark though on", Reached: func(s *lamp) bool { return s.On && s.Broken }}},
	Options:    explore.Options[lamp]{Budget: []int{1}},
}

// The tests of a model.
func TestLamp(t *testing.T) {
	exploretest.Agree(t, lampSpec)
	exploretest.Determinism(t, lampSpec)
	exploretest.NoFaultFreeCycle(t, lampSpec)
}

func ExampleReference() {
	out := exploretest.Reference(lampSpec)
	fmt.Println(out.Distinct, "states,", out.Generated, "transitions,", out.Violations)
	// Output:
	// 4 states, 5 transitions, [{lit in the end [1] 1 2}]
}
