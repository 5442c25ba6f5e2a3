// Package page writes the what-if page: one HTML file with kcheck, a question, its first answer and an index of everything
// that kcheck knows in it.
package page

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"html/template"
	"io"
	"io/fs"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/report"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/whatif"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// engine is the program that runs in the page, where it was made before this one was built.
//
//go:embed all:engine
var engine embed.FS

//go:embed *.html *.css *.js
var files embed.FS

var templates = template.Must(template.ParseFS(files, "*.html"))

// scripts are the page's own, in the order in which they run.
var scripts = []string{"question.js", "panel.js", "results.js", "index.js", "main.js"}

// ErrNoEngine says that this program was built without the one that runs in the page.
var ErrNoEngine = errors.New("this kcheck was built without the program that runs in the page; in a checkout run " +
	"go run ./cmd/kcheck/internal/whatif/build and build kcheck again, or take a released binary")

// Available says why no page can be written; nil where one can.
func Available() error {
	if _, err := fs.Stat(engine, "engine/kcheck.wasm.gz"); err != nil {
		return ErrNoEngine
	}
	return nil
}

// Entry is one thing of the index.
type Entry struct {
	Kind    string   `json:"kind"`
	Name    string   `json:"name"`
	Aliases []string `json:"aliases,omitempty"`
	Summary string   `json:"summary"`
	Fields  []Field  `json:"fields,omitempty"`
	// Opens is the file of a built-in spec.
	Opens string `json:"opens,omitempty"`
}

// Field is a labelled paragraph of an entry.
type Field struct {
	Label string `json:"label"`
	Text  string `json:"text"`
}

// start is what the page begins with.
type start struct {
	Version string            `json:"version"`
	Request kafkaconf.Request `json:"request"`
	Panel   *whatif.Panel     `json:"panel"`
	Answer  *whatif.Answer    `json:"answer"`
}

// content is what the template shows.
type content struct {
	Version       string
	Style, Own    template.CSS
	Script        template.JS
	Scripts       []template.JS
	First         template.HTML
	Start         template.JS
	Worker        template.JS
	Engine, Index template.HTML // in base 64
}

// Write writes the page of a question that was answered. The request is packed first, so that the page has no secret in it.
func Write(w io.Writer, request kafkaconf.Request, answered *verdict.Report, index []Entry) error {
	if err := Available(); err != nil {
		return err
	}
	request = request.Pack()
	resolved, err := kafkaconf.Load(request)
	begin := start{Version: verdict.Version, Request: request, Panel: whatif.NewPanel(resolved, kafkaconf.ProblemsOf(resolved, err))}
	if begin.Answer, err = whatif.NewAnswer(answered, true); err != nil {
		return err
	}
	c := content{Version: verdict.Version, Style: report.PageStyle(), Script: report.PageScript(), First: template.HTML(begin.Answer.HTML)}
	begin.Answer.HTML = "" // it is in the page
	data, err := json.Marshal(begin)
	if err != nil {
		return err
	}
	c.Start = template.JS(data)
	if err := c.assets(index); err != nil {
		return err
	}
	return templates.ExecuteTemplate(w, "whatif.html", c)
}

// assets adds what is the same in every page.
func (c *content) assets(index []Entry) error {
	style, err := files.ReadFile("whatif.css")
	if err != nil {
		return err
	}
	c.Own = template.CSS(style)
	for _, name := range scripts {
		script, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		c.Scripts = append(c.Scripts, template.JS(script))
	}
	starter, err := engine.ReadFile("engine/wasm_exec.js")
	if err != nil {
		return ErrNoEngine
	}
	worker, err := files.ReadFile("worker.js")
	if err != nil {
		return err
	}
	text, err := json.Marshal(string(starter) + "\n" + string(worker))
	if err != nil {
		return err
	}
	c.Worker = template.JS(text)
	program, err := engine.ReadFile("engine/kcheck.wasm.gz")
	if err != nil {
		return ErrNoEngine
	}
	c.Engine = template.HTML(base64.StdEncoding.EncodeToString(program))
	list, err := packed(index)
	c.Index = template.HTML(list)
	return err
}

// packed is a value as JSON, compressed, in base 64.
func packed(value any) (string, error) {
	data, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := w.Write(data); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}
