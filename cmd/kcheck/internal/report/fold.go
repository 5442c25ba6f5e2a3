package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// The short form of a trace: a sentence a step, and steps of replication that only copy in one line.

// shortTrace writes a counterexample in its short form.
func (t *checkText) shortTrace(r *verdict.Result) {
	if len(r.Steps) == 0 {
		return
	}
	t.heading("Counterexample: " + count(len(r.Steps), "step"))
	for steps := r.Steps; len(steps) > 0; {
		n := copies(steps)
		if n < 2 {
			n = 1
			t.shortStep(r, &steps[0])
		} else {
			label := fmt.Sprintf("%d–%d", steps[0].N, steps[n-1].N)
			t.hang(strings.Repeat(" ", max(0, 7-wrap.Columns(label)))+label+"   ", copiesText(steps[:n]))
		}
		steps = steps[n:]
	}
}

// shortStep writes what happens in a step, and the settings that somebody wrote and that made it possible.
func (t *checkText) shortStep(r *verdict.Result, s *verdict.Step) {
	mark := " "
	if s.Fault {
		mark = "!"
	} else if isFaint(r, s) {
		mark = "."
	}
	text := stepText(s)
	if by := strings.TrimPrefix(settingsOf(r, s), "; "); by != "" {
		text += " [" + by + "]"
	}
	t.hangStyled(fmt.Sprintf("%7d %s ", s.N, mark), text, func(words string) string { return t.loud(s, words) })
}

// copyOutcomes are the outcomes of a follower's fetch that only brings its log, or the high watermark, up to date.
var copyOutcomes = []string{"copied", "counted", "high-watermark", "position"}

// copies is how many steps from the first on are fetches of one leader's followers that only copy.
func copies(steps []verdict.Step) int {
	n := 0
	for n < len(steps) && steps[n].Action == "FollowerFetches" && !steps[n].Fault &&
		slices.Contains(copyOutcomes, steps[n].Outcome) && steps[n].Params.Leader == steps[0].Params.Leader {
		n++
	}
	return n
}

// copiesText says in a sentence what such steps do together.
func copiesText(steps []verdict.Step) string {
	var copied, fetched []string
	committed := false
	for i := range steps {
		s := &steps[i]
		if !slices.Contains(fetched, s.Actor) {
			fetched = append(fetched, s.Actor)
		}
		if s.Outcome == "copied" && !slices.Contains(copied, s.Actor) {
			copied = append(copied, s.Actor)
		}
		committed = committed || s.Outcome == "counted"
	}
	who, verb := copied, "copy"
	if len(copied) == 0 {
		who, verb = fetched, "fetch from"
	}
	if len(who) == 1 {
		verb = map[string]string{"copy": "copies", "fetch from": "fetches from"}[verb]
	}
	text := strings.Join(who, " and ") + " " + verb + " " + fmt.Sprint(steps[0].Params.Leader)
	if committed {
		text += "; what they have is committed"
	}
	return sentence(text)
}
