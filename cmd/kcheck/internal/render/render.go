// Package render turns the JSON result of kcheck into the forms in which people read it.
//
// A renderer knows the [verdict.Report] and nothing else: not the model, not the files the configuration came from.
// What a form needs has to be in the result. So a result that was saved can be rendered again, in any form, by another
// program on another machine ("kcheck trace").
//
// Each form is one file that adds a [Renderer] to the table below.
package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// Options says what the reader's end can show.
type Options struct {
	Width int  // columns; 0 is 80
	Color bool // terminal colours; every form is readable without
}

// Renderer writes a report in one form.
type Renderer struct {
	Name  string // what --format takes
	About string // one line for the help text
	Write func(w io.Writer, r *verdict.Report, o Options) error
}

// renderers are all forms, in the order in which the help text lists them.
var renderers = []Renderer{
	{Name: "text", About: "for a terminal or a review, 80 columns", Write: writeText},
	{Name: "json", About: "everything, for programs and for kcheck trace", Write: writeJSON},
	{Name: "markdown", About: "for a pull request or a wiki, with Mermaid diagrams", Write: writeMarkdown},
	{Name: "html", About: "one page to step through, with everything in it", Write: writeHTML},
	{Name: "junit", About: "for the test view of a CI system", Write: writeJUnit},
	{Name: "sarif", About: "SARIF 2.1.0, for code scanning", Write: writeSARIF},
	{Name: "dot", About: "a graph for Graphviz", Write: writeDOT},
}

// Formats are the names that --format takes.
func Formats() []string {
	names := make([]string, len(renderers))
	for i, r := range renderers {
		names[i] = r.Name
	}
	return names
}

// Lookup finds a form by its name. The error lists what would be right.
func Lookup(format string) (Renderer, error) {
	for _, r := range renderers {
		if r.Name == format {
			return r, nil
		}
	}
	return Renderer{}, fmt.Errorf("unknown format %q; known are %s", format, strings.Join(Formats(), ", "))
}
