package reproduce

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// application is what stands around the clients: a producing process and a consuming one, which the player can kill.
type application struct {
	group     string
	producer  *player
	producers int // how many there have been
	consumer  *player
	consumers int
	known     bool // the present consumer has a position
	position  int
	buffer    []record       // polled ahead of the trace
	hand      []string       // polled and not processed
	old       []string       // in the hands of a member that has lost the partition
	once      bool           // an effect that is keyed by message: a second time changes nothing
	processed map[string]int // how often each message was processed
	sequence  []string       // messages in the order of their first processing
	members   []*player      // members that have lost the partition and still work
}

// record is one record that a poll returned.
type record struct {
	message string
	offset  int
}

// callLimit bounds how long a call of a client may take.
const callLimit = 30 * time.Second

// producerName and consumerName name the present clients.
func (a *application) producerName() string { return fmt.Sprintf("%s-%d", producerID, a.producers) }
func (a *application) consumerName() string { return fmt.Sprintf("%s-%d", consumerID, a.consumers) }

// bootstrap is where clients ask for the cluster first.
func (x *run) bootstrap() string { return x.c.proxies[link{clientLink, serviceNode}].addr() }

// clientSettings are the settings of a part as the result lists them, with what the player needs.
func (x *run) clientSettings(part string, skip []string, more map[string]string) []string {
	all := map[string]string{}
	for k, v := range x.settings {
		if key, ok := strings.CutPrefix(k, part+"."); ok && !slices.Contains(skip, key) && v != "" {
			all[key] = v
		}
	}
	for k, v := range more {
		all[k] = v
	}
	var pairs []string
	for _, k := range sortedKeys(all) {
		pairs = append(pairs, k+"="+all[k])
	}
	return pairs
}

// notForPlayer are settings of a client that the player decides itself: where the brokers are, and times, which run out
// only when a step says so.
var notForPlayer = []string{"bootstrap.servers", "client.id", "group.id", "key.serializer", "value.serializer",
	"key.deserializer", "value.deserializer", "delivery.timeout.ms", "request.timeout.ms", "max.block.ms", "linger.ms",
	"batch.size", "buffer.memory", "auto.commit.interval.ms", "session.timeout.ms", "max.poll.interval.ms",
	"fetch.min.bytes", "fetch.max.wait.ms", "default.api.timeout.ms", "metadata.max.age.ms"}

// producerTimes are the timeouts of the producer: short where the trace has them run out, else so long that they do not.
func (x *run) producerTimes() map[string]string {
	times := map[string]string{
		"request.timeout.ms": "600000", "delivery.timeout.ms": "900000", "max.block.ms": "600000",
		"linger.ms": "0", "batch.size": "1", "retry.backoff.ms": "50", "retry.backoff.max.ms": "100",
		"reconnect.backoff.ms": "20", "reconnect.backoff.max.ms": "100",
	}
	if x.has("RequestTimesOut", "RequestIsDelayed", "OutputIsLate", "EndTxnIsLate") {
		times["request.timeout.ms"] = "3000"
	}
	if x.has("ProducerGivesUp", "OutputExpires") || x.givenUpAtOnce() {
		times["request.timeout.ms"], times["delivery.timeout.ms"] = "2500", "6000"
	}
	if x.has("OutputIsLate") {
		times["request.timeout.ms"], times["delivery.timeout.ms"] = "2500", "2600"
	}
	if x.has("SendMeetsFullQueue") {
		times["max.block.ms"], times["buffer.memory"] = "8000", strconv.Itoa(smallBuffer)
	}
	return times
}

// givenUpAtOnce says that the trace has a message fail with its connection although it may be sent again: its time runs out
// in the same step.
func (x *run) givenUpAtOnce() bool {
	if r := x.settings["producer.retries"]; r == "0" {
		return false
	}
	return slices.ContainsFunc(x.steps, func(s verdict.Step) bool {
		return (s.Action == "RequestIsLost" || s.Action == "ResponseIsLost") && slices.ContainsFunc(s.Changes, func(c verdict.Change) bool {
			return isNumbered(c.What, 'm') && c.After == "failed"
		})
	})
}

// Steady says whether a random run can be played whatever the machine's pace: the producer's time does not run out in it.
func Steady(r *verdict.Result) bool {
	return !(&run{steps: r.Steps, settings: map[string]string{}}).givenUpAtOnce()
}

// smallBuffer is buffer.memory where the trace fills it.
const smallBuffer = 65536

// startProducer gives the application a new producer, in a new process where the last one died.
func (x *run) startProducer(ctx context.Context) error {
	a := x.app
	if a.producer == nil || a.producer.gone() {
		p, err := x.c.players.take()
		if err != nil {
			return err
		}
		a.producer = p
	}
	a.producers++
	p := a.producer
	p.mu.Lock()
	p.listens = x.event
	p.mu.Unlock()
	more := x.producerTimes()
	more["bootstrap.servers"], more["client.id"] = x.bootstrap(), a.producerName()
	_, err := p.ask(ctx, callLimit, "producer", a.producerName(), x.clientSettings("producer", notForPlayer, more)...)
	return err
}

// warmUp lets the producer learn of the topic and connect to every broker, so that a send is one request.
func (x *run) warmUp(ctx context.Context) error {
	if _, err := x.app.producer.ask(ctx, callLimit, "partitions", x.app.producerName(), x.topic); err != nil {
		return err
	}
	for b := 1; b <= x.replicas; b++ {
		name := fmt.Sprintf("warm-%d-%d", x.app.producers, b)
		_, err := x.app.producer.ask(ctx, callLimit, "send", x.app.producerName(), x.c.warmTopic(b), "0", name, "1")
		if err != nil {
			return err
		}
		err = poll(ctx, stepLimit, "the producer to reach b"+strconv.Itoa(b), func() (bool, error) {
			_, failed, told := x.outcome(name)
			if failed != "" {
				return false, fmt.Errorf("%s", failed)
			}
			return told, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// send calls send for a message. It does not wait for more than the call to return.
func (x *run) send(ctx context.Context, m string) error {
	size := 1
	if x.ahead(isStep("SendIsRefused", m)) >= 0 {
		size = refusedSize
	}
	c := x.app.producer.tell("send", x.app.producerName(), x.topic, strconv.Itoa(int(x.partition)), valueOf(m), strconv.Itoa(size))
	select {
	case a := <-c:
		if a.err != nil {
			x.event(event{"failed", "", valueOf(m), a.err.Error()})
		}
	case <-time.After(200 * time.Millisecond): // it waits for metadata, or for the buffer
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// refusedSize is the size of a record that is too large for the topic.
const refusedSize = 4096

// startConsumer gives the group a new member, in a process of its own.
func (x *run) startConsumer(ctx context.Context) error {
	a := x.app
	p, err := x.c.players.take()
	if err != nil {
		return err
	}
	a.consumer, a.consumers = p, a.consumers+1
	a.buffer, a.known = nil, false
	more := map[string]string{
		"bootstrap.servers": x.bootstrap(), "client.id": a.consumerName(), "group.id": a.group,
		"fetch.min.bytes": "1", "fetch.max.wait.ms": "50", "session.timeout.ms": "60000", "heartbeat.interval.ms": "500",
		"max.poll.interval.ms": "600000", "auto.commit.interval.ms": "1", "retry.backoff.ms": "50",
		"reconnect.backoff.ms": "20", "reconnect.backoff.max.ms": "100", "request.timeout.ms": "600000",
		"default.api.timeout.ms": "600000", "metadata.max.age.ms": "3600000",
	}
	if x.has("PartitionIsAdded") {
		more["metadata.max.age.ms"] = "1000"
	}
	args := append([]string{x.topic, strconv.Itoa(int(x.partition)), "subscribe"},
		x.clientSettings("consumer", notForPlayer, more)...)
	_, err = p.ask(ctx, callLimit, "consumer", a.consumerName(), args...)
	return err
}

// pollOnce calls poll for a while and returns its records, and whether the member has the partition.
func (x *run) pollOnce(ctx context.Context, wait time.Duration) (records []record, assigned bool, err error) {
	text, err := x.app.consumer.ask(ctx, callLimit, "poll", x.app.consumerName(), strconv.Itoa(int(wait/time.Millisecond)))
	if err != nil {
		return nil, false, err
	}
	words := strings.Fields(text)
	if len(words) == 0 {
		return nil, false, nil
	}
	for _, w := range words[1:] {
		parts := strings.Split(w, "@")
		if len(parts) != 3 || parts[2] != strconv.Itoa(int(x.partition)) {
			continue
		}
		offset, err := strconv.Atoi(parts[1])
		if err != nil {
			return nil, false, err
		}
		records = append(records, record{strings.TrimPrefix(parts[0], "message-"), offset})
	}
	return records, words[0] != "0", nil
}

// process is the effect of processing a message.
func (a *application) process(m string) {
	if a.processed[m] == 0 {
		a.sequence = append(a.sequence, m)
	}
	if !a.once || a.processed[m] == 0 {
		a.processed[m]++
	}
}
