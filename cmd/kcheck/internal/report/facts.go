package report

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// What several forms say in the same words.

// fact is a named line of the verdict box.
type fact struct{ Name, Value string }

// box is the verdict box: what was asked, of what, within which bounds, and what was exhausted.
func box(r *verdict.Result) []fact {
	facts := []fact{{"Guarantee", r.Guarantee}}
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, fact{name, value})
		}
	}
	if r.Claim != "" {
		facts[0].Value += ": " + r.Claim
	}
	add("Messages that count", countedWords(r))
	add(map[bool]string{true: "System", false: "Spec"}[r.System != nil], nameOf(r))
	add("Kafka", release(r)+clients(r))
	add("Scope", scope(r))
	if r.Verdict != verdict.Refused {
		add("Fault budget", verdict.FaultSet(r.Budget))
		if r.Verdict == verdict.Violated {
			add("Faults used", verdict.FaultSet(r.Faults))
			add("Also broken by", alsoText(r))
		}
		add("Searched", searched(r))
	}
	if r.Expected != "" {
		add("Expected", string(r.Expected)+map[bool]string{true: ", and met", false: ", not met"}[r.Met()])
	}
	for i := range r.Dangers {
		add("Not tested", sentence(r.Dangers[i].Sentence()))
	}
	if r.Informational {
		add("For information", "nobody asked for this guarantee; it decides nothing")
	}
	add("Waived", waived(r.Waived))
	add("Against the baseline", against(r))
	add("Configuration", r.Configuration)
	add("Trace", r.Trace)
	return facts
}

// countedWords says which messages count.
func countedWords(r *verdict.Result) string {
	switch r.Counted {
	case "accepted":
		return "accepted: the send returned, and no failure of it was or can be reported"
	case "acked":
		return "acked: the client reported success"
	case "attempted":
		return "attempted: the application called send"
	}
	return r.Counted
}

// scope is the scope in words.
func scope(r *verdict.Result) string {
	return "1 partition, " + count(max(r.Scope.Replicas, 0), "replica") + ", " +
		count(max(r.Scope.Messages, 0), "message")
}

// waived says why and until when a violation is waived.
func waived(w *verdict.Waiver) string {
	switch {
	case w == nil:
		return ""
	case w.Expired:
		return "no longer, expired on " + w.Expires + ": " + w.Reason
	}
	return "until " + w.Expires + ": " + w.Reason
}

// release is whose behaviours the brokers have: a version without a patch number is its last release.
func release(r *verdict.Result) string { return cmp.Or(r.Release, r.Kafka) }

// against says how a result compares with the baseline, and why.
func against(r *verdict.Result) string {
	if r.Against == "" {
		return string(r.Compared)
	}
	return string(r.Compared) + ": " + r.Against
}

// standingText says what makes a result count, or not count: a waiver, the baseline. Nothing for most.
func standingText(r *verdict.Result) string {
	var parts []string
	if r.Informational {
		parts = append(parts, forInformation)
	}
	if r.Waived != nil {
		parts = append(parts, "Waived "+waived(r.Waived)+".")
	}
	if r.Compared != "" {
		parts = append(parts, "Against the baseline "+against(r)+".")
	}
	return strings.Join(parts, " ")
}

// forInformation says that a result decides nothing.
const forInformation = "Nobody asked for this guarantee; it is told for information and decides nothing."

// alsoText names the other minimal sets of faults, and says whether there may be more.
func alsoText(r *verdict.Result) string {
	switch {
	case r.Verdict != verdict.Violated:
		return ""
	case len(r.AlsoBrokenBy) > 0 && r.AllSets:
		return verdict.FaultSets(r.AlsoBrokenBy) + "; no others"
	case len(r.AlsoBrokenBy) > 0:
		return verdict.FaultSets(r.AlsoBrokenBy) + "; there may be others"
	case r.AllSets:
		return "no other set of faults"
	}
	return "not looked for: --exhaust does"
}

// clients names the client libraries.
func clients(r *verdict.Result) string {
	names := map[string]string{}
	for _, s := range r.Settings {
		names[s.Key] = s.Value
	}
	p, c := names["app.producer-client"], names["app.consumer-client"]
	switch {
	case p == "" && c == "":
		return ""
	case p == c:
		return ", clients " + p
	}
	return ", producer " + p + ", consumer " + c
}

// headlineOf is the verdict in one sentence.
func headlineOf(r *verdict.Result) string {
	if r.Headline != "" {
		return sentence(r.Headline)
	}
	return sentence(r.Reason)
}

// cited are the settings that made a step possible, as the result has them.
func cited(r *verdict.Result, s *verdict.Step) []verdict.Setting {
	var list []verdict.Setting
	for _, key := range s.Settings {
		for _, setting := range r.Settings {
			if setting.Key == key {
				list = append(list, setting)
				break
			}
		}
	}
	return list
}

// isListed says that a setting stands among those that were read. The scope stands in the verdict box.
func isListed(s verdict.Setting) bool { return s.Read && !strings.HasPrefix(s.Key, "scope.") }

// citation is a setting with its source: "producer.acks=1 (producer.properties:7:1)".
func citation(s verdict.Setting) string {
	return s.Key + "=" + verdict.Readable(s.Key, s.Value) + " (" + s.Source + ")"
}

// changeText writes one change: "leader: b1 → b2".
func changeText(c verdict.Change) string {
	switch {
	case c.Before == "":
		return c.What + ": " + c.After
	case c.After == "":
		return c.What + ": " + c.Before + " → nothing"
	}
	return c.What + ": " + c.Before + " → " + c.After
}

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

// specs counts the different specs or systems of a report.
func specs(r *verdict.Report) int {
	seen := map[string]bool{}
	for i := range r.Results {
		seen[nameOf(&r.Results[i])] = true
	}
	return len(seen)
}

// tally counts the results by verdict where there are several.
func tally(r *verdict.Report) string {
	if len(r.Results) == 1 {
		return ""
	}
	byVerdict := map[verdict.Verdict]int{}
	beside := 0
	for i := range r.Results {
		if r.Results[i].Informational {
			beside++
			continue
		}
		byVerdict[r.Results[i].Verdict]++
	}
	var parts []string
	for _, v := range []verdict.Verdict{verdict.Violated, verdict.Refused, verdict.Inconclusive, verdict.Vacuous, verdict.Holds} {
		if n := byVerdict[v]; n > 0 {
			parts = append(parts, number(n)+" "+string(v))
		}
	}
	if len(parts) == 0 {
		return "no result"
	}
	text := count(len(r.Results)-beside, "result") + ": " + strings.Join(parts, ", ")
	if beside > 0 {
		text += "; " + number(beside) + " beside it for information"
	}
	return text
}

// expectations counts the results of which a spec expects a verdict, and those that are not as expected.
func expectations(r *verdict.Report) (all, unmet int) {
	for i := range r.Results {
		res := &r.Results[i]
		if res.Expected == "" {
			continue
		}
		all++
		if !res.Met() {
			unmet++
		}
	}
	return all, unmet
}

// searched says what was exhausted, or how far a search that was cut short came.
func searched(r *verdict.Result) string {
	s := &r.Stats
	size := count(s.Distinct, "state") + ", " + count(s.Depth, "step") + " deep"
	switch {
	case s.Distinct == 0 && s.Generated > 0:
		return "random runs, " + count(s.Generated, "step") + " in all"
	case s.Exhausted:
		return "every run within the scope and these faults (" + size + ")"
	case r.Minimal:
		return "every run with fewer faults or fewer steps: none breaks it (" + size + ")"
	case r.Verdict == verdict.Violated:
		return "up to this violation; a shorter one may exist (" + size + ")"
	case r.CompleteTo != nil && (r.CompleteTo.Depth > 0 || r.CompleteTo.Faults >= 0) && s.Distinct > 1:
		return "cut short: " + completeTo(r.CompleteTo) + " (" + size + ")"
	}
	return "not every run (" + size + ")"
}

// completeTo says which runs a search that was cut short has covered all the same.
func completeTo(e *verdict.Extent) string {
	deep := fmt.Sprintf("those with %s up to %s", count(e.Faults+1, "fault"), count(e.Depth, "step"))
	switch e.Faults {
	case -1:
		return "only runs without a fault, up to " + count(e.Depth, "step")
	case 0:
		if e.Depth == 0 {
			return "complete are the runs without a fault"
		}
		return "complete are the runs without a fault, and " + deep
	}
	if e.Depth == 0 {
		return "complete are the runs with at most " + count(e.Faults, "fault")
	}
	return fmt.Sprintf("complete are the runs with at most %s, and %s", count(e.Faults, "fault"), deep)
}

// statsLine says what the search did.
func statsLine(r *verdict.Result) string {
	if r.Verdict == verdict.Refused {
		return ""
	}
	s := &r.Stats
	text := fmt.Sprintf("%s distinct, %s generated, depth %d; %.1f s, %s, %s", number(s.Distinct), number(s.Generated),
		s.Depth, s.Seconds, count(s.Workers, "worker"), humanize.IBytes(s.Bytes))
	if s.CollisionProbability > 0 {
		text += fmt.Sprintf("; the chance that a state was missed is below %.0e", s.CollisionProbability)
	}
	return text
}
