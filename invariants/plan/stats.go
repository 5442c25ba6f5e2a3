package plan

import (
	"math"

	"github.com/kcheck/kcheck/explore"
)

// NotCounted, in Result.Coverage, is the count of a transition of which the searches that decided say nothing.
const NotCounted = math.MaxUint64

// Counters of searches that are parts of one answer.

// sum adds the counters of two parts to the result of k, which decides; other is the result of part.
func sum(k *Check, r, other *Result, part *Check) *Result {
	total := *r
	addStats(&total.Stats, other.Stats)
	total.Coverage = sumCoverage(k, r.Coverage, other.Coverage, part)
	return &total
}

// sumBy is sum with the coverage by the transitions of the whole, of which own and part are the two parts. An action that
// only the whole has is NotCounted: the parts do not say how often runs take it, or whether any does.
func sumBy(whole *Check, r *Result, own *Check, other *Result, part *Check) *Result {
	total := sum(own, r, other, part)
	if r.Coverage == nil {
		return total
	}
	total.Coverage = make([]uint64, len(whole.Model.Transitions()))
	total.Coverage = sumCoverage(whole, total.Coverage, r.Coverage, own)
	total.Coverage = sumCoverage(whole, total.Coverage, other.Coverage, part)
	had := map[string]bool{}
	for _, k := range []*Check{own, part} {
		for _, t := range k.Model.Transitions() {
			had[t.Action] = true
		}
	}
	for id, t := range whole.Model.Transitions() {
		if !had[t.Action] {
			total.Coverage[id] = NotCounted
		}
	}
	return total
}

// addStats adds the counters of one more search.
func addStats(s *explore.Stats, t explore.Stats) {
	s.Distinct += t.Distinct
	s.Generated += t.Generated
	s.Depth = max(s.Depth, t.Depth)
	s.Bytes = max(s.Bytes, t.Bytes)
	s.Workers = max(s.Workers, t.Workers)
	s.Duration += t.Duration
	s.CollisionProbability += t.CollisionProbability
}

// sumCoverage adds the counts of the transitions that the models of k and of a part have in common.
func sumCoverage(k *Check, own, others []uint64, part *Check) []uint64 {
	if own == nil || others == nil {
		return own
	}
	ids := map[[2]string]int{}
	for id, t := range k.Model.Transitions() {
		ids[[2]string{t.Action, t.Binding}] = id
	}
	sum := append([]uint64(nil), own...)
	for id, t := range part.Model.Transitions() {
		if mine, ok := ids[[2]string{t.Action, t.Binding}]; ok {
			sum[mine] = addCounts(sum[mine], others[id])
		}
	}
	return sum
}

// addCounts adds two counts.
func addCounts(a, b uint64) uint64 {
	if a == NotCounted || b == NotCounted {
		return NotCounted
	}
	return a + b
}
