package formats

import (
	"regexp"
	"slices"
	"strings"
)

// Quarkus is what a configuration of SmallRye's Kafka connector, as Quarkus applications have it, is taken for.
const Quarkus = "Quarkus application"

// quarkus is the name of the framework.
const quarkus = "quarkus"

// smallryeAttributes are the attributes of the connector that are no setting of Kafka's.
var smallryeAttributes = []string{
	"connector", "topic", "topics", "pattern", "partition", "partitions", "requests", "key", "enabled", "tracing-enabled", "cloud-events",
	"cloud-events-source", "cloud-events-type", "cloud-events-subject", "cloud-events-data-content-type", "cloud-events-data-schema",
	"cloud-events-insert-timestamp", "cloud-events-mode", "kafka-configuration", "client-id-prefix", "lazy-client", "assign-seek", "retry",
	"retry-attempts", "retry-max-wait", "broadcast", "failure-strategy", "commit-strategy", "ordered", "checkpoint", "throttled",
	"dead-letter-queue", "delayed-retry-topic", "share-group", "consumer-rebalance-listener", "key-deserialization-failure-handler",
	"value-deserialization-failure-handler", "fail-on-deserialization-failure", "graceful-shutdown", "poll-timeout", "pause-if-no-requests",
	"batch", "max-queue-size-factor", "waitForWriteCompletion", "max-inflight-messages", "close-timeout", "merge", "propagate-record-key",
	"propagate-headers", "key-serialization-failure-handler", "value-serialization-failure-handler", "interceptor-bean", "pooled-producer",
	"health-enabled", "health-readiness-enabled", "health-readiness-topic-verification", "health-readiness-timeout",
	"health-topic-verification-enabled", "health-topic-verification-timeout", "health-topic-verification-startup-disabled",
	"health-topic-verification-readiness-disabled", "concurrency", "tls-configuration-name", "config-template", "apicurio", "serializer",
	"deserializer", "transactional-id-prefix",
}

// quarkusName matches a property for a channel: [%PROFILE.]mp.messaging.DIRECTION.CHANNEL.KEY.
var quarkusName = regexp.MustCompile(`^mp\.messaging\.(incoming|outgoing)\.("[^"]+"|[^.]+)\.(.+)$`)

// isQuarkusName says whether a property shows a configuration of SmallRye's connector.
func isQuarkusName(name string) bool {
	_, name = quarkusProfile(name)
	return strings.HasPrefix(name, "mp.messaging.") || strings.HasPrefix(name, "kafka-streams.") || strings.HasPrefix(name, "quarkus.kafka-streams.")
}

// quarkusProfile splits the profiles off the name of a property: %dev,test.NAME.
func quarkusProfile(name string) (profiles []string, rest string) {
	inner := strings.Trim(name, `"`)
	if after, found := strings.CutPrefix(inner, "%"); found {
		list, rest, _ := strings.Cut(after, ".")
		return strings.Split(strings.Trim(list, `"`), ","), strings.TrimPrefix(rest, `".`)
	}
	return nil, name
}

// readQuarkusProperties and readQuarkusYAML read a configuration of a Quarkus application.
func readQuarkusProperties(r *reading) {
	var all []springProperty
	for _, p := range r.properties() {
		all = append(all, springProperty{p.Key, p.Value, p.Value, p.KeyAt, p.ValueAt})
	}
	r.quarkus(all)
}

func readQuarkusYAML(r *reading) {
	var all []springProperty
	for _, document := range r.documents() {
		document.flatten("", func(name string, f field, text string) {
			name = strings.TrimSuffix(strings.ReplaceAll(name, ".~", ""), ".")
			all = append(all, springProperty{name, text, text, f.at, f.value.at})
		})
	}
	if !r.problems.Failed() {
		r.quarkus(all)
	}
}

// quarkusChannel is a channel with its attributes.
type quarkusChannel struct {
	name       string
	attributes []springProperty // by the attribute's name
}

// attribute is the value of an attribute of the channel; "" for none.
func (c *quarkusChannel) attribute(name string) (springProperty, bool) {
	for _, p := range c.attributes {
		if p.name == name {
			return p, true
		}
	}
	return springProperty{}, false
}

// foreignAttributes are attributes that only the connectors to other brokers have (SmallRye's connectors for AMQP 1.0, MQTT,
// RabbitMQ and Pulsar, and that of Quarkus for SQS).
var foreignAttributes = []string{"address", "container-id", "link-name", "capabilities", "durable", "host", "port", "auto-generated-client-id",
	"server-name", "queue", "queue.name", "queue.url", "exchange", "exchange.name", "exchange.type", "routing-keys", "default-routing-key",
	"serviceUrl", "schema", "subscriptionName", "subscriptionType"}

// isForeign says that a channel is not one of Kafka's. Where it names no connector, Quarkus takes the only one that the
// application has: which that is shows in the attributes, and in the addresses of Pulsar's topics.
func (c *quarkusChannel) isForeign() bool {
	if connector, found := c.attribute("connector"); found {
		return strings.TrimSpace(connector.text) != "smallrye-kafka"
	}
	topic, _ := c.attribute("topic")
	return strings.Contains(topic.text, "persistent://") ||
		slices.ContainsFunc(c.attributes, func(p springProperty) bool { return slices.Contains(foreignAttributes, p.name) })
}

// quarkus reads the properties of an application. A channel's own count before those of the connector, and these before
// those of all Kafka clients, kafka.KEY; what is for an active profile counts before what is for all.
func (r *reading) quarkus(all []springProperty) {
	r.Framework = quarkus
	view := r.quarkusView(all)
	channels := map[string][]*quarkusChannel{}
	l := newLayers(r)
	var streams []Property
	view.each(func(_ string, p springProperty) {
		_, name := quarkusProfile(p.name)
		if m := quarkusName.FindStringSubmatch(name); m != nil {
			addAttribute(channels, m[1], strings.Trim(m[2], `"`), m[3], p)
		} else if key, found := strings.CutPrefix(name, "mp.messaging.connector.smallrye-kafka."); found {
			l.quarkusSetting([]Part{Producer, Consumer}, key, p, 1)
		} else if key, found := strings.CutPrefix(name, "kafka-streams."); found {
			streams = append(streams, Property{key, p.text, p.keyAt, p.valueAt})
		} else if name == "quarkus.kafka-streams.application-id" || name == "quarkus.kafka-streams.applicationId" {
			streams = append(streams, Property{"application.id", p.text, p.keyAt, p.valueAt})
		} else if key, found := strings.CutPrefix(name, "kafka."); found {
			l.quarkusSetting([]Part{Producer, Consumer}, key, p, 0)
		}
	})
	if len(streams) > 0 && (len(channels) == 0 || r.options.Service == "streams") {
		r.streams(streams, streams[0].KeyAt)
		return
	}
	if len(streams) > 0 {
		r.note("%s: kafka-streams is an application of its own; the channels are checked (--service streams checks Kafka Streams)", r.File)
	}
	r.quarkusChannels(l, channels)
}

// quarkusView is what the application sees under the active profile: the one that was asked for, or the one of a packaged
// application, prod.
func (r *reading) quarkusView(all []springProperty) *springView {
	active := profileList(r.options.Profile)
	if len(active) == 0 {
		active = []string{"prod"}
	}
	view := &springView{byName: map[string]springProperty{}, exact: true}
	others := map[string]bool{}
	for _, specific := range []bool{false, true} {
		for _, p := range all {
			profiles, name := quarkusProfile(p.name)
			counts := slices.ContainsFunc(profiles, func(x string) bool { return slices.Contains(active, x) })
			if (profiles != nil) != specific {
				continue
			}
			if profiles == nil || counts {
				p.name = name
				view.put(p)
			} else {
				others[strings.Join(profiles, ",")] = true
			}
		}
	}
	if len(others) > 0 {
		r.note("%s: what is for the profiles %s is not read; active is %s (--profile says otherwise)", r.File, shortList(sortedWords(others)), strings.Join(active, ", "))
	}
	return view
}

func addAttribute(channels map[string][]*quarkusChannel, direction, name, key string, p springProperty) {
	i := slices.IndexFunc(channels[direction], func(c *quarkusChannel) bool { return c.name == name })
	if i < 0 {
		channels[direction] = append(channels[direction], &quarkusChannel{name: name})
		i = len(channels[direction]) - 1
	}
	p.name = key
	channels[direction][i].attributes = append(channels[direction][i].attributes, p)
}

// quarkusSetting takes a setting for the parts that know it, and warns of one that is neither Kafka's nor SmallRye's.
func (l *layers) quarkusSetting(parts []Part, key string, p springProperty, level int) {
	known := false
	for _, part := range parts {
		if l.options.Knows != nil && l.options.Knows(part, key) {
			l.set(part, key, p, level)
			known = true
		}
	}
	root, _, _ := strings.Cut(key, ".")
	if known || slices.Contains(smallryeAttributes, key) || slices.Contains(smallryeAttributes, root) || l.options.passedOn(parts[0], key) {
		return
	}
	if level == 2 {
		l.unknownKey(parts[0], key, p.keyAt)
	}
}

// quarkusChannels reads one channel of each direction: the one that was asked for, or any where they do not differ.
func (r *reading) quarkusChannels(l *layers, channels map[string][]*quarkusChannel) {
	r.uses(quarkus, Position{File: r.File})
	sides := []struct {
		direction string
		part      Part
	}{{"outgoing", Producer}, {"incoming", Consumer}}
	foreign := false
	for _, side := range sides {
		declared := len(channels[side.direction])
		all := slices.DeleteFunc(channels[side.direction], (*quarkusChannel).isForeign)
		foreign = foreign || len(all) < declared
		if len(all) == 0 {
			continue
		}
		r.Give(side.part)
		channel := r.chooseChannel(all, side.part)
		for _, p := range channel.attributes {
			l.quarkusSetting([]Part{side.part}, p.name, p, 2)
		}
		if side.part == Consumer {
			r.quarkusStrategies(channel)
		}
	}
	if len(r.Given) == 0 && foreign && len(l.order) == 0 {
		r.fail(Position{r.File, 1, 1}, "mp.messaging", "the channels here are those of other connectors than smallrye-kafka; nothing to check")
		return
	}
	if len(r.Given) == 0 {
		r.note("%s: no channel of Kafka's here; those that only the code declares have the defaults of SmallRye", r.File)
		for _, side := range sides {
			r.Give(side.part)
		}
	}
	l.emitGiven()
}

// emitGiven gives the values of the parts that the file gives.
func (l *layers) emitGiven() {
	l.order = slices.DeleteFunc(l.order, func(e layered) bool { return !slices.Contains(l.Given, Part(e.name)) })
	l.emit()
}

// chooseChannel is the channel that is read.
func (r *reading) chooseChannel(all []*quarkusChannel, part Part) *quarkusChannel {
	decisive := func(c *quarkusChannel) string {
		var lines []string
		for _, p := range c.attributes {
			if r.options.bears(part, p.name) || p.name == "commit-strategy" || p.name == "failure-strategy" {
				lines = append(lines, p.name+"="+strings.TrimSpace(p.text))
			}
		}
		slices.Sort(lines)
		return strings.Join(lines, "\n")
	}
	for _, c := range all {
		if c.name == r.options.Service {
			return c
		}
	}
	first := decisive(all[0])
	for _, c := range all[1:] {
		if decisive(c) != first {
			r.fail(c.attributes[0].keyAt, "mp.messaging", "the channels %s and %s have different settings; choose one with --service NAME", all[0].name, c.name)
			break
		}
	}
	return all[0]
}

// quarkusStrategies reads when a channel commits, and what it does when processing fails (KafkaCommitHandler,
// KafkaFailureHandler).
func (r *reading) quarkusStrategies(c *quarkusChannel) {
	for _, known := range []struct {
		key   string
		words []string
	}{{"commit-strategy", []string{"throttled", "latest", "ignore"}}, {"failure-strategy", []string{"fail", "ignore", "dead-letter-queue"}}} {
		p, found := c.attribute(known.key)
		word := strings.TrimSpace(p.text)
		switch {
		case found && slices.Contains(known.words, word):
			r.mode(quarkus, known.key+"="+word, p.keyAt)
		case found:
			r.note("%s: %s=%s is not followed", p.keyAt, known.key, QuoteWord(word))
		}
	}
}

// quarkusEnvironment reads MP_MESSAGING_OUTGOING_CHANNEL_KEY: what follows the channel is the longest name that the
// client knows.
func (r *reading) quarkusEnvironment(variables []Property) bool {
	found := false
	for _, v := range variables {
		for prefix, part := range map[string]Part{"MP_MESSAGING_OUTGOING_": Producer, "MP_MESSAGING_INCOMING_": Consumer} {
			rest, has := strings.CutPrefix(v.Key, prefix)
			words := strings.Split(rest, "_")
			for i := 1; has && i < len(words); i++ {
				key := strings.ToLower(strings.Join(words[i:], "."))
				if r.options.Knows != nil && r.options.Knows(part, key) {
					r.Values = append(r.Values, Value{Part: part, Key: key, Text: composed(v.Value), KeyAt: v.KeyAt, ValueAt: v.ValueAt, Rank: Override})
					r.Give(part)
					found = true
					break
				}
			}
		}
	}
	if found {
		r.Framework = quarkus
		r.uses(quarkus, Position{File: r.File})
	}
	return found
}
