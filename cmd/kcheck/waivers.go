package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/verdict"
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

	line, column int
}

// parseWaivers reads a waiver file. Everything that is wrong with it is in the error, one line each.
func parseWaivers(file string, data []byte) ([]waiver, error) {
	var document struct {
		Waivers []waiver `yaml:"waivers"`
	}
	err := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict()).Decode(&document)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, errors.New(waiverPlace(file, err))
	}
	if len(document.Waivers) == 0 {
		return nil, fmt.Errorf("%s: no waivers in it; write waivers: and a list of guarantee, reason and expires", file)
	}
	var wrong []error
	lines := waiverLines(data)
	for i := range document.Waivers {
		w := &document.Waivers[i]
		if i < len(lines) {
			w.line, w.column = lines[i], 1
		}
		for _, message := range w.wrong() {
			wrong = append(wrong, fmt.Errorf("%s:%d:%d: %s", file, w.line, w.column, message))
		}
	}
	return document.Waivers, errors.Join(wrong...)
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
		list = append(list, "reason: is missing; write why the violation can be lived with")
	}
	if _, err := time.Parse(time.DateOnly, w.Expires); err != nil {
		list = append(list, fmt.Sprintf("expires: %q is no date; write the last day, such as 2027-01-31", w.Expires))
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

// yamlPlace is how the YAML decoder begins its errors.
var yamlPlace = regexp.MustCompile(`^\[(\d+):(\d+)\] *`)

// waiverPlace makes one line of an error of the YAML decoder.
func waiverPlace(file string, err error) string {
	first, _, _ := strings.Cut(err.Error(), "\n")
	if m := yamlPlace.FindStringSubmatch(first); m != nil {
		return fmt.Sprintf("%s:%s:%s: %s; known are guarantee, spec, faults, reason and expires", file, m[1], m[2],
			strings.TrimPrefix(first, m[0]))
	}
	return file + ": " + first
}

// waiverItem is the beginning of an entry of the list.
var waiverItem = regexp.MustCompile(`^\s*-\s`)

// waiverLines are the lines at which the entries begin.
func waiverLines(data []byte) []int {
	var lines []int
	for i, l := range strings.Split(string(data), "\n") {
		if waiverItem.MatchString(l) {
			lines = append(lines, i+1)
		}
	}
	return lines
}
