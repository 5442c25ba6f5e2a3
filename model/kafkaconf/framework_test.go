package kafkaconf

import (
	"slices"
	"strings"
	"testing"
)

// Every row of the table names a setting, with a value that the setting takes, and where that was read.
func TestFrameworkRows(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for i := range frameworks {
		f := &frameworks[i]
		if f.doc == "" || f.source == "" || len(f.settings) == 0 {
			t.Errorf("%s has no doc, no source or no setting", f.name)
		}
		for _, name := range append(f.aliases, f.name) {
			if names[name] || name == noFramework {
				t.Errorf("%s is the name of two frameworks", name)
			}
			names[name] = true
		}
		checkRows(t, f, f.name, f.settings)
		for _, m := range f.modes {
			if m.doc == "" {
				t.Errorf("%s, %s has no doc", f.name, m.name)
			}
			checkRows(t, f, f.name+", "+m.name, m.settings)
		}
		for _, n := range f.notes {
			if n.mode != "" && !slices.ContainsFunc(f.modes, func(m presetMode) bool { return m.name == n.mode }) {
				t.Errorf("%s: a note for %s, which is no mode", f.name, n.mode)
			}
		}
	}
}

func checkRows(t *testing.T, f *framework, where string, rows []presetRow) {
	t.Helper()
	for _, w := range rows {
		name := string(w.part) + "." + w.key
		d, err := ParseDialect("java-4.4")
		if err != nil {
			t.Fatal(err)
		}
		k := findKey(javaKeys, w.part, w.key)
		switch {
		case w.part == App && k == nil:
			t.Errorf("%s: %s is no key of the application", where, name)
		case w.part == App && strings.HasSuffix(w.key, "-client"):
			if _, err := ParseDialect(w.value); err != nil {
				t.Errorf("%s: %s: %v", where, name, err)
			}
		case w.part == App && k.check(w.value, d.Version) != "":
			t.Errorf("%s: %s: %s", where, name, k.check(w.value, d.Version))
		case w.part != App && !d.knows(w.part, w.key):
			t.Errorf("%s: %s is no setting of Kafka's", where, name)
		case w.part != App && k.check(w.value, d.Version) != "":
			t.Errorf("%s: %s: %s", where, name, k.check(w.value, d.Version))
		}
		for _, release := range strings.Split(w.releases, "..") {
			if _, ok := releaseNumbers(release); release != "" && (!ok || !slices.ContainsFunc(f.versions, func(v string) bool { return v == release || isOfLine(release, v) })) {
				t.Errorf("%s: %s: release %s is none of %v", where, name, release, f.versions)
			}
		}
		if w.source == "" {
			t.Errorf("%s: %s has no source", where, name)
		}
	}
}

// What each framework comes to where nobody says otherwise, in every version in which that differs, and in its modes.
func TestFrameworkValues(t *testing.T) {
	t.Parallel()
	const transactional = "producer: {transactional.id: t}\napp: {output: kafka, framework: "
	for framework, want := range map[string]map[string]string{
		"spring-kafka":              {"app.commit": "after-processing", "app.on-exception": "skip", "app.send": "callback", "consumer.enable.auto.commit": "false", "app.framework": "spring-kafka"},
		"spring-kafka:3.3":          {"app.commit": "after-processing", "app.on-exception": "skip"},
		"spring-kafka:2.2":          {"consumer.enable.auto.commit": "true", "app.commit": "auto", "app.on-exception": "skip", "app.attempts": "1"},
		"spring-cloud-stream":       {"producer.acks": "all", "app.send": "forget", "consumer.auto.offset.reset": "earliest", "app.on-exception": "skip"},
		"spring-cloud-stream:4.3":   {"producer.acks": "1", "producer.enable.idempotence": "false"},
		"spring-cloud-stream:5.0.1": {"producer.acks": "1"},
		"quarkus":                   {"producer.acks": "1", "producer.enable.idempotence": "false", "consumer.auto.offset.reset": "latest", "app.commit": "after-processing", "app.on-exception": "rethrow"},
		"smallrye":                  {"producer.acks": "1"},
		"micronaut":                 {"consumer.enable.auto.commit": "true", "app.commit": "auto", "consumer.auto.offset.reset": "latest", "app.on-exception": "skip", "app.send": "wait"},
		"alpakka":                   {"app.commit": "after-processing", "app.on-exception": "rethrow", "consumer.enable.auto.commit": "false"},
		"kafka-connect-sink":        {"app.commit": "after-processing", "consumer.auto.offset.reset": "earliest", "app.on-exception": "close"},
		"kafka-connect-source":      {"producer.acks": "all", "producer.enable.idempotence": "false", "producer.max.in.flight.requests.per.connection": "1", "app.on-send-error": "resend", "app.on-restart": "resend"},
		"kafka-streams":             {"app.commit": "after-processing", "consumer.enable.auto.commit": "false", "app.send": "wait", "app.output": "kafka"},
		"flink-sink":                {"app.output": "kafka", "app.send": "forget", "app.commit": "after-processing"},
		"flink-source":              {"app.commit": "after-processing", "consumer.auto.offset.reset": "earliest"},
		"mirrormaker-2":             {"producer.acks": "all", "producer.enable.idempotence": "false", "consumer.auto.offset.reset": "earliest", "app.on-restart": "resend"},
		"parallel-consumer":         {"app.commit": "after-processing", "consumer.enable.auto.commit": "false", "app.process": "parallel", "app.commit-position": "finished-prefix"},
		"faust":                     {"producer.acks": "all", "app.on-exception": "skip", "app.commit": "after-processing"},
	} {
		checkFramework(t, "guarantee: order\nproducer: {}\nconsumer: {}\napp: {framework: \""+framework+"\"}\n", want)
	}
	for framework, want := range map[string]map[string]string{
		"spring-kafka":        {"app.commit": "in-transaction", "app.transactional-id": "per-instance", "app.group-metadata": "true", "app.on-abort": "rewind", "app.on-exception": "skip", "app.attempts": "10"},
		"spring-kafka:2.5":    {"app.transactional-id": "per-partition", "app.group-metadata": "false"},
		"spring-cloud-stream": {"app.commit": "in-transaction"},
		"alpakka":             {"app.commit": "in-transaction", "app.transactional-id": "per-instance", "app.group-metadata": "false"},
		"kafka-streams":       {"app.commit": "in-transaction", "consumer.isolation.level": "read_committed", "app.transactional-id": "random", "producer.transaction.timeout.ms": "10000"},
		"faust":               {"app.commit": "in-transaction", "app.transactional-id": "per-partition", "app.group-metadata": "false"},
	} {
		checkFramework(t, "guarantee: order\nconsumer: {}\n"+transactional+"\""+framework+"\"}\n", want)
	}
	checkFramework(t, "guarantee: order\nconsumer: {}\nproducer: {transactional.id: t, transaction.timeout.ms: 900000}\napp: {framework: flink-sink}\n",
		map[string]string{"app.output": "kafka", "app.commit": "before-transaction", "app.transactional-id": "per-instance", "app.on-restart-transaction": "resume"})
	r, _ := loadAll(Request{Files: []string{"s.yaml"}, ReadFile: files{"s.yaml": "guarantee: order\nproducer: {transactional.id: t}\napp: {framework: flink-sink}\n"}.read})
	if r == nil || len(r.Refused) != 1 || r.Refused[0].Key != "producer.transaction.timeout.ms" {
		t.Errorf("Flink's transactions of an hour are not refused by brokers that allow 15 minutes: %v", r)
	}
	covered := map[string]bool{}
	for i := range frameworks {
		covered[frameworks[i].name] = true
	}
	if len(covered) != 13 {
		t.Errorf("%d frameworks: say what the new one comes to", len(covered))
	}
}

// checkFramework loads a spec and compares values, without their sources.
func checkFramework(t *testing.T, text string, want map[string]string) {
	t.Helper()
	r, problems := loadAll(Request{Files: []string{"s.yaml"}, ReadFile: files{"s.yaml": text}.read})
	if r == nil || len(r.Refused) > 0 {
		t.Errorf("%s: %v", text, problems)
		return
	}
	for name, value := range want {
		if got, _, _ := strings.Cut(effective(r, name), " | "); got != value {
			t.Errorf("%s: %s is %q, want %q", text, name, got, value)
		}
	}
}

// What counts is --set, then a file, the spec, the framework, the client and Kafka.
func TestFrameworkPrecedence(t *testing.T) {
	t.Parallel()
	read := files{
		"bare.yaml":          "guarantee: order\nproducer: {}\nconsumer: {}\napp: {framework: quarkus}\n",
		"spec.yaml":          "guarantee: order\nproducer: {acks: 0}\nconsumer: {}\napp: {framework: quarkus, on-exception: skip}\n",
		"p.properties":       "acks=all\n",
		"quarkus.properties": "mp.messaging.outgoing.p.topic=t\n",
		"own.properties":     "mp.messaging.outgoing.p.acks=0\n",
		"spring.properties":  "spring.kafka.consumer.group-id=g\n",
		"none.yaml":          "guarantee: order\nproducer: {}\napp: {framework: none}\n",
		"quarkus.yaml":       "guarantee: order\nproducer: {}\napp: {framework: \"quarkus:3.8\"}\n",
	}
	for _, test := range []struct {
		files       []string
		set         string
		name, value string
	}{
		{[]string{"none.yaml"}, "", "producer.acks", "all | default of 4.4"},
		{[]string{"bare.yaml"}, "", "producer.acks", "1 | quarkus 3"},
		{[]string{"bare.yaml"}, "", "producer.linger.ms", ""},
		{[]string{"bare.yaml"}, "", "producer.max.block.ms", "60000 | default of 4.4"},
		{[]string{"spec.yaml"}, "", "producer.acks", "0 | spec.yaml:2:12"},
		{[]string{"spec.yaml"}, "", "app.on-exception", "skip | spec.yaml:4:27"},
		{[]string{"bare.yaml", "p.properties"}, "", "producer.acks", "all | p.properties:1:1"},
		{[]string{"bare.yaml", "p.properties"}, "producer.acks=0", "producer.acks", "0 | command line"},
		{[]string{"bare.yaml"}, "producer.acks=all", "producer.acks", "all | command line"},
		{[]string{"bare.yaml"}, "app.on-exception=skip", "app.on-exception", "skip | command line"},
		{[]string{"quarkus.properties"}, "", "producer.acks", "1 | quarkus 3"},
		{[]string{"own.properties"}, "", "producer.acks", "0 | own.properties:1:1"},
		{[]string{"quarkus.yaml", "quarkus.properties"}, "", "producer.acks", "1 | quarkus 3.8"},
		{[]string{"p.properties"}, "app.framework=quarkus", "app.on-exception", "rethrow | quarkus 3"},
		{[]string{"p.properties"}, "", "app.on-exception", "rethrow | assumed"},
	} {
		request := Request{Files: test.files, ReadFile: read.read}
		if test.set != "" {
			request.Set = []string{test.set}
		}
		r, problems := loadAll(request)
		if r == nil {
			t.Errorf("%v: %v", test.files, problems)
			continue
		}
		if got := effective(r, test.name); got != test.value {
			t.Errorf("%v --set %q: %s is %q, want %q", test.files, test.set, test.name, got, test.value)
		}
	}
	for _, bad := range []struct {
		files []string
		set   string
		want  string
	}{
		{[]string{"quarkus.yaml", "spring.properties"}, "", `app.framework: is "quarkus:3.8", and spring.properties is for spring-kafka`},
		{[]string{"none.yaml", "spring.properties"}, "", `app.framework: is "none", and spring.properties is for spring-kafka`},
		{[]string{"p.properties"}, "app.framework=sping-kafka", "did you mean spring-kafka?"},
		{[]string{"p.properties"}, "app.framework=spring-kafka:7.0", `spring-kafka has no version "7.0"; write one of 1.3 2.0`},
		{[]string{"p.properties"}, "app.framework=kafka-streams:9.9", "unknown Kafka version"},
	} {
		request := Request{Files: bad.files, ReadFile: read.read}
		if bad.set != "" {
			request.Set = []string{bad.set}
		}
		r, problems := loadAll(request)
		if r != nil || !strings.Contains(problems.Error(), bad.want) {
			t.Errorf("%v --set %q: %v, want %q", bad.files, bad.set, problems, bad.want)
		}
	}
}
