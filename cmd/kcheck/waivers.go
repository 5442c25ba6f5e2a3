package main

import (
	"fmt"
	"maps"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// waiver is one entry of a waiver file: a violation that people have decided to live with until a day.
//
//	waivers:
//	  - guarantee: at-least-once
//	    spec: configs/orders.yaml     # optional; may have * as in a path pattern
//	    faults: {broker-crash: 1}     # optional: only where it takes exactly these faults
//	    reason: acks=1 is accepted for metrics until the move to the new cluster (OPS-311)
//	    expires: 2027-01-31           # the last day
type waiver struct {
	Guarantee string
	Spec      string
	Faults    map[string]int
	Reason    string
	Expires   string

	at kafkaconf.Position
}

// maxWaiver is how far ahead the last day of a waiver may be: what is accepted for longer belongs into a spec's expect.
const maxWaiver = 366 * 24 * time.Hour

// parseWaivers reads a waiver file. Everything that is wrong with it is in the problems.
func parseWaivers(file string, data []byte) ([]waiver, kafkaconf.Problems) {
	entries, problems := waiverEntries(file, data)
	r := waiverReader{file: file, problems: problems}
	var list []waiver
	for _, entry := range entries {
		w, readable := r.waiver(entry)
		if !readable {
			continue
		}
		for _, message := range w.wrong() {
			r.problems.Add(kafkaconf.Failure, w.at, "", "%s", message)
		}
		list = append(list, w)
	}
	return list, r.problems
}

// waiverReader reads the entries of a waiver file.
type waiverReader struct {
	file     string
	problems kafkaconf.Problems
}

// fail notes a problem at a node.
func (r *waiverReader) fail(n ast.Node, key, format string, args ...any) {
	r.problems.Add(kafkaconf.Failure, formats.YAMLPosition(r.file, n), key, format, args...)
}

// waiver reads one entry.
func (r *waiverReader) waiver(entry ast.Node) (w waiver, readable bool) {
	w.at = formats.YAMLPosition(r.file, entry)
	before := len(r.problems)
	texts := map[string]*string{"guarantee": &w.Guarantee, "spec": &w.Spec, "reason": &w.Reason, "expires": &w.Expires}
	for _, field := range r.fields(entry, "", "write guarantee, reason and expires, each with its value") {
		key := field.Key.GetToken().Value
		switch text, isText := texts[key]; {
		case isText:
			*text = r.text(field.Value, key)
		case key == "faults":
			w.Faults = r.faults(field.Value)
		default:
			r.fail(field.Key, key, "is not known here; known are guarantee, spec, faults, reason and expires")
		}
	}
	return w, len(r.problems) == before
}

// fields are the entries of a mapping.
func (r *waiverReader) fields(n ast.Node, key, remedy string) []*ast.MappingValueNode {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	}
	r.fail(n, key, "expected a mapping; %s", remedy)
	return nil
}

// text reads one value.
func (r *waiverReader) text(n ast.Node, key string) string {
	switch n := n.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value
	case *ast.LiteralNode:
		return n.Value.Value
	case *ast.AliasNode, *ast.AnchorNode, *ast.TagNode:
		r.fail(n, key, "aliases, anchors and tags are not read; write the value itself")
	case *ast.NullNode:
		r.fail(n, key, "has no value; write one, or leave %s out", key)
	default:
		r.fail(n, key, "expected one value; found a list or a mapping")
	}
	return ""
}

// faults reads a set of faults.
func (r *waiverReader) faults(n ast.Node) map[string]int {
	set := map[string]int{}
	for _, field := range r.fields(n, "faults", "write faults: {broker-crash: 1}, or leave it out") {
		name := field.Key.GetToken().Value
		if _, err := model.ParseFault(name); err != nil {
			r.fail(field.Key, "faults", "%s", err)
			continue
		}
		text := r.text(field.Value, "faults."+name)
		number, err := strconv.Atoi(text)
		if err != nil || number < 1 || number > model.MaxOccurrences {
			r.fail(field.Value, "faults."+name, "%s is no number of occurrences; write 1 to %d", formats.QuoteWord(text), model.MaxOccurrences)
			continue
		}
		set[name] = number
	}
	return set
}

// waiverEntries are the entries of the list in a waiver file.
func waiverEntries(file string, data []byte) ([]ast.Node, kafkaconf.Problems) {
	parsed, problems := formats.ParseYAML(file, data)
	if parsed == nil {
		return nil, problems
	}
	var found []ast.Node
	for _, document := range parsed.Docs {
		root, isMap := document.Body.(*ast.MappingNode)
		if !isMap {
			continue
		}
		for _, entry := range root.Values {
			if entries, isList := entry.Value.(*ast.SequenceNode); isList && entry.Key.String() == "waivers" {
				found = append(found, entries.Values...)
				continue
			}
			problems.Add(kafkaconf.Failure, formats.YAMLPosition(file, entry.Key), "", "%s is not read; write waivers: and a list",
				formats.Quote(entry.Key.String()))
		}
	}
	if len(found) == 0 && len(problems) == 0 {
		problems.Add(kafkaconf.Failure, kafkaconf.Position{File: file}, "", "no waivers in it; write waivers: and a list of guarantee, reason and expires")
	}
	return found, problems
}

// wrong lists what is wrong with a waiver.
func (w *waiver) wrong() []string {
	var list []string
	if w.Guarantee == "" {
		list = append(list, "guarantee: is missing; write which guarantee is waived")
	} else if _, err := invariants.Lookup(w.Guarantee); err != nil {
		list = append(list, "guarantee: "+err.Error())
	}
	if strings.TrimSpace(w.Reason) == "" {
		list = append(list, "reason: is missing; write why the violation is accepted")
	}
	now, _ := time.Parse(time.DateOnly, today())
	switch last, err := time.Parse(time.DateOnly, w.Expires); {
	case err != nil:
		list = append(list, fmt.Sprintf("expires: %s is no date; write the last day, such as 2027-01-31", formats.QuoteWord(w.Expires)))
	case last.Sub(now) > maxWaiver:
		list = append(list, "expires: "+w.Expires+" is more than a year ahead; write an earlier day, or expect: violated in the spec")
	}
	if _, err := path.Match(w.Spec, ""); err != nil {
		list = append(list, fmt.Sprintf("spec: %q is no pattern; write a path, or one with *", w.Spec))
	}
	return list
}

// apply waives a result that it is about, and says whether it is. After its last day it only says that it has expired.
func (w *waiver) apply(r *verdict.Result, today string) bool {
	if r.Verdict != verdict.Violated || r.Guarantee != w.Guarantee {
		return false
	}
	if matched, _ := path.Match(w.Spec, r.Spec); w.Spec != "" && !matched {
		return false
	}
	if w.Faults != nil && !maps.Equal(w.Faults, r.Faults) {
		return false
	}
	r.Waived = &verdict.Waiver{Reason: w.Reason, Expires: w.Expires, Expired: today > w.Expires}
	return true
}
