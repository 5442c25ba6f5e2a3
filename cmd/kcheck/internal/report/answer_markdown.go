package report

import (
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// mdAnswer is the whole answer in a table, as on the first screen of a terminal: the worst first, then its cause and fix
// with their places, and what the rest rests on.
func mdAnswer(r *verdict.Report) string {
	if len(r.Results) == 0 {
		return ""
	}
	shown := r.Results[:min(len(r.Results), answerRows)]
	rows := [][]string{{"guarantee", "verdict", "cause", "faults", "fix"}}
	several := specs(r) > 1
	for i := range shown {
		res := &shown[i]
		name := mdCode(res.Guarantee)
		if several && nameOf(res) != "" {
			name += " of " + mdCode(shortName(res))
		}
		rows = append(rows, []string{name, "**" + verdictWord(res) + "**", mdText(causeCell(res)), mdText(faultsCell(res)), mdText(fixCell(res))})
	}
	var b strings.Builder
	b.WriteString(mdTable(rows) + "\n")
	if hidden := len(r.Results) - len(shown); hidden > 0 {
		b.WriteString("and " + count(hidden, "result") + " more, none of them worse.\n\n")
	}
	part := func(label, text string) {
		if text != "" {
			fmt.Fprintf(&b, "- **%s** %s\n", label, mdText(text))
		}
	}
	worst := &r.Results[0]
	part("Cause:", causeText(worst))
	part("Fix:", fixOrNone(worst))
	part(inPlaceName+":", inPlaceText(worst))
	part("Standing:", standingText(worst))
	for _, text := range informationTexts(r) {
		part("For information:", text)
	}
	told := map[string]bool{}
	for i := range r.Results {
		res := &r.Results[i]
		for _, s := range likelyFirst(res.RestsOn) {
			part("Rests on:", restsText(res, s))
		}
		for j := range res.Dangers {
			if s := res.Dangers[j].Sentence(); !told[s] {
				told[s] = true
				part("Not tested:", s+".")
			}
		}
		part("Beyond the budget:", beyondText(res))
	}
	if t := tally(r); t != "" {
		b.WriteString("\n" + t + ".\n")
	}
	return b.String() + "\n"
}
