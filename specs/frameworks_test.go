package specs_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// frameworkGuarantees are the columns of the table of frameworks.
var frameworkGuarantees = []string{"at-least-once", "at-most-once", "no-duplicate-in-log"}

// frameworkWay is a framework as the table has it: with its defaults, or in a way that a spec can choose.
type frameworkWay struct {
	framework string // as app.framework names it
	way       string // in words; "" for its defaults
	producer  string // what the spec says of the producer
	app       string // what else it says of the application
}

// otherWays are the ways of frameworks beside their defaults.
var otherWays = []frameworkWay{
	{framework: "spring-kafka:2.4", way: "before 2.5"},
	{framework: "spring-cloud-stream:4.3", way: "before 5.0.2"},
	{framework: "kafka-connect-source", way: "exactly.once.source.support", producer: "transactional.id: t"},
	{framework: "kafka-streams", way: "exactly_once_v2", producer: "transactional.id: t"},
	{framework: "alpakka", way: "Transactional.source", producer: "transactional.id: t", app: "output: kafka"},
	{framework: "flink-sink", way: "AT_LEAST_ONCE", app: "send: wait"},
	{framework: "flink-sink", way: "EXACTLY_ONCE, 15 minutes", producer: "transactional.id: t, transaction.timeout.ms: 900000"},
	{framework: "flink-sink", way: "EXACTLY_ONCE", producer: "transactional.id: t"},
}

// frameworkWays are the rows of the table.
func frameworkWays() []frameworkWay {
	var rows []frameworkWay
	for _, f := range kafkaconf.Frameworks() {
		rows = append(rows, frameworkWay{framework: f.Name})
		for _, w := range otherWays {
			if name, _, _ := strings.Cut(w.framework, ":"); name == f.Name {
				rows = append(rows, w)
			}
		}
	}
	return rows
}

// messages is how many messages are followed: where outputs go to Kafka one, since the standard budget with two takes
// minutes there.
func (w frameworkWay) messages() int {
	if w.framework == "kafka-streams" || w.framework == "flink-sink" || strings.Contains(w.app, "output: kafka") {
		return 1
	}
	return 2
}

// request asks for the guarantees under the standard budget.
func (w frameworkWay) request(guarantees ...string) kafkaconf.Request {
	app := "framework: \"" + w.framework + "\""
	if w.app != "" {
		app += ", " + w.app
	}
	text := fmt.Sprintf("guarantee: [%s]\nproducer: {%s}\nconsumer: {}\napp: {%s}\nfaults: standard\nscope: {messages: %d}\n",
		strings.Join(guarantees, ", "), w.producer, app, w.messages())
	return kafkaconf.Request{Files: []string{"framework.yaml"}, ReadFile: func(string) ([]byte, error) { return []byte(text), nil }}
}

// frameworkTable is the part of README.md about frameworks.
func frameworkTable(t *testing.T) string {
	t.Helper()
	var table strings.Builder
	table.WriteString(frameworkIntro)
	fmt.Fprintf(&table, "| framework | way | messages | %s |\n|---|---|---|%s\n", strings.Join(frameworkGuarantees, " | "), strings.Repeat("---|", len(frameworkGuarantees)))
	for _, w := range frameworkWays() {
		report, err := verdict.CheckFiles(context.Background(), w.request(frameworkGuarantees...), verdict.Options{Unexplained: true})
		if err != nil {
			t.Errorf("%s %s: %v", w.framework, w.way, err)
			continue
		}
		cells := []string{w.framework, w.way, fmt.Sprint(w.messages())}
		for i := range report.Results {
			r := &report.Results[i]
			cells = append(cells, strings.TrimSuffix(fmt.Sprintf("%s: %s", r.Verdict, faultWords(r.Faults)), ": "))
		}
		fmt.Fprintf(&table, "| %s |\n", strings.Join(cells, " | "))
	}
	return table.String()
}

const frameworkIntro = `
## Frameworks

What each framework of ` + "`kcheck list frameworks`" + ` comes to with its own defaults, with the newest Kafka and the ` + "`standard`" + `
budget: any two of the ordinary faults. Behind a violated guarantee are the faults that break it. What a
framework sets, and what kcheck does not follow of it, is in ` + "`kcheck explain NAME`" + `.

`

// BenchmarkFrameworks measures what a verdict about each framework costs.
func BenchmarkFrameworks(b *testing.B) {
	for _, w := range frameworkWays() {
		for _, guarantee := range frameworkGuarantees {
			name := strings.NewReplacer(" ", "-", ",", "", ":", "-").Replace(strings.TrimSuffix(w.framework+"/"+w.way, "/") + "/" + guarantee)
			b.Run(name, func(b *testing.B) {
				for b.Loop() {
					if _, err := verdict.CheckFiles(context.Background(), w.request(guarantee), verdict.Options{Unexplained: true}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
