// Package report turns what kcheck found out into the forms in which people and programs read it.
//
// The result of every command is a [Document]. Most fill its body with blocks (a table, a list of counterexamples, a
// patch), each of which knows how it looks as text, Markdown and HTML. The report of "kcheck check" has forms of its own
// in place of that, and more of them.
//
// A document knows results and nothing else: not the model, not the files the configuration came from. What a form needs
// has to be in the result. So a result that was saved can be written again, in any form, by another program on another
// machine ("kcheck trace").
package report

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// Formats are the names of the forms that every document has.
var Formats = []string{"text", "json", "markdown", "html"}

// CheckFormats are the names of the forms that the report of "kcheck check" has.
var CheckFormats = append(slices.Clone(Formats), "junit", "sarif", "dot", "svg")

// Options says what the reader's end can show, and how much of it is wanted.
type Options struct {
	Width int  // columns; 0 is 80
	Color bool // terminal colours; every form is readable without
	Brief bool // without the steps of counterexamples, in text and Markdown; of a check one line a result
	Full  bool // everything, in the text of a check
}

// Document is the result of a command.
type Document struct {
	// Title is the title of its page.
	Title string
	// Data is what the json form writes.
	Data any
	// Problems are what was wrong with the input. A terminal has them on standard error, the other forms at their end.
	Problems []verdict.Problem
	// Body is what people read, in its order.
	Body []Block
	// own are forms of the document's own, by name: in place of those made from the body, or beside them.
	own map[string]func(w io.Writer, o Options) error
}

// Plain is a document that has no other form for people than text.
func Plain(data any, text func(io.Writer) error) *Document {
	return &Document{Data: data, own: map[string]func(io.Writer, Options) error{
		"text": func(w io.Writer, _ Options) error { return text(w) }}}
}

// With adds a form of the document's own.
func (d *Document) With(format string, write func(io.Writer) error) {
	if d.own == nil {
		d.own = map[string]func(io.Writer, Options) error{}
	}
	d.own[format] = func(w io.Writer, _ Options) error { return write(w) }
}

// Formats are the names of the forms of a document, those that every document has first.
func (d *Document) Formats() []string {
	names := slices.Clone(Formats)
	for name := range d.own {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names[len(Formats):])
	return names
}

// Write writes a document in a form. The error for an unknown form lists the known ones.
func (d *Document) Write(w io.Writer, format string, o Options) error {
	if write := d.own[format]; write != nil {
		return write(w, o)
	}
	switch format {
	case "text":
		return d.text(w, o)
	case "json":
		return writeJSON(w, d.Data)
	case "markdown":
		return d.markdown(w, o)
	case "html":
		return d.html(w)
	}
	return fmt.Errorf("unknown format %q; known are %s", format, strings.Join(d.Formats(), ", "))
}

// writeJSON writes a value as the json form of every document has it.
func writeJSON(w io.Writer, data any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(data)
}

// text writes the body for a terminal or a review.
func (d *Document) text(w io.Writer, o Options) error {
	s := newScreen(w, o)
	for i, b := range d.Body {
		if i > 0 {
			s.line("")
		}
		b.text(s)
	}
	return s.w.Flush()
}

// markdown writes the body for a pull request or a wiki.
func (d *Document) markdown(w io.Writer, o Options) error {
	m := &paper{w: bufio.NewWriter(w), brief: o.Brief}
	for _, b := range d.Body {
		b.markdown(m)
		m.line("")
	}
	if len(d.Problems) > 0 {
		m.line("### Problems of the input")
		m.line("")
		for _, p := range d.Problems {
			m.line("- " + mdText(p.String()))
		}
	}
	return m.w.Flush()
}
