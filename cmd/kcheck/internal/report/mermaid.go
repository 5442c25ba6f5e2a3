package report

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// maxDiagram is the largest Mermaid diagram that is written. Mermaid refuses 50,000 characters.
const maxDiagram = 45_000

// faultColour is behind the banner of a fault, in light and in dark.
const faultColour = "rgba(220, 38, 38, 0.3)"

// endWord is the word that ends a block in Mermaid wherever it stands.
var endWord = regexp.MustCompile(`(?i)\bend\b`)

// mermaidText makes any text safe inside a Mermaid diagram.
func mermaidText(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
	s = strings.NewReplacer("#", "#35;", ";", "#59;", "<", "#lt;", ">", "#gt;", "%%", "% %", "{", "#123;", "}", "#125;",
		"\"", "#quot;", "`", "#96;", "*", "#42;", "_", "#95;").Replace(s)
	return endWord.ReplaceAllStringFunc(s, func(w string) string { return fmt.Sprintf("#%d;", w[0]) + w[1:] })
}

// laneIDs names the lanes inside a diagram, where names such as "end" or "b-1" would not do.
func laneIDs(lanes []string) map[string]string {
	ids := map[string]string{}
	for i, l := range lanes {
		ids[l] = fmt.Sprintf("L%d", i)
	}
	return ids
}

// lanesOf are the lanes of a diagram: those of the result, or for a result without any, its actors.
func lanesOf(r *verdict.Result, steps []verdict.Step) []string {
	lanes := append([]string(nil), r.Lanes...)
	known := map[string]bool{"brokers": true, "": true}
	for _, l := range lanes {
		known[l] = true
	}
	for i := range steps {
		from, to, _, _ := signalOf(&steps[i])
		for _, l := range []string{from, to} {
			if !known[l] {
				known[l] = true
				lanes = append(lanes, l)
			}
		}
	}
	if len(lanes) == 0 {
		return []string{"system"}
	}
	return lanes
}

// signalOf is what a step sends; a step of an old result stays with its actor.
func signalOf(s *verdict.Step) (from, to, label string, lost bool) {
	if s.Signal == nil {
		return s.Actor, "", s.Action, false
	}
	label = s.Signal.Label
	if isAgain(s) {
		label += " AGAIN"
	}
	return s.Signal.From, s.Signal.To, label, s.Signal.Lost
}

// diagram writes steps as a Mermaid sequence diagram. more is a remark at its end, such as what is left out.
func diagram(r *verdict.Result, steps []verdict.Step, more string) string {
	lanes := lanesOf(r, steps)
	d := drawing{ids: laneIDs(lanes), lanes: lanes}
	d.line("sequenceDiagram")
	for _, l := range lanes {
		d.line("participant %s as %s", d.ids[l], mermaidText(l))
	}
	for i := range steps {
		d.step(r, &steps[i])
	}
	if more != "" {
		d.over("", more)
	}
	return d.b.String()
}

// drawing is a diagram under way.
type drawing struct {
	b     strings.Builder
	ids   map[string]string
	lanes []string
}

// line writes one line.
func (d *drawing) line(format string, args ...any) {
	fmt.Fprintf(&d.b, format+"\n", args...)
}

// over writes a note over one lane, or over all lanes.
func (d *drawing) over(lane, text string) {
	place := d.ids[lane]
	if place == "" {
		place = d.ids[d.lanes[0]]
		if len(d.lanes) > 1 {
			place += "," + d.ids[d.lanes[len(d.lanes)-1]]
		}
	}
	d.line("Note over %s: %s", place, mermaidText(text))
}

// step writes one step: a banner for a fault, an arrow for what is sent (crossed where it is lost, dotted where the
// step is faint), a note for what one lane does alone, and a note for leader and in-sync set.
func (d *drawing) step(r *verdict.Result, s *verdict.Step) {
	from, to, label, lost := signalOf(s)
	if s.Fault {
		d.line("rect %s", faultColour)
		d.over("", fmt.Sprintf("%d FAULT %s: %s", s.N, s.Kind, toldText(s)))
		defer d.line("%s", "end")
	}
	if a, b := d.ids[from], d.ids[to]; a != "" && b != "" {
		arrow := "->>"
		switch {
		case lost:
			arrow = "-x"
		case isFaint(r, s):
			arrow = "-->>"
		}
		d.line("%s%s%s: %d %s", a, arrow, b, s.N, mermaidText(label))
	} else if !s.Fault {
		lane := from
		if lane == "brokers" {
			lane = ""
		}
		d.over(lane, fmt.Sprintf("%d %s", s.N, label))
	}
	if lead := leadership(s); lead != "" {
		d.over("controller", lead)
	}
}
