package verdict_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// deployed are the files that the service deploys. In a repository they are read with [os.ReadFile], which is what a
// request without ReadFile does.
var deployed = map[string]string{
	"producer.properties": "acks=all\nenable.idempotence=true\ndelivery.timeout.ms=120000\n",
	"topic.properties":    "replication.factor=3\nmin.insync.replicas=2\n",
	"consumer.properties": "enable.auto.commit=false\nauto.offset.reset=earliest\n",
}

// A service keeps "our configuration is at-least-once under one crash" as a Go test beside its code. With testing.T in
// place of the output, the error and the loop are the whole test:
//
//	for _, r := range report.Results {
//		if r.Exit() != verdict.ExitHolds {
//			t.Errorf("%s: %s", r.Guarantee, r.Headline)
//		}
//	}
func ExampleCheckFiles() {
	report, err := verdict.CheckFiles(context.Background(), kafkaconf.Request{
		PartFiles: map[kafkaconf.Part]string{
			kafkaconf.Producer: "producer.properties",
			kafkaconf.Topic:    "topic.properties",
			kafkaconf.Consumer: "consumer.properties",
		},
		Guarantees: []string{"at-least-once"},
		Faults:     "broker-crash=1,consumer-crash=1",
		Messages:   "1",
		ReadFile:   func(name string) ([]byte, error) { return []byte(deployed[name]), nil },
	}, verdict.Options{})

	if err != nil {
		fmt.Println(err)
	}
	for _, r := range report.Results {
		fmt.Printf("%s: %s, exit status %d\n", r.Guarantee, r.Verdict, r.Exit())
	}
	// Output:
	// at-least-once: holds, exit status 0
}

// When a change breaks the guarantee, the result says how, which setting it took and what each step rests on.
func ExampleCheckFiles_broken() {
	report, err := verdict.CheckFiles(context.Background(), kafkaconf.Request{
		PartFiles:  map[kafkaconf.Part]string{kafkaconf.Producer: "producer.properties"},
		Guarantees: []string{"at-least-once"},
		Faults:     "broker-crash=1",
		Messages:   "1",
		ReadFile:   func(string) ([]byte, error) { return []byte("acks=1\n"), nil },
	}, verdict.Options{})

	if err != nil {
		fmt.Println(err)
		return
	}
	r := report.Results[0]
	fmt.Println(r.Headline)
	for _, s := range r.Steps {
		if len(s.Settings) > 0 && strings.HasPrefix(s.Settings[0], "producer.") {
			fmt.Printf("step %d: %s (%s)\n", s.N, s.Text, s.Settings[0])
		}
	}
	for _, n := range r.Needed {
		fmt.Printf("without %s: %s\n", n.Fault, n.Verdict)
	}
	fmt.Println(r.Reproduce)
	// Output:
	// with acks=1 and one broker crash, message m1 was acknowledged and is in no log any more
	// step 3: the producer receives the acknowledgement of m1 (producer.acks)
	// without broker-crash: holds
	// kcheck check --producer producer.properties --guarantee at-least-once --faults broker-crash=1 --messages 1
}
