package kafkaconf

import (
	"slices"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/model"
)

// The defaults that decide about delivery, by version (each read from the configuration classes
// of that version).
func TestDefaults(t *testing.T) {
	t.Parallel()
	versions := []model.Version{model.V0_10, model.V0_11, model.V2_0, model.V2_1, model.V2_8, model.V3_0, model.V3_9, model.V4_0, model.V4_1}
	for name, want := range map[string]string{
		"producer.acks":                                    "1 1 1 1 1 all all all all",
		"producer.retries":                                 "0 0 0 2147483647 2147483647 2147483647 2147483647 2147483647 2147483647",
		"producer.enable.idempotence":                      "- false false false false true true true true",
		"producer.delivery.timeout.ms":                     "- - - 120000 120000 120000 120000 120000 120000",
		"producer.request.timeout.ms":                      "30000 30000 30000 30000 30000 30000 30000 30000 30000",
		"producer.linger.ms":                               "0 0 0 0 0 0 0 5 5",
		"producer.max.block.ms":                            "60000 60000 60000 60000 60000 60000 60000 60000 60000",
		"producer.transaction.timeout.ms":                  "- 60000 60000 60000 60000 60000 60000 60000 60000",
		"producer.max.in.flight.requests.per.connection":   "5 5 5 5 5 5 5 5 5",
		"consumer.enable.auto.commit":                      "true true true true true true true true true",
		"consumer.auto.offset.reset":                       "latest latest latest latest latest latest latest latest latest",
		"consumer.isolation.level":                         "- read_uncommitted read_uncommitted read_uncommitted read_uncommitted read_uncommitted read_uncommitted read_uncommitted read_uncommitted",
		"consumer.session.timeout.ms":                      "10000 10000 10000 10000 10000 45000 45000 45000 45000",
		"consumer.group.protocol":                          "- - - - - - classic classic classic",
		"topic.min.insync.replicas":                        "1 1 1 1 1 1 1 1 1",
		"topic.unclean.leader.election.enable":             "true false false false false false false false false",
		"topic.flush.messages":                             strings.TrimSpace(strings.Repeat("9223372036854775807 ", 9)),
		"broker.default.replication.factor":                "1 1 1 1 1 1 1 1 1",
		"broker.min.insync.replicas":                       "1 1 1 1 1 1 1 1 1",
		"broker.replica.lag.time.max.ms":                   "10000 10000 10000 10000 30000 30000 30000 30000 30000",
		"broker.offsets.retention.minutes":                 "1440 1440 10080 10080 10080 10080 10080 10080 10080",
		"broker.transaction.partition.verification.enable": "- - - - - - true true true",
		"features.eligible.leader.replicas.version":        "- - - - - - - 0 1",
		"features.transaction.version":                     "- - - - - - 0 2 2",
	} {
		part, key, _ := strings.Cut(name, ".")
		k := findKey(javaKeys, Part(part), key)
		if k == nil {
			t.Errorf("%s is not in the table", name)
			continue
		}
		got := make([]string, len(versions))
		for i, v := range versions {
			got[i] = "-"
			if s, ok := k.valueAt(v); ok && k.known(v) {
				got[i] = s
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s:\n got %s\nwant %s", name, strings.Join(got, " "), want)
		}
	}
}

// The clients that are not Java's, and Java's of 0.8.2.
func TestClientDefaults(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ client, setting, want string }{
		{"scala-0.8", "producer.request.required.acks", "0"},
		{"scala-0.8", "producer.message.send.max.retries", "3"},
		{"scala-0.8", "producer.queue.enqueue.timeout.ms", "-1"},
		{"scala-0.8", "producer.queue.buffering.max.messages", "10000"},
		{"scala-0.8", "producer.batch.num.messages", "200"},
		{"scala-0.8", "producer.producer.type", "sync"},
		{"scala-0.8", "consumer.auto.commit.enable", "true"},
		{"scala-0.8", "consumer.auto.commit.interval.ms", "60000"},
		{"scala-0.8", "consumer.auto.offset.reset", "largest"},
		{"java-0.8.2", "producer.acks", "1"},
		{"java-0.8.2", "producer.retries", "0"},
		{"java-0.8.2", "producer.block.on.buffer.full", "true"},
		{"librdkafka", "producer.acks", "-1"},
		{"librdkafka", "producer.request.required.acks", "-1"},
		{"librdkafka", "producer.retries", "2147483647"},
		{"librdkafka", "producer.enable.idempotence", "false"},
		{"librdkafka", "producer.max.in.flight", "1000000"},
		{"librdkafka", "producer.delivery.timeout.ms", "300000"},
		{"librdkafka", "consumer.isolation.level", "read_committed"},
		{"librdkafka", "consumer.enable.auto.offset.store", "true"},
		{"librdkafka", "consumer.auto.offset.reset", "largest"},
		{"sarama", "producer.acks", "1"},
		{"kafka-go", "producer.acks", "0"},
		{"franz-go", "producer.acks", "all"},
		{"franz-go", "consumer.auto.offset.reset", "earliest"},
	} {
		d, err := ParseDialect(test.client)
		if err != nil {
			t.Fatal(err)
		}
		part, key, _ := strings.Cut(test.setting, ".")
		if got, _ := d.defaultOf(Part(part), key); got != test.want {
			t.Errorf("%s %s: got %q, want %q", test.client, test.setting, got, test.want)
		}
	}
}

// The table itself: every line parses, its defaults are values that Kafka accepts, and every meaning and every name
// that the resolver uses is a key.
func TestKeyTable(t *testing.T) {
	t.Parallel()
	if n := len(keys()); n < 1000 {
		t.Fatalf("only %d keys", n)
	}
	for n, k := range keys() {
		for _, e := range k.value {
			v := max(e.since, k.in[0].from, model.V0_8)
			text, set := k.valueAt(v)
			if wrong := k.check(text, v); set && wrong != "" && !strings.HasPrefix(text, "[") && !strings.HasPrefix(text, "class") {
				t.Errorf("%v: default %q of %s: %s", n, text, v, wrong)
			}
		}
		for _, e := range k.kind {
			if !slices.Contains(kinds, e.fact) {
				t.Errorf("%v: type %q", n, e.fact)
			}
		}
		for _, s := range k.in {
			if s.from > s.to {
				t.Errorf("%v: from %s to %s", n, s.from, s.to)
			}
		}
	}
}

// kinds are the types of Kafka's ConfigDef.
var kinds = []string{"boolean", "int", "long", "short", "double", "string", "list", "class", "password"}

// Every row is about a key, says what it means and where that was read, and points to names that are keys.
func TestRows(t *testing.T) {
	t.Parallel()
	if len(rowsByName()) != len(rows) {
		t.Errorf("%d rows have %d names: one stands twice", len(rows), len(rowsByName()))
	}
	for i := range rows {
		w := &rows[i]
		name := string(w.part) + "." + w.name
		f := familyOf(w.client)
		if findKey(f, tablePart(w.part), w.name) == nil {
			t.Errorf("%s is no key of %s", name, w.client)
		}
		if (w.doc == "" || isKafkas(w.part) && w.part != Features && w.source == "") && w.java == "" && w.part != Downstream {
			t.Errorf("%s: no meaning or no source", name)
		}
		if w.server != "" && findKey(javaKeys, Broker, w.server) == nil {
			t.Errorf("%s: the servers have no %s", name, w.server)
		}
		for client, history := range w.libraries {
			if withoutFiles(client) {
				continue
			}
			own := findKey(familyOf(client), tablePart(w.part), w.name) // a table of its own has the newest release
			newest, _ := own.valueAt(model.Newest)
			if got := libraryDefault(history, client.NewestRelease()); !strings.Contains(history, " ; ") || got != newest {
				t.Errorf("%s: %s has %q in a table of its own, and %q here", name, client, newest, got)
			}
		}
		k := findKey(f, tablePart(w.part), w.name)
		for _, p := range w.prices {
			if p.Cost.Text == "" || p.Cost.Source == "" {
				t.Errorf("%s=%s: a price without words or source", name, p.Value)
			}
			if wrong := k.check(WordFor(w.client, name, p.Value), model.Newest); wrong != "" && w.client == model.Java {
				t.Errorf("%s=%s: %s", name, p.Value, wrong)
			}
		}
	}
}

// The table of keys was made from every release that kcheck accepts; keytable makes it.
func TestKeyTableHasEveryRelease(t *testing.T) {
	t.Parallel()
	has := tableReleases()
	for _, v := range model.Released() {
		if !slices.Contains(has, v.String()) {
			t.Errorf("the key table has no Kafka %s; run go run ./model/kafkaconf/keytable", v)
		}
	}
	for _, s := range has {
		if v, err := model.ParseVersion(s); err != nil || v.String() != s {
			t.Errorf("the key table has Kafka %s, which package model does not know", s)
		}
	}
}

// Every setting that the model reads is listed as modelled, so that kcheck explain tells the truth.
func TestReadIsModelled(t *testing.T) {
	t.Parallel()
	for _, client := range []string{"java-" + model.Newest.String(), "java-0.8.2", "scala-0.8", "librdkafka", "sarama", "kafka-go", "franz-go"} {
		kafka := map[bool]string{true: "0.8", false: model.Newest.String()}[strings.Contains(client, "0.8")]
		r := loadSpec(t, "guarantee: order\nkafka: '"+kafka+"'\nproducer: {}\nconsumer: {}\ntopic: {}\nbroker: {}\napp: {producer-client: "+client+", consumer-client: "+client+", output: kafka}\n")
		for _, e := range r.Effective {
			d := (&resolver{kafka: r.Config.Kafka, producer: mustDialect(t, client), consumer: mustDialect(t, client)}).dialectOf(e.Part)
			f := d.family()
			k := keys()[keyName{f, tablePart(e.Part), e.Key}]
			if k == nil {
				t.Errorf("%s: %s is read and not a key", client, e.Name())
				continue
			}
			if s := newSetting(keyName{f, k.part, k.name}, k); s.Bearing != Modelled && s.Bearing != Checked {
				t.Errorf("%s: %s is read and %s", client, e.Name(), s.Bearing)
			}
		}
	}
}

func mustDialect(t *testing.T, name string) Dialect {
	d, err := ParseDialect(name)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Old and new names find each other.
func TestCounterparts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, want string }{
		{"queue.enqueue.timeout.ms", "scala-0.8: max.block.ms (java)"},
		{"max.block.ms", "java: queue.enqueue.timeout.ms (scala-0.8)"},
		{"request.required.acks", "librdkafka: acks (java), acks (librdkafka), request.required.acks (scala-0.8); scala-0.8: acks (java), acks (librdkafka)"},
		{"message.send.max.retries", "librdkafka: message.send.max.retries (scala-0.8), retries (java), retries (librdkafka); scala-0.8: retries (java), retries (librdkafka)"},
		{"producer.batch.num.messages", "librdkafka: batch.num.messages (scala-0.8), batch.size (java), batch.size (librdkafka); scala-0.8: batch.size (java), batch.size (librdkafka)"},
		{"flush.messages", "java: log.flush.interval.messages (broker)"},
		{"log.flush.interval.messages", "java: flush.messages (topic)"},
		{"consumer.auto.commit.enable", "librdkafka: auto.commit.enable (scala-0.8), enable.auto.commit (java), enable.auto.commit (librdkafka); scala-0.8: enable.auto.commit (java), enable.auto.commit (librdkafka)"},
		{"no.such.thing", ""},
	} {
		var got []string
		for _, s := range Lookup(test.name) {
			got = append(got, s.Client.String()+": "+strings.Join(s.Counterparts, ", "))
		}
		if strings.Join(got, "; ") != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, strings.Join(got, "; "), test.want)
		}
	}
	if got := Suggest("min.insinc.replicas"); got != "min.insync.replicas" {
		t.Error(got)
	}
}

// What list settings shows: each version has the settings of its time.
func TestSettingsByVersion(t *testing.T) {
	t.Parallel()
	has := func(v model.Version, part Part, name string) bool {
		for _, s := range Settings(v) {
			if s.Part == part && s.Name == name {
				return true
			}
		}
		return false
	}
	for _, test := range []struct {
		version model.Version
		part    Part
		name    string
		want    bool
	}{
		{model.V0_8, Producer, "queue.enqueue.timeout.ms", true}, {model.V0_10, Producer, "queue.enqueue.timeout.ms", false},
		{model.V2_0, Producer, "delivery.timeout.ms", false}, {model.V2_1, Producer, "delivery.timeout.ms", true},
		{model.V3_9, Broker, "zookeeper.connect", true}, {model.V4_0, Broker, "zookeeper.connect", false},
		{model.V4_1, Producer, "transaction.two.phase.commit.enable", true}, {model.V4_0, Producer, "transaction.two.phase.commit.enable", false},
		{model.V4_1, App, "commit", true}, {model.V4_1, Features, "transaction.version", true},
	} {
		if got := has(test.version, test.part, test.name); got != test.want {
			t.Errorf("%s %s.%s: %v", test.version, test.part, test.name, got)
		}
	}
	if n := len(ClientSettings(mustDialect(t, "sarama"))); n < 10 || n > 20 {
		t.Errorf("sarama has %d settings", n)
	}
	if n := len(ClientSettings(mustDialect(t, "librdkafka"))); n < 200 {
		t.Errorf("librdkafka has %d settings", n)
	}
}
