package formats

import (
	"path"
	"regexp"
	"strings"
)

// distribution is who packs Kafka into an image: how its tags state Kafka's version and how it makes settings of the
// variables of the environment.
type distribution uint8

const (
	otherImage distribution = iota // not known to run a broker
	apacheImage
	confluentImage
	bitnamiImage
	debeziumImage
	wurstmeisterImage
	operatorImage // of Strimzi and of Red Hat: only what the command line overrides counts
	connectImage  // Debezium's image of Connect, whose variables have no prefix
)

// image is the name of an image, taken apart.
type image struct {
	by   distribution
	base string // the last part of the name
	tag  string
}

// parseImage takes the name of an image apart, REGISTRY/NAME:TAG@DIGEST.
func parseImage(text string) image {
	name, _, _ := strings.Cut(strings.TrimSpace(text), "@")
	tag := ""
	if i := strings.LastIndexByte(name, ':'); i > strings.LastIndexByte(name, '/') {
		name, tag = name[:i], name[i+1:]
	}
	base := path.Base(name)
	return image{imageOf(name, base), base, tag}
}

// confluentBrokers are Confluent's images that run a broker.
var confluentBrokers = isOneOf("cp-kafka", "cp-server", "cp-enterprise-kafka", "confluent-local")

// rhelBase matches Red Hat's images, kafka-36-rhel8.
var rhelBase = regexp.MustCompile(`^kafka-(\d)(\d+)-rhel\d+$`)

// imageOf finds out whose image it is.
func imageOf(name, base string) distribution {
	switch {
	case confluentBrokers(base):
		return confluentImage
	case strings.Contains(name, "debezium/connect"):
		return connectImage
	case strings.Contains(name, "debezium/kafka"):
		return debeziumImage
	case rhelBase.MatchString(base), strings.Contains(name, "strimzi/kafka"):
		return operatorImage
	case base != "kafka" && base != "kafka-native":
		return otherImage
	case strings.Contains(name, "bitnami") || strings.Contains(name, "soldevelo"):
		return bitnamiImage
	case strings.Contains(name, "wurstmeister"):
		return wurstmeisterImage
	}
	return apacheImage
}

// runsBroker says whether the image runs a broker unless its command says otherwise.
func (i image) runsBroker() bool {
	return i.by != otherImage && i.by != connectImage && !strings.Contains(i.tag, "zookeeper")
}

// imageTag matches the version in the tag of an image: at its begin, behind that of Scala ("2.13-2.8.1"), or behind
// "kafka-" ("0.45.0-kafka-3.9.0").
var imageTag = regexp.MustCompile(`^(?:.*kafka-|\d+\.\d+-)?v?(\d+)\.(\d+)`)

// confluentReleases are the Kafka versions in Confluent's releases (Confluent Platform and Apache Kafka Compatibility).
var confluentReleases = map[string]string{
	"3.0": "0.10.0", "3.1": "0.10.1", "3.2": "0.10.2", "3.3": "0.11.0", "4.0": "1.0", "4.1": "1.1",
	"5.0": "2.0", "5.1": "2.1", "5.2": "2.2", "5.3": "2.3", "5.4": "2.4", "5.5": "2.5", "6.0": "2.6", "6.1": "2.7", "6.2": "2.8",
	"7.0": "3.0", "7.1": "3.1", "7.2": "3.2", "7.3": "3.3", "7.4": "3.4", "7.5": "3.5", "7.6": "3.6", "7.7": "3.7", "7.8": "3.8",
	"7.9": "3.9", "8.0": "4.0", "8.1": "4.1", "8.2": "4.2", "8.3": "4.3", "8.4": "4.4",
}

// debeziumReleases are the Kafka versions in Debezium's images, which are tagged by Debezium's own version
// (KAFKA_VERSION in kafka/VERSION/Dockerfile of debezium/container-images).
var debeziumReleases = map[string]string{
	"0.8": "1.1", "0.9": "2.2", "0.10": "2.3", "1.0": "2.4", "1.1": "2.4", "1.2": "2.5", "1.3": "2.6", "1.4": "2.6", "1.5": "2.7",
	"1.6": "2.7", "1.7": "2.8", "1.8": "3.0", "1.9": "3.2", "2.0": "3.3", "2.1": "3.3", "2.2": "3.4", "2.3": "3.4", "2.4": "3.5",
	"2.5": "3.6", "2.6": "3.7", "2.7": "3.7", "3.0": "3.9", "3.1": "3.9", "3.2": "4.0", "3.3": "4.1", "3.4": "4.1", "3.5": "4.2",
	"3.6": "4.3", "3.7": "4.3",
}

// kafkaVersion is the brokers' version that the image states; "" where it states none.
func (i image) kafkaVersion() string {
	if m := rhelBase.FindStringSubmatch(i.base); m != nil {
		return m[1] + "." + m[2]
	}
	m := imageTag.FindStringSubmatch(i.tag)
	switch {
	case m == nil || !i.runsBroker():
		return ""
	case i.by == confluentImage:
		return confluentReleases[m[1]+"."+m[2]]
	case i.by == debeziumImage:
		return debeziumReleases[m[1]+"."+m[2]]
	case i.by == operatorImage && !strings.Contains(i.tag, "kafka-"):
		return ""
	case strings.HasPrefix(i.tag, "latest-kafka-"):
		return m[1] + "." + m[2]
	}
	return m[1] + "." + m[2]
}
