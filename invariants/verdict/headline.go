package verdict

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/model"
)

// headline is the verdict in one sentence. Of a violation it has the decisive settings that somebody wrote and the faults
// that it takes, before what happens.
func headline(res *Result) string {
	if res.Verdict != Violated {
		return res.Reason
	}
	conditions := append(decisiveSettings(res), faultPhrases(res.Faults)...)
	if len(conditions) == 0 {
		return res.Reason
	}
	return "with " + enumeration(conditions) + ", " + res.Reason
}

// keeping is the reason of a guarantee that holds: what was explored, and what every run of it keeps.
func keeping(q *Question, claim string) string {
	within := "within the fault budget"
	faults := faultPhrases(q.Config.Faults.Map())
	total, bounded := q.Config.Bounds.Total.Limit()
	switch {
	case len(faults) == 0:
		within = "without a fault"
	case bounded && len(faults) > 1:
		within = fmt.Sprintf("with at most %d of the faults in the budget", total)
	case len(faults) <= 3:
		within = "with at most " + enumeration(faults)
	}
	return "in every run " + within + ", " + claim
}

// claim is what a guarantee says, with the word for the messages that count.
func claim(q *Question) string {
	g, err := invariants.Lookup(q.Guarantee)
	if err != nil {
		return ""
	}
	words := map[model.Counted]string{model.CountAccepted: "no accepted message", model.CountAcked: "no acknowledged message",
		model.CountAttempted: "no message that was sent"}[q.Counted]
	if q.Config.App.OutputKafka {
		words = "no message"
	}
	return strings.Replace(g.Claim, "no counted message", words, 1)
}

// faultPhrases names a set of faults: "one broker crash", "2 leader moves".
func faultPhrases(set map[string]int) []string {
	var list []string
	for _, kind := range model.FaultKinds(nil) {
		f := kind.Fault()
		switch n := set[f.Name]; n {
		case 0:
		case 1:
			list = append(list, "one "+f.Noun)
		default:
			list = append(list, fmt.Sprintf("%d %s", n, f.Plural))
		}
	}
	return list
}

// enumeration joins a list in a sentence: "a, b and c".
func enumeration(list []string) string {
	n := len(list) - 1
	if n < 1 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:n], ", ") + " and " + list[n]
}

// decisiveSettings are up to two settings that somebody wrote and that come first for a strong step, as "acks=1": those
// of faults if there are any, else those of what brokers, controller and consumer do, else those of other steps. Where
// nobody wrote any of those, it is the first that is a default.
func decisiveSettings(res *Result) []string {
	settings := map[string]Setting{}
	for _, s := range res.Settings {
		settings[s.Key] = s
	}
	var written, defaults [3][]string
	for _, step := range res.Steps {
		if !step.Strong || len(step.Settings) == 0 || model.ActionNamed(step.Action).Silent && !step.typed().Acknowledges() {
			continue
		}
		rank := rankOf(&step)
		for _, key := range step.Settings {
			s := settings[key]
			isDefault := s.Origin == Default
			if s.Origin == Assumed || isDefault && len(s.Value) > 7 && strings.Trim(s.Value, "0123456789") == "" {
				continue // nobody's choice, or a number that stands for no limit
			}
			text := shortName(s.Key) + "=" + s.Value
			switch {
			case isDefault:
				defaults[rank] = append(defaults[rank], text+" (the "+s.Source+")")
			case !slices.Contains(written[rank], text):
				written[rank] = append(written[rank], text)
			}
			break
		}
	}
	for rank := range written {
		switch w, d := written[rank], defaults[rank]; {
		case len(w) > 0:
			return w[:min(len(w), 2)]
		case len(d) > 0:
			return d[:1]
		}
	}
	return nil
}

// rankOf says how much the settings of a step tell: 0 for those of a fault, 2 for those of what any run does.
func rankOf(step *Step) int {
	switch {
	case step.Fault:
		return 0
	case slices.Contains([]string{"producer", "process", "coordinator"}, step.Actor):
		return 2
	}
	return 1
}

// shortName is the name of a setting as Kafka has it; those of kcheck's own parts keep the part.
func shortName(key string) string {
	part, name, _ := strings.Cut(key, ".")
	if slices.Contains([]string{"app", "downstream", "model"}, part) {
		return key
	}
	return name
}
