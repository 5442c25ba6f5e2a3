package kafkaconf

import (
	_ "embed" // for the key table
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/kcheck/kcheck/model"
)

//go:embed keys.txt
var keyTable string

// family is whose key it is: Java and the servers, the Scala clients of 0.8, or librdkafka.
type family uint8

const (
	javaKeys family = iota
	scalaKeys
	rdkafkaKeys
)

// key is one line of the key table.
type key struct {
	family family
	part   Part
	name   string
	kind   string // boolean, int, long, short, double, string, list, class, password
	since  model.Version
	until  model.Version
	valid  timeline
	value  timeline // the default
	alias  string   // librdkafka: the property that this one is another name of
}

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

// keyName identifies a key in the table.
type keyName struct {
	family family
	part   Part
	name   string
}

// keys is the key table by name.
var keys = sync.OnceValue(func() map[keyName]*key {
	table := map[keyName]*key{}
	for line := range strings.Lines(keyTable) {
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		k := parseKey(strings.Split(line, "\t"))
		table[keyName{k.family, k.part, k.name}] = k
	}
	for _, line := range ownKeys {
		k := ownKey(line)
		table[keyName{javaKeys, k.part, k.name}] = k
	}
	return table
})

// parseKey reads the columns of one line: part, name, type, versions, valid values, default.
func parseKey(column []string) *key {
	k := &key{name: column[1], kind: column[2], until: math.MaxInt32}
	part, of := column[0], ""
	if before, after, found := strings.Cut(part, "-"); found {
		of, part = before, after
	}
	k.part = Part(part)
	switch of {
	case "scala":
		k.family = scalaKeys
	case "librdkafka":
		k.family = rdkafkaKeys
	}
	since, until, open := strings.Cut(column[3], "..")
	if k.family != rdkafkaKeys {
		k.since = tableVersion(since)
		switch {
		case !open:
			k.until = lastPatch(k.since)
		case until == "0.10.2": // the last of 0.10
			k.until = lastPatch(model.V0_10)
		case until != "":
			k.until = lastPatch(tableVersion(until))
		}
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
			since = tableVersion(version)
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

// tableVersion reads a version of the key table, "0.10.1" or "2.1", as its first patch.
func tableVersion(s string) model.Version {
	n := [3]int{}
	for i, part := range strings.SplitN(s, ".", 3) {
		for _, digit := range part {
			n[i] = n[i]*10 + int(digit-'0')
		}
	}
	if n[0] == 0 {
		return model.Version(n[1]*100 + n[2])
	}
	return model.Version(n[0]*10000 + n[1]*100)
}

// lastPatch is the newest patch of a release, where bug fixes and defaults of the whole line apply. Releases before 1.0
// have four numbers: 0.10.1 is a line of its own, 0.10 stands for its last.
func lastPatch(v model.Version) model.Version {
	if v < 10000 && v%100 != 0 {
		return v
	}
	return v/100*100 + 99
}

// known says whether a release has the key.
func (k *key) known(v model.Version) bool {
	v = lastPatch(v)
	return k.family == rdkafkaKeys || k.since <= v && v <= lastPatch(k.until)
}

// valueAt is the default in a release, and whether there is one.
func (k *key) valueAt(v model.Version) (string, bool) {
	s := k.value.at(lastPatch(v))
	return strings.Trim(s, `"`), s != "" && s != "null"
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
