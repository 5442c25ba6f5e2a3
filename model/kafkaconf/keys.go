package kafkaconf

import (
	_ "embed" // for the tables of keys
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/kcheck/kcheck/model"
)

// The tables of keys: facts about the settings that each client and server defines. Their first lines explain them.
var (
	//go:embed keys_kafka.txt
	kafkaKeys string // made by package keytable from Kafka's own classes
	//go:embed keys_scala.txt
	scala08Keys string
	//go:embed keys_librdkafka.txt
	librdkafkaKeys string
)

// family says which client or server defines a key: Java and the servers, the Scala clients of 0.8, or librdkafka.
type family uint8

const (
	javaKeys family = iota
	scalaKeys
	rdkafkaKeys
)

// familyOf is whose keys a client reads. The libraries without configuration files are given their settings under
// Java's names.
func familyOf(c model.Client) family {
	switch c {
	case model.Scala08:
		return scalaKeys
	case model.Librdkafka:
		return rdkafkaKeys
	}
	return javaKeys
}

// key is one key with its history.
type key struct {
	family family
	part   Part
	name   string
	in     []span   // the versions that have it
	kind   timeline // boolean, int, long, short, double, string, list, class, password
	valid  timeline
	value  timeline // the default
	alias  string   // librdkafka: the property that this one is another name of
}

// span is a range of versions, both ends included.
type span struct{ from, to model.Version }

// newest ends a span that the newest release is in.
const newest = model.Version(math.MaxInt32)

// timeline is a fact that changed with the versions: entries in ascending order.
type timeline []struct {
	since model.Version
	fact  string
}

// at gives what held in a version; "" when nothing is known for it.
func (t timeline) at(v model.Version) string {
	fact := ""
	for _, e := range t {
		if e.since <= v {
			fact = e.fact
		}
	}
	return fact
}

// keyName identifies a key.
type keyName struct {
	family family
	part   Part
	name   string
}

// keys is every key by name.
var keys = sync.OnceValue(func() map[keyName]*key {
	table := map[keyName]*key{}
	for _, columns := range columnsOf(scala08Keys) {
		f := javaKeys
		if part, scala := strings.CutPrefix(columns[0], "scala-"); scala {
			f, columns[0] = scalaKeys, part
		}
		add(table, parseKey(f, columns))
	}
	for _, columns := range columnsOf(kafkaKeys) {
		add(table, parseKey(javaKeys, columns))
	}
	for _, c := range columnsOf(librdkafkaKeys) {
		add(table, parseKey(rdkafkaKeys, []string{c[0], c[1], "..", c[2], c[3], c[4]}))
	}
	for i := range rows {
		if w := &rows[i]; w.kind != "" {
			add(table, parseKey(javaKeys, []string{string(w.part), w.name, w.since + "..", w.kind, w.valid, w.value}))
		}
	}
	return table
})

// columnsOf splits a table into its lines and columns, comments left out.
func columnsOf(table string) [][]string {
	var lines [][]string
	for line := range strings.Lines(table) {
		if line = strings.TrimRight(line, "\n"); line != "" && line[0] != '#' {
			lines = append(lines, strings.Split(line, "\t"))
		}
	}
	return lines
}

// tableReleases are the releases whose classes the table of Kafka's keys was made from.
func tableReleases() []string {
	_, list, _ := strings.Cut(kafkaKeys, "\n# releases ")
	list, _, _ = strings.Cut(list, "\n")
	return strings.Fields(list)
}

// add puts a key into the table. A setting that another table has for earlier versions goes on.
func add(table map[keyName]*key, k *key) {
	name := keyName{k.family, k.part, k.name}
	before := table[name]
	if before == nil {
		table[name] = k
		return
	}
	first := k.in[0].from
	before.in = append(before.in, k.in...)
	for _, t := range []struct {
		to *timeline
		of timeline
	}{{&before.kind, k.kind}, {&before.valid, k.valid}, {&before.value, k.value}} {
		t.of[0].since = max(t.of[0].since, first)
		*t.to = append(*t.to, t.of...)
	}
}

// parseKey reads the columns of one line: part, name, versions, type, valid values, default.
func parseKey(f family, column []string) *key {
	k := &key{family: f, part: Part(column[0]), name: column[1], kind: parseTimeline(column[3])}
	for _, versions := range strings.Split(column[2], ",") {
		from, to, _ := strings.Cut(versions, "..")
		s := span{0, newest}
		if from != "" {
			s.from = tableVersion(from).First()
		}
		if to != "" {
			s.to = tableVersion(to)
		}
		k.in = append(k.in, s)
	}
	if alias, found := strings.CutPrefix(column[5], "->"); found {
		k.alias = alias
		column[5] = "-"
	}
	k.valid, k.value = parseTimeline(column[4]), parseTimeline(column[5])
	return k
}

// parseTimeline reads "x" or "0.8=x ; 2.1=y"; "-" is no fact.
func parseTimeline(s string) timeline {
	var t timeline
	for _, entry := range strings.Split(s, " ; ") {
		version, fact, dated := strings.Cut(entry, "=")
		since := model.Version(0)
		if dated && version != "" && version[0] >= '0' && version[0] <= '9' {
			since = tableVersion(version).First()
		} else {
			fact = entry
		}
		if fact == "-" {
			fact = ""
		}
		t = append(t, struct {
			since model.Version
			fact  string
		}{since, fact})
	}
	return t
}

// tableVersion reads a version of the tables; TestKeys checks that they have no other.
func tableVersion(s string) model.Version {
	v, _ := model.ParseVersion(s)
	return v
}

// known says whether a release has the key.
func (k *key) known(v model.Version) bool {
	return slices.ContainsFunc(k.in, func(s span) bool { return s.from <= v.Last() && v.Last() <= s.to })
}

// kindIn is the type in a release.
func (k *key) kindIn(v model.Version) string { return k.kind.at(v.Last()) }

// validIn is the valid values in a release.
func (k *key) validIn(v model.Version) string { return k.valid.at(v.Last()) }

// valueAt is the default in a release, and whether there is one.
func (k *key) valueAt(v model.Version) (string, bool) {
	s := k.value.at(v.Last())
	return strings.Trim(s, `"`), s != "" && s != "null"
}

// versionsWith says in words in which versions a key exists.
func (k *key) versionsWith() string {
	if k.in[0].from == 0 {
		return "every version"
	}
	var words []string
	for _, s := range k.merged() {
		switch from, to := s.from.String(), s.to.String(); {
		case s.to == newest:
			words = append(words, "since "+from)
		case from == to:
			words = append(words, "in "+from+" only")
		default:
			words = append(words, "from "+from+" to "+to)
		}
	}
	return strings.Join(words, ", and ")
}

// merged is the spans with those joined that follow each other without a release between them.
func (k *key) merged() []span {
	var all []span
	for _, s := range k.in {
		if n := len(all); n > 0 && !releasedBetween(all[n-1].to, s.from) {
			all[n-1].to = s.to
			continue
		}
		all = append(all, s)
	}
	return all
}

// releasedBetween says whether there is a release after one version and before another.
func releasedBetween(after, before model.Version) bool {
	return slices.ContainsFunc(model.Released(), func(v model.Version) bool { return v > after && v < before })
}

// findKey looks a key up, following librdkafka's aliases.
func findKey(f family, p Part, name string) *key {
	k := keys()[keyName{f, p, name}]
	if k != nil && k.alias != "" {
		if target := keys()[keyName{f, p, k.alias}]; target != nil {
			return target
		}
	}
	return k
}

// keyNames lists the names that a part has in a family in some version, sorted.
func keyNames(f family, p Part) []string {
	var names []string
	for n := range keys() {
		if n.family == f && n.part == p {
			names = append(names, n.name)
		}
	}
	slices.Sort(names)
	return names
}
