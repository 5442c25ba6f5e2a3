package render

import (
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
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
	add("Spec", r.Spec)
	add("Kafka", r.Kafka+clients(r))
	add("Scope", scope(r))
	if r.Verdict != verdict.Refused {
		add("Fault budget", faultWords(r.Budget))
		if r.Verdict == verdict.Violated {
			add("Faults used", faultWords(r.Faults))
		}
		add("Searched", searched(r))
	}
	if r.Expected != "" {
		add("Expected", string(r.Expected)+map[bool]string{true: ", and met", false: ", not met"}[r.Met()])
	}
	add("Waived", waived(r.Waived))
	add("Against the baseline", string(r.Compared))
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
	return "1 partition, " + count(uint64(max(r.Scope.Replicas, 0)), "replica") + ", " +
		count(uint64(max(r.Scope.Messages, 0)), "message")
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

// faultWords writes a set of faults.
func faultWords(set map[string]int) string { return strings.ReplaceAll(faults(set), wrap.Blank, " ") }

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
func citation(s verdict.Setting) string { return s.Key + "=" + s.Value + " (" + s.Source + ")" }

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

// sliceText says what strong and faint steps are, and how many there are of each.
func sliceText(r *verdict.Result) string {
	if !r.Sliced {
		return ""
	}
	faint := 0
	for i := range r.Steps {
		if !r.Steps[i].Strong {
			faint++
		}
	}
	if faint == 0 {
		return "Every step is needed: without any one of them the guarantee is not broken."
	}
	return fmt.Sprintf("%d of %s are needed. Without any one of those the guarantee is not broken; the others are shown faint.",
		len(r.Steps)-faint, count(uint64(len(r.Steps)), "step"))
}

// workTitle is the size of the run that shows a guarantee at work, and the faults in it.
func workTitle(r *verdict.Result) string {
	text := count(uint64(len(r.Showing.Steps)), "step")
	if len(r.Showing.Faults) > 0 {
		text += ", with " + faultWords(r.Showing.Faults)
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
	less := "without " + n.Fault
	if n.Without[n.Fault] > 0 {
		less = "with one " + n.Fault + " less"
	}
	return fmt.Sprintf("%s, with %s: %s (%s)", less, allowed(n.Without), n.Verdict, how)
}

// allowed writes a budget in a sentence.
func allowed(budget map[string]int) string {
	if len(budget) == 0 {
		return "no fault at all"
	}
	return "only " + faultWords(budget)
}

// branchText introduces the neighbouring run that ends well.
func branchText(r *verdict.Result) string {
	b := r.Branch
	at := "step " + fmt.Sprint(b.Shared+1)
	if b.Shared < len(r.Steps) {
		at += " (" + strings.TrimSuffix(r.Steps[b.Shared].Text, ".") + ")"
	}
	text := fmt.Sprintf("Up to step %d it could still have ended well, like this.", b.Shared)
	if b.Shared == 0 {
		text = "Had it gone like this from the start, all would have been well."
	}
	if b.Latest {
		text += " With " + at + " it is too late: from there on no run without a further fault ends well."
	}
	return text
}
