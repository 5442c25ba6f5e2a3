package kafkaconf

import (
	"maps"
	"slices"
	"testing"
)

// TestShown checks that known values are shown, and what is a password, is not known or stands in a URL is not.
func TestShown(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		part             Part
		key, value, want string
	}{
		{Producer, "acks", "all", "all"},
		{Producer, "client.id", "orders", "orders"},
		{Producer, "request.required.acks", "1", "1"},
		{Producer, "queue.buffering.max.ms", "5", "5"},
		{App, "send", "forget", "forget"},
		{Scope, "messages", "2", "2"},
		{Broker, "password.encoder.iterations", "4096", "4096"},
		{Producer, "sasl.jaas.config", "x", Hidden},
		{Producer, "ssl.key.password", "x", Hidden},
		{Producer, "sasl.password", "x", Hidden},
		{Consumer, "sasl.oauthbearer.client.secret", "x", Hidden},
		{Producer, "sasl.pasword", "x", Hidden},
		{Producer, "schema.registry.basic.auth.user.info", "me:x", Hidden},
		{Broker, "listener.name.sasl_ssl.plain.sasl.jaas.config", "x", Hidden},
		{Producer, "bootstrap.servers", "b1:9092,b2:9092", "b1:9092,b2:9092"},
		{Producer, "bootstrap.servers", "SASL_SSL://me:x@b1:9092,you:y@b2:9092", "SASL_SSL://(hidden)@b2:9092"},
		{Producer, "bootstrap.servers", "b1:9092,me:x@b2:9092", "(hidden)@b2:9092"},
		{Producer, "bootstrap.servers", "SASL-SSL//me:x@b1:9092", "(hidden)@b1:9092"},
		{Producer, "sasl.oauthbearer.token.endpoint.url", `https://me:a,b;c="d'/e@idp/token`, "https://(hidden)@idp/token"},
		{Producer, "sasl.oauthbearer.token.endpoint.url", "https://me:p@ss@idp/token", "https://(hidden)@idp/token"},
		{Producer, "sasl.oauthbearer.token.endpoint.url", "https://token@idp/token", "https://(hidden)@idp/token"},
		{Producer, "client.id", "orders ssl.key.password=x", Hidden},
		{Producer, "client.id", "-----BEGIN PRIVATE KEY-----", Hidden},
		{Producer, "client.id", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7", Hidden},
		{"nobody", "acks", "all", Hidden},
		{Producer, "acks", "my.plugin=x", Hidden},
		{Producer, "acks", "1e:x@b1:9092", Hidden},
		{Producer, "acks", "1 # x", Hidden},
		{Producer, "acks", `"all"`, `"all"`},
		{Producer, "acks", "${env:ACKS:-all}", "${env:ACKS:-all}"},
		{Producer, "retries", `5",my.plugin:"x`, Hidden},
		{Producer, "key.serializer", "a.B=x", Hidden},
		{Consumer, "auto.offset.reset", "latest=x", Hidden},
		{Consumer, "auto.offset.reset", "by_duration:PT1H", "by_duration:PT1H"},
		{Producer, "request.required.acks", "http://x", Hidden},
		{App, "send", "forget=x", Hidden},
		{Producer, "client.id", "a=b#1", "a=b#1"},
		{Producer, "client.id", "orders # x", Hidden},
	} {
		if got := Shown(test.part, test.key, test.value); got != test.want {
			t.Errorf("%s.%s=%s is shown as %s, want %s", test.part, test.key, test.value, got, test.want)
		}
	}
	for flag, want := range map[string]string{"producer.acks=1": "producer.acks=1", "producer.sasl.password=x": "producer.sasl.password=(hidden)",
		"hunter2": Hidden, "producer.foo=x=y": "producer.foo=(hidden)"} {
		if got := ShownFlag(flag); got != want {
			t.Errorf("--set %s is shown as %s, want %s", flag, got, want)
		}
	}
}

// TestHiddenLines checks which lines of a file a patch may show.
func TestHiddenLines(t *testing.T) {
	t.Parallel()
	properties := "# by me\nacks=1\nsasl.jaas.config=org.Login \\\n  password=\"x\";\n\nretries=5\nschema.registry.url=http://x\n"
	spec := "about: x\nguarantee: order # the password is x\nproducer: {acks: 1, sasl.password: x}\ntopic:\n  min.insync.replicas: 1\nconsumer:\n  ssl.key.password: |\n    x\n    y\n"
	for name, test := range map[string]struct {
		text string
		want []int
	}{"p.properties": {properties, []int{1, 3, 4, 5, 7, 8}}, "s.yaml": {spec, []int{2, 3, 4, 7, 8, 9, 10}}} {
		if got := slices.Sorted(maps.Keys(HiddenLines(name, []byte(test.text)))); !slices.Equal(got, test.want) {
			t.Errorf("%s: hidden are %v, want %v", name, got, test.want)
		}
	}
}
