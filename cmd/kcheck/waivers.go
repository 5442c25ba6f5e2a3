package main

import (
	"fmt"
	"maps"
	"path"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/verdict"
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
	Guarantee string         `yaml:"guarantee"`
	Spec      string         `yaml:"spec"`
	Faults    map[string]int `yaml:"faults"`
	Reason    string         `yaml:"reason"`
	Expires   string         `yaml:"expires"`

	at kafkaconf.Position
}

// maxWaiver is how far ahead the last day of a waiver may be: what is accepted for longer belongs into a spec's expect.
const maxWaiver = 366 * 24 * time.Hour

// parseWaivers reads a waiver file. Everything that is wrong with it is in the problems.
func parseWaivers(file string, data []byte) ([]waiver, kafkaconf.Problems) {
	entries, problems := waiverEntries(file, data)
	var list []waiver
	for _, entry := range entries {
		w := waiver{at: formats.YAMLPosition(file, entry)}
		if aliases := ast.Filter(ast.AliasType, entry); len(aliases) > 0 {
			problems.Add(kafkaconf.Failure, formats.YAMLPosition(file, aliases[0]), "", "aliases are not read; write the value itself")
			continue
		}
		if err := yaml.NodeToValue(entry, &w, yaml.Strict()); err != nil {
			problem := formats.YAMLProblem(file, err)
			problem.Message += "; known are guarantee, spec, faults, reason and expires"
			problems = append(problems, problem)
			continue
		}
		for _, message := range w.wrong() {
			problems.Add(kafkaconf.Failure, w.at, "", "%s", message)
		}
		list = append(list, w)
	}
	return list, problems
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
		list = append(list, fmt.Sprintf("expires: %s is no date; write the last day, such as 2027-01-31", formats.Quote(w.Expires)))
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
