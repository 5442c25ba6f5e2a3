package report

import (
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// What several forms say of a trace and of its steps.

// leadership writes what a step changed of leader and in-sync set; empty for nothing.
func leadership(s *verdict.Step) string {
	var parts []string
	for _, c := range s.Changes {
		switch c.What {
		case "leader":
			parts = append(parts, "leader "+c.Before+" → "+c.After)
		case "isr":
			parts = append(parts, "in sync "+c.After)
		case "elr":
			parts = append(parts, "eligible "+c.After)
		}
	}
	return strings.Join(parts, ", ")
}

// withSteps says whether a result has a trace, and which: the counterexample, or the run that shows the guarantee.
func withSteps(r *verdict.Result) (steps []verdict.Step, ledger *verdict.Ledger) {
	if len(r.Steps) == 0 && r.Showing != nil {
		return r.Showing.Steps, r.Showing.Ledger
	}
	return r.Steps, r.Ledger
}

// isFaint says that a guarantee breaks without a step too. A result that was not sliced has no faint steps.
func isFaint(r *verdict.Result, s *verdict.Step) bool {
	return r.Sliced && !s.Strong && len(r.Steps) > 0
}

// faintSteps counts the steps without which a guarantee breaks too.
func faintSteps(r *verdict.Result) int {
	n := 0
	for i := range r.Steps {
		if isFaint(r, &r.Steps[i]) {
			n++
		}
	}
	return n
}

// sliceText says how many steps are needed, and how the form shows the others.
func sliceText(r *verdict.Result, shown string) string {
	faint := faintSteps(r)
	switch {
	case !r.Sliced:
		return ""
	case faint == 0:
		return "Every step is needed: without any one of them the guarantee is not broken."
	}
	return fmt.Sprintf("%d of %s are needed. Without any one of those the guarantee is not broken; the others %s.",
		len(r.Steps)-faint, count(len(r.Steps), "step"), shown)
}

// traceTitle is the title over the trace of a result.
func traceTitle(r *verdict.Result) string {
	if len(r.Steps) == 0 && r.Showing != nil {
		return "An example run: " + workTitle(r)
	}
	return "The counterexample: " + count(len(r.Steps), "step")
}

// workTitle is the size of the run that shows a guarantee at work, and the faults in it.
func workTitle(r *verdict.Result) string {
	text := count(len(r.Showing.Steps), "step")
	if len(r.Showing.Faults) > 0 {
		text += ", with " + verdict.FaultSet(r.Showing.Faults)
	}
	return text
}

// neededTitle is the heading over what shows that faults are needed.
func neededTitle(r *verdict.Result) string {
	if len(r.Needed) == 1 {
		return "The fault is needed"
	}
	return "Each of the faults is needed"
}

// neededText says that a fault is needed, and how that is known.
func neededText(n verdict.Needed) string {
	how := "the search, which looks at fewer faults first, found nothing"
	if n.By == verdict.ByCheck {
		how = "checked again, " + count(n.Distinct, "state")
	}
	fewer := "without " + n.Fault
	if n.Without[n.Fault] > 0 {
		fewer = "with one fewer " + n.Fault
	}
	return fmt.Sprintf("%s, with %s: %s (%s)", fewer, allowed(n.Without), n.Verdict, how)
}

// allowed writes a budget in a sentence.
func allowed(budget map[string]int) string {
	if len(budget) == 0 {
		return "no fault at all"
	}
	return "only " + verdict.FaultSet(budget)
}

// branchText introduces the nearest run that keeps the guarantee.
func branchText(r *verdict.Result) string {
	b := r.Branch
	text := fmt.Sprintf("After step %d the guarantee could still be kept, as this run shows.", b.Shared)
	if b.Shared == 0 {
		text = "This run keeps the guarantee from the start."
	}
	if b.Latest {
		after := "step " + fmt.Sprint(b.Shared+1)
		if b.Shared < len(r.Steps) {
			after += " (" + strings.TrimSuffix(r.Steps[b.Shared].Text, ".") + ")"
		}
		text += " After " + after + " no run without a further fault keeps it."
	}
	return text
}

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
