package kafkaconf

import (
	"regexp"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// layAll lays the sources over each other: the spec with its files first, then configuration files. Their values must
// agree with each other and with the spec's own where no rule says which of them counts.
func (r *resolver) layAll(sources []Source) {
	var unused []Part
	for _, source := range sources {
		unused = append(unused, source.Unused...)
	}
	for i, source := range sources {
		for _, p := range unused {
			if source.Format == formats.Worker {
				source = source.Without(p)
			}
		}
		r.lay(source, i < r.fromSpec)
	}
}

// lay puts a source over what is there.
func (r *resolver) lay(source Source, ofSpec bool) {
	for _, p := range source.Given {
		r.given[p] = true
	}
	for _, v := range source.Values {
		r.layValue(v, ofSpec)
	}
	for _, n := range source.Notes {
		r.note("%s", n)
	}
	r.countBrokers(source)
	r.showFramework(source)
	if source.Kafka != "" {
		r.stated = append(r.stated, word{source.Kafka, source.KafkaAt})
	}
}

// layValue puts a value over what is there, or decides that what is there stays.
func (r *resolver) layValue(v Value, ofSpec bool) {
	before, found := r.values[v.Part][v.Key]
	inSpec := found && r.out.Spec && before.KeyAt.File == r.out.File
	switch {
	case !found || ofSpec:
		r.put(v)
	case before.Flag:
	case inSpec && v.Rank >= formats.Written:
		if r.agree(v, before) {
			r.put(v)
		}
	case inSpec || v.Rank < before.Rank:
	case v.Rank > before.Rank:
		if before.Rank >= formats.Written && !same(v, before) {
			r.note("%s: %s=%s counts before %s at %s", origin(v), ShownKey(v.Key), Shown(v.Part, v.Key, v.Text), Shown(v.Part, v.Key, before.Text), origin(before))
		}
		r.put(v)
	case bears(v.Part, v.Key):
		r.agree(v, before)
	}
}

// agree reports two places that give one setting different values, unless --set decides.
func (r *resolver) agree(v, before Value) bool {
	if same(v, before) || r.request.sets(v.Part, v.Key) {
		return true
	}
	r.readable = false
	r.problems.Add(Failure, v.KeyAt, v.Key, "is %s here and %s at %s; leave out one of them, or say which counts with --set %s.%s=VALUE",
		quoted(v), quoted(before), origin(before), v.Part, ShownKey(v.Key))
	return false
}

// sets says whether --set gives a setting.
func (r Request) sets(p Part, key string) bool {
	return slices.ContainsFunc(r.Set, func(flag string) bool {
		name, _, _ := strings.Cut(flag, "=")
		part, own, _ := strings.Cut(name, ".")
		return canonicalName(Part(part), own) == canonicalName(p, key)
	})
}

// quoted is a value as a message shows it.
func quoted(v Value) string { return formats.Quote(Shown(v.Part, v.Key, strings.TrimSpace(v.Text))) }

// origin is where a value comes from.
func origin(v Value) string {
	if v.From != "" {
		return v.From
	}
	return v.KeyAt.String()
}

// same says whether two values of one setting mean the same.
func same(a, b Value) bool { return sameText(a.Key, a.Text, b.Text) }

// sameText says whether two texts mean the same value of a setting.
func sameText(key, a, b string) bool { return CanonicalValue(key, a) == CanonicalValue(key, b) }

// CanonicalValue writes a value in the one way in which all that mean the same are written.
func CanonicalValue(key, text string) string {
	text = strings.TrimSpace(text)
	switch lower := strings.ToLower(text); {
	case lower == "true" || lower == "false":
		return lower
	case (key == "acks" || key == "request.required.acks") && text == "-1":
		return "all"
	case strings.Contains(text, ","):
		items := strings.Split(text, ",")
		for i := range items {
			items[i] = strings.TrimSpace(items[i])
		}
		return strings.Join(items, ",")
	}
	return text
}

// statedNumber matches the release in a version as files state it: "3.9.0", "v3.9", "3.9-IV0".
var statedNumber = regexp.MustCompile(`^v?(\d+\.\d+(?:\.\d+)*)`)

// statedVersion is the brokers' version that the files state; nil where they state none. A release that kcheck does not
// have is checked as the newest one before it.
func (r *resolver) statedVersion() *word {
	if len(r.stated) == 0 {
		return nil
	}
	for _, other := range r.stated[1:] {
		if nearestVersion(other.text) != nearestVersion(r.stated[0].text) {
			r.problems.Add(Failure, other.at, "kafka", "states Kafka %s, and %s states %s; say which with --kafka VERSION", other.text, r.stated[0].at, r.stated[0].text)
		}
	}
	stated := r.stated[0]
	version := nearestVersion(stated.text)
	switch {
	case version == "":
		return nil
	case !strings.HasPrefix(strings.TrimPrefix(stated.text, "v"), version):
		r.note("%s states Kafka %s, which kcheck does not have: checked as %s (--kafka says otherwise)", stated.at, stated.text, version)
	default:
		r.note("Kafka %s as %s states", version, stated.at)
	}
	return &word{version, stated.at}
}

// agreedVersion is the brokers' version where a spec has one: the release that a file states of the spec's line, else the
// spec's. Another line is a contradiction.
func (r *resolver) agreedVersion(ofSpec word) *word {
	agreed := ofSpec
	for _, stated := range r.stated {
		version := nearestVersion(stated.text)
		switch {
		case version == "" || isRelease(ofSpec.text, version):
		case isRelease(version, agreed.text):
			agreed = word{version, stated.at}
		default:
			r.problems.Add(Failure, stated.at, "kafka", "states Kafka %s, and %s is %s; leave out one of them, or say which counts with --kafka VERSION",
				stated.text, ofSpec.at, ofSpec.text)
		}
	}
	return &agreed
}

// isRelease says whether a version is a line, or a release of it: 4.1.0 of 4.1.
func isRelease(version, line string) bool {
	return version == line || strings.HasPrefix(version, line+".")
}

// nearestVersion is the version of kcheck's that stands for the given one: that release, else the newest one of its line,
// else the newest that is not newer. "" is none.
func nearestVersion(text string) string {
	m := statedNumber.FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	if _, err := model.ParseVersion(m[1]); err == nil {
		return m[1]
	}
	if v, err := model.NewestBefore(m[1]); err == nil {
		return v.String()
	}
	return ""
}

// zooKeeper says whether the brokers are told where ZooKeeper is and are not given a role of KRaft.
func (r *resolver) zooKeeper() bool {
	_, roles := r.values[Broker]["process.roles"]
	for name, v := range r.values[Broker] {
		if strings.HasPrefix(name, "zookeeper.") && (v.Rank >= formats.Written || name == "zookeeper.connect") && !roles {
			return true
		}
	}
	return false
}

// ofZooKeepersTime is the version of brokers whose files name ZooKeeper and no version: the newest that has it.
func (r *resolver) ofZooKeepersTime() *word {
	v, found := r.values[Broker]["zookeeper.connect"]
	if !found || !r.zooKeeper() || !r.inProperties(v) {
		return nil
	}
	r.note("%s: zookeeper.connect without process.roles: checked as Kafka %s, the newest that has ZooKeeper (--kafka says otherwise)", v.KeyAt, model.V3_9)
	return &word{model.V3_9.String(), v.KeyAt}
}

// refuseNothing refuses configuration files that together say nothing of any part: an answer would be about nobody's.
func (r *resolver) refuseNothing() {
	if !r.files || !r.readable || r.out.Spec || len(r.given) > 0 {
		return
	}
	r.readable = false
	r.problems.Add(Failure, Position{File: r.out.File}, "", "says nothing of a producer, a consumer, a broker or a topic; give the files that do beside it")
}
