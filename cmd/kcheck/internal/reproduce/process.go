package reproduce

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/player"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/poll"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// process is a consume-transform-produce application: one operating-system process with a consumer and a producer.
type process struct {
	player             *player.Player
	producer, consumer string
	buffer             []player.Record      // polled ahead of the trace
	hand               []model.MessageID    // messages polled, their outputs not sent
	polled             []model.MessageID    // messages polled since the last transaction
	position           int                  // input offset of the next message to poll
	pending            <-chan player.Answer // a call that has not returned
	ready              bool                 // its producer is initialised
	joined             bool                 // the open transaction has a partition or offsets in it
}

// input is where the messages of a consume-transform-produce application come from: reliable, on the service node.
func (rp *replay) input() player.Place { return player.Place{Topic: rp.partition.Topic + "-input"} }

// prepareOutput makes input and process ready, and holds what the trace will let through.
func (rp *replay) prepareOutput(ctx context.Context, r *verdict.Result) error {
	if err := rp.cluster.CreateTopic(ctx, rp.input().Topic, []int{cluster.ServiceNode}, nil); err != nil {
		return fmt.Errorf("the input: %w", err)
	}
	err := poll.Until(ctx, stepLimit, "the group's first offset", func() (bool, error) {
		err := rp.cluster.CommitOffset(ctx, rp.app.group, rp.input().Topic, 0, 0)
		return err == nil, err
	})
	if err != nil {
		return err
	}
	if err := rp.fillInput(ctx, r.Scope.Messages); err != nil {
		return err
	}
	if err := rp.newProcess(); err != nil {
		return err
	}
	if err := rp.awaitClients(ctx); err != nil {
		return err
	}
	rp.cluster.Traffic.Hold("produce", requestsOf(producerID, kmsg.Produce, true))
	rp.cluster.Traffic.Hold("consumer-commit", requestsOf(consumerID, kmsg.OffsetCommit, false))
	rp.cluster.Traffic.Hold("marker", markersTo(0))
	return nil
}

// fillInput writes the messages to the input.
func (rp *replay) fillInput(ctx context.Context, n int) error {
	var inputs outcomes
	p, err := rp.players.Take(inputs.event)
	if err != nil {
		return err
	}
	defer rp.players.Give(p)
	const filler = "filler"
	settings := map[string]string{"bootstrap.servers": rp.cluster.Bootstrap(), "client.id": filler, "acks": "all"}
	if err := p.Producer(ctx, filler, settings); err != nil {
		return err
	}
	for i := 1; i <= n; i++ {
		m := model.MessageID(i)
		p.Send(filler, rp.input(), valueOf(m), 1)
		err := poll.Until(ctx, stepLimit, "the input", func() (bool, error) {
			o := inputs.of(m)
			return o.acked, o.err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// newProcess takes a process of the operating system for the application, with nothing in it yet.
func (rp *replay) newProcess() error {
	p, err := rp.players.Take(rp.event)
	if err != nil {
		return err
	}
	rp.proc = &process{player: p}
	return nil
}

// openProducer makes a new producer in the process; with transactions it begins to initialise it.
func (rp *replay) openProducer(ctx context.Context) error {
	a, p := &rp.app, rp.proc
	a.producers++
	p.producer, p.ready = a.producerName(), false
	more := rp.producerTimes()
	if rp.transactional() {
		more["transactional.id"] = rp.partition.Topic + "-" + rp.settings["producer.transactional.id"]
		if rp.settings["app.transactional-id"] == "random" {
			more["transactional.id"] += "-" + strconv.Itoa(a.producers)
		}
		more["transaction.timeout.ms"] = "600000"
		if rp.has("TransactionTimesOut", "OrphanTimesOut") {
			more["transaction.timeout.ms"] = "4000"
		}
	}
	if err := p.player.Producer(ctx, p.producer, rp.clientSettings("producer", p.producer, more)); err != nil {
		return err
	}
	if rp.transactional() {
		p.pending = p.player.InitTransactions(p.producer)
	}
	return nil
}

// awaitReady waits until the producer is initialised.
func (rp *replay) awaitReady(ctx context.Context) error {
	if rp.proc.ready {
		return nil
	}
	if rp.transactional() {
		if err := rp.proc.returned(ctx, "initTransactions()"); err != nil {
			return failed("initTransactions()", err)
		}
	}
	rp.proc.ready = true
	return nil
}

// awaitClients gives a process the clients that it does not have, and waits until its producer is initialised and it has the
// input.
func (rp *replay) awaitClients(ctx context.Context) error {
	if rp.proc.producer == "" {
		if err := rp.openProducer(ctx); err != nil {
			return err
		}
	}
	if err := rp.awaitReady(ctx); err != nil {
		return err
	}
	if rp.proc.consumer == "" {
		return rp.openConsumer(ctx)
	}
	return nil
}

// returned waits for the call that has not returned yet.
func (p *process) returned(ctx context.Context, what string) error {
	if p.pending == nil {
		return nil
	}
	call := p.pending
	p.pending = nil
	return player.Await(ctx, what, call)
}

// openConsumer makes the process a member of the group and waits until it has the input.
func (rp *replay) openConsumer(ctx context.Context) error {
	a, p := &rp.app, rp.proc
	a.consumers++
	p.consumer, p.buffer = a.consumerName(), nil
	more := rp.consumerTimes()
	more["max.poll.records"], more["isolation.level"], more["auto.commit.interval.ms"] = "1", "read_committed", "600000"
	err := p.player.Subscribe(ctx, p.consumer, rp.input().Topic, rp.clientSettings("consumer", p.consumer, more))
	if err != nil {
		return err
	}
	return rp.awaitThat(ctx, "the process to be given the input", func() (bool, error) {
		return rp.pollInput(ctx, p, 20*time.Millisecond)
	})
}

// pollInput polls the input once and keeps the records in the buffer. It returns whether the process has the input.
func (rp *replay) pollInput(ctx context.Context, p *process, wait time.Duration) (assigned bool, err error) {
	records, assigned, err := p.player.Poll(ctx, p.consumer, wait)
	p.buffer = append(p.buffer, records...)
	return assigned, err
}

// seekInput sets the input offset of the next message to poll.
func (rp *replay) seekInput(ctx context.Context, p *process, to int) error {
	p.buffer, p.position = nil, to
	return p.player.Seek(ctx, p.consumer, rp.input(), to)
}
