package main

import (
	"errors"
	"io"
	"slices"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/whatif/page"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// whatIf is the form of "kcheck check" that is a page in which everything can be switched.
const whatIf = "what-if"

// checkWhatIf says why there can be no what-if page, before any work is done.
func (c *checkCommand) checkWhatIf(requests []kafkaconf.Request) error {
	switch {
	case c.form.format != whatIf:
		return nil
	case page.Available() != nil:
		return page.Available()
	case len(requests) > 1:
		return errors.New("--format what-if: the page has one question; name one spec, or the configuration files of one system")
	case len(requests) == 0:
		return status(verdict.ExitError) // the problems are printed
	}
	return nil
}

// whatIfPage writes the what-if page of a question that was answered.
func whatIfPage(request kafkaconf.Request, answered *verdict.Report) func(io.Writer) error {
	return func(w io.Writer) error { return page.Write(w, request, answered, index()) }
}

// index is everything that has a name, for the page.
func index() []page.Entry {
	var all []page.Entry
	for _, k := range kinds {
		for _, t := range k.topics(model.Newest) {
			all = append(all, t.entry())
		}
	}
	return all
}

// entry is a topic as the page has it.
func (t *topic) entry() page.Entry {
	e := page.Entry{Kind: t.kind, Name: t.name, Summary: t.summary}
	for _, a := range t.aliases {
		if a != t.name && !slices.Contains(e.Aliases, a) {
			e.Aliases = append(e.Aliases, a)
		}
	}
	for _, f := range t.fields {
		if f.text == "" {
			continue
		}
		e.Fields = append(e.Fields, page.Field{Label: f.label, Text: f.text})
		if t.kind == "spec" && f.label == "file" {
			e.Opens = f.text
		}
	}
	for _, v := range t.values {
		e.Fields = append(e.Fields, page.Field{Label: v.value, Text: v.text})
	}
	return e
}
