package kafkaconf

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// Dialect is a client library as app.producer-client and app.consumer-client name it: which keys it knows, by which
// names, and with which defaults.
type Dialect struct {
	Client  model.Client
	Version model.Version // of the library: Java's are Kafka's; the newest known where the user named none
	Name    string        // as the user wrote it
}

// bindings are libraries that bring librdkafka with them.
var bindings = []string{"confluent-kafka", "confluent-kafka-python", "confluent-kafka-go", "confluent-kafka-dotnet", "confluent-kafka-javascript",
	"node-rdkafka", "rdkafka", "rdkafka-ruby", "rust-rdkafka", "php-rdkafka", "swift-kafka-client"}

// ParseDialect reads a client's name, NAME or NAME-VERSION. "java-3.0" is the last patch of 3.0, "java-3.0.0" that patch.
// Java without a version is the newest.
func ParseDialect(name string) (Dialect, error) {
	for _, c := range model.Clients() {
		version, found := strings.CutPrefix(name, c.String()+"-")
		switch {
		case name == c.String():
			return Dialect{c, c.NewestRelease(), name}, nil
		case found:
			v, err := c.ParseRelease(version)
			if err != nil {
				return Dialect{}, err
			}
			return Dialect{c, v, name}, nil
		}
	}
	known := clientNames()
	for _, b := range bindings {
		if name == b || strings.HasPrefix(name, b+"-") {
			return Dialect{}, fmt.Errorf("%s is a binding of librdkafka; write librdkafka, or librdkafka-VERSION of what it brings", formats.QuoteWord(name))
		}
	}
	base := name
	if i := strings.LastIndexByte(name, '-'); i > 0 && i+1 < len(name) && name[i+1] >= '0' && name[i+1] <= '9' {
		base = name[:i]
	}
	return Dialect{}, fmt.Errorf("unknown client %s; %s", formats.QuoteWord(name), didYouMean(base, known,
		"write NAME or NAME-VERSION of "+formats.OrList(known)))
}

// knownRelease is a release of a library as a client's name has it; the newest known in place of one that is not known.
func knownRelease(client, version string) (name string, known bool) {
	name = client + "-" + version
	if _, err := ParseDialect(name); err != nil {
		return client, false
	}
	return name, true
}

// clientNames are the names of the libraries, without versions.
func clientNames() []string {
	var names []string
	for _, c := range model.Clients() {
		names = append(names, c.String())
	}
	return names
}

// DefaultDialect is the client that a spec without one has: the Scala client with Kafka 0.8, else Java's of the
// brokers' version.
func DefaultDialect(kafka model.Version) Dialect {
	if kafka < model.V0_9 {
		return Dialect{model.Scala08, model.Scala08.NewestRelease(), "scala-0.8"}
	}
	return Dialect{model.Java, kafka, "java-" + kafka.String()}
}

func (d Dialect) family() family { return familyOf(d.Client) }

// tableVersion is the version whose column of the key table counts.
func (d Dialect) tableVersion() model.Version {
	if d.Client == model.Java {
		return d.Version
	}
	return model.Newest
}

// key finds a key of the client; nil when no version of it has that key.
func (d Dialect) key(p Part, name string) *key { return findKey(d.family(), tablePart(p), name) }

// knows says whether this very client has the key.
func (d Dialect) knows(p Part, name string) bool {
	k := d.key(p, name)
	return k != nil && (d.Client != model.Java || k.known(d.Version)) && !d.lacks(p, name)
}

// lacks says whether the library has nothing like a setting of Java's that decides about delivery.
func (d Dialect) lacks(p Part, name string) bool {
	return slices.Contains(rowOf(p, name).lacking, d.Client)
}

// lacksIdempotence says whether the name is that of idempotence, which kafka-go lists as always off, as do librdkafka
// before 1.0 and kafka-python before 2.2.
func (d Dialect) lacksIdempotence(name string) bool {
	return name == "enable.idempotence" && !d.hasIdempotence()
}

func (d Dialect) hasIdempotence() bool {
	switch d.Client {
	case model.KafkaGo:
		return false
	case model.Librdkafka:
		return d.Version >= model.Librdkafka1
	case model.KafkaPython:
		return d.Version >= model.KafkaPython22
	}
	return true
}

// names are the names under which a client takes the setting that Java calls name; the first is the one to show.
func (d Dialect) names(name string) []string {
	var names []string
	for i := range rows {
		if w := &rows[i]; w.client == d.Client && w.java == name {
			names = append(names, w.name)
		}
	}
	if len(names) == 0 || d.has(name) {
		return append([]string{name}, names...)
	}
	return names
}

// has says whether a client's own table has a name, in whatever part.
func (d Dialect) has(name string) bool {
	return findKey(d.family(), Producer, name) != nil || findKey(d.family(), Consumer, name) != nil
}

// withoutFiles says whether a library has no configuration files, so that its settings are given under Java's names.
func withoutFiles(c model.Client) bool { return c != model.Java && familyOf(c) == javaKeys }

// defaultOf is the library's own default of a setting, by the name that the library has for it.
func (d Dialect) defaultOf(p Part, name string) (string, bool) {
	if s, ok := rowOf(tablePart(p), javaName(name)).libraries[d.Client]; ok || withoutFiles(d.Client) {
		s = libraryDefault(s, d.Version)
		return s, s != ""
	}
	k := d.key(p, name)
	if k == nil || d.Client == model.Java && !k.known(d.Version) {
		return "", false
	}
	return k.valueAt(d.tableVersion())
}

// libraryDefault is what a library's default is in a release: "2 ; 1.6=2147483647" is 2 before 1.6. "" is none.
func libraryDefault(history string, release model.Version) string {
	value := ""
	for i, entry := range strings.Split(history, " ; ") {
		since, fact, _ := strings.Cut(entry, "=")
		if i == 0 {
			value = entry
			continue
		}
		if v, err := model.ParseReleaseNumber(since); err == nil && release >= v.First() {
			value = fact
		}
	}
	return value
}

func itoa(n int) string { return strconv.Itoa(n) }
