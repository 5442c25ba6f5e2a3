package formats

import (
	"slices"
	"strings"
)

// springDefault is the origin of what Spring for Apache Kafka sets by itself.
const springDefault = "default of Spring Kafka"

// springProperty is one property of a Spring configuration.
type springProperty struct {
	name           string // as it is written, with dots
	text           string
	written        string // the text before placeholders were filled in
	keyAt, valueAt Position
}

// readSpringYAML reads application.yml. Of several documents, which are profiles, those without a condition are read:
// they are the default.
func readSpringYAML(r *reading) {
	var properties []springProperty
	for _, document := range r.documents() {
		if profile := springProfile(document); profile != "" {
			r.note("%s: the document for the profile %s is not read; kcheck reads the default", r.File, profile)
			continue
		}
		document.flatten("", func(name string, f field, text string) {
			properties = append(properties, springProperty{name, text, text, f.at, f.value.at})
		})
	}
	r.spring(properties)
}

// springProfile is the condition under which a document counts; "" for the default.
func springProfile(document *node) string {
	profile := ""
	document.flatten("", func(name string, _ field, text string) {
		switch canonical(name) {
		case "spring.config.activate.onprofile", "spring.config.activate.oncloudplatform", "spring.profiles":
			profile = text
		}
	})
	return profile
}

// readSpringProperties reads application.properties; a line "#---" begins the next document.
func readSpringProperties(r *reading) {
	var properties, document []springProperty
	profile, line := "", 0
	end := func() {
		if profile == "" {
			properties = append(properties, document...)
		} else {
			r.note("%s: the document for the profile %s is not read; kcheck reads the default", r.File, profile)
		}
		profile, document = "", nil
	}
	all, problems := ParseProperties(r.File, r.content.data)
	r.problems = append(r.problems, problems...)
	lines := strings.Split(string(r.content.data), "\n")
	for _, p := range all {
		for ; line < p.KeyAt.Line-1; line++ {
			if t := strings.TrimSpace(lines[line]); t == "#---" || t == "!---" {
				end()
			}
		}
		if canonical(p.Key) == "spring.config.activate.onprofile" {
			profile = p.Value
		}
		document = append(document, springProperty{p.Key, p.Value, p.Value, p.KeyAt, p.ValueAt})
	}
	end()
	r.spring(properties)
}

// canonical is a property's name in the form in which Spring compares names: lower case, without dashes and underscores.
func canonical(name string) string {
	return strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(name))
}

// springClient is a kind of client below spring.kafka.
type springClient struct {
	prefix string
	part   Part
	names  map[string]string // Spring's property in canonical form, and Kafka's name for it
}

// springClients are the properties that Spring Boot has for producers and consumers (KafkaProperties); anything else is
// under properties, by Kafka's own name.
var springClients = []springClient{
	{"spring.kafka.producer.", Producer, map[string]string{
		"acks": "acks", "batchsize": "batch.size", "bootstrapservers": "bootstrap.servers", "buffermemory": "buffer.memory",
		"clientid": "client.id", "compressiontype": "compression.type", "keyserializer": "key.serializer",
		"valueserializer": "value.serializer", "retries": "retries",
	}},
	{"spring.kafka.consumer.", Consumer, map[string]string{
		"autocommitinterval": "auto.commit.interval.ms", "autooffsetreset": "auto.offset.reset",
		"bootstrapservers": "bootstrap.servers", "clientid": "client.id", "enableautocommit": "enable.auto.commit",
		"fetchmaxwait": "fetch.max.wait.ms", "fetchminsize": "fetch.min.bytes", "groupid": "group.id",
		"heartbeatinterval": "heartbeat.interval.ms", "isolationlevel": "isolation.level",
		"keydeserializer": "key.deserializer", "valuedeserializer": "value.deserializer",
		"maxpollrecords": "max.poll.records", "maxpollinterval": "max.poll.interval.ms",
	}},
}

// spring reads the properties below spring.kafka.
func (r *reading) spring(properties []springProperty) {
	s := springReader{reading: r}
	found := false
	last := map[string]int{}
	for i, p := range properties {
		last[canonical(p.name)] = i
	}
	for i, p := range properties {
		name := canonical(p.name)
		if !strings.HasPrefix(name, "spring.kafka.") || last[name] != i { // a later one counts, as in Spring
			continue
		}
		found = true
		s.property(name, p)
	}
	if !found && !r.problems.Failed() {
		r.fail(Position{}, "spring.kafka", "a Spring configuration without spring.kafka.*; nothing to check")
		return
	}
	s.finish()
}

// springReader collects what must be seen together.
type springReader struct {
	*reading
	common     []springProperty // spring.kafka.properties.*, for all clients
	ackMode    *springProperty
	inTxn      bool // the producer is transactional
	forStreams []Property
}

// property takes one property; name is canonical.
func (s *springReader) property(name string, p springProperty) {
	p.text = filledIn(p.text)
	for _, client := range springClients {
		rest, found := strings.CutPrefix(name, client.prefix)
		if !found {
			continue
		}
		s.Give(client.part)
		if key := client.names[rest]; key != "" {
			p.text = kafkaText(key, p.text)
			s.set(client.part, key, p)
		} else if raw := springRaw(p.name); raw != "" && strings.HasPrefix(rest, "properties") {
			s.set(client.part, raw, p)
		} else if rest == "transactionidprefix" {
			s.inTxn = true
			s.put(Producer, "transactional.id", p.text, p.keyAt, p.valueAt)
			s.note("%s: the producer sends in transactions; if a listener does so with what it has read, say it with --set app.output=kafka", p.keyAt)
		} else if !strings.HasPrefix(rest, "ssl.") && !strings.HasPrefix(rest, "security.") {
			s.warn(p.keyAt, p.name, "Spring Boot has no such property; settings of Kafka's by their own name go under %sproperties", client.prefix)
		}
		return
	}
	switch {
	case name == "spring.kafka.listener.ackmode":
		s.ackMode = &p
		s.Give(Consumer)
	case strings.HasPrefix(name, "spring.kafka.properties"):
		s.common = append(s.common, p)
	case strings.HasPrefix(name, "spring.kafka.streams."):
		s.streamsProperty(strings.TrimPrefix(name, "spring.kafka.streams."), p)
	}
}

// kafkaText is the value of a property of Spring's as Kafka gets it: enumerations in any spelling, amounts and durations
// with a unit.
func kafkaText(key, text string) string {
	switch key {
	case "isolation.level":
		return strings.ReplaceAll(strings.ToLower(text), "-", "_")
	case "batch.size", "buffer.memory", "fetch.min.bytes":
		return byteCount(text)
	case "auto.commit.interval.ms", "fetch.max.wait.ms", "heartbeat.interval.ms", "max.poll.interval.ms":
		return milliseconds(text)
	}
	return text
}

// set adds a setting.
func (s *springReader) set(part Part, key string, p springProperty) {
	s.put(part, key, p.text, p.keyAt, p.valueAt)
	if strings.Contains(p.written, "${") && p.text != p.written && s.options.bears(part, key) {
		s.note("%s: %s=%s is read with its default, %s", p.keyAt, key, p.written, p.text)
	}
}

// springRaw is Kafka's own name in a property below "properties": spring.kafka.producer.properties[acks], or with dots.
func springRaw(name string) string {
	if _, rest, found := strings.Cut(name, "properties["); found {
		return strings.TrimSuffix(strings.ReplaceAll(rest, "].", "."), "]")
	}
	_, rest, _ := strings.Cut(name, "properties.")
	return strings.Trim(rest, "[]")
}

// streamsProperty takes a property of the part for Kafka Streams.
func (s *springReader) streamsProperty(name string, p springProperty) {
	key := map[string]string{"applicationid": "application.id", "replicationfactor": "replication.factor"}[name]
	if strings.HasPrefix(name, "properties") {
		key = springRaw(p.name)
	}
	if key != "" {
		s.forStreams = append(s.forStreams, Property{key, p.text, p.keyAt, p.valueAt})
	}
}

// finish adds what follows from several properties together, and what Spring does when they are silent: it turns auto
// commit off, and commits after the listener has processed a batch (ContainerProperties, since 2.3).
func (s *springReader) finish() {
	for _, p := range s.common {
		for _, part := range []Part{Producer, Consumer} {
			key := springRaw(p.name)
			if s.options.Knows != nil && s.options.Knows(part, key) {
				s.Values = append(s.Values, Value{Part: part, Key: key, Text: p.text, KeyAt: p.keyAt, ValueAt: p.valueAt, Rank: FrameworkDefault})
				s.Give(part)
			}
		}
	}
	if len(s.forStreams) > 0 {
		s.reading.streams(s.forStreams, s.forStreams[0].KeyAt)
	}
	if len(s.Given) == 0 {
		s.note("%s: spring.kafka says nothing of its producer and consumer", s.File)
		s.Give(Producer)
		s.Give(Consumer)
	}
	if slices.Contains(s.Given, Consumer) && len(s.forStreams) == 0 {
		s.rules(Consumer, FrameworkDefault, springDefault, Position{File: s.File}, "enable.auto.commit", "false")
		s.acknowledgement()
		s.note("%s: Spring's error handler gives a record up after ten failures in a row; kcheck follows each failure as the fault consumer-exception, and no record is given up", s.File)
	}
}

// acknowledgement reads listener.ack-mode: when the container commits. Every mode commits after processing; with the
// manual ones the application says when, which no configuration shows.
func (s *springReader) acknowledgement() {
	if s.ackMode == nil {
		s.rules(App, FrameworkDefault, springDefault, Position{File: s.File}, s.commits()...)
		return
	}
	switch canonical(s.ackMode.text) {
	case "batch", "record", "time", "count", "counttime":
		s.rules(App, Written, "", s.ackMode.keyAt, s.commits()...)
	case "manual", "manualimmediate":
		s.rules(App, Written, "", s.ackMode.keyAt, s.commits()...)
		s.note("%s: listener.ack-mode=%s: the application acknowledges, after processing as kcheck assumes; say otherwise with --set app.commit", s.ackMode.keyAt, s.ackMode.text)
	default:
		s.fail(s.ackMode.keyAt, s.ackMode.name, "%s is not an ack mode; write record, batch, time, count, count-time, manual or manual-immediate", Quote(s.ackMode.text))
	}
}

// commits is what any ack mode means for app.commit: nothing while the library commits by itself, or where the container
// may do it in a transaction.
func (s *springReader) commits() []string {
	if s.inTxn {
		return nil
	}
	for _, v := range s.Values {
		if v.Part == Consumer && v.Key == "enable.auto.commit" && v.Rank == Written && strings.EqualFold(strings.TrimSpace(v.Text), "true") {
			return nil
		}
	}
	return []string{"commit", "after-processing"}
}
