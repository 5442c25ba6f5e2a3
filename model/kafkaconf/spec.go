package kafkaconf

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// spec is a spec file as it was written: the question, and the values of its parts.
type spec struct {
	file       string
	parsed     bool // the file is YAML, whatever else is wrong with it
	unread     bool // a file that it names could not be read, so that what is missing may not be missing
	asks       bool // it names guarantees, if not readable ones
	about      string
	kafka      *word
	guarantees []word
	counted    *word
	faults     *word // "none", "standard" or "a=1,b=2"; nil when left out
	expect     map[string]word
	expectAll  *word
	sources    []Source // the spec's own values first, then the files that it names
}

// specKeys are the keys that a spec may have at the top.
var specKeys = []string{
	"about", "kafka", "guarantee", "counted", "producer", "topic", "broker", "controller", "consumer", "group", "downstream",
	"features", "app", "model", "faults", "scope", "expect", "files",
}

// specReader reads one spec.
type specReader struct {
	yamlReader
	spec    spec
	own     Source
	request Request
}

// readSpec reads a spec and the configuration files that it names.
func readSpec(file string, data []byte, request Request) (spec, Problems) {
	r := specReader{yamlReader: yamlReader{file: file}, request: request}
	r.spec = spec{file: file}
	r.own = Source{File: file, Format: "spec"}
	fields, ok := r.document(data)
	if !ok {
		return r.spec, r.problems
	}
	r.spec.parsed = true
	for _, f := range fields {
		r.top(f)
	}
	r.spec.sources = append([]Source{r.own}, r.spec.sources...)
	return r.spec, r.problems
}

// top reads one key at the top of the spec.
func (r *specReader) top(f field) {
	if part, ok := ParsePart(f.key); ok {
		r.part(part, f)
		return
	}
	switch f.key {
	case "about":
		r.spec.about, _ = r.text(f.value, f.key)
	case "kafka":
		r.spec.kafka = r.word(f)
	case "guarantee":
		r.spec.asks = true
		r.spec.guarantees = r.list(f.value, f.key)
		if _, several := f.value.(*ast.SequenceNode); !several && len(r.spec.guarantees) == 1 {
			r.spec.guarantees[0].at = f.at
		} else if several && len(r.spec.guarantees) == 0 {
			r.problems.Add(Failure, f.at, f.key, "names no guarantee; write one of %s", strings.Join(GuaranteeNames, " "))
		}
	case "counted":
		r.spec.counted = r.word(f)
	case "faults":
		r.faults(f)
	case "expect":
		r.expect(f)
	case "files":
		r.files(f)
	default:
		r.problems.Add(Failure, f.at, f.key, "unknown key; %s",
			didYouMean(f.key, specKeys, "a spec has "+strings.Join(specKeys, " ")))
	}
}

// word reads a scalar.
func (r *specReader) word(f field) *word {
	s, ok := r.text(f.value, f.key)
	if !ok {
		return nil
	}
	return &word{s, f.at}
}

// part reads the mapping of a part, or the file that is named in its place.
func (r *specReader) part(p Part, f field) {
	r.own.Give(p)
	if isPlainText(f.value) || isList(f.value) {
		r.partFiles(p, f)
		return
	}
	fields, _ := r.mapping(f.value, f.key)
	for _, entry := range fields {
		name := joinKey(f.key, entry.key)
		words := r.list(entry.value, name)
		if len(words) == 0 {
			continue
		}
		texts := make([]string, len(words))
		for i, w := range words {
			texts[i] = w.text
		}
		r.own.Values = append(r.own.Values, Value{
			Part: p, Key: entry.key, Text: strings.Join(texts, ","), KeyAt: entry.at, ValueAt: words[0].at,
		})
	}
}

// faults reads the fault budget: a mapping, one of the words none and standard, or a list as --faults takes it.
func (r *specReader) faults(f field) {
	if isList(f.value) {
		var entries []string
		for _, w := range r.list(f.value, f.key) {
			entries = append(entries, w.text)
		}
		r.spec.faults = &word{strings.Join(entries, ","), f.at}
		return
	}
	if isPlainText(f.value) {
		r.spec.faults = r.word(f)
		return
	}
	fields, ok := r.mapping(f.value, f.key)
	if !ok {
		return
	}
	parts := []string{}
	for _, entry := range fields {
		name := joinKey(f.key, entry.key)
		if s, ok := r.text(entry.value, name); ok {
			r.checkFault(entry.key, s, name, entry.at)
			parts = append(parts, entry.key+"="+s)
		}
	}
	r.spec.faults = &word{strings.Join(parts, ","), f.at}
	if len(parts) == 0 {
		r.spec.faults.text = "none"
	}
}

func (r *specReader) checkFault(name, count, key string, at Position) {
	if wrong := parseFault(name, count, &model.Budget{}, &model.Bounds{}); wrong != "" {
		r.problems.Add(Failure, at, key, "%s", wrong)
	}
}

// expectWords are what a spec may expect of a guarantee.
var expectWords = []string{"holds", "violated", "vacuous", "refused"}

// expect reads one word for all guarantees, or a mapping from guarantee to word.
func (r *specReader) expect(f field) {
	if _, isMapping := f.value.(ast.MapNode); !isMapping {
		if w := r.word(f); w != nil && r.expectWord(*w, f.key) {
			r.spec.expectAll = w
		}
		return
	}
	r.spec.expect = map[string]word{}
	fields, _ := r.mapping(f.value, f.key)
	for _, entry := range fields {
		name := joinKey(f.key, entry.key)
		if !slices.Contains(GuaranteeNames, entry.key) {
			r.problems.Add(Failure, entry.at, name, "unknown guarantee; %s",
				didYouMean(entry.key, GuaranteeNames, "known are "+strings.Join(GuaranteeNames, " ")))
			continue
		}
		if s, ok := r.text(entry.value, name); ok {
			w := word{s, entry.at}
			if r.expectWord(w, name) {
				r.spec.expect[entry.key] = w
			}
		}
	}
}

func (r *specReader) expectWord(w word, key string) bool {
	if slices.Contains(expectWords, w.text) {
		return true
	}
	r.problems.Add(Failure, w.at, key, "%s is not a verdict; write %s", formats.QuoteWord(w.text), formats.OrList(expectWords))
	return false
}
