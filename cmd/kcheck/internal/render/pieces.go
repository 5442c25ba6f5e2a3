package render

import "github.com/kcheck/kcheck/invariants/verdict"

// piece is a part of a long trace.
type piece struct{ steps []verdict.Step }

// first and last are the numbers of the steps at its ends.
func (p piece) first() int { return p.steps[0].N }
func (p piece) last() int  { return p.steps[len(p.steps)-1].N }

// pieces cuts a trace into parts of at most size steps.
func pieces(steps []verdict.Step, size int) []piece {
	var list []piece
	for len(steps) > size {
		list = append(list, piece{steps[:size]})
		steps = steps[size:]
	}
	if len(steps) > 0 {
		list = append(list, piece{steps})
	}
	return list
}

// ends are the first and the last steps of a long trace, and what stands between; nothing stands between in a short
// one, all of which is head.
func ends(steps []verdict.Step, each int) (head, middle, tail []verdict.Step) {
	if len(steps) <= 2*each {
		return steps, nil, nil
	}
	return steps[:each], steps[each : len(steps)-each], steps[len(steps)-each:]
}
