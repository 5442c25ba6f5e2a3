package lsp

import (
	"context"
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/invariants/repair"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// finding is what a check of a document found.
type finding struct {
	request  kafkaconf.Request
	resolved *kafkaconf.Resolved // nil where the document cannot be read
	problems kafkaconf.Problems
	report   *verdict.Report
}

// look checks a document. What is no configuration of Kafka has neither problems nor results.
func look(ctx context.Context, d *document, read func(string) ([]byte, error), o verdict.Options) *finding {
	f := &finding{request: kafkaconf.Request{Files: []string{d.path}, ReadFile: read}, report: verdict.NewReport()}
	if !isConfiguration(f.request, d) {
		return f
	}
	resolved, err := kafkaconf.Load(f.request)
	f.problems = kafkaconf.ProblemsOf(resolved, err)
	if resolved == nil {
		return f
	}
	f.resolved = resolved
	f.report, _ = verdict.CheckFiles(ctx, f.request, o) // the problems are those above
	return f
}

// isConfiguration says whether a document is a spec or a configuration of Kafka: an editor opens other files too.
func isConfiguration(request kafkaconf.Request, d *document) bool {
	if kafkaconf.IsSpec(d.path, []byte(d.text)) {
		return true
	}
	source, _ := request.ReadSource(d.path, []byte(d.text)) // what is wrong with it is said when it is loaded
	return len(source.Given) > 0
}

// diagnostics are the problems of the document, and each violation at the lines of its cause.
func (f *finding) diagnostics(d *document) []diagnostic {
	list := []diagnostic{}
	for _, p := range f.problems {
		if p.File != d.path && p.File != "" {
			continue
		}
		severity := severityError
		if p.Severity == kafkaconf.Warning {
			severity = severityWarning
		}
		list = append(list, diagnostic{d.at(p.Line, p.Column), severity, p.Key, "kcheck", p.Message})
	}
	for i := range f.report.Results {
		if r := &f.report.Results[i]; r.Verdict == verdict.Violated {
			list = append(list, f.violation(d, r)...)
		}
	}
	return list
}

// violation is a violation, at each setting of the document whose change removes it, or else at the beginning.
func (f *finding) violation(d *document, r *verdict.Result) []diagnostic {
	severity := severityError
	if r.Informational || r.Expected == verdict.Violated {
		severity = severityInformation
	}
	var list []diagnostic
	for _, c := range r.Cause {
		if e := f.effective(c.Key); e != nil && e.At.File == d.path && e.At.Line > 0 {
			list = append(list, diagnostic{d.at(e.At.Line, e.At.Column), severity, r.Guarantee, "kcheck",
				fmt.Sprintf("%s: %s It takes %s. With %s=%s it does not happen.", r.Guarantee, r.Headline, verdict.FaultSet(r.Faults), c.Key, c.Instead)})
		}
	}
	if len(list) == 0 {
		list = append(list, diagnostic{d.at(1, 1), severity, r.Guarantee, "kcheck", fmt.Sprintf("%s: %s It takes %s.", r.Guarantee, r.Headline, verdict.FaultSet(r.Faults))})
	}
	return list
}

// effective is a setting of the question, by its key with its part; nil without one.
func (f *finding) effective(key string) *kafkaconf.EffectiveSetting {
	if f.resolved == nil {
		return nil
	}
	for i := range f.resolved.Effective {
		if e := &f.resolved.Effective[i]; e.Name() == key {
			return e
		}
	}
	return nil
}

// actions are the fixes that can be written into the documents.
func (s *server) actions(p codeActionParams) []codeAction {
	s.mu.Lock()
	d := s.documents[p.TextDocument.URI]
	s.mu.Unlock()
	list := []codeAction{}
	if d == nil || d.found == nil || d.found.resolved == nil {
		return list
	}
	for i := range d.found.report.Results {
		r := &d.found.report.Results[i]
		if r.Fix == nil {
			continue
		}
		values, words := map[string]string{}, []string{}
		for _, c := range r.Fix.Changes {
			values[c.Key] = c.To
			words = append(words, c.Key+"="+c.To)
		}
		files, ok := repair.Edit(d.found.request, d.found.resolved, values)
		text, here := files[d.path]
		if !ok || !here || len(files) > 1 {
			continue
		}
		list = append(list, codeAction{Title: "kcheck: " + strings.Join(words, ", ") + ", so that " + r.Guarantee + " holds", Kind: "quickfix", IsPreferred: true,
			Edit: workspaceEdit{map[string][]textEdit{d.uri: {editOf(d.text, text)}}}})
	}
	return list
}

// hover explains the setting of a line, or the name under the pointer.
func (s *server) hover(p hoverParams) any {
	s.mu.Lock()
	d := s.documents[p.TextDocument.URI]
	s.mu.Unlock()
	if d == nil {
		return nil
	}
	names := []string{d.wordAt(p.Position)}
	if d.found != nil && d.found.resolved != nil {
		for _, e := range d.found.resolved.Effective {
			if e.At.File == d.path && e.At.Line == p.Position.Line+1 && (e.Key == names[0] || len(names) == 1) {
				names = append([]string{e.Name()}, names...)
			}
		}
	}
	for _, name := range names {
		if text := s.options.Explain(name); name != "" && text != "" {
			return hover{Contents: markup{"markdown", text}}
		}
	}
	return nil
}
