package kafkaconf

import (
	"strings"
	"testing"
)

// Every way to get a spec wrong, and the line that says so. Lines begin with e (error), r (refused) or w (warning).
func TestSpecProblems(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ spec, want string }{
		{"guarantee: order\nguarantees: x", "e s:2:1: guarantees: unknown key; did you mean guarantee?"},
		{"kafka: 4.1", "e s:1:1: guarantee: is missing; write guarantee: and one of at-most-once at-least-once exactly-once no-acked-loss no-duplicate-in-log order committed-stays log-agreement availability uninterrupted"},
		{"guarantee: at-least-onse", `e s:1:1: guarantee: unknown guarantee "at-least-onse"; did you mean at-least-once?`},
		{"guarantee: order\nkafka: 9.7", `e s:2:1: kafka: unknown Kafka version "9.7"; known are ` + lineNames()},
		{"guarantee: order\ncounted: sent", `e s:2:1: counted: "sent" is not a class of messages; write accepted, acked or attempted`},
		{"guarantee: order\nproducer: {ack: 1}", "e s:2:12: producer.ack: unknown setting of the java-" + newestName + " producer; did you mean acks?"},
		{"guarantee: order\nproducer: {request.required.acks: 1}", "e s:2:12: producer.request.required.acks: unknown setting of the java-" + newestName + " producer; its name there is acks"},
		{"guarantee: order\nproducer: {group.id: g}", "e s:2:12: producer.group.id: unknown setting of the java-" + newestName + " producer; it is a setting of the consumer"},
		{"guarantee: order\nkafka: 2.0\nproducer: {delivery.timeout.ms: 1}", "e s:3:12: producer.delivery.timeout.ms: the java-2.0 producer does not know this setting (since 2.1); leave it out"},
		{"guarantee: order\nproducer: {acks: 2}", `r s:2:12: producer.acks: "2" is not a valid value; write all, -1, 0 or 1 (Kafka's ProducerConfig)`},
		{"guarantee: order\nproducer:\n  retries: many", `r s:3:3: producer.retries: "many" is not a whole number (Kafka's ProducerConfig)`},
		{"guarantee: order\nproducer: {enable.idempotence: yes}", `r s:2:12: producer.enable.idempotence: "yes" is not a boolean; write true or false (Kafka's ProducerConfig)`},
		{"guarantee: order\ntopic: {min.insync.replicas: 0}", "r s:2:9: topic.min.insync.replicas: 0 is outside the valid range; write a number from 1 to 2147483647 (Kafka's LogConfig)"},
		{"guarantee: order\ntopic: {replication.factor: 6}", "e s:2:9: topic.replication.factor: 6 replicas are more than kcheck follows; write 1 to 5"},
		{"guarantee: order\nscope: {messages: 9}", "e s:2:9: scope.messages: 9 is outside the valid range; write a number from 1 to 4"},
		{"guarantee: order\nfaults: {broker-crush: 1}", `e s:2:10: faults.broker-crush: unknown fault "broker-crush"; did you mean broker-crash?`},
		{"guarantee: order\nfaults: {broker-crash: 8}", `e s:2:10: faults.broker-crash: "8" is not a number of occurrences of broker-crash; write 0 to 7, or any`},
		{"guarantee: order\nfaults: standard,disk-lost=1", `e s:2:1: faults: unknown fault "disk-lost"; did you mean disk-loss?`},
		{"guarantee: order\nfaults: [standard, disk-lost=1]", `e s:2:1: faults: unknown fault "disk-lost"; did you mean disk-loss?`},
		{"guarantee: order\nfaults: some", `e s:2:1: faults: "some" is not FAULT=NUMBER; write none, standard or a list such as broker-crash=1,leader-move=1,total=2`},
		{"guarantee: order\nexpect: fails", `e s:2:1: expect: "fails" is not a verdict; write holds, violated, vacuous or refused`},
		{"guarantee: order\nexpect: {availability: holds}", "e s:2:10: expect.availability: the spec does not ask for this guarantee; add it to guarantee"},
		{"guarantee: order\napp: {send: maybe}", `e s:2:7: app.send: "maybe" is not a valid value; write callback, wait or forget`},
		{"guarantee: order\napp: {producer-client: java-9.9}", `e s:2:7: app.producer-client: unknown Kafka version "9.9"; known are ` + lineNames()},
		{"guarantee: order\napp: {producer-client: python}", `e s:2:7: app.producer-client: unknown client "python"; write NAME or NAME-VERSION of java, librdkafka, scala-0.8, sarama, kafka-go, franz-go, kafkajs, aiokafka or kafka-python`},
		{"guarantee: order\nkafka: '0.8'\napp: {send: wait}", "e s:3:7: app.send: the 0.8 producer waits or not by producer.type; write producer: {producer.type: sync} or async"},
		{"guarantee: order\nkafka: 3.9.0\nfeatures: {transaction.version: 2}", "r s:3:12: features.transaction.version: 2 is outside the valid range; write a number from 0 to 0"},
		{"guarantee: order\nkafka: 4.1.3", "e s:2:1: kafka: there is no Kafka 4.1.3; 4.1 has the releases 4.1.0 4.1.1 4.1.2"},
		{"guarantee: order\nkafka: 3.8\nfeatures: {transaction.version: 2}", "r s:3:12: features.transaction.version: Kafka 3.8 has no such feature (since 3.9); leave it out (kafka-storage refuses it)"},
		{"guarantee: order\nproducer: {max.block.ms: 0}\napp: {producer-client: sarama}", "e s:2:12: producer.max.block.ms: sarama has no such setting; leave it out"},
		{"guarantee: order\nproducer: p.properties", `e s:2:11: producer: cannot read "p.properties": no such file or directory; write a path relative to the spec, or {key: value}`},
		{"guarantee: order\napp: [send]", "e s:2:6: app: expected a mapping; write app: {key: value}"},
		{"guarantee: order\nfiles: s", "e s:2:8: files: the spec names itself; name configuration files"},
		{"guarantee: order\nproducer: {acks: {a: 1}}", "e s:2:18: producer.acks: expected one value; found a mapping"},
		{"guarantee: order\nproducer: {acks: }", "e s:2:17: producer.acks: has no value; write one"},
		{"guarantee: order\nproducer: {acks: 1\n", "e s:2:11: not valid YAML: could not find flow mapping end token …; close the brace, or begin a block with KEY: VALUE lines"},
		{"guarantee: order\nguarantee: order", "e s:2:1: not valid YAML: mapping key \"guarantee\" already defined at [1:1]; write the key once"},
		{"guarantee: &a order", "e s:1:12: guarantee: anchors, aliases, merge keys, tags and complex keys are not read; write the value itself"},
	} {
		_, problems := loadAll(Request{Files: []string{"s"}, ReadFile: files{"s": test.spec}.read})
		if got := letters(problems); got != test.want {
			t.Errorf("%q:\n got %s\nwant %s", test.spec, got, test.want)
		}
	}
}

// letters writes problems with the first letter of their severity.
func letters(problems Problems) string {
	lines := make([]string, len(problems))
	for i, p := range problems {
		lines[i] = p.Severity.String()[:1] + " " + p.String()
	}
	return strings.Join(lines, "\n")
}

// All problems are reported, in the order of the file, and errors leave no result.
func TestAllProblems(t *testing.T) {
	t.Parallel()
	spec := "guarantee: ordr\nproducer: {acks: 7, foo: 1}\nscope: {messages: 0}\n"
	r, problems := loadAll(Request{Files: []string{"s"}, Set: []string{"x.y=1", "producer.acks"}, ReadFile: files{"s": spec}.read})
	want := `e command line: --set: unknown part "x"; write producer, topic, broker, controller, consumer, group, downstream, features, app, model or scope
e command line: --set: "producer.acks" is not part.key=value; write for example --set producer.acks=all
e s:1:1: guarantee: unknown guarantee "ordr"; did you mean order?
r s:2:12: producer.acks: "7" is not a valid value; write all, -1, 0 or 1 (Kafka's ProducerConfig)
e s:2:21: producer.foo: unknown setting of the java-` + newestName + ` producer; see kcheck list settings
e s:3:9: scope.messages: 0 is outside the valid range; write a number from 1 to 4`
	if r != nil || letters(problems) != want {
		t.Errorf("got\n%s", letters(problems))
	}
}

// What the user wrote of a .properties file: unknown names are warnings, values Kafka refuses are not.
func TestFileProblems(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ file, text, want string }{
		{"producer.properties", "acks=all\nretires=3\nschema.registry.url=http://x\n",
			"w producer.properties:2:1: retires: unknown setting of the java-" + newestName + " producer, which ignores it; did you mean retries?"},
		{"p", "request.required.acks=1\n", "w p:1:1: request.required.acks: unknown setting of the java-" + newestName + " producer, which ignores it; its name there is acks"},
		{"p", "acks=one\n", `r p:1:1: acks: "one" is not a valid value; write all, -1, 0 or 1 (Kafka's ProducerConfig)`},
		{"p", "acks=1my.plugin=x\n", `r p:1:1: acks: a text of 12 characters is not a valid value; write all, -1, 0 or 1 (Kafka's ProducerConfig)`},
		{"p", "acks=1\nretries=5me:x@b1\n", `r p:2:1: retries: a text of 8 characters is not a whole number (Kafka's ProducerConfig)`},
		{"x", "bootstrap.servers=a:1\n", ""},
		{"x", "min.insync.replicas=2\n", "e x: the keys fit several parts; say whose it is with --topic x or --broker x"},
		{"x", "acks=1\ngroup.id=g\n", ""},
		{"x", "acks=1\nbroker.id=1\n", "e x: has keys of several parts; say whose it is with --producer x or --broker x"},
		{"x", "hello=world\n", `e x:1:1: hello: 1 of 1 keys here are none of Kafka's (the first is "hello"): this is a configuration of something else; give the configuration of a client, a broker or a topic; --producer x or the like reads it all the same`},
		{"x", `{"acks": 1}`, ""},
		{"x", `[1]`, "e x:1:1: this JSON is a list; expected an object of settings of a Kafka client, a connector, or a Terraform plan (terraform show -json)"},
		{"x", "<html>", "e x:1:1: this looks like XML or HTML, which is not read; expected a spec or a Kafka configuration (kcheck check --help lists the formats)"},
	} {
		_, problems := loadAll(Request{Files: []string{test.file}, ReadFile: files{test.file: test.text}.read})
		if got := letters(problems); got != test.want {
			t.Errorf("%q:\n got %s\nwant %s", test.text, got, test.want)
		}
	}
}

// Contradictions between the application and its settings.
func TestContradictions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ spec, want string }{
		{"consumer: {enable.auto.commit: true}\napp: {commit: after-processing}",
			`app.commit: "after-processing" contradicts the settings: consumer.enable.auto.commit is true (s:2:12), so the library commits automatically; write consumer: {enable.auto.commit: false}, or commit: auto`},
		{"app: {commit: auto}",
			`app.commit: "auto" contradicts the settings: consumer.enable.auto.commit is false (assumed), so nothing commits automatically; write consumer: {enable.auto.commit: true}, or another commit`},
		{"app: {commit: in-transaction}",
			`app.commit: "in-transaction" contradicts the settings: without output: kafka there is no transaction; write app.output: kafka, or another commit`},
		{"app: {commit: in-transaction, output: kafka}",
			`app.commit: "in-transaction" contradicts the settings: there is no transaction without a transactional.id; write producer: {transactional.id: ID}, or another commit`},
		{"app: {send: forget, on-send-error: resend}",
			`app.on-send-error: app.send is forget: no error reaches the application; write send: callback or wait, or on-send-error: give-up`},
		{"consumer: {enable.auto.commit: true}\napp: {commit: auto, commit-position: delivered}",
			`app.commit-position: "delivered" contradicts the settings: with commit: auto the client decides what is committed; leave it out, or commit another way. It says what the application marks only with sarama, and with librdkafka where enable.auto.offset.store is false`},
		{"app: {commit: before-processing, commit-position: highest-finished}",
			`app.commit-position: "highest-finished" contradicts the settings: with commit: before-processing nothing is finished yet; write commit: after-processing, or commit-position: delivered`},
		{"app: {output: kafka, commit-position: delivered}",
			`app.commit-position: "delivered" contradicts the settings: with output: kafka messages are finished in order, and their end is what is committed; leave it out, or write output: none`},
		{"app: {output: kafka, process: parallel}",
			`app.process: parallel is not modelled with an output topic: its outputs are sent in the order of the input; write output: none, or process: inline`},
		{"app: {process: parallel, effect: transactional}",
			`app.process: an external store that keeps the offset with the effect takes records in order; write process: inline, or effect: idempotent`},
		{"consumer: {enable.auto.commit: true}\napp: {commit: auto, on-commit-failure: rethrow}",
			`app.on-commit-failure: with commit: auto the client commits, and tries again by itself; leave it out, or commit another way`},
		{"consumer: {enable.auto.commit: true}\napp: {commit: auto, on-revoke: nothing}",
			`app.on-revoke: with commit: auto the client commits when the partition is revoked; leave it out, or commit another way`},
		{"app: {on-restart-transaction: resume}",
			`app.on-restart-transaction: an external coordinator keeps the offset before it commits the transaction; write app: {output: kafka, commit: before-transaction} and a transactional.id, or on-restart-transaction: abort`},
	} {
		_, problems := loadAll(Request{Files: []string{"s"}, ReadFile: files{"s": "guarantee: order\n" + test.spec}.read})
		if len(problems) != 1 || problems[0].Severity != Failure || problems[0].Key+": "+problems[0].Message != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.spec, problems.Error(), test.want)
		}
	}
}

// A spec is not to blame for what a flag makes of it: settings that the other version or client does not know are
// ignored with a warning, as that client ignores them.
func TestSpecUnderAnotherVersion(t *testing.T) {
	t.Parallel()
	const spec = "guarantee: order\nproducer: {acks: 1, delivery.timeout.ms: 60000, max.block.ms: 5}\n"
	for _, test := range []struct{ kafka, set, want string }{
		{"2.0", "", "w s:2:21: producer.delivery.timeout.ms: the java-2.0 producer does not know this setting (since 2.1); leave it out"},
		{"0.8", "", "w s:2:12: producer.acks: unknown setting of the scala-0.8 producer, which ignores it; its name there is request.required.acks\n" +
			"w s:2:21: producer.delivery.timeout.ms: unknown setting of the scala-0.8 producer, which ignores it; see kcheck list settings\n" +
			"w s:2:49: producer.max.block.ms: unknown setting of the scala-0.8 producer, which ignores it; its name there is queue.enqueue.timeout.ms"},
		{"", "app.producer-client=sarama", "w s:2:21: producer.delivery.timeout.ms: sarama has no such setting; leave it out\n" +
			"w s:2:49: producer.max.block.ms: sarama has no such setting; leave it out"},
	} {
		request := Request{Files: []string{"s"}, Kafka: test.kafka, ReadFile: files{"s": spec}.read}
		if test.set != "" {
			request.Set = []string{test.set}
		}
		r, problems := loadAll(request)
		if got := letters(problems); got != test.want || r == nil || len(r.Notes) == 0 {
			t.Errorf("%s %s:\n got %s\nwant %s", test.kafka, test.set, got, test.want)
		}
	}
}
