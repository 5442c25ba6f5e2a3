package verdict

import (
	"testing"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// TestBecauseIsComplete checks that every action has its settings, and nothing else has.
func TestBecauseIsComplete(t *testing.T) {
	known := map[string]bool{}
	for _, a := range model.Actions() {
		known[a.Name] = true
		if _, ok := becauseOf[a.Name]; !ok {
			t.Errorf("becauseOf lacks %s", a.Name)
		}
	}
	for action, causes := range becauseOf {
		if !known[action] {
			t.Errorf("%s is no action", action)
		}
		for _, c := range causes {
			for _, name := range c.names {
				if len(kafkaconf.Lookup(name)) == 0 && name != "producer.max.retries" {
					t.Errorf("%s: no setting is called %s", action, name)
				}
			}
		}
	}
}

// TestBecauseNamesWhatWasRead checks that a step cites settings of the result by their own key, the decisive one first.
func TestBecauseNamesWhatWasRead(t *testing.T) {
	c := model.DefaultConfig()
	settings := []Setting{{Key: "broker.min.insync.replicas", Read: true}, {Key: "producer.acks", Read: true},
		{Key: "topic.min.insync.replicas"}}
	got := because(&Step{Action: "ProducerReceivesAck"}, &c, settings)
	if len(got) != 2 || got[0] != "producer.acks" || got[1] != "broker.min.insync.replicas" {
		t.Errorf("acks=all: %v", got)
	}
	c.Prod.Acks = model.AcksOne
	if got = because(&Step{Action: "ProducerReceivesAck"}, &c, settings); len(got) != 1 {
		t.Errorf("with acks=1 the in-sync set does not matter: %v", got)
	}
}
