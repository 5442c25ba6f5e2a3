package kafkaconf

import (
	"bytes"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// specTop matches a line that begins a spec: one of its keys at the left margin.
var specTop = regexp.MustCompile(`(?m)^(?:about|kafka|guarantee|counted|producer|topic|broker|controller|consumer|` +
	`downstream|features|app|model|faults|scope|expect)[ \t]*:(?:[ \t\r]|$)`)

// IsSpec tells a spec from a configuration file by its content. An empty file, or one that could be either, is what its
// name says.
func IsSpec(file string, data []byte) bool {
	if specTop.Match(data) {
		return true
	}
	ext := strings.ToLower(filepath.Ext(file))
	claims := func(r Reader) bool { return r.Claims(file, data) }
	return (ext == ".yaml" || ext == ".yml") && !slices.ContainsFunc(readers, claims)
}

// readers are the formats of configuration files, asked in this order. The .properties format is last: Java takes
// nearly any text for one.
var readers = []Reader{propertiesReader{}}

// readSource reads a configuration file of any known format. The part is "" when the content must tell.
func readSource(file string, part Part, data []byte) (Source, Problems) {
	if problem, bad := notText(file, data); bad {
		return Source{File: file}, Problems{problem}
	}
	for _, r := range readers {
		if r.Claims(file, data) {
			return r.Read(file, part, data)
		}
	}
	var problems Problems
	problems.add(Failure, Position{File: file, Line: 1, Column: 1}, "", "%s; expected a spec or a .properties file with key=value lines", whatIs(data))
	return Source{File: file}, problems
}

// whatIs names what a file looks like, for a message.
func whatIs(data []byte) string {
	text := bytes.TrimSpace(data)
	switch {
	case bytes.HasPrefix(text, []byte("{")), bytes.HasPrefix(text, []byte("[")):
		return "this looks like JSON, which is not read"
	case bytes.HasPrefix(text, []byte("<")):
		return "this looks like XML or HTML, which is not read"
	case bytes.HasPrefix(text, []byte("---")), bytes.HasPrefix(text, []byte("apiVersion:")):
		return "this looks like YAML that is not a spec"
	}
	return "this is not a configuration file"
}

// propertiesReader reads Java's .properties files.
type propertiesReader struct{}

// Format is "properties".
func (propertiesReader) Format() string { return "properties" }

// Claims takes any text that is not obviously something else.
func (propertiesReader) Claims(_ string, data []byte) bool {
	return whatIs(data) == "this is not a configuration file"
}

// Read parses the file, warns of repetitions, and finds out whose file it is.
func (propertiesReader) Read(file string, part Part, data []byte) (Source, Problems) {
	source := Source{File: file, Format: "properties"}
	properties, problems := ParseProperties(file, data)
	if problems.Failed() {
		return source, problems
	}
	if part == "" {
		part = wholeFile(file, properties, &problems)
	}
	if part == "" {
		return source, problems
	}
	source.give(part)
	last := map[string]int{}
	for i, p := range properties {
		if before, again := last[p.Key]; again {
			problems.add(Warning, p.KeyAt, p.Key, "is given twice; this one counts, as in Java, and line %d does not",
				properties[before].KeyAt.Line)
		}
		last[p.Key] = i
	}
	for i, p := range properties {
		if last[p.Key] == i {
			source.Values = append(source.Values, Value{Part: part, Key: p.Key, Text: p.Value, KeyAt: p.KeyAt, ValueAt: p.ValueAt})
		}
	}
	return source, problems
}

// wholeFile finds out, from its keys, whose .properties file this is: of the one part that knows every key that any
// part knows. Kafka's own names are asked before librdkafka's, which has many for producers and consumers alike. A file
// that several parts could have written is told by its name, if that says it.
func wholeFile(file string, properties []Property, problems *Problems) Part {
	all, known := candidates(properties, javaKeys, scalaKeys)
	if len(all) != 1 {
		if more, knownMore := candidates(properties, javaKeys, scalaKeys, rdkafkaKeys); len(more) > 0 || len(known) == 0 {
			all, known = more, knownMore
		}
	}
	switch {
	case len(all) == 1 && all[0] == Broker && onlyController(properties):
		return Controller
	case len(all) == 1:
		return all[0]
	}
	for _, part := range FileParts {
		named := strings.Contains(strings.ToLower(filepath.Base(file)), string(part))
		if named && (len(known) == 0 || slices.Contains(all, part)) {
			return part
		}
	}
	problems.add(Failure, Position{File: file}, "", "%s", ambiguous(file, all, known))
	return ""
}

// candidates lists the parts that know all keys of a file that any part knows, and how many keys each part knows.
func candidates(properties []Property, families ...family) (all []Part, known map[Part]int) {
	known = map[Part]int{}
	union := 0
	for _, p := range properties {
		anybody := 0
		for _, part := range FileParts {
			if part != Controller && knownTo(part, p.Key, families...) {
				known[part]++
				anybody = 1
			}
		}
		union += anybody
	}
	for _, part := range FileParts {
		if union > 0 && known[part] == union {
			all = append(all, part)
		}
	}
	return all, known
}

// ambiguous says why a file's part cannot be told, and what to do.
func ambiguous(file string, all []Part, known map[Part]int) string {
	candidates := all
	why := "the keys fit several parts"
	switch {
	case len(known) == 0:
		candidates = []Part{Producer, Topic, Broker, Controller, Consumer}
		why = "has no key that Kafka knows"
	case len(all) == 0:
		why = "has keys of several parts"
		for _, p := range FileParts {
			if known[p] > 0 {
				candidates = append(candidates, p)
			}
		}
	}
	flags := make([]string, len(candidates))
	for i, p := range candidates {
		flags[i] = "--" + string(p) + " " + oneLine(filepath.Base(file))
	}
	return why + "; say whose it is with " + orList(flags)
}

// onlyController says whether a server's file is that of a controller that is not a broker as well.
func onlyController(properties []Property) bool {
	role := ""
	for _, p := range properties {
		if p.Key == "process.roles" {
			role = strings.TrimSpace(p.Value)
		}
	}
	return role == "controller"
}

// knownTo says whether a part has a key in some version of the given families.
func knownTo(p Part, name string, families ...family) bool {
	for _, f := range families {
		if findKey(f, tablePart(p), name) != nil {
			return true
		}
	}
	return plugged(p, name)
}
