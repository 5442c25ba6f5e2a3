package report

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/kcheck/kcheck/invariants/matrix"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// Matrix is what "kcheck matrix" writes as JSON.
type Matrix struct {
	Kcheck   string            `json:"kcheck"`
	Problems []verdict.Problem `json:"problems"`
	Spec     string            `json:"spec"`
	Kafka    string            `json:"kafka"`
	Budget   model.Allowed     `json:"budget"`
	Scope    verdict.Scope     `json:"scope"`
	matrix.Matrix
}

// Document makes a document of it: the table, and each different counterexample once.
func (m *Matrix) Document() *Document {
	clean := cleaned(*m)
	d := &Document{Title: "matrix", Data: m, Problems: clean.Problems}
	told, numbers := clean.told()
	d.Body = []Block{head{"MATRIX", clean.asked()}, heatMap{&clean, numbers}, paragraph{Text: Words{clean.sharing()}}}
	d.Body = append(d.Body, clean.tradeoff()...)
	if len(told.List) > 0 {
		d.Body = append(d.Body, told)
	}
	return d
}

// asked says what the table is about.
func (m *Matrix) asked() Words {
	var w Words
	if m.Spec != "" {
		w = Words{code(m.Spec), ": "}
	}
	return append(w, fmt.Sprintf("Kafka %s, %s; faults: ", m.Kafka, count(m.Scope.Messages, "message")), code(verdict.FaultSet(m.Budget)))
}

// sharing says how much work the cells had in common.
func (m *Matrix) sharing() string {
	asked := 0
	for i := range m.Cells {
		asked += len(m.Cells[i].Checks)
	}
	return fmt.Sprintf("%s, %s, %s.", count(len(m.Cells), "cell"), count(asked, "question"), count(len(m.Checks), "different check"))
}

// told are the counterexamples, equal ones once, and for each check the number of its counterexample; 0 for none.
func (m *Matrix) told() (stories, []int) {
	var told stories
	numbers, cells := make([]int, len(m.Checks)), map[int]int{}
	first := map[string]int{}
	for i := range m.Checks {
		c := &m.Checks[i]
		if len(c.Steps) == 0 {
			continue
		}
		key := c.Guarantee + verdict.FaultSet(c.Faults) + mdList(c.Steps)
		if first[key] == 0 {
			n := len(told.List) + 1
			first[key] = n
			told.List = append(told.List, story{Number: n, Anchor: fmt.Sprintf("story-%d", n), Steps: c.Steps,
				Text: Words{strong(c.Guarantee), ", ", code(verdict.FaultSet(c.Faults)),
					fmt.Sprintf(", %s: %s", count(len(c.Steps), "step"), c.Reason)}})
		}
		numbers[i] = first[key]
		cells[numbers[i]] += c.Cells
	}
	for i := range told.List {
		told.List[i].Text = append(told.List[i].Text, fmt.Sprintf(" (%s)", count(cells[i+1], "cell")))
	}
	return told, numbers
}

// heatMap is the table of verdicts: one row for each cell in text and Markdown; on a page the last dimension goes across.
type heatMap struct {
	m       *Matrix
	numbers []int // of the counterexample of each check
}

// rows are the cells, one a row: the values, then the verdicts.
func (h heatMap) rows(mark func(v verdict.Verdict, number int) Words) [][]Words {
	var first []Words
	for _, v := range h.m.Vary {
		first = append(first, Words{v.Key})
	}
	rows := [][]Words{append(first, plainWords(h.m.Guarantees...)...)}
	for i := range h.m.Cells {
		cell := &h.m.Cells[i]
		var row []Words
		for _, v := range h.m.Vary {
			row = append(row, Words{cell.Settings[v.Key]})
		}
		for _, g := range h.m.Guarantees {
			number := 0
			if n, found := cell.Checks[g]; found {
				number = h.numbers[n]
			}
			row = append(row, mark(cell.Verdicts[g], number))
		}
		rows = append(rows, row)
	}
	return rows
}

func (h heatMap) text(s *screen) {
	table{h.rows(func(v verdict.Verdict, n int) Words {
		if n == 0 {
			return Words{v}
		}
		return Words{fmt.Sprintf("%s [%d]", v, n)}
	})}.text(s)
}

func (h heatMap) markdown(m *paper) {
	m.w.WriteString(mdTable(table{h.rows(func(v verdict.Verdict, n int) Words {
		if n == 0 {
			return Words{v}
		}
		return Words{link{string(v), fmt.Sprintf("story-%d", n)}}
	})}.cells(Words.md)))
}

// heatLabel is a value of a row on a page; Again says that the row above has the same up to here.
type heatLabel struct {
	Text  string
	Again bool
}

// heatCell is one verdict on a page.
type heatCell struct {
	Verdict, Title string
	Number         int    // of its counterexample
	Anchor         string // of its counterexample
}

// heatRow is one row on a page: all dimensions but the last, which with the guarantees makes the columns.
type heatRow struct {
	Labels []heatLabel
	Cells  []heatCell
}

func (h heatMap) html() (template.HTML, error) {
	if len(h.m.Vary) == 0 {
		return "", nil
	}
	last := h.m.Vary[len(h.m.Vary)-1]
	return fill("heat", struct {
		Keys       []matrix.Dimension
		Last       matrix.Dimension
		Guarantees []string
		Rows       []heatRow
	}{h.m.Vary[:len(h.m.Vary)-1], last, h.m.Guarantees, h.heatRows(len(last.Values))})
}

// heatRows lays the cells out: per row, for each guarantee the values of the last dimension.
func (h heatMap) heatRows(width int) []heatRow {
	var rows []heatRow
	for at := 0; at+width <= len(h.m.Cells); at += width {
		row := heatRow{}
		again := len(rows) > 0
		for i, v := range h.m.Vary[:len(h.m.Vary)-1] {
			text := h.m.Cells[at].Settings[v.Key]
			again = again && rows[len(rows)-1].Labels[i].Text == text
			row.Labels = append(row.Labels, heatLabel{text, again})
		}
		for _, g := range h.m.Guarantees {
			for i := range width {
				row.Cells = append(row.Cells, h.heatCell(&h.m.Cells[at+i], g))
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// heatCell is one verdict of a cell.
func (h heatMap) heatCell(cell *matrix.Cell, guarantee string) heatCell {
	out := heatCell{Verdict: string(cell.Verdicts[guarantee]), Title: cell.Refused}
	n, found := cell.Checks[guarantee]
	if !found {
		return out
	}
	c := &h.m.Checks[n]
	out.Title = c.Reason
	if out.Number = h.numbers[n]; out.Number > 0 {
		out.Anchor, out.Title = fmt.Sprintf("story-%d", out.Number), verdict.FaultSet(c.Faults)+": "+c.Reason
	}
	return out
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
