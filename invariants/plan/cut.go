package plan

import "github.com/kcheck/kcheck/explore"

// A search in parts that is cut short says what the parts together have shown, and no more.

// isCut says that a search ended before it had an answer.
func isCut(r *Result) bool {
	switch r.Stopped {
	case explore.Canceled, explore.Deadline, explore.OutOfMemory, explore.OutOfDisk, explore.StatesReached:
		return r.Violation == nil
	}
	return false
}

// ofConsumer is the result of the consumer's part, cut short, as one of the whole: without a fault the part has all runs
// of the whole, and with a fault not all.
func ofConsumer(r *Result) *Result {
	if r.CompleteFaults >= 0 {
		less := *r
		less.CompleteFaults, less.CompleteDepth = 0, 0
		return &less
	}
	return r
}

// ofNone is the result of a part, cut short, that says nothing of the runs of the whole.
func ofNone(r *Result) *Result {
	less := *r
	less.CompleteFaults, less.CompleteDepth = -1, 0
	return &less
}

// keeping keeps what a part has shown of the whole where a later search is cut short: no run with at most so many faults
// violates the guarantee.
func keeping(later, part *Result, faults int) *Result {
	if !isCut(later) {
		return later
	}
	r := *later
	addStats(&r.Stats, part.Stats)
	if r.CompleteFaults < faults {
		r.CompleteFaults, r.CompleteDepth = faults, 0
	}
	return &r
}

// fewer is how many faults fewer than the first violation of a part that is searched in their order: with as many the part
// violates nothing.
func fewer(part *Result) int {
	if part.Violation == nil || !part.Complete {
		return -1
	}
	return total(part.Violation.Faults) - 1
}

// unfinished is a violation that a part has found and that the whole has too, where there was no time to look for the
// minimal one.
func unfinished(part *Result, later *Result) *Result {
	r := *part
	r.Complete, r.Stopped = false, later.Stopped
	r.CompleteFaults, r.CompleteDepth = later.CompleteFaults, later.CompleteDepth
	addStats(&r.Stats, later.Stats)
	if v := *r.Violation; v.Untraced {
		v.UntracedBy = later.Stopped
		r.Violation, r.Violations = &v, []*violation{&v}
	}
	return &r
}
