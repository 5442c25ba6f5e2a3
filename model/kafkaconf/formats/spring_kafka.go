package formats

import (
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model/kafkaconf/nearest"
)

// springKafka is the name of the framework.
const springKafka = "spring-kafka"

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

// springGroups are the groups of properties that KafkaProperties has, and the properties of its listener.
var (
	springGroups = []string{"bootstrap-servers", "client-id", "properties", "consumer", "producer", "admin", "streams", "listener",
		"ssl", "jaas", "template", "security", "retry"}
	springListener = []string{"type", "ack-mode", "async-acks", "client-id", "concurrency", "poll-timeout", "no-poll-threshold",
		"ack-count", "ack-time", "idle-between-polls", "idle-event-interval", "idle-partition-event-interval", "monitor-interval",
		"log-container-config", "missing-topics-fatal", "immediate-stop", "only-log-record-metadata", "auto-startup",
		"change-consumer-thread-name", "observation-enabled", "auth-exception-retry-interval"}
)

// The levels of spring.kafka: the properties of all clients, those that Spring Boot has a name for, and those by Kafka's
// own name, which it puts last (KafkaProperties.buildProducerProperties).
const (
	ofAllClients = iota
	bySpringsName
	byKafkasName
)

// springReader collects what must be seen together.
type springReader struct {
	*layers
	view       *springView
	ackMode    *springProperty
	asyncAcks  *springProperty
	batch      bool            // listener.type is batch
	prefix     *springProperty // transaction-id-prefix
	forStreams []Property
	stream     *streamBinder
	found      bool // anything below spring.kafka
}

// property takes one property; name is canonical.
func (s *springReader) property(name string, p springProperty) {
	rest, found := strings.CutPrefix(name, "spring.kafka.")
	if !found {
		return
	}
	s.found = true
	for _, client := range springClients {
		if rest, found := strings.CutPrefix(name, client.prefix); found {
			s.clientProperty(client, rest, p)
			return
		}
	}
	group, rest, _ := strings.Cut(rest, ".")
	switch group {
	case "listener":
		s.listenerProperty(rest, p)
	case "properties":
		s.commonProperty(p)
	case "streams":
		s.streamsProperty(rest, p)
	case "bootstrapservers":
		for _, part := range []Part{Producer, Consumer} {
			s.set(part, "bootstrap.servers", p, ofAllClients)
		}
	case "template":
		if rest == "transactionidprefix" {
			s.prefix = &p
		}
	default:
		s.knownAmong(group, springGroups, p, "spring.kafka has")
	}
}

// knownAmong warns of a property that Spring Boot does not have.
func (s *springReader) knownAmong(name string, known []string, p springProperty, has string) {
	for _, k := range known {
		if canonical(k) == name {
			return
		}
	}
	if near := nearestName(name, known); near != "" {
		s.warn(p.keyAt, p.name, "Spring Boot has no such property; did you mean %s?", near)
		return
	}
	s.warn(p.keyAt, p.name, "Spring Boot has no such property; %s %s", has, OrList(known))
}

// clientProperty takes a property of the producer or the consumer.
func (s *springReader) clientProperty(client springClient, rest string, p springProperty) {
	s.Give(client.part)
	switch {
	case client.names[rest] != "":
		key := client.names[rest]
		p.text = springText(key, p.text)
		s.set(client.part, key, p, bySpringsName)
	case strings.HasPrefix(rest, "properties."):
		s.raw(client.part, springRaw(p.name), p, byKafkasName)
	case rest == "transactionidprefix" && client.part == Producer:
		s.prefix = &p
	case strings.HasPrefix(rest, "ssl.") || strings.HasPrefix(rest, "security."):
	default:
		s.warn(p.keyAt, p.name, "Spring Boot has no such property; settings of Kafka's by their own name go under %sproperties", client.prefix)
	}
}

// unknownKey warns of a name that no client of Kafka has.
func (r *reading) unknownKey(part Part, key string, at Position) {
	if near := r.options.near(part, key); near != "" {
		r.warn(at, key, "no Kafka %s has such a setting, and it is ignored; did you mean %s?", part, near)
		return
	}
	r.warn(at, key, "no Kafka %s has such a setting, and it is ignored", part)
}

// commonProperty takes a property for all clients: each takes what it knows.
func (s *springReader) commonProperty(p springProperty) {
	key, known := springRaw(p.name), false
	for _, part := range []Part{Producer, Consumer} {
		if s.options.Knows != nil && s.options.Knows(part, key) {
			known = true
			s.Give(part)
			s.set(part, key, p, ofAllClients)
		}
	}
	s.forStreams = append(s.forStreams, Property{key, p.text, p.keyAt, p.valueAt})
	if !known && !s.options.passedOn(Producer, key) && !streamsKey(key) {
		s.unknownKey(Producer, key, p.keyAt)
	}
}

// listenerProperty takes a property of the listeners' container.
func (s *springReader) listenerProperty(rest string, p springProperty) {
	s.Give(Consumer)
	switch rest {
	case "ackmode":
		s.ackMode = &p
	case "asyncacks":
		s.asyncAcks = &p
	case "type":
		s.batch = strings.EqualFold(strings.TrimSpace(p.text), "batch")
	default:
		s.knownAmong(rest, springListener, p, "spring.kafka.listener has")
	}
}

// springText is the value of a property of Spring's as Kafka gets it: enumerations in any spelling, booleans of Spring's,
// amounts and durations with a unit.
func springText(key, text string) string {
	switch key {
	case "isolation.level":
		return strings.ReplaceAll(strings.ToLower(text), "-", "_")
	case "enable.auto.commit":
		return springBoolean(text)
	case "batch.size", "buffer.memory", "fetch.min.bytes":
		return byteCount(text)
	case "auto.commit.interval.ms", "fetch.max.wait.ms", "heartbeat.interval.ms", "max.poll.interval.ms":
		return milliseconds(text)
	}
	return text
}

// springBoolean is a boolean as Spring converts it (StringToBooleanConverter).
func springBoolean(text string) string {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "true", "on", "yes", "1":
		return "true"
	case "false", "off", "no", "0":
		return "false"
	}
	return text
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
	key := map[string]string{"applicationid": "application.id", "replicationfactor": "replication.factor", "statedir": "state.dir",
		"clientid": "client.id", "bootstrapservers": "bootstrap.servers", "statestorecachemaxsize": "statestore.cache.max.bytes"}[name]
	if strings.HasPrefix(name, "properties") {
		key = springRaw(p.name)
	}
	if key != "" {
		s.forStreams = append(s.forStreams, Property{key, p.text, p.keyAt, p.valueAt})
	}
}

// finish adds what follows from several properties together.
func (s *springReader) finish() {
	s.Framework = springKafka
	if s.isStreams() {
		s.streamsApplication()
		return
	}
	if s.prefix != nil {
		s.set(Producer, "transactional.id", *s.prefix, bySpringsName)
		s.Give(Producer)
		s.note("%s: the producer sends in transactions; if a listener does so with what it has read, say it with --set app.output=kafka", s.prefix.keyAt)
	}
	if len(s.Given) == 0 && s.found {
		s.note("%s: spring.kafka says nothing of its producer and consumer", s.File)
		s.Give(Producer)
		s.Give(Consumer)
	}
	s.emitGiven()
	s.uses(springKafka, Position{File: s.File})
	if slices.Contains(s.Given, Consumer) {
		s.acknowledgement(springKafka)
	}
}

// isStreams says whether the application that is checked is that of Kafka Streams. Beside a listener or a template it is
// another application, which gets nothing of spring.kafka.producer and .consumer (KafkaProperties.buildStreamsProperties).
func (s *springReader) isStreams() bool {
	has, others := false, false
	for name := range s.view.byName {
		has = has || strings.HasPrefix(name, "spring.kafka.streams.")
		others = others || slices.ContainsFunc([]string{"producer.", "consumer.", "listener.", "template."}, func(group string) bool {
			return strings.HasPrefix(name, "spring.kafka."+group)
		})
	}
	if !has {
		return false
	}
	decisive := s.ackMode != nil || s.prefix != nil
	for part, values := range s.values {
		for key, v := range values {
			decisive = decisive || v.level > ofAllClients && s.options.bears(part, key)
		}
	}
	switch {
	case s.options.Service == "streams":
		return true
	case !decisive:
		if others {
			s.note("%s: Kafka Streams is checked; a listener or a template beside it is an application of its own, of whose settings none here has a bearing", s.File)
		}
		return true
	default:
		s.note("%s: spring.kafka.streams is an application of its own, which spring.kafka.producer and .consumer do not reach; the listener and the template are checked (--service streams checks Kafka Streams)", s.File)
		return false
	}
}

// streamsApplication reads spring.kafka.streams. The application's id is spring.application.name where it has none
// (KafkaStreamsAnnotationDrivenConfiguration).
func (s *springReader) streamsApplication() {
	if name, found := s.view.byName["spring.application.name"]; found && s.view.byName["spring.kafka.streams.applicationid"].name == "" {
		s.forStreams = append(s.forStreams, Property{"application.id", s.view.text("spring.application.name"), name.keyAt, name.valueAt})
	}
	at := Position{File: s.File}
	if len(s.forStreams) > 0 {
		at = s.forStreams[0].KeyAt
	}
	s.reading.streams(s.forStreams, at)
}

// acknowledgement reads listener.ack-mode: when the container commits.
func (s *springReader) acknowledgement(framework string) {
	if s.ackMode == nil {
		return
	}
	at := s.ackMode.keyAt
	mode := map[string]string{"batch": "batch", "record": "record", "time": "time", "count": "count", "counttime": "count-time",
		"manual": "manual", "manualimmediate": "manual-immediate"}[canonical(strings.TrimSpace(s.ackMode.text))]
	switch {
	case mode == "":
		s.fail(at, s.ackMode.name, "%s is not an ack mode; write record, batch, time, count, count-time, manual or manual-immediate", QuoteWord(s.ackMode.text))
		return
	case mode == "record" && s.batch:
		s.problems.Add(Refusal, at, s.ackMode.name, "record cannot be used with a batch listener; write batch (Spring Kafka's KafkaMessageListenerContainer)")
	case strings.HasPrefix(mode, "manual") && s.autoCommits():
		s.problems.Add(Refusal, at, s.ackMode.name, "%s cannot be used with auto commit; write enable-auto-commit: false, or batch (Spring Kafka's KafkaMessageListenerContainer)", s.ackMode.text)
		return
	}
	s.mode(framework, "ack-mode="+mode, at)
	if s.asyncAcks != nil && strings.HasPrefix(mode, "manual") && springBoolean(s.asyncAcks.text) == "true" {
		s.mode(framework, "async-acks", s.asyncAcks.keyAt)
	}
}

// autoCommits says whether the client commits by itself.
func (s *springReader) autoCommits() bool {
	return strings.EqualFold(s.of(Consumer, "enable.auto.commit"), "true")
}

// springEnvironment reads Spring's properties from variables, where a dot and a dash both are lost: the names that
// Spring Boot has are compared without either.
func springEnvironment(variables []Property) []springProperty {
	var out []springProperty
	for _, v := range variables {
		if !strings.HasPrefix(v.Key, "SPRING_") {
			continue
		}
		name := strings.ToLower(strings.ReplaceAll(v.Key, "_", "."))
		for _, client := range springClients {
			rest, found := strings.CutPrefix(name, client.prefix)
			if found && !strings.HasPrefix(rest, "properties.") {
				name = client.prefix + strings.ReplaceAll(rest, ".", "")
			}
		}
		flat := strings.ReplaceAll(name, ".", "")
		for _, known := range springVariables {
			if flat == strings.ReplaceAll(known, ".", "") {
				name = known
			}
		}
		text := composed(v.Value)
		out = append(out, springProperty{name, text, v.Value, v.KeyAt, v.ValueAt})
	}
	return out
}

// springVariables are the canonical names of properties whose variable may have an underscore for a dash: Spring Boot finds
// SPRING_KAFKA_BOOTSTRAP_SERVERS as well as SPRING_KAFKA_BOOTSTRAPSERVERS (SystemEnvironmentPropertyMapper).
var springVariables = func() []string {
	names := []string{"spring.kafka.streams.applicationid", "spring.profiles.active", "spring.application.name",
		"spring.cloud.stream.kafka.binder.requiredacks", "spring.kafka.template.defaulttopic", "spring.kafka.template.transactionidprefix"}
	for _, group := range springGroups {
		names = append(names, "spring.kafka."+canonical(group))
	}
	for _, property := range springListener {
		names = append(names, "spring.kafka.listener."+canonical(property))
	}
	return names
}()

// nearestName is the one of some names that is nearest to a misspelt one; "" where none is near.
func nearestName(name string, known []string) string {
	plain := make([]string, len(known))
	for i, k := range known {
		plain[i] = canonical(k)
	}
	if i := nearest.Index(canonical(name), plain); i >= 0 {
		return known[i]
	}
	return ""
}
