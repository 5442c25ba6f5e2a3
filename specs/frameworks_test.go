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

// mostFrameworkStates is how many states a verdict about a framework may take: two cores explore as many in five seconds.
const mostFrameworkStates = 2_000_000

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

// request asks for the guarantees under the standard budget.
func (w frameworkWay) request(guarantees ...string) kafkaconf.Request {
	app := "framework: \"" + w.framework + "\""
	if w.app != "" {
		app += ", " + w.app
	}
	text := fmt.Sprintf("guarantee: [%s]\nproducer: {%s}\nconsumer: {}\napp: {%s}\nfaults: standard\nscope: {messages: 2}\n",
		strings.Join(guarantees, ", "), w.producer, app)
	return kafkaconf.Request{Files: []string{"framework.yaml"}, ReadFile: func(string) ([]byte, error) { return []byte(text), nil }}
}

// frameworkTable is the part of README.md about frameworks.
func frameworkTable(t *testing.T) string {
	t.Helper()
	var table strings.Builder
	table.WriteString(frameworkIntro)
	fmt.Fprintf(&table, "| framework | way | %s |\n|---|---|%s\n", strings.Join(frameworkGuarantees, " | "), strings.Repeat("---|", len(frameworkGuarantees)))
	for _, w := range frameworkWays() {
		report, err := verdict.CheckFiles(context.Background(), w.request(frameworkGuarantees...), verdict.Options{Unexplained: true})
		if err != nil {
			t.Errorf("%s %s: %v", w.framework, w.way, err)
			continue
		}
		cells := []string{w.framework, w.way}
		for i := range report.Results {
			r := &report.Results[i]
			if r.Stats.Distinct > mostFrameworkStates {
				t.Errorf("%s %s: %s takes %d states, more than %d", w.framework, w.way, r.Guarantee, r.Stats.Distinct, mostFrameworkStates)
			}
			cells = append(cells, strings.TrimSuffix(fmt.Sprintf("%s: %s", r.Verdict, faultWords(r.Faults)), ": "))
		}
		fmt.Fprintf(&table, "| %s |\n", strings.Join(cells, " | "))
	}
	return table.String()
}

const frameworkIntro = `
## Frameworks

What each framework of ` + "`kcheck list frameworks`" + ` comes to with its own defaults, with the newest Kafka, two messages and
the ` + "`standard`" + ` budget: any two of the ordinary faults. Behind a violated guarantee are the faults that break it. What a
framework sets, and what kcheck does not follow of it, is in ` + "`kcheck explain NAME`" + `.

`

// BenchmarkFrameworks measures what a verdict about each framework costs.
func BenchmarkFrameworks(b *testing.B) {
	for _, w := range frameworkWays() {
		for _, guarantee := range frameworkGuarantees {
			name := strings.NewReplacer(" ", "-", ",", "", ":", "-").Replace(strings.TrimSuffix(w.framework+"/"+w.way, "/") + "/" + guarantee)
			b.Run(name, func(b *testing.B) {
				for b.Loop() {
					report, err := verdict.CheckFiles(context.Background(), w.request(guarantee), verdict.Options{Unexplained: true})
					if err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(float64(report.Results[0].Stats.Distinct), "states")
				}
			})
		}
	}
}
