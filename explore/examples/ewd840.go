package examples

import (
	"fmt"

	"github.com/kcheck/kcheck/explore"
)

// EWD840 is Dijkstra's termination detection in a ring of three as in
// EWD840.tla of the TLA+ examples.
type EWD840 struct{}

const ringSize = 3

// Ring is a state of EWD840.
type Ring struct {
	Active, Black [ringSize]bool
	Token         uint8
	TokenBlack    bool
}

// Actions of EWD840, each once for every node.
const (
	passToken = iota // by node 0: InitiateProbe
	sendMsg
	deactivate
)

// Transitions implements explore.Model.
func (EWD840) Transitions() []explore.Transition {
	var t explore.Table
	for _, a := range []string{"PassToken", "SendMsg", "Deactivate"} {
		for i := range ringSize {
			t.Add(a, fmt.Sprint(i))
		}
	}
	return t
}

// Initial implements explore.Model.
func (EWD840) Initial(dst []Ring) []Ring {
	for n := range 1 << (2 * ringSize) {
		r := Ring{TokenBlack: true}
		for i := range ringSize {
			r.Active[i], r.Black[i] = n>>i&1 == 1, n>>(ringSize+i)&1 == 1
		}
		for r.Token = range uint8(ringSize) {
			dst = append(dst, r)
		}
	}
	return dst
}

// Successors implements explore.Model.
func (EWD840) Successors(s *Ring, out *explore.Out[Ring]) {
	to := func(action int, i uint8) *Ring {
		return out.Add(explore.TransitionID(action*ringSize + int(i)))
	}
	for i := range uint8(ringSize) {
		if s.Token == i {
			s.pass(i, to)
		}
		if !s.Active[i] {
			continue
		}
		for j := range uint8(ringSize) {
			if j != i {
				r := to(sendMsg, i)
				r.Active[j] = true
				r.Black[i] = r.Black[i] || j > i
			}
		}
		to(deactivate, i).Active[i] = false
	}
}

// pass hands the token on, or starts a new probe: once for each condition that
// allows it, since TLC counts every true disjunct of a guard as a transition.
func (s *Ring) pass(i uint8, to func(action int, i uint8) *Ring) {
	for _, allowed := range [...]bool{i > 0 && !s.Active[i], s.Black[i], s.TokenBlack} {
		if !allowed {
			continue
		}
		r := to(passToken, i)
		r.Token, r.TokenBlack, r.Black[i] = (i+ringSize-1)%ringSize, i > 0 && (s.TokenBlack || s.Black[i]), false
	}
}

// Detects says that termination is not announced while a node is active.
func (EWD840) Detects(s *Ring) bool {
	if s.Token != 0 || s.TokenBlack || s.Black[0] || s.Active[0] {
		return true
	}
	return s.Active == [ringSize]bool{}
}
