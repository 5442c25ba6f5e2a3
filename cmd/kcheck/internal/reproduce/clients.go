package reproduce

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// notForPlayer are settings of a client that the player decides itself: where the brokers are, and times, which run out
// only when a step says so. Values are not compressed, so that the proxies find messages in requests.
var notForPlayer = []string{"bootstrap.servers", "client.id", "group.id", "key.serializer", "value.serializer",
	"key.deserializer", "value.deserializer", "delivery.timeout.ms", "request.timeout.ms", "max.block.ms", "linger.ms",
	"batch.size", "buffer.memory", "auto.commit.interval.ms", "session.timeout.ms", "max.poll.interval.ms",
	"fetch.min.bytes", "fetch.max.wait.ms", "default.api.timeout.ms", "metadata.max.age.ms", "compression.type",
	"transactional.id", "transaction.timeout.ms", "queue.buffering.max.ms", "queue.buffering.max.messages", "batch.num.messages"}

// clientSettings are the settings of a client as the result lists them for a part, with what the player needs.
func (rp *replay) clientSettings(part, name string, more map[string]string) map[string]string {
	all := map[string]string{}
	for k, v := range rp.settings {
		if key, ok := strings.CutPrefix(k, part+"."); ok && !slices.Contains(notForPlayer, key) && v != "" {
			all[key] = v
		}
	}
	maps.Copy(all, map[string]string{"bootstrap.servers": rp.cluster.Bootstrap(), "client.id": name, "retry.backoff.ms": "50",
		"reconnect.backoff.ms": "20", "reconnect.backoff.max.ms": "100"})
	if rp.scala() {
		delete(all, "reconnect.backoff.ms")
		delete(all, "reconnect.backoff.max.ms")
	}
	maps.Copy(all, more)
	return all
}

// Sizes, in bytes, of what fills a producer up or a topic refuses.
const (
	smallBuffer = 65536 // buffer.memory where the trace fills it
	refusedSize = 4096  // a record that is too large for the topic
)

// producerTimes are the timeouts of the producer: short where the trace has them run out, else so long that they do not.
func (rp *replay) producerTimes() map[string]string {
	if rp.scala() {
		return rp.scalaProducer()
	}
	times := map[string]string{
		"request.timeout.ms": "600000", "delivery.timeout.ms": "900000", "max.block.ms": "600000",
		"linger.ms": "0", "batch.size": "1", "retry.backoff.max.ms": "100",
	}
	if rp.has("RequestTimesOut", "RequestIsDelayed", "OutputIsLate", "EndTxnIsLate") {
		times["request.timeout.ms"] = "3000"
	}
	if rp.has("ProducerGivesUp", "OutputExpires") || rp.givenUpAtOnce() {
		times["request.timeout.ms"], times["delivery.timeout.ms"] = "2500", "6000"
	}
	if rp.has("OutputIsLate") {
		times["request.timeout.ms"], times["delivery.timeout.ms"] = "2500", "2600"
	}
	if rp.has("SendMeetsFullQueue") {
		times["max.block.ms"], times["buffer.memory"] = "8000", strconv.Itoa(smallBuffer)
	}
	return times
}

// consumerTimes are the timeouts of a consumer, which do not run out, and the pauses of its requests, which are short.
func (rp *replay) consumerTimes() map[string]string {
	return map[string]string{
		"group.id": rp.app.group, "fetch.max.wait.ms": "50", "session.timeout.ms": "60000", "heartbeat.interval.ms": "500",
		"max.poll.interval.ms": "600000",
	}
}

// givenUpAtOnce says that the trace has a message fail with its connection although it may be sent again: its time runs out
// in the same step.
func (t *trace) givenUpAtOnce() bool {
	if t.settings["producer.retries"] == "0" || t.scala() {
		return false
	}
	return slices.ContainsFunc(t.steps, func(s verdict.Step) bool {
		if s.Action != "RequestIsLost" && s.Action != "ResponseIsLost" {
			return false
		}
		return slices.ContainsFunc(phaseChanges(&s), func(c phaseChange) bool { return c.to == model.Failed.String() })
	})
}

// Steady says whether a random run can be played whatever the machine's pace: the producer's time does not run out in it.
func Steady(r *verdict.Result) bool {
	return !(&trace{steps: r.Steps}).givenUpAtOnce()
}
