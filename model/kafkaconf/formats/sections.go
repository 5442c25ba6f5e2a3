package formats

import (
	"regexp"
	"slices"
	"strings"
)

// Sections is what a file with sections in brackets is taken for.
const Sections = "sections in brackets (INI)"

// sectionLine matches a line that begins a section.
var sectionLine = regexp.MustCompile(`(?m)^[ \t]*\[([A-Za-z0-9_.-]+)\][ \t\r]*$`)

// hasSections claims a file with sections.
func hasSections(c *content) bool { return !c.json() && sectionLine.Match(c.data) }

// section is a part of such a file.
type section struct {
	name       string
	at         Position
	properties []Property
}

// readSections reads a file with sections, as the starters of Python, Go and .NET have them: [default] is for every
// client, [producer] and [consumer] count before it, [topic] and [broker] are those of the cluster.
func readSections(r *reading) {
	sections := r.sections()
	if r.problems.Failed() {
		return
	}
	parts := map[string]Part{"producer": Producer, "consumer": Consumer, "topic": Topic, "broker": Broker, "server": Broker}
	isClient := func(s section) bool {
		return parts[strings.ToLower(s.name)] == Producer || parts[strings.ToLower(s.name)] == Consumer
	}
	shared := func(s section) bool {
		return s.name == "" || slices.Contains([]string{"default", "common", "kafka", "client", "global"}, strings.ToLower(s.name))
	}
	if !slices.ContainsFunc(sections, isClient) {
		r.oneSection(sections, shared)
		return
	}
	r.Librdkafka = true
	for _, s := range sections {
		part, known := parts[strings.ToLower(s.name)]
		switch {
		case known:
			r.Give(part)
			for _, p := range s.properties {
				r.Values = append(r.Values, Value{Part: part, Key: p.Key, Text: p.Value, KeyAt: p.KeyAt, ValueAt: p.ValueAt, Rank: Override})
			}
		case shared(s):
			r.forBoth(s.properties)
		case len(s.properties) > 0:
			r.note("%s: the section [%s] is not read", s.at, s.name)
		}
	}
}

// oneSection reads a file without sections for clients of one kind: what is for every client is a flat list.
func (r *reading) oneSection(sections []section, shared func(section) bool) {
	var read []string
	for _, s := range sections {
		if !shared(s) {
			continue
		}
		read = append(read, s.name)
		for _, p := range s.properties {
			r.put("", p.Key, p.Value, p.KeyAt, p.ValueAt)
		}
	}
	if len(r.Values) == 0 {
		r.fail(Position{r.File, 1, 1}, "", "a file with sections, and none is [default], [kafka], [producer] or [consumer]; give the settings of the client")
		return
	}
	r.Flat, r.Librdkafka = true, true
	r.Format += ", " + shortList(read)
}

// forBoth gives settings to a producer and a consumer, each what it knows.
func (r *reading) forBoth(properties []Property) {
	for _, part := range []Part{Producer, Consumer} {
		r.Give(part)
		other := Producer
		if part == Producer {
			other = Consumer
		}
		for _, p := range properties {
			if r.options.ofClient(part, p.Key) || !r.options.ofClient(other, p.Key) {
				r.put(part, p.Key, p.Value, p.KeyAt, p.ValueAt)
			}
		}
	}
}

// sections takes the file apart. What stands before the first section has no name.
func (r *reading) sections() []section {
	data := r.content.data
	starts := sectionLine.FindAllSubmatchIndex(data, -1)
	var sections []section
	for i := -1; i < len(starts); i++ {
		s, from, to := section{at: Position{r.File, 1, 1}}, 0, len(data)
		if i >= 0 {
			s.name, from = string(data[starts[i][2]:starts[i][3]]), starts[i][1]
			s.at.Line, s.at.Column = lineColumn(data, starts[i][0])
		}
		if i+1 < len(starts) {
			to = starts[i+1][0]
		}
		blank := strings.Repeat("\n", strings.Count(string(data[:from]), "\n"))
		text := strings.ReplaceAll(string(data[from:to]), "\n;", "\n#")
		properties, problems := ParseProperties(r.File, []byte(blank+text))
		r.problems = append(r.problems, problems...)
		s.properties = r.lastOnly(properties)
		sections = append(sections, s)
	}
	return sections
}
