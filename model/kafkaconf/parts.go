package kafkaconf

import "strings"

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
	"client.metrics.", "oauthbearer.", "config.providers",
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
		"config.providers",
	},
	Topic: {"confluent."},
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

// cutName splits a setting's name into its part and its key.
func cutName(name string) (Part, string, bool) {
	part, key, found := strings.Cut(name, ".")
	return Part(part), key, found
}
