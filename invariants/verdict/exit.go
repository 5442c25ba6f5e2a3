package verdict

import "github.com/kcheck/kcheck/model/kafkaconf"

// Exit statuses of the command, as interface section 1 defines them.
const (
	ExitHolds        = 0 // every guarantee holds within the scope, or every expectation is met
	ExitViolated     = 1 // a guarantee is violated, or an expectation is not met
	ExitError        = 2 // kcheck could not check, or Kafka would refuse the configuration
	ExitInconclusive = 3 // time, memory or a bound ran out first, or a guarantee is vacuous
)

// exitOrder is the order in which the statuses of several results count: the first that occurs is the status.
var exitOrder = [...]int{ExitError, ExitViolated, ExitInconclusive, ExitHolds}

// Exit is the exit status that stands for the whole report.
func (r *Report) Exit() int {
	seen := map[int]bool{}
	if kafkaconf.Problems(r.Problems).Failed() {
		seen[ExitError] = true
	}
	for i := range r.Results {
		seen[r.Results[i].Exit()] = true
	}
	for _, status := range exitOrder {
		if seen[status] {
			return status
		}
	}
	return ExitHolds
}

// Exit is the exit status that stands for this one result. What is told for information decides nothing.
func (r *Result) Exit() int {
	if r.Informational || r.excused() {
		return ExitHolds
	}
	if r.Expected != "" {
		return r.exitExpected()
	}
	switch r.Verdict {
	case Holds:
		return ExitHolds
	case Violated:
		return ExitViolated
	case Refused:
		return ExitError
	}
	return ExitInconclusive
}

// exitExpected judges a result by what its spec expects. Only a verdict that was reached can meet or miss it.
func (r *Result) exitExpected() int {
	switch r.Verdict {
	case r.Expected:
		return ExitHolds
	case Inconclusive:
		return ExitInconclusive
	}
	return ExitViolated
}

// Met reports whether the result is what its spec expects; false for a spec that expects nothing.
func (r *Result) Met() bool { return r.Expected != "" && r.Expected == r.Verdict }
