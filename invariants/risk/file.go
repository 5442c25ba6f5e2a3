package risk

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
	"github.com/kcheck/kcheck/model/kafkaconf/nearest"
)

// Read reads a file of rates: what it names replaces the defaults. Every problem is one line with its place.
func Read(file string, data []byte) (*Rates, kafkaconf.Problems) {
	r := &ratesReader{file: file, rates: Default()}
	parsed, problems := formats.ParseYAML(file, data)
	r.problems = problems
	if parsed == nil {
		return nil, r.problems
	}
	if len(parsed.Docs) == 0 || parsed.Docs[0].Body == nil {
		r.problems.Add(kafkaconf.Failure, kafkaconf.Position{File: file}, "", "the file is empty; kcheck risk --print-rates writes one")
		return nil, r.problems
	}
	entries := r.mapping(parsed.Docs[0].Body, "")
	for _, e := range entries {
		if e.name == "defaults" {
			r.defaults(e)
		}
	}
	for _, e := range entries {
		r.entry(e)
	}
	if wrong := r.rates.check(); wrong != "" && len(r.problems) == 0 {
		r.problems.Add(kafkaconf.Failure, r.at(messagesKey), messagesKey, "%s", wrong)
	}
	return r.rates, r.problems
}

// ratesReader reads a file of rates.
type ratesReader struct {
	file     string
	rates    *Rates
	problems kafkaconf.Problems
	places   map[string]kafkaconf.Position
}

// ratesEntry is an entry of a mapping.
type ratesEntry struct {
	name  string
	at    kafkaconf.Position
	value ast.Node
}

// at is where a key was given, or the file.
func (r *ratesReader) at(key string) kafkaconf.Position {
	if p, ok := r.places[key]; ok {
		return p
	}
	return kafkaconf.Position{File: r.file}
}

// mapping lists the entries of a mapping.
func (r *ratesReader) mapping(n ast.Node, key string) []ratesEntry {
	var values []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.NullNode:
		return nil
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		r.problems.Add(kafkaconf.Failure, formats.YAMLPosition(r.file, n), key, "expected a mapping; write key: value lines")
		return nil
	}
	var list []ratesEntry
	seen := map[string]bool{}
	for _, v := range values {
		e := ratesEntry{v.Key.GetToken().Value, formats.YAMLPosition(r.file, v.Key), v.Value}
		if seen[e.name] {
			r.problems.Add(kafkaconf.Failure, e.at, e.name, "is given twice; write it once")
			continue
		}
		seen[e.name] = true
		list = append(list, e)
	}
	return list
}

// defaults reads the entry that switches the defaults of faults off.
func (r *ratesReader) defaults(e ratesEntry) {
	if e.value.GetToken().Value != noneWord {
		r.problems.Add(kafkaconf.Failure, e.at, e.name, "%s is not known here; write defaults: none, or leave it out", formats.QuoteWord(e.value.GetToken().Value))
		return
	}
	r.rates.withoutFaults()
}

// entry reads an entry of the file.
func (r *ratesReader) entry(e ratesEntry) {
	switch e.name {
	case "defaults":
	case messagesKey:
		r.set(messagesKey, e)
	case "faults", "steps":
		for _, inner := range r.mapping(e.value, e.name) {
			r.set(e.name+"."+inner.name, inner)
		}
	default:
		r.problems.Add(kafkaconf.Failure, e.at, e.name, "is not known here; known are defaults, messages, faults and steps")
	}
}

// set reads one value.
func (r *ratesReader) set(key string, e ratesEntry) {
	if !known(key) {
		part, _, _ := strings.Cut(key, ".")
		var names []string
		for _, d := range defaults {
			if name, ok := strings.CutPrefix(d.key, part+"."); ok {
				names = append(names, name)
			}
		}
		message := "is not known; known are " + strings.Join(names, " ")
		if near := nearest.Of(e.name, names); near != "" {
			message = fmt.Sprintf("is not known; did you mean %s?", near)
		}
		r.problems.Add(kafkaconf.Failure, e.at, key, "%s", message)
		return
	}
	if _, nested := e.value.(*ast.MappingNode); nested {
		r.problems.Add(kafkaconf.Failure, e.at, key, "expected a value such as %s", Default().values[key].Text)
		return
	}
	if wrong := r.rates.Set(key, strings.TrimSpace(e.value.GetToken().Value), e.at.String()); wrong != "" {
		r.problems.Add(kafkaconf.Failure, e.at, key, "%s", wrong)
	}
	if r.places == nil {
		r.places = map[string]kafkaconf.Position{}
	}
	r.places[key] = e.at
}
