package formats

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model/kafkaconf/input"
)

// Options are what a reader needs to know beside the file.
type Options struct {
	// Topic is the name of the topic to read where a file describes several; "" when there must be only one.
	Topic string
	// AllTopics says that the topics of a file are listed, in Source.Topics, and none of them is chosen.
	AllTopics bool
	// Knows says whether some version of Kafka knows a setting of a part.
	Knows func(Part, string) bool
	// Service, Cluster and Profile choose where a file has several: the service of a compose file or the container of a
	// Deployment, the cluster, and the profiles of Spring that are active, separated by commas.
	Service, Cluster, Profile string
	// Suggest is the setting of a part whose name is nearest to a misspelt one; "" where none is near.
	Suggest func(Part, string) string
	// PassedOn says whether a client hands a setting on to something plugged into it, such as a serializer.
	PassedOn func(Part, string) bool
	// OfClient says whether a client of any library has a setting of a part.
	OfClient func(Part, string) bool
	// Valid says whether a setting of a part may have a value.
	Valid func(part Part, key, value string) bool
	// Same says whether two values of a setting mean the same.
	Same func(key, a, b string) bool
	// Bears says whether a setting has a bearing on delivery, so that two places may not disagree on it.
	Bears func(Part, string) bool
	// Release is a client library's release as app.producer-client names it; the newest known in place of one that is not.
	Release func(client, version string) (name string, known bool)
	// Shown is a value of a setting as a message may show it.
	Shown func(part Part, key, value string) string
}

// format is one line of the table by which a file is recognised.
type format struct {
	name   string // what a file of it is taken for
	claims func(*content) bool
	read   func(*reading)
}

// table lists the formats in the order in which they are asked. The last takes nearly any text, as Java does.
var table = []format{
	{Dependencies, isDependencies, readDependencies},
	{"kafka-topics --describe", line(`(?:> ?)*[ \t]*Topic:[ \t]*\S+.*(?:PartitionCount|Partition):`), readTopics},
	{"kafka-configs --describe", line(`(?:> ?)*(?:(?:All|Dynamic|Default) configs for |Configs for (?:topic|broker)s?\b)`), readConfigs},
	{"rpk topic describe", all(line(`SUMMARY[ \t\r]*$`), line(`(?:PARTITIONS|REPLICAS)[ \t]+\d+`)), readRpk},
	{"kcat -L", line(`Metadata for (?:all topics|\S+) \(from broker`), readKcat},
	{"Terraform plan", inJSON(`"(?:planned_values|resource_changes)"[ \t\r\n]*:`), readTerraform},
	{"Connect connector", inJSON(`"connector\.class"[ \t\r\n]*:`), readConnectorJSON},
	{"Strimzi resources", either(line(`[ \t-]*["']?apiVersion["']?[ \t]*:[ \t]*["']?`+strimziGroup), inJSON(`"apiVersion"[ \t\r\n]*:[ \t\r\n]*"`+strimziGroup)), readStrimzi},
	{TerraformLanguage, isTerraform, readTerraformLanguage},
	{ConfluentOperator, func(c *content) bool { return isResourceOf(c, `platform\.confluent\.io/`) }, readConfluent},
	{Jikkou, func(c *content) bool { return isResourceOf(c, `jikkou\.io/`) }, readJikkou},
	{Kubernetes, isWorkload, readWorkloads},
	{AppSettings, inJSON(dotNetNames), readAppSettings},
	{JSON, inJSON(``), readClientJSON},
	{"Spring application.yml", line(`["']?spring(?:\.(?:kafka|cloud|application|profiles|config)[A-Za-z0-9.\[\]_-]*)?["']?[ \t]*:(?:[ \t\r]|$)`), readSpringYAML},
	{Quarkus, either(line(`["']?(?:mp\.messaging|mp|kafka-streams)["']?[ \t]*:(?:[ \t\r]|$)|["']?%[\w,-]+["']?[ \t]*:(?:[ \t\r]|$)`), all(line(`quarkus[ \t]*:`), line(`kafka[ \t]*:`))), readQuarkusYAML},
	{Micronaut, either(all(line(`kafka[ \t]*:`), line(`[ \t]+(?:producers|consumers|streams|bootstrap)[ \t]*:`)), all(line(`micronaut[ \t]*:`), line(`kafka[ \t]*:`))), readMicronautYAML},
	{"docker-compose", line(`["']?services["']?[ \t]*:(?:[ \t\r]|$)`), readCompose},
	{HelmValues, func(c *content) bool { return !c.json() && isNested(c.data) && isHelmValues(c) }, readHelmValues},
	{Topicctl, all(line(`meta[ \t]*:`), all(line(`spec[ \t]*:`), line(`[ \t]+replicationFactor[ \t]*:`))), readTopicctl},
	{Julie, all(line(`(?:context|company)[ \t]*:`), line(`projects[ \t]*:`)), readJulie},
	{TopicList, hasTopicList, readTopicList},
	{HelmValues, func(c *content) bool { return isNested(c.data) && valuesName.MatchString(c.file) }, readHelmValues},
	{"Spring application.properties", hasKey(isSpringName), readSpringProperties},
	{"environment variables", isEnvironment, readEnvironment},
	{Quarkus, hasKey(isQuarkusName), readQuarkusProperties},
	{Micronaut, hasKey(isMicronautName), readMicronautProperties},
	{Sections, hasSections, readSections},
	{MirrorMaker, hasKey(func(k string) bool { return mirrorFlow.MatchString(k) }), readMirrorMaker},
	{Prefixed, hasKey(isPrefixed), readPrefixed},
	{KsqlDB, hasKey(func(k string) bool { return strings.HasPrefix(k, "ksql.") }), readKsqlDB},
	{Streams, hasKey(isOneOf("application.id", "processing.guarantee")), readStreams},
	{"Connect connector", hasKey(isOneOf("connector.class")), readConnectorProperties},
	{Worker, hasKey(isOneOf(workerKeys...)), readWorker},
	{Properties, isProperties, readProperties},
}

// strimziGroup matches the API groups of Strimzi's operators.
const strimziGroup = `(?:kafka|core)\.strimzi\.io/`

// What a plain .properties file, those of a Connect worker and of Kafka Streams, and a JSON object of settings are taken for.
const (
	Properties = "properties"
	Worker     = "Connect worker"
	Streams    = "Kafka Streams configuration"
	JSON       = "client settings in JSON"
)

// content is a file while it is recognised.
type content struct {
	file  string
	data  []byte
	props []Property // of a file with key=value lines; nil where it is none
}

func newContent(file string, data []byte) *content {
	c := &content{file: file, data: data}
	if !c.json() && !isNested(data) {
		c.props, _ = ParseProperties(file, data)
	}
	return c
}

func (c *content) json() bool { return input.IsJSON(c.data) }

// line claims a file with a line that begins as the pattern says.
func line(pattern string) func(*content) bool {
	re := regexp.MustCompile(`(?m)^(?:\x{FEFF})?(?:` + pattern + `)`)
	return func(c *content) bool { return !c.json() && re.Match(c.data) }
}

// inJSON claims a JSON document in which the pattern occurs.
func inJSON(pattern string) func(*content) bool {
	re := regexp.MustCompile(pattern)
	return func(c *content) bool { return c.json() && re.Match(c.data) }
}

// either claims what one of two claims.
func either(a, b func(*content) bool) func(*content) bool {
	return func(c *content) bool { return a(c) || b(c) }
}

// hasKey claims a file of key=value lines with a certain key.
func hasKey(is func(string) bool) func(*content) bool {
	return func(c *content) bool {
		return slices.ContainsFunc(c.props, func(p Property) bool { return is(p.Key) })
	}
}

// isSpringName says whether a property shows a configuration of Spring's about Kafka.
func isSpringName(name string) bool {
	name = springName(name)
	for _, prefix := range []string{"spring.kafka.", "spring.cloud.stream.", "spring.profiles.", "spring.config.", "spring.application."} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

func isOneOf(names ...string) func(string) bool {
	return func(name string) bool { return slices.Contains(names, name) }
}

// isProperties claims any text that is not obviously something else.
func isProperties(c *content) bool {
	text := bytes.TrimSpace(bytes.TrimPrefix(c.data, []byte("\uFEFF")))
	return !bytes.HasPrefix(text, []byte("<")) && !bytes.HasPrefix(text, []byte("---")) && !IsResource(text) && !isNested(text)
}

// resourceLine matches the line that every resource of Kubernetes has.
var resourceLine = regexp.MustCompile(`(?m)^apiVersion[ \t]*:[ \t]`)

// IsResource says whether a file is a resource of Kubernetes, of whatever kind.
func IsResource(data []byte) bool { return resourceLine.Match(data) }

// Recognise says what a file is taken for; "properties" for a plain .properties file, "" for nothing that is read.
func Recognise(file string, data []byte) string {
	if f := recognise(newContent(file, data)); f != nil {
		return f.name
	}
	return ""
}

// Surely says whether a file that is taken for a format is surely one of Kafka's, also where it cannot be read.
func Surely(format string) bool {
	return format != HelmValues && format != TopicList && format != Sections && format != Kubernetes && format != TerraformLanguage
}

func recognise(c *content) *format {
	for i := range table {
		if table[i].claims(c) {
			return &table[i]
		}
	}
	return nil
}

// Read reads a configuration file of any known format.
func Read(file string, data []byte, o Options) (Source, Problems) {
	r := &reading{Source: Source{File: file}, options: o}
	if problem, bad := NotText(file, data); bad {
		return r.Source, Problems{problem}
	}
	r.content = newContent(file, data)
	if !isDependencies(r.content) && r.refuseForeign() {
		return r.Source, r.problems
	}
	f := recognise(r.content)
	if f == nil {
		r.problems.Add(Failure, Position{file, 1, 1}, "", "%s; expected a spec or a Kafka configuration (kcheck check --help lists the formats)", whatIs(data))
		return r.Source, r.problems
	}
	r.Format = f.name
	f.read(r)
	return r.Source, r.problems
}

// whatIs names what a file looks like, for a message.
func whatIs(data []byte) string {
	text := bytes.TrimSpace(data)
	switch {
	case bytes.HasPrefix(text, []byte("<")):
		return "this looks like XML or HTML, which is not read"
	case IsResource(data):
		return "this is a Kubernetes resource, and none of Strimzi's (kafka.strimzi.io)"
	case bytes.HasPrefix(text, []byte("---")) || isNested(data):
		return "this is YAML that is neither a spec nor a configuration of Kafka that kcheck knows"
	}
	return "this is not a configuration file"
}
