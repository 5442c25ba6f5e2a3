package formats

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/model/kafkaconf/input"
)

// show writes a tree with the place of every key and scalar: {a@1:1: 1@1:4}.
func show(n *node) string {
	place := func(p Position) string { return fmt.Sprintf("@%d:%d", p.Line, p.Column) }
	switch n.kind {
	case mapping:
		var fields []string
		for _, f := range n.fields {
			fields = append(fields, f.key+place(f.at)+": "+show(f.value))
		}
		return "{" + strings.Join(fields, ", ") + "}"
	case sequence:
		var items []string
		for _, item := range n.items {
			items = append(items, show(item))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case null:
		return "null"
	}
	return n.text + place(n.at)
}

// The places of YAML and JSON, and what anchors, aliases and merge keys come to.
func TestTrees(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"yaml", "a:\n  b.c: 1\n  d: [x, 'y']\n", "{a@1:1: {b.c@2:3: 1@2:8, d@3:3: [x@3:7, y@3:10]}}"},
		{"numbers and booleans are texts", "a: 0.10\nb: True\nc: ~\n", "{a@1:1: 0.10@1:4, b@2:1: True@2:4, c@3:1: null}"},
		{"an anchor and its alias", "x: &x {a: 1}\ny: *x\n", "{x@1:1: {a@1:8: 1@1:11}, y@2:1: {a@1:8: 1@1:11}}"},
		{"a merge key counts where the mapping is silent", "x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  a: 3\n",
			"{x@1:1: {a@1:8: 1@1:11, b@1:14: 2@1:17}, y@2:1: {a@4:3: 3@4:6, b@1:14: 2@1:17}}"},
		{"json", "{\"a\": {\"b\": 1},\n\t\"ü\": [true, null], \"c\": \"x\\ny\"}", "{a@1:2: {b@1:8: 1@1:13}, ü@2:2: [true@2:8, null], c@2:21: x\ny@2:26}"},
	} {
		var root *node
		if input.IsJSON([]byte(test.text)) {
			root, _ = parseJSON("f", []byte(test.text))
		} else if documents, problems := parseYAML("f", []byte(test.text)); len(problems) == 0 && len(documents) == 1 {
			root = documents[0]
		}
		if root == nil || show(root) != test.want {
			t.Errorf("%s:\n got %v\nwant %s", test.name, root, test.want)
			if root != nil {
				t.Log(show(root))
			}
		}
	}
}

// What cannot be read is one problem with its place.
func TestBrokenTrees(t *testing.T) {
	for text, want := range map[string]string{
		"{\"a\": 1,\n \"b\" 2}":    `f:2:6: not valid JSON: invalid character '2' after object key`,
		`{"a": [1, 2`:              `f:1:11: not valid JSON: the file ends in the middle of the document`,
		`{"a": 1} {`:               `f:1:10: not valid JSON: invalid character '{' after top-level value`,
		`{"a": 1, "a": 2}`:         `f:1:15: not valid JSON: "a" is given twice in one object`,
		strings.Repeat("[", 100):   `not valid JSON`,
		"a: 1\nb: {c: *nothing}\n": "f:2:8: unknown alias *nothing",
		"a: 1\n  b: 2\n":           "f:1:", // what the YAML library says of it
		"a: {b: 1, b: 2}\n":        "f:1:",
		"a: &a [*a, *a]\n":         "f:1:",
		"a: &a [1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\n" +
			"e: &e [*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e]\ng: &g [*f,*f,*f,*f,*f,*f,*f,*f]\n": "aliases make this file larger than any configuration",
	} {
		var problems Problems
		if input.IsJSON([]byte(text)) {
			_, problems = parseJSON("f", []byte(text))
		} else {
			_, problems = parseYAML("f", []byte(text))
		}
		if len(problems) != 1 || !strings.Contains(problems.Error(), want) || strings.Contains(problems.Error(), "\n") {
			t.Errorf("%.40q:\n got %v\nwant %s", text, problems, want)
		}
	}
}

// What a file is taken for, by its content.
func TestRecognise(t *testing.T) {
	for text, want := range map[string]string{
		"acks=all\n":         Properties,
		"# only a comment\n": Properties,
		"Topic:orders\tPartitionCount:1\tReplicationFactor:3\tConfigs:\n": "kafka-topics --describe",
		"Configs for topic 'orders' are min.insync.replicas=2\n":          "kafka-configs --describe",
		"Default configs for brokers in the cluster are:\n":               "kafka-configs --describe",
		"---\n# x\napiVersion: kafka.strimzi.io/v1beta2\nkind: Kafka\n":   "Strimzi resources",
		"apiVersion: v1\nitems:\n- apiVersion: kafka.strimzi.io/v1\n":     "Strimzi resources",
		"server:\n  port: 1\nspring:\n  kafka: {}\nservices: x\n":         "Spring application.yml",
		"spring.kafka.producer.acks: all\n":                               "Spring application.yml",
		"spring.kafka.producer.acks = all\n":                              "Spring application.properties",
		"version: '3'\nservices:\n  kafka: {}\n":                          "docker-compose",
		"export KAFKA_NODE_ID=1\n":                                        "environment variables",
		"application.id=a\n":                                              "Kafka Streams configuration",
		"name=x\nconnector.class=X\n":                                     "Connect connector",
		"bootstrap.servers=x\nkey.converter=X\n":                          Worker,
		`{"name": "x", "config": {"connector.class": "X"}}`:               "Connect connector",
		`{"format_version": "1.2", "resource_changes": []}`:               "Terraform plan",
		`{"apiVersion": "kafka.strimzi.io/v1"}`:                           "Strimzi resources",
		`{"acks": "all"}`:                                                 JSON,
		"<xml/>":                                                          "",
		"apiVersion: v1\nkind: Pod\n":                                     Kubernetes,
		"apiVersion: v1\nkind: Secret\n":                                  "",
	} {
		if got := Recognise("f", []byte(text)); got != want {
			t.Errorf("%q: taken for %q, want %q", text, got, want)
		}
	}
}

// A list of settings whose values have commas, and the names of variables.
func TestNames(t *testing.T) {
	var got []string
	splitConfigs("cleanup.policy=compact,delete,min.insync.replicas=2, x.y=a=b", func(key, value string, offset int) {
		got = append(got, fmt.Sprint(key, " ", value, " ", offset))
	})
	if text := strings.Join(got, "|"); text != "cleanup.policy compact,delete 0|min.insync.replicas 2 30|x.y a=b 53" {
		t.Error(text)
	}
	for name, want := range map[string]string{"MIN_INSYNC_REPLICAS": "min.insync.replicas", "A__B": "a_b", "A___B": "a-b", "LISTENER_NAME_A___B_X": "listener.name.a-b.x"} {
		if got := dotted(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	for text, want := range map[string]string{"${A:x}": "x", "${A:${B:y}}": "y", "a${A}b": "a${A}b", "${A:}": "", "{a}": "{a}"} {
		if got := filledIn(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	for text, want := range map[string]string{"${A:-x}": "x", "${A-x}y": "xy", "$$A": "$A", "${A}": "${A}", "${A:?no}": "${A:?no}"} {
		if got := composed(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	for text, want := range map[string]string{"5s": "5000", "PT1M": "60000", "250": "250", "x": "x"} {
		if got := milliseconds(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// A setting in a text of a JSON document has the place where it is written.
func TestTextInJSON(t *testing.T) {
	const plan = `{"ü": 1, "planned_values": {"root_module": {"resources": [{"type": "aws_msk_configuration", "values": ` +
		`{"server_properties": "# \"x\" \u00fc\na.b=1\r\n\tmin.insync.replicas = 2"}}]}}}`
	s, problems := Read("f", []byte(plan), Options{})
	if problems.Failed() || len(s.Values) < 2 {
		t.Fatal(problems, s)
	}
	for _, v := range s.Values[:2] {
		if at := v.KeyAt; at.Line != 1 || !strings.HasPrefix(string([]rune(plan)[at.Column-1:]), v.Key) {
			t.Errorf("%s is said to stand at %s: %s", v.Key, at, string([]rune(plan)[at.Column-1:]))
		}
	}
}
