package kafkaconf

import (
	"strings"

	"github.com/kcheck/kcheck/model"
)

// consumerSettings resolves the consumer's part, and that of the reader of the output topic.
func (r *resolver) consumerSettings(c *model.ConsumerConfig) {
	d := r.consumer
	c.Client, c.Version = d.Client, d.Version
	if r.shares() { // a KafkaShareConsumer has none of these settings
		return
	}
	c.Reset = r.reset(r.read(Consumer, "auto.offset.reset"))
	c.NewProtocol = r.read(Consumer, "group.protocol").is("consumer")
	c.Static = r.isStatic()
	c.ReadCommitted = r.read(Consumer, "isolation.level").is("read_committed")
	c.StoreOffsets = r.storesOnDelivery()
	c.AutoCommit = model.AutoCommitOff
	if r.read(Consumer, "enable.auto.commit").is("true") {
		c.AutoCommit = r.autoCommit(c.NewProtocol)
	}
	if output, found := r.values[App]["output"]; found && output.Text == "kafka" || r.given[Downstream] {
		c.DownstreamReadCommitted = r.read(Downstream, "isolation.level").is("read_committed")
	}
}

// isStatic says whether the consumer is a static member of its group: what its id is makes no difference.
func (r *resolver) isStatic() bool {
	s := r.peek(Consumer, "group.instance.id")
	if !s.given || s.text == "" {
		return false
	}
	r.read(Consumer, "group.instance.id")
	return true
}

// reset reads auto.offset.reset in the words of any client.
func (r *resolver) reset(s setting) model.AutoOffsetReset {
	switch strings.ToLower(s.text) {
	case "earliest", "smallest", "beginning":
		return model.ResetEarliest
	case "none", "error":
		return model.ResetNone
	}
	if strings.HasPrefix(s.text, "by_duration:") && r.consumer.Client == model.Java && r.consumer.Version >= model.V4_0 {
		r.problems.Add(Failure, s.at, s.name(), "by_duration is not modelled; check earliest and latest, between which it lies")
	}
	return model.ResetLatest
}

// autoCommit says where the library commits by itself. Java's classic consumer commits, within poll and close, what
// earlier polls returned; so do the new consumer since KAFKA-18641 (4.0), franz-go and kafka-python
// (coordinator/consumer.py, poll). The others have a timer.
func (r *resolver) autoCommit(newProtocol bool) model.AutoCommit {
	switch r.consumer.Client {
	case model.Java:
		if newProtocol && r.consumer.Version < model.V4_0 {
			return model.AutoCommitTimer
		}
		return model.AutoCommitInPoll
	case model.FranzGo, model.KafkaPython:
		return model.AutoCommitInPoll
	}
	return model.AutoCommitTimer
}

// storesOnDelivery says whether an offset counts as consumed when the message is handed out: librdkafka unless
// enable.auto.offset.store is false, the 0.8 Scala consumer, kafka-go's ReadMessage. sarama commits what the
// application marks, kafkajs what its loop has processed.
func (r *resolver) storesOnDelivery() bool {
	switch r.consumer.Client {
	case model.Librdkafka:
		return r.read(Consumer, "enable.auto.offset.store").is("true")
	case model.Sarama, model.KafkaJS:
		return false
	}
	return true
}
