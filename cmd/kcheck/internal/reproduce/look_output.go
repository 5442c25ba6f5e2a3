package reproduce

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/player"
	"github.com/kcheck/kcheck/model"
)

// What a downstream consumer of the output topic sees, with app.output: kafka.

// count is how often downstream has seen the output of a message.
func count(log []model.Entry, m model.MessageID) int {
	n := 0
	for _, e := range log {
		if e.Message == m {
			n++
		}
	}
	return n
}

// lookOutputLost lets everything happen that can, and says whether downstream sees the output of a message.
func (rp *replay) lookOutputLost(ctx context.Context, m model.MessageID) (seen, error) {
	if err := rp.finishProcess(ctx); err != nil {
		return seen{}, err
	}
	log, err := rp.downstream(ctx)
	if err != nil {
		return seen{}, err
	}
	committed, err := rp.committedInput(ctx)
	return seen{count(log, m) > 0, fmt.Sprintf("the group has committed input offset %d, and downstream sees %s",
		committed, orNothing(logText(log)))}, err
}

// lookOutputTwice says whether downstream sees the output of a message at most once.
func (rp *replay) lookOutputTwice(ctx context.Context, m model.MessageID) (seen, error) {
	rp.cluster.Traffic.Open("marker")
	log, err := rp.downstream(ctx)
	return seen{count(log, m) < 2, "downstream sees " + orNothing(logText(log))}, err
}

// lookOutputDisorder says whether downstream sees the first outputs of the messages in their order.
func (rp *replay) lookOutputDisorder(ctx context.Context, _ model.MessageID) (seen, error) {
	rp.cluster.Traffic.Open("marker")
	log, err := rp.downstream(ctx)
	var first []model.MessageID
	for _, e := range log {
		if !slices.Contains(first, e.Message) {
			first = append(first, e.Message)
		}
	}
	return seen{slices.IsSorted(first), "downstream sees " + orNothing(logText(log))}, err
}

// lookOutputStopped lets everything happen but repairs, waits, and says whether downstream sees the output of a message.
func (rp *replay) lookOutputStopped(ctx context.Context, m model.MessageID) (seen, error) {
	rp.cluster.OpenAll()
	rp.wait(ctx, quietTime)
	log, err := rp.downstream(ctx)
	return seen{count(log, m) > 0, fmt.Sprintf("%v later downstream sees %s", quietTime, orNothing(logText(log)))}, err
}

// lookTorn says whether downstream sees no more outputs than the group has committed inputs.
func (rp *replay) lookTorn(ctx context.Context, _ model.MessageID) (seen, error) {
	log, err := rp.downstream(ctx)
	if err != nil {
		return seen{}, err
	}
	committed, err := rp.committedInput(ctx)
	return seen{len(log) <= committed, fmt.Sprintf("downstream sees %s while the group has committed input offset %d",
		orNothing(logText(log)), committed)}, err
}

// lookAborted ends every transaction that is still open as the next process would, and says whether downstream sees an
// output in front of an abort marker.
func (rp *replay) lookAborted(ctx context.Context, _ model.MessageID) (seen, error) {
	before, err := rp.downstream(ctx)
	if err != nil {
		return seen{}, err
	}
	rp.cluster.Traffic.Open("marker")
	if rp.proc.producer == "" {
		if err := rp.openProducer(ctx); err != nil {
			return seen{}, err
		}
	}
	if err := rp.awaitReady(ctx); err != nil {
		return seen{}, err
	}
	var log []model.Entry
	err = rp.awaitThat(ctx, "the abort marker", func() (bool, error) {
		log, err = rp.log(1)
		return slices.ContainsFunc(log, func(e model.Entry) bool { return e.Marker == model.MarkerAbort }), err
	})
	return seen{len(before) == 0, fmt.Sprintf("downstream sees %s; the log is %s", orNothing(logText(before)), logText(log))}, err
}

// committedInput is the input offset that the group has committed.
func (rp *replay) committedInput(ctx context.Context) (int, error) {
	return rp.cluster.CommittedOffset(ctx, rp.app.group, rp.input().Topic, 0)
}

// downstream reads the output topic from its start as the downstream application does, until nothing more comes.
func (rp *replay) downstream(ctx context.Context) ([]model.Entry, error) {
	p, err := rp.players.Take(nil)
	if err != nil {
		return nil, err
	}
	defer rp.players.Give(p)
	level := rp.settings["downstream.isolation.level"]
	if level == "" {
		level = "read_uncommitted"
	}
	const name = "downstream"
	err = p.Assign(ctx, name, rp.place(), map[string]string{"bootstrap.servers": rp.cluster.Bootstrap(), "client.id": name,
		"isolation.level": level, "auto.offset.reset": "earliest", "enable.auto.commit": "false", "fetch.max.wait.ms": "50"})
	if err != nil {
		return nil, err
	}
	log := []model.Entry{}
	for quiet := 0; quiet < 8; quiet++ {
		records, _, err := p.Poll(ctx, name, 200*time.Millisecond)
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			log = append(log, model.Entry{Message: messageIn(r.Message), Offset: r.Offset})
			quiet = 0
		}
	}
	return log, nil
}

// finishProcess lets everything happen that can: brokers start again, transactions end, and the process goes on from its
// position, or its group's, to the end of the input.
func (rp *replay) finishProcess(ctx context.Context) error {
	if err := rp.restorePower(); err != nil {
		return err
	}
	if err := rp.cluster.Settle(ctx); err != nil {
		return err
	}
	if err := rp.awaitClients(ctx); err != nil {
		return err
	}
	for range 5 {
		if _, err := rp.pollInput(ctx, rp.proc, 200*time.Millisecond); err != nil {
			return err
		}
	}
	for _, r := range rp.proc.buffer {
		if r.Offset < rp.proc.position {
			continue
		}
		if err := rp.transform(ctx, messageIn(r.Message)); err != nil {
			return err
		}
	}
	return nil
}

// transform sends the output of one message and commits, with nothing held.
func (rp *replay) transform(ctx context.Context, m model.MessageID) error {
	p := rp.proc
	rp.note("after the trace the process also processes %s", m)
	send := func() error { return player.Await(ctx, "send()", p.player.Send(p.producer, rp.place(), valueOf(m), 1)) }
	if !rp.transactional() {
		return send()
	}
	if err := p.player.BeginTransaction(ctx, p.producer); err != nil {
		return err
	}
	if err := send(); err != nil {
		return err
	}
	return player.Await(ctx, "commitTransaction()", p.player.EndTransaction(p.producer, player.CommitTransaction))
}
