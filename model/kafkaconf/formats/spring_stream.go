package formats

import (
	"slices"
	"strings"
)

// springCloudStream is the name of the framework.
const springCloudStream = "spring-cloud-stream"

// The levels of the binder, above those of spring.kafka: configuration and {producer,consumer}-properties of the binder,
// configuration of one binding, and its start-offset (BindingUtils, KafkaBinderConfigurationProperties). required-acks is
// below them all.
const (
	byRequiredAcks = iota - 1
	_
	_
	_
	ofBinder
	ofBindersClients
	ofBinding
	byStartOffset
)

// streamBinder reads what a Spring application says of the Kafka binder of Spring Cloud Stream.
type streamBinder struct {
	*springReader
	names      []string // of the properties of the binder, canonical, in their order
	properties map[string]springProperty
}

const streamPrefix = "spring.cloud.stream."

// newStreamBinder collects the properties of the Kafka binder; those of a named binder's environment are as if they were
// written at the top.
func newStreamBinder(s *springReader) *streamBinder {
	b := &streamBinder{springReader: s, properties: map[string]springProperty{}}
	s.view.each(func(name string, p springProperty) {
		if rest, found := strings.CutPrefix(name, streamPrefix+"binders."); found {
			binder, inner, _ := strings.Cut(rest, ".environment.")
			if inner == binder || !strings.HasPrefix(inner, "spring.") {
				b.names = append(b.names, name)
				b.properties[name] = p
			}
			wanted := s.options.Cluster == "" || canonical(s.options.Cluster) == binder
			if !wanted || !strings.HasPrefix(inner, "spring.") {
				return
			}
			name = inner
			if i := strings.Index(p.name, "environment."); i >= 0 {
				p.name = p.name[i+len("environment."):]
			}
			if strings.HasPrefix(name, "spring.kafka.") {
				s.property(name, p)
			}
		}
		if before, again := b.properties[name]; again && before.text != p.text && b.decides(name, p) {
			s.fail(p.keyAt, p.name, "two binders have different values, %s and %s; choose one with --cluster BINDER", QuoteWord(before.text), QuoteWord(p.text))
		}
		b.names = append(b.names, name)
		b.properties[name] = p
	})
	return b
}

// decides says whether a property of the binder has a bearing on delivery.
func (b *streamBinder) decides(name string, p springProperty) bool {
	rest, found := strings.CutPrefix(name, streamPrefix+"kafka.")
	if !found {
		return false
	}
	for _, group := range []string{"configuration", "producerproperties", "consumerproperties"} {
		if strings.Contains(rest, group+".") {
			key := springKey(p.name, group)
			return b.options.bears(Producer, key) || b.options.bears(Consumer, key)
		}
	}
	return strings.HasSuffix(rest, "requiredacks") || strings.HasSuffix(rest, "ackmode") || strings.HasSuffix(rest, "transactionidprefix")
}

// otherBinders are words that show a binder of another kind.
var otherBinders = []string{"rabbit", "pulsar", "kinesis", "solace", "pubsub", "eventhub", "sqs"}

// binds says whether the application uses the Kafka binder: it configures it, names it, or has bindings and shows no
// other.
func (b *streamBinder) binds() bool {
	bindings, other := false, false
	for _, n := range b.names {
		p := b.properties[n]
		switch {
		case strings.HasPrefix(n, streamPrefix+"kafka."), strings.HasPrefix(n, streamPrefix+"binders.") && strings.HasSuffix(n, ".type") && strings.Contains(p.text, "kafka"):
			return true
		case strings.HasPrefix(n, streamPrefix+"bindings."):
			bindings = true
		}
		other = other || slices.ContainsFunc(otherBinders, func(word string) bool { return strings.Contains(n, word) || strings.Contains(p.text, word) })
	}
	if bindings && !other {
		b.note("%s: the bindings name no binder, which is taken to be Kafka's", b.File)
	}
	return bindings && !other
}

// below gives the properties below a prefix, by what follows it.
func (b *streamBinder) below(prefix string, each func(rest string, p springProperty)) {
	for _, name := range b.names {
		if rest, found := strings.CutPrefix(name, streamPrefix+prefix); found {
			each(rest, b.properties[name])
		}
	}
}

// read reads the clients of the binding that was asked for, or of the only one of each direction.
func (b *streamBinder) read() {
	b.Framework = springCloudStream
	if b.isStreams() {
		b.streams()
		return
	}
	in, out := b.bindings()
	b.binderClients()
	b.uses(springCloudStream, Position{File: b.File})
	if len(out) > 0 || len(in) == 0 {
		b.Give(Producer)
		b.producerBinding(b.chooseBinding(out, "producer"))
	}
	if len(in) > 0 || len(out) == 0 {
		b.Give(Consumer)
		name := b.chooseBinding(in, "consumer")
		b.consumerBinding(name)
		if reset := b.values[Consumer]["auto.offset.reset"]; !b.hasGroup(name) && len(in) > 0 && reset.key == "" {
			b.mode(springCloudStream, "anonymous group", Position{File: b.File})
		}
	}
	b.transaction()
	b.onlyGiven()
	b.emit()
}

// bindings lists the bindings that receive and those that send.
func (b *streamBinder) bindings() (in, out []string) {
	take := func(list *[]string, name string) {
		if name != "" && !slices.Contains(*list, name) {
			*list = append(*list, name)
		}
	}
	for _, prefix := range []string{"bindings.", "kafka.bindings."} {
		b.below(prefix, func(rest string, p springProperty) {
			name, what, _ := strings.Cut(rest, ".")
			if kind := b.properties[streamPrefix+"bindings."+name+".binder"].text; b.isOtherBinder(kind) {
				return
			}
			switch {
			case strings.Contains(name, "in") && endsInNumber(name, "in") || name == "input" || strings.HasPrefix(what, "consumer.") || what == "group":
				take(&in, name)
			case strings.Contains(name, "out") && endsInNumber(name, "out") || name == "output" || strings.HasPrefix(what, "producer."):
				take(&out, name)
			}
		})
	}
	return in, out
}

// endsInNumber says whether a binding's canonical name ends as those of functions do: processin0.
func endsInNumber(name, direction string) bool {
	return strings.HasSuffix(strings.TrimRight(name, "0123456789"), direction) && name != strings.TrimRight(name, "0123456789")
}

// isOtherBinder says whether a binder is of another kind than Kafka's.
func (b *streamBinder) isOtherBinder(binder string) bool {
	kind := b.properties[streamPrefix+"binders."+canonical(binder)+".type"].text
	return binder != "" && (kind != "" && !strings.Contains(kind, "kafka") || kind == "" && strings.Contains(binder, "rabbit"))
}

// chooseBinding is the binding that is read: the one that was asked for, the only one, or any where they do not differ.
func (b *streamBinder) chooseBinding(names []string, side string) string {
	if len(names) == 0 {
		return ""
	}
	if wanted := canonical(b.options.Service); slices.Contains(names, wanted) {
		return wanted
	}
	set := b.ofBindings(side)
	for _, n := range names[1:] {
		if set[n] != set[names[0]] {
			b.fail(Position{}, "spring.cloud.stream", "the bindings %s and %s have different settings; choose one with --service NAME", names[0], n)
			break
		}
	}
	return names[0]
}

// ofBindings writes down, for each binding, what is set for it.
func (b *streamBinder) ofBindings(side string) map[string]string {
	lines := map[string][]string{}
	part := map[string]Part{"producer": Producer, "consumer": Consumer}[side]
	b.below("kafka.bindings.", func(rest string, p springProperty) {
		name, rest, _ := strings.Cut(rest, ".")
		rest, found := strings.CutPrefix(rest, side+".")
		if found && (!strings.HasPrefix(rest, "configuration.") || b.options.bears(part, springKey(p.name, "configuration"))) {
			lines[name] = append(lines[name], rest+"="+p.text)
		}
	})
	set := map[string]string{}
	for name, of := range lines {
		slices.Sort(of)
		set[name] = strings.Join(of, "\n")
	}
	return set
}

// springKey is Kafka's own name behind a map of that name: configuration[acks], or with dots.
func springKey(name, of string) string {
	lower := canonical(name)
	i := strings.LastIndex(lower, of)
	if i < 0 {
		return ""
	}
	// the dashes and underscores that canonical drops stand before the map's name
	rest := name[len(name)-(len(lower)-i-len(of)):]
	if strings.ContainsAny(lower[i+len(of):], "-_") || len(rest) != len(lower)-i-len(of) {
		rest = lower[i+len(of):]
	}
	return strings.Trim(strings.ReplaceAll(rest, "].", "."), ".[]")
}

// binderClients reads what the binder gives to all its clients.
func (b *streamBinder) binderClients() {
	b.below("kafka.binder.", func(rest string, p springProperty) {
		switch group, _, _ := strings.Cut(rest, "."); group {
		case "requiredacks":
			b.set(Producer, "acks", p, byRequiredAcks)
		case "configuration":
			key := springKey(p.name, "configuration")
			for _, part := range []Part{Producer, Consumer} {
				if b.options.knows(part, key) {
					b.set(part, key, p, ofBinder)
				}
			}
		case "producerproperties":
			b.raw(Producer, springKey(p.name, "producerproperties"), p, ofBindersClients)
		case "consumerproperties":
			b.raw(Consumer, springKey(p.name, "consumerproperties"), p, ofBindersClients)
		}
	})
	if p := b.values[Consumer]["enable.auto.commit"]; strings.EqualFold(p.text, "true") {
		b.note("%s: enable.auto.commit=true is ignored: the Kafka binder does not support it", p.keyAt)
		b.drop(Consumer, "enable.auto.commit")
	}
	b.drop(Consumer, "group.id")
}

// drop forgets a setting.
func (l *layers) drop(part Part, key string) {
	delete(l.values[part], key)
	l.order = slices.DeleteFunc(l.order, func(e layered) bool { return e.name == string(part) && e.key == key })
}

// producerBinding reads what is set for a binding that sends, and for all of them.
func (b *streamBinder) producerBinding(name string) {
	for _, prefix := range []string{"kafka.default.producer.", "kafka.bindings." + name + ".producer."} {
		b.below(prefix, func(rest string, p springProperty) {
			switch {
			case strings.HasPrefix(rest, "configuration."):
				b.raw(Producer, springKey(p.name, "configuration"), p, ofBinding)
			case rest == "sync" && springBoolean(p.text) == "true":
				b.mode(springCloudStream, "sync=true", p.keyAt)
			}
		})
	}
}

// consumerBinding reads what is set for a binding that receives, and for all of them.
func (b *streamBinder) consumerBinding(name string) {
	for _, prefix := range []string{"kafka.default.consumer.", "kafka.bindings." + name + ".consumer."} {
		b.below(prefix, func(rest string, p springProperty) {
			switch {
			case strings.HasPrefix(rest, "configuration."):
				b.raw(Consumer, springKey(p.name, "configuration"), p, ofBinding)
			case rest == "startoffset":
				b.set(Consumer, "auto.offset.reset", p, byStartOffset)
			case rest == "ackmode":
				b.ackMode = &p
			case rest == "autocommitoffset" && springBoolean(p.text) == "false": // before 4.0
				p.text = "manual"
				b.ackMode = &p
			case rest == "enabledlq" && springBoolean(p.text) == "true":
				b.mode(springCloudStream, "enable-dlq=true", p.keyAt)
			}
		})
	}
	b.acknowledgement(springCloudStream)
}

// hasGroup says whether a binding names its consumer group.
func (b *streamBinder) hasGroup(name string) bool {
	return b.properties[streamPrefix+"bindings."+name+".group"].text != "" || b.properties[streamPrefix+"default.group"].text != ""
}

// transaction reads the transactions of the binder: consumer and producer in one (KafkaTransactionManager).
func (b *streamBinder) transaction() {
	b.below("kafka.binder.transaction.", func(rest string, p springProperty) {
		switch {
		case rest == "transactionidprefix":
			b.Give(Producer)
			b.set(Producer, "transactional.id", p, ofBinding)
			b.note("%s: the binder sends in transactions; if a function does so with what it has read, say it with --set app.output=kafka", p.keyAt)
		case strings.HasPrefix(rest, "producer.configuration."):
			b.raw(Producer, springKey(p.name, "configuration"), p, ofBinding)
		}
	})
}

// onlyGiven forgets what is set for a side that the application does not have.
func (b *streamBinder) onlyGiven() {
	for _, part := range []Part{Producer, Consumer} {
		if !slices.Contains(b.Given, part) {
			b.order = slices.DeleteFunc(b.order, func(l layered) bool { return l.name == string(part) })
		}
	}
}

// isStreams says whether the binder is that of Kafka Streams.
func (b *streamBinder) isStreams() bool {
	streams, plain := false, false
	for _, n := range b.names {
		streams = streams || strings.HasPrefix(n, streamPrefix+"kafka.streams.")
		plain = plain || strings.HasPrefix(n, streamPrefix+"kafka.bindings.") || strings.HasPrefix(n, streamPrefix+"kafka.binder.")
	}
	if streams && plain && b.options.Service != "streams" {
		b.note("%s: the binder of Kafka Streams is an application of its own; the message channel binder is checked (--service streams checks Kafka Streams)", b.File)
	}
	return streams && (!plain || b.options.Service == "streams")
}

// streams reads the binder of Kafka Streams.
func (b *streamBinder) streams() {
	b.below("kafka.streams.", func(rest string, p springProperty) {
		switch {
		case strings.Contains(rest, "configuration."):
			b.forStreams = append(b.forStreams, Property{springKey(p.name, "configuration"), p.text, p.keyAt, p.valueAt})
		case strings.HasSuffix(rest, "applicationid"):
			b.forStreams = append(b.forStreams, Property{"application.id", p.text, p.keyAt, p.valueAt})
		}
	})
	b.streamsApplication()
}
