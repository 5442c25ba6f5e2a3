package plan

import "github.com/kcheck/kcheck/explore"

// A search in parts tells, as it goes, up to how many faults the whole violates nothing. What the progress of a part says
// about the part is not always true of the whole.

// anyNumber is more faults than a run can have.
const anyNumber = 1 << 20

// clearing is the options of a part, whose progress then says of the whole that runs with fewer faults than a number are
// clear: at least least, and never more than most.
func clearing(o options, least, most int) options {
	report := o.Progress
	if report == nil {
		return o
	}
	o.Progress = func(p explore.Progress) {
		p.Clear = max(least, min(p.Clear, most))
		report(p)
	}
	return o
}

// silent is the options of a part that says nothing about the whole.
func silent(o options) options { return clearing(o, 0, 0) }

// after is the options of the searches that follow a part which was found to violate something that does not decide, and
// look at the whole.
func after(o options, part *Result) options { return clearing(o, fewer(part)+1, anyNumber) }

// settled is the options of searches that follow one which has found how many faults it takes, and look at some runs only.
func settled(o options, found *Result) options {
	n := fewer(found) + 1
	return clearing(o, n, n)
}
