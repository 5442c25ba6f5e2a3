package reproduce

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/player"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/poll"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/proxy"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// The Scala producer and the high-level consumer of Kafka 0.8, played by Player08.java.

// scala says that the clients are those of Kafka 0.8.
func (t *trace) scala() bool { return strings.HasPrefix(t.settings["app.producer-client"], "scala-") }

// queues says that the producer has a queue and tells nobody what becomes of a message (producer.type=async).
func (t *trace) queues() bool { return t.scala() && t.settings["producer.producer.type"] == "async" }

// acks is the effective acks of the producer, as its settings write it.
func (t *trace) acks() string {
	if acks, old := t.settings["producer.request.required.acks"]; old {
		return acks
	}
	return t.settings["producer.acks"]
}

// autoCommits says that the consumer commits by itself.
func (t *trace) autoCommits() bool {
	return t.settings["consumer.enable.auto.commit"] == "true" || t.settings["consumer.auto.commit.enable"] == "true"
}

// told says whether broker b has learnt of the newest leader epoch.
func (rp *replay) told(b int) (bool, error) {
	learnt, err := rp.partition.Told(b)
	rp.letLearn(b, learnt || err != nil)
	return learnt, err
}

// letLearn breaks a held fetch of broker b, which has not learnt yet: brokers of Kafka 0.8 come to the end of a LeaderAndIsr
// request only when the fetcher that they need no more has its answer (AbstractFetcherManager.shutdownIdleFetcherThreads).
func (rp *replay) letLearn(b int, learnt bool) {
	if learnt || rp.cluster.Home.HasAdminRequests() {
		return
	}
	if m := rp.cluster.Traffic.First(fetchOf(b)); m != nil {
		rp.cluster.Traffic.Let(m, proxy.Breaks)
	}
}

// scalaProducer are the settings of the producer that the trace decides. Its queue holds one message beside the one that is
// on its way.
func (rp *replay) scalaProducer() map[string]string {
	more := map[string]string{"request.timeout.ms": "600000", "retry.backoff.ms": "100", "compression.codec": "none"}
	if rp.has("RequestTimesOut", "RequestIsDelayed") {
		more["request.timeout.ms"] = "3000"
	}
	if rp.queues() {
		maps.Copy(more, map[string]string{"batch.num.messages": "1", "queue.buffering.max.messages": "1", "queue.buffering.max.ms": "50"})
	}
	return more
}

// scalaConsumer are the settings of the consumer that the trace decides. Its own commits come by a clock that nothing stops:
// soon, where the trace has one, else never.
func (rp *replay) scalaConsumer() map[string]string {
	interval := "3600000"
	if rp.has("ConsumerCommits") {
		interval = "500"
	}
	return map[string]string{
		"zookeeper.connect": rp.cluster.ZooKeeperAddr(), "group.id": rp.app.group, "consumer.timeout.ms": "100",
		"auto.commit.interval.ms": interval, "fetch.wait.max.ms": "50", "zookeeper.session.timeout.ms": "6000",
		"rebalance.backoff.ms": "500", "rebalance.max.retries": "10", "socket.timeout.ms": "600000", "refresh.leader.backoff.ms": "100",
	}
}

// asksInTheTrace says that the producer asks who leads when the trace has it so: between two attempts it always asks, and each
// attempt is one of few, which would be used up before a broker leads again (DefaultEventHandler.handle). Where the queue is to
// fill up, what it asks is held for that.
func (t *trace) asksInTheTrace() bool { return t.scala() && !t.has("BrokersAreSlow") }

// asksWhoLeads picks the requests for metadata of the producer.
var asksWhoLeads = requestsOf(producerID, kmsg.Metadata, false)

// holdMetadata holds what a Scala producer asks, until the trace has it send again.
func (rp *replay) holdMetadata() {
	if rp.asksInTheTrace() {
		rp.cluster.Traffic.Hold("metadata", asksWhoLeads)
	}
}

// holdProducer holds what the producer sends and is answered, until the trace has it.
func (rp *replay) holdProducer() {
	rp.cluster.Traffic.Hold("produce", requestsOf(producerID, kmsg.Produce, true))
	rp.holdMetadata()
}

// scalaReconnects has the Scala producer connect again to broker b, which has been down: else an attempt that the trace does not
// have would meet the broken connection (SyncProducer.doSend).
func (rp *replay) scalaReconnects(ctx context.Context, b int) error {
	a := &rp.app
	busy := rp.cluster.Traffic.First(func(m *proxy.Message) bool { return strings.HasPrefix(m.Client, producerID) }) != nil
	if !a.broken[b] || busy || !rp.cluster.Node(b).Running() {
		return nil
	}
	rp.cluster.Traffic.Open("produce")
	rp.cluster.Traffic.Open("metadata")
	defer rp.holdProducer()
	tries := 0
	return rp.awaitThat(ctx, fmt.Sprintf("the producer to reach b%d again", b), func() (bool, error) {
		tries++
		name := fmt.Sprintf("again-%d-%d-%d", a.producers, b, tries)
		if err := player.Await(ctx, "send()", a.producer.Send(a.producerName(), player.Place{Topic: rp.cluster.WarmTopic(b)}, name, 1)); err != nil {
			return false, err
		}
		delete(a.broken, b)
		o := rp.ofValue(name)
		return o.acked, o.err
	})
}

// answerMetadata answers what the Scala producer asks about the leader, if it asks. Where it is to go on with broker b, which it takes
// for the leader already, the connection breaks instead: the producer keeps what it knows (DefaultEventHandler.handle swallows the
// error).
func (rp *replay) answerMetadata(ctx context.Context, b int) error {
	if !rp.scala() {
		return nil
	}
	a := rp.cluster.Traffic.First(asksWhoLeads)
	if a == nil {
		return nil
	}
	if b > 0 && b == rp.app.target {
		rp.cluster.Traffic.Let(a, proxy.Breaks)
		return nil
	}
	d, _, err := rp.partition.Believed(ctx, cluster.ServiceNode)
	if err != nil {
		return err
	}
	if d.Leader > 0 {
		rp.app.target = d.Leader
	}
	rp.cluster.Traffic.Let(a, proxy.Passes)
	return nil
}

// scalaLearnsLeader has the Scala producer connect again and ask who leads before a send that the trace has a broker append that it does not take for
// the leader: by itself it asks only when an attempt has failed.
func (rp *replay) scalaLearnsLeader(ctx context.Context, m model.MessageID) error {
	i := rp.ahead(func(s *verdict.Step) bool { return s.Params.Message == m && s.Action != "ProducerSends" })
	if rp.queues() || i < 0 || rp.acks() == "0" {
		return nil
	}
	b := brokerOf(&rp.steps[i])
	if err := rp.scalaReconnects(ctx, b); err != nil {
		return err
	}
	if rp.steps[i].Action != "LeaderAppends" || b == rp.app.target {
		return nil
	}
	rp.cluster.Traffic.Open("metadata")
	defer rp.holdMetadata()
	if err := rp.app.producer.Partitions(ctx, rp.app.producerName(), rp.partition.Topic); err != nil {
		return err
	}
	rp.app.target = rp.leader()
	return nil
}

// fillQueue has the producer's queue fill up: what would tell it where to send is held, one message waits for that, and
// one stands in the queue.
func (rp *replay) fillQueue(ctx context.Context) error {
	a := &rp.app
	rp.cluster.Traffic.Hold("metadata", asksWhoLeads)
	for i := range 2 {
		to := player.Place{Topic: rp.cluster.WarmTopic(rp.leader())}
		if err := player.Await(ctx, "send()", a.producer.Send(a.producerName(), to, bufferFiller+strconv.Itoa(i), 1)); err != nil {
			return err
		}
		if i > 0 {
			break
		}
		asks := func() (bool, error) {
			return rp.cluster.Traffic.First(asksWhoLeads) != nil, nil
		}
		if err := rp.awaitThat(ctx, "the producer to ask where to send", asks); err != nil {
			return err
		}
	}
	return nil
}

// errNoPosition says that the high-level consumer has not looked yet where it starts.
var errNoPosition = errors.New("the consumer has no position")

// useUpRetries lets the requests with a message through that brokers refuse, and their answers, until there are no more.
func (rp *replay) useUpRetries(ctx context.Context, m model.MessageID) error {
	return rp.awaitThat(ctx, "the retries of "+m.String()+" to be used up", func() (bool, error) {
		if r := rp.cluster.Traffic.First(produces(m)); r != nil {
			if rp.leads(r.Link.Node) {
				return false, poll.Final{Err: unforceable{fmt.Sprintf("the client sends %s to b%d, which leads", m, r.Link.Node)}}
			}
			rp.cluster.Traffic.Let(r, proxy.Passes)
		}
		if a := rp.cluster.Traffic.First(answers(m)); a != nil {
			rp.cluster.Traffic.Let(a, proxy.Passes)
		}
		if err := rp.answerMetadata(ctx, 0); err != nil {
			return false, err
		}
		if rp.queues() {
			return rp.saysDropped()
		}
		return rp.of(m).told, nil
	})
}

// saysDropped says whether the producer's log tells that it has given a batch up.
func (rp *replay) saysDropped() (bool, error) {
	if rp.app.producer.Said("Error in handling batch of") {
		return true, nil
	}
	return false, fmt.Errorf("the log of the producer does not say so")
}
