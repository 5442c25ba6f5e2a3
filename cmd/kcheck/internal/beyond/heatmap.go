package beyond

import (
	_ "embed"
	"html/template"
	"io"
	"strings"

	"github.com/kcheck/kcheck/invariants/matrix"
	"github.com/kcheck/kcheck/invariants/verdict"
)

//go:embed heatmap.html
var heatmapPage string

// heatmap is the page of a matrix: one file without scripts and without references to anything outside it.
var heatmap = template.Must(template.New("heatmap").Funcs(template.FuncMap{
	"faults": Faults, "inc": func(n int) int { return n + 1 }, "plural": Plural, "sign": sign, "breakable": breakable,
}).Parse(heatmapPage))

// heatRow is one row of the heat map: all dimensions but the last, which with the guarantees makes the columns.
type heatRow struct {
	Labels []heatLabel
	Cells  []heatCell
}

// heatLabel is a value of a row; Again says that the row above has the same up to here.
type heatLabel struct {
	Text  string
	Again bool
}

// heatCell is one verdict.
type heatCell struct {
	Verdict string
	Check   int // from 1; 0 without one
	Title   string
	Traced  bool
}

// HTML writes a heat map whose cells lead to the counterexamples.
func (d *Matrix) HTML(w io.Writer) error {
	last := d.Vary[len(d.Vary)-1]
	page := struct {
		Doc    *Matrix
		Head   string
		Share  string
		Keys   []matrix.Dimension
		Last   matrix.Dimension
		Rows   []heatRow
		Checks []matrix.Check
	}{d, d.head(), d.sharing(), d.Vary[:len(d.Vary)-1], last, d.heatRows(len(last.Values)), d.Checks}
	return heatmap.Execute(w, page)
}

// heatRows lays the cells out: per row, for each guarantee the values of the last dimension.
func (d *Matrix) heatRows(width int) []heatRow {
	var rows []heatRow
	for at := 0; at+width <= len(d.Cells); at += width {
		row := heatRow{}
		again := len(rows) > 0
		for i, v := range d.Vary[:len(d.Vary)-1] {
			text := d.Cells[at].Settings[v.Key]
			again = again && rows[len(rows)-1].Labels[i].Text == text
			row.Labels = append(row.Labels, heatLabel{text, again})
		}
		for _, g := range d.Guarantees {
			for i := range width {
				row.Cells = append(row.Cells, d.heatCell(&d.Cells[at+i], g))
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func (d *Matrix) heatCell(cell *matrix.Cell, guarantee string) heatCell {
	h := heatCell{Verdict: string(cell.Verdicts[guarantee]), Title: cell.Refused}
	if n, found := cell.Checks[guarantee]; found {
		c := &d.Checks[n]
		h.Check, h.Traced, h.Title = n+1, len(c.Steps) > 0, c.Reason
		if h.Traced {
			h.Title = Faults(c.Faults) + ": " + c.Reason
		}
	}
	return h
}

// sign stands for a verdict where there is no room for the word, and for those who do not see the colours.
func sign(v string) string {
	switch verdict.Verdict(v) {
	case verdict.Holds:
		return "✓"
	case verdict.Violated:
		return "✗"
	case verdict.Refused:
		return "–"
	case verdict.Vacuous:
		return "∅"
	}
	return "?"
}

// breakable lets a browser break a key after its dots.
func breakable(key string) template.HTML {
	return template.HTML(strings.ReplaceAll(template.HTMLEscapeString(key), ".", ".<wbr>"))
}
