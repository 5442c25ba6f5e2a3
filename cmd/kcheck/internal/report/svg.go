package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// The sizes of a picture, in pixels; letters are about as wide as letterWidth.
const (
	svgLane     = 150 // between two lanes
	svgMargin   = 20
	svgLine     = 18 // of text
	svgStep     = 44
	letterWidth = 7
	svgSteps    = 200 // of a longer trace the ends are drawn
)

// writeSVG draws the worst result that has a trace as a sequence diagram, for pages that show pictures and no Mermaid. It
// needs nothing but itself, has its own background, and says all in words too.
func writeSVG(w io.Writer, r *verdict.Report, _ Options) error {
	r = worstFirst(r)
	worst := &verdict.Result{}
	for i := range r.Results {
		if steps, _ := withSteps(&r.Results[i]); i == 0 || len(steps) > 0 {
			worst = &r.Results[i]
			if len(steps) > 0 {
				break
			}
		}
	}
	p := newSequence(worst)
	p.draw(worst)
	return p.write(w)
}

// sequence is such a picture under way.
type sequence struct {
	b     strings.Builder
	lanes []string
	steps []verdict.Step
	width int
	y     int
	title string
	alt   strings.Builder // the same in words
}

func newSequence(r *verdict.Result) *sequence {
	steps, _ := withSteps(r)
	p := &sequence{steps: steps, title: strings.ToUpper(string(r.Verdict)) + " " + r.Guarantee}
	if name := nameOf(r); name != "" {
		p.title += " " + name
	}
	if len(steps) > 0 {
		p.lanes = lanesOf(r, steps)
	}
	p.width = 2*svgMargin + max(4, len(p.lanes))*svgLane
	return p
}

// x is the middle of a lane; the middle of the picture for none.
func (p *sequence) x(lane string) int {
	if i := slices.Index(p.lanes, lane); i >= 0 {
		return svgMargin + i*svgLane + svgLane/2
	}
	return p.width / 2
}

// put adds a piece of SVG.
func (p *sequence) put(format string, args ...any) { fmt.Fprintf(&p.b, format+"\n", args...) }

// words adds text, broken into lines of so many pixels, and goes below it.
func (p *sequence) words(x, width int, attributes, text string) {
	for _, l := range wrapped(printable(text), width/letterWidth) {
		p.y += svgLine
		p.put(`<text x="%d" y="%d" %s>%s</text>`, x, p.y, attributes, xmlText(l))
	}
}

func (p *sequence) draw(r *verdict.Result) {
	room := p.width - 2*svgMargin
	p.y = svgMargin
	p.words(svgMargin, room, `font-size="13" fill="#545c68"`, p.title)
	p.words(svgMargin, room*3/4, `font-weight="700" font-size="15"`, headlineOf(r))
	fmt.Fprintln(&p.alt, headlineOf(r))
	if len(p.steps) == 0 {
		return
	}
	top := p.heads(p.y + 28)
	lanesAt := p.b.Len()
	head, middle, tail := ends(p.steps, svgSteps/2)
	for i := range head {
		p.step(r, &head[i])
	}
	if len(middle) > 0 {
		p.words(svgMargin, room, `font-style="italic"`, "and "+count(len(middle), "step")+" between")
	}
	for i := range tail {
		p.step(r, &tail[i])
	}
	p.y += 8
	if len(r.Steps) > 0 && r.Verdict == verdict.Violated {
		p.banner(r.Guarantee + " is broken: " + r.Reason)
	}
	p.under(lanesAt, top)
}

// heads draws the names of the lanes and gives where the lanes begin.
func (p *sequence) heads(y int) int {
	for _, l := range p.lanes {
		p.put(`<rect x="%d" y="%d" width="%d" height="26" rx="5" fill="#f5f6f8" stroke="#b4bcc8"/>`, p.x(l)-svgLane/2+8, y, svgLane-16)
		name := cutLines([]string{printable(l)}, 1, (svgLane-24)/letterWidth)[0]
		p.put(`<text x="%d" y="%d" text-anchor="middle" font-weight="600">%s</text>`, p.x(l), y+18, xmlText(name))
	}
	p.y = y + 34
	return y + 26
}

// under draws the lines of the lanes below what was drawn after a place.
func (p *sequence) under(at, top int) {
	all := p.b.String()
	p.b.Reset()
	p.b.WriteString(all[:at])
	for _, l := range p.lanes {
		p.put(`<path d="M%d %dV%d" stroke="#b4bcc8"/>`, p.x(l), top, p.y)
	}
	p.b.WriteString(all[at:])
}

// banner draws a red field with text.
func (p *sequence) banner(text string) {
	room := p.width - 2*svgMargin
	lines := wrapped(printable(text), (room-24)/8)
	p.put(`<rect x="%d" y="%d" width="%d" height="%d" rx="4" fill="#fdeceb"/>`, svgMargin, p.y+4, room, len(lines)*svgLine+8)
	p.y += 4
	p.words(svgMargin+12, (room-24)*letterWidth/8, `fill="#a3180f" font-weight="600"`, text)
	p.y += 8
	fmt.Fprintln(&p.alt, text)
}

// step draws a step: a field for a fault, an arrow for what is sent, a dot for what one lane does alone.
func (p *sequence) step(r *verdict.Result, s *verdict.Step) {
	from, to, label, lost := signalOf(s)
	label = fmt.Sprintf("%d %s", s.N, label)
	if s.Fault {
		p.banner(fmt.Sprintf("%d FAULT %s: %s", s.N, s.Kind, toldText(s)))
	} else {
		fmt.Fprintf(&p.alt, "%d %s\n", s.N, sentence(toldText(s)))
	}
	a, b := p.x(from), p.x(to)
	y := p.y + svgStep - 8
	between := (a + b) / 2
	colour, dashes := "#1a1e24", ""
	if lost || s.Fault {
		colour = "#a3180f"
	}
	switch arrow := slices.Contains(p.lanes, from) && slices.Contains(p.lanes, to) && a != b; {
	case arrow && lost:
		dashes = ` stroke-dasharray="6 4"`
		p.put(`<path d="M%d %dH%d" stroke="%s" stroke-width="2"%s/>`, a, y, a+(b-a)*4/5, colour, dashes)
		x := a + (b-a)*4/5
		p.put(`<path d="M%d %dl10 10m0 -10l-10 10" stroke="%s" stroke-width="2"/>`, x-5, y-5, colour)
	case arrow:
		if isFaint(r, s) {
			dashes = ` stroke-dasharray="2 4"`
		}
		back := 9
		if b < a {
			back = -back
		}
		p.put(`<path d="M%d %dH%d" stroke="%s" stroke-width="2"%s/><path d="M%d %dl%d -5v10z" fill="%s"/>`, a, y, b-back, colour, dashes, b, y, -back, colour)
	default:
		between = a
		p.put(`<circle cx="%d" cy="%d" r="5" fill="%s"/>`, a, y, colour)
	}
	p.label(between, y-9, label)
	p.y += svgStep
	if lead := leadership(s); lead != "" {
		p.put(`<text x="%d" y="%d" text-anchor="end" font-size="11" font-style="italic" fill="#545c68">%s</text>`, p.width-svgMargin, p.y+8, xmlText(printable(lead)))
		p.y += 12
	}
}

// label writes a word over the lanes, inside the picture.
func (p *sequence) label(x, y int, text string) {
	text = cutLines([]string{printable(text)}, 1, (p.width-2*svgMargin)/letterWidth)[0]
	half := wrap.Columns(text)*letterWidth/2 + 3
	x = min(max(x, svgMargin+half), p.width-svgMargin-half)
	p.put(`<rect x="%d" y="%d" width="%d" height="15" fill="#fff"/>`, x-half, y-12, 2*half)
	p.put(`<text x="%d" y="%d" text-anchor="middle" font-size="12" font-weight="600">%s</text>`, x, y, xmlText(text))
}

// write writes the picture as a file.
func (p *sequence) write(w io.Writer) error {
	out := bufio.NewWriter(w)
	height := p.y + svgMargin
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-labelledby="title desc" `+
		`font-family="system-ui, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif" font-size="13" fill="#1a1e24">`+"\n", p.width, height, p.width, height)
	fmt.Fprintf(out, "<title id=\"title\">%s</title>\n<desc id=\"desc\">%s</desc>\n", xmlText(printable(p.title)), xmlText(printable(p.alt.String())))
	fmt.Fprintf(out, `<rect width="%d" height="%d" fill="#fff"/>`+"\n%s</svg>\n", p.width, height, p.b.String())
	return out.Flush()
}

// xmlText is text inside an element.
func xmlText(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}
