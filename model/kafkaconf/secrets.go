package kafkaconf

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// What is shown is decided by what is known, not by what looks like a secret: a value is shown if Kafka, a client
// library or kcheck itself defines its setting, and not as a password. Everything else may be a secret of a plug-in, or a
// password under a misspelt name.

// Hidden stands for a value that is not shown.
const Hidden = formats.Hidden

// secretNames are parts of the names of secrets that librdkafka, whose table has no type for passwords, takes as texts.
var secretNames = []string{"password", "secret", "jaas", ".pem", "private.key", "oauthbearer.config"}

// commented matches what was meant as a comment behind a value. In comments anything may stand.
var commented = regexp.MustCompile(`\s#`)

// Shown is the value of a setting of a part as it may be shown.
func Shown(p Part, key, value string) string {
	if !isShown(p, key) {
		return Hidden
	}
	if formats.WithoutSecrets(value) != value || commented.MatchString(value) || takesWords(p, key) && !formats.IsWord(value) {
		return Hidden
	}
	return WithoutUserInfo(value)
}

// takesWords says whether a setting is a number, or has a list of words that are valid: all that Kafka accepts is a word.
func takesWords(p Part, key string) bool {
	for _, f := range []family{javaKeys, scalaKeys, rdkafkaKeys} {
		k := findKey(f, tablePart(p), key)
		if k == nil {
			continue
		}
		for _, kind := range k.kind {
			if slices.Contains([]string{"boolean", "int", "short", "long", "double", "class"}, kind.fact) {
				return true
			}
		}
		for _, valid := range k.valid {
			if strings.Contains(valid.fact, "|") || strings.HasSuffix(valid.fact, "offset-reset") {
				return true
			}
		}
	}
	return false
}

// ShownKey is the name of a setting as it may be shown: without what is no name, such as a line of a private key that
// stands where a name is expected.
func ShownKey(key string) string { return formats.WithoutSecrets(key) }

// WithoutUserInfo is a text in which no URL and no address says by which user and password it is reached.
func WithoutUserInfo(text string) string { return formats.WithoutUserInfo(text) }

// ShownFlag is what was given to --set as it may be shown: "producer.acks=1", "producer.sasl.password=(hidden)".
func ShownFlag(set string) string {
	name, value, found := strings.Cut(set, "=")
	part, key, dotted := cutName(name)
	switch {
	case !found && dotted && isShown(part, key): // a name without a value
		return name
	case !found:
		return Hidden
	}
	return name + "=" + Shown(part, key, value)
}

// isShown says whether a setting is known, and no password in any version or library that has it.
func isShown(p Part, key string) bool {
	known := false
	for _, f := range []family{javaKeys, scalaKeys, rdkafkaKeys} {
		k := findKey(f, tablePart(p), key)
		if k == nil {
			continue
		}
		known = true
		for _, kind := range k.kind {
			if kind.fact == "password" {
				return false
			}
		}
	}
	return known && !(isKafkas(p) && slices.ContainsFunc(secretNames, func(s string) bool { return strings.Contains(key, s) }) && isText(p, key))
}

// isText says whether a setting is a free text.
func isText(p Part, key string) bool {
	for _, f := range []family{javaKeys, scalaKeys, rdkafkaKeys} {
		if k := findKey(f, tablePart(p), key); k != nil {
			return k.kind.at(newest) == "string" || k.kind.at(newest) == "list"
		}
	}
	return true
}

// isShownAnywhere says whether a setting of a file that does not say whose it is may be shown.
func isShownAnywhere(key, value string) bool {
	known := false
	for _, p := range FileParts {
		if !slices.ContainsFunc([]family{javaKeys, scalaKeys, rdkafkaKeys}, func(f family) bool { return findKey(f, tablePart(p), key) != nil }) {
			continue
		}
		if known = true; Shown(p, key, value) != value {
			return false
		}
	}
	return known
}

// HiddenLines are the lines, from 1, of a spec or a file of key=value lines that are not shown, in a patch for instance:
// those of values that are not, and comments, in which anything may stand.
func HiddenLines(file string, data []byte) map[int]bool {
	var entries []hiddenEntry
	if IsSpec(file, data) {
		s, _ := readSpec(file, data, Request{ReadFile: func(string) ([]byte, error) { return nil, nil }})
		if len(s.sources) > 0 {
			for _, v := range s.sources[0].Values {
				entries = append(entries, hiddenEntry{v.KeyAt.Line, v.ValueAt.Line, Shown(v.Part, v.Key, v.Text) != v.Text})
			}
		}
	} else {
		properties, _ := formats.ParseProperties(file, data)
		for _, p := range properties {
			entries = append(entries, hiddenEntry{p.KeyAt.Line, p.ValueAt.Line, !isShownAnywhere(p.Key, p.Value)})
		}
	}
	return hiddenLines(entries, data)
}

// hiddenEntry is where an entry of a file begins, where its value does, and whether it is hidden.
type hiddenEntry struct {
	from, value int
	hidden      bool
}

// hiddenLines hides comments, and hidden entries up to the one that follows in another line.
func hiddenLines(entries []hiddenEntry, data []byte) map[int]bool {
	hidden := map[int]bool{}
	lines := bytes.Split(data, []byte("\n"))
	for i, line := range lines {
		if text := bytes.TrimSpace(line); bytes.HasPrefix(text, []byte("!")) || bytes.Contains(text, []byte("#")) {
			hidden[i+1] = true
		}
	}
	for i, e := range entries {
		if !e.hidden {
			continue
		}
		end := len(lines)
		for _, after := range entries[i+1:] {
			if after.from > e.from {
				end = after.from - 1
				break
			}
		}
		for line := e.from; line <= max(end, e.value, e.from); line++ {
			hidden[line] = true
		}
	}
	return hidden
}
