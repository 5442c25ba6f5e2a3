package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// What the first screen says of one result.

// worstFirst is a report with its results in the order of need: those told for information last, those that are as their
// spec expects behind the others, and then violated, refused, inconclusive, vacuous, holds.
func worstFirst(r *verdict.Report) *verdict.Report {
	sorted := *r
	sorted.Results = slices.Clone(r.Results)
	slices.SortStableFunc(sorted.Results, func(a, b verdict.Result) int { return cmp.Compare(need(&a), need(&b)) })
	return &sorted
}

// need is where a result stands in a report: the lower, the earlier.
func need(r *verdict.Result) int {
	order := []verdict.Verdict{verdict.Violated, verdict.Refused, verdict.Inconclusive, verdict.Vacuous, verdict.Holds}
	n := slices.Index(order, r.Verdict)
	if n < 0 {
		n = len(order)
	}
	if r.Met() {
		n += 10
	}
	if r.Informational {
		n += 100
	}
	return n
}

// verdictCell is the verdict, and whether it is told for information only.
func verdictCell(r *verdict.Result) string {
	if r.Informational {
		return "info: " + string(r.Verdict)
	}
	return strings.ToUpper(string(r.Verdict))
}

// informationText says of a violation that nobody asked for that it is told for information, and what it says. Any other
// verdict stands in the table.
func informationText(r *verdict.Result) string {
	if !r.Informational || r.Verdict != verdict.Violated {
		return ""
	}
	return headlineOf(r)
}

// informationTexts are what the results of a report say for information, each once.
func informationTexts(r *verdict.Report) []string {
	var list []string
	for i := range r.Results {
		if text := informationText(&r.Results[i]); i > 0 && text != "" && !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return list
}

// likelyFirst are the values that a guarantee rests on in the order in which people should look at them: what the application
// does before whose client it uses, and what takes fewer faults first.
func likelyFirst(list []verdict.Assumption) []verdict.Assumption {
	list = slices.Clone(list)
	weight := func(a verdict.Assumption) int {
		n := 0
		for _, f := range a.Faults {
			n += f
		}
		if strings.HasSuffix(a.Key, "-client") {
			n += 100
		}
		return n
	}
	slices.SortStableFunc(list, func(a, b verdict.Assumption) int { return cmp.Compare(weight(a), weight(b)) })
	return list
}

// nothing stands in a cell that has no answer.
const nothing = "–"

// causeCell names the setting whose change is the one to make, and says of how many others a change removes the violation too.
func causeCell(r *verdict.Result) string {
	switch {
	case r.Verdict != verdict.Violated || r.Cause == nil:
		return nothing
	case len(r.Cause) == 0:
		return "no single setting"
	}
	first, _ := advice(r)
	text := first[0].Key + "=" + verdict.Readable(first[0].Key, first[0].Value)
	if others := len(r.Cause) - 1; others > 0 {
		text += fmt.Sprintf(" (+%d)", others)
	}
	return text
}

// advice are the causes whose change is one to make, and how many others there are; all of them where none is.
func advice(r *verdict.Result) (first []verdict.Cause, others int) {
	for i := range r.Cause {
		if r.Cause[i].Advisable() {
			first = append(first, r.Cause[i])
		}
	}
	if len(first) == 0 {
		return r.Cause, 0
	}
	return first, len(r.Cause) - len(first)
}

// faultsCell names the faults that a violation needs.
func faultsCell(r *verdict.Result) string {
	if r.Verdict != verdict.Violated {
		return nothing
	}
	return verdict.FaultSet(r.Faults)
}

// fixCell names the settings to change.
func fixCell(r *verdict.Result) string {
	if r.Fix == nil {
		return nothing
	}
	var parts []string
	for _, c := range r.Fix.Changes {
		parts = append(parts, c.Key+"="+verdict.Readable(c.Key, c.To))
	}
	return strings.Join(parts, ", ")
}

// expectedText says that a result is, or is not, what its spec expects.
func expectedText(r *verdict.Result) string {
	switch {
	case r.Met():
		return "It is as the spec expects."
	case r.Expected != "":
		return sentence("but the spec expects: " + string(r.Expected))
	}
	return ""
}

// causeText says where each cause stands, and what would remove the violation.
func causeText(r *verdict.Result) string {
	if r.Verdict != verdict.Violated || r.Cause == nil {
		return ""
	}
	if len(r.Cause) == 0 {
		return "no change of a single setting removes this violation."
	}
	first, others := advice(r)
	var parts []string
	for _, c := range first {
		parts = append(parts, c.Key+"="+verdict.Readable(c.Key, c.Value)+" ("+sourceOf(c.Source, r.Spec)+"); not with "+verdict.Readable(c.Key, c.Instead))
	}
	text := strings.Join(parts, ". ") + "."
	switch {
	case others == 1:
		text += " 1 other setting has a part in it; its change takes a protection off."
	case others > 1:
		text += " " + number(others) + " other settings have a part in it; their change takes a protection off."
	case !first[0].Advisable():
		text += " No such change is advisable."
	}
	return text
}

// fixText says which settings to change from what to what, where, and what that costs.
func fixText(r *verdict.Result) string { return changesText(r, r.Fix) }

// inPlaceText is the same for the fix that takes no more copies, where the fix does.
func inPlaceText(r *verdict.Result) string {
	if r.Fix == nil {
		return ""
	}
	return changesText(r, r.Fix.InPlace)
}

// inPlaceName begins what inPlaceText says.
const inPlaceName = "Without more copies"

// changesText writes a fix; nothing for none.
func changesText(r *verdict.Result, f *verdict.Fix) string {
	if f == nil {
		return ""
	}
	var parts []string
	for _, c := range f.Changes {
		parts = append(parts, c.Key+": "+verdict.Readable(c.Key, c.From)+" → "+verdict.Readable(c.Key, c.To)+" ("+sourceOf(c.Source, r.Spec)+")")
	}
	text := strings.Join(parts, ", ") + "."
	if len(f.Costs) > 0 {
		text += " Cost: " + strings.Join(f.Costs, "; ") + "."
	}
	return text
}

// fixOrNone is fixText, or says that no fix was found where causes were looked for.
func fixOrNone(r *verdict.Result) string {
	if text := fixText(r); text != "" || r.Verdict != verdict.Violated || len(r.Cause) == 0 {
		return text
	}
	return "none was found within the bounds of this search; kcheck repair looks at more."
}

// answerFacts are the cause and the fix of a result, or what it rests on.
func answerFacts(r *verdict.Result) []fact {
	var facts []fact
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, fact{name, value})
		}
	}
	add("Cause", sentenceOf(causeText(r)))
	add("Fix", fixText(r))
	add(inPlaceName, inPlaceText(r))
	add("Faults used", map[bool]string{true: verdict.FaultSet(r.Faults)}[r.Verdict == verdict.Violated])
	for _, s := range likelyFirst(r.RestsOn) {
		add("Rests on", restsText(r, s))
	}
	for i := range r.Dangers {
		add("Not tested", sentence(r.Dangers[i].Sentence()))
	}
	add("Beyond the budget", beyondText(r))
	add("Standing", standingText(r))
	return facts
}

// sentenceOf is a sentence, or nothing.
func sentenceOf(s string) string {
	if s == "" {
		return ""
	}
	return sentence(s)
}

// beyondText says which faults just above the budget violate a guarantee that holds; nothing where none are known.
func beyondText(r *verdict.Result) string {
	if len(r.Beyond) == 0 {
		return ""
	}
	var sets []map[string]int
	for _, b := range r.Beyond {
		sets = append(sets, b.Faults)
	}
	return r.Guarantee + " is violated with " + verdict.FaultSets(sets) + "."
}

// restsText says under which value of an assumption a guarantee that holds would not hold.
func restsText(r *verdict.Result, s verdict.Assumption) string {
	return s.Key + "=" + verdict.Readable(s.Key, s.Value) + " (" + s.Source + "). With " + verdict.Readable(s.Key, s.Instead) + ", " + r.Guarantee + " is " +
		string(s.Verdict) + " (" + verdict.FaultSet(s.Faults) + ")."
}
