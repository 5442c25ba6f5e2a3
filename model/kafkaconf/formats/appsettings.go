package formats

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// AppSettings is what a configuration of a .NET application is taken for.
const AppSettings = ".NET appsettings"

// dotNetNames matches names of Confluent.Kafka's ClientConfig, ProducerConfig and ConsumerConfig.
const dotNetNames = `"(?:BootstrapServers|Acks|EnableIdempotence|AutoOffsetReset|EnableAutoCommit|EnableAutoOffsetStore|MessageTimeoutMs|TransactionalId|SecurityProtocol)"[ \t\r\n]*:`

// readAppSettings reads appsettings.json: the sections in which an application of .NET keeps the properties of
// Confluent.Kafka's client configurations, which are librdkafka's under names in camel case.
func readAppSettings(r *reading) {
	root, problems := parseJSON(r.File, withoutComments(r.content.data))
	if r.problems = append(r.problems, problems...); root == nil {
		return
	}
	found := map[Part]bool{}
	var shared []Property
	r.dotNetSections("", root, 0, func(name string, properties []Property) {
		lower := strings.ToLower(name)
		switch {
		case strings.Contains(lower, "producer"):
			found[Producer] = true
			r.dotNetPart(Producer, properties)
		case strings.Contains(lower, "consumer"):
			found[Consumer] = true
			r.dotNetPart(Consumer, properties)
		case strings.Contains(lower, "admin") || strings.Contains(lower, "registry"):
		default:
			shared = append(shared, properties...)
		}
	})
	r.Librdkafka = true
	switch {
	case len(found) > 0:
		for _, part := range []Part{Producer, Consumer} {
			if found[part] {
				r.dotNetShared(part, shared)
			}
		}
	case len(shared) > 0:
		r.Flat = true
		for _, p := range shared {
			r.put("", p.Key, p.Value, p.KeyAt, p.ValueAt)
		}
	default:
		r.fail(root.at, "", "no section here has properties of Confluent.Kafka's clients; give the settings of the client")
	}
}

// dotNetSections finds the mappings with at least one property of a client.
func (r *reading) dotNetSections(name string, n *node, depth int, each func(name string, properties []Property)) {
	if n == nil || n.kind != mapping || depth > maxDepth {
		return
	}
	var properties []Property
	known := false
	for _, f := range n.fields {
		if f.value.kind == mapping {
			r.dotNetSections(name+"."+f.key, f.value, depth+1, each)
			continue
		}
		text, ok := f.value.joined()
		key := dotNetName(f.key)
		if !ok || !r.options.ofClient(Producer, key) && !r.options.ofClient(Consumer, key) {
			continue
		}
		known = true
		properties = append(properties, Property{key, dotNetText(key, text), f.at, f.value.at})
	}
	if known {
		each(name, properties)
	}
}

// dotNetName is librdkafka's name for a property: BootstrapServers is bootstrap.servers.
func dotNetName(name string) string {
	if strings.Contains(name, ".") || name == "" {
		return name
	}
	var b strings.Builder
	for i, c := range name {
		if unicode.IsUpper(c) && i > 0 {
			b.WriteByte('.')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}

// dotNetText is librdkafka's word for a value of an enumeration: Leader is 1, ReadCommitted read_committed.
func dotNetText(key, text string) string {
	switch key {
	case "acks":
		if word, found := map[string]string{"none": "0", "leader": "1", "all": "all"}[strings.ToLower(text)]; found {
			return word
		}
	case "isolation.level", "security.protocol":
		return strings.ReplaceAll(dotNetName(strings.ReplaceAll(text, "_", "")), ".", "_")
	}
	return text
}

// dotNetPart takes the properties of a section for one client.
func (r *reading) dotNetPart(part Part, properties []Property) {
	r.Give(part)
	for _, p := range properties {
		r.Values = append(r.Values, Value{Part: part, Key: p.Key, Text: p.Value, KeyAt: p.KeyAt, ValueAt: p.ValueAt, Rank: Override})
	}
}

// dotNetShared takes the properties of a section for all clients.
func (r *reading) dotNetShared(part Part, properties []Property) {
	for _, p := range properties {
		if r.options.ofClient(part, p.Key) && !slices.ContainsFunc(r.Values, func(v Value) bool { return v.Part == part && v.Key == p.Key }) {
			r.put(part, p.Key, p.Value, p.KeyAt, p.ValueAt)
		}
	}
}

// jsonExtras matches what the JSON of .NET's configurations may have beside JSON: comments, and a comma behind the last
// value (JsonConfigurationFileParser). Texts are matched first, so that nothing in them is taken for a comment.
var jsonExtras = regexp.MustCompile(`"(?:[^"\\\n]|\\.)*"|//[^\n]*|(?s:/\*.*?\*/)`)

// danglingComma matches a comma behind the last value of an object or an array.
var danglingComma = regexp.MustCompile(`"(?:[^"\\\n]|\\.)*"|,[ \t\r\n]*[}\]]`)

// withoutComments puts blanks in the place of comments and of commas behind the last value; all else keeps its place.
func withoutComments(data []byte) []byte {
	blank := func(text []byte) []byte {
		return bytes.Map(func(c rune) rune {
			if c == '\n' {
				return c
			}
			return ' '
		}, text)
	}
	data = jsonExtras.ReplaceAllFunc(data, func(m []byte) []byte {
		if m[0] == '"' {
			return m
		}
		return blank(m)
	})
	return danglingComma.ReplaceAllFunc(data, func(m []byte) []byte {
		if m[0] == '"' {
			return m
		}
		return append([]byte{' '}, m[1:]...)
	})
}
