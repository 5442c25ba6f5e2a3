package verdict

import (
	"testing"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// TestCausesAreSettings checks that every key in a cause of the registry is a setting.
func TestCausesAreSettings(t *testing.T) {
	t.Parallel()
	for _, a := range model.Actions() {
		for _, key := range model.ActionNamed(a.Name).CauseKeys() {
			if len(kafkaconf.Lookup(key)) == 0 && key != "producer.max.retries" {
				t.Errorf("%s: no setting is called %s", a.Name, key)
			}
		}
	}
}

// TestBecauseNamesWhatWasRead checks that a step cites settings of the result by their own key, the decisive one first.
func TestBecauseNamesWhatWasRead(t *testing.T) {
	t.Parallel()
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
