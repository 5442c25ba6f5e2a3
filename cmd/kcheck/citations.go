package main

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
	"github.com/kcheck/kcheck/model"
)

// reference matches what a source names in Kafka: a class, with or without a method (Partition.maybeShrinkIsr), a KIP
// or an issue.
var reference = regexp.MustCompile(`\b(KIP-\d+|KAFKA-\d+|[A-Z][A-Za-z0-9]*(\.[A-Za-z]\w*)?)`)

// citation is a topic whose sources name something.
type citation struct {
	topic  *topic
	source string
}

// sources are the paragraphs of a topic that say where in Kafka it comes from.
func (t *topic) sources() []string {
	var list []string
	label := ""
	for _, f := range t.fields {
		if f.label != "" {
			label = f.label
		}
		if label == "source" {
			list = append(list, f.text)
		}
	}
	return list
}

// citing finds the actions, guarantees, terms and settings whose sources name a class of Kafka, a method, a KIP or an
// issue, and all names of that sort. The case of letters does not matter.
func citing(name string) (found []citation, known []string) {
	for _, k := range kinds {
		if k.name == "faults" {
			continue // their sources are those of their actions
		}
		for _, t := range k.topics(model.Newest) {
			for _, source := range t.sources() {
				names := referencesIn(source)
				known = append(known, names...)
				if slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) }) {
					found = append(found, citation{&t, source})
				}
			}
		}
	}
	return found, known
}

// referencesIn are the classes, methods, KIPs and issues that a source names: of Partition.maybeShrinkIsr both the whole
// and the class.
func referencesIn(source string) []string {
	var list []string
	for _, n := range reference.FindAllString(source, -1) {
		list = append(list, n)
		if class, _, method := strings.Cut(n, "."); method {
			list = append(list, class)
		}
	}
	return list
}

// writeCitations says what of kcheck cites something of Kafka.
func writeCitations(w io.Writer, name string, found []citation) {
	fmt.Fprintf(w, "%s (in Kafka's sources)\n\n  kcheck cites it as the source of\n\n", name)
	column := 0
	for _, c := range found {
		column = max(column, len(c.topic.name)+len(c.topic.kind)+3)
	}
	for _, c := range found {
		title := fmt.Sprintf("%s (%s)", c.topic.name, c.topic.kind)
		fmt.Fprintln(w, wrap.Indent(2, 4+column, fmt.Sprintf("%-*s  %s", column, title, c.source), screen(w).Width))
	}
}
