package kafkaconf_test

import (
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/model/kafkaconf"
)

// A producer's own file, asked about as it is: what Kafka makes of it, and where each value comes from.
func Example() {
	files := map[string]string{"producer.properties": "bootstrap.servers=a:9092\nacks=1\n"}
	resolved, err := kafkaconf.Load(kafkaconf.Request{
		Files:    []string{"producer.properties"},
		Kafka:    "3.9",
		ReadFile: func(name string) ([]byte, error) { return []byte(files[name]), nil },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(resolved.Guarantees)
	for _, e := range resolved.Effective[:5] {
		fmt.Println(strings.TrimSpace(fmt.Sprintln(e.Name(), "=", e.Value, "|", e.Source, e.Why)))
	}
	fmt.Println(resolved.Notes[0])
	// Output:
	// [at-least-once at-most-once]
	// producer.acks = 1 | producer.properties:2:1
	// producer.bootstrap.servers = a:9092 | producer.properties:1:1
	// producer.delivery.timeout.ms = 120000 | default of 3.9
	// producer.enable.idempotence = false | default of 3.9 switched off by acks=1
	// producer.max.block.ms = 60000 | default of 3.9
	// idempotence is off: the client switches it off silently because of acks=1 (enable.idempotence was not set)
}
