package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/counterfactual"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// question is a spec in the form in which it is drawn and made smaller.
type question struct {
	kafka     string
	base      []string // part.key=value: what makes the application one kind or another
	sets      []string // part.key=value
	faults    []string // kind=number
	guarantee string
	counted   string
	messages  int
}

// bases are the kinds of systems that questions are about.
var bases = [][]string{
	{},
	{"topic.replication.factor=2"},
	{"topic.replication.factor=2", "producer.acks=1", "producer.enable.idempotence=false"},
	{"topic.replication.factor=1", "consumer.enable.auto.commit=true"},
	{"topic.replication.factor=1", "app.output=kafka", "producer.transactional.id=t"},
	{"topic.replication.factor=1", "app.output=kafka"},
	{"topic.replication.factor=2", "app.output=kafka", "producer.transactional.id=t"},
}

// maxSets is how many settings a question changes at most.
const maxSets = 4

// draw draws the n-th question of a seed. It may be one that Kafka refuses.
func draw(seed, n uint64) question {
	rng := rand.New(rand.NewPCG(seed, n))
	lines := model.Lines()
	all := invariants.All()
	q := question{
		kafka: lines[rng.IntN(len(lines))].String(), base: bases[rng.IntN(len(bases))],
		guarantee: all[rng.IntN(len(all))].Name, counted: model.Counted(rng.IntN(3)).String(), messages: 1 + rng.IntN(2),
	}
	names := model.FaultNames()
	for range 1 + rng.IntN(3) {
		number := "1"
		if rng.IntN(6) == 0 {
			number = "any"
		}
		if f := names[rng.IntN(len(names))] + "=" + number; !slices.Contains(q.faults, f) {
			q.faults = append(q.faults, f)
		}
	}
	if rng.IntN(4) == 0 {
		q.faults = append(q.faults, fmt.Sprintf("total=%d", 1+rng.IntN(2)))
	}
	for range 1 + rng.IntN(maxSets) {
		resolved, err := kafkaconf.Load(q.request())
		if err != nil || resolved == nil {
			break
		}
		if set := drawSet(rng, resolved); set != "" {
			q.sets = append(q.sets, set)
		}
	}
	return q
}

// drawSet draws another value of a setting that the model reads; half of the settings are those of the application.
func drawSet(rng *rand.Rand, resolved *kafkaconf.Resolved) string {
	app := rng.IntN(2) == 0
	var read []*kafkaconf.EffectiveSetting
	for i := range resolved.Effective {
		e := &resolved.Effective[i]
		if e.Read && (e.Part == kafkaconf.App) == app && e.Name() != "app.output" && e.Part != kafkaconf.Scope {
			read = append(read, e)
		}
	}
	if len(read) == 0 {
		return ""
	}
	e := read[rng.IntN(len(read))]
	values := counterfactual.Values(resolved, e)
	if len(values) == 0 {
		return ""
	}
	return e.Name() + "=" + values[rng.IntN(len(values))]
}

// request asks the question.
func (q *question) request() kafkaconf.Request {
	const name = "question.yaml"
	return kafkaconf.Request{Files: []string{name}, ReadFile: func(string) ([]byte, error) { return []byte(q.spec()), nil }}
}

// spec writes the question as a spec.
func (q *question) spec() string {
	parts := map[string][]string{}
	for _, set := range slices.Concat(q.base, q.sets) {
		name, value, _ := strings.Cut(set, "=")
		part, key, _ := strings.Cut(name, ".")
		// The last value of a key is the one that counts.
		parts[part] = slices.DeleteFunc(parts[part], func(line string) bool { return strings.HasPrefix(line, key+": ") })
		parts[part] = append(parts[part], fmt.Sprintf("%s: %q", key, value))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "kafka: %q\nguarantee: %s\ncounted: %s\n", q.kafka, q.guarantee, q.counted)
	for _, part := range []string{"producer", "topic", "broker", "controller", "consumer", "group", "downstream", "features", "app", "model"} {
		if len(parts[part]) > 0 {
			fmt.Fprintf(&b, "%s: {%s}\n", part, strings.Join(parts[part], ", "))
		}
	}
	faults := strings.ReplaceAll(strings.Join(q.faults, ", "), "=", ": ")
	fmt.Fprintf(&b, "faults: {%s}\nscope: {messages: %d}\n", faults, q.messages)
	return b.String()
}
