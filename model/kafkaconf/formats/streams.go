package formats

import (
	"slices"
	"strings"
)

// streamsDefault is the origin of what Kafka Streams sets by itself.
const streamsDefault = "default of Kafka Streams"

// What Kafka Streams sets for its clients (StreamsConfig: PRODUCER_DEFAULT_OVERRIDES, CONSUMER_DEFAULT_OVERRIDES and
// the EOS ones; auto commit cannot be changed). With exactly_once_v2 it enforces the rest.
var (
	streamsProducer    = []string{"linger.ms", "100"}
	streamsConsumer    = []string{"auto.offset.reset", "earliest"}
	streamsFixed       = []string{"enable.auto.commit", "false"}
	streamsEOSProducer = []string{"delivery.timeout.ms", "2147483647", "transaction.timeout.ms", "10000"}
)

// How a stream thread uses its clients: it commits what it has read once the producer has flushed everything, or in the
// transaction (TaskExecutor.commitTasksAndMaybeUpdateCommittableOffsets). When a send fails for good the thread ends
// without a commit, and what it had read since the last one is read, processed and sent again.
var (
	streamsApp    = []string{"send", "callback", "on-send-error", "resend", "on-restart", "resend", "commit", "after-processing"}
	streamsEOSApp = []string{"output", "kafka", "commit", "in-transaction", "group-metadata", "true",
		"transactional-id", "random"} // application.id, the id of the process, and the thread (ActiveTaskCreator)
)

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
	r.Framework = "kafka-streams"
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

// streamsClients gives a setting to the clients that know it, and warns of one that nobody knows.
func (r *reading) streamsClients(p Property) {
	known := streamsKey(p.Key)
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
	fixed := func(part Part, keysAndTexts ...string) { r.rules(part, Enforced, streamsDefault, at, keysAndTexts...) }
	r.rules(Producer, FrameworkDefault, streamsDefault, at, streamsProducer...)
	r.rules(Consumer, FrameworkDefault, streamsDefault, at, streamsConsumer...)
	fixed(Consumer, streamsFixed...)
	switch strings.TrimSpace(guarantee.Value) {
	case "at_least_once":
		r.rules(App, Written, streamsDefault, at, streamsApp...)
		r.note("%s: kcheck follows a message into a topic by this producer and out of a topic by this consumer; the step between them, at least once, is not a step of the model", r.File)
	case "exactly_once_v2", "exactly_once_beta", "exactly_once":
		r.rules(Producer, FrameworkDefault, streamsDefault, at, streamsEOSProducer...)
		if application == "" {
			application = "APPLICATION-ID"
			r.note("%s: exactly once without application.id in this file: it comes from the code, and its value has no bearing", guarantee.KeyAt)
		}
		enforced := func(part Part, keysAndTexts ...string) { r.rules(part, Enforced, "", guarantee.KeyAt, keysAndTexts...) }
		enforced(Producer, "enable.idempotence", "true", "transactional.id", application)
		enforced(Consumer, "isolation.level", "read_committed")
		r.rules(App, Written, "", guarantee.KeyAt, streamsEOSApp...)
		r.note("%s: a stream thread reads, writes to Kafka and commits in one transaction: app.output is kafka; say how its output is read with --set downstream.isolation.level", r.File)
		if guarantee.Value != "exactly_once_v2" {
			r.warn(guarantee.KeyAt, guarantee.Key, "%s is gone since Kafka 4.0; write exactly_once_v2", guarantee.Value)
		}
	default:
		r.fail(guarantee.KeyAt, guarantee.Key, "%s is not a processing guarantee; write at_least_once or exactly_once_v2", Quote(guarantee.Value))
	}
}
