package report

import (
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/invariants/fleet"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// Fleet is what "kcheck fleet" writes as JSON.
type Fleet struct {
	Kcheck   string            `json:"kcheck"`
	Problems []verdict.Problem `json:"problems"`
	Of       string            `json:"of"` // the folder or the cluster
	*fleet.Fleet
}

// maxListed is how many names of topics, applications or groups are listed for people; the JSON form has all.
const maxListed = 6

// Document makes a document of it: what is violated, the table of configurations, the worst first, and of each what is in
// it and its counterexamples.
func (f *Fleet) Document() *Document {
	clean := cleaned(*f)
	d := &Document{Title: "fleet", Data: f, Problems: clean.Problems}
	d.Body = []Block{head{"FLEET", clean.summary()}}
	if losses := clean.losses(); len(losses.Points) > 0 {
		d.Body = append(d.Body, losses)
	}
	if len(clean.Classes) == 0 {
		return d
	}
	d.Body = append(d.Body, table{clean.rows()})
	for i, c := range clean.Classes {
		d.Body = append(d.Body, clean.class(i+1, c)...)
	}
	return d
}

// summary is the first sentence.
func (f *Fleet) summary() Words {
	return Words{code(f.Of), fmt.Sprintf(": %s, %s", count(f.Topics, "topic"), count(len(f.Classes), "configuration"))}
}

// breaks says what configurations do that violate a guarantee.
var breaks = map[string]string{
	"at-most-once": "process a message twice", "at-least-once": "lose messages", "exactly-once": "lose messages or process them twice",
	"no-acked-loss": "lose acknowledged messages", "no-duplicate-in-log": "write a message twice", "order": "reorder messages",
	"committed-stays": "take back what consumers could read", "log-agreement": "have replicas that disagree",
	"availability": "stop until a person helps", "uninterrupted": "stop until something is repaired",
}

// losses are a line for each guarantee and number of faults.
func (f *Fleet) losses() list {
	var l list
	for _, loss := range f.Losses() {
		what := breaks[loss.Guarantee]
		if loss.Classes == 1 {
			what = singular(what)
		}
		with := Words{fmt.Sprintf(" with %s", count(loss.Faults, "fault"))}
		switch {
		case loss.Faults == 0:
			with = Words{" without any fault"}
		case len(loss.Sets) == 1:
			with = Words{" with ", code(verdict.FaultSet(loss.Sets[0]))}
		}
		point := append(Words{strong(fmt.Sprintf("%s %s", number(loss.Classes), what))}, with...)
		l.Points = append(l.Points, append(point, fmt.Sprintf(": %s (%s)", count(loss.Topics, "topic"), loss.Guarantee)))
	}
	return l
}

// singular is what one does of what several do.
func singular(what string) string {
	verb, rest, _ := strings.Cut(what, " ")
	if verb == "have" {
		return "has " + rest
	}
	if verb == "process" {
		return "processes " + rest
	}
	return verb + "s " + rest
}

// rows are the table: a row for each configuration.
func (f *Fleet) rows() [][]Words {
	rows := [][]Words{append([]Words{{"configuration"}, {"topics"}}, plainWords(f.Guarantees...)...)}
	for i, c := range f.Classes {
		name := fmt.Sprintf("%d. %s", i+1, c.Configuration)
		row := []Words{{name}, {number(len(c.Topics))}}
		if len(c.Counterexamples) > 0 {
			row[0] = Words{link{name, classAnchor(i+1, 1)}}
		}
		for _, g := range f.Guarantees {
			text := string(c.Verdicts[g])
			if len(c.Faults[g]) > 0 {
				text += ": " + verdict.FaultSet(c.Faults[g])
			}
			row = append(row, Words{text})
		}
		rows = append(rows, row)
	}
	return rows
}

// classAnchor is the name of a counterexample of a configuration in links.
func classAnchor(class, n int) string { return fmt.Sprintf("configuration-%d-%d", class, n) }

// class are what is in a configuration, and its counterexamples.
func (f *Fleet) class(n int, c *fleet.Class) []Block {
	about := head{"CONFIGURATION", Words{strong(fmt.Sprintf("%d. %s", n, c.Configuration)), fmt.Sprintf(", Kafka %s", c.Kafka)}}
	points := list{}
	add := func(what string, names []string) {
		if len(names) > 0 {
			points.Points = append(points.Points, Words{count(len(names), what), ": ", shortened(names)})
		}
	}
	add("topic", c.Topics)
	add("application", c.Applications)
	add("group", c.Groups)
	var settings []string
	for _, s := range c.Settings {
		settings = append(settings, s.Key+"="+s.Value)
	}
	if len(settings) > 0 {
		points.Points = append(points.Points, Words{"differs in ", code(strings.Join(settings, ", "))})
	}
	told := stories{}
	for _, g := range f.Guarantees {
		ce, violated := c.Counterexamples[g]
		switch {
		case violated:
			k := len(told.List) + 1
			told.List = append(told.List, story{Number: k, Anchor: classAnchor(n, k), Steps: ce.Steps,
				Text: Words{strong(g), ", ", code(verdict.FaultSet(ce.Faults)), ": " + ce.Reason}})
		case c.Verdicts[g] == verdict.Refused || c.Verdicts[g] == verdict.Inconclusive || c.Verdicts[g] == verdict.Vacuous:
			points.Points = append(points.Points, Words{strong(g), fmt.Sprintf(" is %s: %s", c.Verdicts[g], c.Reasons[g])})
		}
	}
	if len(told.List) == 0 {
		return []Block{about, points}
	}
	return []Block{about, points, told}
}

// shortened lists the first few of many names.
func shortened(names []string) string {
	if len(names) > maxListed {
		return strings.Join(names[:maxListed], ", ") + fmt.Sprintf(" and %d more", len(names)-maxListed)
	}
	return strings.Join(names, ", ")
}
