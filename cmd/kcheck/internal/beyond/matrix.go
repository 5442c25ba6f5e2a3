package beyond

import (
	"fmt"
	"io"

	"github.com/kcheck/kcheck/invariants/matrix"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// Matrix is the document of "kcheck matrix".
type Matrix struct {
	Kcheck   string            `json:"kcheck"`
	Problems []verdict.Problem `json:"problems"`
	Spec     string            `json:"spec"`
	Kafka    string            `json:"kafka"`
	Budget   map[string]int    `json:"budget"`
	Scope    verdict.Scope     `json:"scope"`
	matrix.Matrix
	// Brief leaves the steps out of text and Markdown.
	Brief bool `json:"-"`
}

// head says what the table is about.
func (d *Matrix) head() string {
	name := d.Spec
	if name != "" {
		name += ": "
	}
	return fmt.Sprintf("%sKafka %s, %s; faults: %s", name, d.Kafka, Plural(d.Scope.Messages, "message"), Faults(d.Budget))
}

// rows are the cells, one a row: the values, then the verdicts. mark refers to a check.
func (d *Matrix) rows(mark func(c *matrix.Check, n int) string) [][]string {
	var first []string
	for _, v := range d.Vary {
		first = append(first, v.Key)
	}
	rows := [][]string{append(first, d.Guarantees...)}
	for i := range d.Cells {
		cell := &d.Cells[i]
		var row []string
		for _, v := range d.Vary {
			row = append(row, cell.Settings[v.Key])
		}
		for _, g := range d.Guarantees {
			if n, found := cell.Checks[g]; found {
				row = append(row, mark(&d.Checks[n], n))
			} else {
				row = append(row, string(cell.Verdicts[g]))
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// Text writes the document for a terminal or a review.
func (d *Matrix) Text(w io.Writer) error {
	p := newPage(w)
	p.hang("MATRIX  ", d.head())
	p.line("")
	rows := d.rows(func(c *matrix.Check, n int) string {
		if len(c.Steps) == 0 {
			return string(c.Verdict)
		}
		return fmt.Sprintf("%s [%d]", c.Verdict, n+1)
	})
	if wide(rows) {
		d.abbreviate(p, rows[0])
	}
	p.table(rows)
	p.line("")
	p.line("%s", d.sharing())
	for i := range d.Checks {
		c := &d.Checks[i]
		if len(c.Steps) == 0 {
			continue
		}
		p.line("")
		p.hang(fmt.Sprintf("[%d] ", i+1), fmt.Sprintf("%s, %s, %s: %s", c.Guarantee, Faults(c.Faults), Plural(len(c.Steps), "step"), c.Reason))
		if !d.Brief {
			p.steps(c.Steps, "  ")
		}
	}
	return p.w.Flush()
}

// wide says that a table does not fit into a terminal.
func wide(rows [][]string) bool {
	width := -2
	for _, w := range columns(rows) {
		width += w + 2
	}
	return width > Width
}

// abbreviate puts letters in place of the settings in a head, and says which is which.
func (d *Matrix) abbreviate(p page, head []string) {
	for i := range d.Vary {
		letter := string(rune('A' + i%26))
		p.line("%s  %s", letter, head[i])
		head[i] = letter
	}
	p.line("")
}

// sharing says how much work the cells had in common.
func (d *Matrix) sharing() string {
	asked := 0
	for i := range d.Cells {
		asked += len(d.Cells[i].Checks)
	}
	return fmt.Sprintf("%s, %s, %s.", Plural(len(d.Cells), "cell"), Plural(asked, "question"), Plural(len(d.Checks), "different check"))
}

// Markdown writes the document for a pull request or a page.
func (d *Matrix) Markdown(w io.Writer) error {
	p := newPage(w)
	p.line("### %s", d.head())
	p.line("")
	p.markdownTable(d.rows(func(c *matrix.Check, n int) string {
		if len(c.Steps) == 0 {
			return string(c.Verdict)
		}
		return fmt.Sprintf("[%s](#check-%d)", c.Verdict, n+1)
	}))
	p.line("")
	p.line("%s", d.sharing())
	p.line("")
	for i := range d.Checks {
		c := &d.Checks[i]
		if len(c.Steps) == 0 {
			continue
		}
		p.line("<a id=\"check-%d\"></a>%d. **%s**, `%s`: %s", i+1, i+1, c.Guarantee, Faults(c.Faults), c.Reason)
		p.line("")
		if !d.Brief {
			p.markdownSteps(c.Steps)
			p.line("")
		}
	}
	return p.w.Flush()
}
