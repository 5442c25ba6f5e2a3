package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/report"
)

// secretFiles are files with a secret wherever one may stand: each is a word that begins with hunter.
var secretFiles = map[string]string{
	"p.properties": "# password hunter0\nacks=1\nsasl.jaas.config=org.Login required \\\n  password=\"hunter1\";\nretries=5\n" +
		"sasl.pasword=hunter2\nbootstrap.servers=SASL_SSL://me:hunter3@b1:9092\nschema.registry.url=https://me:hunter4@r\nssl.key.password=hunter5\n",
	"twice.properties":  "ssl.key.password=hunter6\nssl.key.password=hunter7\nmy.plugin=hunter8\nacks=1\n",
	"bad.properties":    "acks=1\nssl.key.password=hunter9\\u00zz\n",
	"spec.yaml":         "about: x\nguarantee: at-least-once # hunter10\nproducer: {acks: 1, ssl.key.password: hunter11}\nconsumer:\n  enable.auto.commit: false\n  sasl.jaas.config: |\n    hunter12\nfaults: {broker-crash: 1}\nscope: {messages: 1}\n",
	"bad.yaml":          "guarantee: at-least-once\nproducer: {acks: 1, ssl.key.password: \"hunter13}\n",
	"application.yml":   "spring:\n  kafka:\n    properties:\n      sasl.jaas.config: hunter14\n      my.secret: hunter15\n    producer:\n      acks: 1\n      properties:\n        ssl.key.password: hunter16\n",
	"compose.yaml":      "services:\n  kafka:\n    image: apache/kafka:4.1.0\n    environment:\n      KAFKA_PROCESS_ROLES: broker,controller\n      KAFKA_MIN_INSYNC_REPLICAS: 1\n      KAFKA_SSL_KEY_PASSWORD: hunter17\n      KAFKA_LISTENER_NAME_X_PLAIN_SASL_JAAS_CONFIG: hunter18\n",
	"connector.json":    `{"name": "c", "config": {"connector.class": "JdbcSink", "topics": "t", "connection.password": "hunter19", "consumer.override.sasl.jaas.config": "hunter20", "errors.tolerance": "all"}}`,
	"rdkafka.json":      `{"acks": "1", "sasl.password": "hunter21", "sasl.oauthbearer.client.secret": "hunter22", "ssl.key.pem": "hunter23", "message.timeout.ms": "1000"}`,
	"layers.yml":        "spring:\n  kafka:\n    ssl: {key-password: hunter38}\n    properties: {ssl.key.password: hunter39, my.plugin: hunter40}\n    producer:\n      acks: 1\n      ssl: {key-password: hunter41}\n      properties: {ssl.key.password: hunter42, my.plugin: hunter43}\n",
	"layers.properties": "mp.messaging.outgoing.o.connector=smallrye-kafka\nkafka.ssl.key.password=hunter44\nmp.messaging.outgoing.o.ssl.key.password=hunter45\nmp.messaging.outgoing.o.acks=1\n",
	"key.properties":    "acks=1\nssl.keystore.key=-----BEGIN PRIVATE KEY-----\nMIIEvQIBADhunter46BgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us\n-----END PRIVATE KEY-----\nretries=5\n",
	"ends.properties":   "retries=5\nacks=1 ssl.key.password=hunter47\nclient.id=x sasl.jaas.config=hunter48\nretry.backoff.ms=1ssl.key.password=hunter49\n",
	"contradict.yaml":   "guarantee: at-least-once\nproducer: {ssl.key.password: hunter24}\n",
	"environment.env":   "KAFKA_MIN_INSYNC_REPLICAS=1\nKAFKA_SSL_KEYSTORE_PASSWORD=hunter26\nKAFKA_PROCESS_ROLES=broker\nMY_KAFKA=hunter27\n",
	"worker.properties": "group.id=c\nconfig.storage.topic=a\noffset.storage.topic=b\nstatus.storage.topic=d\nproducer.ssl.key.password=hunter28\nproducer.acks=1\nproducer.my.plugin=hunter29\n",
}

// TestSecrets checks that no command and no form shows a secret: not of a password, not of what nobody knows, not in a
// URL, not in the lines around a change.
func TestSecrets(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := map[string]string{}
	for name, text := range secretFiles {
		path[name] = filepath.Join(dir, name)
		if err := os.WriteFile(path[name], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ask := []string{"--guarantee", "at-least-once", "--faults", "broker-crash=1", "--messages", "1"}
	set := []string{"--set", "producer.ssl.key.password=hunter30", "--set", "producer.my.plugin=hunter31"}
	var runs [][]string
	for _, file := range path {
		runs = append(runs, []string{"config", file}, []string{"config", file, "--format", "json"}, []string{"init", file},
			append([]string{"check", file}, ask...))
	}
	for _, format := range []string{"text", "json", "markdown", "html", "junit", "sarif", "dot", "svg"} {
		runs = append(runs, append(append([]string{"check", path["p.properties"], "--format", format}, ask...), set...),
			append([]string{"check", path["spec.yaml"], "--format", format}, set...))
	}
	for _, format := range []string{"text", "json", "markdown", "html"} {
		runs = append(runs,
			append([]string{"resilience", path["p.properties"], "--up-to", "1", "--format", format, "--guarantee", "at-least-once", "--messages", "1"}, set...),
			append(append([]string{"repair", path["p.properties"], "--max-changes", "1", "--format", format}, ask...), set...),
			append([]string{"repair", path["spec.yaml"], "--max-changes", "1", "--format", format}, set...),
			append([]string{"diff", path["p.properties"], path["twice.properties"], "--format", format, "--guarantee", "at-least-once", "--messages", "1", "--faults", "broker-crash=1"}, set...),
			append([]string{"matrix", path["p.properties"], "--vary", "producer.acks=1,all", "--format", format}, ask...))
	}
	runs = append(runs, append([]string{"repair", path["p.properties"], "--format", "patch", "--max-changes", "1"}, ask...),
		[]string{"matrix", "--vary", "producer.ssl.key.password=hunter32,hunter33", "--messages", "1", "--faults", "none"},
		[]string{"matrix", "--vary", "hunter34"}, []string{"check", "--set", "hunter35"}, []string{"check", "--set", "producer.x:hunter36"},
		[]string{"check", "--bootstrap-server", "me:hunter37@127.0.0.1:1"},
		[]string{"check", "--producer", path["p.properties"], path["twice.properties"]})
	for _, args := range runs {
		_, out, errs := kcheck(args...)
		if at := strings.Index(out+errs, "hunter"); at >= 0 {
			t.Errorf("%v shows a secret: …%.120s", args, (out + errs)[max(0, at-100):])
		}
	}
}

// TestHarmlessLines checks that what foreign files and flags have in them moves no cursor and gives GitHub Actions no
// command, on either stream.
func TestHarmlessLines(t *testing.T) {
	t.Parallel()
	const evil = "x\\u001b[31m\\n::error::y\\n##[error]z\\u202e"
	dir := t.TempDir()
	files := map[string]string{
		"p.properties":         evil + "=" + evil + "\nacks=1\nclient.id=" + evil + "\nacks2=1\nretries=3\n",
		"::error::.properties": "acks=1\nclient.id=x\n",
		"bad.properties":       "acks=" + evil + "\n",
		"spec.yaml":            "about: \"" + strings.ReplaceAll(evil, "\\u202e", "") + "\"\nguarantee: order\nproducer: {acks: 1}\nfaults: {}\nscope: {messages: 1}\n",
		"bad.yaml":             "\"" + evil + "\": 1\nguarantee: order\n",
		"waivers.yaml":         "waivers:\n  - guarantee: \"" + evil + "\"\n    reason: \"" + evil + "\"\n    expires: \"" + evil + "\"\n",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var runs [][]string
	for name := range files {
		file := filepath.Join(dir, name)
		runs = append(runs, []string{"config", file}, []string{"check", file, "--guarantee", "order", "--faults", "none", "--messages", "1"},
			[]string{"check", "--producer", file, "--guarantee", "order", "--faults", "none", "--messages", "1"}, []string{"init", file}, []string{"trace", file},
			[]string{"resilience", file, "--up-to", "0"}, []string{"check", "--waivers", file})
	}
	runs = append(runs, []string{"check", "\x1b[31m\n::error::"}, []string{"explain", "\n::error::"}, []string{"list", "\n##[error]"}, []string{"\n::error::x"},
		[]string{"check", "--\n::error::"}, []string{"check", "--guarantee", "\n::error::"}, []string{"check", "--set", "\n::error::=1"})
	for _, args := range runs {
		_, out, errs := kcheck(args...)
		for _, line := range strings.Split(out+"\n"+errs, "\n") {
			if report.Harmless(line) != line || strings.ContainsAny(line, "\x1b\u202e\r") {
				t.Errorf("%q prints %q", args, line)
			}
		}
	}
}
