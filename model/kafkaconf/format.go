package kafkaconf

import (
	"bytes"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
	"github.com/kcheck/kcheck/model/kafkaconf/nearest"
)

// topKey matches a key at the left margin of a YAML file.
var topKey = regexp.MustCompile(`(?m)^["']?([A-Za-z][A-Za-z0-9_.-]*)["']?[ \t]*:(?:[ \t\r]|$)`)

// kafkaVersion matches a spec's statement of the version.
var kafkaVersion = regexp.MustCompile(`(?m)^kafka[ \t]*:[ \t]*["']?\d`)

// IsSpec tells a spec from a configuration file by its content: it names a guarantee, or says something that only specs
// say, or has a part and nothing but a spec's keys. An empty file, and one that is not read, is what its name says.
func IsSpec(file string, data []byte) bool {
	ext := strings.ToLower(filepath.Ext(file))
	if _, bad := formats.NotText(file, data); bad || len(bytes.TrimSpace(data)) == 0 {
		return ext == ".yaml" || ext == ".yml"
	}
	part, only := kafkaVersion.Match(data), true
	for _, m := range topKey.FindAllSubmatch(data, -1) {
		key := string(m[1])
		switch {
		case key == "guarantee" || slices.Contains([]string{"about", "counted", "faults"}, key):
			return formats.Recognise(file, data) == "" || formats.Recognise(file, data) == formats.Properties || key == "guarantee"
		case len(key) > 5 && nearest.Edits(key, "guarantee") < 3:
			return true
		}
		part = part || key == "producer" || key == "consumer" || key == "topic" || key == "downstream"
		only = only && slices.Contains(specKeys, key)
	}
	format := formats.Recognise(file, data)
	return part && only && (format == "" || format == formats.Properties)
}

// readSource reads a configuration file of any known format. With a part, what the file says of other parts is left
// out; without one, the content must tell whose the settings are.
func (r Request) readSource(file string, part Part, data []byte) (Source, Problems) {
	if len(bytes.TrimSpace(data)) == 0 {
		var problems Problems
		problems.Add(Failure, Position{File: file}, "", "the file is empty: it says nothing of any configuration; leave it out for the defaults")
		return Source{File: file}, problems
	}
	source, problems := formats.Read(file, data, r.formatOptions())
	switch {
	case problems.Failed():
	case source.Flat:
		assign(&source, part, &problems)
		if part == "" || source.Librdkafka || source.Format != formats.Properties { // what --producer and the others name is Java's
			findLibrary(&source)
		}
	case source.Librdkafka:
		findLibrary(&source)
		if part != "" {
			only(&source, part, &problems)
		}
	case part != "":
		only(&source, part, &problems)
	}
	return source, problems
}

// ReadSource reads a configuration file of any known format by itself, as [Load] reads it before it lays the files over
// each other.
func (r Request) ReadSource(file string, data []byte) (Source, Problems) {
	return r.readSource(file, "", data)
}

// Bears says whether the value of a setting has a bearing on delivery, so that two places may not disagree on it.
func Bears(p Part, name string) bool { return bears(p, name) }

// knowsKafkas says whether some version of Kafka's own clients or servers has a setting.
func knowsKafkas(p Part, name string) bool { return knownTo(p, name, javaKeys) }

// formatOptions is what package formats needs to know to read a file.
func (r Request) formatOptions() formats.Options {
	return formats.Options{
		Topic: r.TopicName, AllTopics: r.AllTopics, Service: r.Service, Cluster: r.Cluster, Profile: r.Profile,
		OfClient: ofClient, Valid: validText, Knows: knowsKafkas, Bears: bears, Same: sameText, Suggest: suggestFor, PassedOn: plugged, Shown: Shown,
		Release: knownRelease,
	}
}

// validText says whether a setting of a part may have a value.
func validText(p Part, name, text string) bool {
	k := findKey(javaKeys, p, name)
	return k != nil && k.check(text, model.Newest) == ""
}

// suggestFor is the setting of a part whose name is nearest to a misspelt one; "" where none is near.
func suggestFor(p Part, name string) string {
	return nearest.Of(name, keyNames(javaKeys, tablePart(p)))
}

// byPresence are settings of which it counts that they are there, not what they say.
var byPresence = []string{"zookeeper.connect", "process.roles", "transactional.id"}

// bears says whether the value of a setting of Kafka's, of any client, has a bearing on delivery, so that two places may
// not disagree on it.
func bears(p Part, name string) bool {
	if !isKafkas(p) {
		return true
	}
	if slices.Contains(byPresence, name) {
		return false
	}
	for _, f := range []family{javaKeys, scalaKeys, rdkafkaKeys} {
		if k := keys()[keyName{f, tablePart(p), name}]; k != nil && decides(k) {
			return true
		}
	}
	return false
}

// assign gives the values of a flat file to the part whose they are, and finds out whose library reads them.
func assign(source *Source, part Part, problems *Problems) {
	if part == "" {
		if refuseUnknown(source, problems) || bothClients(source) {
			return
		}
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

// bothClients gives the values of a file that a producer and a consumer share to both: one that says nothing of delivery
// and fits either, or one with keys that only the one and keys that only the other has. Each takes what it knows.
func bothClients(source *Source) bool {
	all, known := candidates(source.Values, javaKeys, scalaKeys)
	if len(all) != 1 {
		if more, _ := candidates(source.Values, javaKeys, scalaKeys, rdkafkaKeys); len(more) > 0 || len(known) == 0 {
			all = more
		}
	}
	shared := slices.Equal(all, []Part{Producer, Consumer}) && !slices.ContainsFunc(source.Values, func(v Value) bool { return bears(Producer, v.Key) || bears(Consumer, v.Key) })
	mixed := len(all) == 0 && !slices.ContainsFunc(source.Values, func(v Value) bool {
		return !ofClient(Producer, v.Key) && !ofClient(Consumer, v.Key) && (knownTo(Topic, v.Key, javaKeys) || knownTo(Broker, v.Key, javaKeys, scalaKeys))
	}) && known[Producer] > 0 && known[Consumer] > 0
	if named := namedPart(source.File); named != "" || !shared && !mixed {
		return false
	}
	var values []Value
	for _, v := range source.Values {
		for _, part := range []Part{Producer, Consumer} {
			if ofClient(part, v.Key) || !ofClient(Producer, v.Key) && !ofClient(Consumer, v.Key) && part == Producer {
				v.Part = part
				values = append(values, v)
			}
		}
	}
	source.Values = values
	source.Give(Producer)
	source.Give(Consumer)
	what := "says nothing about delivery, and is read as that of a producer and a consumer"
	if mixed {
		what = "has settings of a producer and of a consumer: each takes its own"
	}
	source.Notes = append(source.Notes, source.File+": "+what)
	return true
}

// ofClient says whether a client of any library has a setting.
func ofClient(p Part, name string) bool { return knownTo(p, name, javaKeys, scalaKeys, rdkafkaKeys) }

// namedPart is the part that a file's name names; "" for none.
func namedPart(file string) Part {
	for _, part := range FileParts {
		if strings.Contains(strings.ToLower(filepath.Base(file)), string(part)) {
			return part
		}
	}
	return ""
}

// refuseUnknown refuses a file most of whose keys nobody of Kafka's has: it is a configuration of something else.
func refuseUnknown(source *Source, problems *Problems) bool {
	var unknown []string
	for _, v := range source.Values {
		if !slices.ContainsFunc(FileParts, func(p Part) bool { return knownTo(p, v.Key, javaKeys, scalaKeys, rdkafkaKeys) }) {
			unknown = append(unknown, v.Key)
		}
	}
	if 2*len(unknown) <= len(source.Values) {
		return false
	}
	at, key := Position{File: source.File}, unknown[0]
	for _, v := range source.Values {
		if v.Key == key {
			at = v.KeyAt
			break
		}
	}
	advice := "give the configuration of a client, a broker or a topic; --producer " + formats.OneLine(filepath.Base(source.File)) + " or the like reads it all the same"
	if near := Suggest(key); near != "" {
		advice = "did you mean " + near + "?"
	}
	problems.Add(Failure, at, key, "%d of %d keys here are none of Kafka's (the first is %s): this is a configuration of something else; %s",
		len(unknown), len(source.Values), formats.Quote(key), advice)
	return true
}

// findLibrary finds out from the keys of a flat file whether librdkafka reads it. In JSON settings that both have are
// taken to be librdkafka's: its bindings for Python, Node and .NET take such an object, and no client of Java's does.
func findLibrary(source *Source) {
	i := slices.IndexFunc(source.Values, onlyLibrdkafkas)
	if i < 0 && (source.Format == formats.JSON || source.Librdkafka) && len(source.Values) > 0 {
		i = 0
	}
	if i < 0 || slices.ContainsFunc(source.Values, neverLibrdkafkas) {
		return
	}
	v := source.Values[i]
	for _, part := range source.Given {
		client := clientKey[part]
		if client == "" {
			continue
		}
		if !onlyLibrdkafkas(v) {
			source.Notes = append(source.Notes, source.File+": these names are those of Java's client and of librdkafka; in such a file they are taken to be librdkafka's (--set app."+client+"=java says otherwise)")
		}
		source.Values = append(source.Values, Value{Part: App, Key: client, Text: "librdkafka", KeyAt: v.KeyAt, ValueAt: v.ValueAt})
		switch source.Format { // what else holds such settings is no list of lines, and keeps its name
		case formats.Properties:
			source.Format = librdkafkaSettings
		case formats.JSON:
			source.Format = librdkafkaSettings + " in JSON"
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
