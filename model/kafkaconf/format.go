package kafkaconf

import (
	"bytes"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// specTop matches a line that begins a spec: one of its keys at the left margin.
var specTop = regexp.MustCompile(`(?m)^(?:about|kafka|guarantee|counted|producer|topic|broker|controller|consumer|` +
	`downstream|features|app|model|faults|scope|expect)[ \t]*:(?:[ \t\r]|$)`)

// specGuarantee matches the key that every spec has and no other format.
var specGuarantee = regexp.MustCompile(`(?m)^guarantee[ \t]*:(?:[ \t\r]|$)`)

// IsSpec tells a spec from a configuration file by its content. An empty file, or one that could be either, is what its
// name says.
func IsSpec(file string, data []byte) bool {
	if specGuarantee.Match(data) {
		return true
	}
	format := formats.Recognise(file, data)
	if format != "" && format != formats.Properties {
		return false
	}
	ext := strings.ToLower(filepath.Ext(file))
	if format == "" && formats.IsResource(data) {
		return false
	}
	return specTop.Match(data) || (ext == ".yaml" || ext == ".yml") && (format == "" || len(bytes.TrimSpace(data)) == 0)
}

// readSource reads a configuration file of any known format. With a part, what the file says of other parts is left
// out; without one, the content must tell whose the settings are.
func readSource(file string, part Part, data []byte, topic string) (Source, Problems) {
	source, problems := formats.Read(file, data, formats.Options{Topic: topic, Knows: knowsKafkas, Bears: bears})
	switch {
	case problems.Failed():
	case source.Flat:
		assign(&source, part, &problems)
		if part == "" || source.Format != formats.Properties { // what --producer and the others name is Java's
			findLibrary(&source)
		}
	case part != "":
		only(&source, part, &problems)
	}
	return source, problems
}

// knowsKafkas says whether some version of Kafka's own clients or servers has a setting.
func knowsKafkas(p Part, name string) bool { return knownTo(p, name, javaKeys) }

// bears says whether a setting of Kafka's, of any client, has a bearing on delivery.
func bears(p Part, name string) bool {
	if !isKafkas(p) {
		return true
	}
	for _, f := range []family{javaKeys, scalaKeys, rdkafkaKeys} {
		n := keyName{f, tablePart(p), name}
		if k := keys()[n]; k != nil && newSetting(n, k).Bearing != NoBearing {
			return true
		}
	}
	return false
}

// assign gives the values of a flat file to the part whose they are, and finds out whose library reads them.
func assign(source *Source, part Part, problems *Problems) {
	if part == "" {
		part = wholeFile(source.File, source.Values, problems)
	}
	if part == "" {
		return
	}
	source.Give(part)
	for i := range source.Values {
		source.Values[i].Part = part
	}
}

// findLibrary finds out from the keys of a flat file whether librdkafka reads it. In JSON settings that both have are
// taken to be librdkafka's: its bindings for Python, Node and .NET take such an object, and no client of Java's does.
func findLibrary(source *Source) {
	for _, part := range source.Given {
		i := slices.IndexFunc(source.Values, onlyLibrdkafkas)
		if i < 0 && source.Format == formats.JSON && len(source.Values) > 0 {
			i = 0
		}
		if client := clientKey[part]; client != "" && i >= 0 && !slices.ContainsFunc(source.Values, neverLibrdkafkas) {
			v := source.Values[i]
			if !onlyLibrdkafkas(v) {
				source.Notes = append(source.Notes, source.File+": these names are those of Java's client and of librdkafka; in JSON they are taken to be librdkafka's (--set app."+client+"=java says otherwise)")
			}
			source.Values = append(source.Values, Value{Part: App, Key: client, Text: "librdkafka", KeyAt: v.KeyAt, ValueAt: v.ValueAt})
			source.Format = map[bool]string{true: librdkafkaSettings + " in JSON", false: librdkafkaSettings}[source.Format == formats.JSON]
		}
	}
}

// librdkafkaSettings is what a file of librdkafka's settings is taken for.
const librdkafkaSettings = "librdkafka settings"

// clientKey is the setting that says which library reads a part.
var clientKey = map[Part]string{Producer: "producer-client", Consumer: "consumer-client"}

// onlyLibrdkafkas says whether a setting is one that librdkafka has and no client of Kafka's own.
func onlyLibrdkafkas(v Value) bool {
	return findKey(rdkafkaKeys, v.Part, v.Key) != nil && !knownTo(v.Part, v.Key, javaKeys, scalaKeys)
}

// neverLibrdkafkas says whether a setting is one of a client of Kafka's own that librdkafka does not have.
func neverLibrdkafkas(v Value) bool {
	return findKey(rdkafkaKeys, v.Part, v.Key) == nil && knownTo(v.Part, v.Key, javaKeys, scalaKeys)
}

// only leaves of a source what it says of one part and of how the application uses it.
func only(source *Source, part Part, problems *Problems) {
	of := part
	if part == Downstream {
		of = Consumer
	}
	if !slices.Contains(source.Given, of) {
		problems.Add(Failure, Position{File: source.File}, "--"+string(part), "this %s says nothing of the %s", source.Format, part)
		return
	}
	var kept []Value
	for _, v := range source.Values {
		if v.About() != of {
			continue
		}
		if v.Part == of {
			v.Part = part
		}
		kept = append(kept, v)
	}
	source.Given, source.Values = []Part{part}, kept
}

// wholeFile finds out, from its keys, whose .properties file this is: of the one part that knows every key that any
// part knows. Kafka's own names are asked before librdkafka's, which has many for producers and consumers alike. A file
// that several parts could have written is told by its name, if that says it.
func wholeFile(file string, values []Value, problems *Problems) Part {
	all, known := candidates(values, javaKeys, scalaKeys)
	if len(all) != 1 {
		if more, knownMore := candidates(values, javaKeys, scalaKeys, rdkafkaKeys); len(more) > 0 || len(known) == 0 {
			all, known = more, knownMore
		}
	}
	switch {
	case len(all) == 1 && all[0] == Broker && onlyController(values):
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
	problems.Add(Failure, Position{File: file}, "", "%s", ambiguous(file, all, known))
	return ""
}

// candidates lists the parts that know all keys of a file that any part knows, and how many keys each part knows.
func candidates(values []Value, families ...family) (all []Part, known map[Part]int) {
	known = map[Part]int{}
	union := 0
	for _, p := range values {
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
		flags[i] = "--" + string(p) + " " + formats.OneLine(filepath.Base(file))
	}
	return why + "; say whose it is with " + formats.OrList(flags)
}

// onlyController says whether a server's file is that of a controller that is not a broker as well.
func onlyController(values []Value) bool {
	role := ""
	for _, p := range values {
		if p.Key == "process.roles" {
			role = strings.TrimSpace(p.Text)
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
