package report

import (
	"io"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// Check is the report of "kcheck check" as a document. All its forms are its own, and it has more of them than others:
// test views and code scanning read JUnit and SARIF, Graphviz reads DOT, and a wiki without Mermaid shows SVG.
func Check(r *verdict.Report) *Document {
	clean := cleaned(r)
	d := &Document{Title: "report", Data: r, Problems: clean.Problems, own: map[string]func(io.Writer, Options) error{}}
	for name, write := range map[string]func(io.Writer, *verdict.Report, Options) error{
		"text": writeCheckText, "markdown": writeCheckMarkdown, "html": writeCheckHTML, "junit": writeJUnit,
		"sarif": writeSARIF, "dot": writeDOT, "svg": writeSVG,
	} {
		d.own[name] = func(w io.Writer, o Options) error { return write(w, clean, o) }
	}
	return d
}
