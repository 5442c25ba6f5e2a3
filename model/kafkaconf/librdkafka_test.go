package kafkaconf

import "testing"

// librdkafka compares words and booleans in any case, and takes of a number what strtol takes.
func TestLibrdkafkaValues(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"bootstrap.servers":"k:9092","security.protocol":"SASL_SSL","sasl.mechanisms":"PLAIN","acks":"ALL"}`: "producer.acks|all",
		`{"enable.auto.offset.store":"F","auto.offset.reset":"Earliest"}`:                                      "consumer.auto.offset.reset|earliest",
		`{"enable.auto.offset.store":"false","isolation.level":"READ_COMMITTED"}`:                              "consumer.isolation.level|read_committed",
		`{"enable.auto.offset.store":"false","enable.auto.commit":"t"}`:                                        "consumer.enable.auto.commit|true",
		`{"queue.buffering.max.messages":"0x10","message.send.max.retries":"3x"}`:                              "producer.message.send.max.retries|3",
		`{"request.required.acks":"1","debug":"+Broker,-topic"}`:                                               "producer.request.required.acks|1",
	} {
		r, problems := loadAll(Request{Files: []string{"f"}, ReadFile: files{"f": text}.read})
		if r == nil || len(problems) > 0 {
			t.Errorf("%s: %v", text, problems)
			continue
		}
		found := false
		for _, e := range r.Effective {
			found = found || e.Name()+"|"+e.Value == want
		}
		if !found {
			t.Errorf("%s: no %s in %+v", text, want, r.Effective)
		}
	}
	for _, text := range []string{
		`{"request.required.acks":"1","security.protocol":"SASL"}`,
		`{"acks":"1","enable.idempotence":"yes"}`,
		`{"request.required.acks":"1","debug":"broker,nothing"}`,
	} {
		if r, problems := loadAll(Request{Files: []string{"f"}, ReadFile: files{"f": text}.read}); r == nil || !problems.Refused() {
			t.Errorf("%s: %v", text, problems)
		}
	}
}
