package kafkaconf

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kcheck/kcheck/model"
)

// files is a small file system.
type files map[string]string

func (f files) read(name string) ([]byte, error) {
	text, found := f[filepath.ToSlash(name)]
	if !found {
		return nil, &fs.PathError{Op: "open", Path: name, Err: syscall.ENOENT}
	}
	return []byte(text), nil
}

// loadSpec loads a spec whose text is given, with --set flags.
func loadSpec(t *testing.T, text string, set ...string) *Resolved {
	t.Helper()
	resolved, problems := loadAll(Request{Files: []string{"s.yaml"}, Set: set, ReadFile: files{"s.yaml": text}.read})
	if resolved == nil {
		t.Fatalf("%s\n%s", text, problems.Error())
	}
	return resolved
}

// effective gives "value source" of a setting, "" when it is not listed.
func effective(r *Resolved, name string) string {
	for _, e := range r.Effective {
		if e.Name() == name {
			return e.Value + " | " + e.Source
		}
	}
	return ""
}

// The spec of the interface, word for word, loads and says what it says.
func TestInterfaceSpec(t *testing.T) {
	t.Parallel()
	r := loadSpec(t, `
about: acks=1 and the leader dies before a follower has the record   # what it teaches
kafka: "4.1"
guarantee: at-least-once            # or a list
counted: acked                      # acked | accepted | attempted
producer: {acks: 1, retries: 0}     # Kafka's own names in each part
topic: {replication.factor: 3, min.insync.replicas: 2}
broker: {}
controller: {}
consumer: {enable.auto.commit: false, auto.offset.reset: earliest}
downstream: {isolation.level: read_committed}
features: {eligible.leader.replicas.version: 1, transaction.version: 2}
app: {producer-client: java-4.1, consumer-client: java-4.1, send: callback, on-send-error: give-up, on-restart: forget,
  group: existing, process: inline, commit: after-processing, commit-offset: next, effect: plain, output: none,
  on-abort: rewind, transactional-id: per-instance, group-metadata: true, on-exception: rethrow}
model:
  replicate-from: page-cache
faults: {broker-crash: 1}
scope: {messages: 1}
expect: violated
`)
	want := model.Config{
		Kafka: model.V4_1.Last(), KRaft: true,
		Topic: model.TopicConfig{Replicas: 3, MinISR: 2, ELR: true},
		Prod: model.ProducerConfig{Version: model.V4_1.Last(), Acks: model.AcksOne, MaxInFlight: 5, DeliveryTimeout: true,
			QueueFull: model.QueueBlocksFails},
		Cons:  model.ConsumerConfig{Version: model.V4_1.Last(), StoreOffsets: true, DownstreamReadCommitted: true},
		App:   model.AppConfig{GroupMetadata: true, Attempts: 1, CommitOnRevoke: true},
		Txn:   model.TxnConfig{Version: 2, PartitionVerify: true},
		Scope: model.Scope{Messages: 1},
	}
	want.Faults[model.BrokerCrash] = 1
	got := r.Config
	got.B = model.Behaviours{}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if r.Counted != model.CountAcked || r.Expect["at-least-once"] != "violated" || !strings.HasPrefix(r.About, "acks=1 and") {
		t.Errorf("counted %v, expect %v, about %q", r.Counted, r.Expect, r.About)
	}
}

// Where values come from: files, flags, defaults of version and client, and assumptions about parts nobody gave.
func TestProvenance(t *testing.T) {
	t.Parallel()
	read := files{
		"d/s.yaml":       "kafka: 2.8\nguarantee: order\nproducer: p.properties\nbroker: {min.insync.replicas: '2'}\n",
		"d/p.properties": "# mine\nacks = all\nretries=5\nretries=7\n",
	}.read
	r, problems := loadAll(Request{Files: []string{"d/s.yaml"}, Set: []string{"producer.acks=0", "producer.acks=1", "consumer.isolation.level=read_committed"}, ReadFile: read})
	if r == nil {
		t.Fatal(problems)
	}
	for name, want := range map[string]string{
		"producer.acks":                     "1 | command line",
		"producer.retries":                  "7 | d/p.properties:4:1",
		"producer.enable.idempotence":       "false | default of 2.8",
		"broker.min.insync.replicas":        "2 | d/s.yaml:4:10",
		"topic.min.insync.replicas":         "",
		"broker.default.replication.factor": "1 | default of 2.8",
		"consumer.enable.auto.commit":       "false | assumed",
		"consumer.auto.offset.reset":        "earliest | assumed",
		"consumer.isolation.level":          "read_committed | command line",
		"topic.cleanup.policy":              "delete | default of 2.8",
		"app.producer-client":               "java-2.8 | assumed",
		"scope.messages":                    "2 | assumed",
	} {
		if got := effective(r, name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	wantProblem := "d/p.properties:4:1: retries: is given twice; this one counts, as in Java, and line 3 does not\n" +
		"d/s.yaml: broker.default.replication.factor: is not given, so that the brokers give a topic 1 replica; give the topic's description, or write topic.replication.factor"
	if problems.Error() != wantProblem || problems.Failed() || problems.Refused() {
		t.Errorf("got %q", problems.Error())
	}
}

// A part that is not given cannot be the cause; an empty part has Kafka's defaults; --set does not make a part given.
func TestPartsThatAreNotGiven(t *testing.T) {
	t.Parallel()
	none := loadSpec(t, "kafka: 2.8\nguarantee: order\n").Config
	if p := none.Prod; p.Acks != model.AcksAll || !p.Idempotent || p.MaxInFlight != 1 {
		t.Errorf("producer left out: %+v", p)
	}
	if c := none.Cons; c.AutoCommit != model.AutoCommitOff || c.Reset != model.ResetEarliest {
		t.Errorf("consumer left out: %+v", c)
	}
	empty := loadSpec(t, "kafka: 2.8\nguarantee: order\nproducer: {}\nconsumer: {}\n").Config
	if p := empty.Prod; p.Acks != model.AcksOne || p.Idempotent || p.MaxInFlight != 5 || p.Retries != model.Unlimited {
		t.Errorf("producer: {}: %+v", p)
	}
	if c := empty.Cons; c.AutoCommit != model.AutoCommitInPoll || c.Reset != model.ResetLatest || empty.App.Commit != model.CommitAuto {
		t.Errorf("consumer: {}: %+v", c)
	}
	set := loadSpec(t, "kafka: 2.8\nguarantee: order\n", "consumer.isolation.level=read_committed", "producer.acks=1").Config
	if set.Cons.AutoCommit != model.AutoCommitOff || set.Prod.Acks != model.AcksOne || set.Prod.Idempotent {
		t.Errorf("--set: %+v %+v", set.Cons, set.Prod)
	}
	old := loadSpec(t, "kafka: '0.8'\nguarantee: order\n").Config
	if old.Prod.Client != model.Scala08 || old.Prod.Acks != model.AcksAll || old.App.Send != model.SendWait || old.KRaft {
		t.Errorf("0.8: %+v", old)
	}
}

// Topic before server before default, under the server's own names; the controllers' file where they decide.
func TestTopicPrecedence(t *testing.T) {
	t.Parallel()
	const head = "guarantee: order\nkafka: "
	for _, test := range []struct {
		name, text string
		want       model.TopicConfig
	}{
		{"defaults of 0.10", "'0.10'", model.TopicConfig{Replicas: 3, MinISR: 1, UncleanElection: true, OldFormat: true}},
		{"defaults of 3.9", "'3.9'", model.TopicConfig{Replicas: 3, MinISR: 1}},
		{"the broker's names", "3.9\nbroker: {default.replication.factor: 2, min.insync.replicas: 2, log.flush.interval.messages: 1, log.cleanup.policy: 'compact,delete', unclean.leader.election.enable: true}",
			model.TopicConfig{Replicas: 2, MinISR: 2, FlushMessages: 1, UncleanElection: true}},
		{"the topic wins", "3.9\nbroker: {default.replication.factor: 1, min.insync.replicas: 2, unclean.leader.election.enable: true}\ntopic: {replication.factor: 5, min.insync.replicas: 3, unclean.leader.election.enable: false, cleanup.policy: [compact]}",
			model.TopicConfig{Replicas: 5, MinISR: 3, Compact: true}},
		{"KRaft controllers decide about unclean elections", "4.0\nbroker: {unclean.leader.election.enable: true, min.insync.replicas: 2}\ncontroller: {}",
			model.TopicConfig{Replicas: 1, MinISR: 2}},
		{"with ELR min.insync.replicas is the controllers' too", "4.1\nbroker: {min.insync.replicas: 2}\ncontroller: {}",
			model.TopicConfig{Replicas: 1, MinISR: 1, ELR: true}},
		{"controllers without a file have the brokers'", "4.1\nbroker: {default.replication.factor: 3, min.insync.replicas: 2}",
			model.TopicConfig{Replicas: 3, MinISR: 2, ELR: true}},
		{"an old message format", "2.8\ntopic: {message.format.version: 0.10.2}",
			model.TopicConfig{Replicas: 3, MinISR: 1, OldFormat: true}},
		{"which 3.0 ignores", "3.0\nbroker: {log.message.format.version: 0.10.2}",
			model.TopicConfig{Replicas: 1, MinISR: 1}},
		{"flush.ms alone is nothing", "3.9\ntopic: {flush.ms: 1000}", model.TopicConfig{Replicas: 3, MinISR: 1}},
	} {
		r := loadSpec(t, head+test.text)
		if diff := cmp.Diff(test.want, r.Config.Topic); diff != "" {
			t.Errorf("%s:\n%s", test.name, diff)
		}
	}
}

// KRaft from 3.3 unless the brokers know ZooKeeper.
func TestControllers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"3.0": false, "3.6": true, "4.1": true,
		"3.6\nbroker: {zookeeper.connect: 'z:2181'}":                        false,
		"3.9\nbroker: {zookeeper.connect: 'z:2181', process.roles: broker}": true,
	} {
		if got := loadSpec(t, "guarantee: order\nkafka: "+text).Config.KRaft; got != want {
			t.Errorf("%s: KRaft is %v", text, got)
		}
	}
}

// Files without a spec: which part each is, and the default guarantees.
func TestConfigurationFiles(t *testing.T) {
	t.Parallel()
	read := files{
		"server.properties": "process.roles=broker\nnode.id=1\nmin.insync.replicas=2\ndefault.replication.factor=3\nlistener.name.x.ssl.y=1\n",
		"c.properties":      "process.roles=controller\nnode.id=2\n",
		"app.properties":    "bootstrap.servers=x:1\nacks=0\n",
		"in.properties":     "bootstrap.servers=x:1\ngroup.id=g\nenable.auto.commit=true\n",
	}.read
	r, problems := loadAll(Request{Files: []string{"server.properties", "c.properties", "app.properties", "in.properties"}, ReadFile: read})
	if r == nil || len(problems) > 0 {
		t.Fatal(problems)
	}
	c := r.Config
	if c.Topic.MinISR != 1 || c.Prod.Acks != model.AcksNone || c.Cons.AutoCommit != model.AutoCommitInPoll {
		t.Errorf("%+v", c)
	}
	if diff := cmp.Diff([]string{"at-least-once", "at-most-once"}, r.Guarantees); diff != "" {
		t.Error(diff)
	}
	if got := effective(r, "producer.acks"); got != "0 | app.properties:2:1" {
		t.Error(got)
	}
}

// A flag that changes the question makes expect void.
func TestExpect(t *testing.T) {
	t.Parallel()
	const spec = "guarantee: [order, at-least-once]\nexpect: {order: holds}\n"
	if r := loadSpec(t, spec); r.Expect["order"] != "holds" || len(r.Expect) != 1 {
		t.Error(r.Expect)
	}
	read := files{"s.yaml": spec}.read
	for _, q := range []Request{{Kafka: "3.9"}, {Messages: "1"}, {Faults: "none"}, {Counted: "acked"}, {Guarantees: []string{"order"}}, {Set: []string{"producer.acks=1"}}} {
		q.Files, q.ReadFile = []string{"s.yaml"}, read
		if r, problems := loadAll(q); r == nil || r.Expect != nil {
			t.Errorf("%+v: %v", q, problems)
		}
	}
}

// The sample files that ship with Kafka, without their comments, are read without a problem, each as what it is.
func TestSamples(t *testing.T) {
	t.Parallel()
	samples, _ := filepath.Glob("testdata/samples/*.properties")
	if len(samples) < 12 {
		t.Fatal("the samples are missing")
	}
	for _, file := range samples {
		base := strings.TrimSuffix(filepath.Base(file), ".properties")
		version, kind, _ := strings.Cut(base, "-")
		r, problems := loadAll(Request{Files: []string{file}, Kafka: version})
		if r == nil || len(problems.Only(Refusal)) > 0 {
			t.Errorf("%s: %v", file, problems)
			continue
		}
		for _, p := range problems {
			if p.Key == "broker.default.replication.factor" && p.Severity == Warning {
				continue // Kafka's samples leave it out
			}
			t.Errorf("%s: %s", base, p)
		}
		want := map[string]Part{"producer": Producer, "consumer": Consumer, "kraft-controller": Controller, "controller": Controller}[kind]
		if want == "" {
			want = Broker
		}
		for _, e := range r.Effective {
			if e.Given && e.Part != want {
				t.Errorf("%s: %s is taken for a setting of the %s", base, e.Key, e.Part)
			}
		}
		if newest, problems := loadAll(Request{Files: []string{file}}); newest == nil || problems.Refused() {
			t.Errorf("%s read for the newest Kafka: %v", base, problems)
		}
	}
}

// What kcheck init writes can be checked, and asks the same of Kafka as the files that it was made from.
func TestInitSpec(t *testing.T) {
	t.Parallel()
	fs := files{
		"p.properties":      "bootstrap.servers=x:1\nacks=1\ntransactional.id=\nclient.id=a b\n",
		"server.properties": "process.roles=broker\nmin.insync.replicas=2\nlog.dirs=/x: y\n",
	}
	text, problems := InitSpec(Request{Files: []string{"p.properties", "server.properties"}, Kafka: "3.9", ReadFile: fs.read}, ".")
	if problems.Failed() {
		t.Fatal(problems)
	}
	for _, want := range []string{"files:\n  - p.properties\n  - server.properties\n", "# consumer: {}", `kafka: "3.9"`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "acks") || strings.Contains(text, "min.insync") {
		t.Errorf("a value of a file is copied:\n%s", text)
	}
	fs["s.yaml"] = text
	r, problems := loadAll(Request{Files: []string{"s.yaml"}, ReadFile: fs.read})
	if r == nil {
		t.Fatal(problems)
	}
	if r.Config.Prod.Acks != model.AcksOne || r.Config.Topic.MinISR != 2 || r.Config.Kafka != model.V3_9.Last() {
		t.Errorf("%+v", r.Config)
	}
	if template, problems := InitSpec(Request{}, "."); len(problems) > 0 || loadSpec(t, template) == nil {
		t.Errorf("the template: %v", problems)
	}
}

// loadAll is Load with everything that is wrong, whether there is a result or not.
func loadAll(request Request) (*Resolved, Problems) {
	r, err := Load(request)
	return r, ProblemsOf(r, err)
}

// What cannot be read is an error that has all problems; warnings and refusals are part of the result.
func TestLoadError(t *testing.T) {
	t.Parallel()
	read := files{"bad": "guarantee: ordr\nproducer: {acks: 7}\n", "warned": "guarantee: order\nproducer: {acks: 7}\n"}.read
	r, err := Load(Request{Files: []string{"bad"}, ReadFile: read})
	var failed *LoadError
	if r != nil || !errors.As(fmt.Errorf("checking: %w", err), &failed) || len(failed.Problems) != 2 || !failed.Problems.Failed() {
		t.Errorf("%v, %v", r, err)
	}
	r, err = Load(Request{Files: []string{"warned"}, ReadFile: read})
	if err != nil || r == nil || len(r.Problems) != 1 || len(r.Refused) != 1 {
		t.Errorf("%v, %v", r, err)
	}
}

// A spec that kcheck init writes has room for every key of the application.
func TestInitSpecHasAllOfApp(t *testing.T) {
	t.Parallel()
	for _, row := range append(slices.Clone(appRows), shareRows...) {
		if row.part == App && !slices.ContainsFunc(initApp, func(line [3]string) bool { return line[0] == row.name }) {
			t.Errorf("app.%s would be dropped", row.name)
		}
	}
}
