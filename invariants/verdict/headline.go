package verdict

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
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
	text := res.Reason
	if conditions := append(causePhrases(res), faultPhrases(res.Faults)...); len(conditions) > 0 {
		text = "with " + enumeration(conditions) + ", " + text
	}
	if res.Informational {
		return "duplicates are possible: " + text
	}
	return text
}

// keeping is the reason of a guarantee that holds: what was explored, and what every run of it keeps.
func keeping(q *Question, claim string) string {
	within := "within the fault budget"
	budget, bounds := q.Config.Faults, q.Config.Bounds
	faults := faultPhrases(budget.Map())
	total, bounded := bounds.Total.Limit()
	switch {
	case len(faults) == 0:
		return "in every run without a fault, " + claim
	case bounded && total < budget.Counted().Total() && budget.HasAny():
	case bounded && total < budget.Total() && !budget.HasAny():
		within = fmt.Sprintf("with at most %d of the faults in the budget", total)
	case len(faults) <= 3 && budget.HasAny():
		within = "with " + enumeration(faults)
	case len(faults) <= 3:
		within = "with at most " + enumeration(faults)
	}
	switch away, bounded := bounds.Overlap.Limit(); {
	case bounded && away == 1:
		within += " and one broker away at a time"
	case bounded:
		within += fmt.Sprintf(" and at most %d brokers away at a time", away)
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
		case model.Any:
			list = append(list, "any number of "+f.Plural)
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

// causePhrases is the cause that a headline names, as "acks=1": of those whose change gives up no protection, if there are
// any, one that somebody wrote, else a default, else an assumption. It is empty where causes were not looked for, or where
// no single change removes the violation but one that takes a protection off.
func causePhrases(res *Result) []string {
	origins := map[string]Origin{}
	for _, s := range res.Settings {
		origins[s.Key] = s.Origin
	}
	rank := func(c Cause) int { return 10*c.class + slices.Index([]Origin{Default, Assumed}, origins[c.Key]) }
	if len(res.Cause) == 0 {
		return nil
	}
	first := slices.MinFunc(res.Cause, func(a, b Cause) int { return cmp.Compare(rank(a), rank(b)) })
	if first.class > 0 {
		return nil
	}
	text := shortName(first.Key) + "=" + Readable(first.Key, first.Value)
	switch origins[first.Key] {
	case Default:
		text += " (" + originPhrase(first.Source) + ")"
	case Assumed:
		text += " (assumed)"
	}
	return []string{text}
}

// originPhrase says in a headline whose a value is: "the default of 4.4", "of spring-kafka 3.3".
func originPhrase(source string) string {
	if strings.HasPrefix(source, "default ") {
		return "the " + source
	}
	return "of " + source
}

// shortName is the name of a setting as Kafka has it; those of kcheck's own parts keep the part.
func shortName(key string) string {
	part, name, _ := strings.Cut(key, ".")
	if slices.Contains([]string{"app", "downstream", "model"}, part) {
		return key
	}
	return name
}

// Readable is the value of a setting as a sentence has it: the largest long is a word, "never" where it says how much may
// come before something is done.
func Readable(key, value string) string {
	switch {
	case value != strconv.FormatInt(math.MaxInt64, 10):
		return value
	case strings.Contains(key, "flush"):
		return "never"
	}
	return "Long.MAX_VALUE"
}
