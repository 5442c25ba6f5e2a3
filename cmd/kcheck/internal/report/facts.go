package report

import (
	"cmp"
	"strings"

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
