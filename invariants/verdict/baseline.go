package verdict

import (
	"maps"
	"slices"
	"strings"
)

// Comparison says how a result compares with the one of a baseline that answers the same question.
type Comparison string

// The comparisons.
const (
	New      Comparison = "new"       // the baseline does not ask this
	AsBefore Comparison = "as before" // no better and no worse
	Better   Comparison = "better"
	Worse    Comparison = "worse" // or not known to be no worse
)

// Compare says of every result how it compares with a baseline, and why. From then on only what is new or worse counts
// for [Result.Exit]. Results are matched by spec, guarantee and which messages count, and where several have these, by
// their order.
func (r *Report) Compare(baseline *Report) {
	type question struct{ spec, guarantee, counted string }
	before := map[question][]*Result{}
	for i := range baseline.Results {
		b := &baseline.Results[i]
		q := question{b.Spec, b.Guarantee, b.Counted}
		before[q] = append(before[q], b)
	}
	for i := range r.Results {
		res := &r.Results[i]
		if res.Informational {
			continue
		}
		q := question{res.Spec, res.Guarantee, res.Counted}
		if len(before[q]) == 0 {
			res.Compared, res.Against = New, "the baseline does not ask this"
			continue
		}
		res.Compared, res.Against = compare(before[q][0], res)
		before[q] = before[q][1:]
	}
}

// compare says how the result of now compares with the one before. It is no worse when it holds, when it has the same
// verdict and that is not violated, or when both are violated and every minimal set of faults contains one by which the
// guarantee was violated before. Anything else counts, also what was not searched to the end: it may hide a regression.
func compare(before, now *Result) (Comparison, string) {
	was := "it was " + string(before.Verdict)
	switch {
	case now.Verdict == Holds && before.Verdict == Holds:
		return AsBefore, ""
	case now.Verdict == Holds:
		return Better, was
	case now.Verdict != before.Verdict:
		return Worse, was
	case now.Verdict != Violated:
		return AsBefore, ""
	}
	return compareSets(before.statedSets(), now)
}

// compareSets compares the minimal sets of faults that violate the guarantee with those of before.
func compareSets(before []map[string]int, now *Result) (Comparison, string) {
	sets := now.MinimalSets()
	for _, set := range sets {
		if !slices.ContainsFunc(before, func(b map[string]int) bool { return contains(set, b) }) {
			return Worse, FaultSet(set) + " violates it, and contains no set of faults that did before" + listed(before)
		}
	}
	if !now.AllSets {
		return Worse, "not all sets of faults were looked at, so that it is not known whether others than before violate it"
	}
	comparison := AsBefore
	for _, b := range before {
		if !slices.ContainsFunc(sets, func(set map[string]int) bool { return maps.Equal(set, b) }) {
			comparison = Better
		}
	}
	return comparison, "each set of faults that violates it (" + FaultSets(sets) + ") contains one that did before" + listed(before)
}

// listed are sets of faults in brackets, if there are any.
func listed(sets []map[string]int) string {
	if len(sets) == 0 {
		return ""
	}
	return " (" + FaultSets(sets) + ")"
}

// FaultSets writes sets of faults for people.
func FaultSets(sets []map[string]int) string {
	texts := make([]string, len(sets))
	for i, set := range sets {
		texts[i] = FaultSet(set)
	}
	return strings.Join(texts, "; ")
}

// MinimalSets are the minimal sets of faults under which the guarantee is known to be violated: that of the
// counterexample first. With [Result.AllSets] there are no others within the budget.
func (r *Result) MinimalSets() []map[string]int {
	if r.Verdict != Violated {
		return nil
	}
	return append([]map[string]int{r.Faults}, r.AlsoBrokenBy...)
}

// statedSets are the sets of a saved result that forgive others. A file may have been edited: a set without faults, which
// forgives everything, counts only where the steps bear it out.
func (r *Result) statedSets() []map[string]int {
	var sets []map[string]int
	for _, set := range r.MinimalSets() {
		if len(set) > 0 || set != nil && len(r.Steps) > 0 && !slices.ContainsFunc(r.Steps, func(s Step) bool { return s.Fault }) {
			sets = append(sets, set)
		}
	}
	return sets
}

// contains says whether a set of faults contains another.
func contains(set, other map[string]int) bool {
	for name, n := range other {
		if set[name] < n {
			return false
		}
	}
	return true
}

// allSets says whether no other minimal set of faults within the budget violates the guarantee: the whole scope was
// explored, or the counterexample, which has the fewest faults, has none, or all that the budget allows.
func (r *Result) allSets() bool {
	if r.Verdict != Violated || !r.Minimal {
		return false
	}
	return len(r.Faults) == 0 || r.Stats.Exhausted || maps.Equal(r.Faults, r.Budget)
}

// excused says that a result does not count, whatever its verdict: it is waived, or no worse than the baseline.
func (r *Result) excused() bool {
	return r.Verdict == Violated && r.Waived != nil && !r.Waived.Expired ||
		r.Compared == AsBefore || r.Compared == Better
}
