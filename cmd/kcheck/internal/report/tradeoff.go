package report

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/invariants/matrix"
)

// tradeoff is the table and the picture of what each cell risks and costs; nothing where that was not asked for.
func (m *Matrix) tradeoff() []Block {
	first := []Words{}
	for _, v := range m.Vary {
		first = append(first, Words{v.Key})
	}
	for _, g := range m.Guarantees {
		first = append(first, Words{"risk: " + g})
	}
	rows := [][]Words{append(first, Words{"refused"}, Words{"a write waits for"}, Words{"front"})}
	var points []point
	for i := range m.Cells {
		cell := &m.Cells[i]
		t := cell.Tradeoff
		if t == nil {
			continue
		}
		var row []Words
		for _, v := range m.Vary {
			row = append(row, Words{cell.Settings[v.Key]})
		}
		for _, g := range m.Guarantees {
			row = append(row, Words{between(t.Risks[g].Low, t.Risks[g].High)})
		}
		refused := ""
		if t.WritesRefused != nil {
			refused = between(t.WritesRefused.Low, t.WritesRefused.High)
		}
		rows = append(rows, append(row, Words{refused}, Words{t.WaitsFor}, Words{marks(t)}))
		if p, ok := m.point(cell); ok {
			points = append(points, p)
		}
	}
	if len(rows) == 1 {
		return nil
	}
	blocks := []Block{head{"TRADE-OFF", Words{"risk of one message or record and year, share of the time in which writes are refused or wait; " +
		"front: no other cell is better in one thing and as good in all, in its best and in its worst case"}}, table{rows}}
	if len(points) > 1 {
		blocks = append(blocks, picture{points: points, guarantee: m.pictured()})
	}
	return blocks
}

// marks says what a cell is.
func marks(t *matrix.Tradeoff) string {
	switch {
	case t.Front && t.Yours:
		return "front, yours"
	case t.Front:
		return "front"
	case t.Yours:
		return "yours"
	}
	return ""
}

// pictured is the guarantee of the picture: the first that has a risk of a message.
func (m *Matrix) pictured() string {
	for _, g := range m.Guarantees {
		if g != "committed-stays" {
			return g
		}
	}
	return ""
}

// point is a cell in the picture.
type point struct {
	label         string
	refused, loss float64 // upper bounds, of the loss without what is due to states that were left out
	low, high     float64 // of the loss, with that
	front, yours  bool
}

// point is a cell as a point; ok is false where it has no place.
func (m *Matrix) point(cell *matrix.Cell) (p point, ok bool) {
	t := cell.Tradeoff
	r, found := t.Risks[m.pictured()]
	if !found || t.WritesRefused == nil {
		return p, false
	}
	var names []string
	for _, v := range m.Vary {
		key := v.Key[strings.Index(v.Key, ".")+1:]
		names = append(names, key+"="+cell.Settings[v.Key])
	}
	return point{strings.Join(names, ", "), t.WritesRefused.High, r.Explored(), r.Low, r.High, t.Front, t.Yours}, true
}

// picture is the trade-off as a chart with logarithmic axes: to the right writes are refused longer, upwards more is lost.
type picture struct {
	points    []point
	guarantee string
}

func (picture) text(*screen)    {}
func (picture) markdown(*paper) {}

// The size of the picture, and its margins.
const (
	pictureWidth, pictureHeight = 720.0, 420.0
	marginLeft, marginBottom    = 70.0, 50.0
	marginRight, marginTop      = 210.0, 20.0
)

// axis maps numbers to places, by their logarithms.
type axis struct {
	from, to, low, high float64 // logarithms, and the places that they have
	ticks               []float64
}

// newAxis covers numbers, by decades; 0 is put a decade below the least of them. Numbers that are all within one decade have the
// whole axis to themselves.
func newAxis(numbers []float64, low, high float64) axis {
	least, most := math.Inf(1), math.Inf(-1)
	for _, x := range numbers {
		if x > 0 {
			least, most = min(least, x), max(most, x)
		}
	}
	if math.IsInf(least, 1) {
		least, most = 0.1, 1
	}
	if slices.Min(numbers) > 0 && most < 10*least {
		return closeAxis(least, most, low, high)
	}
	return decades(math.Floor(math.Log10(least))-1, math.Ceil(math.Log10(most)+0.01), low, high)
}

// decades is an axis with lines at powers of ten, whose exponents it is given; not more than nine of them.
func decades(from, to, low, high float64) axis {
	a := axis{from: from, to: to, low: low, high: high}
	step := max(1, math.Ceil((to-from)/8))
	for e := from; e <= to; e += step {
		a.ticks = append(a.ticks, math.Pow(10, e))
	}
	return a
}

// closeAxis is an axis for numbers of one order, with lines at multiples of a round number.
func closeAxis(least, most, low, high float64) axis {
	step := math.Pow(10, math.Floor(math.Log10(max(most-least, least/100))))
	for (most-least)/step > 6 {
		step *= 2
	}
	first, last := math.Floor(least/step), math.Ceil(most/step)
	if last-first < 2 {
		first, last = first-1, last+1
	}
	first = max(first, 1)
	a := axis{from: math.Log10(first * step), to: math.Log10(last * step), low: low, high: high}
	for n := first; n <= last; n++ {
		a.ticks = append(a.ticks, n*step)
	}
	return a
}

func (a axis) at(x float64) float64 {
	e := a.from
	if x > 0 {
		e = max(a.from, math.Log10(x))
	}
	return a.low + (e-a.from)/(a.to-a.from)*(a.high-a.low)
}

func (p picture) html() (template.HTML, error) {
	return template.HTML("<figure>" + p.svg("") + "</figure>"), nil
}

// alone draws the picture for a file of its own, on white: it does not know what colours are around it.
func (p picture) alone() string { return p.svg(` color="#222" style="background:#fff"`) }

// svg draws the picture; more are attributes of it.
func (p picture) svg(more string) string {
	var xs, ys []float64
	for _, q := range p.points {
		xs, ys = append(xs, q.refused), append(ys, q.high, q.loss, q.low)
	}
	x := newAxis(xs, marginLeft, pictureWidth-marginRight)
	y := newAxis(ys, pictureHeight-marginBottom, marginTop)
	if y.to-y.from > 24 { // a best case of next to nothing does not make the picture
		y = decades(y.to-24, y.to, y.low, y.high)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" role="img" aria-label="loss against refused writes" font-family="sans-serif" font-size="12"%s>`,
		pictureWidth, pictureHeight, more)
	x.draw(&b, func(at float64) (x1, y1, x2, y2, tx, ty float64) {
		return at, marginTop, at, pictureHeight - marginBottom, at, pictureHeight - marginBottom + 16
	})
	y.draw(&b, func(at float64) (x1, y1, x2, y2, tx, ty float64) {
		return marginLeft, at, pictureWidth - marginRight, at, marginLeft - 26, at + 4
	})
	fmt.Fprintf(&b, `<text x="%g" y="%g" text-anchor="middle" fill="currentColor">share of the time in which writes are refused or wait</text>`,
		(marginLeft+pictureWidth-marginRight)/2, pictureHeight-12)
	fmt.Fprintf(&b, `<text transform="translate(14 %g) rotate(-90)" text-anchor="middle" fill="currentColor">%s violated, per message</text>`,
		(marginTop+pictureHeight-marginBottom)/2, template.HTMLEscapeString(p.guarantee))
	for i, q := range p.points {
		p.draw(&b, x, y, i, q)
	}
	b.WriteString("\n</svg>")
	return b.String()
}

// draw draws the lines of an axis with their numbers.
func (a axis) draw(b *strings.Builder, line func(at float64) (x1, y1, x2, y2, tx, ty float64)) {
	for _, tick := range a.ticks {
		x1, y1, x2, y2, tx, ty := line(a.at(tick))
		fmt.Fprintf(b, "\n"+`<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="currentColor" stroke-opacity="0.15"/>`, x1, y1, x2, y2)
		fmt.Fprintf(b, `<text x="%.1f" y="%.1f" text-anchor="middle" fill="currentColor">%s</text>`, tx, ty, strings.Replace(fmt.Sprintf("%.3g", tick), "e-0", "e-", 1))
	}
}

// draw draws a point with its interval and its name in the legend. What is due to states that were left out is a broken line.
func (p picture) draw(b *strings.Builder, x, y axis, i int, q point) {
	fill := "none"
	if q.front {
		fill = "currentColor"
	}
	px, top, bottom := x.at(q.refused), y.at(q.loss), y.at(max(q.low, math.Pow(10, y.from)))
	fmt.Fprintf(b, "\n"+`<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="currentColor" stroke-opacity="0.5" stroke-dasharray="3 3"/>`, px, y.at(q.high), px, top)
	fmt.Fprintf(b, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="currentColor" stroke-opacity="0.5"/>`, px, top, px, bottom)
	fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="5" fill="%s" stroke="currentColor"><title>%s</title></circle>`, px, top, fill, template.HTMLEscapeString(q.label))
	if q.yours {
		fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="10" fill="none" stroke="#c60"/>`, px, top)
	}
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" fill="currentColor">%d</text>`, px+8, top-6, i+1)
	if at := marginTop + 14*float64(i+1); at < pictureHeight-10 {
		fmt.Fprintf(b, `<text x="%.1f" y="%.1f" font-size="10" fill="currentColor">%d %s%s</text>`, pictureWidth-marginRight+10, at, i+1,
			template.HTMLEscapeString(q.label), map[bool]string{true: " (yours)"}[q.yours])
	}
}
