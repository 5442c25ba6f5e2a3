package report

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// Block is a part of a document.
type Block interface {
	text(*screen)
	markdown(*paper)
	html() (template.HTML, error)
}

// Words are a text with marks in it: strings, which are plain, and the types below.
type Words []any

type (
	code   string // a name, a value, a set of faults
	strong string // what stands out
	link   struct{ text, anchor string }
)

// with writes the words, each kind in its way.
func (w Words) with(plain, asCode, asStrong func(string) string, asLink func(link) string) string {
	var b strings.Builder
	for _, part := range w {
		switch part := part.(type) {
		case code:
			b.WriteString(asCode(string(part)))
		case strong:
			b.WriteString(asStrong(string(part)))
		case link:
			b.WriteString(asLink(part))
		default:
			b.WriteString(plain(fmt.Sprint(part)))
		}
	}
	return b.String()
}

func asIs(s string) string   { return s }
func linkText(l link) string { return l.text }

// String is the text without marks.
func (w Words) String() string { return w.with(asIs, asIs, asIs, linkText) }

// screen is the text for a terminal.
func (w Words) screen(s *screen) string { return w.with(asIs, asIs, s.strong, linkText) }

// md is the text as Markdown. Blanks at the ends of its parts are kept.
func (w Words) md() string {
	plain := func(s string) string {
		trimmed := strings.TrimSpace(s)
		if trimmed == "" {
			return s
		}
		at := strings.Index(s, trimmed)
		return s[:at] + mdText(trimmed) + s[at+len(trimmed):]
	}
	return w.with(plain, mdCode, func(s string) string { return "**" + mdText(s) + "**" },
		func(l link) string { return "[" + mdText(l.text) + "](#" + l.anchor + ")" })
}

// HTML is the text for a page.
func (w Words) HTML() template.HTML {
	escape := template.HTMLEscapeString
	return template.HTML(w.with(escape, func(s string) string { return "<code>" + escape(s) + "</code>" },
		func(s string) string { return "<strong>" + escape(s) + "</strong>" },
		func(l link) string { return `<a href="#` + l.anchor + `">` + escape(l.text) + "</a>" }))
}

// head begins a document, or a part of it.
type head struct {
	Name string // "RESILIENCE"
	Text Words
}

func (h head) text(s *screen)               { s.hang(h.Name+"  ", h.Text.String()) }
func (h head) markdown(m *paper)            { m.linef("### %s: %s", titleCase(h.Name), h.Text.md()) }
func (h head) Title() string                { return titleCase(h.Name) }
func (h head) html() (template.HTML, error) { return fill("head", h) }

// titleCase is a word in capitals as one in a title.
func titleCase(name string) string { return name[:1] + strings.ToLower(name[1:]) }

// paragraph is a text, behind a label where it has one.
type paragraph struct {
	Label string
	Text  Words
}

func (p paragraph) text(s *screen) {
	if p.Label == "" {
		s.hang("", p.Text.screen(s))
		return
	}
	s.hang("", strings.ToUpper(p.Label)+": "+p.Text.screen(s))
}

func (p paragraph) markdown(m *paper) {
	if p.Label == "" {
		m.line(p.Text.md())
		return
	}
	m.linef("**%s**: %s", mdText(p.Label), p.Text.md())
}

func (p paragraph) html() (template.HTML, error) { return fill("paragraph", p) }

// table is a table; its first row is the head.
type table struct {
	Rows [][]Words
}

// cells are the rows with each cell written in a way.
func (t table) cells(write func(Words) string) [][]string {
	rows := make([][]string, len(t.Rows))
	for i, row := range t.Rows {
		for _, cell := range row {
			rows[i] = append(rows[i], write(cell))
		}
	}
	return rows
}

// minFirst is how narrow the first column of a table may become.
const minFirst = 18

// text writes the table. Where it is too wide, its first column is wrapped; where that is not enough, its columns are
// named by letters, which are explained above it.
func (t table) text(s *screen) {
	rows := t.cells(Words.String)
	over := tableWidth(rows) - s.width
	switch first := widths(rows)[0]; {
	case over <= 0:
	case first-over >= minFirst:
		rows = wrapFirst(rows, first-over)
	default:
		for i, name := range rows[0] {
			letter := string(rune('A' + i%26))
			s.linef("%s  %s", letter, name)
			rows[0][i] = letter
		}
		s.line("")
	}
	s.table("", rows, nil)
}

// wrapFirst breaks the cells of the first column into lines.
func wrapFirst(rows [][]string, width int) [][]string {
	var out [][]string
	for _, row := range rows {
		for i, l := range wrapped(row[0], width) {
			if i == 0 {
				out = append(out, append([]string{l}, row[1:]...))
			} else {
				out = append(out, []string{"  " + l})
			}
		}
	}
	return out
}

func (t table) markdown(m *paper)            { m.w.WriteString(mdTable(t.cells(Words.md))) }
func (t table) html() (template.HTML, error) { return fill("table", t) }

// list is a list of points.
type list struct {
	Title  string // of a part; empty without one
	Points []Words
}

func (l list) text(s *screen) {
	if l.Title != "" {
		s.line(l.Title)
	}
	for _, p := range l.Points {
		s.hang("  - ", p.screen(s))
	}
}

func (l list) markdown(m *paper) {
	if l.Title != "" {
		m.linef("**%s**\n", mdText(l.Title))
	}
	for _, p := range l.Points {
		m.line("- " + p.md())
	}
}

func (l list) html() (template.HTML, error) { return fill("list", l) }

// patch is a change of files.
type patch struct{ Text string }

func (p patch) text(s *screen)               { s.line(strings.TrimRight(p.Text, "\n")) }
func (p patch) markdown(m *paper)            { m.line(mdFence("diff", p.Text)) }
func (p patch) html() (template.HTML, error) { return fill("patch", p) }

// stories are counterexamples, each with a sentence and its steps.
type stories struct {
	Title string // of a part; empty without one
	List  []story
}

// story is one counterexample.
type story struct {
	Number int    // 0 for one that stands alone
	Anchor string // its name in links, unique in the document
	Text   Words
	Steps  []verdict.Step
}

func (b stories) text(s *screen) {
	if b.Title != "" {
		s.line(b.Title)
	}
	for i := range b.List {
		story := &b.List[i]
		if i > 0 {
			s.line("")
		}
		label := "  "
		if story.Number > 0 {
			label = fmt.Sprintf("%3d. ", story.Number)
		}
		s.hang(label, story.Text.screen(s))
		if !s.brief {
			s.steps(story.Steps, "  ")
		}
	}
}

func (b stories) markdown(m *paper) {
	if b.Title != "" {
		m.linef("**%s**\n", mdText(b.Title))
	}
	for i := range b.List {
		story := &b.List[i]
		label := "- "
		if story.Number > 0 {
			label = fmt.Sprintf("<a id=\"%s\"></a>%d. ", story.Anchor, story.Number)
		}
		m.line(label + story.Text.md())
		if !m.brief && len(story.Steps) > 0 {
			m.line("")
			m.line(strings.TrimSpace(folded(count(len(story.Steps), "step"), mdList(story.Steps))))
		}
		m.line("")
	}
}

func (b stories) html() (template.HTML, error) {
	parts := make([]pageStory, len(b.List))
	for i, s := range b.List {
		trace, err := newPageTrace(traceOf{Result: &verdict.Result{}, Steps: s.Steps, Prefix: s.Anchor + "-"})
		if err != nil {
			return "", err
		}
		parts[i] = pageStory{s, trace}
	}
	return fill("stories", struct {
		Title string
		List  []pageStory
	}{b.Title, parts})
}

// pageStory is a story on a page.
type pageStory struct {
	story
	Trace pageTrace
}

// outline is a list of names that the heads of a table stand for.
type outline struct{ Names []string } // "A  name"

func (o outline) text(s *screen) {
	for _, n := range o.Names {
		s.line(n)
	}
}

func (o outline) markdown(m *paper) {
	for _, n := range o.Names {
		letter, name, _ := strings.Cut(n, "  ")
		m.linef("- **%s** %s", letter, mdText(name))
	}
}

func (o outline) html() (template.HTML, error) { return fill("outline", o) }

// plainWords are cells without marks.
func plainWords(cells ...string) []Words {
	row := make([]Words, len(cells))
	for i, c := range cells {
		row[i] = Words{c}
	}
	return row
}
