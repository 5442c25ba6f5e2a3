package beyond

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
	"github.com/kcheck/kcheck/invariants/resilience"
)

// overview is one table of several specs side by side: a column for each guarantee of each, a row for the kinds of faults
// that make no difference between them. It is what a review of several configurations reads first.
type overview struct {
	specs      []string // "1  name"
	guarantees []string // "A  name"
	columns    []string // "1A"
	rows       []overviewRow
}

type overviewRow struct {
	faults []string
	cells  []string
}

// overviewOf puts the results of several specs side by side.
func overviewOf(groups [][]resilience.Result, mark func(string) string) overview {
	var o overview
	var names []string
	var tables [][][]string
	for i, g := range groups {
		o.specs = append(o.specs, fmt.Sprintf("%d  %s", i+1, g[0].Spec))
		for _, r := range g {
			n := slices.Index(names, r.Guarantee)
			if n < 0 {
				n = len(names)
				names = append(names, r.Guarantee)
				o.guarantees = append(o.guarantees, fmt.Sprintf("%c  %s", 'A'+n, r.Guarantee))
			}
			o.columns = append(o.columns, fmt.Sprintf("%d%c", i+1, 'A'+n))
		}
		tables = append(tables, resilienceTable(g, mark))
	}
	for i := 1; i < len(tables[0]); i++ {
		var cells []string
		for _, t := range tables {
			if i < len(t) {
				cells = append(cells, t[i][1:]...)
			}
		}
		o.add(tables[0][i][0], cells)
	}
	return o
}

// add adds a kind of fault to the row with the same cells.
func (o *overview) add(fault string, cells []string) {
	for i := range o.rows {
		if slices.Equal(o.rows[i].cells, cells) {
			o.rows[i].faults = append(o.rows[i].faults, fault)
			return
		}
	}
	o.rows = append(o.rows, overviewRow{[]string{fault}, cells})
}

// text writes the table for a terminal. Names of faults are wrapped where they leave no room.
func (o *overview) text(p page) {
	for _, list := range [][]string{o.specs, o.guarantees} {
		for _, l := range list {
			p.line("%s", l)
		}
		p.line("")
	}
	cells := [][]string{o.columns}
	for _, r := range o.rows {
		cells = append(cells, r.cells)
	}
	room := Width
	for _, w := range columns(cells) {
		room -= w + 2
	}
	rows := [][]string{append([]string{"survives"}, o.columns...)}
	for _, r := range o.rows {
		for i, l := range wrap.Lines(strings.Join(r.faults, ", "), max(room, 18)) {
			if i == 0 {
				rows = append(rows, append([]string{l}, r.cells...))
			} else {
				rows = append(rows, []string{"  " + l})
			}
		}
	}
	p.table(rows)
	p.line("")
	p.hang("", legend)
}

// markdown writes the table for a page.
func (o *overview) markdown(p page) {
	for _, list := range [][]string{o.specs, o.guarantees} {
		for _, l := range list {
			name, text, _ := strings.Cut(l, "  ")
			p.line("- **%s** %s", name, text)
		}
	}
	p.line("")
	rows := [][]string{append([]string{"survives"}, o.columns...)}
	for _, r := range o.rows {
		rows = append(rows, append([]string{strings.Join(r.faults, ", ")}, r.cells...))
	}
	p.markdownTable(rows)
	p.line("")
	p.line("%s", legend)
	p.line("")
}
