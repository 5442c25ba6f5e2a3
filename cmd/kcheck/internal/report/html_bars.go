package report

import (
	"fmt"
	"math"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// The ledger of a trace as bars over its steps, and above them how the guarantee stands.

// maxBarSteps is the longest trace of which bars can be told apart.
const maxBarSteps = 120

// pageBars is the picture.
type pageBars struct {
	Ticks  []pageBar // the numbers of steps
	Faults []pageBar // the steps that are faults
	Groups []barGroup
}

// barGroup is the rows of one message, or of the guarantee.
type barGroup struct {
	Name   string
	Broken bool
	Rows   []barRow
}

// barRow is one place of a message.
type barRow struct {
	Title string
	Bars  []pageBar
}

// pageBar is a stretch of steps: where it begins and how wide it is, in percent.
type pageBar struct {
	Left, Width float64
	Text, Class string
	Title       string
}

// barsOf draws the ledger of a trace; nil where there is none, or the trace is too long.
func barsOf(r *verdict.Result, steps []verdict.Step, ledger *verdict.Ledger) *pageBars {
	n := len(steps)
	if ledger == nil || n == 0 || n > maxBarSteps {
		return nil
	}
	p := &pageBars{}
	every := (n + 23) / 24
	for i := 1; i <= n; i += every {
		p.Ticks = append(p.Ticks, bar(i, i, n, fmt.Sprint(i)))
	}
	for i := range steps {
		if steps[i].Fault {
			p.Faults = append(p.Faults, bar(i+1, i+1, n, ""))
		}
	}
	if list := standings(r); len(list) > 0 {
		row := barRow{Title: "guarantee"}
		for _, s := range list {
			b := bar(s.From, s.To, n, s.Word)
			b.Class, b.Title = s.Class, s.Sentence
			row.Bars = append(row.Bars, b)
		}
		p.Groups = append(p.Groups, barGroup{Name: r.Guarantee, Rows: []barRow{row}})
	}
	for i := range ledger.Rows {
		if g := groupOf(&ledger.Rows[i], ledger.Columns, n); len(g.Rows) > 0 {
			p.Groups = append(p.Groups, g)
		}
	}
	return p
}

// groupOf draws the places at which one message ever is.
func groupOf(message *verdict.Row, columns []verdict.Column, n int) barGroup {
	g := barGroup{Name: message.Message, Broken: message.Broken}
	for c, cell := range message.Cells {
		if c >= len(columns) || columns[c].Note != "" {
			continue
		}
		row := barRow{Title: columns[c].Title}
		for _, s := range spans(cell) {
			to := s.To
			if to == 0 {
				to = n
			}
			b := bar(max(s.From, 1), to, n, "")
			if s.Value != "yes" {
				b.Text = s.Value
			}
			b.Title = fmt.Sprintf("%s of %s: %s, steps %d to %d", row.Title, message.Message, s.Value, max(s.From, 1), to)
			row.Bars = append(row.Bars, b)
		}
		if len(row.Bars) > 0 {
			g.Rows = append(g.Rows, row)
		}
	}
	return g
}

// bar is the stretch from one step to another of n.
func bar(from, to, n int, text string) pageBar {
	percent := func(steps int) float64 { return math.Round(float64(steps)/float64(n)*10000) / 100 }
	return pageBar{Left: percent(from - 1), Width: percent(to) - percent(from-1), Text: text}
}

// stand is how the guarantee stands after the steps from one to another.
type stand struct {
	From     int    `json:"from"`
	To       int    `json:"to"`
	Word     string `json:"word"`
	Class    string `json:"class"`
	Sentence string `json:"-"`
}

// standings says of a counterexample after which steps the guarantee is intact, is not to be kept any more unless another
// fault helps, and is broken: that it is with the last step, and not before.
func standings(r *verdict.Result) []stand {
	n := len(r.Steps)
	if r.Verdict != verdict.Violated || n == 0 {
		return nil
	}
	var list []stand
	add := func(to int, word, class, sentence string) {
		from := 1
		if len(list) > 0 {
			from = list[len(list)-1].To + 1
		}
		if from <= to {
			list = append(list, stand{from, to, word, class, sentence})
		}
	}
	if b := r.Branch; b != nil && b.Latest {
		add(b.Shared, "intact", "good", "The guarantee is intact, and a run without another fault keeps it.")
		add(n-1, "doomed", "unsure", "The guarantee is not broken yet, but no run without another fault keeps it.")
	} else {
		add(n-1, "intact", "good", "The guarantee is intact.")
	}
	add(n, "broken", "bad", "The guarantee is broken.")
	return list
}

// standingAt is what begins with a step; nil where the guarantee stands as before.
func standingAt(list []stand, n int) *stand {
	for i := range list {
		if list[i].From == n && (i > 0 || list[i].Class == "bad") {
			return &list[i]
		}
	}
	return nil
}
