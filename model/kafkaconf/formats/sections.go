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

// words are the words of a section's name: kafka_client, kafka.consumer, Producer.
func (s section) words() []string {
	return strings.FieldsFunc(strings.ToLower(s.name), func(c rune) bool { return c == '_' || c == '-' || c == '.' })
}

// part is whose settings a section has; empty where it is for every client, or none of Kafka's.
func (s section) part() Part {
	parts := map[string]Part{"producer": Producer, "consumer": Consumer, "topic": Topic, "broker": Broker, "server": Broker}
	for i, word := range s.words() {
		if part := parts[word]; part != "" && (i == 0 || s.words()[0] == "kafka") {
			return part
		}
	}
	return ""
}

// shared says whether a section is for every client.
func (s section) shared() bool {
	for _, word := range s.words() {
		if !slices.Contains([]string{"default", "common", "kafka", "client", "clients", "global", "librdkafka", "confluent", "cloud", "ccloud"}, word) {
			return false
		}
	}
	return true
}

// readSections reads a file with sections, as the starters of Python, Go and .NET have them: [default] is for every
// client, [producer] and [consumer] count before it, [topic] and [broker] are those of the cluster.
func readSections(r *reading) {
	sections := r.sections()
	if r.problems.Failed() {
		return
	}
	isClient := func(s section) bool { return s.part() == Producer || s.part() == Consumer }
	if !slices.ContainsFunc(sections, isClient) {
		r.oneSection(sections)
		return
	}
	r.Librdkafka = true
	for _, s := range sections {
		part := s.part()
		switch {
		case part != "":
			r.Give(part)
			for _, p := range s.properties {
				r.Values = append(r.Values, Value{Part: part, Key: p.Key, Text: p.Value, KeyAt: p.KeyAt, ValueAt: p.ValueAt, Rank: Override})
			}
		case s.shared():
			r.forBoth(s.properties)
		case len(s.properties) > 0:
			r.note("%s: the section [%s] is not read", s.at, s.name)
		}
	}
}

// oneSection reads a file without sections for clients of one kind: what is for every client is a flat list.
func (r *reading) oneSection(sections []section) {
	var read []string
	for _, s := range sections {
		if !s.shared() {
			continue
		}
		if s.name != "" {
			read = append(read, s.name)
		}
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
