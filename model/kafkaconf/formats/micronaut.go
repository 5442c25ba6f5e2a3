package formats

import (
	"regexp"
	"slices"
	"strings"
)

// Micronaut is what a configuration of Micronaut's Kafka module is taken for.
const Micronaut = "Micronaut application"

// isMicronautName says whether a property shows a configuration of Micronaut's Kafka module.
func isMicronautName(name string) bool {
	return micronautName.MatchString(name)
}

// micronautName matches a setting of one client or of one application of Kafka Streams.
var micronautName = regexp.MustCompile(`^kafka\.(?:producers|consumers|streams)\.[^.]+\.[^.]+`)

// readMicronautProperties and readMicronautYAML read application.properties and application.yml of Micronaut.
func readMicronautProperties(r *reading) {
	var all []springProperty
	for _, p := range r.properties() {
		all = append(all, springProperty{p.Key, p.Value, p.Value, p.KeyAt, p.ValueAt})
	}
	r.micronaut(all)
}

func readMicronautYAML(r *reading) {
	var all []springProperty
	for _, document := range r.documents() {
		document.flatten("", func(name string, f field, text string) {
			all = append(all, springProperty{name, text, text, f.at, f.value.at})
		})
	}
	if !r.problems.Failed() {
		r.micronaut(all)
	}
}

// micronaut reads kafka.KEY for all clients, kafka.producers.NAME and kafka.consumers.NAME, of which the one called
// default is for all that have none of their own, and kafka.streams.NAME.
func (r *reading) micronaut(all []springProperty) {
	r.Framework = "micronaut"
	view := &springView{byName: map[string]springProperty{}, exact: true}
	for _, p := range all {
		view.put(p)
	}
	l := newLayers(r)
	groups := map[string]map[string][]springProperty{"producers": {}, "consumers": {}, "streams": {}}
	view.each(func(_ string, p springProperty) {
		rest, found := strings.CutPrefix(p.name, "kafka.")
		group, inner, _ := strings.Cut(rest, ".")
		name, key, _ := strings.Cut(inner, ".")
		p.name = strings.Trim(key, "[]")
		switch {
		case !found || groups[group] != nil && key == "":
		case groups[group] != nil:
			groups[group][name] = append(groups[group][name], p)
		default:
			for _, part := range []Part{Producer, Consumer} {
				if r.options.Knows != nil && r.options.Knows(part, rest) {
					l.set(part, rest, p, 0)
				}
			}
		}
	})
	if streams := groups["streams"]; len(streams) > 0 && (len(groups["producers"])+len(groups["consumers"]) == 0 || r.options.Service == "streams") {
		r.micronautStreams(streams)
		return
	}
	for group, part := range map[string]Part{"producers": Producer, "consumers": Consumer} {
		if len(groups[group]) > 0 {
			r.Give(part)
			r.micronautClient(l, groups[group], part)
		}
	}
	if len(r.Given) == 0 {
		r.note("%s: kafka says nothing of single clients; it is read as that of a producer and a consumer", r.File)
		r.Give(Producer)
		r.Give(Consumer)
	}
	r.uses("micronaut", Position{File: r.File})
	l.emitGiven()
}

// micronautClient reads the settings of one client of a kind, over those of the one called default.
func (r *reading) micronautClient(l *layers, clients map[string][]springProperty, part Part) {
	var names []string
	for name := range clients {
		if name != "default" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	name := ""
	switch {
	case slices.Contains(names, r.options.Service):
		name = r.options.Service
	case len(names) > 0:
		name = names[0]
		decisive := r.micronautDecisive(clients[name], part)
		for _, other := range names[1:] {
			if r.micronautDecisive(clients[other], part) != decisive {
				r.fail(clients[other][0].keyAt, "kafka", "the clients %s and %s have different settings; choose one with --service NAME", Quote(name), Quote(other))
				return
			}
		}
	}
	for level, client := range []string{"default", name} {
		for _, p := range clients[client] {
			l.raw(part, p.name, p, level+1)
		}
	}
}

// micronautDecisive writes down what decides of the settings of a client.
func (r *reading) micronautDecisive(properties []springProperty, part Part) string {
	var lines []string
	for _, p := range properties {
		if r.options.bears(part, p.name) {
			lines = append(lines, p.name+"="+strings.TrimSpace(p.text))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// micronautStreams reads the settings of the application of Kafka Streams that was asked for, or of the first.
func (r *reading) micronautStreams(streams map[string][]springProperty) {
	names := []string{}
	for name := range streams {
		names = append(names, name)
	}
	slices.Sort(names)
	if len(names) > 1 {
		r.note("%s: of the applications %s of Kafka Streams %s is read", r.File, shortList(names), names[0])
	}
	var properties []Property
	for _, p := range streams[names[0]] {
		properties = append(properties, Property{p.name, p.text, p.keyAt, p.valueAt})
	}
	r.streams(properties, properties[0].KeyAt)
}
