package main

import (
	"path"
	"strings"

	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/specs"
)

// topic is one thing that has a name: what "kcheck list" lists and "kcheck explain" explains.
type topic struct {
	kind, name string
	aliases    []string // other names that find it
	summary    string
	brief      string // the line of a list; empty for the summary
	fields     []field
	values     []meaning // what each value of a setting means
}

// meaning is one value of a setting, with the code of a program that has it.
type meaning struct{ value, text, code string }

// field is one labelled paragraph of an explanation.
type field struct{ label, text string }

// kind is one kind of topic.
type kind struct {
	name, about string
	topics      func(v model.Version) []topic
}

// kinds are all kinds of topic, in the order in which they are listed.
var kinds = []kind{
	{"guarantees", "what can be asked", guaranteeTopics},
	{"faults", "what can go wrong, for --faults", faultTopics},
	{"settings", "Kafka's settings that have a bearing on delivery, with their defaults", settingTopics},
	{"frameworks", "what application code is written with, for app.framework: each sets keys of app and settings of Kafka", frameworkTopics},
	{"behaviours", "rules of Kafka that differ by version", behaviourTopics},
	{"actions", "the steps of the model", actionTopics},
	{"terms", "words that reports and specs use", termTopics},
	{"specs", "scenarios that are built in", specTopics},
}

// kindNames are the names of the kinds.
func kindNames() []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.name
	}
	return names
}

// guaranteeTopics are the guarantees with claim, source and witness.
func guaranteeTopics(model.Version) []topic {
	var list []topic
	for _, g := range invariants.All() {
		fields := []field{{"witness", g.Witness}, {"source", g.Source}}
		if g.Detail != "" {
			fields = append([]field{{"meaning", g.Detail}}, fields...)
		}
		list = append(list, topic{kind: "guarantee", name: g.Name, summary: "holds when " + g.Claim, brief: g.Claim,
			fields: fields})
	}
	return list
}

// faultTopics are the kinds of fault, each with the actions of the model that are occurrences of it.
func faultTopics(model.Version) []topic {
	byFault := map[model.FaultKind][]model.Action{}
	for _, a := range model.Actions() {
		if a.IsFault() {
			byFault[a.Fault] = append(byFault[a.Fault], a)
		}
	}
	var list []topic
	for _, kind := range model.FaultKinds(nil) {
		f := kind.Fault()
		t := topic{kind: "fault", name: f.Name, summary: f.Doc, brief: firstSentence(f.Doc)}
		if f.Standard > 0 {
			t.fields = append(t.fields, field{"budget", "one occurrence is in the standard budget"})
		}
		for _, a := range byFault[kind] {
			t.fields = append(t.fields, field{"action", a.Doc.Summary})
			t.fields = append(t.fields, actionFields(a.Doc)...)
		}
		list = append(list, t)
	}
	return list
}

// actionTopics are the actions of the model.
func actionTopics(model.Version) []topic {
	var list []topic
	for _, a := range model.Actions() {
		t := topic{kind: "action", name: a.Name, summary: a.Doc.Summary,
			brief: strings.TrimPrefix(strings.TrimPrefix(a.Doc.Summary, a.Name+" "), "is ")}
		if a.IsFault() {
			t.fields = append(t.fields, field{"fault", a.Fault.String()})
		}
		t.fields = append(t.fields, field{"actor", a.Actor})
		t.fields = append(t.fields, actionFields(a.Doc)...)
		list = append(list, t)
	}
	return list
}

// actionFields are the paragraphs of an action's documentation.
func actionFields(a model.Doc) []field {
	fields := []field{{"guard", a.Guard}, {"effect", a.Effect}, {"abstracts", a.Abstracts}}
	for i, s := range a.Sources {
		fields = append(fields, field{[]string{"source", ""}[min(i, 1)], s})
	}
	return fields
}

// firstSentence is a text up to its first full stop.
func firstSentence(text string) string {
	if first, _, more := strings.Cut(text, ". "); more {
		return first + "."
	}
	return text
}

// specTopics are the built-in specs with what each is about.
func specTopics(model.Version) []topic {
	var list []topic
	for _, name := range specs.Names() {
		short := strings.TrimSuffix(name, ".yaml")
		base := path.Base(short)
		list = append(list, topic{kind: "spec", name: base, aliases: specs.Aliases(name), summary: specs.About(name),
			fields: []field{{"also", strings.Join(specs.Aliases(name), ", ")}, {"file", name}, {"check it", "kcheck check " + base}}})
	}
	return list
}
