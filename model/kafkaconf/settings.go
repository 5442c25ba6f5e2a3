package kafkaconf

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf/nearest"
)

// Bearing says what a setting has to do with delivery.
type Bearing uint8

// The bearings.
const (
	// NoBearing: Kafka knows the setting; it has nothing to do with what is lost, duplicated or reordered.
	NoBearing Bearing = iota
	// Explained: it has to do with delivery, and cannot change a verdict: it moves the moment at which something
	// happens, or how likely it is, and the model lets it happen at any moment anyway.
	Explained
	// Checked: only Kafka's own checks of combinations read it.
	Checked
	// Modelled: the rules of the model read it; it can change a verdict.
	Modelled
)

// String is the bearing in a word or two.
func (b Bearing) String() string {
	return [...]string{"no bearing on delivery", "cannot change a verdict", "checked", "modelled"}[b]
}

// Setting is one setting that kcheck knows, for one kind of client or for the servers.
type Setting struct {
	Part    Part
	Name    string
	Client  model.Client // whose setting it is; Java for servers, topics and the parts that Kafka has no file for
	Type    string       // boolean, int, long, short, double, string, list, class, password
	Valid   string       // valid values in the newest version: "1..", "a|b", "" for anything of the type
	Bearing Bearing
	Doc     string // what it means, in one sentence; "" where it has no bearing
	Source  string // where its meaning and its default were read
	// Counterparts are the names of the same thing elsewhere: "max.block.ms (java)", "log.flush.interval.messages
	// (broker)".
	Counterparts []string
	Values       []ValueDoc // of an enumeration that is explained value by value

	key *key
}

// In says whether a version has the setting. For settings of the clients the version is the client's.
func (s Setting) In(v model.Version) bool { return s.key.known(v) }

// Versions says in words which versions have the setting: "since 2.1".
func (s Setting) Versions() string { return s.key.versionsWith() }

// Default is the value that the setting has when nobody gives one, in a version and for a client. Settings of servers
// and topics ignore the client. False when there is no default, or when that client has no such setting.
func (s Setting) Default(v model.Version, client model.Client) (string, bool) {
	if s.Part != Producer && s.Part != Consumer {
		return s.key.valueAt(v)
	}
	return Dialect{Client: client, Version: v}.defaultOf(s.Part, s.Name)
}

// Settings lists the settings of a Kafka version and its own clients, by part and name: what kcheck list settings shows.
// Those of Kafka 0.8 include the Scala clients.
func Settings(v model.Version) []Setting {
	return settings(func(k *key) bool {
		return k.family == javaKeys && k.known(v) || k.family == scalaKeys && v < model.V0_9
	})
}

// ClientSettings lists the settings of a client library, by part and name.
func ClientSettings(d Dialect) []Setting {
	return settings(func(k *key) bool {
		if k.family != d.family() || k.part != Producer && k.part != Consumer {
			return false
		}
		if d.Client == model.Java {
			return k.known(d.Version)
		}
		_, own := rowOf(k.part, k.name).libraries[d.Client]
		return own || !withoutFiles(d.Client)
	})
}

// Lookup finds every setting of a name in any version and client, with or without its part ("acks", "producer.acks").
// Nothing is found for an unknown name; [Suggest] may help.
func Lookup(name string) []Setting {
	part := Part("")
	if before, after, found := strings.Cut(name, "."); found {
		if p, ok := ParsePart(before); ok && findAny(p, after) {
			part, name = p, after
		}
	}
	return settings(func(k *key) bool { return k.name == name && (part == "" || k.part == tablePart(part)) })
}

func findAny(p Part, name string) bool { return knownTo(p, name, javaKeys, scalaKeys, rdkafkaKeys) }

// Suggest is the known setting whose name is nearest to a misspelt one, or "".
func Suggest(name string) string {
	var names []string
	for n := range keys() {
		names = append(names, n.name)
	}
	slices.Sort(names)
	return nearest.Of(name, slices.Compact(names))
}

// settings collects and sorts what a filter lets through.
func settings(keep func(*key) bool) []Setting {
	var out []Setting
	for n, k := range keys() {
		if keep(k) {
			out = append(out, newSetting(n, k))
		}
	}
	slices.SortFunc(out, func(a, b Setting) int {
		return cmp.Or(slices.Index(Parts, a.Part)-slices.Index(Parts, b.Part),
			cmp.Compare(a.Name, b.Name), cmp.Compare(a.Client, b.Client))
	})
	return out
}

func newSetting(n keyName, k *key) Setting {
	s := Setting{Part: k.part, Name: k.name, Client: clientOf(k.family), Type: k.kindIn(model.Newest), Valid: k.validIn(model.Newest), key: k}
	switch s.Valid {
	case "offset-reset":
		s.Valid = "earliest|latest|none|by_duration:DURATION"
	case "share-offset-reset":
		s.Valid = "earliest|latest|by_duration:DURATION"
	}
	target := n.name
	if k.alias != "" {
		target = k.alias
	}
	w := rowsByName()[keyName{k.family, k.part, target}]
	if w == nil || w.doc == "" && w.java != "" {
		w = &row{}
	}
	if w.doc == "" && k.family == rdkafkaKeys { // many of librdkafka's settings mean what Java's of the name mean
		same := *rowOf(k.part, javaName(target))
		same.source = ""
		w = &same
	}
	s.Bearing, s.Doc, s.Source, s.Values = w.bearing, w.doc, cmp.Or(w.source, tableSource(k)), w.values
	if s.Bearing != NoBearing {
		s.Counterparts = counterparts(k)
	}
	return s
}

func clientOf(f family) model.Client {
	return map[family]model.Client{scalaKeys: model.Scala08, rdkafkaKeys: model.Librdkafka}[f]
}

// tableSource is where the facts of a key were read.
func tableSource(k *key) string {
	switch {
	case k.part == App || k.part == Model || k.part == Scope:
		return "kcheck's interface"
	case k.family == scalaKeys:
		return "Kafka 0.8.2, the configuration classes and chapter 3 of its documentation"
	case k.family == rdkafkaKeys:
		return "librdkafka 2.15, CONFIGURATION.md"
	}
	return "Kafka's configuration classes, 0.8.2 to " + model.Newest.String()
}

// counterparts lists what a setting is called in other clients and, for topics and servers, in the other place.
func counterparts(k *key) []string {
	var out []string
	switch k.part {
	case Producer, Consumer:
		java := javaName(k.name)
		for _, client := range []model.Client{model.Java, model.Scala08, model.Librdkafka} {
			d := Dialect{Client: client, Version: model.Newest}
			if n := d.names(java)[0]; (n != k.name || client != clientOf(k.family)) && d.key(k.part, n) != nil {
				out = append(out, n+" ("+client.String()+")")
			}
		}
	case Topic:
		if n, found := serverName(k.name); found {
			out = append(out, n+" (broker)")
		}
	case Broker:
		if n, found := topicName(k.name); found {
			out = append(out, n+" (topic)")
		}
	}
	slices.Sort(out)
	return out
}
