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

func (lampModel) Transitions() []explore.Transition {
	return []explore.Transition{{Action: "SwitchOn"}, {Action: "Break", Class: explore.Fault}}
}

func (lampModel) Initial(dst []lamp) []lamp { return append(dst, lamp{}) }

func (lampModel) Successors(s *lamp, dst []explore.Successor[lamp]) []explore.Successor[lamp] {
	if !s.On {
		dst = append(dst, explore.Successor[lamp]{State: lamp{true, s.Broken}, ID: 0})
	}
	if !s.Broken {
		dst = append(dst, explore.Successor[lamp]{State: lamp{s.On, true}, ID: 1})
	}
	return dst
}

var (
	lit     = explore.Property[lamp]{Name: "lit in the end", Quiescent: func(s *lamp) bool { return s.On && !s.Broken }}
	dark    = explore.Witness[lamp]{Name: "dark though on", Reached: func(s *lamp) bool { return s.On && s.Broken }}
	options = explore.Options[lamp]{Budget: []int{1}}
)

// The tests of a model.
func TestLamp(t *testing.T) {
	props, wits := []explore.Property[lamp]{lit}, []explore.Witness[lamp]{dark}
	exploretest.Agree(t, lampModel{}, props, wits, options)
	exploretest.Determinism(t, lampModel{}, props, wits, options)
	exploretest.NoFaultFreeCycle(t, lampModel{}, options)
}

func ExampleReference() {
	out := exploretest.Reference(lampModel{}, []explore.Property[lamp]{lit}, nil, options)
	fmt.Println(out.Distinct, "states,", out.Generated, "transitions,", out.Violations)
	// Output:
	// 4 states, 5 transitions, [{lit in the end [1] 2}]
}
