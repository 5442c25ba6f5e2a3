package verdict

// Comparison says how a result compares with the one of a baseline that answers the same question.
type Comparison string

// The comparisons.
const (
	New      Comparison = "new"       // the baseline does not ask this
	AsBefore Comparison = "as before" // the same verdict
	Better   Comparison = "better"
	Worse    Comparison = "worse" // a worse verdict, or broken by fewer faults than before
)

// badness ranks the verdicts, the best first.
var badness = map[Verdict]int{Holds: 0, Vacuous: 1, Inconclusive: 1, Violated: 2, Refused: 3}

// Compare says of every result how it compares with a baseline. From then on only what is new or worse counts for
// [Result.Exit]. Results are matched by spec and guarantee, and where several have both, by their order.
func (r *Report) Compare(baseline *Report) {
	type question struct{ spec, guarantee string }
	before := map[question][]*Result{}
	for i := range baseline.Results {
		b := &baseline.Results[i]
		q := question{b.Spec, b.Guarantee}
		before[q] = append(before[q], b)
	}
	for i := range r.Results {
		res := &r.Results[i]
		q := question{res.Spec, res.Guarantee}
		if len(before[q]) == 0 {
			res.Compared = New
			continue
		}
		res.Compared = compare(before[q][0], res)
		before[q] = before[q][1:]
	}
}

// compare says how the result of now compares with the one before.
func compare(before, now *Result) Comparison {
	switch a, b := badness[before.Verdict], badness[now.Verdict]; {
	case before.Verdict == Violated && now.Verdict == Inconclusive:
		return AsBefore // nothing shows that it is better
	case b > a:
		return Worse
	case b < a:
		return Better
	case now.Verdict != Violated:
		return AsBefore
	}
	switch a, b := total(before.Faults), total(now.Faults); {
	case b < a:
		return Worse
	case b > a:
		return Better
	}
	return AsBefore
}

// total is the number of faults in a set.
func total(faults map[string]int) int {
	n := 0
	for _, count := range faults {
		n += count
	}
	return n
}

// excused says that a result does not count, whatever its verdict: it is waived, or no worse than the baseline.
func (r *Result) excused() bool {
	return r.Verdict == Violated && r.Waived != nil && !r.Waived.Expired ||
		r.Compared == AsBefore || r.Compared == Better
}
