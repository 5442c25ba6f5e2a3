package main

import (
	"reflect"
	"strings"

	"github.com/kcheck/kcheck/model"
)

// controllers is who decides about leaders in a cluster.
type controllers struct {
	name     string
	kraft    bool
	releases model.Releases
}

// controllerKinds are the kinds of controllers, with the releases that run with them.
var controllerKinds = []controllers{
	{"ZooKeeper", false, model.WithZooKeeper},
	{"KRaft", true, model.WithKRaft},
}

// behaviourTopics are the rules of Kafka that differ by version: of brokers of the version with Java clients of the
// same, at their defaults. Where ZooKeeper and KRaft differ in that version, both are shown.
func behaviourTopics(v model.Version) []topic {
	var list []topic
	for _, doc := range model.BehaviourDocs() {
		list = append(list, topic{kind: "behaviour", name: doc.Name, summary: doc.Summary,
			brief: "[" + stateIn(doc.Name, v) + "] " + doc.Summary, fields: []field{{"versions", versionsWith(doc.Name)}}})
	}
	return list
}

// stateIn says whether a version has a behaviour: "on", or "ZooKeeper off, KRaft on".
func stateIn(name string, v model.Version) string {
	var states, words []string
	for _, k := range controllerKinds {
		if !k.releases.Has(v) {
			continue
		}
		state := map[bool]string{true: "on", false: "off"}[has(name, v, k.kraft)]
		states, words = append(states, state), append(words, k.name+" "+state)
	}
	if len(states) == 2 && states[0] != states[1] {
		return strings.Join(words, ", ")
	}
	return states[0]
}

// has says whether brokers of a version have a behaviour, with Java clients of the same version and everything else at
// its default.
func has(name string, v model.Version, kraft bool) bool {
	c := model.DefaultConfig()
	c.Kafka, c.KRaft, c.Prod.Version, c.Cons.Version = v, kraft, v, v
	return reflect.ValueOf(model.BehavioursOf(&c)).FieldByName(name).Bool()
}

// versionsWith says which releases have a behaviour by default: "with ZooKeeper 2.0.1 to 3.9; with KRaft all".
func versionsWith(name string) string {
	var words []string
	for _, k := range controllerKinds {
		words = append(words, "with "+k.name+" "+rangeOf(name, k))
	}
	return strings.Join(words, "; ")
}

// rangeOf says which of the releases that run with a kind of controllers have a behaviour.
func rangeOf(name string, k controllers) string {
	var all, with []model.Version
	for _, v := range model.Released() {
		if !k.releases.Has(v) {
			continue
		}
		all = append(all, v)
		if has(name, v, k.kraft) {
			with = append(with, v)
		}
	}
	if len(with) == 0 {
		return "none by default"
	}
	first, last := with[0], with[len(with)-1]
	switch {
	case len(with) == len(all):
		return "all"
	case last == all[len(all)-1]:
		return "from " + short(first, all, false) + " on"
	}
	return short(first, all, false) + " to " + short(last, all, true)
}

// short writes a release as its line where it is the first or the last of it, whichever it stands for.
func short(v model.Version, all []model.Version, last bool) string {
	var line []model.Version
	for _, other := range all {
		if other.Line() == v.Line() {
			line = append(line, other)
		}
	}
	if !last && v == line[0] || last && v == line[len(line)-1] {
		return v.Line().String()
	}
	return v.String()
}
