package report

import (
	"embed"
	"html/template"
	"io"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// A page is one file: style and script are written into it, and its content security policy forbids it to load
// anything. All content is in the HTML; the script only adds stepping.
var (
	//go:embed page.css page.js *.html
	pageFiles embed.FS

	templates = template.Must(template.New("").Funcs(template.FuncMap{
		"sentence": sentence, "headline": headlineOf, "cell": cellText, "change": changeText, "short": shortLane,
		"lower": lowerFirst, "inc": func(i int) int { return i + 1 }, "sign": sign, "breakable": breakable,
		"steps": func(steps []verdict.Step) string { return count(len(steps), "step") },
	}).ParseFS(pageFiles, "*.html"))
)

// page is what the template of a page shows.
type page struct {
	Title, Heading string
	Style          template.CSS
	Script         template.JS
	Body           template.HTML
	Problems       []verdict.Problem
	LeavesOut      []string
}

// fill executes a template.
func fill(name string, data any) (template.HTML, error) {
	var b strings.Builder
	err := templates.ExecuteTemplate(&b, name, data)
	return template.HTML(b.String()), err
}

// writePage writes a page.
func writePage(w io.Writer, p page) error {
	style, err := pageFiles.ReadFile("page.css")
	if err != nil {
		return err
	}
	script, err := pageFiles.ReadFile("page.js")
	if err != nil {
		return err
	}
	p.Style, p.Script = template.CSS(style), template.JS(script)
	return templates.ExecuteTemplate(w, "page", p)
}

// html writes the body of a document as a page.
func (d *Document) html(w io.Writer) error {
	var body strings.Builder
	for _, b := range d.Body {
		part, err := b.html()
		if err != nil {
			return err
		}
		body.WriteString(string(part))
	}
	return writePage(w, page{Title: d.Title + " – kcheck", Heading: "kcheck " + verdict.Version + " " + d.Title,
		Body: template.HTML(body.String()), Problems: d.Problems})
}
