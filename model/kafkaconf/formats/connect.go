package formats

import (
	"strings"

	"github.com/kcheck/kcheck/model/kafkaconf/nearest"
)

// workerKeys are keys that only the file of a Connect worker has.
var workerKeys = []string{
	"config.storage.topic", "offset.storage.topic", "status.storage.topic", "offset.storage.file.filename",
	"exactly.once.source.support", "connector.client.config.override.policy", "key.converter",
}

// The frameworks of Kafka Connect: a worker's tasks are those of source and of sink connectors.
const (
	connectSource = "kafka-connect-source"
	connectSink   = "kafka-connect-sink"
)

// readWorker reads the .properties file of a Connect worker.
func readWorker(r *reading) { r.worker(r.properties(), Position{File: r.File}) }

// worker reads the settings of a worker: what begins with producer. and consumer. it hands on to all its connectors.
func (r *reading) worker(properties []Property, at Position) {
	r.connectProducer(at)
	r.connectConsumer(at)
	group := ""
	for _, p := range properties {
		switch {
		case strings.HasPrefix(p.Key, "producer."):
			r.put(Producer, strings.TrimPrefix(p.Key, "producer."), p.Value, p.KeyAt, p.ValueAt)
		case strings.HasPrefix(p.Key, "consumer."):
			r.put(Consumer, strings.TrimPrefix(p.Key, "consumer."), p.Value, p.KeyAt, p.ValueAt)
		case p.Key == "group.id":
			group = p.Value
		default:
			r.nearPrefix(p, "producer.", "consumer.")
		}
	}
	for _, p := range properties {
		if p.Key == "exactly.once.source.support" && strings.EqualFold(strings.TrimSpace(p.Value), "enabled") {
			r.exactlyOnceSource(connectSource, group, p.KeyAt)
		}
	}
}

// exactlyOnceSource: with KIP-618 every source task has a transactional producer of its own, whatever the files say
// (Worker.exactlyOnceSourceTaskProducerConfigs). Its id is made of the group, the connector and the task's number.
func (r *reading) exactlyOnceSource(framework, group string, at Position) {
	r.rules(Producer, Enforced, "", at, "transactional.id", group+"-CONNECTOR-TASK")
	r.mode(framework, "exactly.once.source.support=enabled", at)
}

func (r *reading) connectProducer(at Position) {
	r.Give(Producer)
	r.uses(connectSource, at)
}

func (r *reading) connectConsumer(at Position) {
	r.Give(Consumer)
	r.uses(connectSink, at)
}

// readConnectorProperties reads the .properties file of a connector, as a standalone worker takes it.
func readConnectorProperties(r *reading) { r.connector(r.properties(), Position{File: r.File}) }

// readConnectorJSON reads a connector as Connect's REST interface takes it: {"name": …, "config": {…}}, or the
// configuration alone, or a list of such.
func readConnectorJSON(r *reading) {
	root := r.document()
	if root == nil {
		return
	}
	one := r.oneConnector(root)
	if one == nil {
		return
	}
	config := one
	if inner := one.path("config"); inner != nil {
		config = inner
	}
	if _, found := config.get("connector.class"); !found {
		r.fail(one.at, "", `connector.class is neither at the top nor under "config"; give one connector as PUT /connectors/NAME/config takes it`)
		return
	}
	for _, f := range config.fields {
		if f.value.kind == mapping {
			r.fail(f.at, f.key, "expected a text; found %s: the settings of a connector are texts", f.value.kind)
		}
	}
	r.connector(config.properties(), one.at)
}

// oneConnector is the connector of a list that was asked for, or the only one.
func (r *reading) oneConnector(root *node) *node {
	if root.kind != sequence {
		return root
	}
	var names []string
	for _, item := range root.items {
		name := item.word("name")
		if name == r.options.Service && name != "" {
			return item
		}
		names = append(names, Quote(name))
	}
	if len(root.items) == 1 {
		return root.items[0]
	}
	r.fail(root.at, "", "%d connectors in one file, %s; choose one with --service NAME", len(names), shortList(names))
	return nil
}

// nearPrefix warns of a setting for a client whose prefix is misspelt.
func (r *reading) nearPrefix(p Property, prefixes ...string) {
	for _, prefix := range prefixes {
		n := strings.Count(prefix, ".")
		words := strings.SplitN(p.Key, ".", n+1)
		if len(words) <= n {
			continue
		}
		written, key := strings.Join(words[:n], ".")+".", words[n]
		part := Part(strings.SplitN(prefix, ".", 2)[0])
		if d := nearest.Edits(written, prefix); d > 0 && d <= 2 && r.options.Knows != nil && r.options.Knows(part, key) {
			r.warn(p.KeyAt, p.Key, "is no setting of Kafka Connect; did you mean %s%s?", prefix, key)
		}
	}
}

// sourceOf and sinkOf say what a connector is by the name of its class.
func isSourceClass(class string) bool {
	name := class[strings.LastIndexByte(class, '.')+1:]
	return strings.Contains(name, "Source") || strings.HasPrefix(class, "io.debezium.connector.") && !strings.Contains(name, "Sink")
}

func isSinkClass(class string) bool {
	return strings.Contains(class[strings.LastIndexByte(class, '.')+1:], "Sink")
}

// isSink finds out whether a connector is a sink. Its class says it where the name has the word; else a sink names its
// topics (SinkConnectorConfig), which some sources do as well.
func (r *reading) isSink(properties []Property, at Position) bool {
	class, topics, producer, consumer := "", false, false, false
	for _, p := range properties {
		switch {
		case p.Key == "connector.class":
			class = strings.TrimSpace(p.Value)
		case p.Key == "topics" || p.Key == "topics.regex":
			topics = true
		}
		producer = producer || strings.HasPrefix(p.Key, "producer.override.")
		consumer = consumer || strings.HasPrefix(p.Key, "consumer.override.")
	}
	switch source, sink := isSourceClass(class), isSinkClass(class); {
	case source != sink:
		return sink
	case producer != consumer:
		return consumer
	case topics:
		r.note("%s: the connector names topics and is taken for a sink", at)
	}
	return topics
}

// queueingConnectors are sink connectors that were reported to return from preCommit() what they had only queued.
var queueingConnectors = map[string]string{
	"com.altinity.clickhouse.sink.connector.ClickHouseSinkConnector": "Altinity/clickhouse-sink-connector 1299, 1330",
	"com.clickhouse.kafka.connect.ClickHouseSinkConnector":           "ClickHouse/clickhouse-kafka-connect 667",
	"com.snowflake.kafka.connector.SnowflakeSinkConnector":           "snowflakedb/snowflake-kafka-connector 101",
}

// connector reads the settings of a connector: what begins with producer.override. and consumer.override. counts before
// the worker's (KIP-458).
func (r *reading) connector(properties []Property, at Position) {
	isSink := r.isSink(properties, at)
	part := Producer
	if isSink {
		r.connectConsumer(at)
		r.Unused, part = []Part{Producer}, Consumer
		r.Framework = connectSink
	} else {
		r.connectProducer(at)
		r.Unused = []Part{Consumer}
		r.Framework = connectSource
	}
	for _, p := range properties {
		r.connectorProperty(p, part)
		if report := queueingConnectors[strings.TrimSpace(p.Value)]; p.Key == "connector.class" && report != "" {
			r.note("%s: releases of this connector return from preCommit() what they have only queued (%s); --set app.process=handoff --set app.commit=before-processing checks it so", p.KeyAt, report)
		}
		if p.Key == "errors.tolerance" && p.Value == "all" {
			r.mode(r.Framework, "errors.tolerance=all", p.KeyAt)
		}
	}
}

// connectorProperty takes a setting for the client of the connector.
func (r *reading) connectorProperty(p Property, part Part) {
	for _, of := range []Part{Producer, Consumer} {
		key, found := strings.CutPrefix(p.Key, string(of)+".override.")
		switch {
		case found && of == part:
			r.Values = append(r.Values, Value{Part: part, Key: key, Text: p.Value, KeyAt: p.KeyAt, ValueAt: p.ValueAt, Rank: Override})
			return
		case found:
			r.note("%s: %s is not used: the connector has no %s", p.KeyAt, p.Key, of)
			return
		}
	}
	r.nearPrefix(p, "producer.override.", "consumer.override.")
}
