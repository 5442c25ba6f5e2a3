package kafkaconf

import (
	"math"
	"strings"

	"github.com/kcheck/kcheck/model"
)

// ownKeys are the keys of the parts that no Kafka file has: the application, the switches of the model, the scope, and
// the feature levels of the cluster. Columns: part, name, type, since, valid values, default, meaning.
var ownKeys = [][7]string{
	{"app", "producer-client", "string", "", "", "", "the client library that sends: java-VERSION, librdkafka, scala-0.8, sarama, kafka-go or franz-go"},
	{"app", "consumer-client", "string", "", "", "", "the client library that receives; the same names as producer-client"},
	{"app", "send", "string", "", "callback|wait|forget", "callback", "whether the application waits for each result, is told of errors by a callback, or never hears of them"},
	{"app", "on-send-error", "string", "", "give-up|resend", "give-up", "what the application does when it is told that a send failed"},
	{"app", "on-restart", "string", "", "forget|resend", "forget", "whether messages without an acknowledgement are sent again after a crash of the producer"},
	{"app", "group", "string", "", "existing|new", "existing", "whether the group has committed a position before the run"},
	{"app", "process", "string", "", "inline|handoff", "inline", "whether messages are processed in the poll loop or by another thread"},
	{"app", "commit", "string", "", "before-processing|after-processing|auto|in-transaction|before-transaction|after-transaction", "after-processing", "when the application commits its offsets"},
	{"app", "commit-offset", "string", "", "next|current", "next", "which offset is committed: of the next message, or of the one just processed (the off-by-one)"},
	{"app", "effect", "string", "", "plain|idempotent|transactional", "plain", "what processing a message twice does: it counts twice, once, or the effect is stored together with the offset"},
	{"app", "output", "string", "", "none|kafka", "none", "whether processing a message produces a record to an output topic"},
	{"app", "on-abort", "string", "", "rewind|continue", "rewind", "whether the application moves its consumer back after an aborted transaction"},
	{"app", "transactional-id", "string", "", "stable|random", "stable", "whether the transactional.id is the same after a restart"},
	{"app", "group-metadata", "boolean", "", "", "true", "whether the metadata of the group is passed with the offsets of a transaction (KIP-447)"},
	{"app", "on-exception", "string", "", "rethrow|close", "rethrow", "whether the loop calls close() on its consumer when processing throws"},
	{"model", "replicate-from", "string", "", "page-cache|disk", "page-cache", "whether followers copy what is in the leader's page cache, as Kafka does, or only what was flushed"},
	{"scope", "messages", "int", "", "1..4", "2", "how many messages the application sends"},
	{"features", "eligible.leader.replicas.version", "int", "4.0", "0..1", "4.0=0 ; 4.1=1", "eligible leader replicas (KIP-966): on for new clusters since 4.1"},
	{"features", "transaction.version", "int", "4.0", "0..2", "2", "an epoch for each transaction from level 2 on (KIP-890 part 2): the default of new 4.0 clusters"},
	{"features", "group.version", "int", "4.0", "0..1", "1", "the new group protocol on the brokers (KIP-848)"},
	{"features", "share.version", "int", "4.1", "0..1", "0", "share groups (KIP-932)"},
	{"features", "streams.version", "int", "4.1", "0..1", "0", "streams groups (KIP-1071)"},
	{"features", "kraft.version", "int", "3.9", "0..1", "1", "dynamic controller quorums (KIP-853)"},
	{"features", "metadata.version", "string", "3.3", "", "", "the version of the metadata log's records"},
}

// ownKey turns a line of ownKeys into a key.
func ownKey(column [7]string) *key {
	k := &key{part: Part(column[0]), name: column[1], kind: column[2], until: math.MaxInt32}
	if column[3] != "" {
		k.since = tableVersion(column[3])
	}
	k.valid, k.value = parseTimeline(column[4]), parseTimeline(column[5])
	return k
}

// isKafkas says whether a part is Kafka's, so that a wrong value is refused by Kafka and not unreadable to kcheck.
func isKafkas(p Part) bool { return p != App && p != Model && p != Scope }

// tablePart is the part of the key table that a part of a configuration has its keys in: a controller reads the keys
// of a broker (both are KafkaConfig), the downstream reader those of a consumer.
func tablePart(p Part) Part {
	switch p {
	case Controller:
		return Broker
	case Downstream:
		return Consumer
	}
	return p
}

// clientPlugins begin the names of settings that the clients hand on to their serializers, interceptors, metrics and
// authentication. Sources: the serializers of Confluent's and Apicurio's registries, of Spring and of AWS Glue; Strimzi's
// OAuth; Confluent's interceptors.
var clientPlugins = []string{
	"schema.registry.", "basic.auth.", "bearer.auth.", "auto.register.schemas", "use.latest.version", "use.latest.with.metadata",
	"use.schema.id", "latest.compatibility.strict", "latest.cache.", "normalize.schemas", "schema.reflection", "schema.format",
	"key.subject.name.strategy", "value.subject.name.strategy", "reference.subject.name.strategy", "subject.name.strategy",
	"specific.avro.", "avro.", "json.", "protobuf.", "derive.type", "specific.protobuf.", "max.schemas.per.subject", "id.compatibility.strict",
	"rule.", "rules.", "encrypt.", "csfle.", "wrapped.", "proxy.", "spring.json.", "spring.deserializer.", "spring.message.", "spring.kafka.",
	"interceptor.", "confluent.", "oauth.", "strimzi.", "apicurio.", "aws.", "azure.", "gcp.", "region", "schemaAutoRegistrationEnabled",
	"registry.name", "schemaName", "dataFormat", "key.serializer.", "value.serializer.", "key.deserializer.", "value.deserializer.",
	"key.default.", "value.default.", "default.key.", "default.value.", "list.key.", "list.value.", "metrics.jmx.", "opentracing.", "otel.",
	"client.metrics.", "oauthbearer.",
}

// prefixes begin the names of settings that Kafka hands on to something that is plugged in or repeats for each
// listener. What follows the prefix is not Kafka's to know.
var prefixes = map[Part][]string{
	Producer: clientPlugins,
	Consumer: clientPlugins,
	Broker: {
		"strimzi.", "oauth.", "opa.", "ldap.", "authorizer.", "client.quota.callback.", "cruise.control.", "kafka.metrics.",
		"listener.name.", "rsm.config.", "rlmm.config.", "remote.log.metadata.",
		"super.users", "allow.everyone.if.no.acl.found", // the authorizer's (StandardAuthorizer)
		"confluent.", // a distribution's own
	},
}

// plugged says whether a name belongs to something plugged into Kafka, so that it cannot be unknown.
func plugged(p Part, name string) bool {
	for _, prefix := range prefixes[tablePart(p)] {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// versionsWith says in words in which versions a key exists.
func (k *key) versionsWith() string {
	first, last := k.since, k.until
	switch {
	case k.family == rdkafkaKeys || first == 0:
		return "every version"
	case last == math.MaxInt32:
		return "since " + release(first)
	case release(first) == release(last):
		return "in " + release(first) + " only"
	}
	return "from " + release(first) + " to " + release(last)
}

// release writes a version without its patch; 0.10.1 is a release of its own.
func release(v model.Version) string {
	if v < 10000 && v%100 != 0 && v%100 != 99 {
		return "0." + itoa(int(v)/100) + "." + itoa(int(v)%100)
	}
	return v.String()
}
