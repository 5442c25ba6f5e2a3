package formats

import (
	"slices"
	"strings"
)

// kafkaStreams is the name of the framework.
const kafkaStreams = "kafka-streams"

// streamsPrefixes are what the names of settings for one of the clients begin with, the weaker first.
var streamsPrefixes = []struct {
	prefix string
	part   Part
	rank   Rank
}{{"producer.", Producer, Override}, {"consumer.", Consumer, Override}, {"main.consumer.", Consumer, Narrow}}

// streamsKeys are Streams' own settings (StreamsConfig), which none of its clients has.
var streamsKeys = []string{
	"acceptable.recovery.lag", "application.id", "application.server", "buffered.records.per.partition", "built.in.metrics.version",
	"cache.max.bytes.buffering", "commit.interval.ms", "default.client.supplier", "default.deserialization.exception.handler",
	"default.dsl.store", "default.key.serde", "default.production.exception.handler", "default.timestamp.extractor",
	"default.value.serde", "deserialization.exception.handler", "dsl.store.suppliers.class", "ensure.explicit.internal.resource.naming",
	"errors.dead.letter.queue.topic.name", "group.protocol", "key.serde", "log.summary.interval.ms", "max.task.idle.ms",
	"max.warmup.replicas", "num.standby.replicas", "num.stream.threads", "partition.grouper", "poll.ms",
	"probing.rebalance.interval.ms", "processing.exception.handler", "processing.guarantee", "production.exception.handler",
	"rack.aware.assignment.non_overlap_cost", "rack.aware.assignment.strategy", "rack.aware.assignment.tags",
	"rack.aware.assignment.traffic_cost", "repartition.purge.interval.ms", "replication.factor", "rocksdb.config.setter",
	"state.cleanup.delay.ms", "state.dir", "statestore.cache.max.bytes", "task.assignor.class", "task.timeout.ms", "timestamp.extractor",
	"topology.optimization", "upgrade.from", "value.serde", "window.size.ms", "windowed.inner.class.serde",
	"windowstore.changelog.additional.retention.ms", "zookeeper.connect",
}

// streamsKey says whether a setting is one of Streams' own.
func streamsKey(name string) bool { return slices.Contains(streamsKeys, name) }

// streamsOthers begin the names of settings for clients and topics that kcheck does not follow.
var streamsOthers = []string{"restore.consumer.", "global.consumer.", "admin.", "topic.", "client.tag.", "__"}

// readStreams reads the .properties file of a Kafka Streams application.
func readStreams(r *reading) { r.streams(r.properties(), Position{File: r.File}) }

// streams reads the settings of a Kafka Streams application. One without a prefix goes to every client that knows it.
func (r *reading) streams(properties []Property, at Position) {
	r.Framework = kafkaStreams
	r.Give(Producer)
	r.Give(Consumer)
	guarantee := Property{Key: "processing.guarantee", Value: "at_least_once", KeyAt: at, ValueAt: at}
	application := ""
	for _, p := range properties {
		switch {
		case p.Key == guarantee.Key:
			guarantee = p
		case p.Key == "application.id":
			application = strings.TrimSpace(p.Value)
		case r.streamsPrefixed(p):
		case p.Key == "replication.factor": // of internal topics
		default:
			r.streamsClients(p)
		}
	}
	r.streamsGuarantee(guarantee, application, at)
}

// streamsClients gives a setting to the clients that know it, and warns of one that nobody knows. With group.protocol=streams
// (KIP-1071, a preview in 4.1) a thread has a consumer whose members the brokers assign, as with consumer.
func (r *reading) streamsClients(p Property) {
	known := streamsKey(p.Key)
	if p.Key == "group.protocol" && strings.EqualFold(strings.TrimSpace(p.Value), "streams") {
		r.note("%s: group.protocol=streams (KIP-1071) is taken for consumer: what its members commit, and when, is the same; it has no static members", p.KeyAt)
		p.Value = "consumer"
	}
	for _, part := range []Part{Producer, Consumer} {
		if r.options.Knows != nil && r.options.Knows(part, p.Key) {
			known = true
			r.put(part, p.Key, p.Value, p.KeyAt, p.ValueAt)
		}
	}
	passed := r.options.passedOn(Producer, p.Key) || r.options.passedOn(Consumer, p.Key) ||
		slices.ContainsFunc(streamsOthers, func(prefix string) bool { return strings.HasPrefix(p.Key, prefix) })
	if known || passed || r.quiet {
		return
	}
	if near := nearestName(p.Key, streamsKeys); near != "" {
		r.warn(p.KeyAt, p.Key, "Kafka Streams and its clients have no such setting; did you mean %s?", near)
		return
	}
	r.unknownKey(Consumer, p.Key, p.KeyAt)
}

// streamsPrefixed takes a setting whose prefix says which client it is for.
func (r *reading) streamsPrefixed(p Property) bool {
	for _, known := range streamsPrefixes {
		if key, found := strings.CutPrefix(p.Key, known.prefix); found {
			r.Values = append(r.Values, Value{Part: known.part, Key: key, Text: p.Value, KeyAt: p.KeyAt, ValueAt: p.ValueAt, Rank: known.rank})
			return true
		}
	}
	return false
}

// streamsGuarantee adds what Streams makes of processing.guarantee.
func (r *reading) streamsGuarantee(guarantee Property, application string, at Position) {
	r.uses(kafkaStreams, at)
	switch strings.TrimSpace(guarantee.Value) {
	case "at_least_once":
	case "exactly_once_v2", "exactly_once_beta", "exactly_once":
		if application == "" {
			application = "APPLICATION-ID"
			r.note("%s: exactly once without application.id in this file: it comes from the code, and its value has no bearing", guarantee.KeyAt)
		}
		r.rules(Producer, Enforced, "", guarantee.KeyAt, "transactional.id", application)
		r.mode(kafkaStreams, "processing.guarantee=exactly_once_v2", guarantee.KeyAt)
		r.note("%s: a stream thread reads, writes to Kafka and commits in one transaction; say how its output is read with --set downstream.isolation.level", r.File)
		if guarantee.Value != "exactly_once_v2" {
			r.warn(guarantee.KeyAt, guarantee.Key, "%s is gone since Kafka 4.0; write exactly_once_v2", guarantee.Value)
		}
	default:
		r.fail(guarantee.KeyAt, guarantee.Key, "%s is not a processing guarantee; write at_least_once or exactly_once_v2", QuoteWord(guarantee.Value))
	}
}
