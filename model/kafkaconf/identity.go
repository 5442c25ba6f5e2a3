package kafkaconf

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// ConfigurationID names a configuration by the effective values of the settings that the model reads, given by their
// names with the part: two configurations with one name are the same, whatever files, formats and spellings they were
// written in, and whether a framework made them or somebody wrote them. A setting that topic and server both have counts as the topic's; the scope is no part of a configuration.
func ConfigurationID(kafka string, read map[string]string) string {
	lines := []string{"kafka=" + kafka}
	for name, value := range read {
		part, key, _ := strings.Cut(name, ".")
		if Part(part) == Scope || name == "app.framework" { // what a framework sets counts, not its name
			continue
		}
		lines = append(lines, canonicalName(Part(part), key)+"="+identityOf(key, value))
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(slices.Compact(lines), "\n")))
	return hex.EncodeToString(sum[:])[:12]
}

// canonicalName is one name for all that are names of the same setting.
func canonicalName(p Part, key string) string {
	switch p {
	case Broker, Controller:
		if topic, found := topicName(key); found {
			return string(Topic) + "." + topic
		}
	case Producer, Consumer, Downstream:
		key = javaName(key)
	}
	return string(p) + "." + key
}

// identityOf is what counts of a value: of an address, and the id of a static member, only that there is one.
func identityOf(key, value string) string {
	if key == "zookeeper.connect" || key == "group.instance.id" {
		return "set"
	}
	return CanonicalValue(key, value)
}

// ID names the configuration, see [ConfigurationID].
func (r *Resolved) ID() string {
	read := map[string]string{}
	for _, e := range r.Effective {
		if e.Read {
			read[e.Name()] = e.Value
		}
	}
	return ConfigurationID(r.Config.Kafka.String(), read)
}
