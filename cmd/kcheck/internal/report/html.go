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
		"sentence": sentence, "told": func(s *verdict.Step) string { return sentence(toldText(s)) }, "headline": headlineOf, "cell": cellText, "change": changeText, "short": shortLane,
		"lower": lowerFirst, "inc": func(i int) int { return i + 1 }, "sign": sign, "breakable": breakable,
		"name": nameOf, "elseCount": elseCount, "standClass": standClass, "leadsTo": leadsTo,
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

// PageStyle is the style of every page.
func PageStyle() template.CSS { return template.CSS(pageFile("page.css")) }

// PageScript is the script of every page. It steps through the traces that are there when it begins, and through those that
// are there when the event "kcheck:report" occurs at the document.
func PageScript() template.JS { return template.JS(pageFile("page.js")) }

// pageFile is a file that is built in.
func pageFile(name string) []byte {
	data, err := pageFiles.ReadFile(name)
	if err != nil {
		panic("the program has no file " + name + " of its pages: " + err.Error())
	}
	return data
}

// writePage writes a page.
func writePage(w io.Writer, p page) error {
	p.Style, p.Script = PageStyle(), PageScript()
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
