package formats

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// Dependencies is what a list of a program's dependencies is taken for: it names the client library and its release.
const Dependencies = "dependencies of a program"

// dependencyFile is a kind of file that lists dependencies: how its files are named, and where a line or an element of it has
// a package and its version.
type dependencyFile struct {
	names   *regexp.Regexp
	pattern *regexp.Regexp // groups: package, version
}

var dependencyFiles = []dependencyFile{
	{regexp.MustCompile(`^go\.mod$`), regexp.MustCompile(`(?m)^[ \t]*(?:require[ \t]+)?(github\.com/[^\s]+)[ \t]+v([0-9][^\s/]*)(?:[ \t]*//.*)?[ \t\r]*$`)},
	{regexp.MustCompile(`^package\.json$`), regexp.MustCompile(`"([@\w./-]+)"[ \t\r\n]*:[ \t\r\n]*"([^"]*)"`)},
	{regexp.MustCompile(`^requirements[\w.-]*\.txt$`), regexp.MustCompile(`(?m)^[ \t]*([A-Za-z][\w.-]*)(?:\[[^\]]*\])?[ \t]*((?:[=<>~!]=?=?[ \t]*[^\s,;#]+[ \t]*,?[ \t]*)*)`)},
	{regexp.MustCompile(`^pyproject\.toml$`), regexp.MustCompile(`(?m)(?:^|["'\[,])[ \t]*([A-Za-z][\w.-]*)(?:\[[^\]]*\])?(?:[ \t]*=[ \t]*["']|[ \t]*)([=<>~!^]*[ \t]*[0-9][^"'#\r\n]*)["']`)},
	{regexp.MustCompile(`^pom\.xml$`), regexp.MustCompile(`<artifactId>[ \t\r\n]*([\w.-]+)[ \t\r\n]*</artifactId>[ \t\r\n]*<version>[ \t\r\n]*([^<]*?)[ \t\r\n]*</version>`)},
	{regexp.MustCompile(`^build\.gradle(?:\.kts)?$`), regexp.MustCompile(`["']org\.apache\.kafka:([\w.-]+):([^"':]+)["']`)},
}

// clientPackages are the packages of client libraries by the names that the library has in app.producer-client. The bindings
// of Go and Python have the number of the librdkafka that they bring; others have numbers of their own and are not listed.
var clientPackages = map[string]string{
	"github.com/IBM/sarama": "sarama", "github.com/Shopify/sarama": "sarama", "github.com/twmb/franz-go": "franz-go",
	"github.com/segmentio/kafka-go":                 "kafka-go",
	"github.com/confluentinc/confluent-kafka-go":    "librdkafka",
	"github.com/confluentinc/confluent-kafka-go/v2": "librdkafka",
	"kafkajs":       "kafkajs",
	"aiokafka":      "aiokafka",
	"kafka-python":  "kafka-python",
	"kafka-clients": "java", "kafka-streams": "java",
	"confluent-kafka": "librdkafka",
}

// dependency is a client library among the dependencies.
type dependency struct {
	client, version string
	exact           bool // it is this release, and not the first of several that may do
	at              Position
}

// release matches the number of a release at the front of a version or of a range.
var release = regexp.MustCompile(`^[=<>~^!v \t]*([0-9]+(?:\.[0-9]+)*)`)

// isDependencies claims a file that is named as a list of dependencies and has a client library of Kafka in it.
func isDependencies(c *content) bool { return len(dependenciesIn(c.file, c.data)) > 0 }

// IsDependencies says whether a file is a list of dependencies with a client library of Kafka.
func IsDependencies(file string, data []byte) bool { return len(dependenciesIn(file, data)) > 0 }

// IsDependencyName says whether a list of dependencies is named so.
func IsDependencyName(file string) bool {
	return slices.ContainsFunc(dependencyFiles, func(f dependencyFile) bool { return f.names.MatchString(path.Base(file)) })
}

func dependenciesIn(file string, data []byte) []dependency {
	base := path.Base(strings.ReplaceAll(file, `\`, "/"))
	var all []dependency
	for _, f := range dependencyFiles {
		if !f.names.MatchString(base) {
			continue
		}
		text := string(data)
		for _, m := range f.pattern.FindAllStringSubmatchIndex(text, -1) {
			client, found := clientPackages[text[m[2]:m[3]]]
			if !found {
				continue
			}
			version := property(text, strings.TrimSpace(text[m[4]:m[5]]))
			d := dependency{client: client, at: positionIn(file, text, m[2])}
			if number := release.FindStringSubmatch(version); number != nil && !strings.HasPrefix(version, "<") && !strings.HasPrefix(version, "!") {
				d.version, d.exact = number[1], !strings.ContainsAny(version, "<>~^*, |")
			}
			all = append(all, d)
		}
	}
	return all
}

// property is the value of a version that a pom.xml, or a build.gradle, names: ${kafka.version}.
func property(text, version string) string {
	name, found := strings.CutPrefix(version, "$")
	if !found {
		return version
	}
	name = regexp.QuoteMeta(strings.Trim(name, "{}"))
	m := regexp.MustCompile(`<` + name + `>[ \t\r\n]*([^<\s]+)|\b` + name + `[ \t]*=[ \t]*["']([^"']+)`).FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	return m[1] + m[2]
}

// positionIn is where offset is in a text.
func positionIn(file, text string, offset int) Position {
	before := text[:offset]
	return Position{file, 1 + strings.Count(before, "\n"), offset - strings.LastIndexByte(before, '\n')}
}

// readDependencies reads which client library a program is built with. Which of two it sends and receives with is for the
// spec to say.
func readDependencies(r *reading) {
	all := dependenciesIn(r.File, r.content.data)
	if len(all) == 0 {
		r.fail(Position{File: r.File}, "", "no client library of Kafka is among the dependencies")
		return
	}
	first := all[0]
	for _, d := range all[1:] {
		if d.client != first.client {
			r.note("%s has %s and %s: app.producer-client and app.consumer-client say which of them counts", r.File, first.client, d.client)
			return
		}
	}
	name := first.client
	if first.version != "" && r.options.Release != nil {
		var known bool
		if name, known = r.options.Release(first.client, first.version); !known {
			r.note("%s %s of %s is no release that kcheck knows: it is taken for the newest that it knows", first.client, first.version, r.File)
		}
	}
	if !first.exact {
		r.note("%s does not say which release of %s is used: it is taken for %s", r.File, first.client, name)
	}
	for _, key := range []string{"producer-client", "consumer-client"} {
		r.Values = append(r.Values, Value{Part: App, Key: key, Text: name, KeyAt: first.at, ValueAt: first.at})
	}
}
