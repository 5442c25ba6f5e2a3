package reproduce

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/player"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/poll"
	"github.com/kcheck/kcheck/model"
)

// application is what stands around the clients: a producing process and a consuming one, which can be killed.
type application struct {
	group     string
	producer  *player.Player
	producers int          // how many there have been
	target    int          // whom a Scala producer takes for the leader
	broken    map[int]bool // brokers that have been down since a Scala producer was connected to them
	told      int          // how many changes of the leader a Java producer has been made to ask for, the first leader among them
	consumer  *player.Player
	consumers int
	known     bool                    // the present consumer has a position
	buffer    []player.Record         // polled ahead of the trace
	hand      []model.MessageID       // polled and not processed
	old       []model.MessageID       // in the hands of a member that has lost the partition
	once      bool                    // an effect that is keyed by message: a second time changes nothing
	processed map[model.MessageID]int // how often each message was processed
	sequence  []model.MessageID       // in the order of their first processing
	members   []*player.Player        // members that have lost the partition and still work
	sharers   map[model.Member]*sharer
	dead      int // records in the dead-letter queue of a share group
}

// producerName and consumerName name the present clients.
func (a *application) producerName() string { return fmt.Sprintf("%s-%d", producerID, a.producers) }
func (a *application) consumerName() string { return fmt.Sprintf("%s-%d", consumerID, a.consumers) }

// process is the effect of processing a message.
func (a *application) process(m model.MessageID) {
	if a.processed[m] == 0 {
		a.sequence = append(a.sequence, m)
	}
	if !a.once || a.processed[m] == 0 {
		a.processed[m]++
	}
}

// processNext processes the first of some messages and returns the others.
func (a *application) processNext(hand []model.MessageID) ([]model.MessageID, error) {
	if len(hand) == 0 {
		return nil, left("there is nothing to process")
	}
	a.process(hand[0])
	return hand[1:], nil
}

// place is the partition that the replay follows.
func (rp *replay) place() player.Place {
	return player.Place{Topic: rp.partition.Topic, Index: rp.partition.Index}
}

// startProducer gives the application a new producer, in a new process where the last one died.
func (rp *replay) startProducer(ctx context.Context) error {
	a := &rp.app
	if a.producer == nil || !a.producer.Running() {
		p, err := rp.players.Take(rp.event)
		if err != nil {
			return err
		}
		a.producer = p
	}
	a.producers++
	a.target, a.told, a.broken = 0, 1, map[int]bool{}
	return a.producer.Producer(ctx, a.producerName(), rp.clientSettings("producer", a.producerName(), rp.producerTimes()))
}

// warmUp lets the producer learn of the topic and connect to every node, so that a send is one request.
func (rp *replay) warmUp(ctx context.Context) error {
	a := &rp.app
	a.target = rp.leader()
	if rp.queues() {
		return nil // it learns of the topic when it sends
	}
	if err := a.producer.Partitions(ctx, a.producerName(), rp.partition.Topic); err != nil {
		return err
	}
	for _, b := range rp.cluster.IDs() {
		name := fmt.Sprintf("warm-%d-%d", a.producers, b)
		sent := a.producer.Send(a.producerName(), player.Place{Topic: rp.cluster.WarmTopic(b)}, name, 1)
		if answer := <-sent; answer.Err != nil {
			return answer.Err
		}
		err := poll.Until(ctx, stepLimit, "the producer to reach b"+strconv.Itoa(b), func() (bool, error) {
			o := rp.ofValue(name)
			return o.acked, o.err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// sendPause is how long a call of send is given to return; it may wait for metadata, or for the buffer.
const sendPause = 200 * time.Millisecond

// send calls send for a message. It does not wait for more than the call to return.
func (rp *replay) send(ctx context.Context, m model.MessageID) error {
	size := 1
	if rp.ahead(isStep("SendIsRefused", m)) >= 0 || rp.ahead(isStep("BatchIsRefused", m)) >= 0 {
		size = refusedSize
	}
	select {
	case a := <-rp.app.producer.Send(rp.app.producerName(), rp.place(), valueOf(m), size):
		if a.Err != nil {
			rp.set(valueOf(m), outcome{told: true, err: a.Err})
		}
	case <-time.After(sendPause):
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// startConsumer gives the group a new member, in a process of its own.
func (rp *replay) startConsumer(ctx context.Context) error {
	a := &rp.app
	p, err := rp.players.Take(rp.event)
	if err != nil {
		return err
	}
	a.consumer, a.consumers = p, a.consumers+1
	a.buffer, a.known = nil, false
	more := rp.consumerTimes()
	if rp.scala() {
		return p.Subscribe(ctx, a.consumerName(), rp.partition.Topic, rp.clientSettings("consumer", a.consumerName(), rp.scalaConsumer()))
	}
	more["fetch.min.bytes"], more["auto.commit.interval.ms"] = "1", "1"
	more["request.timeout.ms"], more["default.api.timeout.ms"], more["metadata.max.age.ms"] = "600000", "600000", "3600000"
	if rp.has("PartitionIsAdded") {
		more["metadata.max.age.ms"] = "1000"
	}
	return p.Subscribe(ctx, a.consumerName(), rp.partition.Topic, rp.clientSettings("consumer", a.consumerName(), more))
}

// pollOnce calls poll for a while and keeps the records of the partition in the buffer. It returns how many came, and whether
// the member has any partition.
func (rp *replay) pollOnce(ctx context.Context, wait time.Duration) (n int, assigned bool, err error) {
	a := &rp.app
	records, assigned, err := a.consumer.Poll(ctx, a.consumerName(), wait)
	for _, r := range records {
		if r.Partition == rp.partition.Index {
			a.buffer = append(a.buffer, r)
			n++
		}
	}
	return n, assigned, err
}

// member makes sure that the group has a member with the partition.
func (rp *replay) member(ctx context.Context) error {
	if rp.app.consumer == nil {
		if err := rp.startConsumer(ctx); err != nil {
			return err
		}
	}
	return rp.awaitThat(ctx, "the consumer to be given the partition", func() (bool, error) {
		_, assigned, err := rp.pollOnce(ctx, 20*time.Millisecond)
		return assigned, err
	})
}

// position asks the consumer for its position.
func (rp *replay) position(ctx context.Context) (int, error) {
	at, err := rp.app.consumer.Position(ctx, rp.app.consumerName(), rp.place())
	if err == nil && at < 0 {
		return 0, errNoPosition
	}
	return at, err
}

// none stands for no offset where Kafka has -1.
const none = -1

// committed is the group's committed offset.
func (rp *replay) committed(ctx context.Context) (int, error) {
	return rp.cluster.CommittedOffset(ctx, rp.app.group, rp.partition.Topic, rp.partition.Index)
}

// wantCommitted is the group's committed offset as the model says; not followed where the model has no consumer.
func (rp *replay) wantCommitted() (offset int, followed bool) {
	const name = "consumer.committed"
	if n, ok := rp.want.number(name); ok {
		return n, true
	}
	return none, rp.want.has(name)
}

// dropConsumer kills the consuming process and takes it out of the group, as its session timeout would.
func (rp *replay) dropConsumer(ctx context.Context) error {
	a := &rp.app
	if a.consumer == nil {
		return nil
	}
	a.consumer.Kill()
	a.consumer, a.known, a.buffer = nil, false, nil
	rp.breakConsumers()
	return rp.cluster.RemoveMembers(ctx, a.group)
}

func (rp *replay) breakConsumers() {
	rp.cluster.BreakClients(func(client string) bool { return strings.HasPrefix(client, consumerID) })
}
