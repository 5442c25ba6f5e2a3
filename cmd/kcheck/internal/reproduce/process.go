package reproduce

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// process is a consume-transform-produce application: one operating-system process with a consumer and a producer.
type process struct {
	player             *player
	producer, consumer string
	buffer             []record      // polled ahead of the trace
	hand               []string      // polled, their outputs not sent
	polled             []string      // polled since the last transaction
	position           int           // input offset of the next message to poll
	pending            <-chan answer // a call that has not returned
	ready              bool          // its producer is initialised
	joined             bool          // the open transaction has a partition or offsets in it
}

// inputTopic is where the messages of a consume-transform-produce application come from: reliable, on the service node.
func (x *run) inputTopic() string { return x.topic + "-input" }

// producesOutput says that the application is a consume-transform-produce one.
func (x *run) producesOutput() bool { return x.settings["app.output"] == "kafka" }

// transactional says that it uses transactions.
func (x *run) transactional() bool { return x.settings["producer.transactional.id"] != "" }

// prepareOutput makes input and process ready, and holds what the trace will let through.
func (x *run) prepareOutput(ctx context.Context, r *verdict.Result) error {
	if err := x.c.createTopic(ctx, x.inputTopic(), []int{serviceNode}, nil); err != nil {
		return fmt.Errorf("the input: %w", err)
	}
	err := poll(ctx, stepLimit, "the group's first offset", func() (bool, error) {
		err := x.c.commitOffset(ctx, x.app.group, x.inputTopic(), 0, 0)
		return err == nil, err
	})
	if err != nil {
		return err
	}
	if err := x.fillInput(ctx, r.Scope.Messages); err != nil {
		return err
	}
	if err := x.newProcess(ctx); err != nil {
		return err
	}
	if err := x.startProcess(ctx); err != nil {
		return err
	}
	x.c.traffic.hold("produce", of(producerID, apiProduce, true))
	x.c.traffic.hold("consumer-commit", of(consumerID, apiOffsetCommit, false))
	x.c.traffic.hold("marker", markersTo(0))
	return nil
}

// fillInput writes the messages to the input.
func (x *run) fillInput(ctx context.Context, n int) error {
	p, err := x.c.players.take()
	if err != nil {
		return err
	}
	defer x.c.players.give(p)
	p.mu.Lock()
	p.listens = func(e event) { x.event(event{e.what, e.client, "input-" + e.message, e.detail}) }
	p.mu.Unlock()
	if _, err := p.ask(ctx, callLimit, "producer", "filler", "bootstrap.servers="+x.bootstrap(), "client.id=filler", "acks=all"); err != nil {
		return err
	}
	for i := 1; i <= n; i++ {
		m := valueOf("m" + strconv.Itoa(i))
		if _, err := p.ask(ctx, callLimit, "send", "filler", x.inputTopic(), "0", m, "1"); err != nil {
			return err
		}
		err := poll(ctx, stepLimit, "the input", func() (bool, error) {
			acked, _, _ := x.outcome("input-" + m)
			return acked != "", nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// newProcess takes a process of the operating system for the application, with nothing in it yet.
func (x *run) newProcess(ctx context.Context) error {
	p, err := x.c.players.take()
	if err != nil {
		return err
	}
	p.mu.Lock()
	p.listens = x.event
	p.mu.Unlock()
	x.proc = &process{player: p}
	return nil
}

// startProcess gives a process its clients, and waits until its producer is initialised and it has the input.
func (x *run) startProcess(ctx context.Context) error {
	if err := x.openProducer(ctx); err != nil {
		return err
	}
	if err := x.awaitReady(ctx); err != nil {
		return err
	}
	return x.openConsumer(ctx)
}

// openProducer makes a new producer in the process; with transactions it begins to initialise it.
func (x *run) openProducer(ctx context.Context) error {
	a, p := x.app, x.proc
	a.producers++
	p.producer, p.ready = a.producerName(), false
	more := x.producerTimes()
	more["bootstrap.servers"], more["client.id"] = x.bootstrap(), p.producer
	if x.transactional() {
		more["transactional.id"] = x.topic + "-" + x.settings["producer.transactional.id"]
		if x.settings["app.transactional-id"] == "random" {
			more["transactional.id"] += "-" + strconv.Itoa(a.producers)
		}
		more["transaction.timeout.ms"] = "600000"
		if x.has("TransactionTimesOut", "OrphanTimesOut") {
			more["transaction.timeout.ms"] = "4000"
		}
	}
	skip := append([]string{"transactional.id", "transaction.timeout.ms"}, notForPlayer...)
	if _, err := p.player.ask(ctx, callLimit, "producer", p.producer, x.clientSettings("producer", skip, more)...); err != nil {
		return err
	}
	if x.transactional() {
		p.pending = p.player.tell("init", p.producer)
	}
	return nil
}

// awaitReady waits until the producer is initialised.
func (x *run) awaitReady(ctx context.Context) error {
	if x.proc.ready {
		return nil
	}
	if x.transactional() {
		if _, err := x.returned(ctx, x.proc, "initTransactions()"); err != nil {
			return diverged{"initTransactions() ends with " + err.Error()}
		}
	}
	x.proc.ready = true
	return nil
}

// returned waits for the call that has not returned yet.
func (x *run) returned(ctx context.Context, p *process, what string) (string, error) {
	if p.pending == nil {
		return "", nil
	}
	select {
	case a := <-p.pending:
		p.pending = nil
		return a.text, a.err
	case <-time.After(callLimit):
		return "", fmt.Errorf("%s has not returned within %v", what, callLimit)
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// openConsumer makes the process a member of the group and waits until it has the input.
func (x *run) openConsumer(ctx context.Context) error {
	a, p := x.app, x.proc
	a.consumers++
	p.consumer, p.buffer = a.consumerName(), nil
	more := map[string]string{
		"bootstrap.servers": x.bootstrap(), "client.id": p.consumer, "group.id": a.group, "max.poll.records": "1",
		"fetch.max.wait.ms": "50", "session.timeout.ms": "60000", "heartbeat.interval.ms": "500",
		"max.poll.interval.ms": "600000", "auto.commit.interval.ms": "600000", "retry.backoff.ms": "50",
		"reconnect.backoff.ms": "20", "reconnect.backoff.max.ms": "100", "isolation.level": "read_committed",
	}
	args := append([]string{x.inputTopic(), "0", "subscribe"}, x.clientSettings("consumer", notForPlayer, more)...)
	if _, err := p.player.ask(ctx, callLimit, "consumer", p.consumer, args...); err != nil {
		return err
	}
	return x.awaitThat(ctx, "the process to be given the input", func() (bool, error) {
		records, assigned, err := x.pollInput(ctx, p, 20*time.Millisecond)
		p.buffer = append(p.buffer, records...)
		return assigned, err
	})
}

// pollInput polls the input once.
func (x *run) pollInput(ctx context.Context, p *process, wait time.Duration) (records []record, assigned bool, err error) {
	text, err := p.player.ask(ctx, callLimit, "poll", p.consumer, strconv.Itoa(int(wait/time.Millisecond)))
	if err != nil {
		return nil, false, err
	}
	words := strings.Fields(text)
	for _, w := range words[min(1, len(words)):] {
		parts := strings.Split(w, "@")
		offset, err := strconv.Atoi(parts[1])
		if err != nil {
			return nil, false, err
		}
		records = append(records, record{strings.TrimPrefix(parts[0], "message-"), offset})
	}
	return records, len(words) > 0 && words[0] != "0", nil
}

// seekInput sets the input offset of the next message to poll.
func (x *run) seekInput(ctx context.Context, p *process, to int) error {
	p.buffer, p.position = nil, to
	_, err := p.player.ask(ctx, callLimit, "seek", p.consumer, x.inputTopic(), "0", strconv.Itoa(to))
	return err
}
